"""What evaluation may ask of education: activities that took place, people who came, officials who reached the hours.

Every function gives all units at once in a constant number of queries; the functions `…_behind` give the rows of one.
An activity counts once it is summed up with its evidence; hours count once somebody else has confirmed them.
"""

import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from longsha_credit.directory.counting import Days, Tally
from longsha_credit.directory.models import Official, Posting
from longsha_credit.programme.education.reference import MINIMUM
from longsha_credit.programme.models import Activity, HoursMinimum, HoursState, TrainingHours, Year
from longsha_credit.programme.models.education import TOLD, Audience

ZERO = Decimal(0)


def minimum_of(year: Year) -> HoursMinimum:
    """What the year asks; where the office kept nothing, the proposal (unsaved)."""
    found = HoursMinimum.objects.filter(year=year).first()
    return found or HoursMinimum(year=year, organisation=year.organisation, **MINIMUM)


def told(start: datetime.date, end: datetime.date) -> QuerySet[Activity]:
    """Activities that took place in these days and are summed up with evidence."""
    return Activity.objects.filter(state__in=TOLD, held_on__range=(start, end))


def activities_of_all(
    start: datetime.date, end: datetime.date, audience: str = ""
) -> dict[int, dict[str, int]]:
    """For every unit: `activities` that took place and `attendance` in 人次; one query.

    `audience` narrows to those for officials, residents or companies.
    """
    rows = told(start, end)
    if audience:
        rows = rows.filter(audiences__contains=[audience])
    counted = rows.order_by().values("organisation").annotate(activities=Count("pk"), came=Sum("attendance"))
    return {
        row["organisation"]: {"activities": row["activities"], "attendance": row["came"]} for row in counted
    }


def activities_behind(organisation: Any, start: datetime.date, end: datetime.date) -> list[dict[str, Any]]:
    """The activities counted for a unit and those under it: rows of code, said, unit_name, held_on, attendance."""
    rows = told(start, end).filter(organisation__path__startswith=organisation.path)
    return [
        {
            "code": row.code,
            "said": row.title,
            "unit_name": row.organisation.name,
            "held_on": row.held_on,
            "attendance": row.attendance,
        }
        for row in rows.select_related("organisation").order_by("held_on", "id")
    ]


def to_be_trained(on: datetime.date) -> QuerySet[Official]:
    """Officials the unit has on a day: all on its list but those whose every post had ended by then."""
    held = Posting.objects.filter(official=OuterRef("pk"), started_on__lte=on)
    there = held.filter(Q(ended_on=None) | Q(ended_on__gte=on))
    return Official.objects.filter(~Exists(held) | Exists(there))


def last_day(year: Year, today: datetime.date) -> datetime.date:
    """The year's last day, or today while it runs."""
    return min(today, datetime.date(year.number, 12, 31))


def hours_of_all(year: Year) -> dict[int, Decimal]:
    """For every official with any: the confirmed hours of the year; one query."""
    rows = TrainingHours.objects.filter(year=year, state=HoursState.CONFIRMED)
    return dict(rows.order_by().values_list("official").annotate(total=Sum("hours")))


def _learners(year: Year, on: datetime.date) -> QuerySet[Official]:
    """The officials of a day, each with the hours `learned` in the year."""
    mine = TrainingHours.objects.filter(
        official=OuterRef("pk"), year=year, state=HoursState.CONFIRMED
    ).order_by()
    total = mine.values("official").annotate(total=Sum("hours")).values("total")
    return to_be_trained(on).annotate(learned=Coalesce(total, ZERO)).order_by()


def reached_of_all(year: Year, today: datetime.date) -> dict[int, dict[str, int]]:
    """For every unit with officials: how many there are (`people`), and how many `reached` the year's minimum; two queries."""
    least = minimum_of(year).hours
    counted = (
        _learners(year, last_day(year, today))
        .values("organisation")
        .annotate(people=Count("pk"), reached=Count("pk", filter=Q(learned__gte=least)))
    )
    return {row["organisation"]: {"people": row["people"], "reached": row["reached"]} for row in counted}


def trained(days: Days) -> list[Tally]:
    """Officials by whether they reached the minimum of the year these days lie in; nobody is named."""
    year = Year.objects.filter(number=days.end.year).first()
    if year is None:
        return []
    least = minimum_of(year).hours
    parts = {"reached": Q(learned__gte=least), "short": Q(learned__lt=least)}
    return [Tally(_learners(year, days.last), parts, said=Value("公职人员1名"))]


SHOWN = {"said": "title", "code": "code", "day": "held_on", "link": "desk/education/"}


def held(days: Days) -> list[Tally]:
    return [Tally(told(days.start, days.last).order_by(), {"held": None}, **SHOWN)]


def attended(days: Days) -> list[Tally]:
    """人次 at activities for residents, of the number each was planned for; more than planned makes up for fewer."""
    rows = told(days.start, days.last).filter(audiences__contains=[Audience.RESIDENTS]).order_by()
    return [
        Tally(rows, {"missing": None}, number=F("expected") - F("attendance")),
        Tally(rows, {"came": None}, number=F("attendance"), **SHOWN),
    ]


def unit_hours_of_all(year: Year) -> dict[int, Decimal]:
    """For every unit the confirmed hours of its people in the year; one query."""
    rows = TrainingHours.objects.filter(year=year, state=HoursState.CONFIRMED)
    return dict(rows.order_by().values_list("organisation").annotate(total=Sum("hours")))
