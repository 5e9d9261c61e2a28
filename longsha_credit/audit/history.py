"""What a row looked like before and after each change, read from its history table."""

from dataclasses import dataclass
from typing import Any

from django.db import models

from longsha_credit.audit.models import Entry


@dataclass(frozen=True)
class Change:
    """One field of one saved change, in words."""

    at: Any
    field: str
    before: str
    after: str


def changes(
    obj: models.Model, skip: frozenset[str] = frozenset({"state", "created_at", "saved_at"}), limit: int = 50
) -> list[Change]:
    """Field by field what was changed in `obj`, newest first; the first row (creation) is no change."""
    events = list(obj.events.order_by("-pgh_id")[: limit + 1])
    fields = [f for f in obj._meta.concrete_fields if f.name not in skip and not f.primary_key]
    found = []
    for newer, older in zip(events, events[1:], strict=False):
        for f in fields:
            before, after = getattr(older, f.attname, None), getattr(newer, f.attname, None)
            if before != after:
                found.append(
                    Change(newer.pgh_created_at, str(f.verbose_name), _words(f, before), _words(f, after))
                )
    return found


def _words(f: models.Field, value: Any) -> str:
    if value in (None, ""):
        return "（空）"
    if f.choices:
        return str(dict(f.flatchoices).get(value, value))
    if f.is_relation:
        related = f.related_model._base_manager.filter(pk=value).first()
        return str(related) if related else str(value)
    return str(value)


def timeline(parts: list[models.Model], limit: int = 100) -> list[Entry]:
    """What happened to these rows, newest first, without what one step only caused in another."""
    about = models.Q(pk__in=[])
    for part in parts:
        about |= models.Q(object_kind=part._meta.label_lower, object_id=str(part.pk))
    return list(Entry.objects.filter(about).exclude(step__startswith="gate_").order_by("-at", "-id")[:limit])
