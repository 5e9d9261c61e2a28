"""The steps that close a year: one person of the office asks, another freezes it or refuses."""

from typing import Any

from django.utils import timezone

from longsha_credit.audit.workflow import Step, Taken, Workflow
from longsha_credit.deadlines.sets import cancel_set
from longsha_credit.directory.roles import Role
from longsha_credit.programme.models import Task, YearState

KEEPS_YEARS = frozenset({Role.OFFICE})
DECIDES = frozenset({Role.OFFICE, Role.REVIEWER})


def _asks(taken: Taken) -> dict[str, Any]:
    return {"closing_by": taken.by, "closing_reason": taken.reason[:500]}


def _freezes(taken: Taken) -> dict[str, Any]:
    return {"frozen_by": taken.by, "frozen_at": timezone.now()}


def _reopens(taken: Taken) -> dict[str, Any]:
    return {"closing_by": None, "closing_reason": ""}


def _stops_its_clocks(taken: Taken) -> None:
    """Nobody can do anything about an open task of a frozen year: nobody is reminded of it either."""
    ids = "SELECT id FROM programme_task WHERE year_id = %(year)s"
    cancel_set(Task, ids, {"year": taken.obj.pk}, why=f"{taken.obj}已封存")


S = YearState

FLOW = Workflow(
    "年度",
    YearState,
    Step(
        "ask_freeze", "申请封存", frozenset({S.OPEN}), S.CLOSING, KEEPS_YEARS, reason=True, writes=_asks,
    ),
    Step(
        "freeze", "封存", frozenset({S.CLOSING}), S.FROZEN, DECIDES,
        not_by={"closing_by_id": "您是封存申请人，须由另一个人封存。"}, writes=_freezes, effects=(_stops_its_clocks,),
        todo="below", tone="main", asks=True,
    ),
    Step(
        "refuse_freeze", "不同意封存", frozenset({S.CLOSING}), S.OPEN, DECIDES, reason=True,
        not_by={"closing_by_id": "您是封存申请人，须由另一个人决定。"}, writes=_reopens,
    ),
)  # fmt: skip
