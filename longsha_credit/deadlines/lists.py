"""What the desk pages of deadlines show: named views, the steps of one clock, the days of a year."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from longsha_credit.audit.workflow import Offer
from longsha_credit.deadlines import services
from longsha_credit.deadlines.calendar import ONE_DAY, WEEKEND, Calendar
from longsha_credit.deadlines.flows import EXTENSION
from longsha_credit.deadlines.models import Deadline
from longsha_credit.deadlines.models.clocks import NEAR_DAYS

OPEN = Q(met_on=None, cancelled_at=None)
RUNNING = OPEN & Q(suspended=False)


def conditions(today: datetime.date) -> list[tuple[str, str, Q]]:
    """The named views of the list: key, label, condition."""
    near = today + datetime.timedelta(days=NEAR_DAYS)
    return [
        ("", "全部未办结", OPEN),
        ("near", "七天内", RUNNING & Q(due_on__gte=today, due_on__lte=near)),
        ("overdue", "已超期", RUNNING & Q(due_on__lt=today)),
        ("suspended", "已暂停", OPEN & Q(suspended=True)),
        ("done", "已办结", ~OPEN),
    ]


def filtered(rows: Any, query: Any, today: datetime.date) -> Any:
    """`rows` narrowed to what the address asks for; an unknown view is the first one."""
    text = query.get("q", "").strip().replace("\x00", "")[:100]
    if text:
        rows = rows.filter(
            Q(title__icontains=text) | Q(organisation__name__icontains=text) | Q(rule__label__icontains=text)
        )
    if day := day_of(query.get("on", "")):
        rows = rows.filter(due_on=day)
    named = {key: condition for key, _, condition in conditions(today)}
    chosen = query.get("view", "")
    order = "-saved_at" if chosen == "done" else "due_on"
    return rows.filter(named.get(chosen, OPEN)).order_by(order, "id")


def views(rows: Any, query: Any, today: datetime.date) -> list[dict]:
    """Every view with its number of rows, counted in one query."""
    named = conditions(today)
    numbers = rows.order_by().aggregate(
        **{key or "open": Count("pk", filter=condition) for key, _, condition in named}
    )
    current = query.get("view", "")
    current = current if current in {key for key, _, _ in named} else ""
    return [
        {"key": key, "label": label, "count": numbers[key or "open"], "current": key == current}
        for key, label, _ in named
    ]


@dataclass(frozen=True)
class Action:
    """A button of a clock that is no step of a flow; drawn as a step is."""

    name: str
    label: str
    tone: str = "plain"
    reason: bool = True
    asks: bool = False


SUSPEND = Action("suspend", "暂停期限", "stop")
RESUME = Action("resume", "恢复期限", "main", reason=False)
EXTEND = Action("extend", "申请延期")


def offers(deadline: Deadline, extension: Any, user: Any, today: datetime.date) -> list[Offer]:
    """What `user` may do with a clock now, or would be the one to do and why not yet."""

    def offer(action: Action, refusal: str | None) -> Offer:
        return Offer(action, refusal, reverse(f"deadlines:{action.name}", args=[deadline.pk]))

    if not deadline.is_open:
        return []
    found = []
    if deadline.rule.may_suspend and services.may_decide(deadline, user):
        found.append(offer(RESUME, None) if deadline.suspended else offer(SUSPEND, None))
    if deadline.extend_limit and not deadline.extended_by and services.may_ask(deadline, user):
        waiting = extension is not None and extension.state == "asked"
        refusal = "已经有一份延期申请等待批准。" if waiting else services.extension_refusal(deadline, today)
        found.append(offer(EXTEND, refusal))
    if extension is not None:
        found += EXTENSION.available(
            extension, user, url=lambda step: reverse("deadlines:extension_step", args=[deadline.pk, step])
        )
    return found


def day_of(text: str) -> datetime.date | None:
    """The day an address asks for, where it is one."""
    try:
        return datetime.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def year_of(text: str, today: datetime.date) -> int:
    """The year an address asks for, or this one."""
    known = len(text) == 4 and text.isascii() and text.isdigit()
    return int(text) if known and 2004 <= int(text) <= 2100 else today.year


def special_days(year: int, calendar: Calendar) -> list[dict]:
    """The days of a year that are not what their weekday says, in runs: first, last, days, name, is_workday."""
    found: list[dict] = []
    day = datetime.date(year, 1, 1)
    while day.year == year:
        worked, name = calendar.is_workday(day), calendar.name_of(day)
        if worked is (day.weekday() >= 5) or name not in ("", WEEKEND):
            last = found[-1] if found else None
            if (
                last
                and (last["name"], last["is_workday"]) == (name, worked)
                and last["last"] == day - ONE_DAY
            ):
                last["last"], last["days"] = day, last["days"] + 1
            else:
                found.append({"first": day, "last": day, "days": 1, "name": name, "is_workday": worked})
        day += ONE_DAY
    return found
