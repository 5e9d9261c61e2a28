"""The official list of divisions: read from CSV or XLSX, checked whole, then added once."""

import csv
import datetime
import io
import re
import zipfile
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from longsha_credit.directory import checks
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.directory.services import add_organisation, add_post

CODE_HEADINGS = frozenset({"code", "代码", "区划代码", "行政区划代码", "统计用区划代码"})
NAME_HEADINGS = frozenset({"name", "名称", "单位名称", "区划名称"})
LARGEST = 20 * 1024 * 1024
MOST_ROWS = 20_000
MOST_CELLS = 30
LEVELS = (Level.DISTRICT, Level.STREET, Level.COMMUNITY)


class BadList(Exception):
    """A list that is not taken; `sentences` names every fault."""

    def __init__(self, sentences: list[str]):
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Row:
    line: int
    code: str
    name: str

    @property
    def level(self) -> str:
        if self.code[6:] == "000000":
            return Level.DISTRICT
        return Level.STREET if self.code[9:] == "000" else Level.COMMUNITY

    @property
    def above(self) -> str:
        """The code of the unit it stands under."""
        return self.code[:6] + "000000" if self.level == Level.STREET else self.code[:9] + "000"

    @property
    def takes_part(self) -> bool:
        """Codes from 400 are like streets or communities, but none: administered farms, bureaus, estates."""
        return int(self.code[6:9]) < 400 and int(self.code[9:]) < 400


@dataclass
class Result:
    """What an import did, per level; `apart` names the units that do not take part."""

    added: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LEVELS, 0))
    kept: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LEVELS, 0))
    posts: int = 0
    apart: list[str] = field(default_factory=list)


def import_divisions(
    data: bytes, filename: str, *, parent_name: str = "", today: datetime.date, by: Any = None
) -> Result:
    """Add every division of the list that is not there yet, in one transaction, each with a lead post.

    A second run changes nothing. Raises BadList, and nothing is added, when any line is wrong.
    """
    rows = _rows(data, filename)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('import_divisions'))")
        known = {
            unit.division_code: unit
            for unit in Organisation.objects.in_force().filter(division_code__in=_asked(rows))
        }
        rows = _with_counties(rows, known, parent_name.strip())
        _check_against(rows, known)
        return _add(rows, known, today, by)


# --- reading ---------------------------------------------------------------------------------------------------------


def _rows(data: bytes, filename: str) -> list[Row]:
    """The rows of the list, every fault of every line collected first."""
    if not data:
        raise BadList(["文件是空的。"])
    if len(data) > LARGEST:
        raise BadList(["文件超过 20 MB，不像区划名单，请核对。"])
    lines = _xlsx(data) if data.startswith(b"PK") else _csv(data, filename)
    filled = [(number, cells) for number, cells in enumerate(lines, 1) if any(cells)]
    if not filled:
        raise BadList(["文件里没有内容。"])
    if len(filled) > MOST_ROWS:
        raise BadList([f"名单超过 {MOST_ROWS} 行，请按县区分开导入。"])
    code_at, name_at = _columns(filled[0][1])
    faults, rows, seen = [], [], {}
    for number, cells in filled[1:]:
        cells = [*cells, *[""] * (max(code_at, name_at) + 1 - len(cells))]
        row, problems = _row(number, cells[code_at], cells[name_at])
        faults += [f"第 {number} 行：{problem}" for problem in problems]
        if row is None:
            continue
        first = seen.setdefault(row.code, row)
        if first is row:
            rows.append(row)
        elif first.name != row.name:
            faults.append(
                f"第 {number} 行：代码 {row.code} 在第 {first.line} 行叫“{first.name}”，这里叫“{row.name}”，请核对。"
            )
    if not rows and not faults:
        faults.append("表头下面没有一行区划。")
    if faults:
        raise BadList(faults)
    return sorted(rows, key=lambda row: row.code)


def _csv(data: bytes, filename: str) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadList([f"“{filename}”的文字编码认不出来。请另存为 UTF-8 的 CSV 或 xlsx。"])
    if "\x00" in text:
        raise BadList([f"“{filename}”不是 CSV 文本，也不是 xlsx。请用表格软件另存为 CSV 或 xlsx。"])
    lines: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline="")):
            # A quoted line break makes one record of several lines; the number shown is the line in the file.
            lines.append([_text(cell) for cell in cells[:MOST_CELLS]])
    except csv.Error as problem:
        raise BadList([f"第 {len(lines) + 1} 行的引号不成对或太长，读不出来，请核对。"]) from problem
    return lines


def _xlsx(data: bytes) -> list[list[str]]:
    """The first sheet, read row by row and no further than the limits."""
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_CELLS, values_only=True)
        return [[_text(cell) for cell in row] for row in islice(rows, MOST_ROWS + 2)]
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        IndexError,
        OSError,
        EOFError,
        SyntaxError,
        TypeError,
        AttributeError,
    ) as problem:
        raise BadList(["打不开这个 xlsx 文件，可能损坏或设置了密码。请用表格软件打开核对，另存后再导入。"]) from problem  # fmt: skip


def _text(cell: Any) -> str:
    """A cell as text: whole numbers without a decimal point, marks that force text taken away."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).replace("\u3000", " ").strip()
    if match := re.fullmatch(r'="(.*)"', text):
        text = match[1].strip()
    return text.lstrip("'‘’").strip()


def _columns(heading: list[str]) -> tuple[int, int]:
    names = [cell.lower().replace(" ", "") for cell in heading]
    code = next((at for at, name in enumerate(names) if name in CODE_HEADINGS), None)
    name = next((at for at, name in enumerate(names) if name in NAME_HEADINGS), None)
    if code is None or name is None:
        raise BadList(["第 1 行应是表头，要有“代码”（code）和“名称”（name）两列，请补上后再导入。"])
    return code, name


def _row(number: int, code: str, name: str) -> tuple[Row | None, list[str]]:
    problems = []
    code = code.translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    if not code:
        problems.append("没有代码。")
    elif not re.fullmatch(r"[0-9]+", code):
        hint = (
            "，像是被表格软件改成了科学记数，请把该列设为文本后重新填写"
            if re.search(r"\d[eE][+]?\d", code)
            else ""
        )
        problems.append(f"代码“{code[:20]}”不全是数字{hint}。")
    elif len(code) not in (9, 12):
        problems.append(f"代码 {code[:20]} 有 {len(code)} 位，应为 9 位（街道）或 12 位。")
    else:
        code = code.ljust(12, "0")
        problems += _said(checks.division_code, code)
    if name:
        problems += _said(checks.unit_name, name)
    else:
        problems.append("没有名称。")
    return (None if problems else Row(number, code, name)), problems


def _said(check: Any, text: str) -> list[str]:
    try:
        check(text)
    except ValidationError as fault:
        return list(fault.messages)
    return []


# --- checking against what is there ----------------------------------------------------------------------------------


def _asked(rows: list[Row]) -> set[str]:
    return {code for row in rows for code in (row.code, row.above, row.code[:6] + "000000")}


def _with_counties(rows: list[Row], known: dict[str, Organisation], parent_name: str) -> list[Row]:
    """Add the county itself when neither the list nor the portal has it, under the name that was given."""
    here = {row.code: row for row in rows}
    counties = sorted({row.code[:6] + "000000" for row in rows})
    missing = [code for code in counties if code not in here and code not in known]
    if missing and not parent_name:
        codes = "、".join(code[:6] for code in missing)
        raise BadList([f"还没有代码为 {codes} 的区。请加上 --parent-name 区名，例如 --parent-name 龙沙区。"])
    if len(missing) > 1:
        codes = "、".join(code[:6] for code in missing)
        raise BadList(
            [f"名单里有几个还没有的区（{codes}），一个 --parent-name 只能给一个区命名，请分开导入。"]
        )
    if parent_name and not missing:
        names = {code: here[code].name if code in here else known[code].name for code in counties}
        if parent_name not in names.values():
            code, name = next(iter(names.items()))
            raise BadList([f"代码 {code} 已叫“{name}”，和 --parent-name“{parent_name}”不同，请核对。"])
    if missing and (problems := _said(checks.unit_name, parent_name)):
        raise BadList([f"--parent-name：{problem}" for problem in problems])
    names = {
        code: known[code].name if code in known else parent_name for code in counties if code not in here
    }
    return [*(Row(0, code, name) for code, name in names.items()), *rows]


def _check_against(rows: list[Row], known: dict[str, Organisation]) -> None:
    codes = {row.code for row in rows} | set(known)
    faults = []
    for row in sorted(rows, key=lambda row: row.line):
        unit = known.get(row.code)
        if unit is not None and unit.name != row.name:
            faults.append(
                f"第 {row.line} 行：代码 {row.code} 在系统里叫“{unit.name}”，这里叫“{row.name}”。"
                "如果已更名，请先在单位资料里办理更名。"
            )
        if row.level == Level.COMMUNITY and row.above not in codes:
            faults.append(
                f"第 {row.line} 行：“{row.name}”所属的街道（{row.above}）不在名单里，系统里也没有，请补上。"
            )
    if faults:
        raise BadList(faults)


def _add(rows: list[Row], known: dict[str, Organisation], today: datetime.date, by: Any) -> Result:
    result = Result()
    for row in sorted(rows, key=lambda row: row.code):  # a unit's code sorts before those below it
        if unit := known.get(row.code):
            result.kept[unit.level] += 1
            if not Organisation.objects.posts_of(unit).filter(is_lead_post=True).exists():
                add_post(unit=unit, name="负责人岗", is_lead_post=True, by=by, today=today)
                result.posts += 1
            continue
        known[row.code] = add_organisation(
            level=row.level,
            name=row.name,
            parent=None if row.level == Level.DISTRICT else known[row.above],
            division_code=row.code,
            taking_part=row.takes_part,
            by=by,
            today=today,
        )
        result.added[row.level] += 1
        result.posts += 1
        if not row.takes_part:
            result.apart.append(row.name)
    return result
