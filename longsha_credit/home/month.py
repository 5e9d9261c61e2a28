"""One month of the calendar: what falls due on which day in the reader's scope, the programme's dates, days off."""

import calendar as months
import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from longsha_credit.deadlines.calendar import ONE_DAY, WEEKEND, Calendar, add_months
from longsha_credit.deadlines.models import Deadline, Holiday
from longsha_credit.programme.contests import lists as contests
from longsha_credit.programme.models import Year

SHOWN = 6  # clocks of one day; the rest a link away


@dataclass
class Day:
    """A day of the month with what stands on it; `dates` are the programme's own, `more` are clocks not shown."""

    day: datetime.date
    name: str
    is_off: bool
    is_made_up: bool
    dates: list[dict[str, str]] = field(default_factory=list)
    clocks: list[Deadline] = field(default_factory=list)
    more: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.dates or self.clocks)


def month_of(text: str, today: datetime.date) -> datetime.date:
    """The first day of the month an address asks for (2026-11), or of this one."""
    try:
        first = datetime.date.fromisoformat(f"{text}-01") if len(text) == 7 else today.replace(day=1)
    except ValueError:
        return today.replace(day=1)
    return first if 2004 <= first.year <= 2100 else today.replace(day=1)


def around(first: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The months before and after."""
    return add_months(first, -1), add_months(first, 1)


def days(user: Any, first: datetime.date, *, own: bool) -> list[Day]:
    """Every day of the month that begins on `first`; with `own` only clocks that are the reader's to deal with."""
    last = first.replace(day=months.monthrange(first.year, first.month)[1])
    calendar = Holiday.objects.visible_to(user).calendar()
    found = {day: _day(day, calendar) for day in _each(first, last)}
    for row in _dates(user, first, last):
        found[row["day"]].dates.append(row)
    clocks = Deadline.objects.owed_by(user) if own else Deadline.objects.visible_to(user)
    running = clocks.running().filter(due_on__range=(first, last))
    for clock in _first_few(running):
        found[clock.due_on].clocks.append(clock)
    for due_on, number in running.order_by().values_list("due_on").annotate(n=Count("pk")):
        found[due_on].more = number - len(found[due_on].clocks)
    return list(found.values())


def _each(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    while first <= last:
        yield first
        first += ONE_DAY


def _day(day: datetime.date, calendar: Calendar) -> Day:
    name = calendar.name_of(day)
    return Day(day, "" if name == WEEKEND else name, not calendar.is_workday(day), calendar.is_made_up(day))


def _first_few(running: Any) -> Any:
    """The first clocks of each day, however many there are; numbered by themselves, because whole rows are wide."""
    number = Window(RowNumber(), partition_by=F("due_on"), order_by=F("id").asc())
    numbered = running.order_by().values("pk").annotate(number=number).filter(number__lte=SHOWN)
    few = running.filter(pk__in=[row["pk"] for row in numbered])
    return few.with_names().order_by("due_on", "id")


def _dates(user: Any, first: datetime.date, last: datetime.date) -> Iterator[dict[str, Any]]:
    """The stages' first and last days, the report day of the programme and the first days of contests, in this month."""
    for day, label, pk in contests.dates(user, first, last):
        yield {"day": day, "label": label, "url": reverse("contests:page", args=[pk])}
    for year in Year.objects.visible_to(user).with_stages().filter(number=first.year):
        address = f"{reverse('programme:list')}?year={year.number}"
        for stage in year.stages.all():
            for day, what in ((stage.starts_on, "开始"), (stage.ends_on, "结束")):
                if first <= day <= last:
                    yield {"day": day, "label": f"{stage.name}{what}", "url": address}
        if first <= year.report_on <= last:
            yield {"day": year.report_on, "label": "总结报送日", "url": address}
