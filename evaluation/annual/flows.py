"""The steps of the annual evaluation, of one unit's outcome, and of what is proposed after it."""

from django.utils.html import format_html, format_html_join

from disclosure import clocks as publishing
from disclosure.models import Notice, NoticeKind, Topic
from evaluation.annual import conditions
from evaluation.annual.reference import DEFENCE_RULE
from evaluation.models import (
    AnnualOutcome,
    AnnualProposal,
    AnnualState,
    Defence,
    OutcomeState,
    ProposalKind,
    ProposalState,
)
from longsha_credit.audit.workflow import Step, Taken, Workflow, record
from longsha_credit.deadlines import services as deadlines
from longsha_credit.directory.roles import Role

OFFICE = frozenset({Role.REVIEWER, Role.OFFICE})
KEEPS = frozenset({Role.OFFICE})
LEADS = frozenset({Role.LEAD})
TOPIC = "announcements"


def path_of(outcome: AnnualOutcome) -> str:
    return f"desk/evaluation/annual/outcomes/{outcome.pk}/"


def _may_be_heard(taken: Taken) -> None:
    outcome = taken.obj
    deadlines.start(
        outcome,
        DEFENCE_RULE,
        organisation=outcome.organisation,
        title=str(outcome),
        path=path_of(outcome),
        starts_on=taken.today,
        today=taken.today,
    )


def _is_heard(taken: Taken) -> None:
    given = taken.given
    Defence.objects.create(
        outcome=taken.obj,
        agrees=bool(given.get("agrees")),
        text=(given.get("text") or "").strip()[:2000],
        on=taken.today,
        by=taken.by,
    )
    deadlines.meet(taken.obj, DEFENCE_RULE, on=taken.today)


def _days_are_over(taken: Taken) -> None:
    deadlines.cancel(taken.obj, why="期限已过，单位没有陈述申辩", rule_key=DEFENCE_RULE)


def _becomes_a_draft_notice(taken: Taken) -> None:
    """A criticism that was agreed to goes the way of everything public: a draft that three people still review."""
    proposal: AnnualProposal = taken.obj
    if proposal.kind != ProposalKind.CIRCULAR:
        return
    district = proposal.organisation.district()
    lines = [proposal.facts, proposal.asked, f"依据：{proposal.basis}"]
    paragraphs = [part.strip() for text in lines for part in text.split("\n") if part.strip()]
    notice = Notice.objects.create(
        organisation=district,
        kind=NoticeKind.CIRCULAR,
        topic=Topic.objects.get(key=TOPIC),
        title=f"关于{proposal.organisation.name}{proposal.outcome.year.number}年度政务诚信考评情况的通报"[
            :100
        ],
        document_number=proposal.number,
        formed_on=taken.today,
        summary="年度考评后的通报批评。",
        body=format_html("{}", format_html_join("", "<p>{}</p>", ((part,) for part in paragraphs))),
        basis=proposal.basis[:300],
        created_by=taken.by,
    )
    publishing.watch(notice, today=taken.today)
    record(
        notice, step="draft", label="由处理建议转成通报草稿", by=taken.by, roles=KEEPS, reason=proposal.number
    )
    AnnualProposal.objects.filter(pk=proposal.pk).update(notice=notice)


A, R, P = AnnualState, OutcomeState, ProposalState

FLOW = Workflow(
    "年度考评",
    AnnualState,
    Step(
        "close", "办结年度考评", frozenset({A.OPEN}), A.CLOSED, KEEPS,
        guard=conditions.all_is_decided, writes=conditions.closes, tone="main",
    ),
)  # fmt: skip

OUTCOME = Workflow(
    "考评结果",
    OutcomeState,
    Step(
        "tell", "告知单位", frozenset({R.PENDING}), R.TOLD, OFFICE,
        guard=conditions.is_whole, writes=conditions.tells, effects=(_may_be_heard,), tone="main",
    ),
    Step(
        "defend", "陈述申辩", frozenset({R.TOLD}), R.DEFENDED, LEADS, asks=True, not_where=conditions.BY_THE_UNIT,
        guard=conditions.within_the_days, writes=conditions.says_something, effects=(_is_heard,),
        todo="below", tone="main",
    ),
    Step(
        "decide", "审定", frozenset({R.TOLD, R.DEFENDED}), R.DECIDED, KEEPS, reason=True,
        top_roles=LEADS, not_by=conditions.NOT_THE_TELLER, guard=conditions.may_be_decided,
        writes=conditions.decides, effects=(_days_are_over,), tone="main",
    ),
)  # fmt: skip

PROPOSAL = Workflow(
    "处理建议",
    ProposalState,
    Step(
        "propose", "提请审批", frozenset({P.DRAFT}), P.PROPOSED, OFFICE,
        todo="below", tone="main",
    ),
    Step(
        "approve", "同意", frozenset({P.PROPOSED}), P.APPROVED, KEEPS, top_roles=LEADS, asks=True,
        not_by=conditions.NOT_THE_WRITER, writes=conditions.approves, effects=(_becomes_a_draft_notice,),
        todo="below", tone="main",
    ),
    Step(
        "refuse", "不同意", frozenset({P.PROPOSED}), P.REFUSED, KEEPS, top_roles=LEADS, reason=True,
        not_by=conditions.NOT_THE_WRITER, writes=conditions.refuses,
    ),
    Step("drop", "不再提请", frozenset({P.DRAFT, P.PROPOSED}), P.DROPPED, OFFICE, reason=True, tone="stop"),
)  # fmt: skip
