"""The steps of an item of the ledger, of its public text and progress, of more time and of the quarterly sweep."""

from dataclasses import replace
from typing import Any

from commitments.models import (
    PostponementState,
    Rectification,
    RectificationProgress,
    RectificationSheet,
    RectificationSlip,
    RectificationState,
    Relapse,
    SheetState,
    SlipKind,
    StepTextState,
    SweepState,
)
from commitments.rectification import checks, clocks, conditions
from commitments.rectification.conditions import (
    BY_A_SUPERIOR,
    NOT_ACCEPTOR,
    NOT_ACCUSER,
    NOT_ASKER,
    NOT_HANDLER,
    NOT_PLANNER,
    NOT_REGISTRAR,
    NOT_THE_UNIT_NOR_HANDLER,
)
from longsha_credit.audit.workflow import Refused, Step, Taken, Workflow
from longsha_credit.audit.workflow import record as record_entry
from longsha_credit.directory.roles import Role
from longsha_credit.exchange.numbering import next_number
from longsha_credit.publication import door
from longsha_credit.publication.gate import WRITERS, candidate_steps

OFFICE = frozenset({Role.REVIEWER, Role.OFFICE})
SUPERIORS = OFFICE | {Role.LEAD}
DECIDERS = frozenset({Role.OFFICE})
R = RectificationState


def issue(item: Rectification, kind: str, **fields: Any) -> RectificationSlip:
    """A document to the responsible unit, with the next number of its kind and year."""
    words = {"supervise": "督", "talk": "约", "notice": "改", "close": "销"}
    year = fields["issued_on"].year
    number = next_number(RectificationSlip, "number", f"信治{words[kind]}〔{year}〕", 4)
    slip = RectificationSlip.objects.create(
        rectification=item,
        organisation=item.organisation,
        kind=kind,
        number=number,
        round=item.round,
        **fields,
    )
    record_entry(
        item,
        step="slip",
        label=f"发出{slip.get_kind_display()}",
        by=fields["issued_by"],
        roles=SUPERIORS,
        reason=number,
    )
    return slip


def _is_checked(taken: Taken) -> None:
    clocks.met(taken.obj, clocks.CHECK, today=taken.today)


def _waits_for_a_plan(taken: Taken) -> None:
    clocks.start(taken.obj, clocks.PLAN, today=taken.today)


def _asks_for_its_sheet(taken: Taken) -> None:
    """What was found true goes on its way to the public at once; whoever found it wrote the text."""
    text = (taken.given.get("public_text") or "").strip()
    if not text:
        return
    item = taken.obj
    sheet = RectificationSheet.objects.create(
        rectification=item,
        organisation=item.organisation,
        title=((taken.given.get("public_title") or "").strip() or item.title)[:80],
        text=text[:1000],
        created_by=taken.by,
    )
    record_entry(sheet, step="draft", label="生成公开稿", by=taken.by, roles=SUPERIORS)
    try:
        SHEET.take(sheet, "submit", by=taken.by, today=taken.today)
    except Refused:
        return  # it waits as a draft


def _is_planned(taken: Taken) -> None:
    clocks.met(taken.obj, clocks.PLAN, today=taken.today)


def _is_being_put_right(taken: Taken) -> None:
    clocks.start(taken.obj, clocks.DUE, today=taken.today, due_on=taken.obj.due_on)


def _waits_for_acceptance(taken: Taken) -> None:
    clocks.met(taken.obj, clocks.DUE, today=taken.today)
    for asked in taken.obj.postponements.filter(state=PostponementState.ASKED):
        POSTPONEMENT.take(asked, "drop", by=None, today=taken.today)
    clocks.start(taken.obj, clocks.ACCEPT, today=taken.today)


def _goes_back(taken: Taken) -> None:
    clocks.stopped(taken.obj, why="验收不通过，退回整改", rule=clocks.ACCEPT)
    clocks.begin_again(taken.obj, today=taken.today)


def _is_closed(taken: Taken) -> None:
    item = taken.obj
    clocks.met(item, clocks.ACCEPT, today=taken.today)
    clocks.start(item, clocks.FOLLOW_UP, today=taken.today)
    issue(
        item,
        SlipKind.CLOSE,
        text=f"{item.get_settlement_display()}。{item.settlement_note}{item.recheck}"[:1000],
        issued_on=taken.today,
        issued_by=taken.by,
        issued_for=item.organisation.district(),
    )


def _is_followed_up(taken: Taken) -> None:
    clocks.met(taken.obj, clocks.FOLLOW_UP, today=taken.today)


def _relapses(taken: Taken) -> dict[str, Any]:
    """The round that is over is written down before its columns are emptied."""
    item = taken.obj
    Relapse.objects.create(
        rectification=item,
        organisation=item.organisation,
        round=item.round,
        due_on=item.due_on,
        close_asked_on=item.close_asked_on,
        closed_on=item.closed_on,
        on=taken.today,
        reason=taken.reason[:500],
        by=taken.by,
    )
    return conditions.starts_over(taken)


def _begins_anew(taken: Taken) -> None:
    item = Rectification.objects.get(pk=taken.obj.pk)
    clocks.stopped(item, why="回潮，重新整改", rule=clocks.FOLLOW_UP)
    clocks.start(item, clocks.PLAN, today=taken.today)


def _is_refused(taken: Taken) -> None:
    clocks.stopped(taken.obj, why="认定拒不整改")
    for asked in taken.obj.postponements.filter(state=PostponementState.ASKED):
        POSTPONEMENT.take(asked, "drop", by=None, today=taken.today)


def _goes_on(taken: Taken) -> None:
    clocks.begin_again(taken.obj, today=taken.today)


UNDECIDED = frozenset({R.FOUND, R.PLANNED, R.RECTIFYING})

FLOW = Workflow(
    "治理台账",
    RectificationState,
    Step("take_up", "开始核实", frozenset({R.CLUE}), R.CHECKING, SUPERIORS,
         not_by=NOT_REGISTRAR, not_where=BY_A_SUPERIOR, writes=conditions.is_taken_up, todo="below", tone="main"),
    Step("find", "认定属实", frozenset({R.CHECKING}), R.FOUND, SUPERIORS, asks=True,
         not_by=NOT_REGISTRAR, not_where=BY_A_SUPERIOR, guard=conditions.matter_is_whole, writes=conditions.finds,
         effects=(_is_checked, _waits_for_a_plan, _asks_for_its_sheet), todo="below", tone="main"),
    Step("dismiss", "认定不属实", frozenset({R.CHECKING}), R.UNFOUNDED, SUPERIORS, reason=True,
         not_by=NOT_REGISTRAR, not_where=BY_A_SUPERIOR, writes=conditions.finds, effects=(_is_checked,)),
    Step("check_again", "重新核实", frozenset({R.UNFOUNDED}), R.CHECKING, OFFICE, reason=True,
         not_by=NOT_REGISTRAR, guard=checks.no_other_open, writes=conditions.forgets_finding,
         effects=(lambda taken: clocks.start(taken.obj, clocks.CHECK, today=taken.today),)),
    Step("submit_plan", "报送整改方案", frozenset({R.FOUND}), R.PLANNED, WRITERS,
         guard=conditions.plan_is_whole, writes=conditions.is_planned, effects=(_is_planned,), todo="own", tone="main"),
    Step("approve_plan", "批准方案", frozenset({R.PLANNED}), R.RECTIFYING, SUPERIORS,
         not_by=NOT_PLANNER, not_where=BY_A_SUPERIOR, guard=conditions.plan_still_fits,
         writes=conditions.approves_plan, effects=(_is_being_put_right,), todo="below", tone="main"),
    Step("return_plan", "退回方案", frozenset({R.PLANNED}), R.FOUND, SUPERIORS, reason=True, asks=True,
         not_by=NOT_PLANNER, not_where=BY_A_SUPERIOR, writes=conditions.returns_plan,
         effects=(_waits_for_a_plan,), tone="stop"),
    Step("ask_close", "申请销号", frozenset({R.RECTIFYING}), R.CLOSING, WRITERS,
         guard=conditions.closing_is_whole, writes=conditions.asks_close, effects=(_waits_for_acceptance,),
         todo="own", tone="main"),
    Step("accept_own", "自验通过", frozenset({R.CLOSING}), R.ACCEPTING, frozenset({Role.LEAD}),
         not_by=NOT_ASKER, not_where=NOT_HANDLER, guard=conditions.closing_is_whole,
         writes=conditions.accepts_own, todo="below", tone="main"),
    Step("accept", "复核销号", frozenset({R.ACCEPTING}), R.CLOSED, OFFICE, asks=True,
         not_by=NOT_ACCEPTOR, not_where=NOT_HANDLER, guard=conditions.closing_is_whole, writes=conditions.accepts,
         effects=(_is_closed,), todo="below", tone="main"),
    Step("send_back", "验收不通过", frozenset({R.CLOSING, R.ACCEPTING}), R.RECTIFYING, SUPERIORS,
         reason=True, asks=True, not_by=NOT_ASKER, writes=conditions.fails_acceptance, effects=(_goes_back,), tone="stop"),
    Step("follow_up", "登记回访", frozenset({R.CLOSED}), R.FOLLOWED, SUPERIORS, asks=True,
         not_by=NOT_ASKER, not_where=NOT_THE_UNIT_NOR_HANDLER, writes=conditions.follows_up,
         effects=(_is_followed_up,), todo="below", tone="main"),
    Step("reopen", "回潮，重新打开", frozenset({R.CLOSED, R.FOLLOWED}), R.FOUND, OFFICE, reason=True,
         guard=checks.no_other_open, writes=_relapses, effects=(_begins_anew,), tone="stop"),
    Step("ask_refusal", "提请认定拒不整改", UNDECIDED, R.REFUSING, OFFICE, reason=True,
         guard=conditions.written_notice, writes=conditions.asks_refusal, tone="stop"),
    Step("refuse", "认定拒不整改", frozenset({R.REFUSING}), R.REFUSED, DECIDERS, asks=True,
         not_by=NOT_ACCUSER, guard=conditions.recordable, writes=conditions.makes_a_draft_record,
         effects=(_is_refused,), todo="below", tone="stop"),
    Step("spare", "不予认定", frozenset({R.REFUSING}), R.RECTIFYING, OFFICE, reason=True, back_to="refusal_from",
         not_by=NOT_ACCUSER, writes=conditions.forgets_refusal),
    Step("resume", "恢复整改", frozenset({R.REFUSED}), R.FOUND, OFFICE, reason=True, back_to="refusal_from",
         writes=conditions.is_resumed, effects=(_goes_on,)),
)  # fmt: skip


def _takes_its_place(taken: Taken) -> dict[str, Any]:
    """The new version stands in the place of the one before, under the same address."""
    for old in RectificationSheet.objects.filter(
        rectification=taken.obj.rectification_id, state=SheetState.PUBLISHED
    ):
        SHEET.take(old, "replace", by=taken.by)
    return {"publication": taken.given["publication"]}


def _drop_unfinished(flow: Workflow, rows: Any, why: str) -> None:
    for row in rows.filter(state="in_review"):
        flow.take(row, "recall", by=None)
    for row in rows.filter(state="draft"):
        flow.take(row, "discard", by=None, reason=why)


def _goes_down(taken: Taken) -> None:
    """The text and all published progress go at once; what was on its way goes no further."""
    sheet = taken.obj
    item = sheet.rectification
    _drop_unfinished(SHEET, item.sheets.exclude(pk=sheet.pk), "公开内容已撤下")
    for row in item.progress.filter(state="in_review"):
        PROGRESS.take(row, "recall", by=None)
    told = RectificationProgress.objects.public().filter(rectification=item)
    publications = [sheet.publication, *(row.publication for row in told.with_names())]
    for publication in publications:
        door.withdraw(
            publication,
            reference=item.number,
            reason=sheet.withdraw_reason,
            asked_by=sheet.withdraw_asked_by,
            approver=taken.by,
            remove_content=bool(taken.given.get("remove_content")),
        )


P, T = SheetState, StepTextState

SHEET = Workflow(
    "治理公开稿",
    SheetState,
    # whether it is shown is the district's to say: a unit does not take its own item off the way
    *(
        replace(step, roles=OFFICE) if step.name in ("recall", "discard") else step
        for step in candidate_steps(
            draft=P.DRAFT, in_review=P.IN_REVIEW, passed=P.PUBLISHED, discarded=P.DISCARDED,
            writers=SUPERIORS | WRITERS, complete=conditions.presentable, pass_guard=conditions.presentable,
            pass_writes=_takes_its_place,
        )
    ),
    Step("ask_withdrawal", "申请撤下", frozenset({P.PUBLISHED}), P.WITHDRAWING, OFFICE, reason=True,
         writes=conditions.asks_withdrawal, tone="stop"),
    Step("approve_withdrawal", "批准撤下", frozenset({P.WITHDRAWING}), P.ENDED, OFFICE, asks=True,
         not_by={"withdraw_asked_by_id": "您是撤下申请人，须由另一个人批准。"}, effects=(_goes_down,),
         todo="below", tone="main"),
    Step("refuse_withdrawal", "不同意撤下", frozenset({P.WITHDRAWING}), P.PUBLISHED, OFFICE, reason=True,
         not_by={"withdraw_asked_by_id": "您是撤下申请人，须由另一个人决定。"},
         writes=conditions.forgets_withdrawal),
    Step("replace", "由新版代替", frozenset({P.PUBLISHED}), P.REPLACED, frozenset(), button=False),
)  # fmt: skip

# A recorded step of work waits on nobody's list: it counts as it is, publishing it is the writer's choice.
PROGRESS = Workflow(
    "整改进展",
    StepTextState,
    *(
        replace(step, todo="")
        for step in candidate_steps(
            draft=T.DRAFT, in_review=T.IN_REVIEW, passed=T.PUBLISHED, discarded=T.DISCARDED,
            complete=conditions.tellable, pass_guard=conditions.tellable, pass_writes=conditions.is_shown,
        )
    ),
)  # fmt: skip


def _lengthens(taken: Taken) -> None:
    """The new day counts for the office's clock and for the rate: it was asked for in time and granted."""
    asked = taken.obj
    Rectification.objects.filter(pk=asked.rectification_id).update(due_on=asked.to_day)
    asked.rectification.refresh_from_db()
    clocks.put_off(asked.rectification, today=taken.today, by=taken.by)


ASKED = frozenset({PostponementState.ASKED})
NOT_ASKER_OF_TIME = {"created_by_id": "延期是您申请的，须由另一个人决定。"}

POSTPONEMENT = Workflow(
    "整改延期",
    PostponementState,
    Step("approve", "批准延期", ASKED, PostponementState.APPROVED, SUPERIORS, not_by=NOT_ASKER_OF_TIME,
         not_where=BY_A_SUPERIOR, guard=conditions.may_still_wait, writes=conditions.decides,
         effects=(_lengthens,), todo="below", tone="main"),
    Step("refuse", "不同意延期", ASKED, PostponementState.REFUSED, SUPERIORS, reason=True,
         not_by=NOT_ASKER_OF_TIME, not_where=BY_A_SUPERIOR, writes=conditions.decides, tone="stop"),
    Step("drop", "不用再延", ASKED, PostponementState.REFUSED, frozenset(), button=False,
         writes=conditions.is_dropped),
)  # fmt: skip


def _is_swept(taken: Taken) -> None:
    clocks.swept(taken.obj, today=taken.today)


SWEEP = Workflow(
    "季度排查",
    SweepState,
    Step("hand_in", "报送排查结果", frozenset({SweepState.DUE}), SweepState.REPORTED, WRITERS, asks=True,
         writes=conditions.reports, effects=(_is_swept,), todo="own", tone="main"),
)  # fmt: skip
