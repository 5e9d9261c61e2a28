"""What the desk offers of tasks: which year and units, narrowed how, and which of them wait for somebody."""

import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.directory.scope import within
from longsha_credit.programme.models import (
    OPEN,
    UNIT_CLOCKS,
    MainTask,
    StageKey,
    Task,
    TaskState,
    Year,
)
from longsha_credit.programme.tasking.flows import FLOW, WRITERS

NEAR = datetime.timedelta(days=30)
S = TaskState
KIND = Task._meta.label_lower


def number_in(text: str) -> int | None:
    """The number an address names, where it is one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def years_of(user: Any) -> list[Year]:
    return list(Year.objects.visible_to(user).select_related("organisation"))


def year_asked(years: list[Year], text: str, today: datetime.date) -> Year | None:
    """The year asked for, else the current one, else the newest."""
    by_number = {str(year.number): year for year in years}
    return by_number.get(text) or by_number.get(str(today.year)) or next(iter(years), None)


def units_of(user: Any) -> Any:
    """The units in reach, each after the one it stands under; posts are reached through theirs."""
    return Organisation.objects.visible_to(user).taking_part().units().in_tree_order()


def everybody_in_reach(user: Any) -> Any:
    """Posts too, and units that ended with tasks of their own: on a board nothing is left out."""
    return Organisation.objects.visible_to(user)


def unit_asked(user: Any, text: str) -> Organisation | None:
    """The unit that an address names, where it is in reach."""
    number = number_in(text)
    return number and Organisation.objects.visible_to(user).taking_part().filter(pk=number).first()


def own_unit(user: Any) -> Organisation | None:
    """The highest unit the user works in."""
    units = Organisation.objects.visible_to(user).taking_part().units()
    return units.filter(pk__in=[m.organisation_id for m in user.current_memberships]).order_by("path").first()


BY_CLOCK = ("late", "near")


def _conditions(user: Any, today: datetime.date) -> list[tuple[str, str, Q]]:
    """The named views of the list: key, label, condition; all but taken back ones under the first."""
    # asked from the clocks: a look at the clock of each task would read hundreds of thousands
    clocks = Deadline.objects.visible_to(user).open().filter(object_kind=KIND, rule_key__in=UNIT_CLOCKS)
    late = clocks.filter(due_on__lt=today).values("object_id")
    near = clocks.filter(due_on__gte=today, due_on__lte=today + NEAR).values("object_id")
    return [
        ("todo", "待我办", to_do(user) | FLOW.waiting_for(user)),
        ("late", "超期", Q(state__in=OPEN, pk__in=late)),
        ("near", "30天内", Q(state__in=OPEN, pk__in=near)),
        ("issued", "已下达", Q(state=S.ISSUED)),
        ("working", "办理中", Q(state=S.WORKING)),
        ("reported", "已报完成", Q(state=S.REPORTED)),
        ("returned", "退回", Q(state=S.RETURNED)),
        ("done", "已完成", Q(state=S.DONE)),
        ("withdrawn", "已收回", Q(state=S.WITHDRAWN)),
    ]


def to_do(user: Any) -> Q:
    """What the user's own units have to do, or those that ended below."""
    own = Q(pk__in=[m.organisation_id for m in user.current_memberships if m.role in WRITERS])
    ended = Q(valid_to__isnull=False) & within(user, WRITERS, "path")
    units = Organisation.objects.visible_to(user).filter(own | ended).order_by()
    return Q(state__in=OPEN, organisation__in=units.values("pk"))


def waiting_for(user: Any) -> Any:
    """What the user's own units have to do within 30 days or late, and what came back; the earliest first."""
    rows = Task.objects.visible_to(user).filter(to_do(user)).with_clock().with_names()
    until = timezone.localdate() + NEAR
    # a frozen year's clocks are stopped: what nobody can do any more is nobody's work
    return rows.filter(clock_due__lte=until).order_by("clock_due", "id")


def to_decide(user: Any) -> Any:
    """What units reported and the user decides on."""
    rows = Task.objects.visible_to(user).filter(FLOW.waiting_for(user)).exclude(year__state="frozen")
    return rows.with_names().order_by("reported_on", "id")


def narrowed(rows: Any, query: Any, user: Any) -> Any:
    """`rows` by unit (with those below it, or alone), stage, main task, level, job, text; unknown values narrow nothing."""
    unit = unit_asked(user, query.get("unit", ""))
    if unit is not None:
        rows = rows.filter(organisation=unit) if query.get("alone") == "1" else rows.below(unit)
    if query.get("stage") in StageKey.values:
        rows = rows.filter(standard__stage=query["stage"])
    if query.get("main") in {str(one.value) for one in MainTask}:
        rows = rows.filter(standard__main=int(query["main"]))
    if query.get("level") in Level.values:
        rows = rows.filter(organisation__level=query["level"])
    if job := number_in(query.get("job", "")):
        rows = rows.filter(job=job)
    if standard := number_in(query.get("standard", "")):
        rows = rows.filter(standard=standard)
    if text := query.get("q", "").strip().replace("\x00", "")[:100]:
        rows = rows.filter(Q(standard__title__icontains=text) | Q(organisation__name__icontains=text))
    return rows


def of_view(rows: Any, query: Any, user: Any, today: datetime.date) -> Any:
    """`rows` of the named view with their clocks, an unknown view is the first; the earliest due first."""
    chosen = {key: condition for key, _, condition in _conditions(user, today)}.get(query.get("view", ""))
    rows = rows.filter(chosen) if chosen is not None else rows.standing()
    return rows.with_clock().order_by("due_on", "organisation__path", "id")


def views(rows: Any, query: Any, user: Any, today: datetime.date) -> list[dict]:
    """Every view with its number of rows: one query, and one for each view that asks the clocks.

    Inside a count a look-up among hundreds of thousands of clocks is made anew for each row: minutes.
    """
    named, rows = _conditions(user, today), rows.order_by()
    numbers = rows.aggregate(
        all=Count("pk", filter=~Q(state=S.WITHDRAWN)),
        **{key: Count("pk", filter=condition) for key, _, condition in named if key not in BY_CLOCK},
    ) | {key: rows.filter(condition).count() for key, _, condition in named if key in BY_CLOCK}
    current = query.get("view", "")
    current = current if current in {key for key, _, _ in named} else ""
    return [{"key": "", "label": "全部", "count": numbers["all"], "current": not current}] + [
        {"key": key, "label": label, "count": numbers[key], "current": key == current}
        for key, label, _ in named
    ]


def under(paths: Any) -> Q:
    """The condition that an organisation is one of these paths or stands below one."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(path__startswith=path)
    return condition
