"""The steps of a round, an application, a seat on the panel, a notice of candidates, an objection and an award."""

from dataclasses import replace
from typing import Any

from disclosure import conditions as shared
from disclosure.flows import taking_down
from disclosure.models import DisclosedState
from evaluation.computing import compute
from evaluation.demonstration import clocks, conditions
from evaluation.demonstration.scoring import Spread, spread_of
from evaluation.demonstration.wording import points
from evaluation.models import (
    Application,
    ApplicationState,
    CycleState,
    Indicator,
    Mark,
    ObjectionState,
    PanelScore,
    SeatState,
)
from evaluation.models.panels import PANEL
from longsha_credit.audit.workflow import Step, Taken, Workflow
from longsha_credit.directory.roles import Role
from longsha_credit.publication.gate import WRITERS, candidate_steps

OFFICE = frozenset({Role.OFFICE})
REVIEWER = frozenset({Role.REVIEWER})
DISTRICT = OFFICE | REVIEWER
LEAD = frozenset({Role.LEAD})
A, S, N, Asked = ApplicationState, SeatState, DisclosedState, ObjectionState

CYCLE = Workflow(
    "评价轮次",
    CycleState,
    Step(
        "open", "启用", frozenset({CycleState.DRAFT}), CycleState.OPEN, DISTRICT,
        not_by={"created_by_id": "您是拟定人，须由另一个人核对后启用。"}, guard=conditions.may_open, todo="own", tone="main",
    ),
    Step("drop", "作废", frozenset({CycleState.DRAFT}), CycleState.DROPPED, DISTRICT, reason=True, tone="stop"),
    Step("close", "结束", frozenset({CycleState.OPEN}), CycleState.CLOSED, OFFICE, guard=conditions.may_close),
)  # fmt: skip


def _is_submitted(taken: Taken) -> None:
    it = taken.obj
    clocks.submitted(it, today=taken.today, to_street=it.state == A.STREET)


def _passes_street(taken: Taken) -> None:
    clocks.street_passed(taken.obj, today=taken.today)


def _passes_check(taken: Taken) -> None:
    clocks.check_passed(taken.obj, today=taken.today)


def _is_returned(taken: Taken) -> None:
    clocks.returned(taken.obj, today=taken.today)


def _is_gone(taken: Taken) -> None:
    clocks.is_gone(taken.obj, why=f"{taken.step.label}：{taken.reason}")


def spreads(it: Application) -> dict[Indicator, Spread]:
    """What the panel's points come to, by indicator; of seats that were sent."""
    rows = PanelScore.objects.counted().filter(seat__application=it).select_related("indicator__heading")
    found: dict[Indicator, list[int]] = {}
    for row in rows:
        found.setdefault(row.indicator, []).append(row.points)
    return {indicator: spread_of(scores) for indicator, scores in found.items()}


def _is_marked(taken: Taken) -> None:
    """The median of each indicator is the mark, on a scale one of its steps; the sheet is computed with it."""
    it, cycle = taken.obj, taken.obj.cycle
    Mark.objects.bulk_create(
        Mark(
            snapshot=cycle.snapshot, organisation=it.organisation, indicator=indicator, by=taken.by,
            points=spread.step if indicator.scale else spread.median,
            reason=f"{spread.number}名评审员的中位数；平均{points(spread.mean)}，最低{points(spread.low)}，最高{points(spread.high)}",
        )
        for indicator, spread in spreads(it).items()
    )  # fmt: skip
    compute(cycle.snapshot, cycle.set, below=it.organisation.path)


BEFORE = frozenset({A.DRAFT, A.STREET, A.CHECK})
FLOW = Workflow(
    "申报",
    ApplicationState,
    Step(
        "submit", "提交申报", frozenset({A.DRAFT}), A.STREET, WRITERS,
        guard=conditions.assessed, writes=conditions.is_submitted, effects=(_is_submitted,), todo="own", tone="main",
        back_to="goes_straight_to",
    ),
    Step(
        "pass_street", "初审通过", frozenset({A.STREET}), A.CHECK, LEAD,
        not_by=conditions.SUBMITTER, not_where=conditions.OWN_UNIT,
        writes=conditions.signs("street_by"), effects=(_passes_street,), todo="below", tone="main",
    ),
    Step(
        "return_street", "退回补正", frozenset({A.STREET}), A.DRAFT, LEAD, reason=True, not_by=conditions.SUBMITTER,
        not_where=conditions.OWN_UNIT, writes=conditions.is_returned, effects=(_is_returned,), tone="stop",
    ),
    Step(
        "pass_check", "复核通过，交评审", frozenset({A.CHECK}), A.PANEL, REVIEWER,
        not_by=conditions.CHECKER, writes=conditions.signs("district_by"), effects=(_passes_check,), todo="below", tone="main",
    ),
    Step(
        "return_check", "退回补正", frozenset({A.CHECK}), A.DRAFT, REVIEWER, reason=True, not_by=conditions.CHECKER,
        writes=conditions.is_returned, effects=(_is_returned,), tone="stop",
    ),
    Step("withdraw", "撤回申报", BEFORE, A.WITHDRAWN, WRITERS, reason=True, effects=(_is_gone,), tone="stop"),
    Step(
        "summarise", "汇总评分", frozenset({A.PANEL}), A.SCORED, OFFICE,
        guard=conditions.panel_is_done, effects=(_is_marked,), tone="main",
    ),
    Step(
        "nominate", "列为拟公示单位", frozenset({A.SCORED}), A.CANDIDATE, OFFICE,
        guard=conditions.is_candidate, writes=conditions.is_graded, todo="below", tone="main",
    ),
    Step(
        "finish", "列为未入选", frozenset({A.PANEL, A.SCORED, A.CANDIDATE, A.PUBLICITY}), A.FINISHED, OFFICE,
        reason=True, writes=conditions.is_graded, tone="stop",
    ),
    Step("publicise", "公示", frozenset({A.CANDIDATE}), A.PUBLICITY, frozenset(), button=False),
    Step("unpublicise", "公示撤下", frozenset({A.PUBLICITY}), A.CANDIDATE, frozenset(), button=False),
    Step("award", "评定", frozenset({A.PUBLICITY}), A.AWARDED, frozenset(), button=False),
)  # fmt: skip

SEAT = Workflow(
    "评审席位",
    SeatState,
    Step(
        "send", "提交评分", frozenset({S.ASSIGNED}), S.SENT, PANEL, not_where=conditions.NOT_MINE,
        guard=conditions.every_score_in, writes=conditions.is_sent, todo="below", tone="main",
    ),
    Step(
        "recuse", "申请回避", frozenset({S.ASSIGNED}), S.RECUSED, PANEL, reason=True, not_where=conditions.NOT_MINE, tone="stop",
    ),
    Step("relieve", "撤换", frozenset({S.ASSIGNED}), S.RELIEVED, OFFICE, reason=True, tone="stop"),
    author="reviewer",
)  # fmt: skip


def _shows_candidates(taken: Taken) -> None:
    for it in taken.obj.applications.filter(state=A.CANDIDATE):
        FLOW.take(it, "publicise", by=None, today=taken.today)


def _hides_candidates(taken: Taken) -> None:
    for it in taken.obj.applications.filter(state=A.PUBLICITY):
        FLOW.take(it, "unpublicise", by=None, today=taken.today)
    Application.objects.filter(notice=taken.obj, state=A.CANDIDATE).update(notice=None)


def _is_awarded(taken: Taken) -> None:
    FLOW.take(taken.obj.application, "award", by=None, today=taken.today)
    clocks.awarded(taken.obj, today=taken.today)


def _is_revoked(taken: Taken) -> None:
    clocks.revoked(taken.obj)


def _lets_go(taken: Taken) -> None:
    Application.objects.filter(notice=taken.obj, state=A.CANDIDATE).update(notice=None)


def _of_the_office(steps: tuple[Step, ...], labels: dict[str, str], more: dict[str, Any]) -> tuple[Step, ...]:
    """Taking down is the district's: the unit does not take its own award off the way."""
    return tuple(
        replace(step, label=labels.get(step.name, step.label), roles=DISTRICT, **more.get(step.name, {}))
        if step.roles
        else step
        for step in steps
    )


def _candidate(**more: Any) -> tuple[Step, ...]:
    states = {"draft": N.DRAFT, "in_review": N.IN_REVIEW, "passed": N.PUBLISHED, "discarded": N.DISCARDED}
    return candidate_steps(**states, writers=OFFICE, **more)


NOTICE = Workflow(
    "评定公示",
    DisclosedState,
    *(
        replace(step, effects=(*step.effects, _lets_go)) if step.name == "discard" else step
        for step in _candidate(
            complete=conditions.notice_complete, submit_writes=shared.gets_code("GS"), pass_guard=conditions.notice_complete,
            pass_writes=conditions.notice_is_public, on_passed=(_shows_candidates,),
        )
    ),
    *_of_the_office(taking_down(_hides_candidates), {}, {}),
)  # fmt: skip

AWARD = Workflow(
    "评定结果",
    DisclosedState,
    *_candidate(
        complete=conditions.award_complete, submit_writes=shared.gets_code("PD"), pass_guard=conditions.award_complete,
        pass_writes=conditions.becomes_award, on_passed=(_is_awarded,),
    ),
    *_of_the_office(
        taking_down(_is_revoked),
        {"ask_withdrawal": "申请撤销", "approve_withdrawal": "批准撤销", "refuse_withdrawal": "不同意撤销"}, {},
    ),
)  # fmt: skip


def _is_answered(taken: Taken) -> None:
    clocks.answered(taken.obj, today=taken.today)


OBJECTION = Workflow(
    "公示异议",
    ObjectionState,
    Step(
        "accept", "受理", frozenset({Asked.FILED}), Asked.ACCEPTED, DISTRICT,
        not_where=conditions.NOT_JUDGE, writes=conditions.signs("handler"), todo="below", tone="main",
    ),
    Step(
        "propose", "提出处理意见", frozenset({Asked.ACCEPTED}), Asked.PROPOSED, DISTRICT,
        not_where=conditions.NOT_ITS_HANDLER, writes=conditions.proposes, asks=True, todo="below", tone="main",
    ),
    Step(
        "approve", "审定", frozenset({Asked.PROPOSED}), Asked.DECIDED, DISTRICT,
        not_by={"handler_id": "您是承办人，须由另一个人审定。"}, not_where=conditions.NOT_JUDGE,
        writes=conditions.is_decided, effects=(_is_answered,), todo="below", tone="main",
    ),
    Step(
        "rework", "退回再核实", frozenset({Asked.PROPOSED}), Asked.ACCEPTED, DISTRICT, reason=True,
        not_by={"handler_id": "您是承办人，须由另一个人审定。"}, not_where=conditions.NOT_JUDGE, tone="stop",
    ),
    author="handler",
)  # fmt: skip
