"""Self-inspection: what inspectors of government sites would count, held against their limits before they do."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max
from django.utils import timezone

from commitments.models import Case, CaseState
from commitments.models.cases import HANDLERS
from disclosure.coverage import board
from disclosure.coverage.reference import LIMITS, Limit
from disclosure.models import Duty
from longsha_credit.deadlines.services import current_rule
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.directory.roles import Role
from longsha_credit.publication.models import Publication

UNANSWERED = [CaseState.FILED, CaseState.ACCEPTED, CaseState.PROPOSED]
READS_CASES = HANDLERS | {Role.SUPERVISOR}
VERDICTS = {"kept": "达标", "near": "接近限度", "broken": "不达标", "na": "不适用"}
BY = {limit.key: limit for limit in LIMITS}


@dataclass(frozen=True)
class Column:
    """A column of the site behind a number: one cell of a unit, or one topic of the whole district."""

    unit: str
    name: str
    newest_on: datetime.date | None = None
    due_on: datetime.date | None = None
    duty: int | None = None
    topic: int | None = None


@dataclass(frozen=True)
class Finding:
    """One check: how many there are now, how many may be, and the rows behind it."""

    limit: Limit
    state: str
    words: str
    allowed: str
    rows: list[Column] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        return VERDICTS[self.state]


def inspect(unit: Organisation, user: Any, today: datetime.date) -> list[Finding]:
    """Every check of one unit, a district's of the whole site; what `user` may not see is not applicable to them."""
    late, site, blank = _columns(unit, user, today)
    return [
        _front(unit, today),
        _counted(BY["columns"], site),
        _counted(BY["long"], late),
        _counted(BY["blank"], blank),
        _messages(unit, user, today),
        _counted(BY["channel"], _without_phone(unit, user)),
    ]


def units_below(unit: Organisation, user: Any, today: datetime.date) -> list[tuple[board.Counts, list]]:
    """The units under this one, each with (name of the check, state, number) of what is counted by column."""
    duties = Duty.objects.visible_to(user).below(unit).exclude(organisation=unit)
    return [
        (
            counts,
            [
                (limit.name, _state(limit, number), number)
                for limit, number in (
                    (BY["columns"], counts.late_site),
                    (BY["long"], counts.late),
                    (BY["blank"], counts.empty),
                )
            ],
        )
        for counts in board.by_unit(duties, today)
    ]


def _columns(unit: Organisation, user: Any, today: datetime.date) -> tuple[list, list, list]:
    """The columns past their day, of these the ones inspectors name, and the blank ones."""
    duties = Duty.objects.visible_to(user)
    if unit.level == Level.DISTRICT:
        return _of_the_site(board.by_topic(duties.below(unit), today))
    own = board.cells(duties.filter(organisation=unit), today)
    late = [it for it in own if it.late]
    site = [it for it in late if it.frequency in BY["columns"].topics_of]
    blank = [it for it in own if it.state == "empty"]
    return _of_cells(late), _of_cells(site), _of_cells(blank)


def _of_cells(cells: list[board.Cell]) -> list[Column]:
    return [Column(it.unit, it.topic, it.newest_on, it.due_on, duty=it.id) for it in cells]


def _of_the_site(topics: list[board.Counts]) -> tuple[list, list, list]:
    """A column of the whole site is a topic: late where every unit is late with it, blank where no unit has any."""

    def those(condition: Any) -> list[Column]:
        return [Column("全区", it.name, it.newest_on, topic=it.id) for it in topics if condition(it)]

    named = BY["columns"].topics_of
    return (
        those(lambda it: it.late == it.total),
        those(lambda it: it.late == it.total and it.frequency in named),
        those(lambda it: it.empty == it.total),
    )


def _state(limit: Limit, number: int) -> str:
    if number >= limit.fails_from:
        return "broken"
    return "near" if number >= limit.near_from else "kept"


def _counted(limit: Limit, rows: list[Column]) -> Finding:
    allowed = f"不超过{limit.fails_from - 1}{limit.noun}" if limit.fails_from > 1 else "一个也不能有"
    return Finding(limit, _state(limit, len(rows)), f"{len(rows)}{limit.noun}", allowed, rows)


def _front(unit: Organisation, today: datetime.date) -> Finding:
    """Days since anything of the unit or below it was made public."""
    limit = BY["front"]
    rule = current_rule(limit.rule, on=today)
    newest = Publication.objects.public().below(unit).aggregate(at=Max("published_at"))["at"]
    allowed = f"不超过{rule.amount}天"
    if newest is None:
        return Finding(limit, "broken", "还没有公开过", allowed)
    days = (today - timezone.localdate(newest)).days
    near = rule.amount - max(rule.remind_before, default=0)
    state = "broken" if days > rule.amount else "near" if days >= near else "kept"
    return Finding(
        limit, state, f"{days}天", allowed, [Column(unit.name, "最近一次公开", timezone.localdate(newest))]
    )


def _messages(unit: Organisation, user: Any, today: datetime.date) -> Finding:
    """How many of the cases that wait with this unit have waited too long: the number only, and only of those in reach."""
    limit = BY["messages"]
    rule = current_rule(limit.rule, on=today)
    allowed = f"不超过{rule.amount_in_words}"
    if user.role_at(READS_CASES, unit.path) is None:
        return Finding(limit, "na", "由办理来件的人查看", allowed)
    if unit.level not in (Level.DISTRICT, Level.STREET):
        return Finding(limit, "na", "来件由上级承办", allowed)
    waiting = Case.objects.visible_to(user).filter(
        organisation__path__startswith=unit.path, state__in=UNANSWERED
    )
    filed = list(waiting.values_list("filed_on", flat=True))
    late = sum((today - day).days > rule.amount for day in filed)
    soon = rule.amount - max(rule.remind_before, default=0)
    near = sum(soon <= (today - day).days <= rule.amount for day in filed)
    state = "broken" if late else "near" if near else "kept"
    words = f"{late}件超过{rule.amount_in_words}" + (f"，另有{near}件快到" if near else "")
    return Finding(limit, state, words, allowed)


def _without_phone(unit: Organisation, user: Any) -> list[Column]:
    """The unit itself, for a district every unit, where nobody says how to reach it."""
    units = Organisation.objects.visible_to(user).taking_part().units().filter(supervision_phone="")
    found = units.below(unit) if unit.level == Level.DISTRICT else units.filter(pk=unit.pk)
    return [Column(one.name, "监督电话") for one in found.in_tree_order()]
