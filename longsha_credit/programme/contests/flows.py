"""The steps of a question, of a contest and of its result."""

from dataclasses import replace

from django.db.models import F

from longsha_credit.audit.workflow import Step, Taken, Workflow
from longsha_credit.directory.roles import Role
from longsha_credit.programme.contests import clocks, conditions
from longsha_credit.programme.models import (
    Contest,
    ContestRevisionState,
    ContestState,
    QuestionState,
    ResultState,
)
from longsha_credit.programme.models.contests import WORDS
from longsha_credit.publication import door
from longsha_credit.publication.gate import WRITERS, candidate_steps

HOLDS = WRITERS | {Role.OFFICE}  # who writes questions and runs contests
DECIDES = frozenset({Role.REVIEWER, Role.OFFICE})
# Who may see questions before they are asked; who does takes no part.
KNOWS_THE_BANK = HOLDS | {Role.REVIEWER, Role.SECRECY, Role.SUPERVISOR}

S, Q, R = ContestState, QuestionState, ContestRevisionState


def _retires_the_old(taken: Taken) -> None:
    if taken.obj.replaces is not None:
        QUESTION.take(taken.obj.replaces, "give_way", by=taken.by, today=taken.today)


QUESTION = Workflow(
    "题目",
    QuestionState,
    Step(
        "confirm", "核对启用", frozenset({Q.DRAFT}), Q.READY, HOLDS | {Role.REVIEWER},
        not_by={"created_by_id": "您是出题人，须由另一个人核对答案和依据。"},
        guard=conditions.old_version_stands, writes=conditions.checks, effects=(_retires_the_old,),
        todo="below", tone="main",
    ),
    Step("discard", "作废", frozenset({Q.DRAFT}), Q.DISCARDED, HOLDS, reason=True, tone="stop"),
    Step("retire", "停用", frozenset({Q.READY}), Q.RETIRED, HOLDS, reason=True, tone="stop"),
    Step("give_way", "由新版取代", frozenset({Q.READY}), Q.RETIRED, frozenset(), button=False),
)  # fmt: skip


def _follows_its_clocks(taken: Taken) -> None:
    clocks.follow(taken.obj, today=taken.today)


def _drops_revisions(contest: Contest, why: str) -> None:
    for revision in contest.revisions.filter(state=R.IN_REVIEW):
        REVISION.take(revision, "recall", by=None)
    for revision in contest.revisions.filter(state=R.DRAFT):
        REVISION.take(revision, "discard", by=None, reason=why)


def _is_finished(taken: Taken) -> None:
    clocks.follow(taken.obj, today=taken.today)
    _drops_revisions(taken.obj, "竞赛结果已经公布")


def _comes_down(taken: Taken) -> None:
    """The contest and its result go together; what was unfinished of the result is dropped."""
    contest = taken.obj
    clocks.follow(contest, today=taken.today)
    _drops_revisions(contest, "竞赛已撤下")
    for result in contest.results.filter(state=ResultState.IN_REVIEW):
        RESULT.take(result, "recall", by=None)
    for result in contest.results.filter(state=ResultState.DRAFT):
        RESULT.take(result, "discard", by=None, reason="竞赛已撤下")
    told = contest.results.filter(state=ResultState.PUBLISHED).select_related("publication")
    for publication in [contest.publication, *(result.publication for result in told)]:
        door.withdraw(
            publication,
            reference=contest.code,
            reason=contest.withdraw_reason,
            asked_by=contest.withdraw_asked_by,
            approver=taken.by,
            remove_content=bool(taken.given.get("remove_content")),
        )


def _ends_its_clock(step: Step) -> Step:
    """A contest that is thrown away is not to be published any more."""
    return replace(step, effects=(_follows_its_clocks,)) if step.name == "discard" else step


FLOW = Workflow(
    "竞赛",
    ContestState,
    *map(_ends_its_clock, candidate_steps(
        draft=S.DRAFT, in_review=S.IN_REVIEW, passed=S.PUBLISHED, discarded=S.DISCARDED,
        complete=conditions.contest_complete, writers=HOLDS, submit_writes=conditions.gets_code_and_paper,
        pass_guard=conditions.not_over, pass_writes=conditions.becomes_public, on_passed=(_follows_its_clocks,),
    )),
    Step(
        "finish", "公布结果", frozenset({S.PUBLISHED}), S.FINISHED, frozenset(),
        effects=(_is_finished,), button=False,
    ),
    Step(
        "ask_withdrawal", "申请撤下", frozenset({S.PUBLISHED, S.FINISHED}), S.WITHDRAWING, HOLDS | DECIDES,
        reason=True, writes=conditions.asks_withdrawal, tone="stop",
    ),
    Step(
        "approve_withdrawal", "批准撤下", frozenset({S.WITHDRAWING}), S.WITHDRAWN, DECIDES,
        not_by={"withdraw_asked_by_id": "您是撤下申请人，须由另一个人批准。"},
        effects=(_comes_down,), todo="below", tone="main", asks=True,
    ),
    Step(
        "refuse_withdrawal", "不同意撤下", frozenset({S.WITHDRAWING}), S.PUBLISHED, DECIDES,
        reason=True, not_by={"withdraw_asked_by_id": "您是撤下申请人，须由另一个人决定。"},
        writes=conditions.forgets_withdrawal, back_to="stood_as",
    ),
)  # fmt: skip


def _finishes_the_contest(taken: Taken) -> None:
    contest = Contest.objects.get(pk=taken.obj.contest_id)
    FLOW.take(contest, "finish", by=taken.by, today=taken.today)


RESULT = Workflow(
    "竞赛结果",
    ResultState,
    *candidate_steps(
        draft=ResultState.DRAFT, in_review=ResultState.IN_REVIEW, passed=ResultState.PUBLISHED,
        discarded=ResultState.DISCARDED, complete=conditions.contest_stands, writers=HOLDS,
        pass_guard=conditions.contest_stands, pass_writes=conditions.result_is_public,
        on_passed=(_finishes_the_contest,),
    ),
)  # fmt: skip


def _takes_new_words(taken: Taken) -> None:
    """The contest says what the revision says; what it said before stays in the ledger."""
    revision = taken.obj
    changed = {name: getattr(revision, name) for name in WORDS}
    Contest.objects.filter(pk=revision.of_id).update(**changed, version=F("version") + 1)
    contest = Contest.objects.select_related("organisation").get(pk=revision.of_id)
    clocks.follow(contest, today=taken.today)


REVISION = Workflow(
    "竞赛更正",
    ContestRevisionState,
    *candidate_steps(
        draft=R.DRAFT, in_review=R.IN_REVIEW, passed=R.ADOPTED, discarded=R.DISCARDED,
        complete=conditions.revision_complete, writers=HOLDS, pass_guard=conditions.revision_fits,
        pass_writes=conditions.is_adopted, on_passed=(_takes_new_words,),
    ),
)  # fmt: skip
