"""The text of a cell as a value, or a sentence that says what is wrong with it and what it may have been meant to be."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError

from longsha_credit.exchange.tables.codes import LONG_NUMBER, SCIENTIFIC, right_division, right_uscc
from longsha_credit.exchange.tables.days import day
from longsha_credit.exchange.tables.fields import NUMBERS, Field, Sheet, Sort
from longsha_credit.exchange.tables.numbers import number
from longsha_credit.exchange.tables.words import shown, squeezed
from longsha_credit.exchange.tables.wrong import Wrong

LONGEST = {Sort.TEXT: 500, Sort.LONG: 10_000, Sort.UNIT: 500, Sort.PERSON: 40, Sort.CODE: 60}
EMPTY = frozenset(
    [
        "",
        "/",
        "\\",
        "//",
        "-",
        "--",
        "---",
        "—",
        "——",
        "－",
        "无",
        "暂无",
        "空",
        "n/a",
        "na",
        "null",
        "none",
        "#n/a",
    ]
)
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
BREAKS = re.compile(r"[ \t]*[\r\n\u2028\u2029]+[ \t]*")
FORMULA = re.compile(r"[=＝@＠]")
ERRORS = frozenset(["#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"])
WIDE = {code: code - 0xFEE0 for a, z in ("０９", "ＡＺ", "ａｚ") for code in range(ord(a), ord(z) + 1)}
TRUE = frozenset(["是", "对", "有", "√", "✓", "☑", "y", "yes", "t", "true", "1", "正确"])
FALSE = frozenset(["否", "错", "无", "没有", "不是", "×", "✗", "☐", "n", "no", "f", "false", "0", "错误"])
NUMERIC = re.compile(r"[0-9]{5,}(\.0+)?")
NEGATING = frozenset("不未无非没")
APART = re.compile(r"[、,，;；/\n|]+")
REPEATED = frozenset({Sort.UNIT, Sort.DIVISION, Sort.DAY, Sort.TRUTH, Sort.CHOICE, Sort.SEVERAL})
MOST_KNOWN = 2000  # texts remembered of a column

Cleaner = Callable[[Field, str], Any]


@dataclass(frozen=True)
class Fault:
    """What is wrong with the cell of a field, what stands there, and what may have been meant (empty: not known)."""

    name: str
    label: str
    given: str
    sentence: str
    fix: str = ""


def clean(field: Field, text: str) -> Any:
    """The value of a cell, None where it is empty. Raises Wrong.

    `text` is a cell as `reading` gives it. The value is of the type that Sort names.
    """
    return _value(field, CLEANERS[field.sort], text)


def _value(field: Field, way: Cleaner, text: str) -> Any:
    """As clean; what is proposed is itself no fault."""
    try:
        return way(field, plain(text))
    except Wrong as wrong:
        if wrong.fix:
            try:
                way(field, plain(wrong.fix))
            except Wrong:
                raise Wrong(wrong.sentence) from wrong
        raise


def clean_row(sheet: Sheet, texts: Sequence[str]) -> tuple[list[Any], list[Fault]]:
    """The values of a row in the order of the sheet's fields, None where wrong, and what is wrong with them."""
    values: list[Any] = []
    faults: list[Fault] = []
    for text, (field, way, known) in zip(texts, _ways(sheet), strict=True):
        if text in known:
            values.append(known[text])
            continue
        try:
            value = _value(field, way, text)
        except Wrong as wrong:
            values.append(None)
            faults.append(Fault(field.name, field.label, shown(text, 100), wrong.sentence, wrong.fix))
            continue
        values.append(value)
        if field.sort in REPEATED and len(known) < MOST_KNOWN:
            known[text] = value
    return values, faults


@lru_cache(maxsize=64)
def _ways(sheet: Sheet) -> list[tuple[Field, Cleaner, dict[str, Any]]]:
    """How each column is cleaned, and what its texts were found to be: a column of units or days says few things."""
    return [(field, CLEANERS[field.sort], {}) for field in sheet.fields]


def text_of(field: Field, value: Any) -> str:
    """A value as the export writes it, and as it is read back: clean(field, text_of(field, value)) == value."""
    if value is None:
        return ""
    if field.sort is Sort.TRUTH:
        return "是" if value else "否"
    if field.sort is Sort.CHOICE:
        return _labels(field).get(value, str(value))
    if field.sort is Sort.SEVERAL:
        return "、".join(_labels(field).get(one, str(one)) for one in value)
    if field.sort in NUMBERS:
        return f"{Decimal(value):f}"
    return str(value)


def as_chosen(field: Field | None, text: str) -> str:
    """What stands in a cell that was read already, as people chose it: the label of a kept value."""
    return _labels(field).get(text, text) if field and field.choices else text


def plain(text: str) -> str:
    """Without what nobody sees, and with digits and letters of one width."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return FORBIDDEN.sub("", text).translate(WIDE).strip()


def _labels(field: Field) -> dict[str, str]:
    return {choice[0]: choice[1] for choice in field.choices}


def _empty(field: Field, text: str) -> bool:
    """Whether the cell says nothing; raises Wrong where it must say something."""
    if text and (field.as_written or text.lower() not in EMPTY):
        if text.upper() in ERRORS:
            raise Wrong(f"是公式算错的结果“{text}”。请改成要填的内容。")
        return False
    if not field.required:
        return True
    said = f"写的是“{text}”，这一栏必须填。" if text else "没有填。"
    raise Wrong(f"{said}{field.help or f'请填写{field.label}。'}")


# --- texts -----------------------------------------------------------------------------------------------------------


def _text(field: Field, text: str) -> str | None:
    if _empty(field, text):
        return None
    if FORMULA.match(text):
        meant = text.lstrip("=＝@＠+ ")
        raise Wrong(
            f"以“{text[0]}”开头，表格软件会当成公式。请改掉开头的符号。",
            meant if field.most is None else meant[: field.most],
        )
    if field.sort is Sort.TEXT and not text.isprintable():
        text = _one_line(text)
    return _fits(field, text)


def _one_line(text: str) -> str:
    """A line broken to fit its cell made whole again: between Chinese characters there is no space."""

    def joint(at: re.Match[str]) -> str:
        before, after = text[at.start() - 1 : at.start()], text[at.end() : at.end() + 1]
        return " " if before.isascii() and after.isascii() else ""

    return BREAKS.sub(joint, text).replace("\t", " ").strip()


def _fits(field: Field, text: str) -> str:
    most = field.most or LONGEST.get(field.sort, 500)
    if len(text) > most:
        raise Wrong(f"有{len(text)}个字，最多{most}个字，请删短。")
    _agreed(field, text)
    return text


def _agreed(field: Field, text: str) -> None:
    if field.check is not None:
        try:
            field.check(text)
        except ValidationError as problem:
            raise Wrong("".join(problem.messages)) from problem


def _code(field: Field, text: str) -> str | None:
    if _empty(field, text):
        return None
    code = squeezed(text)
    if FORMULA.match(code):
        raise Wrong(f"以“{code[0]}”开头，表格软件会当成公式。请改掉开头的符号。", code.lstrip("=@"))
    if SCIENTIFIC.fullmatch(code):
        raise Wrong(f"“{shown(text)}”：{LONG_NUMBER}")
    if re.fullmatch(r"[0-9]+\.0+", code):
        raise Wrong(f"“{shown(text)}”后面多了“.0”，是编号被当成了数。", code.split(".")[0])
    return _fits(field, code)


def _uscc(field: Field, text: str) -> str | None:
    if _empty(field, text):
        return None
    return right_uscc(squeezed(text).upper(), text)


def _division(field: Field, text: str) -> str | None:
    if _empty(field, text):
        return None
    return right_division(squeezed(text), text)


def _unit(field: Field, text: str) -> str | None:
    """A division code, a USCC, or a name with its way down; whether there is such a unit is asked elsewhere."""
    if _empty(field, text):
        return None
    name = re.sub(r"\s*[/／>＞→\\]\s*", "/", _one_line(text)).strip("/ ")
    if _empty(field, name):
        return None
    code = squeezed(name).upper()
    if SCIENTIFIC.fullmatch(code) or (NUMERIC.fullmatch(code) and len(code) != 18):
        return right_division(code, name)
    if len(code) == 18 and code.isascii() and code.isalnum() and sum(map(str.isdigit, code)) > 7:
        return right_uscc(code, name)
    if FORMULA.match(name):
        raise Wrong(f"以“{name[0]}”开头，表格软件会当成公式。请改掉开头的符号。", name.lstrip("=＝@＠"))
    return _fits(field, name)


# --- what can be counted ---------------------------------------------------------------------------------------------


def _number(field: Field, text: str) -> Decimal | None:
    return None if _empty(field, text) else number(field, text)


def _whole(field: Field, text: str) -> int | None:
    return None if _empty(field, text) else int(number(field, text))


def _day(field: Field, text: str) -> Any:
    if _empty(field, text):
        return None
    return day(text, month_end=field.month_end)


# --- what is chosen --------------------------------------------------------------------------------------------------


def _truth(field: Field, text: str) -> bool | None:
    word = squeezed(text).lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    if _empty(field, text):
        return None
    fix = "否" if re.match(r"[不没未无非否]", word) else "是" if re.match(r"[是有已对]", word) else ""
    raise Wrong(f"“{shown(text)}”认不出。请写 是 或 否。", fix)


def _choice(field: Field, text: str) -> str | None:
    if (value := _known(field, text)) is not None:
        return value
    if _empty(field, text):
        return None
    raise _not_offered(field, text)


def _several(field: Field, text: str) -> tuple[str, ...] | None:
    if (value := _known(field, text)) is not None:
        return (value,)
    if _empty(field, text):
        return None
    found: set[str] = set()
    for part in filter(None, (part.strip() for part in APART.split(text))):
        value = _known(field, part)
        if value is None:
            raise _not_offered(field, part)
        found.add(value)
    if not found:
        raise Wrong(f"“{shown(text)}”认不出。请从这些里选，用顿号隔开：{'、'.join(field.labels[:20])}。")
    return tuple(choice[0] for choice in field.choices if choice[0] in found)


def _known(field: Field, text: str) -> str | None:
    """The kept value of what is written, however it is spelled."""
    spellings = _spellings(field)
    return spellings.get(text) or spellings.get(squeezed(text).lower())


@lru_cache(maxsize=512)
def _spellings(field: Field) -> dict[str, str]:
    """The kept value by every spelling; a label stands above a kept value, and that above other spellings."""
    found = {}
    for at in (slice(2, None), slice(0, 1), slice(1, 2)):
        for choice in field.choices:
            for word in choice[at]:
                found[squeezed(plain(word)).lower()] = choice[0]
    return found


def _not_offered(field: Field, text: str) -> Wrong:
    labels = field.labels
    word = squeezed(text)
    # a proposal that says the opposite is worse than none: 公开 is not 不可公开
    alike = [label for label in labels if NEGATING & set(label) == NEGATING & set(word)]
    near = get_close_matches(word[:60], alike, n=1, cutoff=0.5)
    within = [label for label in alike if word and (word in label or label in word)]
    fix = within[0] if len(within) == 1 else near[0] if near and len(within) < 2 else ""
    if len(labels) > 12:
        return Wrong(f"“{shown(text)}”不在可选的里面。可以填什么见模板的下拉。", fix)
    return Wrong(f"“{shown(text)}”不在可选的里面。请填：{'、'.join(labels)}。", fix)


CLEANERS: dict[Sort, Cleaner] = {
    Sort.TEXT: _text,
    Sort.LONG: _text,
    Sort.NUMBER: _number,
    Sort.MONEY: _number,
    Sort.WHOLE: _whole,
    Sort.DAY: _day,
    Sort.TRUTH: _truth,
    Sort.CHOICE: _choice,
    Sort.SEVERAL: _several,
    Sort.UNIT: _unit,
    Sort.PERSON: _code,
    Sort.CODE: _code,
    Sort.USCC: _uscc,
    Sort.DIVISION: _division,
}
