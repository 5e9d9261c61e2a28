"""What the desk offers of rounds and applications, and what waits for somebody there."""

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from evaluation.demonstration.flows import AWARD, CYCLE, FLOW, NOTICE, OBJECTION, OFFICE, SEAT
from evaluation.models import (
    Application,
    ApplicationState,
    Award,
    CandidateNotice,
    Cycle,
    CycleState,
    NoticeObjection,
    Seat,
    SeatState,
)
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import within
from longsha_credit.publication.gate import WRITERS

A = ApplicationState


def cycles(user):
    """The rounds of the reader's district, those that run first, with how many applied."""
    number = Count("applications", filter=~Q(applications__state=A.WITHDRAWN))
    return Cycle.objects.visible_to(user).with_names().annotate(number=number)


def _conditions(user):
    return [
        ("todo", "待我办", FLOW.waiting_for(user)),
        ("draft", "填报自评", Q(state=A.DRAFT)),
        ("check", "初审和复核", Q(state__in=[A.STREET, A.CHECK])),
        ("panel", "评审", Q(state__in=[A.PANEL, A.SCORED])),
        ("shown", "公示", Q(state__in=[A.CANDIDATE, A.PUBLICITY])),
        ("awarded", "已评定", Q(state=A.AWARDED)),
        ("out", "未入选和撤回", Q(state__in=[A.FINISHED, A.WITHDRAWN])),
    ]


def filtered(rows, query, user):
    """`rows` narrowed to what the address asks for; unknown values narrow nothing."""
    text = query.get("q", "").strip().replace("\x00", "")[:100]
    if text:
        rows = rows.filter(Q(organisation__name__icontains=text) | Q(cycle__title__icontains=text))
    chosen = {key: condition for key, _, condition in _conditions(user)}.get(query.get("view"))
    return (rows.filter(chosen) if chosen is not None else rows).order_by("-saved_at", "-id")


def views(rows, query, user):
    """Every view with its number of rows, counted in one query."""
    conditions = _conditions(user)
    numbers = rows.order_by().aggregate(
        all=Count("pk"), **{key: Count("pk", filter=condition) for key, _, condition in conditions}
    )
    named = [("", "全部", numbers["all"])] + [(key, label, numbers[key]) for key, label, _ in conditions]
    current = query.get("view", "")
    return [{"key": k, "label": label, "count": n, "current": k == current} for k, label, n in named]


# --- what waits ------------------------------------------------------------------------------------------------------


def cycles_asked(user):
    return Cycle.objects.visible_to(user).with_names().filter(CYCLE.waiting_for(user))


def applications_asked(user):
    """Steps that wait, and rounds whose panel is through so that the office sums up."""
    rows = Application.objects.visible_to(user).with_names()
    seats = Seat.objects.visible_to(user).filter(application=OuterRef("pk"))
    through = Q(state=A.PANEL) & Exists(seats) & ~Exists(seats.filter(state=SeatState.ASSIGNED))
    return rows.filter(FLOW.waiting_for(user) | through & within(user, OFFICE, "organisation__path"))


def seats_asked(user):
    return (
        Seat.objects.visible_to(user).with_names().filter(SEAT.waiting_for(user), application__state=A.PANEL)
    )


def notices_asked(user):
    return CandidateNotice.objects.visible_to(user).with_names().filter(NOTICE.waiting_for(user))


def objections_asked(user):
    return NoticeObjection.objects.visible_to(user).with_names().filter(OBJECTION.waiting_for(user))


def awards_asked(user):
    return Award.objects.visible_to(user).with_names().filter(AWARD.waiting_for(user))


def to_apply(user):
    """Rounds in which a unit of the writer's own may apply and has not: rows of units, with the round's id and title."""
    today = timezone.localdate()
    own = [m.organisation_id for m in user.current_memberships if m.role in WRITERS]
    applied = Application.objects.visible_to(user).in_the_round().filter(organisation__in=own)
    open_ones = Cycle.objects.visible_to(user).filter(state=CycleState.OPEN, apply_until__gte=today)
    units = Organisation.objects.visible_to(user).filter(pk__in=own)
    return open_ones.filter(level__in=units.values("level")).exclude(pk__in=applied.values("cycle"))
