"""Every change of questions, contests and results apart from the steps of their flows."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import require_within
from longsha_credit.files.services import NOTHING, Upload
from longsha_credit.programme.contests import candidates as c
from longsha_credit.programme.contests import clocks, counting
from longsha_credit.programme.contests.flows import FLOW, HOLDS, QUESTION, RESULT, REVISION
from longsha_credit.programme.models import (
    Contest,
    ContestDraw,
    ContestResult,
    ContestRevision,
    ContestRevisionState,
    ContestState,
    ContestUnit,
    Question,
    QuestionState,
    ResultState,
    Year,
    YearState,
)
from longsha_credit.programme.models.contest_questions import CONTENT
from longsha_credit.programme.models.contests import WORDS
from longsha_credit.publication import drafts, registry
from longsha_credit.publication.models import Chain
from longsha_credit.publication.registry import Kind


@transaction.atomic
def save_question(question: Question, *, by: Any, seen: str = "") -> Question:
    """Store a new or changed draft. Raises Http404 outside the writer's units, Refused when it is no draft any more."""
    drafts.prepare(question, draft=QuestionState.DRAFT, by=by, seen=seen, writers=HOLDS)
    return drafts.store(question, by=by, upload=NOTHING, purpose="question", word="题目", roles=HOLDS)


def new_version(question: Question) -> Question:
    """An unsaved next version of a question in use, which stands until the new one is checked. Raises Refused."""
    if question.state != QuestionState.READY:
        raise Refused(f"这道题现在是“{question.get_state_display()}”，不能出新版。", "state")
    if question.later.exclude(state=QuestionState.DISCARDED).exists():
        raise Refused("这道题已有一份新版在办理，请先核对或作废那一份。", "state")
    content = {name.strip('"'): getattr(question, name.strip('"')) for name in CONTENT}
    return Question(
        organisation=question.organisation, replaces=question, version=question.version + 1, **content
    )


@transaction.atomic
def confirm_questions(questions: Iterable[Question], *, by: Any) -> int:
    """Take the step of checking for each, all or none; gives how many. Raises Refused."""
    done = 0
    for question in questions:
        QUESTION.take(question, "confirm", by=by)
        done += 1
    return done


@transaction.atomic
def save_contest(
    contest: Contest,
    *,
    by: Any,
    units: Iterable[ContestUnit] | None = None,
    draws: Iterable[ContestDraw] | None = None,
    seen: str = "",
    upload: Upload = NOTHING,
    today: datetime.date | None = None,
) -> Contest:
    """Store a new or changed draft with the units and rules given, or with those it has; its clock follows.

    Raises Http404 outside the writer's units, Refused when it is no draft any more, a colleague saved first, or the
    year is frozen.
    """
    drafts.prepare(contest, draft=ContestState.DRAFT, by=by, seen=seen, writers=HOLDS)
    _year_is_open(contest.closes_at)
    saved = drafts.store(contest, by=by, upload=NOTHING, purpose="contest", word="竞赛", roles=HOLDS)
    _replace(ContestUnit, saved, units)
    _replace(ContestDraw, saved, draws)
    clocks.follow(saved, today=today or timezone.localdate())
    return saved


def new_revision(contest: Contest) -> ContestRevision:
    """An unsaved revision that starts from what stands."""
    words = {name: getattr(contest, name) for name in WORDS}
    return ContestRevision(of=contest, organisation=contest.organisation, **words)


def revision_refusal(contest: Contest) -> str:
    """Why nothing may be revised now, or nothing."""
    if contest.state != ContestState.PUBLISHED:
        return f"竞赛现在是“{contest.get_state_display()}”，不能更正。"
    if contest.closes_at <= timezone.now():
        return "竞赛已经结束，不能再更正。"
    if contest.revisions.unfinished().exists():
        return "这次竞赛已有一份更正在办理，请先办完或作废那一份。"
    return ""


@transaction.atomic
def save_revision(
    revision: ContestRevision, *, by: Any, seen: str = "", upload: Upload = NOTHING
) -> ContestRevision:
    """Store a new or changed draft of a revision; what is public stands until it passes. Raises as save_contest."""
    drafts.prepare(revision, draft=ContestRevisionState.DRAFT, by=by, seen=seen, writers=HOLDS)
    contest = Contest.objects.select_for_update(of=("self",)).get(pk=revision.of_id)
    if revision.pk is None and (refusal := revision_refusal(contest)):
        raise Refused(refusal, "state")
    _year_is_open(revision.closes_at)
    return drafts.store(revision, by=by, upload=NOTHING, purpose="contest", word="竞赛更正", roles=HOLDS)


def _replace(model: Any, contest: Contest, rows: Iterable[Any] | None) -> None:
    """The rows of a draft are those given; without any given they stay."""
    if rows is None:
        return
    model.objects.filter(contest=contest).delete()
    given = list(rows)
    for row in given:
        row.contest = contest
    model.objects.bulk_create(given)


def _year_is_open(moment: datetime.datetime) -> None:
    """Most contests stand in a year; one that is frozen takes no more."""
    number = timezone.localdate(moment).year
    if Year.objects.filter(number=number, state=YearState.FROZEN).exists():
        raise Refused(f"{number}年度已封存，不能再办竞赛、再公布结果。", "state")


@transaction.atomic
def draw_up_result(contest: Contest, *, by: Any, now: datetime.datetime | None = None) -> ContestResult:
    """A draft of the result, its figures counted once and for all. Raises Http404, Refused before the end."""
    require_within(by, contest.organisation, HOLDS)
    now = now or timezone.now()
    held = Contest.objects.select_for_update(of=("self",)).get(pk=contest.pk)
    if held.state != ContestState.PUBLISHED or held.closes_at > now:
        raise Refused("竞赛结束以后才能统计结果。", "state")
    if held.results.exclude(state=ResultState.DISCARDED).exists():
        raise Refused("这次竞赛的结果已经在办理，请在下面接着办。", "state")
    _year_is_open(held.closes_at)
    result = ContestResult(
        contest=held, organisation=held.organisation, created_by=by, figures=counting.figures(held, now)
    )
    return drafts.store(result, by=by, upload=NOTHING, purpose="contest", word="竞赛结果", roles=HOLDS)


@transaction.atomic
def save_result(result: ContestResult, *, by: Any, seen: str = "", upload: Upload = NOTHING) -> ContestResult:
    """Store the note of a draft; the figures are counted, never typed. Raises as save_contest."""
    drafts.prepare(result, draft=ResultState.DRAFT, by=by, seen=seen, writers=HOLDS)
    return drafts.store(result, by=by, upload=NOTHING, purpose="contest", word="竞赛结果", roles=HOLDS)


def last_numbers(organisation: Organisation) -> dict[int, ContestUnit]:
    """How many people the units had in the newest contest of this unit, so that nobody types it twice."""
    rows = ContestUnit.objects.filter(contest__organisation=organisation).order_by("contest_id", "id")
    return {row.organisation_id: row for row in rows}


def marks(references: list[str]) -> dict[str, list[tuple[str, str, str]]]:
    """What stands beside contests wherever they are listed: whether one can take part now."""
    now, found = timezone.now(), {}
    for contest in Contest.objects.public().filter(code__in=references):
        state, words = contest.standing(now)
        found[contest.code] = [(state, words, SHAPES[state])]
    return found


SHAPES = {"na": "na", "pending": "clock", "active": "clock"}


def _desk_url(obj: Any) -> str:
    pk = getattr(obj, "of_id", None) or getattr(obj, "contest_id", None) or obj.pk
    return reverse("contests:page", args=[pk])


def _page(code: str) -> str:
    return reverse("public_contests:page", args=[code])


def _version_page(code: str, version: int) -> str:
    return reverse("public_contests:version", args=[code, version])


def _result_page(code: str) -> str:
    return reverse("public_contests:results", args=[code])


def register() -> None:
    """Tell the gate of contests and their results; called once when the app is ready."""
    pages: dict[str, Any] = {"page": _page, "version_page": _version_page, "reference_label": "编号"}
    for kind in (
        Kind(Contest, "contest", "竞赛", Chain.THREE, c.candidate_of_contest, FLOW, c.LABELS, _desk_url, marks=marks, save=save_contest, **pages),
        Kind(ContestRevision, "contest", "竞赛", Chain.THREE, c.candidate_of_revision, REVISION, c.LABELS, _desk_url, save=save_revision, **pages),
        Kind(ContestResult, "contest_result", "竞赛结果", Chain.ONE, c.candidate_of_result, RESULT, c.RESULT_LABELS, _desk_url, page=_result_page, reference_label="竞赛编号", save=save_result),
    ):  # fmt: skip
        registry.register(kind)
