"""What the desk lists of the ledger offer: named views, filters, the board of the quarterly sweep, pickers."""

import re

from django.db.models import Count, Q
from django.utils import timezone

from commitments.models import (
    ClueSource,
    Domain,
    Problem,
    Rectification,
    RectificationState,
    Sweep,
)
from commitments.models.rectification_words import CLOSED
from commitments.models.sweeps import SWEEP_RULE
from commitments.rectification.flows import FLOW
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.models import Organisation

S = RectificationState
COLOURS = {"blue": "蓝色督办单", "yellow": "黄色督办单", "red": "红色督办单"}


def items_of(user):
    """Every item `user` may see, with its names and the colour of its last slip of supervision."""
    clocks = Deadline.objects.visible_to(user).running()
    return Rectification.objects.visible_to(user).with_names().with_slip(clocks)


def _conditions(user):
    """The named views of the list: key, label, condition."""
    return [
        ("todo", "待我办", FLOW.waiting_for(user)),
        ("mine", "我登记的", Q(created_by=user.pk)),
        ("checking", "待核实", Q(state__in=[S.CLUE, S.CHECKING])),
        ("planning", "待定方案", Q(state__in=[S.FOUND, S.PLANNED])),
        ("rectifying", "整改中", Q(state=S.RECTIFYING)),
        ("late", "已超期", Q(state=S.RECTIFYING, due_on__lt=timezone.localdate())),
        ("closing", "待验收", Q(state__in=[S.CLOSING, S.ACCEPTING])),
        ("closed", "已销号", Q(state__in=CLOSED)),
        ("relapsed", "回潮过", Q(round__gt=1)),
        ("refused", "拒不整改", Q(state__in=[S.REFUSING, S.REFUSED])),
        ("unfounded", "不属实", Q(state=S.UNFOUNDED)),
    ]


def narrowed(rows, query):
    """`rows` by search, unit, domain, source, problem and colour; unknown values narrow nothing."""
    text = query.get("q", "").strip().replace("\x00", "")[:100]
    if text:
        rows = rows.filter(
            Q(title__icontains=text) | Q(number__icontains=text) | Q(organisation__name__icontains=text)
        )
    if re.fullmatch("[0-9]{1,9}", query.get("unit", "")):
        rows = rows.filter(organisation=int(query["unit"]))
    for name, choices in (("domain", Domain), ("source", ClueSource), ("problem", Problem)):
        if query.get(name) in choices.values:
            rows = rows.filter(**{name: query[name]})
    if query.get("colour") in COLOURS:
        rows = rows.filter(slip=query["colour"])
    return rows


def filtered(rows, query, user):
    """What the address asks for, the named view included."""
    chosen = {key: condition for key, _, condition in _conditions(user)}.get(query.get("view"))
    rows = narrowed(rows, query)
    if chosen is not None:
        rows = rows.filter(chosen)
    return rows.order_by("-saved_at", "-id")


def views(rows, query, user):
    """Every view with its number of rows, counted in one query."""
    conditions = _conditions(user)
    numbers = rows.order_by().aggregate(
        all=Count("pk"), **{key: Count("pk", filter=condition) for key, _, condition in conditions}
    )
    current = query.get("view", "")
    named = [("", "全部", numbers["all"])] + [(key, label, numbers[key]) for key, label, _ in conditions]
    return [{"key": k, "label": label, "count": n, "current": k == current} for k, label, n in named]


def units_of(user, roles, levels):
    """Units the writer may register an item about."""
    return (
        Organisation.objects.visible_to(user)
        .where(user, roles)
        .taking_part()
        .filter(level__in=levels)
        .order_by("path")
    )


def posts_of(user, unit):
    return Organisation.objects.visible_to(user).posts_of(unit)


def quarters(user):
    """(year, quarter) of every sweep in scope, the newest first."""
    rows = Sweep.objects.visible_to(user).order_by("-year", "-quarter")
    return list(rows.values_list("year", "quarter").distinct())


def board(user, year, quarter):
    """The sweeps of a quarter in scope, each with its clock and the number of items it found; three queries."""
    rows = list(
        Sweep.objects.visible_to(user)
        .with_names()
        .filter(year=year, quarter=quarter)
        .annotate(found=Count("rectifications"))
        .order_by("organisation__path")
    )
    clocks = Deadline.objects.visible_to(user).filter(
        object_kind=Sweep._meta.label_lower, object_id__in=[row.pk for row in rows], rule_key=SWEEP_RULE
    )
    due = {clock.object_id: clock for clock in clocks.order_by("id")}
    for row in rows:
        row.clock = due.get(row.pk)
    return rows


def quarter_of(text, quarters):
    """The quarter the address names, as 2026-3, where there is one; else the newest."""
    asked = re.fullmatch(r"([0-9]{4})-([1-4])", text)
    found = (int(asked[1]), int(asked[2])) if asked else None
    return found if found in quarters else next(iter(quarters), None)
