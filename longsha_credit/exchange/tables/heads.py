"""Which row has the heads and which column holds which field, under titles and over two rows, however they are spelled."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache

from longsha_credit.exchange.tables import addresses
from longsha_credit.exchange.tables.fields import KEY, KEY_LABEL, Sheet
from longsha_credit.exchange.tables.wrong import Unreadable

LOOKED_AT = 30  # rows from the top in which heads may stand
BRACKETS = re.compile(r"[(\[【〔<《].*?[)\]】〕>》]")
NO_COLUMN = frozenset(["序号", "编号", "行号", "no", "no.", "#", ""])
TENS_OF_THOUSANDS = ("万元", "单位万", "/万")

Row = tuple[int, list[str]]


@dataclass
class Heads:
    """Where the fields of a sheet stand: the last row of the heads, and the column counted from 0 of each field."""

    row: int
    columns: dict[str, int]
    in_tens_of_thousands: set[str] = field(default_factory=set)
    unknown: dict[int, str] = field(default_factory=dict)
    doubled: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def found(self) -> int:
        return len(self.columns) - (KEY in self.columns)


def best(sheet: Sheet, rows: Sequence[Row]) -> Heads | None:
    """The heads among the first rows of a page, None where nothing looks like them."""
    chosen: Heads | None = None
    for at, (number, cells) in enumerate(rows):
        below = rows[at + 1] if at + 1 < len(rows) and rows[at + 1][0] == number + 1 else None
        tried = [_one_row(sheet, number, cells)]
        if below:
            tried.append(_two_rows(sheet, number, cells, below[1]))
        for heads in tried:
            if chosen is None or heads.found > chosen.found:
                chosen = heads
    least = min(2, len(sheet.fields))
    return chosen if chosen is not None and chosen.found >= least else None


def lacking(sheet: Sheet, heads: Heads) -> list[str]:
    """The labels of the required columns that are not there."""
    return [one.label for one in sheet.fields if one.required and one.name not in heads.columns]


def check(sheet: Sheet, heads: Heads, where: str) -> None:
    """Raise Unreadable where a required column is missing or a column is there twice."""
    if heads.doubled:
        label, first, second = heads.doubled[0]
        columns = f"{addresses.letters(first)}列和{addresses.letters(second)}列"
        raise Unreadable(f"{where}“{label}”有两列：{columns}。请删去一列再上传。")
    if missing := lacking(sheet, heads):
        near = [
            f"“{close[0]}”是不是“{label}”？"
            for label in missing
            if (close := get_close_matches(label, list(heads.unknown.values()), n=1, cutoff=0.5))
        ]
        raise Unreadable(
            f"{where}第{heads.row}行的表头缺少“{'”“'.join(missing)}”。{''.join(near)}请用模板的表头，不要改名。"
        )


def _one_row(sheet: Sheet, number: int, cells: Sequence[str]) -> Heads:
    return _placed(sheet, number, [(text,) for text in cells])


def _two_rows(sheet: Sheet, number: int, above: Sequence[str], below: Sequence[str]) -> Heads:
    """A head over several columns stands above its own: each is known by its own name or by both together."""
    ways: list[tuple[str, ...]] = []
    group = ""
    for at in range(max(len(above), len(below))):
        high = above[at].strip() if at < len(above) else ""
        low = below[at].strip() if at < len(below) else ""
        group = high or group
        over = high or (group if low else "")
        ways.append((low, f"{over}{low}", over) if low and low != over else (over,))
    return _placed(sheet, number + 1, ways)


def _placed(sheet: Sheet, row: int, ways: Sequence[tuple[str, ...]]) -> Heads:
    heads = Heads(row, {})
    exact, loose, own = _names(sheet)
    labels: dict[str, bool] = {}
    for at, texts in enumerate(ways):
        name = next(
            (found for text in texts if (found := exact.get(_whole(text)) or loose.get(_core(text)))), None
        )
        if name is None:
            if _core(texts[0]) not in NO_COLUMN:
                heads.unknown[at] = texts[0].strip()
            continue
        is_own = any(_core(text) in own for text in texts)
        if name not in heads.columns or (is_own and not labels[name]):
            heads.columns[name], labels[name] = at, is_own
            if any(mark in _whole(text) for text in texts for mark in TENS_OF_THOUSANDS):
                heads.in_tens_of_thousands.add(name)
        elif is_own == labels[name]:
            label = sheet.by_name[name].label if name != KEY else KEY_LABEL
            heads.doubled.append((label, heads.columns[name], at))
    return heads


@lru_cache(maxsize=64)
def _names(sheet: Sheet) -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    """Every way a head may be written: whole, without what stands in brackets where that is clear, and the labels."""
    exact: dict[str, str] = {}
    loose: dict[str, str] = {}
    unclear: set[str] = set()
    for one in sheet.fields:
        for label in (one.label, *one.other_names):
            exact.setdefault(_whole(label), one.name)
            if loose.setdefault(_core(label), one.name) != one.name:
                unclear.add(_core(label))
    exact[_whole(KEY_LABEL)] = KEY
    return (
        exact,
        {core: name for core, name in loose.items() if core not in unclear and core},
        frozenset(_core(one.label) for one in sheet.fields),
    )


def _whole(text: str) -> str:
    """A head in one width, without spaces, stars and colons."""
    bare = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s*:※●]+|必填|选填", "", bare).replace("()", "").lower()


def _core(text: str) -> str:
    """A head without what is said in brackets."""
    return BRACKETS.sub("", _whole(text))
