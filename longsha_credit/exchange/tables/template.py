"""The workbook to fill in: heads with help, drop-downs, an example, and a page that explains every column."""

import tempfile
from collections.abc import Mapping, Sequence
from typing import IO, Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from longsha_credit.exchange.sheets import neutral
from longsha_credit.exchange.tables import addresses, looks
from longsha_credit.exchange.tables.fields import KEY_LABEL, NUMBERS, Field, Sheet, Sort

OPTIONS, EXPLAINED = "选项", "填写说明"
LONGEST_PROMPT = 250  # characters that Excel shows beside a cell
KINDLY = "一行一条，从第3行起填；第2行是例子，可以留着，不会导入。带*的必须填，没有的留空。"
HOW = {
    Sort.DAY: "写到日，如 2026-03-05。",
    Sort.MONEY: "写数，单位是元；也可以写 12.5万元。",
    Sort.TRUTH: "写 是 或 否。",
    Sort.SEVERAL: "可以写几项，用顿号隔开。",
    Sort.UNIT: "写单位全称（如 向阳街道/综合窗口）、12位区划代码，或者统一社会信用代码。",
    Sort.USCC: "18位，照登记证书填写。",
    Sort.DIVISION: "12位数字。",
}
WHITE_LISTED = ("是", "否")


class Page(NamedTuple):
    """A further page of a template that explains something: its name, its heads, its lines."""

    name: str
    heads: Sequence[str]
    lines: Sequence[Sequence[str]]


def workbook(
    sheet: Sheet,
    *,
    ready: Sequence[Mapping[str, str]] = (),
    lists: Mapping[str, Sequence[str]] | None = None,
    pages: Sequence[Page] = (),
) -> IO[bytes]:
    """The template as an open temporary file.

    `ready` are rows that stand filled already (texts by field name), `lists` gives columns drop-downs whose texts the
    database knows, such as the units; what stands in no such list may be written all the same. `pages` explain more.
    """
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet.label[:31])
    options = _options(sheet, lists or {})
    _shape(page, sheet, options)
    page.append([_head(page, field) for field in sheet.fields] + ([KEY_LABEL] if sheet.keyed else []))
    page.append([_cell(page, field.example, looks.PALE) for field in sheet.fields])
    for row in ready:
        page.append([_cell(page, row.get(field.name, "")) for field in sheet.fields])
    _explain(book.create_sheet(EXPLAINED), sheet)
    for more in pages:
        _list(book.create_sheet(more.name), more)
    _offer(book.create_sheet(OPTIONS), options)
    target = tempfile.TemporaryFile()  # noqa: SIM115 - who asked for it closes it
    book.save(target)
    target.seek(0)
    return target


def how(field: Field) -> str:
    """What is said of a column: its help, and how its sort is written."""
    said = field.help
    if (more := HOW.get(field.sort, "")) and more not in said:
        said = f"{said}{more}"
    if field.most and field.sort in (Sort.TEXT, Sort.LONG) and "个字" not in said:
        said = f"{said}最多{field.most}个字。"
    return said or "照实填写。"


def _options(sheet: Sheet, lists: Mapping[str, Sequence[str]]) -> dict[str, tuple[Sequence[str], bool]]:
    """The texts to choose from by field, and whether nothing else may be written."""
    found: dict[str, tuple[Sequence[str], bool]] = {}
    for field in sheet.fields:
        if field.name in lists:
            found[field.name] = lists[field.name], False
        elif field.sort is Sort.TRUTH:
            found[field.name] = WHITE_LISTED, True
        elif field.choices:
            found[field.name] = field.labels, field.sort is Sort.CHOICE
    return {name: options for name, options in found.items() if options[0]}


def _shape(page: Any, sheet: Sheet, options: Mapping[str, tuple[Sequence[str], bool]]) -> None:
    """Widths, texts that stay texts, the hidden column, drop-downs; all before the first row is written."""
    for at, field in enumerate(sheet.fields):
        column = page.column_dimensions[addresses.letters(at)]
        column.width = field.width
        if field.sort not in NUMBERS:  # so that leading zeros stay and no day becomes a number
            column.number_format = looks.AS_TEXT
        if field.name in options:
            place = list(options).index(field.name)
            page.data_validations.append(_drop_down(field, at, place, *options[field.name]))
    if sheet.keyed:
        page.column_dimensions[addresses.letters(len(sheet.fields))].hidden = True
    page.freeze_panes = "A2"


def _drop_down(field: Field, at: int, place: int, texts: Sequence[str], only: bool) -> DataValidation:
    letter, source = addresses.letters(at), addresses.letters(place)
    listed = DataValidation(
        type="list",
        formula1=f"'{OPTIONS}'!${source}$1:${source}${len(texts)}",
        allow_blank=True,
        showErrorMessage=True,
    )
    listed.errorStyle = "stop" if only else "warning"
    listed.errorTitle, listed.error = (
        field.label[:30],
        "请从下拉里选。" if only else "下拉里没有。确实要这样写吗？",
    )
    listed.showInputMessage = True
    listed.promptTitle, listed.prompt = field.label[:30], how(field)[:LONGEST_PROMPT]
    listed.add(f"{letter}2:{letter}1048576")
    return listed


def _head(page: Any, field: Field) -> Any:
    head = WriteOnlyCell(page, field.head)
    head.font, head.fill, head.number_format = looks.BOLD, looks.HEAD, looks.AS_TEXT
    head.comment = Comment(how(field), "填写说明", height=120, width=260)
    return head


def _cell(page: Any, text: str, font: Any = None) -> Any:
    cell = WriteOnlyCell(page, neutral(text) or None)
    cell.number_format = looks.AS_TEXT
    if font:
        cell.font = font
    return cell


def _explain(page: Any, sheet: Sheet) -> None:
    for letter, width in zip("ABCDE", (16, 10, 60, 44, 30), strict=True):
        page.column_dimensions[letter].width = width
    page.append([_bold(page, text) for text in ("栏目", "要不要填", "怎样填", "可以填什么", "例子")])
    for field in sheet.fields:
        offered = "、".join(field.labels) if field.choices else ""
        line = (field.label, "必填" if field.required else "选填", how(field), offered, field.example)
        page.append([_wrapped(page, text) for text in line])
    page.append(
        [_wrapped(page, text) for text in ("一次能填", "", f"最多{sheet.most_rows}行。{KINDLY}", "", "")]
    )
    if sheet.note:
        page.append([_wrapped(page, text) for text in ("说明", "", sheet.note, "", "")])


def _list(page: Any, more: Page) -> None:
    for at in range(len(more.heads)):
        page.column_dimensions[addresses.letters(at)].width = 34
    page.append([_bold(page, head) for head in more.heads])
    for line in more.lines:
        page.append([_wrapped(page, text) for text in line])


def _offer(page: Any, options: Mapping[str, tuple[Sequence[str], bool]]) -> None:
    """The texts of the drop-downs, a column each; long lists fit in no formula."""
    page.sheet_state = "hidden"
    columns = [texts for texts, _ in options.values()]
    for at in range(max(map(len, columns), default=0)):
        page.append([neutral(texts[at]) if at < len(texts) else None for texts in columns])


def _bold(page: Any, text: str) -> Any:
    cell = WriteOnlyCell(page, text)
    cell.font, cell.fill = looks.BOLD, looks.HEAD
    return cell


def _wrapped(page: Any, text: str) -> Any:
    cell = WriteOnlyCell(page, neutral(text))
    cell.alignment = looks.WRAPPED
    return cell
