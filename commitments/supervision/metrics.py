"""What evaluation and the public may ask of residents' cases: numbers only, never a case.

The handling unit answers for the time, the unit complained of for how satisfied people are. What is shown in public
ends with the last full month, and few cases are only called few: a unit must not learn from a number moving that
somebody has just complained about it.
"""

import datetime
from typing import Any

from django.db.models import Case as When_
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncMonth

from commitments.metrics import Days
from commitments.models import Case, CaseFinding, CaseKind, Rating, Satisfaction
from commitments.models.ratings import MINIMUM_SAMPLE, SATISFIED
from longsha_credit.deadlines.models import Deadline

FEW = 5
ACCEPT, CLOSE = "complaint_accept", "complaint_close"

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


def _complaints(days: Days) -> QuerySet:
    clocks = Deadline.objects.open().filter(
        object_kind=Case._meta.label_lower, object_id=OuterRef("pk"), due_on__lte=days.over
    )
    rows = Case.objects.order_by().filter(kind=CaseKind.COMPLAINT)
    rows = rows.annotate(
        accept_overdue=Exists(clocks.filter(rule_key=ACCEPT)),
        reply_overdue=Exists(clocks.filter(rule_key=CLOSE)),
    )
    return rows.filter(filed_on__gte=days.start, filed_on__lte=min(days.end, days.over))


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


def in_time_of_all(days: Days) -> dict[int, dict[str, int]]:
    """For every handling unit how many complaints are in each part: one query."""
    return _of_all(_complaints(days), IN_TIME_PARTS)


def in_time_below(organisation: Any, days: Days) -> dict[str, int]:
    return _below(_complaints(days), organisation, IN_TIME_PARTS)


def satisfaction_of_all(days: Days) -> dict[int, dict[str, int]]:
    """For every unit complained of the last ratings of its closed cases by level: one query."""
    return _of_all(_rated(days), LEVEL_PARTS)


def satisfaction_below(organisation: Any, days: Days) -> dict[str, int]:
    return _below(_rated(days), organisation, LEVEL_PARTS)


def complaints_behind(organisation: Any, days: Days, part: str = "") -> QuerySet:
    """The complaints counted for a handling unit and those below it, as month, unit and part: no number, no content."""
    return _behind(_complaints(days), organisation, IN_TIME_PARTS, part, "filed_on")


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
