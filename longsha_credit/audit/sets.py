"""Entries of what was done to very many rows at once, written in SQL beside the set that did it."""

from typing import Any

from django.db import connection, models
from django.utils import timezone

from longsha_credit.audit.context import from_address

RECORD = """
INSERT INTO audit_entry (at, actor_id, actor_name, acting_as, organisation_path, organisation_name, object_kind,
  object_id, object_label, step, step_label, from_state, to_state, reason, content_hash, from_address)
SELECT %(at)s, %(actor)s, %(actor_name)s, %(acting_as)s, s.organisation_path, s.organisation_name, %(kind)s,
  s.object_id::text, left(s.object_label, 200), %(step)s, %(label)s, %(from_state)s, %(to_state)s, {reason}, '',
  %(address)s
FROM ({source}) s
"""


def record_set(
    model: type[models.Model],
    source: str,
    values: dict[str, Any],
    *,
    step: str,
    label: str,
    by: Any,
    acting_as: str = "",
    from_state: str = "",
    to_state: str = "",
    reason: str | None = "",
) -> int:
    """One entry for each row of `source`, as `workflow.record` would write it; gives how many.

    `source` is a SELECT of object_id, object_label, organisation_path and organisation_name with `values`; with no
    `reason` (None) it also gives one for each row.
    """
    given = {
        "at": timezone.now(),
        "actor": by.pk if by else None,
        "actor_name": str(by) if by else "系统",
        "acting_as": acting_as,
        "kind": model._meta.label_lower,
        "step": step,
        "label": label,
        "from_state": from_state,
        "to_state": to_state,
        "reason": (reason or "")[:1000],
        "address": from_address.get(),
    }
    with connection.cursor() as cursor:
        why = "left(s.reason, 1000)" if reason is None else "%(reason)s"
        cursor.execute(RECORD.format(source=source, reason=why), values | given)
        return cursor.rowcount
