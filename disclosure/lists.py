"""What the desk offers of notices: the named views of the list, and what stands on one notice's page."""

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from disclosure.flows import FLOW, WRITERS
from disclosure.models import DisclosedState, Notice, NoticeKind, NoticeRevision, Topic
from disclosure.services import PICTURE, reviews_about
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.exchange.imports import services as imports

S = DisclosedState


def _conditions(user):
    """The named views of the list: key, label, condition."""
    today = timezone.localdate()
    later = Notice.objects.public().filter(supersedes=OuterRef("pk"))
    return [
        ("todo", "待我办", FLOW.waiting_for(user)),
        ("draft", "草稿", Q(state=S.DRAFT)),
        ("review", "审查中", Q(state=S.IN_REVIEW)),
        ("public", "已公开", Q(state__in=[S.PUBLISHED, S.WITHDRAWING])),
        ("hearing", "公示期内", Q(state=S.PUBLISHED, hearing_from__lte=today, hearing_until__gte=today)),
        ("over", "失效和被取代", Q(state=S.PUBLISHED) & (Q(valid_until__lt=today) | Q(Exists(later)))),
        ("gone", "撤下和作废", Q(state__in=[S.WITHDRAWN, S.DISCARDED])),
    ]


def filtered(rows, query, user):
    """`rows` narrowed to what the address asks for; unknown values narrow nothing."""
    text = query.get("q", "").strip().replace("\x00", "")[:100]
    if text:
        rows = rows.filter(
            Q(title__icontains=text)
            | Q(document_number__icontains=text)
            | Q(topic__name__icontains=text)
            | Q(organisation__name__icontains=text)
            | Q(code__icontains=text)
        )
    if query.get("kind") in NoticeKind.values:
        rows = rows.filter(kind=query["kind"])
    rows = imports.only(rows, "notices", query, user)
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


def start(user, query):
    """A new notice begins with the unit and the topic the address names, or the writer's own unit."""
    units = Organisation.objects.visible_to(user).where(user, WRITERS).taking_part().units()
    asked = units.filter(pk=_number(query.get("unit"))).first()
    own = [m.organisation for m in user.current_memberships if m.role in WRITERS]
    topic = Topic.objects.public().in_use().filter(key=query.get("topic", "").replace("\x00", "")).first()
    return {
        "organisation": asked or (own[0] if own else None),
        "topic": topic,
        "formed_on": timezone.localdate(),
    }


def _number(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def desk_files(row):
    """The attachments of a row with their desk addresses, without the pictures of its text."""
    files = [file for file in row.files.all() if file.purpose != PICTURE]
    for file in files:
        file.url = reverse("file", args=[file.pk])
    return files


def revisions_of(notice, user):
    """Its revisions, newest first, with their files fetched."""
    rows = NoticeRevision.objects.visible_to(user).with_names().filter(of=notice)
    return list(rows.prefetch_related("files").order_by("-id"))


def reviews_of(notice, user):
    """Every review of a notice and its revisions, each with whether `user` may open it."""
    rows = list(reviews_about(notice))
    for review in rows:
        review.opens = user.role_at(SEES_WORK, review.organisation.path) is not None
    return rows


def clocks_of(notice, user):
    return list(Deadline.objects.visible_to(user).of(notice).open().with_names().order_by("due_on"))
