"""The tables that leave the annual evaluation for other systems, each column with what it means and where it comes from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from evaluation.annual import counting
from evaluation.models import (
    AnnualEvaluation,
    AnnualOutcome,
    AnnualProposal,
    Fact,
    ProposalKind,
    ProposalState,
)
from longsha_credit.web.charts import words
from records.models import Record

Cell = Callable[["Row"], Any]


@dataclass(frozen=True)
class Row:
    """One unit as the columns ask it: its outcome, its facts, its points by heading, what else is counted."""

    outcome: AnnualOutcome
    facts: dict[str, Fact]
    headings: dict[int, tuple[int, int]]
    breaches: int
    criticised: bool


@dataclass(frozen=True)
class Column:
    title: str
    note: str
    cell: Cell


@dataclass(frozen=True)
class Export:
    """A table for one receiver."""

    key: str
    title: str
    receiver: str
    columns: tuple[Column, ...]


def _number(metric: str, part: str) -> Cell:
    def cell(row: Row) -> Any:
        fact = row.facts.get(metric)
        if fact is None:
            return ""
        return words(fact.numerator) if part == "numerator" else fact.denominator

    return cell


def _rate(metric: str) -> Cell:
    def cell(row: Row) -> str:
        fact = row.facts.get(metric)
        if fact is None or not fact.denominator:
            return "不适用"
        return f"{fact.numerator / fact.denominator:.2f}%"

    return cell


def _pair(metric: str, title: str, note: str) -> tuple[Column, Column]:
    return (
        Column(
            f"{title}（分子）",
            f"{note}：符合的，部分履行计0.5。没有这项事实的为空，不写零。",
            _number(metric, "numerator"),
        ),
        Column(f"{title}（分母）", f"{note}：应计入的。为0的不适用。", _number(metric, "denominator")),
    )


def _state(row: Row) -> str:
    return row.outcome.get_state_display()


WHO = (
    Column("单位", "街道、社区的名称。", lambda row: row.outcome.organisation.name),
    Column(
        "区划代码", "十二位统计用区划代码，按文本读取。", lambda row: row.outcome.organisation.division_code
    ),
    Column("层级", "街道或者社区。", lambda row: row.outcome.organisation.get_level_display()),
    Column("年度", "考评的年度。", lambda row: row.outcome.year.number),
)
TOTAL = (
    Column(
        "总分",
        "百分制，两位小数；审定以前是告知或者测算的分。",
        lambda row: words(counting.total_of(row.outcome)),
    ),
    Column(
        "等级",
        "示范候选、达标、培育、待提升；有待人工评审的为空。",
        lambda row: counting.grade_of(row.outcome),
    ),
    Column("状态", "待告知、已告知、已陈述申辩、已审定。只有已审定的可以作为考核依据。", _state),
)
RATES = {
    "kept-rate": ("到期兑现率", "公开承诺（全部履行＋0.5×部分履行）÷到期"),
    "closed-in-time": ("按期销号率", "失信治理台账按期销号÷到期"),
    "complaints-in-time": ("投诉按期办理率", "按期受理并按期答复÷应计入的投诉"),
    "satisfaction": ("办结来件满意率", "回访评价为基本满意以上÷有回访评价的"),
    "handed-over": ("交接按期完成率", "按期三方确认÷到期的交接"),
    "published-in-time": ("公开时限合规率", "按期公开÷首次公开"),
}
BREACHES = Column(
    "政务失信记录", "年度内认定、现在还生效的本单位政务失信记录件数。", lambda row: row.breaches
)


def _heading(number: int, title: str) -> tuple[Column, Column]:
    return (
        Column(f"{title}得分", f"第{number}项任务各指标得分之和。", lambda row: words(row.headings.get(number, (0, 0))[0])),
        Column(f"{title}分值", f"第{number}项任务的分值；全部不适用的为0。", lambda row: words(row.headings.get(number, (0, 0))[1])),
    )  # fmt: skip


def exports(names: dict[int, str]) -> dict[str, Export]:
    """The tables there are; `names` are the nine headings by number."""
    performance = (
        *WHO,
        *TOTAL,
        *(Column(title, f"{note}，百分比。", _rate(key)) for key, (title, note) in RATES.items()),
        BREACHES,
        Column(
            "通报批评", "本年度考评后同意通报批评的为“是”。", lambda row: "是" if row.criticised else "否"
        ),
    )
    business = (*WHO, *(c for key, (title, note) in RATES.items() for c in _pair(key, title, note)), BREACHES)
    index = (*WHO, *(c for number, title in names.items() for c in _heading(number, title)), *TOTAL)
    return {
        "performance": Export("performance", "年度绩效考核", "区绩效考核部门", performance),
        "business": Export("business", "营商环境评价", "营商环境评价牵头部门", business),
        "index": Export("index", "区政务诚信建设指标体系", "区社会信用体系建设领导小组办公室", index),
    }


def rows_of(evaluation: AnnualEvaluation, outcomes: Any) -> list[Row]:
    """The units of an evaluation that the reader may see; a constant number of queries."""
    found = list(outcomes.with_names().order_by("organisation__division_code", "organisation__path"))
    facts = counting.facts_of(outcomes, RATES)
    places = counting.headings_of([evaluation.street_set, evaluation.community_set])
    breaches = dict(
        Record.objects.standing()
        .breaches()
        .in_effect()
        .filter(official=None, decided_on__year=evaluation.year.number, organisation__in=outcomes.order_by().values("organisation"))
        .order_by()
        .values("organisation")
        .annotate(n=Count("pk"))
        .values_list("organisation", "n")
    )  # fmt: skip
    agreed = Q(kind=ProposalKind.CIRCULAR, state=ProposalState.APPROVED)
    criticised = set(
        AnnualProposal.objects.filter(agreed, outcome__evaluation=evaluation).values_list(
            "outcome", flat=True
        )
    )
    return [
        Row(
            outcome,
            facts.get(outcome.organisation_id, {}),
            _by_heading(outcome, places.get(outcome.result.set_id, [])),
            breaches.get(outcome.organisation_id, 0),
            outcome.pk in criticised,
        )
        for outcome in found
    ]


def _by_heading(outcome: AnnualOutcome, numbers: list[int]) -> dict[int, tuple[int, int]]:
    sums: dict[int, tuple[int, int]] = {}
    for number, earned, worth in zip(numbers, outcome.result.earned, outcome.result.worth, strict=False):
        before = sums.get(number, (0, 0))
        sums[number] = (before[0] + (earned or 0), before[1] + worth)
    return sums


def lines(export: Export, rows: list[Row]) -> list[list[Any]]:
    return [[column.cell(row) for column in export.columns] for row in rows]


NOTES = ("列", "说明")


def notes(export: Export) -> list[tuple[str, str]]:
    return [(column.title, column.note) for column in export.columns]
