"""What evaluation may ask of what is published: in time, in which fields, each quarter, after a review."""

import datetime
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate

from disclosure.models import Duty, Frequency, Group, Notice, NoticeKind
from longsha_credit.deadlines.joining import with_newest
from longsha_credit.directory.counting import Days, Tally, moments
from longsha_credit.publication.models import LedgerEntry
from longsha_credit.publication.models.ledger import Action
from longsha_credit.publication.models.reviews import ReviewState

PUBLISHED = ("in_time", "late")
FIELDS = ("covered", "missing")
QUARTERS = ("published", "missed")
REVIEWS = ("reviewed", "unreviewed")
FIRST_MOMENT = "publication__first_published_at"
FIRST_PUBLIC = TruncDate(FIRST_MOMENT)
ACCOUNTS = [Group.FINANCE, Group.AFFAIRS]


def _part(condition: Any, parts: tuple[str, ...]) -> Case:
    """The first part where the condition holds, else the second."""
    return Case(When(condition, then=Value(parts[0])), default=Value(parts[1]), output_field=CharField())


def _of_all(rows: QuerySet, parts: tuple[str, ...]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for organisation, part, number in rows.values_list("organisation", "part").annotate(n=Count("pk")):
        found.setdefault(organisation, dict.fromkeys(parts, 0))[part] += number
    return found


def _below(rows: QuerySet, organisation: Any, parts: tuple[str, ...]) -> dict[str, int]:
    under = rows.filter(organisation__path__startswith=organisation.path)
    return dict.fromkeys(parts, 0) | dict(under.values_list("part").annotate(n=Count("pk")))


def _behind(rows: QuerySet, organisation: Any, part: str) -> QuerySet:
    rows = rows.filter(organisation__path__startswith=organisation.path)
    return (rows.filter(part=part) if part else rows).annotate(unit_name=F("organisation__name"))


# 公开时限合规: the day of the first publication against the day until which the notice's own clock ran.


def _published(days: Days) -> QuerySet:
    # one: only a draft's clocks are started, another topic's is cancelled first, and publishing meets what runs
    rows = with_newest(Notice.objects.order_by(), "clock", met_on__isnull=False)
    rows = rows.annotate(first_on=FIRST_PUBLIC, due_on=F("clock__due_on"))
    rows = rows.filter(moments(FIRST_MOMENT, days.start, days.end), due_on__isnull=False)
    return rows.annotate(part=_part(Q(first_on__lte=F("due_on")), PUBLISHED))


DESK = "desk/disclosure/"


def _named(parts: tuple[str, ...]) -> dict[str, Q]:
    return {part: Q(part=part) for part in parts}


def published(days: Days) -> list[Tally]:
    return [Tally(_published(days), _named(PUBLISHED), said="title", code="code", day="first_on", link=DESK)]


def published_of_all(days: Days) -> dict[int, dict[str, int]]:
    """For every organisation how many notices became public in these days, in time and late: one query."""
    return _of_all(_published(days), PUBLISHED)


def published_below(organisation: Any, days: Days) -> dict[str, int]:
    return _below(_published(days), organisation, PUBLISHED)


def publications_behind(organisation: Any, days: Days, part: str = "") -> QuerySet:
    """The notices counted: rows of code, said, unit_name, formed_on, due_on, first_on, part."""
    rows = _behind(_published(days), organisation, part).order_by("first_on", "id")
    return rows.annotate(said=F("title")).values(
        "code", "said", "unit_name", "formed_on", "due_on", "first_on", "part"
    )


# 十四领域覆盖: the fields a unit owes, with something in effect or not.


def _owed_in(days: Days) -> QuerySet:
    """Duties of these days that are not over before them."""
    going_on = Q(ended_on=None) | Q(ended_on__gt=days.over)
    return Duty.objects.order_by().filter(going_on, since__lte=days.end)


def _fields(days: Days) -> QuerySet:
    standing = Notice.objects.in_effect(days.over).filter(moments(FIRST_MOMENT, last=days.end))
    mine = standing.filter(organisation=OuterRef("organisation"), topic=OuterRef("topic"))
    rows = _owed_in(days).filter(topic__service_field__isnull=False)
    return rows.annotate(part=_part(Exists(mine), FIELDS))


def fields(days: Days) -> list[Tally]:
    return [Tally(_fields(days), _named(FIELDS), said="topic__name", code="topic__number")]


def fields_of_all(days: Days) -> dict[int, dict[str, int]]:
    """For every organisation that owes the fields how many have something in effect: one query."""
    return _of_all(_fields(days), FIELDS)


def fields_below(organisation: Any, days: Days) -> dict[str, int]:
    return _below(_fields(days), organisation, FIELDS)


def fields_behind(organisation: Any, days: Days, part: str = "") -> QuerySet:
    """Unit by field: rows of said (the field), unit_name, part."""
    rows = _behind(_fields(days), organisation, part).order_by("organisation__path", "topic__number")
    return rows.annotate(said=F("topic__name")).values("said", "unit_name", "part")


# 按季公开: each whole quarter that is over, for each topic of accounts and affairs a unit owes.


def _quarters_over(days: Days) -> list[tuple[datetime.date, datetime.date]]:
    """(first day, last day) of the quarters that lie in these days and are over."""
    found = []
    for year in range(days.start.year, days.end.year + 1):
        for first_month in (1, 4, 7, 10):
            first = datetime.date(year, first_month, 1)
            after = datetime.date(year + first_month // 10, (first_month + 2) % 12 + 1, 1)
            last = after - datetime.timedelta(days=1)
            if first >= days.start and last <= min(days.end, days.over):
                found.append((first, last))
    return found


def _quarters(days: Days, groups: Any = ACCOUNTS) -> list[QuerySet]:
    """For each quarter the duties that ran through the whole of it."""
    accounts = Duty.objects.order_by().filter(topic__frequency=Frequency.QUARTERLY, topic__group__in=groups)
    found = []
    for first, last in _quarters_over(days):
        published = (
            Notice.objects.public()
            .filter(moments(FIRST_MOMENT, first, last))
            .filter(organisation=OuterRef("organisation"), topic=OuterRef("topic"))
        )
        through = accounts.filter(Q(ended_on=None) | Q(ended_on__gt=last), since__lte=first)
        found.append(through.annotate(part=_part(Exists(published), QUARTERS), quarter=Value(first)))
    return found


def _together(parts: list[QuerySet]) -> QuerySet:
    """One statement over all quarters; nothing where none is over."""
    return parts[0].union(*parts[1:], all=True) if parts else Duty.objects.none()


def _of_quarters(rows: list[QuerySet]) -> list[Tally]:
    shown = {"said": "topic__name", "day": "quarter"}
    return [Tally(one, _named(QUARTERS), **shown) for one in rows]


def quarters(days: Days) -> list[Tally]:
    return _of_quarters(_quarters(days))


def finance(days: Days) -> list[Tally]:
    """The quarters of money matters alone."""
    return _of_quarters(_quarters(days, [Group.FINANCE]))


def quarters_of_all(days: Days) -> dict[int, dict[str, int]]:
    """For every organisation how many of its quarters saw a publication: one query."""
    found: dict[int, dict[str, int]] = {}
    counted = [q.values_list("organisation", "part").annotate(n=Count("pk")) for q in _quarters(days)]
    for organisation, part, number in _together(counted):
        found.setdefault(organisation, dict.fromkeys(QUARTERS, 0))[part] += number
    return found


def quarters_below(organisation: Any, days: Days) -> dict[str, int]:
    under = [q.filter(organisation__path__startswith=organisation.path) for q in _quarters(days)]
    found = dict.fromkeys(QUARTERS, 0)
    for part, number in _together([q.values_list("part").annotate(n=Count("pk")) for q in under]):
        found[part] += number
    return found


def quarters_behind(organisation: Any, days: Days, part: str = "") -> QuerySet:
    """Unit by topic and quarter: rows of said (the topic), unit_name, quarter (its first day), part."""
    rows = [
        _behind(q, organisation, part)
        .annotate(said=F("topic__name"))
        .values("said", "unit_name", "quarter", "part")
        for q in _quarters(days)
    ]
    return _together(rows).order_by("quarter", "unit_name", "said") if rows else Duty.objects.none()


# 公开审查: every version that went out, by whether three people had passed it.


def _versions(days: Days) -> QuerySet:
    rows = LedgerEntry.objects.order_by().filter(kind="notice", action__in=[Action.PUBLISH, Action.AMEND])
    rows = rows.filter(moments("at", days.start, days.end)).annotate(day=TruncDate("at"))
    signed = Q(review__state=ReviewState.PASSED, review__first_by__isnull=False)
    signed &= Q(review__second_by__isnull=False, review__secrecy_by__isnull=False)
    return rows.annotate(part=_part(signed, REVIEWS))


def reviews(days: Days) -> list[Tally]:
    said, code = "publication__title", "publication__reference"
    return [Tally(_versions(days), _named(REVIEWS), said=said, code=code, day="day")]


def reviews_of_all(days: Days) -> dict[int, dict[str, int]]:
    """For every organisation how many versions of notices went out after a review of three: one query."""
    return _of_all(_versions(days), REVIEWS)


def reviews_below(organisation: Any, days: Days) -> dict[str, int]:
    return _below(_versions(days), organisation, REVIEWS)


def versions_behind(organisation: Any, days: Days, part: str = "") -> QuerySet:
    """The versions counted: rows of code, version, unit_name, day, part."""
    rows = _behind(_versions(days), organisation, part).order_by("day", "id")
    return rows.annotate(code=F("publication__reference")).values(
        "code", "version", "unit_name", "day", "part"
    )


# 合法性审查: normative documents that became public, by whether their review came first.


def legality(days: Days) -> list[Tally]:
    rows = Notice.objects.order_by().filter(kind=NoticeKind.NORMATIVE).annotate(first_on=FIRST_PUBLIC)
    rows = rows.filter(moments(FIRST_MOMENT, days.start, days.last))
    reviewed = Q(legal_review_on__lte=F("first_on")) & ~Q(legal_review_number="")
    rows = rows.annotate(part=_part(reviewed, REVIEWS))
    return [Tally(rows, _named(REVIEWS), said="title", code="document_number", day="first_on", link=DESK)]
