"""What evaluation may ask of the ledger: closed in time, relapsed, swept in time, each with the rows behind it."""

from typing import Any

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from commitments.models import Rectification, RectificationState, Relapse, Sweep
from commitments.models.rectification_words import CLOSED
from commitments.models.sweeps import SWEEP_RULE
from longsha_credit.deadlines.joining import with_newest
from longsha_credit.directory.counting import Days, Tally

S = RectificationState
IN_TIME = Q(close_asked_on__lte=F("due_on"))
# The unit has done its part on the day it asks; how long the district takes to accept is not its lateness.
CLOSING_PARTS = ("in_time", "late", "pending", "open")
RELAPSE_PARTS = ("stayed", "relapsed")
SWEEP_PARTS = ("in_time", "late", "missing")


def _part(*pairs: tuple[Q, str], default: str) -> Case:
    whens = (When(condition, then=Value(part)) for condition, part in pairs)
    return Case(*whens, default=Value(default), output_field=CharField())


def _closings(days: Days) -> tuple[QuerySet, QuerySet]:
    """Items whose set day lies in the period, and the rounds of relapsed ones that ended before."""
    period = Q(due_on__gte=days.start, due_on__lte=days.end)
    over = Q(due_on__lte=days.over) | Q(state__in=CLOSED)
    current = Rectification.objects.order_by().filter(period, over, plan_approved_by__isnull=False)
    current = current.annotate(
        part=_part(
            (Q(state__in=CLOSED) & IN_TIME, "in_time"),
            (Q(state__in=CLOSED), "late"),
            (Q(state__in=[S.CLOSING, S.ACCEPTING]) & IN_TIME, "pending"),
            default="open",
        )
    )
    past = Relapse.objects.order_by().filter(period)
    return current, past.annotate(part=_part((IN_TIME, "in_time"), default="late"))


def _stays(days: Days) -> tuple[QuerySet, QuerySet]:
    """Closings of the period: those that still stand, and those that relapsed since."""
    period = Q(closed_on__gte=days.start, closed_on__lte=days.end)
    stand = Rectification.objects.order_by().filter(period, state__in=CLOSED)
    gone = Relapse.objects.order_by().filter(period)
    text = CharField()
    return (
        stand.annotate(part=Value("stayed", output_field=text)),
        gone.annotate(part=Value("relapsed", output_field=text)),
    )


def _sweeps(days: Days) -> QuerySet:
    """Sweeps whose day lies in the period and is over, or which are reported."""
    rows = with_newest(Sweep.objects.order_by(), "clock", SWEEP_RULE)
    rows = rows.annotate(due_on=F("clock__due_on"))
    rows = rows.filter(
        Q(due_on__lte=days.over) | Q(state="reported"), due_on__gte=days.start, due_on__lte=days.end
    )
    return rows.annotate(
        part=_part(
            (Q(submitted_on__lte=F("due_on")), "in_time"),
            (Q(state="reported"), "late"),
            default="missing",
        )
    )


def _of_all(parts: tuple[str, ...], *querysets: QuerySet) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for rows in querysets:
        for organisation, part, number in rows.values_list("organisation", "part").annotate(n=Count("pk")):
            found.setdefault(organisation, dict.fromkeys(parts, 0))[part] += number
    return found


def _below(parts: tuple[str, ...], organisation: Any, *querysets: QuerySet) -> dict[str, int]:
    found = dict.fromkeys(parts, 0)
    for rows in querysets:
        under = rows.filter(organisation__path__startswith=organisation.path)
        for part, number in under.values_list("part").annotate(n=Count("pk")):
            found[part] += number
    return found


def _tallies(parts: tuple[str, ...], day: str, querysets: tuple[QuerySet, QuerySet]) -> list[Tally]:
    """The items as they stand, and the rounds of relapsed ones that ended before."""
    now, past = querysets
    named = {part: Q(part=part) for part in parts}
    shown = {"day": day, "link": "desk/rectification/"}
    return [
        Tally(now, named, said="title", code="number", **shown),
        Tally(past, named, said="rectification__title", code="rectification__number", day=day),
    ]


def closed(days: Days) -> list[Tally]:
    return _tallies(CLOSING_PARTS, "due_on", _closings(days))


def stayed(days: Days) -> list[Tally]:
    return _tallies(RELAPSE_PARTS, "closed_on", _stays(days))


def relapsed(days: Days) -> list[Tally]:
    """回潮: items reopened in these days, by the day on which that was found."""
    rows = Relapse.objects.order_by().filter(on__gte=days.start, on__lte=days.last)
    shown = {"said": "rectification__title", "code": "rectification__number", "day": "on"}
    return [Tally(rows, {"relapsed": None}, **shown)]


def swept(days: Days) -> list[Tally]:
    named = {part: Q(part=part) for part in SWEEP_PARTS}
    said = Concat(Value("第"), F("quarter"), Value("季度排查"), output_field=CharField())
    return [Tally(_sweeps(days), named, said=said, day="due_on")]


def closed_of_all(days: Days) -> dict[int, dict[str, int]]:
    """按期销号率: for every organisation how many are in each part; two queries."""
    return _of_all(CLOSING_PARTS, *_closings(days))


def closed_below(organisation: Any, days: Days) -> dict[str, int]:
    return _below(CLOSING_PARTS, organisation, *_closings(days))


def closings_behind(organisation: Any, days: Days, part: str = "") -> QuerySet:
    """The very items counted, earliest day first: rows of number, said, unit_name, due_on, closed_on, part."""
    return _rows(organisation, part, "due_on", *_closings(days))


def relapses_of_all(days: Days) -> dict[int, dict[str, int]]:
    """回潮: of what was closed in the period, how many stand and how many relapsed."""
    return _of_all(RELAPSE_PARTS, *_stays(days))


def relapses_below(organisation: Any, days: Days) -> dict[str, int]:
    return _below(RELAPSE_PARTS, organisation, *_stays(days))


def relapses_behind(organisation: Any, days: Days, part: str = "") -> QuerySet:
    return _rows(organisation, part, "closed_on", *_stays(days))


def _rows(organisation: Any, part: str, order: str, current: QuerySet, past: QuerySet) -> QuerySet:
    names = ("number", "said", "unit_name", "due_on", "closed_on", "part")
    found = []
    for rows, item in ((current, ""), (past, "rectification__")):
        rows = rows.filter(organisation__path__startswith=organisation.path)
        if part:
            rows = rows.filter(part=part)
        columns = {"said": F(f"{item}title"), "unit_name": F("organisation__name")}
        if item:
            columns["number"] = F(f"{item}number")
        found.append(rows.annotate(**columns).values(*names))
    return found[0].union(found[1], all=True).order_by(order, "number")


def swept_of_all(days: Days) -> dict[int, dict[str, int]]:
    """季度排查: reported in time, zero reports included; two queries of the same kind for everybody."""
    return _of_all(SWEEP_PARTS, _sweeps(days))


def swept_below(organisation: Any, days: Days) -> dict[str, int]:
    return _below(SWEEP_PARTS, organisation, _sweeps(days))


def sweeps_behind(organisation: Any, days: Days, part: str = "") -> QuerySet:
    """The sweeps counted: rows of year, quarter, unit_name, due_on, submitted_on, zero, part."""
    rows = _sweeps(days).filter(organisation__path__startswith=organisation.path)
    if part:
        rows = rows.filter(part=part)
    rows = rows.annotate(unit_name=F("organisation__name")).order_by("due_on", "id")
    return rows.values("year", "quarter", "unit_name", "due_on", "submitted_on", "zero", "part")
