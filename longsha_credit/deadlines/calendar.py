"""Working days: the State Council's arrangement of holidays, with the district's own rows on top."""

import calendar as months
import datetime
from collections.abc import Mapping
from functools import cache, lru_cache

import chinese_calendar

ONE_DAY = datetime.timedelta(days=1)
WEEKEND = "周末"
CHINESE = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}


class Calendar:
    """Which days are worked. `days` (day: is it worked) and `names` are the district's rows; they win.

    A day without a row is what the library says; where the library does not know the year yet,
    Monday to Friday are worked.
    """

    def __init__(
        self,
        days: Mapping[datetime.date, bool] | None = None,
        names: Mapping[datetime.date, str] | None = None,
    ):
        self.days = dict(days or {})
        self.names = dict(names or {})
        self.years = {day.year for day in self.days}

    def is_workday(self, day: datetime.date) -> bool:
        if day in self.days:
            return self.days[day]
        return _is_worked(day)

    def knows(self, year: int) -> bool:
        """Whether the year's holidays are known: to the library, or from the district's rows."""
        return year in self.years or library_knows(year)

    def name_of(self, day: datetime.date) -> str:
        """The holiday a day belongs to (also of a day worked for it), 周末, or nothing for a plain working day."""
        if day in self.days:
            return self.names.get(day) or ("" if self.days[day] else "放假")
        name = ""
        if library_knows(day.year):
            name = CHINESE.get(chinese_calendar.get_holiday_detail(day)[1], "")
        return name or (WEEKEND if day.weekday() >= 5 else "")

    def is_made_up(self, day: datetime.date) -> bool:
        """A Saturday or Sunday that is worked (调休上班)."""
        return day.weekday() >= 5 and self.is_workday(day)

    def add_workdays(self, day: datetime.date, number: int) -> datetime.date:
        """The `number`-th working day after `day`, which itself is not counted."""
        while number > 0:
            day += ONE_DAY
            number -= self.is_workday(day)
        return day

    def on_or_after(self, day: datetime.date) -> datetime.date:
        """`day`, or the first working day after it."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def on_or_before(self, day: datetime.date) -> datetime.date:
        """`day`, or the last working day before it."""
        while not self.is_workday(day):
            day -= ONE_DAY
        return day


# What the library says stays the same while a process runs, and it searches all its years at each question.
@cache
def library_knows(year: int) -> bool:
    try:
        chinese_calendar.is_workday(datetime.date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=20_000)
def _is_worked(day: datetime.date) -> bool:
    """By the library, or where it does not know the year yet, by the day of the week."""
    return bool(chinese_calendar.is_workday(day)) if library_knows(day.year) else day.weekday() < 5


def add_months(day: datetime.date, number: int) -> datetime.date:
    """The same day `number` months on, or the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    last = months.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))
