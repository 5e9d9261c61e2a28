"""Records as a table for a spreadsheet: bounded, without formulas, without the names of persons."""

import csv
import tempfile

from django.utils import timezone
from django.utils.http import content_disposition_header
from openpyxl import Workbook

from records.checks import subject_of

MOST = 20_000
CHUNK = 500
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
COLUMNS = (
    *("记录编号", "版本", "标题", "守信或失信", "方面", "清单事项", "主体种类", "主体", "单位", "主体在事件中"),
    *("文号", "作出机关", "作出日期", "生效日期", "有效期至", "决定生效没有", "公开层级", "状态", "正在办理", "不再符合条件"),
)  # fmt: skip

MARKS = {"objected": "异议处理中", "to_correct": "更正中", "repairing": "修复办理中"}


def neutral(value):
    """A text no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def line(it, name=""):
    """The cells of one record; `name` is the person's, where the reader's purpose stands in the table."""
    marks = "、".join(word for mark, word in MARKS.items() if getattr(it, mark))
    values = (
        *(
            it.number,
            it.version,
            str(it),
            it.item.get_kind_display(),
            it.item.get_dimension_display(),
        ),
        *(str(it.item), it.get_subject_kind_display(), name or subject_of(it), it.organisation.name),
        *(it.get_part_display(), it.document_number, it.issuing_body, it.decided_on, it.effective_from),
        *(it.effective_until, it.get_finality_display(), it.get_disclosure_display(), it.get_state_display()),
        *(marks, it.unsound),
    )
    return [neutral(value) for value in values]


def _watermark(user, number, purpose=""):
    use = f"用途：{purpose}。内部资料，不得转发" if purpose else "仅供工作使用"
    return [neutral(f"{user} 于{timezone.localtime():%Y-%m-%d %H:%M}导出，共{number}条，{use}")]


class _Echo:
    def write(self, value):
        return value


def csv_parts(rows, user, number):
    """The table piece by piece, for Excel in UTF-8; never more than MOST rows."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for it in rows[:MOST].iterator(CHUNK):
        yield writer.writerow(line(it))
    yield writer.writerow(_watermark(user, number))


def xlsx_file(rows, user, number, purpose="", name=""):
    """The table as an open temporary file; written row by row."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("诚信记录")
    sheet.append(COLUMNS)
    for it in rows[:MOST].iterator(CHUNK):
        sheet.append(line(it, name))
    sheet.append(_watermark(user, number, purpose))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return file


def attachment(name):
    """The header that saves a download under a Chinese name."""
    return content_disposition_header(True, name)
