"""The steps of a record, of its public notice, and of what its subject asks for."""

from dataclasses import replace
from typing import Any

from longsha_credit.audit.workflow import OVERTAKEN, Refused, Step, Taken, Workflow
from longsha_credit.audit.workflow import record as record_entry
from longsha_credit.directory.roles import Role
from longsha_credit.publication import door
from longsha_credit.publication.gate import candidate_steps
from records import clocks, conditions
from records.conditions import (
    NOT_APPLICANT,
    NOT_FILER,
    NOT_HANDLER,
    NOT_OF_THE_RECORD,
    NOT_SUBJECT,
    NOT_WRITER,
)
from records.models import (
    CONFIRMERS,
    FILERS,
    Decision,
    Disclosure,
    Finality,
    Notice,
    NoticeState,
    Outcome,
    Record,
    RecordState,
    RequestState,
)

S = RecordState
SUBJECTS = frozenset({Role.LEAD, Role.OFFICIAL})
LEADS = frozenset({Role.LEAD})


def _goes_on(taken: Taken) -> None:
    """What follows from a confirmation or a re-check: into effect on its day, or another look on the day given."""
    record = taken.obj
    if record.finality == Finality.PENDING:
        clocks.check_again(record, today=taken.today)
        return
    clocks.checked(record, today=taken.today)
    if record.effective_from <= taken.today:
        FLOW.take(record, "take_effect", by=taken.by, today=taken.today)


def _takes_the_old_ones_place(taken: Taken) -> None:
    old = taken.obj.corrects
    if old is None:
        return
    FLOW.take(old, "correct", by=taken.by, today=taken.today, reason=taken.obj.correction_reason)
    clocks.corrected(old, today=taken.today)
    clocks.ended(old, why="已更正")
    why = taken.obj.correction_reason
    if taken.obj.disclosure != Disclosure.PUBLIC:
        _end_notices(old, taken, why=why, asked_by=taken.obj.submitted_by, approver=taken.by)
    for notice in _notices(old):
        _drop_notice(notice, why)


def _asks_for_its_notice(taken: Taken) -> None:
    """A record at the public level is sent into review at once, as its filer's submission: no unit can sit on it."""
    record = taken.obj
    if record.disclosure != Disclosure.PUBLIC or taken.obj.notices.exclude(state="discarded").exists():
        return
    notice = Notice.objects.create(
        record=record, organisation=record.organisation, created_by=record.created_by
    )
    for writer in conditions.writers_of(record):
        # whoever wrote in the record wrote what the notice says, and does not pass it
        record_entry(notice, step="draft", label="生成公示", by=writer)
    try:
        NOTICE.take(notice, "submit", by=record.submitted_by, today=taken.today)
    except Refused:
        return  # it waits as a draft: the filer has left the office, or an objection is open


def _notices(record: Record) -> Any:
    """Of every version: one before may still stand in public while the notice of the next is on its way."""
    return Notice.objects.filter(record__number=record.number)


def _drop_notice(notice: Notice, why: str) -> None:
    """Whatever is on its way to the public goes no further."""
    if notice.state == NoticeState.IN_REVIEW:
        NOTICE.take(notice, "recall", by=None)
    if notice.state == NoticeState.DRAFT:
        NOTICE.take(notice, "discard", by=None, reason=why)


def _end_notices(record: Record, taken: Taken, *, why: str, asked_by: Any, approver: Any) -> None:
    """Whatever of a record is public or on the way there goes, by the two people who decided so."""
    for notice in _notices(record):
        _drop_notice(notice, why)
        if notice.state == NoticeState.PUBLISHED:
            NOTICE.take(notice, "end", by=taken.by, reason=why)
            door.withdraw(
                notice.publication, reference=record.number, reason=why[:500], asked_by=asked_by, approver=approver
            )  # fmt: skip


def _drop(flow: Workflow, rows: Any, why: str) -> None:
    for request in rows:
        flow.take(request, "drop", by=None, reason=why)


def _basis_fell(taken: Taken) -> None:
    clocks.basis_fell(taken.obj, today=taken.today)


def _is_revoked(taken: Taken) -> None:
    record = taken.obj
    clocks.taken_down(record, today=taken.today)
    clocks.ended(record, why="记录已撤销")
    _drop(OBJECTION, record.objections.open(), "记录已撤销")
    _drop(REPAIR, record.repairs.open(), "记录已撤销")
    why = f"记录已撤销：{record.revoke_reason}"
    _end_notices(record, taken, why=why, asked_by=record.revoke_asked_by, approver=taken.by)


def _was_wrong_all_along(taken: Taken) -> None:
    """What had left the public before the objection was answered is cleared there as well."""
    record = taken.obj
    if record.disclosure != Disclosure.PUBLIC:
        return
    for notice in _notices(record).filter(state=NoticeState.ENDED):
        door.tell_outcome(
            notice.publication, reference=record.number, reason=f"记录已撤销：{record.revoke_reason}"[:500],
            asked_by=record.revoke_asked_by, approver=taken.by,
        )  # fmt: skip


def _is_kept(taken: Taken) -> None:
    clocks.kept(taken.obj, why=f"维持记录：{taken.reason}"[:200])


def _is_repaired(taken: Taken) -> None:
    clocks.ended(taken.obj, why="信用修复")
    repair = taken.given["repair"]
    why = f"信用修复，{repair.number}，终止公示。"
    _end_notices(taken.obj, taken, why=why, asked_by=repair.handler, approver=repair.decided_by)


def _has_expired(taken: Taken) -> None:
    """The day was settled by two people when the record was confirmed; an objection is answered all the same."""
    record = taken.obj
    clocks.ended(record, why="有效期满")
    _drop(REPAIR, record.repairs.open(), "记录有效期满")
    why = f"有效期满（{record.effective_until:%Y-%m-%d}），终止公示。"
    _end_notices(record, taken, why=why, asked_by=record.submitted_by, approver=record.confirmed_by)


FLOW = Workflow(
    "诚信记录",
    RecordState,
    Step("submit", "提交核实", frozenset({S.DRAFT, S.RETURNED}), S.SUBMITTED, FILERS,
         guard=conditions.confirmable, writes=conditions.gets_number, todo="own", tone="main"),
    Step("recall", "撤回修改", frozenset({S.SUBMITTED}), S.DRAFT, FILERS),
    Step("discard", "作废草稿", frozenset({S.DRAFT, S.RETURNED}), S.DISCARDED, FILERS, reason=True, tone="stop"),
    Step("confirm", "核实确认", frozenset({S.SUBMITTED}), S.CONFIRMED, CONFIRMERS,
         not_by=NOT_FILER, not_where=NOT_WRITER, guard=conditions.confirmable, writes=conditions.is_confirmed,
         effects=(_takes_the_old_ones_place, _goes_on), todo="below", tone="main"),
    Step("send_back", "退回修改", frozenset({S.SUBMITTED}), S.RETURNED, CONFIRMERS,
         reason=True, asks=True, not_by=NOT_FILER, not_where=NOT_SUBJECT, writes=conditions.says_why_returned, tone="stop"),
    Step("recheck", "复查是否生效", frozenset({S.CONFIRMED}), S.CONFIRMED, CONFIRMERS,
         asks=True, not_by=NOT_FILER, not_where=NOT_SUBJECT, guard=conditions.is_pending, writes=conditions.rechecked, effects=(_goes_on,)),
    Step("take_effect", "生效", frozenset({S.CONFIRMED}), S.EFFECTIVE, frozenset(), button=False,
         effects=(_asks_for_its_notice,)),
    Step("ask_revocation", "申请撤销", frozenset({S.CONFIRMED, S.EFFECTIVE}), S.REVOKING, FILERS | CONFIRMERS,
         reason=True, writes=conditions.asks_revocation, effects=(_basis_fell,), tone="stop"),
    Step("revoke", "批准撤销", frozenset({S.REVOKING}), S.REVOKED, CONFIRMERS, todo="below", tone="main",
         not_by={"revoke_asked_by_id": "撤销是您申请的，须由另一个人批准。"}, not_where=NOT_SUBJECT, writes=conditions.ends,
         effects=(_is_revoked,)),
    Step("keep", "不予撤销", frozenset({S.REVOKING}), S.EFFECTIVE, CONFIRMERS, reason=True, back_to="revoke_from",
         not_by={"revoke_asked_by_id": "撤销是您申请的，须由另一个人决定。"}, not_where=NOT_SUBJECT, writes=conditions.forgets_revocation,
         effects=(_is_kept,)),
    Step("overturn", "异议成立，撤销", frozenset({S.CONFIRMED, S.EFFECTIVE, S.EXPIRED}), S.REVOKED, frozenset(), button=False,
         writes=conditions.is_overturned, effects=(_was_wrong_all_along, _is_revoked)),
    Step("correct", "由更正版代替", frozenset({S.CONFIRMED, S.EFFECTIVE}), S.CORRECTED, frozenset(), button=False,
         guard=conditions.nothing_asked, writes=conditions.ends),
    Step("repair", "修复", frozenset({S.EFFECTIVE}), S.REPAIRED, frozenset(), button=False,
         guard=conditions.nothing_asked, writes=conditions.ends, effects=(_is_repaired,)),
    Step("expire", "到期", frozenset({S.EFFECTIVE}), S.EXPIRED, frozenset(), button=False,
         writes=conditions.ends, effects=(_has_expired,)),
)  # fmt: skip


def _takes_the_public_place(taken: Taken) -> dict[str, Any]:
    """The corrected version stands in the place of the one before, under the same address."""
    publication = taken.given["publication"]
    for notice in Notice.objects.filter(publication=publication, state=NoticeState.PUBLISHED):
        NOTICE.take(notice, "replace", by=taken.by)
    return {"publication": publication}


N = NoticeState
_OFFICE = frozenset({Role.OFFICE})
_SHARED = candidate_steps(
    draft=N.DRAFT, in_review=N.IN_REVIEW, passed=N.PUBLISHED, discarded=N.DISCARDED,
    complete=conditions.publishable, writers=FILERS, pass_guard=conditions.publishable, pass_writes=_takes_the_public_place,
)  # fmt: skip

NOTICE = Workflow(
    "记录公示",
    NoticeState,
    # what is to be shown, and whether, is the district's: a unit does not take its own notice off the way
    *(replace(s, roles=_OFFICE) if s.name == "recall" else s for s in _SHARED if s.name != "discard"),
    Step("discard", "不公示", frozenset({N.DRAFT}), N.DISCARDED, _OFFICE, reason=True, tone="stop"),
    Step("end", "停止公示", frozenset({N.PUBLISHED}), N.ENDED, frozenset(), button=False),
    Step("replace", "由更正版代替", frozenset({N.PUBLISHED}), N.REPLACED, frozenset(), button=False),
)  # fmt: skip


def _asked(taken: Taken) -> None:
    if taken.given.get("needs_check"):
        clocks.needs_check(taken.obj, today=taken.today)


def _objection_decided(taken: Taken) -> None:
    objection = taken.obj
    clocks.answered(objection, today=taken.today)
    if objection.outcome == Outcome.CORRECTED:
        record = Record.objects.select_for_update().get(pk=objection.record_id)
        if record.state == S.EXPIRED:  # this very moment
            raise Refused(OVERTAKEN, "state")
        clocks.to_correct(record, today=taken.today)
    if objection.outcome == Outcome.REVOKED:
        FLOW.take(
            objection.record, "overturn", by=taken.by, today=taken.today,
            reason=f"异议成立（{objection.number}）。{objection.finding}", asked_by=objection.handler,
        )  # fmt: skip


def _repair_decided(taken: Taken) -> None:
    repair = taken.obj
    clocks.answered(repair, today=taken.today)
    if repair.outcome == Decision.GRANTED:
        FLOW.take(
            repair.record, "repair", by=taken.by, today=taken.today, reason=repair.finding, repair=repair
        )


def _no_longer_asked(taken: Taken) -> None:
    clocks.dropped(taken.obj, why=taken.reason[:200] or "申请人撤回")


def _request_flow(name: str, *, accepted: tuple[Any, ...], decidable: Any, decided: Any) -> Workflow:
    """Both go the same way: taken up, looked into by one, decided by another; nobody of them handled the record."""
    r = RequestState
    return Workflow(
        name,
        RequestState,
        Step("accept", "受理", frozenset({r.FILED}), r.HANDLING, CONFIRMERS, asks=bool(accepted),
             not_by=NOT_APPLICANT, not_where=NOT_OF_THE_RECORD, writes=conditions.is_accepted, effects=accepted,
             todo="below", tone="main"),
        Step("propose", "提出处理意见", frozenset({r.HANDLING}), r.PROPOSED, CONFIRMERS, asks=True,
             not_where=conditions.ONLY_HANDLER, writes=conditions.proposes, todo="below", tone="main"),
        Step("hand_over", "转交承办人", frozenset({r.HANDLING}), r.HANDLING, CONFIRMERS, reason=True, asks=True,
             not_by=NOT_APPLICANT, not_where=NOT_OF_THE_RECORD, guard=conditions.another_may_handle,
             writes=conditions.changes_hands),
        # the district's lead too: with few accounts nobody else may be left without a hand in the record
        Step("decide", "批准处理意见", frozenset({r.PROPOSED}), r.DECIDED, CONFIRMERS, top_roles=LEADS,
             not_by=NOT_HANDLER, not_where=NOT_OF_THE_RECORD, guard=decidable, writes=conditions.decides,
             effects=(decided,), todo="below", tone="main"),
        Step("send_back", "退回承办人", frozenset({r.PROPOSED}), r.HANDLING, CONFIRMERS, top_roles=LEADS, reason=True,
             not_by=NOT_HANDLER, not_where=NOT_OF_THE_RECORD, writes=conditions.is_undone, tone="stop"),
        Step("recall", "撤回申请", frozenset({r.FILED, r.HANDLING}), r.RECALLED, SUBJECTS, mine="filed_by_id",
             not_where=conditions.ONLY_APPLICANT, effects=(_no_longer_asked,)),
        Step("drop", "终止办理", frozenset({r.FILED, r.HANDLING, r.PROPOSED}), r.RECALLED, frozenset(), button=False,
             writes=conditions.is_undone, effects=(_no_longer_asked,)),
    )  # fmt: skip


OBJECTION = _request_flow(
    "异议", accepted=(_asked,), decidable=conditions.may_be_answered, decided=_objection_decided
)
REPAIR = _request_flow("信用修复", accepted=(), decidable=conditions.may_be_repaired, decided=_repair_decided)
