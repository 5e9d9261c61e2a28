"""What the desk lists of contests and questions offer, and what waits for somebody there."""

import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.scope import within
from longsha_credit.exchange.imports import services as imports
from longsha_credit.programme.contests.clocks import TAKE_PART
from longsha_credit.programme.contests.flows import FLOW, HOLDS, KNOWS_THE_BANK, QUESTION, RESULT, REVISION
from longsha_credit.programme.models import (
    Category,
    Contest,
    ContestResult,
    ContestRevision,
    ContestState,
    ContestUnit,
    Question,
    QuestionKind,
    QuestionState,
    ResultState,
)

S, Q_ = ContestState, QuestionState


def contests_asked(user):
    """Contests on which `user` has a step to take."""
    return Contest.objects.visible_to(user).with_names().filter(FLOW.waiting_for(user)).order_by("saved_at")


def results_asked(user):
    rows = ContestResult.objects.visible_to(user).with_names()
    return rows.filter(RESULT.waiting_for(user)).order_by("saved_at")


def revisions_asked(user):
    rows = ContestRevision.objects.visible_to(user).with_names()
    return rows.filter(REVISION.waiting_for(user)).order_by("saved_at")


def units_to_call(user):
    """Units of this writer whose people can take part in a contest now, in its last week."""
    near = (
        Deadline.objects.visible_to(user)
        .owed_by(user)
        .due_within(timezone.localdate())
        .filter(rule_key=TAKE_PART)
    )
    rows = ContestUnit.objects.visible_to(user).filter(
        pk__in=near.order_by().values("object_id"),
        contest__opens_at__lte=Now(),
        contest__closes_at__gt=Now(),
    )
    return rows.select_related("contest", "organisation").order_by("contest__closes_at", "id")


def to_sit(user):
    """Tests that go on, concern this official and are not handed in yet; who knows the bank takes no part."""
    rows = Contest.objects.public().awaiting(user.official_id)
    return rows.exclude(within(user, KNOWS_THE_BANK, "organisation__path")).with_names().order_by("closes_at")


def dates(user, first: datetime.date, last: datetime.date):
    """When the public contests of the reader's units begin, between these days: (day, its words, its number)."""
    rows = Contest.objects.visible_to(user).public().filter(opens_at__date__range=(first, last))
    return [
        (timezone.localdate(row.opens_at), f"{row.title}开始", row.pk) for row in rows.order_by("opens_at")
    ]


def banks_asked(user):
    """One question for each unit whose questions `user` has to check: a bank is one piece of work."""
    rows = Question.objects.visible_to(user).filter(QUESTION.waiting_for(user))
    return rows.select_related("organisation").order_by("organisation_id").distinct("organisation_id")


def over_without_result(user):
    """Contests that are over and whose result nobody has begun, for those who run them."""
    begun = ContestResult.objects.visible_to(user).filter(contest=OuterRef("pk"))
    return (
        Contest.objects.visible_to(user)
        .with_names()
        .filter(
            ~Exists(begun.exclude(state=ResultState.DISCARDED)),
            within(user, HOLDS, "organisation__path"),
            state=S.PUBLISHED,
            closes_at__lt=Now(),
        )
        .order_by("closes_at")
    )


def _contest_views(user):
    return [
        ("todo", "待我办", FLOW.waiting_for(user)),
        ("draft", "草稿", Q(state=S.DRAFT)),
        ("review", "审查中", Q(state=S.IN_REVIEW)),
        ("going", "还没结束", Q(state=S.PUBLISHED, closes_at__gt=Now())),
        ("count", "等结果", Q(state=S.PUBLISHED, closes_at__lte=Now())),
        ("finished", "结果已公布", Q(state=S.FINISHED)),
        ("gone", "撤下和作废", Q(state__in=[S.WITHDRAWING, S.WITHDRAWN, S.DISCARDED])),
    ]


def _question_views(user):
    return [
        ("check", "待我核对", QUESTION.waiting_for(user)),
        ("draft", "待核对", Q(state=Q_.DRAFT)),
        ("ready", "已启用", Q(state=Q_.READY)),
        ("retired", "停用和作废", Q(state__in=[Q_.RETIRED, Q_.DISCARDED])),
    ]


def contests(rows, query, user):
    """`rows` narrowed to what the address asks for; unknown values narrow nothing."""
    return _chosen(rows, query, _contest_views(user)).order_by("-saved_at", "-id")


def contest_views(rows, query, user):
    return _counted(rows, query, _contest_views(user))


def questions(rows, query, user):
    text = query.get("q", "").strip().replace("\x00", "")[:100]
    if text:
        rows = rows.filter(Q(text__icontains=text) | Q(source__icontains=text))
    rows = imports.only(rows, "questions", query, user)
    for name, choices in (("kind", QuestionKind), ("category", Category)):
        if query.get(name) in choices.values:
            rows = rows.filter(**{name: query.get(name)})
    return _chosen(rows, query, _question_views(user)).order_by("-id")


def question_views(rows, query, user):
    return _counted(rows, query, _question_views(user))


def _chosen(rows, query, views):
    condition = {key: condition for key, _, condition in views}.get(query.get("view"))
    return rows if condition is None else rows.filter(condition)


def _counted(rows, query, views):
    """Every view with its number of rows, counted in one query."""
    numbers = rows.order_by().aggregate(
        all=Count("pk"), **{key: Count("pk", filter=condition) for key, _, condition in views}
    )
    current = query.get("view", "")
    named = [("", "全部", numbers["all"])] + [(key, label, numbers[key]) for key, label, _ in views]
    return [{"key": k, "label": label, "count": n, "current": k == current} for k, label, n in named]
