"""The clocks of a contest: published before it opens, taken part in before it closes, its result told soon after."""

import datetime
from typing import Any

from django.utils import timezone

from longsha_credit.deadlines import services as deadlines
from longsha_credit.deadlines import sets
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.models import Level
from longsha_credit.programme.models import Contest, ContestState, ContestUnit

OPEN, RESULT, TAKE_PART = "contest_open", "contest_result", "contest_take_part"
WAITING = (ContestState.DRAFT, ContestState.IN_REVIEW)
GONE = (ContestState.DISCARDED, ContestState.WITHDRAWN)

CALLED = """
SELECT u.id AS object_id, u.organisation_id, %(title)s::text AS title, 'desk/tests/' AS path, 'part' AS plan
FROM programme_contestunit u WHERE u.contest_id = %(contest)s
"""
OF_ONE = "SELECT id FROM programme_contestunit WHERE contest_id = %(contest)s"
OF_ALL_OVER = """
SELECT u.id FROM programme_contestunit u JOIN programme_contest c ON c.id = u.contest_id
WHERE c.closes_at <= %(until)s
"""


def rule_of(contest: Contest, rule: str) -> str:
    """The unit's clerk and lead answer for its contests, the office for those of the district."""
    return f"{rule}_district" if contest.organisation.level == Level.DISTRICT else rule


def follow(contest: Contest, *, today: datetime.date) -> None:
    """Start, move, meet and end its clocks, as the contest stands now."""
    if contest.state in WAITING:
        _run(contest, OPEN, today, due_on=_day(contest.opens_at))
    elif contest.state == ContestState.PUBLISHED:
        deadlines.meet(contest, rule_of(contest, OPEN), on=today)
        _run(contest, RESULT, today, starts_on=_day(contest.closes_at))
        _call_units(contest, today)
    elif contest.state == ContestState.FINISHED:
        deadlines.meet(contest, rule_of(contest, RESULT), on=today)
    elif contest.state in GONE:
        deadlines.cancel(contest, why=f"竞赛{contest.get_state_display()}")
        sets.cancel_set(ContestUnit, OF_ONE, {"contest": contest.pk}, why="竞赛已撤下")


def end_those_over(*, now: datetime.datetime) -> int:
    """Nobody takes part any more in what is over: the units' clocks end with it; gives how many."""
    return sets.cancel_set(ContestUnit, OF_ALL_OVER, {"until": now}, why="竞赛已经结束")


def _day(moment: datetime.datetime) -> datetime.date:
    return timezone.localdate(moment)


def _run(contest: Contest, rule: str, today: datetime.date, **days: Any) -> None:
    """The clock under this rule with these days (`starts_on` or `due_on`), begun or moved there."""
    key = rule_of(contest, rule)
    running = deadlines.open_of(contest).filter(rule_key=key).first()
    if running is None:
        start: dict[str, Any] = {"starts_on": today} | days
        deadlines.start(
            contest,
            key,
            organisation=contest.organisation,
            title=contest.title,
            path=f"desk/contests/{contest.pk}/",
            today=today,
            **start,
        )
    elif running.title != contest.title or any(getattr(running, n) != day for n, day in _told(days).items()):
        deadlines.move(contest, key, why="改了时间或名称", today=today, title=contest.title, **days)


def _told(days: dict[str, datetime.date]) -> dict[str, datetime.date]:
    """As a clock keeps them: a promised day is `given_on`."""
    return {"given_on" if name == "due_on" else name: day for name, day in days.items()}


def _call_units(contest: Contest, today: datetime.date) -> None:
    """Every unit that takes part is reminded before the end; a new end begins new clocks."""
    last, units = _day(contest.closes_at), contest.units.order_by().values("pk")
    running = Deadline.objects.open().filter(
        object_kind=ContestUnit._meta.label_lower, object_id__in=units, rule_key=TAKE_PART
    )
    if running.exclude(given_on=last, title=contest.title).exists():
        sets.cancel_set(ContestUnit, OF_ONE, {"contest": contest.pk}, why="竞赛改了时间或名称")
    plan = sets.plan("part", TAKE_PART, starts_on=today, due_on=last, today=today)
    sets.begin_set(ContestUnit, CALLED, {"contest": contest.pk, "title": contest.title}, [plan])
