"""What evaluation may ask of records: files kept, entered in time, objections and corrections in time, what was found.

A record that was revoked, or has a corrected version in its place, counts nowhere; one that was repaired or ran out
was a fact of its year all the same. Rows name the units, never a person.
"""

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from longsha_credit.deadlines.models import Deadline
from longsha_credit.deadlines.sets import OverAt
from longsha_credit.directory.counting import Days, Tally
from longsha_credit.directory.models import Level, Official, Organisation, Posting
from records.models import Record, RecordState
from records.models.catalogue import Dimension, Disclosure, Source
from records.models.records import FINISHED

S = RecordState
CONFIRMED = [state for state in FINISHED if state not in (S.REVOKED, S.CORRECTED)]
CAME_TO_BE = [S.EFFECTIVE, S.REVOKING, S.EXPIRED, S.REPAIRED]
ENTRY = "record_entry"
OBJECTED = ["objection_own", "objection_check", "record_correct"]  # the clocks `records/clocks.py` starts
KEPT = {"kept": Q(kept=True), "missing": Q(kept=False)}
DESK = "desk/records/"
# What few may read is counted and not told; the record's own page knows who may.
TOLD = Q(official=None, disclosure__in=[Disclosure.PUBLIC, Disclosure.INTERNAL])
SAID = Case(When(TOLD, then=F("title")), default=Value("内部掌握的记录"))
NUMBER = Case(When(TOLD, then=F("number")), default=Value(""))


def _decided(days: Days) -> QuerySet[Record]:
    return Record.objects.order_by().filter(decided_on__gte=days.start, decided_on__lte=days.last)


def _own(days: Days) -> QuerySet[Record]:
    """What was found of units and posts themselves in these days, and is final."""
    return _decided(days).breaches().filter(official=None, state__in=CAME_TO_BE)


def _shown(rows: QuerySet[Record], part: str) -> list[Tally]:
    return [Tally(rows, {part: None}, said=SAID, code=NUMBER, day="decided_on", link=DESK)]


def lost(days: Days) -> list[Tally]:
    """败诉、复议纠错: judgments against what the unit did in office."""
    rows = _own(days).filter(item__dimension=Dimension.LAWFUL, item__source=Source.JUDGMENT)
    return _shown(rows, "lost")


def found(days: Days) -> list[Tally]:
    """新增认定失信: every breach found in these days, repaired since or not."""
    return _shown(_own(days), "found")


def files(days: Days) -> list[Tally]:
    """建档: streets and communities, and the people on the list of every unit, with a record by the last day or not."""
    by_then = Record.objects.order_by().filter(state__in=CONFIRMED, confirmed_on__lte=days.last)
    units = Organisation.objects.in_force().filter(
        level__in=[Level.STREET, Level.COMMUNITY], taking_part=True
    )
    units = units.annotate(kept=Exists(by_then.filter(organisation=OuterRef("pk"), official=None)))
    held = Posting.objects.order_by().filter(official=OuterRef("pk"), started_on__lte=days.last)
    there = held.filter(Q(ended_on=None) | Q(ended_on__gte=days.last))
    people = Official.objects.filter(~Exists(held) | Exists(there))
    people = people.annotate(kept=Exists(by_then.filter(official=OuterRef("pk"))))
    return [
        Tally(units, KEPT, unit="pk", said=Value("单位的诚信档案")),
        Tally(people, KEPT, said=Value("公职人员的诚信档案")),
    ]


def timely(days: Days) -> list[Tally]:
    """记录及时: first versions by the days between the document and the writing of the record.

    What is confirmed has its basis and its evidence: the database holds that.
    """
    rows = _decided(days).filter(state__in=[*CONFIRMED, S.CORRECTED], corrects=None)
    rows = rows.annotate(over_at=OverAt(F("decided_on"), ENTRY, days.start, days.end))
    parts = {"in_time": Q(created_at__lt=F("over_at")), "late": Q(created_at__gte=F("over_at"))}
    return [Tally(rows, parts, said=SAID, code=NUMBER, day="decided_on", link=DESK)]


def objections(days: Days) -> list[Tally]:
    """异议: the clocks of objections and of the corrections they led to, for the unit whose duty each is."""
    rows = Deadline.objects.order_by().filter(
        rule_key__in=OBJECTED, cancelled_at=None,
        due_on__gte=days.start, due_on__lte=days.end,
    )  # fmt: skip
    rows = rows.filter(Q(due_on__lte=days.over) | Q(met_on__isnull=False))
    late = Q(met_on__gt=F("due_on")) | Q(met_on=None)
    parts = {"in_time": Q(met_on__lte=F("due_on")), "late": late}
    return [Tally(rows, parts, said="rule__label", day="due_on")]
