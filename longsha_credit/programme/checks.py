"""Whether the dates of a year fit together, and how they move to another year; pure functions over dates."""

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from longsha_credit.programme.models import StageKey


@dataclass(frozen=True)
class Span:
    """The dates and the task of one stage, as a form or a copy proposes them."""

    key: str
    starts_on: datetime.date
    ends_on: datetime.date
    task: str

    @property
    def name(self) -> str:
        return str(StageKey(self.key).label)


def faults(number: int, report_on: datetime.date, spans: Sequence[Span]) -> dict[str, str]:
    """What stands against these dates, a sentence for each field; `spans` in the plan's order."""
    found: dict[str, str] = {}
    before: Span | None = None
    for span in spans:
        for field, word in (("starts_on", "开始"), ("ends_on", "结束")):
            if getattr(span, field).year != number:
                found[f"{span.key}_{field}"] = f"“{span.name}”的{word}日期要在{number}年内，请修改。"
        if span.ends_on < span.starts_on:
            found.setdefault(
                f"{span.key}_ends_on", f"“{span.name}”的结束日期早于开始日期，请改为同一天或以后的日期。"
            )
        if before and span.starts_on <= before.ends_on:
            found.setdefault(
                f"{span.key}_starts_on",
                f"“{span.name}”要在“{before.name}”结束（{before.ends_on}）以后开始，请改为之后的日期。",
            )
        before = span
    if before and not before.starts_on <= report_on <= before.ends_on:
        period = f"{before.starts_on} 至 {before.ends_on}"
        found["report_on"] = f"报送日要在“{before.name}”阶段内（{period}），请修改。"
    return found


def moved_start(day: datetime.date, to: int) -> datetime.date:
    """The same day in the year `to`; a stage that began on 29 February begins on 1 March."""
    leap_day = (day.month, day.day) == (2, 29)
    return datetime.date(to, 3, 1) if leap_day and not calendar.isleap(to) else day.replace(year=to)


def moved_end(day: datetime.date, to: int) -> datetime.date:
    """The same day in the year `to`; the last day of a month stays the last day of that month."""
    last_then, last_now = (calendar.monthrange(year, day.month)[1] for year in (day.year, to))
    return day.replace(year=to, day=last_now if day.day == last_then else day.day)


def moved(spans: Sequence[Span], report_on: datetime.date, to: int) -> tuple[list[Span], datetime.date]:
    """The stages and the day of the report in the year `to`, the report still in the last stage."""
    found = []
    for span in spans:
        start = moved_start(span.starts_on, to)
        found.append(Span(span.key, start, max(start, moved_end(span.ends_on, to)), span.task))
    day = min(report_on.day, calendar.monthrange(to, report_on.month)[1])
    last = found[-1]
    return found, min(max(report_on.replace(year=to, day=day), last.starts_on), last.ends_on)
