"""Words of education: how many are told, what residents read of where an activity stands, a number of hours."""

import datetime
from decimal import Decimal
from typing import Any

from longsha_credit.programme.models import Activity, ActivityState, SheetStage

FEW = 5
S = ActivityState


def told(number: int | None) -> str:
    """A number of people as the public reads it: one to four are not told apart, so that nobody is recognised."""
    if number is None:
        return ""
    return f"少于{FEW}" if 0 < number < FEW else str(number)


def hours_words(hours: Decimal | None) -> str:
    """4 or 1.5, as people write it."""
    return "" if hours is None else f"{Decimal(hours).normalize():f}"


def standing(activity: Activity, stage: str, today: datetime.date) -> tuple[str, str]:
    """(state, words) for the public, by the row and by what its public text is."""
    if activity.state == S.CANCELLED:
        return "na", "已取消"
    if stage == SheetStage.REPORT:
        return "kept", "已举办"
    if activity.took_place:
        return "active", "已举办，情况还没有公布"
    if activity.planned_on < today:
        return "near", "日期已过，情况还没有公布"
    return "pending", "即将举办"


def is_moved(sheet: Any) -> bool:
    """Whether what was announced is planned for another day or hour by now."""
    activity = sheet.activity
    return activity.state == S.PLANNED and (activity.planned_on, activity.starts_at) != (
        sheet.day,
        sheet.time,
    )


def when(day: datetime.date, time: datetime.time | None) -> str:
    return f"{day:%Y-%m-%d} {time:%H:%M}" if time else f"{day:%Y-%m-%d}"


def with_standing(rows: Any, today: datetime.date) -> list[Any]:
    """The sheets, each with where its activity stands."""
    found = list(rows)
    for row in found:
        row.standing_now = standing(row.activity, row.stage, today)
        row.moved = is_moved(row)
    return found
