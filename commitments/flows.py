"""The steps of a promise and of all that stands under it: who, from where, what stands against it, what follows."""

from dataclasses import replace
from typing import Any

from django.db.models import F, Q

from commitments import clocks, conditions, parts
from commitments.models import (
    AmendmentState,
    Obligation,
    ObligationState,
    PartState,
    ProgressState,
    ResultState,
    VerificationState,
)
from commitments.models.terms import TERMS
from longsha_credit.audit.workflow import Step, Taken, Workflow
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import within
from longsha_credit.publication import door
from longsha_credit.publication.gate import WRITERS, candidate_steps
from longsha_credit.publication.models import Publication

__all__ = ["AMENDMENT", "FLOW", "OFFICE", "PROGRESS", "RESULT", "VERDICT", "WRITERS"]

OFFICE = frozenset({Role.REVIEWER, Role.OFFICE})


def _of_the_unit(user: Any) -> Q:
    """Reports of units in which this user does not write; the district's own stand with the district."""
    return ~within(user, WRITERS, "organisation__path") & Q(organisation=F("obligation__organisation"))


def _by_their_own(*steps: Step) -> tuple[Step, ...]:
    """A unit's report is submitted, recalled and thrown away by the unit, the district's by the district."""
    ask = (_of_the_unit, "这是承诺单位自己的报告，由单位办理。")
    return tuple(replace(step, not_where=ask) if step.button else step for step in steps)


def _starts_clocks(taken: Taken) -> None:
    clocks.start(taken.obj, today=taken.today)


def _replaces_terms(taken: Taken) -> None:
    """The new version's terms become the obligation's; the old ones stay in the ledger.

    One proposed too late leaves the day by which the kept rate counts the promise where it was.
    """
    amendment = taken.obj
    changed: dict[str, Any] = {name: getattr(amendment, name) for name in TERMS}
    if not amendment.is_late:
        changed["counts_on"] = amendment.due_on
    Obligation.objects.filter(pk=amendment.obligation_id).update(**changed, version=F("version") + 1)
    amendment.obligation.refresh_from_db()
    amendment.obligation.files.set(amendment.files.all())
    parts.adopt(amendment, amendment.obligation)
    clocks.move(amendment.obligation, why="变更承诺", today=taken.today, by=taken.by)


def _part_is_done(taken: Taken) -> None:
    if taken.obj.part_state == PartState.DONE:
        clocks.part_done(taken.obj.part, today=taken.today)


def _drop_unfinished(flow: Workflow, parts: Any, why: str) -> None:
    """What was still in review is recalled, what was a draft is thrown away."""
    for part in parts.filter(state="in_review"):
        flow.take(part, "recall", by=None)
    for part in parts.filter(state="draft"):
        flow.take(part, "discard", by=None, reason=why)


def _takes_down(taken: Taken) -> None:
    """The promise and everything published under it go at once; what was unfinished is dropped."""
    obligation = taken.obj
    clocks.stop(obligation, why="承诺已撤下")
    for flow, rows in _parts_of(obligation):
        _drop_unfinished(flow, rows, "承诺已撤下")
    published = Publication.objects.filter(pk=obligation.publication_id)
    for rows in (obligation.progress, obligation.results, obligation.verifications):
        published |= Publication.objects.filter(pk__in=rows.values("publication"))
    for publication in published.order_by("id"):
        door.withdraw(
            publication,
            reference=obligation.code,
            reason=obligation.withdraw_reason,
            asked_by=obligation.withdraw_asked_by,
            approver=taken.by,
            remove_content=bool(taken.given.get("remove_content")),
        )


def _parts_of(obligation: Obligation) -> list[tuple[Workflow, Any]]:
    return [
        (AMENDMENT, obligation.amendments),
        (PROGRESS, obligation.progress),
        (RESULT, obligation.results),
        (VERDICT, obligation.verifications),
    ]


def _hands_over_to_the_district(taken: Taken) -> None:
    clocks.reported(taken.obj, today=taken.today)


def _asks_again(taken: Taken) -> None:
    clocks.asked_again(taken.obj, why=taken.reason, today=taken.today)


def _verified_in_time(taken: Taken) -> None:
    clocks.verified(taken.obj, today=taken.today)


def _reports(taken: Taken) -> None:
    """The unit's report is public: the promise waits for the district, what else was unfinished is dropped."""
    obligation = taken.obj.obligation
    _drop_unfinished(AMENDMENT, obligation.amendments, "已报告结果")
    _drop_unfinished(PROGRESS, obligation.progress, "已报告结果")
    FLOW.take(obligation, "report", by=taken.by, today=taken.today)


def _goes_back(taken: Taken) -> None:
    obligation = taken.obj.obligation
    _drop_unfinished(VERDICT, obligation.verifications, "结果报告已退回补充")
    FLOW.take(obligation, "unreport", by=taken.by, reason=taken.reason, today=taken.today)


def _decides(taken: Taken) -> None:
    FLOW.take(taken.obj.obligation, "verify", by=taken.by, today=taken.today, verification=taken.obj)


def _is_revoked(taken: Taken) -> None:
    """The verdict leaves the page with its reason in the log; the report waits for a new one."""
    found = taken.obj
    door.withdraw(
        found.publication,
        reference=found.obligation.code,
        reason=found.withdraw_reason,
        asked_by=found.withdraw_asked_by,
        approver=taken.by,
    )
    FLOW.take(found.obligation, "unverify", by=taken.by, today=taken.today)


S = ObligationState

FLOW = Workflow(
    "承诺",
    ObligationState,
    *candidate_steps(
        draft=S.DRAFT, in_review=S.IN_REVIEW, passed=S.IN_FORCE, discarded=S.DISCARDED,
        complete=conditions.terms_complete, submit_writes=conditions.gets_code,
        pass_writes=conditions.comes_into_force, on_passed=(_starts_clocks,),
    ),
    Step(
        "report", "报告结果", frozenset({S.IN_FORCE}), S.REPORTED, frozenset(),
        writes=conditions.is_reported, effects=(_hands_over_to_the_district,), button=False,
    ),
    Step(
        "unreport", "结果退回补充", frozenset({S.REPORTED}), S.IN_FORCE, frozenset(),
        writes=conditions.forgets_report, effects=(_asks_again,), button=False,
    ),
    Step(
        "verify", "核验认定", frozenset({S.REPORTED}), S.VERIFIED, frozenset(),
        writes=conditions.has_its_verdict, effects=(_verified_in_time,), button=False,
    ),
    Step(
        "unverify", "撤销认定", frozenset({S.VERIFIED}), S.REPORTED, frozenset(),
        writes=conditions.forgets_verdict, effects=(_hands_over_to_the_district,), button=False,
    ),
    Step(
        "ask_withdrawal", "申请撤下", frozenset({S.IN_FORCE, S.REPORTED, S.VERIFIED}), S.WITHDRAWING,
        WRITERS | OFFICE, reason=True, guard=conditions.no_revocation_open,
        writes=conditions.asks_withdrawal, tone="stop",
    ),
    Step(
        "approve_withdrawal", "批准撤下", frozenset({S.WITHDRAWING}), S.WITHDRAWN, OFFICE,
        not_by={"withdraw_asked_by_id": "您是撤下申请人，须由另一个人批准。"},
        guard=conditions.no_revocation_open, writes=conditions.leaves_the_count, effects=(_takes_down,), todo="below", tone="main", asks=True,
    ),
    Step(
        "refuse_withdrawal", "不同意撤下", frozenset({S.WITHDRAWING}), S.IN_FORCE, OFFICE,
        reason=True, not_by={"withdraw_asked_by_id": "您是撤下申请人，须由另一个人决定。"},
        writes=conditions.forgets_withdrawal, back_to="withdraw_from",
    ),
)  # fmt: skip

AMENDMENT = Workflow(
    "承诺变更",
    AmendmentState,
    *candidate_steps(
        draft=AmendmentState.DRAFT, in_review=AmendmentState.IN_REVIEW,
        passed=AmendmentState.ADOPTED, discarded=AmendmentState.DISCARDED,
        complete=conditions.amendment_complete, submit_writes=conditions.is_proposed,
        pass_guard=conditions.obligation_in_force, pass_writes=conditions.is_adopted,
        on_passed=(_replaces_terms,),
    ),
)  # fmt: skip

PROGRESS = Workflow(
    "进展",
    ProgressState,
    *candidate_steps(
        draft=ProgressState.DRAFT, in_review=ProgressState.IN_REVIEW,
        passed=ProgressState.PUBLISHED, discarded=ProgressState.DISCARDED,
        complete=conditions.progress_complete,
        pass_guard=conditions.obligation_in_force, pass_writes=conditions.is_published, on_passed=(_part_is_done,),
    ),
)  # fmt: skip

# The unit reports; where it stays silent past its days, the district may report what it found.
RESULT = Workflow(
    "结果报告",
    ResultState,
    *_by_their_own(*candidate_steps(
        draft=ResultState.DRAFT, in_review=ResultState.IN_REVIEW,
        passed=ResultState.PUBLISHED, discarded=ResultState.DISCARDED, writers=WRITERS | OFFICE,
        complete=conditions.result_complete,
        pass_guard=conditions.obligation_in_force, pass_writes=conditions.is_published, on_passed=(_reports,),
    )),
    Step(
        "send_back", "退回补充", frozenset({ResultState.PUBLISHED}), ResultState.RETURNED, OFFICE,
        reason=True, not_by={"created_by_id": "您是报告人，须由另一个人决定。"},
        guard=conditions.not_decided_yet, effects=(_goes_back,), tone="stop",
    ),
)  # fmt: skip

V = VerificationState

VERDICT = Workflow(
    "核验结论",
    VerificationState,
    *candidate_steps(
        draft=V.DRAFT, in_review=V.IN_REVIEW, passed=V.PUBLISHED, discarded=V.DISCARDED, writers=OFFICE,
        complete=conditions.verification_complete, submit_writes=conditions.apart_from_the_report,
        pass_guard=conditions.still_reported, pass_writes=conditions.while_it_waits, on_passed=(_decides,),
    ),
    Step(
        "ask_revocation", "申请撤销认定", frozenset({V.PUBLISHED}), V.WITHDRAWING, OFFICE,
        reason=True, writes=conditions.asks_revocation, tone="stop",
    ),
    Step(
        "revoke", "批准撤销认定", frozenset({V.WITHDRAWING}), V.WITHDRAWN, OFFICE | {Role.LEAD},
        not_by={"withdraw_asked_by_id": "您是撤销申请人，须由另一个人批准。"},
        guard=conditions.promise_stands_verified, effects=(_is_revoked,), todo="below", tone="main",
    ),
    Step(
        "keep", "维持认定", frozenset({V.WITHDRAWING}), V.PUBLISHED, OFFICE | {Role.LEAD},
        reason=True, not_by={"withdraw_asked_by_id": "您是撤销申请人，须由另一个人决定。"},
        writes=conditions.forgets_revocation,
    ),
)  # fmt: skip
