"""Public commitments in the form of the national collection template: its columns, their lengths, what is lacking.

Column names, lengths and which must be filled are those of the template as a provincial platform uses it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from commitments.models import Obligation, Verdict, Verification
from longsha_credit.directory.models import Organisation

CODE, SHORT, LONG, REASON = 18, 200, 4000, 512
VERDICTS = {Verdict.FULL: "全部履行", Verdict.PARTLY: "部分履行", Verdict.NONE: "全部未履行"}


@dataclass(frozen=True)
class Column:
    """One column of the template; a value longer than `longest` characters does not fit."""

    label: str
    value: Callable[["Facts"], Any]
    longest: int
    needed: Callable[["Facts"], bool] = lambda facts: True


@dataclass(frozen=True)
class Facts:
    """What a row is made of: the commitment, its verdict where there is one, the district that received it."""

    it: Obligation
    found: Verification | None
    district: Organisation

    @property
    def is_broken(self) -> bool:
        return self.found is not None and self.found.verdict != Verdict.FULL


def _never(facts: Facts) -> bool:
    return False


def _once_verified(facts: Facts) -> bool:
    return facts.found is not None


def _of(name: str) -> Callable[[Facts], Any]:
    return lambda facts: getattr(facts.it, name)


def _found(name: str) -> Callable[[Facts], Any]:
    return lambda facts: getattr(facts.found, name) if facts.found else ""


def _overdue(facts: Facts) -> str:
    return "已过期" if facts.it.due_on < timezone.localdate() else "未过期"


COLUMNS = (
    Column("承诺编码", _of("code"), 20),
    Column("承诺人名称", lambda f: f.it.organisation.name, SHORT),
    Column("承诺人类别", lambda f: "法人及非法人组织", 20),
    Column("承诺人代码", lambda f: f.it.organisation.uscc, CODE),
    Column("承诺类型", lambda f: "主动型", 20),
    Column("承诺事由", _of("title"), REASON),
    Column("承诺内容", _of("content"), LONG),
    Column("违诺责任", _of("liability"), LONG),
    Column("承诺作出日期", _of("made_on"), 10),
    Column("承诺有效期", _of("due_on"), 10, _never),
    Column("承诺受理单位", lambda f: f.district.name, SHORT),
    Column("承诺受理单位代码", lambda f: f.district.uscc, CODE),
    Column("公开类型", lambda f: "可向社会公开", 20),
    Column(
        "承诺履行状态", lambda f: VERDICTS[Verdict(f.found.verdict)] if f.found else "", 20, _once_verified
    ),
    Column("未履行的承诺内容", _found("unmet"), LONG, lambda f: f.is_broken),
    Column("违诺责任追究内容", _found("consequence"), LONG, lambda f: f.is_broken),
    Column("履行状态认定日期", _of("verified_on"), 10, _once_verified),
    Column("履行状态认定单位", lambda f: f.found.organisation.name if f.found else "", SHORT, _once_verified),
    Column(
        "履行状态认定单位代码", lambda f: f.found.organisation.uscc if f.found else "", CODE, _once_verified
    ),
    Column("备注", lambda f: "", 1000, _never),
    Column("监管状态", lambda f: "监管完成" if f.found else "监管中", 20),
    Column("过期状态", _overdue, 20),
)


def row_of(facts: Facts) -> list[str]:
    """The values as texts, in the order of COLUMNS."""
    return [str(value) if (value := column.value(facts)) is not None else "" for column in COLUMNS]


def faults_of(facts: Facts) -> list[str]:
    """What keeps a commitment out of the template, each as a sentence."""
    faults = []
    for column, text in zip(COLUMNS, row_of(facts), strict=True):
        if not text and column.needed(facts):
            faults.append(f"缺{column.label}。")
        if len(text) > column.longest:
            faults.append(f"{column.label}有{len(text)}个字，模板最多{column.longest}个字。")
        if (
            text
            and column.longest in (CODE, 20)
            and column.label.endswith(("代码", "编码"))
            and len(text) != column.longest
        ):
            faults.append(f"{column.label}应是{column.longest}位，现在是{len(text)}位。")
    return faults


def sorted_out(rows: Any) -> tuple[list[list[str]], list[dict[str, Any]]]:
    """The public commitments among `rows` that fit, as rows of texts; and the others with what they lack."""
    whole, lacking = [], []
    for facts in _facts(rows):
        if faults := faults_of(facts):
            lacking.append({"it": facts.it, "faults": faults})
        else:
            whole.append(row_of(facts))
    return whole, lacking


def _facts(rows: Any) -> list[Facts]:
    """With units, verdicts and districts: three queries for any number of rows."""
    verdicts = Verification.objects.public().select_related("organisation").order_by("-id")
    found = rows.commitments().with_names().order_by("code")
    found = list(found.prefetch_related(Prefetch("verifications", verdicts, to_attr="public_verdicts")))
    roots = {int(it.organisation.path.strip("/").split("/")[0]) for it in found}
    districts = Organisation.objects.in_bulk(roots)
    return [
        Facts(
            it,
            it.public_verdicts[0] if it.public_verdicts and it.verdict else None,
            districts[int(it.organisation.path.strip("/").split("/")[0])],
        )
        for it in found
    ]
