"""Tables as offices make them, and a sheet to read them by."""

import csv
import io
import zipfile
from datetime import date, datetime

from openpyxl import Workbook

from longsha_credit.exchange.tables import cleaning, reading
from longsha_credit.exchange.tables.fields import Field, Sheet, Sort
from longsha_credit.exchange.tables.wrong import Unreadable

SHEET = Sheet(
    "promises",
    "承诺",
    (
        Field("unit", "单位", Sort.UNIT, required=True, other_names=("承诺单位", "单位名称"), example="向阳街道"),
        Field("content", "承诺内容", Sort.LONG, required=True, most=40, example="修好三条路"),
        Field("amount", "金额（元）", Sort.MONEY, example="12.5万元"),
        Field("due", "到期日期", Sort.DAY, required=True, month_end=True, other_names=("完成时限",), example="2026-12-31"),
        Field("form", "形式", Sort.CHOICE, choices=(("promise", "公开承诺"), ("contract", "合同契约", "合同"), ("policy", "政策落实"))),
        Field("code", "编号", Sort.CODE, most=12),
        Field("public", "是否公开", Sort.TRUTH),
    ),
    most_rows=100,
)  # fmt: skip
HEADS = ["单位", "承诺内容", "金额（元）", "到期日期", "形式", "编号", "是否公开"]
ROW = ["向阳街道", "修好三条路", "1000", "2026-12-31", "公开承诺", "007", "是"]
VALUES = ("向阳街道", "修好三条路", "1000.00", "2026-12-31", "promise", "007", True)


def book(*rows, pages=(), before=(), shape=None):
    """An xlsx of these rows; `pages` are (name, rows, state) behind or, by `before`, in front of them."""
    made = Workbook()
    main = made.active
    main.title = "表"
    for row in rows:
        main.append(row)
    for name, lines, state in [*before, *pages]:
        page = made.create_sheet(name, 0 if (name, lines, state) in before else None)
        for line in lines:
            page.append(line)
        page.sheet_state = state
    if shape:
        shape(main)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def text(*rows, encoding="utf-8", delimiter=",", end="\r\n"):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding)


def row(**changed):
    """The good row with some of its cells changed, by field name."""
    return [changed.get(field.name, given) for field, given in zip(SHEET.fields, ROW, strict=True)]


def values(**changed):
    return tuple(changed.get(field.name, given) for field, given in zip(SHEET.fields, VALUES, strict=True))


def edited(data, member, change):
    """The same package with one of its parts changed, or added where it is not there."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, change(content) if name == member else content)
        if member not in before.namelist():
            after.writestr(member, change(b""))
    return out.getvalue()


def outcome(path, name, data, sheet=SHEET):
    """What comes out of a file: ("refused", sentence), or the values by row, the faults by cell, the notes."""
    path.write_bytes(data)
    found, faults = {}, {}
    try:
        with reading.opened(path, sheet, name) as table:
            for line in reading.lines(table):
                cells, wrong = cleaning.clean_row(sheet, line.texts)
                found[line.number] = tuple(
                    str(one) if isinstance(one, (date, datetime)) or hasattr(one, "quantize") else one
                    for one in cells
                )
                faults |= {table.cell(line.number, fault.name): fault.fix for fault in wrong}
            return found, faults, table.notes
    except Unreadable as problem:
        return "refused", str(problem)
