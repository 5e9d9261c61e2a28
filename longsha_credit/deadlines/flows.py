"""The steps of a request for more time: asked by who owes, decided once by another above."""

import datetime
from typing import Any

from django.utils import timezone

from longsha_credit.audit.workflow import Refused, Step, Taken, Workflow
from longsha_credit.deadlines import moving
from longsha_credit.deadlines.models import Deadline, Extension, ExtensionState
from longsha_credit.directory.roles import Role

DECIDERS = frozenset({Role.LEAD, Role.OFFICE})
NOT_ASKER = {"asked_by_id": "您是申请人，须由另一个人决定。"}


def can_be_longer(deadline: Deadline) -> list[str]:
    """What stands against more time for this clock."""
    problems = []
    if not deadline.is_open:
        problems.append("这个期限已经办结或终止，不用再延期。")
    if deadline.extended_by:
        problems.append("这个期限已经延过一次，不能再延。")
    if deadline.suspended:
        problems.append("期限暂停期间不办延期，请先恢复。")
    return problems


def _still_counts(extension: Extension, today: datetime.date) -> list[str]:
    return can_be_longer(extension.deadline)


def _signs(taken: Taken) -> dict[str, Any]:
    return {"decided_by": taken.by, "decided_at": timezone.now()}


def _lengthens(taken: Taken) -> None:
    deadline = Deadline.objects.select_for_update(of=("self",)).get(pk=taken.obj.deadline_id)
    if problems := can_be_longer(deadline):
        raise Refused("".join(problems), "guard")
    deadline.extended_by = deadline.extend_limit
    moving.recompute(deadline, why="延期", today=taken.today, by=taken.by)


ASKED = frozenset({ExtensionState.ASKED})

EXTENSION = Workflow(
    "延期",
    ExtensionState,
    Step(
        "approve", "批准延期", ASKED, ExtensionState.APPROVED, DECIDERS,
        not_by=NOT_ASKER, guard=_still_counts, writes=_signs, effects=(_lengthens,), todo="below", tone="main",
    ),
    Step(
        "refuse", "不同意延期", ASKED, ExtensionState.REFUSED, DECIDERS,
        reason=True, not_by=NOT_ASKER, writes=_signs, tone="stop",
    ),
)  # fmt: skip
