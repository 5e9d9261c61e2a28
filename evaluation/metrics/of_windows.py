"""What is counted of windows: changes of what they publish, and complaints found true."""

import datetime

from django.db.models import Case, DateField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate, TruncMonth

from commitments.models import Case as Complaint
from commitments.models import CaseFinding, CaseKind, CaseState
from disclosure import metrics as disclosure
from disclosure.models import NoticeRevision, RevisionState
from longsha_credit.deadlines.sets import DueOn
from longsha_credit.directory.counting import Days, Tally

AGAIN = [CaseState.REHANDLING, CaseState.REPROPOSED]
STANDS = ~Q(state__in=AGAIN)
FOUND: dict[str, Q] = {
    "true": STANDS & Q(finding=CaseFinding.TRUE),
    "partly": STANDS & Q(finding=CaseFinding.PARTLY),
    "untrue": STANDS & Q(finding=CaseFinding.UNTRUE),
    "again": Q(state__in=AGAIN),
}
# hundredths of a complaint; what is handled again has no finding that stands
FOUND_WEIGHTS = {"true": 100, "partly": 50, "untrue": 0, "again": None}
IN_TIME_WEIGHTS = {"in_time": 100, "late": 0}
LONG_BEFORE = datetime.timedelta(days=400)  # a change older than this is late anyhow


def answered(days: Days) -> QuerySet[Complaint]:
    """Complaints whose reply was approved and sent in these days."""
    rows = Complaint.objects.filter(kind=CaseKind.COMPLAINT, rounds__gte=1)
    return rows.filter(replied_on__gte=days.start, replied_on__lte=days.last)


def upheld(days: Days) -> list[Tally]:
    """Complaints about a unit by what was found; a reader sees the month alone, no number and no content."""
    return [
        Tally(answered(days), FOUND, unit="about", said=Value("投诉核实结果"), day=TruncMonth("replied_on"))
    ]


def changes(days: Days) -> list[Tally]:
    """What was changed after it had been public: the new version, or the notice that takes the old one's place.

    A revision that only puts words right keeps the day on which the matter was formed: it is no change.
    """
    new = disclosure._published(days).filter(supersedes__isnull=False)
    return [
        Tally(
            new, {"in_time": Q(first_on__lte=F("due_on")), "late": Q(first_on__gt=F("due_on"))},
            said="title", code="code", day="first_on", link="desk/disclosure/",
        ),
        Tally(
            _revised(days),
            {"in_time": Q(adopted_on__lte=F("due_on")), "late": Q(due_on=None) | Q(adopted_on__gt=F("due_on"))},
            unit="of__organisation", said="title", code="of__code", day="adopted_on",
        ),
    ]  # fmt: skip


def _revised(days: Days) -> QuerySet[NoticeRevision]:
    adopted = NoticeRevision.objects.filter(state=RevisionState.ADOPTED)
    same = adopted.filter(
        of=OuterRef("of"), formed_on__gte=OuterRef("formed_on"), adopted_at__lt=OuterRef("adopted_at")
    )
    rows = adopted.annotate(
        adopted_on=TruncDate("adopted_at"), public_on=TruncDate("of__publication__first_published_at")
    )
    rows = rows.filter(adopted_on__gte=days.start, adopted_on__lte=days.last)
    rows = rows.filter(~Exists(same), formed_on__gt=F("public_on"))
    return rows.annotate(due_on=_due_day(rows, days))


def _due_day(rows: QuerySet[NoticeRevision], days: Days) -> Case:
    """The day until which a change is public in time, by the limit of its topic."""
    limits = rows.order_by().values_list("topic__limit_rule", flat=True).distinct()
    first = days.start - LONG_BEFORE
    whens = [
        When(topic__limit_rule=rule, then=DueOn(F("formed_on"), rule, first, days.end)) for rule in limits
    ]
    return Case(*whens, default=Value(None), output_field=DateField())
