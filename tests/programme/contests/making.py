"""Plain functions that make questions and contests, through the services an office's page would call."""

import datetime

from django.utils import timezone

from longsha_credit.exchange import jobs
from longsha_credit.exchange.models import Job
from longsha_credit.programme.contests import services, taking
from longsha_credit.programme.contests.flows import FLOW, QUESTION, RESULT, REVISION
from longsha_credit.programme.models import (
    Attempt,
    Contest,
    ContestDraw,
    ContestResult,
    ContestRevision,
    ContestUnit,
    Question,
)
from tests import make

MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)
OPTIONS = {
    "single": (["公开为常态", "不公开为常态", "看情况"], "A"),
    "multiple": (["公正", "公平", "合法", "方便自己"], "ABC"),
    "truth": (["对", "错"], "B"),
}


def question_terms(c, kind="single", text="政务公开的原则是什么？", **changes) -> dict:
    options, right = OPTIONS[kind]
    return {
        "organisation": c.street,
        "kind": kind,
        "category": "law",
        "text": text,
        "options": list(options),
        "right": right,
        "explanation": "条例写得明白。",
        "source": "《中华人民共和国政府信息公开条例》第五条",
    } | changes


def question(c, kind="single", by=None, **changes) -> Question:
    return services.save_question(Question(**question_terms(c, kind, **changes)), by=by or c.clerk)


def ready(c, kind="single", by=None, checked_by=None, **changes) -> Question:
    it = question(c, kind, by=by, **changes)
    QUESTION.take(it, "confirm", by=checked_by or c.lead)
    return it


def bank(c) -> list[Question]:
    """Two of each kind, in use."""
    return [
        ready(c, kind, text=f"第{number}道{kind}题？")
        for kind in ("truth", "single", "multiple")
        for number in (1, 2)
    ]


def worked(job) -> Job:
    """A job as a worker leaves it."""
    while jobs.advance(job.pk):
        pass
    job.refresh_from_db()
    return job


DRAWS = ({"kind": "truth", "number": 1, "points": 20}, {"kind": "single", "number": 2, "points": 20},
         {"kind": "multiple", "number": 1, "points": 40})  # fmt: skip


def terms(c, **changes) -> dict:
    """Every field of a contest of the first street that goes on now."""
    now = timezone.now()
    return {
        "organisation": c.street,
        "title": "诚信知识竞赛",
        "about": "考一考政务公开和信用修复。",
        "audience": "all",
        "opens_at": now - HOUR,
        "closes_at": now + HOUR,
        "minutes": 20,
        "attempts": 2,
        "counts": "best",
        "ranked_by": "rate",
        "tie": "other",
        "min_sample": 5,
        "pass_percent": 60,
        "shows_answers": True,
    } | changes


def draft(c, by=None, units=None, draws=DRAWS, **changes) -> Contest:
    rows = units or {c.community: (100, None), c.street: (None, 10)}
    return services.save_contest(
        Contest(**terms(c, **changes)), by=by or c.clerk,
        units=[ContestUnit(organisation=u, residents=r, officials=o) for u, (r, o) in rows.items()],
        draws=[ContestDraw(**draw) for draw in draws],
    )  # fmt: skip


def submitted(c, by=None, **changes) -> Contest:
    if not Question.objects.filter(state="ready", organisation=c.street).exists():
        bank(c)
    it = draft(c, by=by, **changes)
    FLOW.take(it, "submit", by=by or c.clerk)
    return it


def public(c, **changes) -> Contest:
    """Through the gate: it goes on now, unless the window says otherwise."""
    return make.passed(c, submitted(c, **changes))


def revision(c, it=None, by=None, **changes) -> ContestRevision:
    """A draft by which the contest ends an hour later."""
    row = services.new_revision(it or public(c))
    row.reason, row.closes_at = "停电半天，延长一小时", row.closes_at + HOUR
    for name, value in changes.items():
        setattr(row, name, value)
    return services.save_revision(row, by=by or c.clerk)


def revising(c, it=None, **changes) -> ContestRevision:
    row = revision(c, it, **changes)
    REVISION.take(row, "submit", by=c.clerk)
    return row


def revised(c, it=None, **changes) -> ContestRevision:
    return make.passed(c, revising(c, it, **changes))


def withdrawing(c, it=None) -> Contest:
    it = it or public(c)
    FLOW.take(it, "ask_withdrawal", by=c.clerk, reason="题目有误")
    return it


def withdrawn(c, it=None, remove_content=False) -> Contest:
    it = withdrawing(c, it)
    FLOW.take(it, "approve_withdrawal", by=c.reviewer, remove_content=remove_content)
    return it


def _past_triggers():
    from tests.audit.rules import past_triggers  # that module makes its world with ours

    return past_triggers()


def moved(contest, **columns) -> Contest:
    """The clock of a contest, past the triggers that fix it: tests do not wait for an hour."""
    sets = ", ".join(f"{name} = %s" for name in columns)
    with _past_triggers() as cursor:
        cursor.execute(f"UPDATE programme_contest SET {sets} WHERE id = %s", [*columns.values(), contest.pk])
    contest.refresh_from_db()
    return contest


def over(contest) -> Contest:
    """The contest ended a moment ago, and every attempt with it."""
    now = timezone.now()
    with _past_triggers() as cursor:
        cursor.execute(
            "UPDATE programme_attempt SET started_at = started_at - interval '2 hours', submitted_at = submitted_at - interval '2 hours',"
            " ends_at = %s - interval '1 minute' WHERE entrant_id IN (SELECT id FROM programme_entrant WHERE contest_id = %s)",
            [now, contest.pk],
        )
    return moved(contest, closes_at=now - MINUTE / 2)


def resident(contest, number="1", unit=None):
    unit = unit or contest.units.filter(residents__isnull=False).order_by("id")[0]
    return taking.enter_resident(contest, unit, taking.secret_of(f"token {number}"), now=timezone.now())


def begun(entrant) -> Attempt:
    return taking.begin(entrant, now=timezone.now())


def answered(contest, attempt, right=None) -> Attempt:
    """The first `right` questions of the attempt answered rightly (all of them without a number), the others wrongly."""
    asked = taking.sheet(attempt, contest)
    for at, one in enumerate(asked):
        good = right is None or at < right
        wrong = "A" if one.question.right != "A" else "B"
        letters = list(one.question.right if good else wrong)
        taking.answer(attempt, contest, one.number, letters, now=timezone.now())
    return attempt


def sat(contest, entrant, right=None) -> Attempt:
    attempt = answered(contest, begun(entrant), right)
    return taking.hand_in(attempt, now=timezone.now())


def result(c, contest=None) -> ContestResult:
    contest = over(contest or public(c))
    return services.draw_up_result(contest, by=c.clerk)


def published_result(c, contest=None) -> ContestResult:
    it = result(c, contest)
    RESULT.take(it, "submit", by=c.clerk)
    make.passed(c, it)
    it.contest.refresh_from_db()
    return it


def world(c) -> dict:
    """What the attempts name: questions and contests in the states they look at, with what hangs on them."""
    drawn_from = bank(c)
    newer = services.new_version(ready(c, text="要出新版的题？"))
    going = public(c)
    res, off = resident(going), taking.enter_official(going, c.official, now=timezone.now())
    handed_in, running = sat(going, res), answered(going, begun(off), right=1)
    earned = taking.certificate_of(res, going, now=timezone.now())
    told = published_result(c, public(c, title="结束了的竞赛"))
    left = submitted(c, title="重新提交的竞赛")
    paper_left = left.paper
    FLOW.take(left, "recall", by=c.clerk)
    FLOW.take(left, "submit", by=c.clerk)
    old = draft(c, title="封存年度的竞赛")
    then = timezone.make_aware(datetime.datetime(c.frozen_year.number, 6, 1, 9))  # noqa: DTZ001
    Contest.objects.filter(pk=old.pk).update(opens_at=then, closes_at=then + HOUR)
    return {
        "contest_old": old,
        "left_item": paper_left.questions.order_by("position")[0],
        "q_unused": ready(c, text="没有抽过的题？"),
        "q_draft": question(c, text="草稿题？"),
        "q_multiple": question(c, "multiple", text="多选草稿？"),
        "q_truth": question(c, "truth", text="判断草稿？"),
        "q_ready": drawn_from[2],
        "q_newer": services.save_question(newer, by=c.clerk),
        "contest_draft": draft(c, title="草稿竞赛"),
        "contest_going": going,
        "contest_leaving": withdrawing(c, public(c, title="要撤的竞赛")),
        "contest_revision": revision(c, public(c, title="要延长的竞赛")),
        "contest_revision_done": revised(c, public(c, title="延长了的竞赛")),
        "contest_ahead": public(
            c, title="还没开始的竞赛", opens_at=timezone.now() + HOUR, closes_at=timezone.now() + 2 * HOUR
        ),
        "contest_unit": going.units.get(organisation=c.community),
        "contest_street": going.units.get(organisation=c.street),
        "contest_draw": going.draws.order_by("id")[0],
        "paper": going.paper,
        "paper_item": going.paper.questions.order_by("position")[0],
        "other_item": told.contest.paper.questions.order_by("position")[0],
        "entrant": res,
        "entrant_official": off,
        "attempt_done": handed_in,
        "attempt": running,
        "attempt_other": begun(resident(going, "another")),
        "given": running.answers.order_by("id")[0],
        "given_done": handed_in.answers.order_by("id")[0],
        "certificate": earned,
        "contest_result": told,
        "contest_result_draft": result(c, public(c, title="等结果的竞赛")),
    }
