"""What the desk list of scenes offers, and what waits for somebody there."""

import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from disclosure.models import MonthState, Scene, SceneMonth, SceneRevision, SceneState
from disclosure.scenes.flows import FLOW, MONTH, REVISION, WRITERS
from longsha_credit.directory.scope import within

S = SceneState


def _conditions(user):
    """The named views of the list: key, label, condition."""
    going = Q(state__in=[S.PUBLISHED, S.WITHDRAWING])
    return [
        ("todo", "待我办", FLOW.waiting_for(user)),
        ("draft", "草稿", Q(state=S.DRAFT)),
        ("review", "审查中", Q(state=S.IN_REVIEW)),
        ("going", "正在进行", going),
        ("silent", "缺上月数字", Q(pk__in=silent(user).values("pk"))),
        ("halted", "暂停和结束", Q(state__in=[S.SUSPENDED, S.ENDED])),
        ("gone", "撤下和作废", Q(state__in=[S.WITHDRAWN, S.DISCARDED])),
    ]


def last_month(today):
    """The first day of the month before."""
    return (today.replace(day=1) - datetime.timedelta(days=1)).replace(day=1)


def silent(user):
    """Scenes that went on all last month and have no numbers of it, not even a draft."""
    today = timezone.localdate()
    month = last_month(today)
    told = SceneMonth.objects.visible_to(user).filter(scene=OuterRef("pk"), month=month, corrects=None)
    return Scene.objects.visible_to(user).filter(
        ~Exists(told.exclude(state=MonthState.DISCARDED)),
        Q(ends_on=None) | Q(ends_on__gte=month),
        state=S.PUBLISHED,
        begins_on__lte=month,
        publication__first_published_at__date__lte=month,
    )


def to_report(user):
    """The silent scenes of the writer's own units, and of units that ended below."""
    own = Q(organisation__in=[m.organisation_id for m in user.current_memberships if m.role in WRITERS])
    own |= Q(organisation__valid_to__isnull=False) & within(user, WRITERS, "organisation__path")
    return silent(user).filter(own)


def asked(user):
    """The rows on which `user` has a step to take: scenes, revisions, months."""
    return (
        Scene.objects.visible_to(user).filter(FLOW.waiting_for(user)),
        SceneRevision.objects.visible_to(user).filter(REVISION.waiting_for(user)),
        SceneMonth.objects.visible_to(user).filter(MONTH.waiting_for(user)),
    )


def filtered(rows, query, user):
    """`rows` narrowed to what the address asks for; unknown values narrow nothing."""
    text = query.get("q", "").strip().replace("\x00", "")[:100]
    if text:
        rows = rows.filter(
            Q(title__icontains=text)
            | Q(service__icontains=text)
            | Q(organisation__name__icontains=text)
            | Q(code__startswith=text)
        )
    chosen = {key: condition for key, _, condition in _conditions(user)}.get(query.get("view"))
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


def start(user):
    """A new scene begins with the writer's own unit, its address and its telephone."""
    own = [m.organisation for m in user.current_memberships if m.role in WRITERS]
    if not own:
        return {}
    unit = own[0]
    return {"organisation": unit, "place": unit.address, "phone": unit.supervision_phone}
