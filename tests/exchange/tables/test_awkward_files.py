"""Files as offices have them come in exactly as stated here, or are refused with a sentence; every fault has its cell."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl.comments import Comment

from tests.exchange.tables.making import HEADS, ROW, SHEET, VALUES, book, edited, outcome, row, text, values

TITLE = ["龙沙区2026年承诺事项汇总表"]
GOOD = {2: VALUES}


def titled(page):
    page.merge_cells("A1:G1")


def numbers(page):
    """As somebody typed it into cells of no format: Excel made numbers and days of it."""
    page["C2"], page["D2"], page["F2"] = 1000.0, date(2026, 12, 31), 7
    page["D2"].number_format, page["F2"].number_format = "yyyy/m/d;@", "000"
    page["C3"], page["D3"], page["D3"].number_format = 0.1 + 0.2, date(2026, 12, 1), 'yyyy"年"m"月"'
    page["F3"], page["G3"] = 230202001000123456, True


def formulas(page):
    page["C2"] = "=500*2"
    page["B3"] = "=A3&B2"


def grown(page):
    """Formats far to the right and far down, and nothing in them."""
    for at in ("XFD2", "A900", "ZZ40"):
        page[at].number_format = "@"
        page[at].comment = Comment("无", "某")


def merged_units(page):
    page.merge_cells("A2:A3")


def hidden_row(page):
    page.row_dimensions[3].hidden = True


def reckoned(data):
    """The same workbook after Excel reckoned its first formula."""
    return edited(
        data,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<f>500*2</f><v></v>", b"<f>500*2</f><v>1000</v>").replace(
            b"<f>500*2</f><v/>", b"<f>500*2</f><v>1000</v>"
        ),
    )


def wide():
    return book(HEADS, ROW, shape=lambda page: page.__setitem__("XFD2", "在很远的地方"))


def bomb():
    return edited(
        book(HEADS, ROW),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", b" " * 60_000_000 + b"</sheetData>"),
    )


def locked():
    data = bytearray(book(HEADS, ROW))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def linked():
    """A workbook whose page lies in another file."""
    return edited(
        book(HEADS, ROW), "xl/_rels/workbook.xml.rels",
        lambda xml: xml.replace(b'Target="/xl/worksheets/sheet1.xml"', b'Target="file:///etc/passwd" TargetMode="External"'),
    )  # fmt: skip


def entities():
    laughs = (
        b'<!DOCTYPE x [<!ENTITY a "'
        + b"ha" * 500
        + b'"><!ENTITY b "'
        + b"&a;" * 500
        + b'"><!ENTITY c "'
        + b"&b;" * 500
        + b'">]>'
    )
    return edited(
        book(HEADS, ROW), "xl/worksheets/sheet1.xml",
        lambda xml: laughs + xml.replace("修好三条路".encode(), b"&c;"),
    )  # fmt: skip


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bag:
        bag.writestr("a.txt", "x")
    return out.getvalue()


def other_words():
    return [
        "承诺单位 ",
        "承诺\n内容＊",
        "金额（万元）",
        "完成时限（必填）",
        "形 式",
        "编号",
        "是否公开：",
        "备注一",
    ]


FILES = {
    # name: (file name, content, values by row, faults by cell with the proposed fix, notes)
    "as the template asks": ("a.xlsx", book(HEADS, ROW), GOOD, {}, []),
    "a merged title, a line of the unit, an empty row": (
        "a.xlsx", book(TITLE, ["填报单位：向阳街道", None, None, None, None, "2026年3月"], [], HEADS, ROW, shape=titled), {5: VALUES}, {}, []),
    "heads spelled otherwise, ten thousands of yuan": (
        "a.xlsx", book(other_words(), [*row(amount="1.5"), "随便"]), {2: values(amount="15000.00")}, {}, ["这些列不在模板里，没有读：“备注一”。"]),
    "heads over two rows": (
        "a.xlsx", book(["单位", "承诺", None, "时间", "其他", None, None], [None, "内容", "金额", "到期日期", "形式", "编号", "是否公开"], ROW), {3: VALUES}, {}, []),
    "a hidden page in front, another behind": (
        "a.xlsx", book(HEADS, ROW, before=[("旧表", [HEADS, row(unit="别的街道")], "hidden")], pages=[("说明", [["请照填"]], "visible")]), GOOD, {}, []),
    "two pages that fit": (
        "a.xlsx", book(HEADS, ROW, pages=[("二", [HEADS, ROW], "visible")]), GOOD, {}, ["只读了工作表“表”。“二”的表头也对得上，请另外上传。"]),
    "columns in another order, one not there": (
        "a.xlsx", book(["序号", *HEADS[::-1][1:]], [1, *ROW[::-1][1:]], [2], [3]), {2: values(public=None)}, {}, []),
    "numbers and days as Excel keeps them": (
        "a.xlsx", book(HEADS, ROW, row(code=""), shape=numbers),
        {2: VALUES, 3: values(amount="0.30", due=None, code=None)}, {"D3": "2026-12-31", "F3": ""}, []),
    "formulas that were reckoned, and one that was not": (
        "a.xlsx", reckoned(book(HEADS, ROW, ROW, shape=formulas)), {2: VALUES, 3: values(content=None)}, {"B3": "A3&B2"}, []),
    "formats to the last column and row": ("a.xlsx", book(HEADS, ROW, shape=grown), GOOD, {}, []),
    "units merged over their rows": (
        "a.xlsx", book(HEADS, ROW, row(content="种树"), row(unit="朝阳街道"), shape=merged_units),
        {2: VALUES, 3: values(content="种树"), 4: values(unit="朝阳街道")}, {}, []),
    "a total, a signature, a hidden row": (
        "a.xlsx", book(HEADS, ROW, ROW, ["合 计", None, 2000], ["填表人：张三", None, "审核人：李四"], shape=hidden_row),
        {2: VALUES, 3: VALUES}, {}, ["第4行是合计行，没有读。", "第5行是表下的说明，没有读。", "有1个隐藏的行，也一起读了。不要的请删去。"]),
    "the template's example left in": (
        "a.xlsx", book(HEADS, ["向阳街道", "修好三条路", "12.5万元", "2026-12-31"], ROW), {3: VALUES}, {}, ["第2行是例子，没有读。"]),
    "full-width digits, slashes, 无 and dashes": (
        "a.xlsx", book(HEADS, row(amount="１，０００元", due="２０２６．１２．３１", code="００７"), row(amount="/", form="无", code="——", public="N/A")),
        {2: VALUES, 3: values(amount=None, form=None, code=None, public=None)}, {}, []),
    "days in every way": (
        "a.xlsx", book(HEADS, *(row(due=due) for due in ("2026年12月31日", "2026-12-31 00:00:00", "20261231", "46387", "2026.12.31", "2026年12月", "2026.1", "26.12.31", "12/31/2026", "2026-02-30", "年底"))),
        {**dict.fromkeys(range(2, 7), VALUES), **{at: values(due=None) for at in range(7, 13)}},
        {"D7": "2026-12-31", "D8": "2026-01-31", "D9": "2026-12-31", "D10": "2026-12-31", "D11": "2026-02-28", "D12": ""}, []),
    "what cannot be": (
        "a.xlsx", book(HEADS, ["", "字" * 41, "很多", "", "公开承若", "x" * 13, "可能"], row(unit="2.30202E+11", amount="-5", code="7.0")),
        {2: (None,) * 7, 3: values(unit=None, amount=None, code=None)},
        {"A2": "", "B2": "", "C2": "", "D2": "", "E2": "公开承诺", "F2": "", "G2": "", "A3": "", "C3": "5", "F3": "7"}, []),
    "csv of Excel in GB18030": ("a.csv", text(HEADS, ROW, encoding="gb18030"), GOOD, {}, []),
    "csv in UTF-8 with a mark and empty columns": ("a.csv", text([*HEADS, "", ""], [*ROW, "", ""], [""] * 9, encoding="utf-8-sig"), GOOD, {}, []),
    "Unicode text: UTF-16 with tabs": ("a.csv", text(HEADS, ROW, encoding="utf-16", delimiter="\t"), GOOD, {}, []),
    "csv with semicolons, a hint, forced texts and a line break": (
        "a.csv", b"sep=;\n" + text(HEADS, row(content="修好\n三条路", code='="007"'), delimiter=";", end="\n"), {2: values(content="修好\n三条路")}, {}, []),
    "a thousand times nothing": ("a.csv", text(HEADS, ROW, *[[""] * 7] * 1000), GOOD, {}, []),
}  # fmt: skip

REFUSED = {
    "nothing under the heads": ("a.xlsx", book(HEADS), "表里没有填好的行"),
    "no heads": ("a.xlsx", book(["甲", "乙"], ROW), "没有找到表头"),
    "a required column missing": ("a.xlsx", book([*HEADS[:3], "到期日", *HEADS[4:]], ROW), "第1行的表头缺少“到期日期”。“到期日”是不是“到期日期”"),
    "a column twice": ("a.xlsx", book([*HEADS, "单位"], ROW), "“单位”有两列：A列和H列"),
    "more rows than one file may have": ("a.xlsx", book(HEADS, *[ROW] * 101), "表里超过100行"),
    "text in the last column of all": ("a.xlsx", wide(), "第2行写到了第16384列（XFD）"),
    "a zip bomb": ("a.xlsx", bomb(), "解开以后大得不正常"),
    "locked in its package": ("a.xlsx", locked(), "打开密码"),
    "locked by Excel": ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "打开密码"),
    "an old workbook": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版的 xls"),
    "a page in another file": ("a.xlsx", linked(), "没有找到表头"),
    "entities within entities": ("a.xlsx", entities(), None),
    "an archive": ("a.xlsx", archive(), "这不是 xlsx 表格"),
    "half a workbook": ("a.xlsx", book(HEADS, ROW)[:2000], "文件打不开"),
    "csv named xlsx": ("a.xlsx", text(HEADS, ROW), "后缀是 xlsx，里面却不是"),
    "xlsx named csv": ("a.csv", book(HEADS, ROW), "后缀是 csv，里面却是 xlsx"),
    "a web page named xls": ("a.xls", "<html><table><tr><td>单位</td></tr></table></html>".encode(), "这是网页"),
    "nothing at all": ("a.csv", b"", "文件是空的"),
    "zeros in a csv": ("a.csv", text(HEADS, ROW) + b"\0\0", "这不是表格文件"),
    "a quotation mark left open": ("a.csv", text(HEADS, ROW) + '向阳街道,"修路,1\r\n'.encode() * 3, "第3行的引号不成对"),
    "no known encoding": ("a.csv", text(HEADS, ROW) + b"\xff\xff\xff", "文字认不出来"),
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_a_file_comes_in_as_offices_have_it(case, tmp_path):
    name, data, wanted, faults, notes = FILES[case]
    assert outcome(tmp_path / "upload", name, data) == (wanted, faults, notes)


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_is_no_table_is_refused_with_a_sentence(case, tmp_path):
    name, data, sentence = REFUSED[case]
    found = outcome(tmp_path / "upload", name, data)
    if sentence is None:  # harmless either way: what is not resolved is not there
        assert found[0] == "refused" or "haha" not in str(found)
    else:
        assert found[0] == "refused"
        assert sentence in found[1]
        assert found[1].endswith(("。", "？"))


def test_there_are_at_least_twenty_five_awkward_files():
    assert len(FILES) + len(REFUSED) >= 25
    assert len(SHEET.fields) == len(HEADS)
