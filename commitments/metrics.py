"""What evaluation may ask of promises: what became of those that fell due, who made any, in which areas."""

import datetime
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Greatest, TruncDate

from commitments.models import Area, Obligation, ObligationState, Verdict
from commitments.models.terms import Form
from longsha_credit.deadlines.sets import DueOn
from longsha_credit.directory.counting import Days, Tally, moments
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.publication.models import LedgerEntry
from longsha_credit.publication.models.ledger import Action

# Where a promise that fell due stands; every one of them is in exactly one part. The verdict is people's,
# silence past the day is a fact, and what was reported in time only waits for the district.
PARTS: dict[str, Q] = {
    "full": Q(counted_verdict=Verdict.FULL),
    "partly": Q(counted_verdict=Verdict.PARTLY),
    "none": Q(counted_verdict=Verdict.NONE),
    "silent": Q(counted_verdict="", reported_in_time=None),
    "late": Q(counted_verdict="", reported_in_time=False),
    "pending": Q(counted_verdict="", reported_in_time=True),
}

# Of a promise without a verdict, by whether it was reported in time.
WITHOUT_VERDICT = {None: "silent", False: "late", True: "pending"}


# What is said of one that was taken down is gone with it.
SAID = Case(When(state=ObligationState.WITHDRAWN, then=Value("已撤下的承诺")), default=F("title"))
DESK = "desk/commitments/"
LONG_BEFORE = datetime.timedelta(days=400)  # nothing waits longer between the unit's decision and the public


def _due(days: Days) -> QuerySet:
    """Published promises of these days that are due, or reported before they were."""
    of_days = Obligation.objects.order_by().filter(
        form=Form.COMMITMENT, counts_on__gte=days.start, counts_on__lte=days.end
    )
    return of_days.filter(Q(counts_on__lte=days.over) | Q(reported_in_time__isnull=False))


def kept(days: Days) -> list[Tally]:
    return [Tally(_due(days), PARTS, said=SAID, code="code", day="counts_on", link=DESK)]


def reported(days: Days) -> list[Tally]:
    return [Tally(_due(days), REPORT_PARTS, said=SAID, code="code", day="counts_on", link=DESK)]


def kept_of_all(days: Days) -> dict[int, dict[str, int]]:
    """For every organisation with a promise due how many are in each part: one query.

    Grouped by the raw columns and folded here: six filtered counts cost more than the scan itself.
    """
    columns = ("organisation", "counted_verdict", "reported_in_time")
    found: dict[int, dict[str, int]] = {}
    for organisation, verdict, in_time, number in _due(days).values_list(*columns).annotate(n=Count("*")):
        counts = found.setdefault(organisation, dict.fromkeys(PARTS, 0))
        counts[verdict or WITHOUT_VERDICT[in_time]] += number
    return found


# The same promises by whether their result was reported in the rule's days.
REPORT_PARTS: dict[str, Q] = {
    "in_time": Q(reported_in_time=True),
    "late": Q(reported_in_time=False),
    "silent": Q(reported_in_time=None),
}
IN_TIME = {True: "in_time", False: "late", None: "silent"}


def reported_of_all(days: Days) -> dict[int, dict[str, int]]:
    """For every organisation with a promise due how many were reported in time: one query."""
    found: dict[int, dict[str, int]] = {}
    rows = _due(days).values_list("organisation", "reported_in_time").annotate(n=Count("*"))
    for organisation, in_time, number in rows:
        found.setdefault(organisation, dict.fromkeys(REPORT_PARTS, 0))[IN_TIME[in_time]] += number
    return found


def kept_below(organisation: Any, days: Days) -> dict[str, int]:
    """The same as of all, for one organisation and the units under it."""
    return _below(organisation, days, PARTS)


def reported_below(organisation: Any, days: Days) -> dict[str, int]:
    return _below(organisation, days, REPORT_PARTS)


def _below(organisation: Any, days: Days, parts: dict[str, Q]) -> dict[str, int]:
    counts = {part: Count("counts_on", filter=condition) for part, condition in parts.items()}
    return _due(days).filter(organisation__path__startswith=organisation.path).aggregate(**counts)


def promises_behind(organisation: Any, days: Days, part: str = "") -> QuerySet:
    """The very promises counted for an organisation and the units under it, earliest day first; see `_behind`."""
    return _behind(organisation, days, part, PARTS)


def reports_behind(organisation: Any, days: Days, part: str = "") -> QuerySet:
    return _behind(organisation, days, part, REPORT_PARTS)


def _behind(organisation: Any, days: Days, part: str, parts: dict[str, Q]) -> QuerySet:
    """Rows of code, counts_on, due_on, part, unit_name, said (the title, empty for one taken down) and is_withdrawn."""
    gone = Q(state=ObligationState.WITHDRAWN)
    rows = _due(days).filter(organisation__path__startswith=organisation.path)
    if part:
        rows = rows.filter(parts[part])
    return rows.order_by("counts_on", "id").values(
        "code",
        "counts_on",
        "due_on",
        part=Case(*(When(condition, then=Value(part)) for part, condition in parts.items())),
        unit_name=F("organisation__name"),
        said=Case(When(gone, then=Value("")), default=F("title")),
        is_withdrawn=Case(When(gone, then=Value(True)), default=Value(False)),
    )


# Who has a public commitment in a year, and in which of the four areas.


def units_taking_part() -> QuerySet:
    """Streets, communities and windows of the programme; the district runs it, and a post is one person."""
    return Organisation.objects.public().exclude(level=Level.DISTRICT)


def _standing(days: Days) -> QuerySet:
    """Public commitments that hold in these days: published by then, not taken down, promised for then or later."""
    published = Obligation.objects.public().commitments().order_by()
    return published.filter(moments("publication__first_published_at", last=days.end), due_on__gte=days.start)


def _areas_of(days: Days) -> dict[int, dict[str, int]]:
    """For every unit with a commitment how many it has in each area: one query."""
    found: dict[int, dict[str, int]] = {}
    for unit, area, number in _standing(days).values_list("organisation", "area").annotate(n=Count("pk")):
        found.setdefault(unit, {})[area] = number
    return found


def _with(areas: dict[str, int]) -> dict[str, int]:
    return {"with": 1, "without": 0} if areas else {"with": 0, "without": 1}


def _covered(areas: dict[str, int]) -> dict[str, int]:
    return {"covered": len(areas), "missing": len(Area) - len(areas)}


def _added(units: QuerySet, days: Days, counts: Any) -> dict[str, int]:
    found, total = _areas_of(days), {}
    for pk in units.values_list("pk", flat=True):
        for part, number in counts(found.get(pk, {})).items():
            total[part] = total.get(part, 0) + number
    return total


def promising_of_all(days: Days) -> dict[int, dict[str, int]]:
    """For every unit taking part whether it has a public commitment: two queries."""
    found = _areas_of(days)
    return {pk: _with(found.get(pk, {})) for pk in units_taking_part().values_list("pk", flat=True)}


def promising_below(organisation: Any, days: Days) -> dict[str, int]:
    """The same for one organisation and the units under it, counted in units."""
    return _added(units_taking_part().below(organisation), days, _with)


def units_behind(organisation: Any, days: Days, part: str = "") -> list[dict[str, Any]]:
    """The units counted: rows of unit_id, unit_name, number of commitments, part."""
    found, rows = _areas_of(days), []
    for pk, name in units_taking_part().below(organisation).in_tree_order().values_list("pk", "name"):
        number = sum(found.get(pk, {}).values())
        rows.append(
            {"unit_id": pk, "unit_name": name, "number": number, "part": "with" if number else "without"}
        )
    return [row for row in rows if not part or row["part"] == part]


def covered_of_all(days: Days) -> dict[int, dict[str, int]]:
    """For every unit taking part in how many of the four areas it has a public commitment: two queries."""
    found = _areas_of(days)
    return {pk: _covered(found.get(pk, {})) for pk in units_taking_part().values_list("pk", flat=True)}


def covered_below(organisation: Any, days: Days) -> dict[str, int]:
    """The same for one organisation and the units under it, counted in areas of units."""
    return _added(units_taking_part().below(organisation), days, _covered)


def areas_behind(organisation: Any, days: Days, part: str = "") -> list[dict[str, Any]]:
    """The areas counted, four to a unit: rows of unit_id, unit_name, level, area, area_name, number, part."""
    found, rows = _areas_of(days), []
    for pk, name, level in (
        units_taking_part().below(organisation).in_tree_order().values_list("pk", "name", "level")
    ):
        for area in Area:
            number = found.get(pk, {}).get(area, 0)
            rows.append(
                {"unit_id": pk, "unit_name": name, "level": level, "area": area.value, "area_name": area.label, "number": number}
                | {"part": "covered" if number else "missing"}
            )  # fmt: skip
    return [row for row in rows if not part or row["part"] == part]


def promising(days: Days) -> list[Tally]:
    """Every unit is without a public commitment, but those that have one."""
    one = {"rows": _standing(days), "distinct": "organisation"}
    return [
        Tally(units_taking_part(), {"without": None}, unit="pk"),
        Tally(**one, parts={"without": None}, number=-1),
        Tally(**one, parts={"with": None}, said="title", code="code", day="due_on", link=DESK),
    ]


def covered(days: Days) -> list[Tally]:
    """Every unit misses all areas, but those it has a public commitment in."""
    areas = {"rows": _standing(days), "distinct": "area"}
    return [
        Tally(units_taking_part(), {"missing": None}, unit="pk", number=len(Area)),
        Tally(**areas, parts={"missing": None}, number=-1),
        Tally(**areas, parts={"covered": None}, said="title", code="code", day="due_on", link=DESK),
    ]


# 社区的四类：便民服务、居务公开（依法行政类）、廉洁纪律，是公开承诺；惠民政策落实是登记了的政策。
OF_A_COMMUNITY = [Area.SERVICE, Area.LAWFUL, Area.CLEAN]


def community_areas(days: Days) -> list[Tally]:
    units = units_taking_part().filter(level=Level.COMMUNITY)
    promises = {
        "rows": _standing(days).filter(organisation__in=units, area__in=OF_A_COMMUNITY),
        "distinct": "area",
    }
    policies = Obligation.objects.order_by().filter(
        form=Form.POLICY, organisation__in=units, made_on__lte=days.last, due_on__gte=days.start
    )
    policy = {"rows": policies.exclude(state=ObligationState.WITHDRAWN), "distinct": "form"}
    shown = {"said": "title", "code": "code", "day": "due_on", "link": DESK}
    return [
        Tally(units, {"missing": None}, unit="pk", number=len(OF_A_COMMUNITY) + 1),
        Tally(**promises, parts={"missing": None}, number=-1),
        Tally(**policy, parts={"missing": None}, number=-1),
        Tally(**promises, parts={"covered": None}, **shown),
        Tally(**policy, parts={"covered": None}, **shown),
    ]


def shown(days: Days) -> list[Tally]:
    """Commitments of these days that became public, by whether they still are."""
    rows = (
        Obligation.objects.commitments().order_by().filter(publication__isnull=False, due_on__gte=days.start)
    )
    rows = rows.filter(moments("publication__first_published_at", last=days.last))
    rows = rows.annotate(first_on=TruncDate("publication__first_published_at"))
    parts = {"public": Q(publication__withdrawn_at=None), "down": Q(publication__withdrawn_at__isnull=False)}
    return [Tally(rows, parts, said=SAID, code="code", day="first_on", link=DESK)]


def published_in_time(days: Days) -> list[Tally]:
    """First publications of commitments, by the days since the unit's lead had passed the text."""
    first, rows = days.start - LONG_BEFORE, LedgerEntry.objects.order_by()
    commitments = Obligation.objects.commitments().order_by().filter(publication=OuterRef("publication"))
    rows = rows.filter(Exists(commitments), kind="commitment", action=Action.PUBLISH)
    rows = rows.annotate(day=TruncDate("at"), made=Greatest(TruncDate("review__first_at"), Value(first)))
    rows = rows.filter(moments("at", days.start, days.last))
    rows = rows.annotate(limit=DueOn(F("made"), "disclosure_publish", first, days.end))
    parts = {"in_time": Q(day__lte=F("limit")), "late": Q(day__gt=F("limit"))}
    return [Tally(rows, parts, said="publication__title", code="publication__reference", day="day")]
