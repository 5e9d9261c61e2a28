"""考评结果告知书, 审定书 and the internal proposals as official documents."""

import datetime
from types import SimpleNamespace
from typing import Any

from django.urls import reverse

from evaluation.annual import papers
from evaluation.models import AnnualOutcome, AnnualProposal, OutcomeState, ProposalKind, ProposalState
from evaluation.models.demonstrations import DISTRICT
from evaluation.scoring import GRADES
from longsha_credit.exchange.documents import Paper, Table
from longsha_credit.exchange.official.kinds import DocumentKind, Field
from longsha_credit.exchange.official.kinds import register as known
from longsha_credit.web.charts import words

COLUMNS = ("任务", "分值", "得分")
TABLES = (Field("得分表", "各项任务的分值和得分", [], columns=COLUMNS),)
OWN = (Field("得分", "总分", "86.5"), Field("等级", "达到哪一等级", "达标"))
ROWS = (
    ("依法全面履行政府职责", "15", "13.5"),
    ("推广政务信用承诺", "20", "18"),
    ("加强政务公开", "15", "12"),
)


def _values(outcome: Any) -> dict[str, str]:
    decided = outcome.state == OutcomeState.DECIDED
    total, grade = (outcome.total, outcome.grade) if decided else (outcome.told_total, outcome.told_grade)
    return {"得分": words(total or 0), "等级": GRADES.get(grade, "—")}


def _sample(title: str, *more: str) -> Paper:
    return Paper(
        title=title,
        to="向阳街道",
        blocks=(
            "按照2026年度考评安排，你单位得分86.5分，等级为达标。各项任务得分如下，每一分的来历可以在系统里逐条打开。",
            Table("", COLUMNS, ROWS),
            *more,
        ),
        sign="示例区信用办",
        signed_on=datetime.date(2026, 12, 1),
    )


def _outcome(key: str, label: str, word: str, sample: Paper, applies: Any) -> DocumentKind:
    return DocumentKind(
        key=key,
        label=label,
        word=word,
        model=AnnualOutcome,
        things=lambda user: (
            AnnualOutcome.objects.visible_to(user).with_names().exclude(state=OutcomeState.PENDING)
        ),
        paper=papers.told,
        unit=lambda it: it.year.organisation,
        roles=DISTRICT,
        url=lambda it: reverse("annual:outcome", args=[it.pk]),
        sample=sample,
        own=OWN,
        values=_values,
        tables=TABLES,
        applies=applies,
    )


def _proposed(proposal: Any) -> dict[str, str]:
    return {"事实": proposal.facts, "建议": proposal.asked, "依据": proposal.basis}


PROPOSAL = DocumentKind(
    key="annual-proposal",
    label="考评处理建议",
    word="建",
    model=AnnualProposal,
    things=lambda user: (
        AnnualProposal.objects.visible_to(user)
        .select_related("organisation", "outcome__year__organisation")
        .filter(state=ProposalState.APPROVED)
    ),
    paper=papers.proposal,
    unit=lambda it: it.outcome.year.organisation,
    roles=DISTRICT,
    url=lambda it: reverse("annual:proposal", args=[it.pk]),
    sample=papers.proposal(
        SimpleNamespace(
            outcome=SimpleNamespace(
                year=SimpleNamespace(organisation=SimpleNamespace(name="示例区"), number=2026)
            ),
            kind=ProposalKind.CIRCULAR,
            organisation=SimpleNamespace(name="向阳街道"),
            facts="到期的承诺有3件没有履行，经两次督办仍未整改。",
            asked="在全区范围内通报批评。",
            basis="试点工作方案第二部分第（九）项。",
            opinion="同意。",
            number="建议〔2026〕0001",
            decided_on=datetime.date(2026, 12, 20),
            drafted_on=datetime.date(2026, 12, 15),
        )
    ),
    own=(
        Field("事实", "凭什么提出", "到期的承诺有3件没有履行。"),
        Field("建议", "建议怎样处理", "在全区范围内通报批评。"),
        Field("依据", "按什么规定", "试点工作方案第二部分第（九）项。"),
    ),
    values=_proposed,
    applies=lambda it: it.state == ProposalState.APPROVED,
)


def register() -> None:
    """Called when the app is ready."""
    told = _sample(
        "2026年度考评结果告知书",
        "一、陈述申辩",
        "你单位对结果有异议的，可以在2026年12月15日以前向区信用办陈述申辩。",
    )
    decided = _sample("2026年度考评结果审定书", "一、审定意见", "听取了陈述申辩，得分和等级维持不变。")
    open_states = {OutcomeState.TOLD, OutcomeState.DEFENDED}
    known(_outcome("annual-told", "考评结果告知书", "告", told, lambda it: it.state in open_states))
    known(
        _outcome(
            "annual-decided", "考评结果审定书", "审", decided, lambda it: it.state == OutcomeState.DECIDED
        )
    )
    known(PROPOSAL)
