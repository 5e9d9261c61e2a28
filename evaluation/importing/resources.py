"""Imported facts as a table: the template with drop-downs, help and the units, and the lines of the export."""

import io
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from evaluation.importing.fields import FIELDS, Units
from evaluation.metrics.imported import IMPORTABLE, Importable
from longsha_credit.directory.models import Level

LAST = 5001  # the last row with drop-downs
HEAD = PatternFill("solid", fgColor="DCE6F2")
WRAPPED = Alignment(wrap_text=True, vertical="top")
COLUMNS = [field.label for field in FIELDS]


def template(units: Units, item: Importable | None = None) -> bytes:
    """The workbook to fill in; with `item` a line stands ready for every unit of its levels."""
    book = Workbook()
    sheet = book.active
    sheet.title = "数据"
    _heads(sheet)
    known = [pk for pk in units.full if item is None or units.levels[pk] in item.levels]
    if item:
        for at, pk in enumerate(known, start=3):
            sheet.cell(row=at, column=1, value=units.full[pk])
            sheet.cell(row=at, column=2, value=item.title)
    _listed(book, "单位", ("全称", "层级"), [(units.full[pk], Level(units.levels[pk]).label) for pk in known])
    _listed(
        book,
        "指标",
        ("指标", "用于", "分子", "分母", "凭什么文件", "说明"),
        [_line(one) for one in IMPORTABLE.values()],
    )
    _drop_down(sheet, "A", "单位", len(known))
    _drop_down(sheet, "B", "指标", len(IMPORTABLE))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _heads(sheet: Any) -> None:
    for at, field in enumerate(FIELDS, start=1):
        head = sheet.cell(row=1, column=at, value=f"{field.label}{'*' if field.required else ''}")
        head.font, head.fill = Font(bold=True), HEAD
        head.comment = Comment(field.help, "导入的事实")
        sheet.cell(row=2, column=at, value=field.example).font = Font(color="808080")
        sheet.column_dimensions[get_column_letter(at)].width = field.width
    sheet.freeze_panes = "A2"


def _listed(book: Workbook, name: str, heads: tuple[str, ...], lines: list[tuple[str, ...]]) -> None:
    sheet = book.create_sheet(name)
    sheet.append(heads)
    for line in lines:
        sheet.append(line)
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), HEAD
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = WRAPPED
    for at in range(1, len(heads) + 1):
        sheet.column_dimensions[get_column_letter(at)].width = 34


def _line(item: Importable) -> tuple[str, ...]:
    return item.title, item.level_words, item.numerator, item.denominator, item.document, item.note


def _drop_down(sheet: Any, column: str, name: str, number: int) -> None:
    """Choices come from a page of the book: a list of that length fits in no formula."""
    listed = DataValidation(type="list", formula1=f"'{name}'!$A$2:$A${number + 1}", allow_blank=True)
    listed.error, listed.errorTitle = f"请从下拉里选，或者照“{name}”页写。", name
    sheet.add_data_validation(listed)
    listed.add(f"{column}2:{column}{LAST}")
