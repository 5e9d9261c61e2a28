"""The field dictionary of imported facts: its columns, what a number means for each indicator, and lines going out."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from evaluation.metrics.imported import COUNT, GRADE, HUNDREDTHS, IMPORTABLE, Importable, number_words, told
from evaluation.models import ImportedFact
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.exchange.tables.cleaning import Fault, clean
from longsha_credit.exchange.tables.fields import Field, Sheet, Sort
from longsha_credit.exchange.tables.wrong import Wrong

KEY = "facts"
MOST_NUMBER = 1_000_000_000
NAMES = 3  # a unit is told by its own name and at most two above it, as the import knows it

SHEET = Sheet(
    KEY,
    "数据",
    (
        Field("unit", "单位", Sort.UNIT, True, "从下拉里选，或者照“单位”页写。岗位连单位一起写，如 向阳街道/主任岗。",
              "向阳街道/综合窗口", 34, other_names=("单位名称", "窗口", "岗位")),
        Field("metric", "指标", Sort.CHOICE, True, "从下拉里选。每项的分子、分母是什么，见模板的“指标”页。", "法定期限内办结率", 34,
              choices=tuple((key, item.title) for key, item in IMPORTABLE.items()), other_names=("指标名称",)),
        Field("numerator", "分子", Sort.TEXT, True, "数字，最多两位小数；写件数，不写百分数。年度考核等次写 优秀、称职 或 其他。",
              "186", 12, other_names=("件数", "结果")),
        Field("denominator", "分母", Sort.WHOLE, help="整数。数查实件数的指标和考核等次可以不填。", example="188", width=12,
              most=MOST_NUMBER, other_names=("总数", "样本数")),
        Field("reason", "更正理由", Sort.TEXT, help="只有更正已经导入的数时才填：原来错在哪里。", most=500, width=40),
    ),
    most_rows=20_000,
    keyed=False,
    note="一行写一个单位的一项指标。没有填数的行不导入。和已经导入的不一样的，要写更正理由，原来的数留着。",
)  # fmt: skip
BY_NAME = SHEET.by_name
NUMERATOR = Field("numerator", "分子", Sort.NUMBER, most=MOST_NUMBER)


def is_blank(texts: Mapping[str, str]) -> bool:
    """Whether a row only names a unit and an indicator, as it stands ready in the template."""
    return not any(texts.get(name) for name in ("numerator", "denominator", "reason"))


def together(values: dict[str, Any]) -> list[Fault]:
    """What the two numbers of a row say under its indicator; words of grades and other ways to write become numbers."""
    item, given = IMPORTABLE.get(values["metric"] or ""), values["numerator"]
    if item is None:
        return []
    try:
        number = None if given is None else _numerator(item, given)
    except Wrong as wrong:
        values["numerator"] = None
        return [Fault("numerator", "分子", given, wrong.sentence, wrong.fix)]
    values["numerator"] = None if number is None else f"{number.normalize():f}"
    if item.shape == GRADE:
        values["denominator"] = 1
        return []
    return _denominator(item, number, values)


def _numerator(item: Importable, text: str) -> Decimal:
    """The number counted. Raises Wrong."""
    if item.shape == GRADE:
        if text not in item.grades:
            raise Wrong(f"“{text[:10]}”认不出。请填：{'、'.join(item.grades)}。")
        return Decimal(item.grades[text])
    return Decimal(clean(NUMERATOR, text))


def _denominator(item: Importable, number: Decimal | None, values: dict[str, Any]) -> list[Fault]:
    whole = values["denominator"]
    if whole is None and item.shape == COUNT:
        whole = values["denominator"] = 0
    if whole is None:
        return [Fault("denominator", "分母", "", f"没有填。这里写：{item.denominator}。")]
    if number is not None and number > whole and (whole or item.is_rate):
        said = f"分子{values['numerator']}大于分母{whole}。请核对，是不是写反了？"
        return [Fault("numerator", "分子", values["numerator"], said)]
    return []


def value_of(item: Importable, numerator: str, denominator: str) -> tuple[int, int, list[Fault]]:
    """What is typed for one fact: the numerator in hundredths, the denominator, and what is wrong with them."""
    values: dict[str, Any] = {"metric": item.key, "numerator": numerator.strip() or None, "denominator": None}
    if not values["numerator"]:
        return 0, 0, [Fault("numerator", "分子", "", "请填写分子。")]
    if item.shape != GRADE:
        try:
            values["denominator"] = clean(BY_NAME["denominator"], denominator)
        except Wrong as wrong:
            return 0, 0, [Fault("denominator", "分母", denominator, wrong.sentence, wrong.fix)]
    faults = together(values)
    if faults:
        return 0, 0, faults
    return int(Decimal(values["numerator"]) * HUNDREDTHS), values["denominator"], []


def full_name(unit: Organisation) -> str:
    """The names on the way down from below the district, as 向阳街道/综合窗口; asks for two units above."""
    names, above = [unit.name], unit.parent
    while above is not None and above.level != Level.DISTRICT and len(names) < NAMES:
        names, above = [above.name, *names], above.parent
    return "/".join(names)


def values_of(fact: ImportedFact) -> dict[str, Any]:
    """A fact as the values of the columns in which it could be brought in."""
    item, is_grade = IMPORTABLE.get(fact.metric), False
    if item:
        is_grade = item.shape == GRADE
    shown = told(fact.metric, fact.numerator, fact.denominator) if is_grade else number_words(fact.numerator)
    return {
        "unit": full_name(fact.organisation),
        "metric": fact.metric,
        "numerator": shown,
        "denominator": None if is_grade else fact.denominator,
        "reason": fact.reason or None,
    }
