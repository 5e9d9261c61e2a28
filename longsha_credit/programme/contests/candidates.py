"""What of a contest and of its result may become public: the rules and the units' numbers, and nobody's name."""

import copy
from dataclasses import replace
from typing import Any

from django.utils import timezone

from longsha_credit.programme.contests import wording
from longsha_credit.programme.models import Contest, ContestResult, ContestRevision
from longsha_credit.programme.models.contests import WORDS
from longsha_credit.publication.registry import Candidate

LABELS = {
    "organisation": "举办单位",
    "code": "竞赛编号",
    "about": "说明",
    "audience": "谁可以参加",
    "opens_at": "开始时间",
    "closes_at": "结束时间",
    "limit": "限时",
    "draws": "抽题规则",
    "points": "题数和总分",
    "units": "参加单位和人数",
    "method": "计分和排名办法",
    "certificate": "证书",
    "answers": "答案和解析",
    "paper": "卷子校验值",
}
RESULT_LABELS = {
    "organisation": "举办单位",
    "code": "竞赛编号",
    "summary": "总的情况",
    "ranking": "单位名次",
    "method": "计分和排名办法",
    "paper": "卷子校验值",
    "salt": "卷子校验用的盐",
    "note": "说明",
}


def moment(at: Any) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def contest_fields(contest: Contest) -> dict[str, str]:
    """The public fields of a contest, as words."""
    return {
        "organisation": contest.organisation.name,
        "code": contest.code,
        "about": contest.about,
        "audience": contest.get_audience_display(),
        "opens_at": moment(contest.opens_at),
        "closes_at": moment(contest.closes_at),
        "limit": wording.limit(contest),
        "draws": "\n".join(str(draw) for draw in contest.draws.all()),
        "points": size(contest),
        "units": "\n".join(filter(None, (unit_line(contest, unit) for unit in _units(contest)))),
        "method": wording.method(contest),
        "certificate": wording.certificate_rule(contest),
        "answers": "结果公布时一起公布答案和解析" if contest.shows_answers else "不公布答案",
        "paper": contest.paper.sha256 if contest.paper else "",
    }


def size(contest: Contest) -> str:
    draws = list(contest.draws.all())
    return f"{sum(d.number for d in draws)}道题，满分{sum(d.number * d.points for d in draws)}分"


def _units(contest: Contest) -> Any:
    return contest.units.select_related("organisation").order_by("organisation__path")


def unit_line(contest: Contest, unit: Any) -> str:
    """How many people the unit has of those who may take part; nothing where it has none."""
    people = (
        ("居民", unit.residents if contest.takes_residents else None),
        ("公职人员", unit.officials if contest.takes_officials else None),
    )
    said = "，".join(f"{who}{number}人" for who, number in people if number)
    return f"{unit.organisation.name}：{said}" if said else ""


def candidate_of_contest(contest: Contest) -> Candidate:
    fields = contest_fields(contest)
    return Candidate(
        of=contest,
        reference=contest.code,
        organisation=contest.organisation,
        title=contest.title,
        text="\n".join(fields[name] for name in ("about", "audience", "opens_at", "closes_at", "points")),
        path=f"contests/{contest.code}/",
        fields=fields,
    )


def revised(revision: ContestRevision) -> Contest:
    """The contest as it would be; not to be saved."""
    contest = copy.copy(revision.of)
    for name in WORDS:
        setattr(contest, name, getattr(revision, name))
    return contest


def otherwise(revision: ContestRevision) -> list[tuple[str, str, str]]:
    """What it puts otherwise than what stands: label, before, after."""
    contest = revision.of
    pairs = [
        ("名称", contest.title, revision.title),
        ("说明", contest.about, revision.about),
        ("开始时间", moment(contest.opens_at), moment(revision.opens_at)),
        ("结束时间", moment(contest.closes_at), moment(revision.closes_at)),
    ]
    return [(label, before, after) for label, before, after in pairs if before != after]


def candidate_of_revision(revision: ContestRevision) -> Candidate:
    return replace(candidate_of_contest(revised(revision)), reason=revision.reason)


def result_fields(result: ContestResult) -> dict[str, str]:
    contest, figures = result.contest, result.figures
    return {
        "organisation": contest.organisation.name,
        "code": contest.code,
        "summary": "\n".join(summary_line(table, figures["full"]) for table in figures["tables"]),
        "ranking": "\n".join(rank_line(table, row) for table in figures["tables"] for row in table["rows"]),
        "method": wording.method(contest),
        "paper": contest.paper.sha256,
        "salt": contest.paper.salt,
        "note": result.note,
    }


def summary_line(table: dict[str, Any], full: int) -> str:
    if table["few"] and not table["took_part"]:
        return f"{table['label']}：参加的人太少，不公布合计"
    average = f"，平均{table['average']}分（满分{full}分）" if table["average"] else ""
    passed = f"，达到发证分的{table['passed']}人" if table["passed"] else ""
    return f"{table['label']}：{table['took_part']}人参加，答题{table['attempts']}次{average}{passed}"


def rank_line(table: dict[str, Any], row: dict[str, Any]) -> str:
    if row["rank"] is None:
        return f"{table['label']} {row['unit']}：{row['took_part']}人参加，样本不足，不排名"
    return (
        f"{table['label']} 第{row['rank']}名 {row['unit']}：{row['people']}人中{row['took_part']}人参加，"
        f"参与率{row['rate']}%，平均{row['average']}分"
    )


def candidate_of_result(result: ContestResult) -> Candidate:
    fields = result_fields(result)
    return Candidate(
        of=result,
        reference=result.contest.code,
        organisation=result.organisation,
        title=f"{result.contest.title}：结果",
        text="\n".join(filter(None, [fields["summary"], fields["note"]])),
        path=f"contests/{result.contest.code}/results/",
        fields=fields,
    )
