"""The field dictionary of imported facts, the check of a file against the units and what stands, and its lines going out."""

import difflib
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from evaluation.importing.services import Brought
from evaluation.metrics.imported import COUNT, GRADE, HUNDREDTHS, IMPORTABLE, told
from evaluation.models import ImportedFact
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.exchange.tables import reading
from longsha_credit.exchange.tables.cleaning import clean, clean_row
from longsha_credit.exchange.tables.fields import Field, Sheet, Sort
from longsha_credit.exchange.tables.wrong import Unreadable, Wrong

MOST_FAULTS = 200
MOST_NUMBER = 1_000_000_000

SHEET = Sheet(
    "facts",
    "数据",
    (
        Field("unit", "单位", Sort.UNIT, True, "从下拉里选，或者照“单位”页写全称，如 向阳街道/综合窗口。",
              "例：向阳街道/综合窗口", 34, other_names=("单位名称", "窗口", "岗位")),
        Field("metric", "指标", Sort.CHOICE, True, "从下拉里选。每项的分子、分母是什么，见“指标”页。", "法定期限内办结率", 34,
              choices=tuple((key, item.title) for key, item in IMPORTABLE.items()), other_names=("指标名称",)),
        Field("numerator", "分子", Sort.TEXT, True, "数字，最多两位小数；写件数，不写百分数。年度考核等次写 优秀、称职 或 其他。",
              "186", 12, other_names=("件数", "结果")),
        Field("denominator", "分母", Sort.TEXT, help="整数。数查实件数的指标和考核等次可以不填。", example="188", width=12,
              other_names=("总数", "样本数")),
        Field("reason", "更正理由", Sort.TEXT, help="只有更正已经导入的数时才填：原来错在哪里。", most=500, width=40),
    ),
    most_rows=5000,
    keyed=False,
)  # fmt: skip
FIELDS = SHEET.fields
BY_NAME = SHEET.by_name
NUMERATOR = Field("numerator", "分子", Sort.NUMBER, most=MOST_NUMBER)
DENOMINATOR = Field("denominator", "分母", Sort.WHOLE, most=MOST_NUMBER)


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell (such as C7), and what to do."""

    cell: str
    label: str
    sentence: str


@dataclass(frozen=True)
class Change:
    """A fact of a file beside the one that stands."""

    unit: str
    title: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class Checked:
    """The rows of a file as facts, or everything that stands against it; nothing is taken in by half."""

    brought: list[Brought]
    faults: list[Fault]
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    empty: int = 0

    @property
    def shown(self) -> list[Fault]:
        return self.faults[:MOST_FAULTS]

    @property
    def new(self) -> int:
        return len(self.brought) - self.same - len(self.changes)


class Units:
    """The units of a district for which something may be brought in, by every name under which a file may name them."""

    def __init__(self, district: Organisation):
        rows = Organisation.objects.taking_part().below(district).exclude(level=Level.DISTRICT)
        found = list(rows.order_by("path").values_list("pk", "name", "path", "level", "division_code"))
        names = {pk: name for pk, name, _, _, _ in found}
        self.levels = {pk: level for pk, _, _, level, _ in found}
        self.full = {pk: _full_name(path, names) for pk, _, path, _, _ in found}
        self.by_name: dict[str, list[int]] = {}
        for pk, name, _, _, code in found:
            for known in {name, self.full[pk], code} - {""}:
                self.by_name.setdefault(known, []).append(pk)

    def find(self, text: str, levels: tuple[str, ...] = ()) -> tuple[int | None, str]:
        """The unit a text names, or what is wrong with it and what may have been meant.

        Of several with the same name the one of these `levels` is meant, and nearby names are theirs.
        """
        plain = re.sub(r"\s*[/／>＞]\s*", "/", text)
        found = self.by_name.get(plain, [])
        found = [pk for pk in found if self.levels[pk] in levels] or found
        if len(found) == 1:
            return found[0], ""
        if found:
            names = "、".join(self.full[pk] for pk in found[:4])
            return None, f"有{len(found)}个“{text[:30]}”，请写全称：{names}。"
        known = [name for pk, name in self.full.items() if not levels or self.levels[pk] in levels]
        near = difflib.get_close_matches(plain, known, n=2, cutoff=0.4)
        meant = f"是不是“{'”或者“'.join(near)}”？" if near else ""
        return None, f"没有叫“{text[:30]}”的单位。{meant}单位名称见模板的“单位”页。"


def _full_name(path: str, names: dict[int, str]) -> str:
    """The names on the way down from below the district, as 向阳街道/综合窗口."""
    return "/".join(names[pk] for part in path.strip("/").split("/") if (pk := int(part)) in names)


class Standing:
    """What is brought in already for a year, by unit and metric."""

    def __init__(self, year: Any):
        rows = ImportedFact.objects.standing().filter(year=year)
        columns = ("organisation", "metric", "numerator", "denominator")
        self.values = {(unit, key): (n, d) for unit, key, n, d in rows.values_list(*columns)}


def check(path: Any, name: str, *, units: Units, standing: Standing) -> Checked:
    """Read a file whole and check every cell; `name` is what its owner calls it. Raises Unreadable."""
    rows, faults, seen, empty = [], [], {}, 0
    with reading.opened(path, SHEET, name) as table:
        for line in table:
            values = dict(zip(SHEET.names, line.texts, strict=True))
            if not any(values[name] for name in ("numerator", "denominator", "reason")):
                empty += 1
                continue
            row = Row(values, units, standing)
            if row.brought and (other := seen.setdefault(row.brought.place, line.number)) != line.number:
                row.fault("metric", f"和第{other}行是同一个单位、同一项指标，请删去一行。")
            faults += [
                Fault(table.cell(line.number, name), BY_NAME[name].label, said) for name, said in row.faults
            ]
            rows.append(row)
    if not rows:
        raise Unreadable("表里没有填好的数。请从表头的下一行开始，一行写一个单位的一项指标。")
    return _checked(rows, faults, empty)


def _checked(rows: list["Row"], faults: list[Fault], empty: int) -> Checked:
    if faults:
        return Checked([], faults, empty=empty)
    same = sum(row.is_same for row in rows)
    changes = [row.change for row in rows if row.change]
    return Checked([row.brought for row in rows if row.brought], [], changes, same, empty)


class Row:
    """One row on its way to a fact; `faults` are (field, sentence), `brought` is there where unit and metric are."""

    def __init__(self, values: dict[str, str], units: Units, standing: Standing):
        self.faults: list[tuple[str, str]] = []
        cells, found = clean_row(SHEET, [values.get(name) or "" for name in SHEET.names])
        for fault in found:
            self.fault(fault.name, _with(fault.sentence, fault.fix))
        texts = {name: cell or "" for name, cell in zip(SHEET.names, cells, strict=True)}
        self.units, self.standing = units, standing
        self.item = IMPORTABLE.get(texts["metric"])
        self.unit = self._unit(texts["unit"])
        numerator = self._numerator(texts["numerator"])
        denominator = self._denominator(texts["denominator"], numerator)
        self.brought: Brought | None = None
        if self.item and self.unit:
            self.brought = Brought(
                self.unit, self.item.key, numerator or 0, denominator or 0, texts["reason"]
            )
            if not self.faults:
                self._against_standing(texts["reason"])

    def fault(self, name: str, sentence: str) -> None:
        self.faults.append((name, sentence))

    @property
    def before(self) -> tuple[int, int] | None:
        return self.standing.values.get(self.brought.place) if self.brought else None

    @property
    def is_same(self) -> bool:
        return self.brought is not None and self.before == self.brought.value

    @property
    def change(self) -> Change | None:
        """What the row corrects, in words; None where it is new or says nothing new."""
        if self.brought is None or self.before is None or self.is_same:
            return None
        key = self.brought.metric
        before, after = told(key, *self.before), told(key, *self.brought.value)
        return Change(
            self.units.full[self.brought.organisation_id],
            IMPORTABLE[key].title,
            before,
            after,
            self.brought.reason,
        )

    def _unit(self, text: str) -> int | None:
        if not text:
            return None
        found, sentence = self.units.find(text, self.item.levels if self.item else ())
        if found is None:
            self.fault("unit", sentence)
            return None
        level = self.units.levels[found]
        if self.item and level not in self.item.levels:
            wanted = "、".join(Level(one).label for one in self.item.levels)
            self.fault(
                "unit", f"“{self.item.title}”只用于{wanted}，这是{Level(level).label}。请换单位或者换指标。"
            )
            return None
        return found

    def _numerator(self, text: str) -> int | None:
        if not text or self.item is None:
            return None
        if self.item.shape == GRADE:
            if text not in self.item.grades:
                self.fault("numerator", f"“{text[:10]}”认不出。请填：{'、'.join(self.item.grades)}。")
                return None
            return self.item.grades[text] * HUNDREDTHS
        return self._number(NUMERATOR, text)

    def _number(self, of: Field, text: str) -> int | None:
        """A number in hundredths."""
        try:
            number = clean(of, text)
        except Wrong as wrong:
            self.fault(of.name, _with(wrong.sentence, wrong.fix))
            return None
        return None if number is None else int(number * HUNDREDTHS)

    def _denominator(self, text: str, numerator: int | None) -> int | None:
        if self.item is None:
            return None
        if self.item.shape == GRADE:
            return 1
        if not text:
            if self.item.shape == COUNT:
                return 0
            self.fault("denominator", f"没有填。这里写：{self.item.denominator}。")
            return None
        hundredths = self._number(DENOMINATOR, text)
        if hundredths is None:
            return None
        whole = hundredths // HUNDREDTHS
        if numerator is not None and numerator > hundredths and (whole or self.item.is_rate):
            self.fault("numerator", f"分子{told_number(numerator)}大于分母{whole}。请核对，是不是写反了？")
        return whole

    def _against_standing(self, reason: str) -> None:
        if self.before is None:
            if reason:
                self.fault("reason", "这一项还没有导入过，没有可以更正的。请清空更正理由。")
        elif not self.is_same and not reason:
            before = told(self.item.key, *self.before)
            self.fault("reason", f"已经导入过，是{before}。要更正请写明原来错在哪里；不更正请删去这一行。")


def told_number(hundredths: int) -> str:
    return f"{(Decimal(hundredths) / HUNDREDTHS).normalize():f}"


def _with(sentence: str, fix: str) -> str:
    return f"{sentence}是不是“{fix}”？" if fix else sentence


def values_of(fact: ImportedFact, units: Units) -> dict[str, Any]:
    """A fact as the values of the columns in which it could be brought in."""
    item = IMPORTABLE.get(fact.metric)
    named = {
        "unit": units.full.get(fact.organisation_id, fact.organisation.name),
        "metric": fact.metric,
        "reason": fact.reason or None,
    }
    if item and item.shape == GRADE:
        return named | {"numerator": told(fact.metric, fact.numerator, fact.denominator)}
    return named | {"numerator": told_number(fact.numerator), "denominator": str(fact.denominator)}
