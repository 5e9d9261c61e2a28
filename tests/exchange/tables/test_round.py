"""What goes out comes in again: the template, an export in both formats, and a file given back with its faults marked."""

import datetime
import io
from decimal import Decimal
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook

from longsha_credit.exchange.tables import annotated, cleaning, reading, template, writing
from tests.exchange.tables.making import HEADS, ROW, SHEET, book, outcome, row, text

DAY = datetime.date(2026, 12, 31)
ROWS = [
    (17, {"unit": "向阳街道", "content": "=修路\n种树", "amount": Decimal("0.50"), "due": DAY, "form": "contract", "code": "007", "public": False}),
    (18, {"unit": "朝阳街道", "content": "'-1 引号", "due": DAY, "code": "230202001001"}),
]  # fmt: skip


def read(path, name):
    with reading.opened(path, SHEET, name) as table:
        return [(line.key, cleaning.clean_row(SHEET, line.texts)) for line in table], table.notes


def test_the_template_is_read_as_empty_and_helps_where_it_is_filled_in(tmp_path):
    path = tmp_path / "t.xlsx"
    with template.workbook(
        SHEET, ready=[{"unit": "朝阳街道"}], lists={"unit": ["向阳街道", "朝阳街道"]}
    ) as file:
        path.write_bytes(file.read())
    with reading.opened(path, SHEET, "t.xlsx") as table:
        assert [line.texts[:2] for line in table] == [["朝阳街道", ""]]
        assert (table.head_row, list(table.columns)) == (1, [*SHEET.names, "key"])
        assert table.notes == ["第2行是例子，没有读。"]
    made = load_workbook(path)
    page, options = made["承诺"], made["选项"]
    lists = {str(one.sqref)[0]: one for one in page.data_validations.dataValidation}
    assert sorted(lists) == ["A", "E", "G"]
    assert (lists["A"].errorStyle, lists["E"].errorStyle) == ("warning", "stop")
    assert lists["E"].formula1 == "'选项'!$B$1:$B$3"
    assert ([cell.value for cell in options["B"]], options.sheet_state) == (
        ["公开承诺", "合同契约", "政策落实"],
        "hidden",
    )
    assert all(page.cell(1, at).comment.text for at in range(1, 8))
    assert page.column_dimensions["H"].hidden
    assert [cell.value for cell in made["填写说明"]["A"]] == ["栏目", *HEADS, "一次能填"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_export_is_read_back_as_it_was(kind, tmp_path):
    class User(SimpleNamespace):
        def __str__(self):
            return "张三"

    answer = writing.download(kind, "承诺", SHEET, ROWS, user=User(username="zhang"), number=2)
    path = tmp_path / f"a.{kind}"
    path.write_bytes(b"".join(answer.streaming_content))
    found, notes = read(path, path.name)
    assert notes == ["第4行是导出时的落款，没有读。"]
    known = [[values.get(name) for name in SHEET.names] for _, values in ROWS]
    # a text that begins as a formula goes out as a text, and is refused on its way in
    assert found[0] == ("17", ([known[0][0], None, *known[0][2:]], found[0][1][1]))
    assert [(fault.name, fault.fix) for fault in found[0][1][1]] == [("content", "修路\n种树")]
    assert found[1] == ("18", (known[1], []))


def test_no_cell_of_an_export_is_a_formula():
    made = load_workbook(io.BytesIO(writing.workbook(SHEET, ROWS, "=落款").read()))
    kinds = {cell.data_type for line in made.active for cell in line if cell.value is not None}
    assert kinds == {"s"}


def test_a_file_comes_back_with_its_faults_marked_and_can_be_put_right_there(tmp_path):
    path, back = tmp_path / "a.csv", tmp_path / "b.xlsx"
    path.write_bytes(
        text(["承诺表"], [], HEADS, row(due="2026年12月", form="合同\x0b", unit=""), ROW, encoding="gb18030")
    )
    with reading.opened(path, SHEET, "a.csv") as table:
        remarks = [
            annotated.Remark(line.number, one.name, one.label, one.given, one.sentence, one.fix)
            for line in table
            for one in cleaning.clean_row(SHEET, line.texts)[1]
        ]
        with annotated.workbook(table, remarks) as file:
            back.write_bytes(file.read())
    made = load_workbook(back)
    listed, page = made["要改的地方"], made["承诺"]
    assert [[cell.value for cell in line][:3] for line in listed.iter_rows(min_row=2)] == [
        ["A4", "单位", None], ["D4", "到期日期", "2026年12月"],
    ]  # fmt: skip
    assert listed["A2"].hyperlink.location == "'承诺'!A4"
    assert page["D4"].comment.text.endswith("建议改成：2026-12-31")
    assert [cell.coordinate for line in page for cell in line if cell.fill.fgColor.rgb == "00F8D7DA"] == [
        "A4",
        "D4",
    ]
    page["A4"], page["D4"] = "向阳街道", listed["E3"].value
    made.save(back)
    assert outcome(tmp_path / "c", "b.xlsx", back.read_bytes())[1] == {}


def test_a_workbook_given_back_keeps_its_rows_where_they_were(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(book(["承诺表"], [], [], HEADS, ROW))
    with reading.opened(path, SHEET, "a.xlsx") as table:
        assert [line.number for line in table] == [5]
        remark = annotated.Remark(5, "code", "编号", "007", "已经有了。")
        made = load_workbook(annotated.workbook(table, [remark], number=3))
    assert (made["表"]["A4"].value, made["表"]["F5"].comment.text) == ("单位", "已经有了。")
    assert "还有2处没有列出" in made["要改的地方"]["D3"].value
