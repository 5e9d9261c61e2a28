"""Every kind of document there is has its fields, fits the sheet and stands as GB/T 9704-2012 asks."""

import datetime
import io

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from longsha_credit.exchange.documents import Paper, Table, docx
from longsha_credit.exchange.official.kinds import KINDS
from longsha_credit.exchange.paper_tables import column_widths, imprint_lines
from longsha_credit.exchange.typesetting import WIDTH, title_lines, width_of

# §6.2 of the design by name, and what the programme's own flows send beside them
WANTED = {
    "承诺书": "commitment-letter",
    "通报": "circular",
    "公示": "publicity",
    "督办单": "rectification-supervise",
    "整改通知书": "rectification-notice",
    "销号确认单": "rectification-close",
    "异议处理告知书": "objection-reply",
    "信用修复告知书": "repair-reply",
    "核查意见": "opinion",
    "交接书": "handover",
    "总结报告": "summary",
}


def opened(paper):
    return Document(io.BytesIO(docx(paper)))


def test_every_document_of_the_design_has_its_kind():
    assert {label: KINDS[key].label for label, key in WANTED.items() if label not in KINDS[key].label} == {}
    assert len({kind.word for kind in KINDS.values()}) == len(
        KINDS
    )  # default numbers of two kinds never meet


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_a_kind_says_what_each_field_means_and_its_table_fits_the_sheet(kind):
    assert all(one.meaning and (one.example or one.columns) for one in kind.fields)
    assert len({one.name for one in kind.fields}) == len(kind.fields)
    assert all(name.isidentifier() for one in kind.fields for name in (one.name, *one.columns))
    assert set(kind.example) == {one.name for one in kind.fields}
    for one in kind.tables:
        assert kind.example[one.name] and all(set(row) == set(one.columns) for row in kind.example[one.name])
    document = opened(kind.sample)
    assert document.paragraphs[0].text or kind.sample.head
    for table in document.tables:
        assert abs(sum(column.width for column in table.columns) - WIDTH) < Mm(1)


@pytest.mark.parametrize(
    "title",
    [
        "关于开展诚信街道诚信社区创建试点工作情况和失信专项治理问题整改落实情况的通报",
        "关于“2026年第四季度信用承诺履行和新官不理旧账问题专项督导检查”的整改通知书",
        "齐齐哈尔市龙沙区五龙街道办事处关于2026年诚信街道社区创建工作情况的报告",
    ],
)
def test_a_long_title_breaks_between_words_and_leaves_no_sign_alone(title):
    lines = title_lines(title)
    assert "".join(lines) == title and 1 < len(lines) <= 3
    widths = [width_of(line) for line in lines]
    assert max(widths) <= 20 and min(widths) >= 8
    assert not any(line[0] in "、，。”》）的" for line in lines)


def test_short_columns_get_what_they_need_and_long_ones_the_rest():
    heads = ("序号", "问题", "整改期限")
    number, matter, date = column_widths(heads, (("1", "很长的情况" * 20, "2026年11月30日"),))
    assert number < date < matter and abs(number + matter + date - WIDTH) < 10
    many = column_widths(tuple(f"第{n}栏" for n in range(12)), (("内容" * 10,) * 12,))
    assert abs(sum(many) - WIDTH) < 20 and min(many) > 0


def test_number_head_note_copies_and_print_stand_in_their_places():
    paper = Paper(
        title="督办单",
        number="龙信办督〔2026〕3号",
        head="示例区信用办文件",
        to="向阳街道",
        blocks=("正文。",),
        attachments=("一", "二"),
        sign="示例区信用办",
        signed_on=datetime.date(2026, 11, 5),
        note="办理编号：1\n本件代替某件",
        copy_to="区纪委监委机关",
        printed_by="示例区信用办",
        printed_on=datetime.date(2026, 11, 6),
    )
    document = opened(paper)
    lines = {p.text: p for p in document.paragraphs}
    assert list(filter(None, lines)) == [
        *(
            "示例区信用办文件",
            "龙信办督〔2026〕3号",
            "督办单",
            "向阳街道：",
            "正文。",
            "附件：1. 一",
            "2. 二",
        ),
        *("示例区信用办", "2026年11月5日", "（办理编号：1）", "（本件代替某件）"),
    ]
    assert lines["向阳街道："].paragraph_format.first_line_indent is None
    assert lines["2026年11月5日"].paragraph_format.right_indent == 4 * Pt(15.75)
    # the unit stands centred over the date: 6 characters over 6.5
    assert lines["示例区信用办"].paragraph_format.right_indent.pt == pytest.approx(4.25 * 15.75, abs=0.1)
    (box,) = document.element.iter(qn("w:txbxContent"))
    told = [
        "".join(t.text or "\t" for t in p.iter(qn("w:t"), qn("w:tab")) if t.getparent().tag == qn("w:r"))
        for p in box
    ]
    assert told == ["　抄送：区纪委监委机关。", "　示例区信用办\t2026年11月6日印发"]
    grid = document.sections[0]._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:linePitch")) == "579"


def test_long_names_in_the_imprint_stand_under_each_other_and_leave_the_day_its_room():
    names = "，".join(["区发展和改革局"] * 9)
    first, *more = imprint_lines(f"抄送：{names}。")
    assert first.startswith("　抄送：区发展") and all(line.startswith("　　　　区发展") for line in more)
    assert "".join([first, *more]).replace("　", "") == f"抄送：{names}。"
    assert max(map(width_of, [first, *more])) <= 31
    whole = "".join(imprint_lines("抄送：" + "某" * 70 + "。"))
    assert whole.count("某") == 70 and max(map(width_of, imprint_lines("抄送：" + "某" * 70 + "。"))) <= 31
    assert imprint_lines("某" * 24, "2026年11月6日印发") == ["　" + "某" * 24, "　"]


def test_empty_parts_leave_nothing_behind():
    document = opened(Paper(title="题", blocks=(Table("", ("栏",), ()),), sign="", signed_on=None))
    assert [p.text for p in document.paragraphs if p.text] == ["题"]
