"""What the desk lists of inspections offer: named views, filters, how burdened each unit is, and the figures."""

import re

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.programme.inspections.flows import FINDING, FLOW, VISIT
from longsha_credit.programme.inspections.services import ORGANISERS
from longsha_credit.programme.models import (
    BY_KEY,
    Finding,
    FindingRound,
    FindingState,
    Inspection,
    InspectionKind,
    InspectionState,
    Inspector,
    Visit,
    VisitState,
    Year,
)

F, V = FindingState, VisitState
VISITED = [V.ON_SITE, V.ANSWERING, V.SIGNING, V.COUNTERSIGNING, V.SIGNED]


def number_of(text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,9}", text or "") else None


def years(user):
    """Numbers of the years the reader may choose, the newest first."""
    return list(Year.objects.visible_to(user).values_list("number", flat=True))


def year_of(text, known, today):
    asked = number_of(text)
    return asked if asked in known else today.year


def organisers(user, roles):
    """Units that the user may plan an inspection for, the highest first."""
    sent_by = [m.organisation_id for m in user.current_memberships if m.role in roles]
    rows = Organisation.objects.visible_to(user).in_force().filter(pk__in=sent_by, level__in=ORGANISERS)
    return rows.order_by("path")


def inspections(user):
    """Every inspection that the reader's units organise, with how far it is."""
    return (
        Inspection.objects.visible_to(user)
        .with_names()
        .annotate(
            planned=Count("visits", distinct=True, filter=~Q(visits__state=V.CALLED_OFF)),
            done=Count("visits", distinct=True, filter=Q(visits__state=V.SIGNED)),
            found=Count("visits__findings", distinct=True),
            unsolved=Count(
                "visits__findings",
                distinct=True,
                filter=Q(visits__findings__state__in=[F.DRAFT, F.OPEN, F.REPORTED]),
            ),
        )
    )


def visits(user):
    """Every visit the reader may see, with what it found."""
    return (
        Visit.objects.visible_to(user)
        .with_names()
        .annotate(
            found=Count("findings", distinct=True),
            unsolved=Count(
                "findings", distinct=True, filter=Q(findings__state__in=[F.DRAFT, F.OPEN, F.REPORTED])
            ),
        )
    )


def findings(user):
    return Finding.objects.visible_to(user).with_names().with_clock()


def asked(user):
    """Findings on which the reader has a step to take; those without a notice wait for the inspectors themselves."""
    named = Inspector.objects.visible_to(user).filter(user=user.pk).values("inspection")
    unsent = Q(state=F.DRAFT, visit__inspection__in=named)
    return findings(user).filter(FINDING.waiting_for(user) | unsent)


def burden(user, year: int) -> dict[int, int]:
    """How often each unit has been or will be visited in a year, by its id: what one more would add to."""
    rows = Visit.objects.visible_to(user).filter(inspection__year__number=year)
    counted = rows.exclude(state=V.CALLED_OFF).order_by().values("organisation")
    return dict(counted.annotate(n=Count("pk")).values_list("organisation", "n"))


INSPECTION_VIEWS = [
    ("going", "进行中", Q(state=InspectionState.GOING)),
    ("draft", "拟定中", Q(state=InspectionState.DRAFT)),
    ("closed", "已结束", Q(state=InspectionState.CLOSED)),
    ("cancelled", "已取消", Q(state=InspectionState.CANCELLED)),
]


def inspection_views(user):
    return [("todo", "待我办", FLOW.waiting_for(user)), *INSPECTION_VIEWS]


def visit_views(user):
    return [
        ("todo", "待我办", VISIT.waiting_for(user)),
        ("planned", "待检查", Q(state=V.PLANNED)),
        ("going", "正在办", Q(state__in=[V.ON_SITE, V.ANSWERING, V.SIGNING, V.COUNTERSIGNING])),
        ("signed", "已签字", Q(state=V.SIGNED)),
        ("called_off", "未检查", Q(state=V.CALLED_OFF)),
    ]


def finding_views(user):
    today = timezone.localdate()
    return [
        ("todo", "待我办", Q(pk__in=asked(user).values("pk"))),
        ("draft", "待发通知", Q(state=F.DRAFT)),
        ("open", "整改中", Q(state=F.OPEN)),
        ("late", "已超期", Q(state=F.OPEN, clock_due__lt=today)),
        ("reported", "待复查", Q(state=F.REPORTED)),
        ("again", "复查没过", Q(round__gt=1)),
        ("closed", "已整改", Q(state=F.CLOSED)),
        ("dropped", "不发整改", Q(state=F.DROPPED)),
    ]


def narrowed(rows, query, path=""):
    """`rows` by words, unit, heading, kind and year; unknown values narrow nothing. `path` leads to the inspection."""
    text = query.get("q", "").strip().replace("\x00", "")[:100]
    if text:
        named = Q(organisation__name__icontains=text) | Q(**{f"{path}title__icontains": text})
        rows = rows.filter(named | Q(facts__icontains=text) if rows.model is Finding else named)
    if unit := number_of(query.get("unit", "")):
        rows = rows.filter(organisation=unit)
    if query.get("heading") in BY_KEY and rows.model is Finding:
        rows = rows.filter(heading=query["heading"])
    if query.get("kind") in InspectionKind.values:
        rows = rows.filter(**{f"{path}kind": query["kind"]})
    if year := number_of(query.get("year", "")):
        rows = rows.filter(**{f"{path}year__number": year})
    return rows


def viewed(rows, query, named):
    """`rows` of the view the address names, an unknown one being all; the newest first."""
    chosen = {key: condition for key, _, condition in named}.get(query.get("view"))
    return rows.filter(chosen) if chosen is not None else rows


def counted(rows, query, named):
    """Every view with its number of rows, counted in one query."""
    numbers = rows.order_by().aggregate(
        all=Count("pk", distinct=True),
        **{key: Count("pk", filter=condition, distinct=True) for key, _, condition in named},
    )
    current = query.get("view", "")
    all_ = [("", "全部", numbers["all"])] + [(key, label, numbers[key]) for key, label, _ in named]
    return [{"key": k, "label": label, "count": n, "current": k == current} for k, label, n in all_]


# figures

# column: what is counted, over findings
TALLY = {
    "found": ~Q(state=F.DROPPED),
    "closed": Q(state=F.CLOSED),
    "in_time": Q(state=F.CLOSED, in_time=True),
    "unsolved": Q(state__in=[F.DRAFT, F.OPEN, F.REPORTED]),
    "late": Q(state=F.OPEN, late=True),
}


def tallied(user, year, above=None):
    """Findings of a year in the reader's scope, under the unit `above` where given, with whether each is late now
    and whether the round that closed it was reported in time."""
    today = timezone.localdate()
    clocks = Deadline.objects.visible_to(user).overdue(today)
    overdue = clocks.filter(object_kind=Finding._meta.label_lower, object_id=OuterRef("pk"))
    closing = FindingRound.objects.visible_to(user).filter(finding=OuterRef("pk"), passed=True)
    rows = Finding.objects.visible_to(user).filter(visit__inspection__year__number=year)
    if above is not None:
        rows = rows.filter(organisation__path__startswith=above.path)
    return rows.annotate(
        late=Exists(overdue.filter(rule_key__startswith="inspection_fix_")),
        in_time=Exists(closing.filter(reported_on__lte=models.F("due_on"))),
    )


def _counts():
    return {name: Count("pk", filter=condition) for name, condition in TALLY.items()}


def by_unit(user, year, above=None):
    """Each unit that was or will be inspected in a year: how often, and its findings; three queries."""
    rows = Visit.objects.visible_to(user).filter(inspection__year__number=year)
    if above is not None:
        rows = rows.filter(organisation__path__startswith=above.path)
    visits_of = {
        unit: (planned, done)
        for unit, planned, done in rows.order_by()
        .values("organisation")
        .annotate(
            planned=Count("pk", filter=Q(state=V.PLANNED)), done=Count("pk", filter=Q(state__in=VISITED))
        )
        .values_list("organisation", "planned", "done")
    }
    found = tallied(user, year, above).order_by().values("organisation").annotate(**_counts())
    tally = {row["organisation"]: row for row in found}
    units = Organisation.objects.visible_to(user).filter(pk__in=visits_of).in_tree_order()
    nothing = dict.fromkeys(TALLY, 0)
    return [
        nothing
        | tally.get(unit.pk, {})
        | {"unit": unit, "planned": visits_of[unit.pk][0], "visited": visits_of[unit.pk][1]}
        for unit in units
    ]


def by_heading(user, year, above=None):
    """The findings of a year under each of the nine tasks, those without any too; one query."""
    found = tallied(user, year, above).order_by().values("heading").annotate(**_counts())
    tally = {row["heading"]: row for row in found}
    nothing = dict.fromkeys(TALLY, 0)
    return [nothing | tally.get(key, {}) | {"heading": key, "label": label} for key, label in BY_KEY.items()]


def streets(user):
    """What the board may be narrowed to."""
    rows = Organisation.objects.visible_to(user).in_force().filter(level=Level.STREET)
    return rows.in_tree_order()


COLUMNS = ["单位", "已检查次数", "待检查次数", "问题", "已整改", "按期整改", "未整改", "超期未改"]


def lines(rows):
    """The table of units as a spreadsheet takes it."""
    names = ("visited", "planned", "found", "closed", "in_time", "unsolved", "late")
    return [[row["unit"].name, *(row[name] for name in names)] for row in rows]
