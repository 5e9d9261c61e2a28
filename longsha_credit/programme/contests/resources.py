"""The question bank as a table: the export, and the template with drop-downs, help and an example."""

import io
from typing import Any

from import_export import fields, resources
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from longsha_credit.programme.contests.fields import FIELDS
from longsha_credit.programme.contests.sheets import column

LAST = 1001  # the last row with drop-downs
HEAD = PatternFill("solid", fgColor="DCE6F2")


class _Column(fields.Field):
    """A column of the field dictionary."""

    def __init__(self, of: Any):
        super().__init__(attribute=of.name, column_name=of.label, readonly=True)
        self.of = of

    def export(self, instance: Any, **kwargs: Any) -> str:
        return self.of.of(instance)


class QuestionResource(resources.Resource):
    """Questions in the columns in which a file brings them in; taking in goes through services.import_questions."""

    def __init__(self) -> None:
        super().__init__()
        self.fields = {one.name: _Column(one) for one in FIELDS}

    def get_export_order(self, *args: Any) -> list[str]:
        return list(self.fields)

    def lines(self, rows: Any) -> tuple[list[str], list[tuple]]:
        """The heads, and a line of texts for each question of `rows`."""
        table = self.export(queryset=rows)
        return table.headers, list(table)


def template() -> bytes:
    """The workbook to fill in: heads with help, drop-downs, an example, and a page that explains every column."""
    book = Workbook()
    sheet = book.active
    sheet.title = "题目"
    for at, field in enumerate(FIELDS):
        letter = column(at)
        head = sheet.cell(row=1, column=at + 1, value=f"{field.label}{'*' if field.required else ''}")
        head.font, head.fill = Font(bold=True), HEAD
        head.comment = Comment(field.help, "题库")
        sheet.cell(row=2, column=at + 1, value=field.example).font = Font(color="808080")
        sheet.column_dimensions[letter].width = field.width
        if field.choices:
            listed = DataValidation(type="list", formula1=f'"{",".join(field.choices)}"', allow_blank=True)
            listed.error, listed.errorTitle = f"请从下拉里选：{'、'.join(field.choices)}", field.label
            sheet.add_data_validation(listed)
            listed.add(f"{letter}2:{letter}{LAST}")
        for row in range(2, 40):
            sheet.cell(row=row, column=at + 1).number_format = "@"
    sheet.freeze_panes = "A2"
    _explain(book.create_sheet("填写说明"))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _explain(sheet: Any) -> None:
    lines = [("栏目", "要不要填", "怎样填", "例子")]
    lines += [(f.label, "必填" if f.required else "选填", f.help, f.example) for f in FIELDS]
    for line in lines:
        sheet.append(line)
    sheet.append(("例行", "", "第2行是例子，可以留着，不会导入。一行一道题，最多1000道。", ""))
    for letter, width in zip("ABCD", (12, 10, 60, 44), strict=True):
        sheet.column_dimensions[letter].width = width
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
