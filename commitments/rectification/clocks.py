"""The clocks of the ledger: check, plan, the day that was set, acceptance, follow-up, and the quarterly sweep."""

import datetime
from typing import Any

from commitments.models import Rectification, RectificationState, Sweep
from commitments.models.sweeps import SWEEP_RULE
from longsha_credit.deadlines import services as deadlines

CHECK, PLAN, DUE = "rectification_check", "rectification_plan", "rectification_due"
ACCEPT, FOLLOW_UP = "rectification_accept", "rectification_follow_up"
OF_THE_DISTRICT = frozenset({CHECK, ACCEPT, FOLLOW_UP})
LAST_DAYS = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}


def start(
    item: Rectification, rule: str, *, today: datetime.date, due_on: datetime.date | None = None
) -> None:
    """A clock of an item: the unit's own, or the district's where others must act."""
    unit = item.organisation
    deadlines.start(
        item,
        rule,
        organisation=unit.district() if rule in OF_THE_DISTRICT else unit,
        title=str(item),
        path=f"desk/rectification/{item.pk}/",
        starts_on=today,
        due_on=due_on,
        today=today,
    )


def met(item: Rectification, rule: str, *, today: datetime.date) -> None:
    deadlines.meet(item, rule, on=today)


def stopped(item: Rectification, *, why: str, rule: str | None = None) -> None:
    deadlines.cancel(item, why=why, rule_key=rule)


def begin_again(item: Rectification, *, today: datetime.date) -> None:
    """The clock that fits the state an item has come back to."""
    if item.state == RectificationState.RECTIFYING:
        start(item, DUE, today=today, due_on=item.due_on)
    elif item.state == RectificationState.FOUND:
        start(item, PLAN, today=today)


def put_off(item: Rectification, *, today: datetime.date, by: Any) -> None:
    deadlines.move(item, DUE, why="整改延期", today=today, due_on=item.due_on, by=by)


def quarter_before(today: datetime.date) -> tuple[int, int]:
    """(year, quarter) that ended last."""
    quarter = (today.month - 1) // 3
    return (today.year, quarter) if quarter else (today.year - 1, 4)


def last_day(year: int, quarter: int) -> datetime.date:
    return datetime.date(year, *LAST_DAYS[quarter])


def start_sweep(sweep: Sweep, *, today: datetime.date) -> None:
    deadlines.start(
        sweep,
        SWEEP_RULE,
        organisation=sweep.organisation,
        title=str(sweep),
        path=f"desk/rectification/sweeps/{sweep.pk}/",
        starts_on=last_day(sweep.year, sweep.quarter),
        today=today,
    )


def swept(sweep: Sweep, *, today: datetime.date) -> None:
    deadlines.meet(sweep, SWEEP_RULE, on=today)
