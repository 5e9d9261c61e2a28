"""What evaluation may ask of promises: what became of those that fell due."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from commitments.models import Obligation, ObligationState, Verdict
from commitments.models.terms import Form

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


@dataclass(frozen=True)
class Days:
    """The promised days a figure looks at, both ends included, and the last day that is over."""

    start: datetime.date
    end: datetime.date
    over: datetime.date


def _due(days: Days) -> QuerySet:
    """Published promises of these days that are due, or reported before they were."""
    of_days = Obligation.objects.order_by().filter(
        form=Form.COMMITMENT, counts_on__gte=days.start, counts_on__lte=days.end
    )
    return of_days.filter(Q(counts_on__lte=days.over) | Q(reported_in_time__isnull=False))


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


def kept_below(organisation: Any, days: Days) -> dict[str, int]:
    """The same for one organisation and the units under it."""
    return _due(days).filter(organisation__path__startswith=organisation.path).aggregate(**_counts())


def _counts() -> dict[str, Count]:
    return {part: Count("counts_on", filter=condition) for part, condition in PARTS.items()}


def promises_behind(organisation: Any, days: Days, part: str = "") -> QuerySet:
    """The very promises counted for an organisation and the units under it, earliest day first.

    Rows of code, counts_on, due_on, part, unit_name, said (the title, empty for one taken down) and is_withdrawn.
    """
    gone = Q(state=ObligationState.WITHDRAWN)
    rows = _due(days).filter(organisation__path__startswith=organisation.path)
    if part:
        rows = rows.filter(PARTS[part])
    return rows.order_by("counts_on", "id").values(
        "code",
        "counts_on",
        "due_on",
        part=Case(*(When(condition, then=Value(part)) for part, condition in PARTS.items())),
        unit_name=F("organisation__name"),
        said=Case(When(gone, then=Value("")), default=F("title")),
        is_withdrawn=Case(When(gone, then=Value(True)), default=Value(False)),
    )
