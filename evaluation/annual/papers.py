"""The official texts of the annual evaluation: the result told to a unit, and what is proposed after it."""

from evaluation.models import AnnualOutcome, AnnualProposal, OutcomeState, ProposalKind
from evaluation.reading import sheet_of
from evaluation.scoring import GRADES
from longsha_credit.exchange.documents import Paper, Table, day
from longsha_credit.web.charts import words


def told(outcome: AnnualOutcome) -> Paper:
    """考评结果告知书 before the decision, 审定书 after it."""
    unit, year = outcome.organisation, outcome.year
    decided = outcome.state == OutcomeState.DECIDED
    total = outcome.total if decided else outcome.told_total
    grade = GRADES.get(outcome.grade if decided else outcome.told_grade, "—")
    result = outcome.result
    rows = tuple((part.title, part.worth_words, part.earned_words) for part in sheet_of(result))
    if result.bonus:
        rows += (("加分", "", words(result.bonus)),)
    blocks: tuple[str | Table, ...] = (
        f"按照{year.number}年度考评安排，你单位得分{words(total or 0)}分，等级为{grade}。各项任务得分如下，"
        "每一分的来历可以在系统里逐条打开。",
        Table("", ("任务", "分值", "得分"), rows),
    )
    if result.total != total:
        blocks += (f"告知以后有更正，上表是更正以后的得分，合计{words(result.total)}分，以审定的为准。",)
    if decided:
        blocks += ("一、审定意见", outcome.opinion)
    else:
        blocks += (
            "一、陈述申辩",
            f"你单位对结果有异议的，可以在{day(outcome.defence_until)}以前向区信用办陈述申辩；没有异议的，也请在系统里确认。"
            "听取陈述申辩以后再审定。",
        )
    return Paper(
        title=f"{year.number}年度考评结果{'审定书' if decided else '告知书'}",
        to=unit.name,
        blocks=blocks,
        sign=f"{year.organisation.name}信用办",
        signed_on=outcome.decided_on if decided else outcome.told_on,
    )


def proposal(it: AnnualProposal) -> Paper:
    """The internal text of a proposal; what becomes of a criticism in public is the notice's own text."""
    year = it.outcome.year
    lead = "通报批评的建议" if it.kind == ProposalKind.CIRCULAR else "依法依规追究主要负责人责任的建议"
    blocks: tuple[str, ...] = ("一、事实", it.facts, "二、建议", it.asked, "三、依据", it.basis)
    if it.opinion:
        blocks += ("四、审批意见", it.opinion)
    return Paper(
        title=f"关于对{it.organisation.name}{lead}",
        number=f"{it.number}号" if it.number else "",
        to="" if it.kind == ProposalKind.CIRCULAR else "有管理权限的机关",
        blocks=blocks,
        sign=f"{year.organisation.name}信用办",
        signed_on=it.decided_on or it.drafted_on,
    )
