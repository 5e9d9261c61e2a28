"""The uploaded table given back: wrong cells coloured and commented, and a first page that lists all that is to be put right."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.worksheet.hyperlink import Hyperlink

from longsha_credit.exchange.sheets import neutral
from longsha_credit.exchange.tables import addresses, looks
from longsha_credit.exchange.tables.reading import Table

LIST = "要改的地方"
MOST_LISTED = 20_000
MOST_COMMENTS = 5000  # a workbook with more opens too slowly on an office's computer
LEFT_OUT = "还有{}处没有列出。请先改这些，改好再上传检查。"
HEADS = ("单元格", "栏目", "现在写的", "哪里不对", "建议改成")
WIDTHS = (10, 18, 30, 64, 30)


class Remark(NamedTuple):
    """What is wrong in the cell of a field: the row in the file, the field, what stands there, the sentence, a fix."""

    row: int
    name: str
    label: str
    given: str
    sentence: str
    fix: str = ""


def workbook(table: Table, remarks: Sequence[Remark], *, number: int | None = None) -> IO[bytes]:
    """The table as an xlsx with every row where it stood, as an open temporary file; titles and heads are kept.

    `remarks` come in any order, `number` says how many there are where not all are given. What was put right in it can be
    uploaded again.
    """
    book = Workbook(write_only=True)
    listed = sorted(remarks, key=lambda one: (one.row, table.columns.get(one.name, 0)))[:MOST_LISTED]
    name = _page_name(table)
    _list(book.create_sheet(LIST), table, name, listed, number if number is not None else len(remarks))
    _copy(book.create_sheet(name), table, listed)
    target = tempfile.TemporaryFile()  # noqa: SIM115 - who asked for it closes it
    book.save(target)
    target.seek(0)
    return target


def _page_name(table: Table) -> str:
    name = "".join(sign for sign in table.page or table.sheet.label if sign not in "\\/?*[]:'")[:31]
    return name if name and name != LIST else "数据"


def _list(page: Any, table: Table, name: str, listed: Sequence[Remark], number: int) -> None:
    for letter, width in zip("ABCDE", WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "A2"
    page.append([_styled(page, text, font=looks.BOLD, fill=looks.HEAD) for text in HEADS])
    for one in listed:
        address = table.cell(one.row, one.name)
        link = _styled(page, address, font=looks.LINK)
        link._hyperlink = Hyperlink(
            ref="", location=f"'{name}'!{address}"
        )  # the setter knows no places in the book
        page.append([link, *(_styled(page, text) for text in (one.label, one.given, one.sentence, one.fix))])
        link.hyperlink.ref = link.coordinate
    if number > len(listed):
        page.append(["", "", "", _styled(page, LEFT_OUT.format(number - len(listed)))])


def _copy(page: Any, table: Table, listed: Iterable[Remark]) -> None:
    wrong: dict[int, dict[int, list[Remark]]] = {}
    for one in listed:
        wrong.setdefault(one.row, {}).setdefault(table.columns.get(one.name, 0), []).append(one)
    for at, field in enumerate(table.sheet.fields):
        if (column := table.columns.get(field.name)) is not None:
            page.column_dimensions[addresses.letters(column)].width = table.sheet.fields[at].width
    written, commented = 0, 0
    for number, texts in table.everything():
        while written < number - 1:
            page.append([])
            written += 1
        line: list[Any] = [_safe(text) or None for text in texts]
        if here := wrong.get(number):
            commented = _mark(page, line, here, commented)
        page.append(line)
        written = number


def _mark(page: Any, line: list[Any], wrong: Mapping[int, list[Remark]], commented: int) -> int:
    for column, remarks in wrong.items():
        line.extend([None] * (column + 1 - len(line)))
        cell = WriteOnlyCell(page, line[column])
        cell.fill = looks.WRONG
        if commented < MOST_COMMENTS:
            cell.comment = _comment(remarks)
            commented += 1
        line[column] = cell
    return commented


def _comment(remarks: Sequence[Remark]) -> Comment:
    said = "\n".join(f"{one.sentence}建议改成：{one.fix}" if one.fix else one.sentence for one in remarks)
    return Comment(ILLEGAL_CHARACTERS_RE.sub("", said)[:1000], "检查", height=120, width=300)


def _safe(text: str) -> str:
    """A text that is no formula and that a workbook can hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", neutral(text))


def _styled(page: Any, text: str, *, font: Any = None, fill: Any = None) -> Any:
    cell = WriteOnlyCell(page, _safe(text) or None)
    cell.alignment = looks.WRAPPED
    if font:
        cell.font = font
    if fill:
        cell.fill = fill
    return cell
