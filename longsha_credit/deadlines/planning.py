"""From a rule and a day to the due day with its explanation, and from the due day to its reminders; no database."""

import datetime
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from longsha_credit.deadlines.calendar import ONE_DAY, Calendar, add_months
from longsha_credit.deadlines.models.notices import Place, ReminderKind
from longsha_credit.deadlines.models.rules import BasisKind, Rule, Unit, in_words

Day = datetime.date
Span = tuple[Day, Day]


@dataclass(frozen=True)
class Computed:
    """The due day and, line by line, how it came about; a line is a dict of label, day (ISO or empty), note, kind."""

    due_on: Day
    explanation: list[dict[str, str]]


@dataclass
class Count:
    """A walk over days: where it ended and which days it passed without counting them."""

    due_on: Day
    off: list[Day] = field(default_factory=list)
    made_up: list[Day] = field(default_factory=list)


@dataclass(frozen=True)
class Planned:
    send_on: Day
    kind: str
    role: str
    place: str = Place.OWN
    slip: str = ""
    days_before: int | None = None


def compute(
    rule: Rule,
    starts_on: Day,
    *,
    given_on: Day | None = None,
    suspensions: Iterable[Span] = (),
    extension: int = 0,
    calendar: Calendar,
) -> Computed:
    """The day a clock runs out that `rule` starts after `starts_on`; that day itself is never counted (民法典二百零一条).

    `suspensions` are (first, last) days, both not counted; `extension` is in the rule's `extension_unit`; `given_on` is
    the promised day where the unit is GIVEN, or the day that a year's arrangement sets in place of a fixed date. Such a
    day does not move by itself.
    """
    if rule.unit == Unit.GIVEN:
        if given_on is None:
            raise ValueError(f"{rule.key}: a promised day is needed")
        return _promised(rule, given_on, extension, calendar)
    if rule.unit == Unit.DATE:
        note = "固定日期，不因休息日顺延"
        if given_on:
            note = f"年度安排定为{_short(given_on)}，不因休息日顺延"
        return _standing(rule, given_on or _fixed_date(rule, starts_on), note)
    return _counted(rule, starts_on, sorted(suspensions), extension, calendar)


def due_days(rule: Rule, first: Day, last: Day, *, calendar: Calendar) -> list[Day]:
    """What `compute` gives for a clock started on each of these days, without suspensions and explanations."""
    days = [first + ONE_DAY * n for n in range((last - first).days + 1)]
    if rule.unit != Unit.WORKDAY or not rule.amount:
        return [compute(rule, day, calendar=calendar).due_on for day in days]
    worked, beyond, day = [], 0, first
    while beyond < rule.amount:
        day += ONE_DAY
        if calendar.is_workday(day):
            worked.append(day)
            beyond += day > last
    return [worked[bisect_right(worked, day) + rule.amount - 1] for day in days]


def _promised(rule: Rule, given_on: Day, extension: int, calendar: Calendar) -> Computed:
    note = "写明的日期，不因休息日顺延"
    if not extension:
        return _standing(rule, given_on, note)
    count = _walk(given_on, extension, Unit.WORKDAY, lambda day: False, calendar)
    longer = "；".join(filter(None, ["经批准，只延一次", _note(count, calendar)]))
    lines = [
        _line("rule", f"{rule.label}：{rule.amount_in_words}", given_on, note),
        _line("extension", f"延期：{in_words(extension, Unit.WORKDAY)}", count.due_on, longer),
    ]
    return Computed(count.due_on, [*lines, *_end(rule, count.due_on)])


def _standing(rule: Rule, due_on: Day, note: str) -> Computed:
    return Computed(
        due_on, [_line("rule", f"{rule.label}：{rule.amount_in_words}", due_on, note), *_end(rule, due_on)]
    )


def _fixed_date(rule: Rule, starts_on: Day) -> Day:
    """The next such day, `starts_on` included; 29 February falls on the 28th in common years."""
    month, day = rule.month or 1, rule.day or 1
    this_year = add_months(Day(2000, month, day), 12 * (starts_on.year - 2000))
    return (
        this_year
        if this_year >= starts_on
        else add_months(Day(2000, month, day), 12 * (starts_on.year - 1999))
    )


def _counted(
    rule: Rule, starts_on: Day, suspensions: list[Span], extension: int, calendar: Calendar
) -> Computed:
    def is_suspended(day: Day) -> bool:
        return any(first <= day <= last for first, last in suspensions)

    def walk(amount: int) -> Count:
        return _walk(starts_on, _in_days(rule, starts_on, amount), rule.unit, is_suspended, calendar)

    base = walk(rule.amount or 0)
    whole = walk((rule.amount or 0) + extension) if extension else base
    due_on = calendar.on_or_after(whole.due_on) if rule.roll else whole.due_on
    lines = [_line("start", "起算", starts_on, "当日不计，从次日起算")]
    lines.append(_line("rule", f"{rule.label}：{rule.amount_in_words}", base.due_on, _note(base, calendar)))
    lines += [
        _line("suspension", "暂停", None, f"{_span(first, last)}暂停，不计")
        for first, last in suspensions
        if starts_on < last and first <= whole.due_on
    ]
    if extension:
        after = Count(whole.due_on, whole.off[len(base.off) :], whole.made_up[len(base.made_up) :])
        note = "；".join(filter(None, ["经批准，只延一次", _note(after, calendar)]))
        lines.append(_line("extension", f"延期：{in_words(extension, rule.unit)}", whole.due_on, note))
    if due_on != whole.due_on:
        lines.append(
            _line("roll", "末日是休息日，顺延", due_on, f"{_span(whole.due_on, due_on - ONE_DAY)}休息")
        )
    return Computed(due_on, [*lines, *_end(rule, due_on), *_warnings(rule, starts_on, due_on, calendar)])


def _in_days(rule: Rule, starts_on: Day, amount: int) -> int:
    """Months are as many days as lie up to the same day of the month, so that days can be left out of them."""
    return (add_months(starts_on, amount) - starts_on).days if rule.unit == Unit.MONTH else amount


def _walk(day: Day, number: int, unit: str, is_suspended: Callable[[Day], bool], calendar: Calendar) -> Count:
    count = Count(day)
    while number > 0:
        day += ONE_DAY
        worked = unit != Unit.WORKDAY or calendar.is_workday(day)
        if not worked:
            count.off.append(day)
        elif not is_suspended(day):
            number -= 1
            if unit == Unit.WORKDAY and calendar.is_made_up(day):
                count.made_up.append(day)
    count.due_on = day
    return count


def _line(kind: str, label: str, day: Day | None, note: str = "") -> dict[str, str]:
    return {"kind": kind, "label": label, "day": day.isoformat() if day else "", "note": note}


def _end(rule: Rule, due_on: Day) -> list[dict[str, str]]:
    basis = _line("basis", "依据", None, f"{rule.basis}（{BasisKind(rule.basis_kind).label}）")
    return [_line("due", "到期", due_on), basis]


def _note(count: Count, calendar: Calendar) -> str:
    """12月5日至6日周末，不计；12月12日调休上班，计入."""
    parts = []
    if count.off:
        parts.append(
            "、".join(f"{_span(a, b)}{name}" for a, b, name in _runs(count.off, calendar)) + "，不计"
        )
    if count.made_up:
        parts.append("、".join(_short(day) for day in count.made_up) + "调休上班，计入")
    return "；".join(parts)


def _runs(days: list[Day], calendar: Calendar) -> Iterator[tuple[Day, Day, str]]:
    """Days that follow each other under one name, as (first, last, name)."""
    first = last = days[0]
    for day in [*days[1:], None]:
        if day and day - last == ONE_DAY and calendar.name_of(day) == calendar.name_of(first):
            last = day
            continue
        yield first, last, calendar.name_of(first)
        if day:
            first = last = day


def _short(day: Day) -> str:
    return f"{day.month}月{day.day}日"


def _span(first: Day, last: Day) -> str:
    if first == last:
        return _short(first)
    return (
        f"{_short(first)}至{last.day}日" if first.month == last.month else f"{_short(first)}至{_short(last)}"
    )


def _warnings(rule: Rule, starts_on: Day, due_on: Day, calendar: Calendar) -> list[dict[str, str]]:
    if rule.unit != Unit.WORKDAY and not rule.roll:
        return []
    return [
        _line("warning", f"{year}年的放假安排还没有登记", None, "先按周一至周五上班计算，登记以后自动重算。")
        for year in range(starts_on.year, due_on.year + 1)
        if not calendar.knows(year)
    ]


def plan(rule: Rule, due_on: Day, *, today: Day, calendar: Calendar) -> list[Planned]:
    """The reminders of a clock, one per day, role and place; the sharper one where two fall together.

    Those before the due day count back in days from the last working day on or before it; past ones are left out.
    A step of supervision that is already past goes out today: a clock that starts overdue is not silent.
    """
    planned: dict[Any, Planned] = {}
    for reminder in [*_before(rule, due_on, today, calendar), *_after(rule, due_on, today, calendar)]:
        planned[reminder.send_on, reminder.role, reminder.place] = reminder
    return sorted(planned.values(), key=lambda reminder: reminder.send_on)


def _before(rule: Rule, due_on: Day, today: Day, calendar: Calendar) -> Iterator[Planned]:
    last = calendar.on_or_before(due_on)
    for days in rule.remind_before:
        if (send_on := last - days * ONE_DAY) >= today:
            for role in rule.duty:
                yield Planned(send_on, ReminderKind.BEFORE, role, days_before=days)


def _after(rule: Rule, due_on: Day, today: Day, calendar: Calendar) -> Iterator[Planned]:
    for step in rule.escalation:
        number = step["after"]
        by_workday = step["unit"] == Unit.WORKDAY
        day = calendar.add_workdays(due_on, number) if by_workday else due_on + number * ONE_DAY
        for role in step["to"]:
            yield Planned(max(day, today), ReminderKind.OVERDUE, role, step["where"], step["slip"])
