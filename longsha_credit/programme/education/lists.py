"""What the desk lists of education offer, and what waits for somebody there."""

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from longsha_credit.directory.scope import within
from longsha_credit.programme.education.flows import EDITION, HOURS, SHEET, WRITERS
from longsha_credit.programme.models import (
    Activity,
    ActivitySheet,
    ActivityState,
    Audience,
    MaterialEdition,
    MaterialState,
    Theme,
    TrainingHours,
    Year,
)

S, M = ActivityState, MaterialState


def years_of(user):
    """Every year, the newest first, for whoever may see something of education."""
    return list(Year.objects.public().order_by("-number"))


def chosen_year(years, query):
    """The year asked for, else this one, else the newest; None where there is none."""
    numbers = {str(year.number): year for year in years}
    today = str(timezone.localdate().year)
    return numbers.get(query.get("year")) or numbers.get(today) or next(iter(years), None)


def _own(user):
    own = Q(organisation__in=[m.organisation_id for m in user.current_memberships if m.role in WRITERS])
    own |= Q(organisation__valid_to__isnull=False) & within(user, WRITERS, "organisation__path")
    return own | Q(created_by=user.pk) & within(user, WRITERS, "organisation__path")


def _undecided(user):
    """Summed up, and neither a report on its way or shown nor kept inside."""
    told = ActivitySheet.objects.visible_to(user).filter(activity=OuterRef("pk"), stage="report")
    return Q(state=S.SUMMARISED) & ~Exists(told.exclude(state="discarded"))


def _late():
    return Q(state=S.PLANNED, planned_on__lt=timezone.localdate())


def asking(user):
    """Activities of the writer's own units that ask for something: past their day, without summary, undecided.

    Those of frozen years ask for nothing any more.
    """
    rows = Activity.objects.visible_to(user).filter(_own(user)).exclude(year__state="frozen")
    return rows.filter(_late() | Q(state=S.HELD) | _undecided(user))


def sheets_asking(user):
    return ActivitySheet.objects.visible_to(user).filter(SHEET.waiting_for(user))


def editions_asking(user):
    return MaterialEdition.objects.visible_to(user).filter(EDITION.waiting_for(user))


def hours_asking(user):
    rows = TrainingHours.objects.visible_to(user).filter(HOURS.waiting_for(user))
    return rows.exclude(year__state="frozen")


def _views(user):
    """The named views of the list of activities: key, label, condition."""
    return [
        ("asking", "待我办", Q(pk__in=asking(user).values("pk"))),
        ("planned", "已计划", Q(state=S.PLANNED)),
        ("held", "待总结", Q(state=S.HELD)),
        ("told", "已总结", Q(state__in=[S.SUMMARISED, S.FILED])),
        ("cancelled", "已取消", Q(state=S.CANCELLED)),
    ]


def activities(user, year, query):
    """Activities of a year narrowed to what the address asks for; unknown values narrow nothing."""
    rows = Activity.objects.visible_to(user).filter(year=year).with_names()
    text = query.get("q", "").strip().replace("\x00", "")[:100]
    if text:
        rows = rows.filter(
            Q(title__icontains=text) | Q(organisation__name__icontains=text) | Q(code__startswith=text)
        )
    chosen = {key: condition for key, _, condition in _views(user)}.get(query.get("view"))
    if chosen is not None:
        rows = rows.filter(chosen)
    return rows.order_by("-planned_on", "-id")


def _told(named, numbers, current):
    rows = [("", "全部", numbers["all"])] + [(key, label, numbers[key]) for key, label, _ in named]
    return [{"key": k, "label": label, "count": n, "current": k == current} for k, label, n in rows]


def activity_views(user, year, query):
    """Every view with its number of rows, counted in one query."""
    named = _views(user)
    rows = Activity.objects.visible_to(user).filter(year=year).order_by()
    counts = {key: Count("pk", filter=condition) for key, _, condition in named}
    return _told(named, rows.aggregate(all=Count("pk"), **counts), query.get("view", ""))


def _material_views(user):
    return [
        ("asking", "待我办", Q(pk__in=editions_asking(user).values("pk"))),
        ("public", "已公开", Q(state__in=[M.PUBLISHED, M.WITHDRAWING])),
        ("internal", "内部学习", Q(state=M.INTERNAL)),
        ("open", "草稿和办理中", Q(state__in=[M.DRAFT, M.IN_REVIEW, M.OFFERED])),
        ("gone", "停用和撤下", Q(state__in=[M.RETIRED, M.ENDED])),
    ]


def _editions(user):
    """One row a version; those a newer one replaced and those thrown away are on the material's own page."""
    rows = MaterialEdition.objects.visible_to(user).exclude(state__in=[M.REPLACED, M.DISCARDED])
    return rows.with_names()


def editions(user, query):
    """Materials narrowed to what the address asks for; unknown values narrow nothing."""
    rows = _editions(user)
    text = query.get("q", "").strip().replace("\x00", "")[:100]
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(summary__icontains=text) | Q(body__icontains=text))
    if query.get("theme") in Theme.values:
        rows = rows.filter(theme=query["theme"])
    if query.get("audience") in Audience.values:
        rows = rows.filter(audiences__contains=[query["audience"]])
    chosen = {key: condition for key, _, condition in _material_views(user)}.get(query.get("view"))
    if chosen is not None:
        rows = rows.filter(chosen)
    return rows.order_by("-saved_at", "-id")


def edition_views(user, query):
    named = _material_views(user)
    counts = {key: Count("pk", filter=condition) for key, _, condition in named}
    numbers = _editions(user).order_by().aggregate(all=Count("pk"), **counts)
    return _told(named, numbers, query.get("view", ""))
