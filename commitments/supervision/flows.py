"""The steps of a resident's case, of the slip to the unit it is about, and of opening an identity."""

from commitments.models import CaseReply, CaseState, IdentityOpening, OpeningState, SlipState
from commitments.models.cases import APPROVERS, DISTRICT_HANDLERS, HANDLERS
from commitments.models.slips import SLIP_ANSWERERS
from commitments.supervision import clocks, conditions
from commitments.supervision.conditions import (
    NOT_ASKER,
    NOT_HANDLER,
    NOT_INTERESTED,
    OF_THE_CASES_UNIT,
    ONLY_ASKER_APART,
    OTHERS_APPROVE_AGAIN,
    OTHERS_HANDLE_AGAIN,
)
from longsha_credit.audit.workflow import Step, Taken, Workflow

S = CaseState


def _is_accepted(taken: Taken) -> None:
    clocks.accepted(taken.obj, today=taken.today)


def _is_refused(taken: Taken) -> None:
    clocks.refused(taken.obj, today=taken.today)


def _is_proposed(taken: Taken) -> None:
    clocks.proposed(taken.obj, today=taken.today)


def _is_reworked(taken: Taken) -> None:
    clocks.reworked(taken.obj)


def _is_replied(taken: Taken) -> None:
    """From now on the resident reads it, and it does not change any more."""
    case = taken.obj
    CaseReply.objects.filter(case=case, number=case.rounds).update(sent_on=taken.today)
    clocks.replied(case, today=taken.today)


def _is_handled_again(taken: Taken) -> None:
    clocks.not_satisfied(taken.obj, today=taken.today)


def _is_closed(taken: Taken) -> None:
    case = taken.obj
    clocks.closed(case, today=taken.today, answered=case.closing != "unanswered")
    for opening in IdentityOpening.objects.filter(case=case, state__in=["asked", "granted"]):
        OPENING.take(opening, "lapse", by=None, today=taken.today)


FLOW = Workflow(
    "来件",
    CaseState,
    Step("accept", "受理", frozenset({S.FILED}), S.ACCEPTED, HANDLERS,
         not_where=NOT_INTERESTED, writes=conditions.is_accepted, effects=(_is_accepted,), todo="own", tone="main"),
    Step("refuse", "不予受理", frozenset({S.FILED}), S.REFUSED, HANDLERS,
         asks=True, not_where=NOT_INTERESTED, writes=conditions.is_refused, effects=(_is_refused,), tone="stop"),
    Step("note", "转达后办结", frozenset({S.FILED}), S.CLOSED, HANDLERS,
         not_where=NOT_INTERESTED, guard=conditions.is_praise, writes=conditions.is_noted, effects=(_is_closed,)),
    Step("propose", "提出答复", frozenset({S.ACCEPTED}), S.PROPOSED, HANDLERS,
         asks=True, not_where=NOT_INTERESTED, guard=conditions.no_open_slip, writes=conditions.proposes,
         effects=(_is_proposed,), todo="own", tone="main"),
    Step("approve", "审签答复", frozenset({S.PROPOSED}), S.REPLIED, APPROVERS,
         asks=True, not_by=NOT_HANDLER, not_where=NOT_INTERESTED, writes=conditions.is_approved,
         effects=(_is_replied,), todo="own", tone="main"),
    Step("rework", "退回再办", frozenset({S.PROPOSED}), S.ACCEPTED, APPROVERS,
         reason=True, not_by=NOT_HANDLER, not_where=NOT_INTERESTED, writes=conditions.says_why_returned,
         effects=(_is_reworked,), tone="stop"),
    Step("again", "居民不满意，重新办理", frozenset({S.REPLIED}), S.REHANDLING, frozenset(), button=False,
         guard=conditions.has_one_round_left, effects=(_is_handled_again,)),
    Step("repropose", "提出重办答复", frozenset({S.REHANDLING}), S.REPROPOSED, DISTRICT_HANDLERS,
         asks=True, not_by=OTHERS_HANDLE_AGAIN, not_where=NOT_INTERESTED, guard=conditions.no_open_slip,
         writes=conditions.reproposes, effects=(_is_proposed,), todo="below", tone="main"),
    Step("reapprove", "审签重办答复", frozenset({S.REPROPOSED}), S.REPLIED, DISTRICT_HANDLERS,
         asks=True, not_by=OTHERS_APPROVE_AGAIN, not_where=NOT_INTERESTED, writes=conditions.is_approved_again,
         effects=(_is_replied,), todo="below", tone="main"),
    Step("rework_again", "退回重办", frozenset({S.REPROPOSED}), S.REHANDLING, DISTRICT_HANDLERS,
         reason=True, not_by=OTHERS_APPROVE_AGAIN, not_where=NOT_INTERESTED, writes=conditions.says_why_returned,
         effects=(_is_reworked,), tone="stop"),
    Step("close", "办结", frozenset({S.REPLIED}), S.CLOSED, frozenset(), button=False,
         writes=conditions.is_closed, effects=(_is_closed,)),
    author="handler",
)  # fmt: skip


def _slip_is_answered(taken: Taken) -> None:
    clocks.slip_answered(taken.obj, today=taken.today)


SLIP = Workflow(
    "转办单",
    SlipState,
    Step("answer", "报送情况", frozenset({SlipState.SENT}), SlipState.ANSWERED, SLIP_ANSWERERS,
         asks=True, not_by=conditions.NOT_SENDER, writes=conditions.is_answered, effects=(_slip_is_answered,), todo="own", tone="main"),
    Step("recall", "收回转办单", frozenset({SlipState.SENT}), SlipState.RECALLED, frozenset(), button=False,
         effects=(lambda taken: clocks.slip_recalled(taken.obj),)),
    author="answered_by",
)  # fmt: skip

OPENING = Workflow(
    "查看身份",
    OpeningState,
    Step("grant", "同意查看", frozenset({OpeningState.ASKED}), OpeningState.GRANTED, APPROVERS,
         not_by=NOT_ASKER, not_where=OF_THE_CASES_UNIT, writes=conditions.decides, todo="below", tone="main"),
    Step("deny", "不同意", frozenset({OpeningState.ASKED}), OpeningState.REFUSED, APPROVERS,
         reason=True, not_by=NOT_ASKER, not_where=OF_THE_CASES_UNIT, writes=conditions.decides, tone="stop"),
    Step("open", "看一次", frozenset({OpeningState.GRANTED}), OpeningState.OPENED, HANDLERS,
         not_where=ONLY_ASKER_APART),
    Step("lapse", "来件办结，申请作废", frozenset({OpeningState.ASKED, OpeningState.GRANTED}), OpeningState.LAPSED,
         frozenset(), button=False),
    author="asked_by",
)  # fmt: skip
