"""What evaluation and the public may ask of residents' cases: numbers only, never a case.

The handling unit answers for the time, the unit complained of for how satisfied people are. What is shown in public
ends with the last full month, and few cases are only called few: a unit must not learn from a number moving that
somebody has just complained about it.
"""

import datetime
from typing import Any

from django.db.models import BooleanField, CharField, Count, ExpressionWrapper, F, Q, QuerySet, Value, When
from django.db.models import Case as When_
from django.db.models.functions import TruncMonth

from commitments.models import Case, CaseFinding, CaseKind, Rating, Satisfaction, TransferSlip
from commitments.models.ratings import MINIMUM_SAMPLE, SATISFIED
from longsha_credit.deadlines.joining import with_newest
from longsha_credit.directory.counting import Days, Tally

FEW = 5
ACCEPT, CLOSE, SLIP = "complaint_accept", "complaint_close", "complaint_slip"

# Each complaint filed in the period is in exactly one part; one whose day has passed is late, done or not.
ANSWERED = Q(replied_in_time=True) | Q(state="refused")
WAITS_FOR_REPLY = Q(accepted_in_time=True, replied_in_time=None) & ~Q(state="refused")
IN_TIME_PARTS: dict[str, Q] = {
    "in_time": Q(accepted_in_time=True) & ANSWERED,
    "late_accept": Q(accepted_in_time=False) | Q(accepted_in_time=None, accept_overdue=True),
    "late_reply": Q(accepted_in_time=True, replied_in_time=False) | WAITS_FOR_REPLY & Q(reply_overdue=True),
    "open": Q(accepted_in_time=None, accept_overdue=False) | WAITS_FOR_REPLY & Q(reply_overdue=False),
}
LEVEL_PARTS = {level: Q(level=level) for level in Satisfaction.values}


def _complaints(days: Days, kind: str = CaseKind.COMPLAINT) -> QuerySet:
    overdue = {"met_on": None, "cancelled_at": None, "due_on__lte": days.over}
    rows = with_newest(Case.objects.order_by().filter(kind=kind), "accept", ACCEPT, **overdue)
    rows = with_newest(rows, "reply", CLOSE, **overdue)
    rows = rows.annotate(accept_overdue=_there("accept"), reply_overdue=_there("reply"))
    return rows.filter(filed_on__gte=days.start, filed_on__lte=min(days.end, days.over))


def _there(clock: str) -> ExpressionWrapper:
    return ExpressionWrapper(Q(**{f"{clock}__pk__isnull": False}), output_field=BooleanField())


def _rated(days: Days) -> QuerySet:
    rows = Rating.objects.order_by().that_count()
    return rows.filter(case__closed_on__gte=days.start, case__closed_on__lte=min(days.end, days.over))


def _part(parts: dict[str, Q]) -> When_:
    return When_(
        *(When(condition, then=Value(part)) for part, condition in parts.items()), output_field=CharField()
    )


def _of_all(rows: QuerySet, parts: dict[str, Q]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for unit, part, number in (
        rows.annotate(part_=_part(parts)).values_list("organisation", "part_").annotate(n=Count("*"))
    ):
        found.setdefault(unit, dict.fromkeys(parts, 0))[part] = number
    return found


def _below(rows: QuerySet, organisation: Any, parts: dict[str, Q]) -> dict[str, int]:
    own = rows.filter(organisation__path__startswith=organisation.path)
    return own.aggregate(**{part: Count("pk", filter=condition) for part, condition in parts.items()})


# A case is nobody's to recognise: the month, and that there was one, is all that is listed.
ONE = {"said": Value("来件1件"), "day": TruncMonth("filed_on")}


def in_time(days: Days) -> list[Tally]:
    """Complaints by the unit that handles them, and what was asked of the unit complained of and had to be answered.

    Both name no case: the slip is the target's own paper.
    """
    return [
        Tally(_complaints(days), IN_TIME_PARTS, **ONE),
        Tally(
            _slips(days), SLIP_PARTS, said=Value("转办单"), code="number", day="due_on", link="desk/slips/",
        ),
    ]  # fmt: skip


SLIP_PARTS = {
    "in_time": Q(answered_on__lte=F("due_on")),
    "late_reply": Q(answered_on__gt=F("due_on")) | Q(answered_on=None),
}


def _slips(days: Days) -> QuerySet:
    """Slips whose day lies in these days, answered or over; one that was taken back counts nowhere."""
    rows = TransferSlip.objects.order_by().exclude(state="recalled")
    rows = with_newest(rows, "clock", SLIP).annotate(due_on=F("clock__due_on"))
    rows = rows.filter(due_on__gte=days.start, due_on__lte=days.end)
    return rows.filter(Q(due_on__lte=days.over) | Q(answered_on__isnull=False))


# Praise is passed on and that is all.
PASSED_ON: dict[str, Q] = {
    "in_time": Q(accepted_in_time=True),
    "late_accept": Q(accepted_in_time=False) | Q(accepted_in_time=None, accept_overdue=True),
    "open": Q(accepted_in_time=None, accept_overdue=False),
}


def messages(days: Days) -> list[Tally]:
    """Suggestions, answered, and praise, passed on, in the rule's days or not, by the unit that handles them."""
    suggestions = Tally(_complaints(days, CaseKind.SUGGESTION), IN_TIME_PARTS, **ONE)
    return [suggestions, Tally(_complaints(days, CaseKind.PRAISE), PASSED_ON, **ONE)]


def satisfaction(days: Days) -> list[Tally]:
    """The last ratings of closed cases by the unit they were about."""
    return [Tally(_rated(days), LEVEL_PARTS, said=Value("回访评价1件"), day=TruncMonth("case__closed_on"))]


def satisfaction_of_all(days: Days) -> dict[int, dict[str, int]]:
    """For every unit complained of the last ratings of its closed cases by level: one query."""
    return _of_all(_rated(days), LEVEL_PARTS)


def satisfaction_below(organisation: Any, days: Days) -> dict[str, int]:
    return _below(_rated(days), organisation, LEVEL_PARTS)


def ratings_behind(organisation: Any, days: Days, part: str = "") -> QuerySet:
    """The ratings counted for a unit and those below it, as month, unit and level."""
    return _behind(_rated(days), organisation, LEVEL_PARTS, part, "case__closed_on")


def _behind(rows: QuerySet, organisation: Any, parts: dict[str, Q], part: str, day: str) -> QuerySet:
    rows = rows.filter(organisation__path__startswith=organisation.path)
    if part:
        rows = rows.filter(parts[part])
    return rows.order_by(day, "pk").values(
        month=TruncMonth(day), part=_part(parts), unit_name=F("organisation__name")
    )


def public_figures(unit: Any, today: datetime.date) -> dict[str, Any]:
    """The cases about a unit and those below it this year, up to the end of last month."""
    until = today.replace(day=1) - datetime.timedelta(days=1)
    rows = (
        Case.objects.order_by()
        .about_or_below(unit)
        .filter(filed_on__gte=until.replace(month=1, day=1), filed_on__lte=until)
    )
    complaint = Q(kind=CaseKind.COMPLAINT)
    found = rows.aggregate(
        received=Count("pk", filter=complaint),
        refused=Count("pk", filter=complaint & Q(state="refused")),
        in_time=Count("pk", filter=complaint & Q(accepted_in_time=True)),
        late=Count("pk", filter=complaint & Q(accepted_in_time=False)),
        replied=Count("pk", filter=complaint & Q(rounds__gte=1)),
        closed=Count("pk", filter=complaint & Q(state="closed")),
        suggestions=Count("pk", filter=Q(kind=CaseKind.SUGGESTION)),
        praise=Count("pk", filter=Q(kind=CaseKind.PRAISE)),
        **{f"found_{finding}": Count("pk", filter=Q(finding=finding)) for finding in CaseFinding.values},
    )
    ratings = Rating.objects.order_by().that_count().filter(case__in=rows.filter(complaint).values("pk"))
    rated = ratings.aggregate(of=Count("pk"), satisfied=Count("pk", filter=Q(level__in=SATISFIED)))
    share = round(100 * rated["satisfied"] / rated["of"]) if rated["of"] >= MINIMUM_SAMPLE else None
    is_few = 0 < found["received"] < FEW
    return (
        found
        | rated
        | {"until": until, "share": share, "is_few": is_few, "few": FEW, "minimum": MINIMUM_SAMPLE}
    )
