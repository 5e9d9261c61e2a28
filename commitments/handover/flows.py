"""The steps of a handover and of a signed paper in the place of somebody's word."""

from typing import Any

from commitments.handover import clocks, conditions
from commitments.handover.conditions import (
    DISTRICT,
    NOT_A_PARTY,
    NOT_A_PARTY_OF_ITS_HANDOVER,
    NOT_WITNESS,
    WITNESSES,
)
from commitments.models import (
    Handover,
    HandoverConfirmation,
    HandoverState,
    PaperState,
    Party,
    SignedPaper,
)
from longsha_credit.audit.workflow import Step, Taken, Workflow
from longsha_credit.audit.workflow import record as record_entry
from longsha_credit.directory import postings
from longsha_credit.directory.roles import Role
from longsha_credit.programme.tasking.services import pass_tasks_on

S = HandoverState


def say(handover: Handover, items: Any, *, party: str, by: Any, paper: SignedPaper | None = None) -> int:
    """Write a party's word for those open items that have none of it yet; the caller holds the handover."""
    open_items = items.still_open().exclude(confirmations__party=party)
    rows = [
        HandoverConfirmation(item=item, party=party, by=by, by_name=str(by)[:60], paper=paper)
        for item in open_items
    ]
    HandoverConfirmation.objects.bulk_create(rows)
    if rows:
        label = f"{Party(party).label}确认"
        reason = f"确认{len(rows)}件" + ("，凭签字件" if paper else "")
        record_entry(
            handover, step=f"confirm_{party}", label=label, by=by, roles=WITNESSES | DISTRICT, reason=reason
        )
    return len(rows)


def _passes_on(taken: Taken) -> None:
    """The post goes to the successor, or the unit under the one that goes on; every item names both from now on."""
    handover, today = taken.obj, taken.today
    handover.items.filter(incoming_name="").exclude(handover__incoming_name="").update(
        incoming_name=handover.incoming_name
    )
    if handover.posting_id is None:
        postings.go_on_under(handover.organisation, handover.successor, by=taken.by, today=today)
        return
    postings.release(handover.posting, ended_on=today, by=taken.by)
    post = handover.posting.post
    if handover.incoming_id:
        postings.hold(handover.incoming, post, started_on=today, by=taken.by)
    pass_tasks_on(post, before=handover.outgoing, after=handover.incoming, by=taken.by)


def _in_time(taken: Taken) -> None:
    clocks.done(taken.obj, today=taken.today)


def _clock_ends(taken: Taken) -> None:
    clocks.stop(taken.obj, why=f"{taken.step.label}：{taken.reason or taken.obj.override_reason}")


FLOW = Workflow(
    "离任交接",
    HandoverState,
    Step("complete", "完成交接", frozenset({S.OPEN}), S.COMPLETE, WITNESSES, not_where=NOT_WITNESS,
         guard=conditions.all_confirmed, writes=conditions.is_complete, effects=(_in_time, _passes_on), tone="main"),
    Step("ask_override", "申请先离任", frozenset({S.OPEN}), S.ASKED, DISTRICT, reason=True, not_where=NOT_A_PARTY,
         writes=conditions.asks_override, tone="stop"),
    Step("override", "批准先离任", frozenset({S.ASKED}), S.OVERRIDDEN, DISTRICT, not_where=NOT_A_PARTY,
         not_by={"override_asked_by_id": "先离任是您申请的，须由另一个人批准。"}, guard=conditions.day_has_come,
         writes=conditions.is_overridden, effects=(_clock_ends, _passes_on), todo="below", tone="main"),
    Step("refuse_override", "不同意先离任", frozenset({S.ASKED}), S.OPEN, DISTRICT, reason=True, not_where=NOT_A_PARTY,
         not_by={"override_asked_by_id": "先离任是您申请的，须由另一个人决定。"},
         writes=conditions.forgets_override),
    Step("cancel", "取消交接", frozenset({S.OPEN}), S.CANCELLED, frozenset({Role.OFFICE}), reason=True,
         not_where=NOT_A_PARTY, effects=(_clock_ends,), tone="stop"),
)  # fmt: skip


def _stands_for_the_party(taken: Taken) -> None:
    paper = taken.obj
    handover = Handover.objects.select_for_update().get(pk=paper.handover_id)
    say(handover, handover.items.all(), party=paper.party, by=taken.by, paper=paper)


P = PaperState

PAPER = Workflow(
    "交接签字件",
    PaperState,
    Step("approve", "批准签字件", frozenset({P.ASKED}), P.APPROVED, DISTRICT,
         not_by={"asked_by_id": "签字件是您上传的，须由另一个人批准。"}, not_where=NOT_A_PARTY_OF_ITS_HANDOVER,
         guard=conditions.handover_goes_on, writes=conditions.is_decided, effects=(_stands_for_the_party,),
         todo="below", tone="main"),
    Step("refuse", "不批准签字件", frozenset({P.ASKED}), P.REFUSED, DISTRICT, reason=True,
         not_by={"asked_by_id": "签字件是您上传的，须由另一个人决定。"}, not_where=NOT_A_PARTY_OF_ITS_HANDOVER,
         writes=conditions.is_decided),
)  # fmt: skip
