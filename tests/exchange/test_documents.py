"""An official document says the same on the page and in Word, set as GB/T 9704-2012 asks."""

import datetime
import io
import zipfile

import segno
from django.template.loader import render_to_string
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, Twips

from longsha_credit.exchange.documents import Paper, Table, day, docx

PAPER = Paper(
    title="向阳街道承诺书",
    number="承诺〔2026〕0001号",
    to="辖区居民",
    blocks=(
        "一、承诺内容\n建成坡道<24>处。\n（一）认定标准\n逐处验收。",
        Table("分项", ("分项", "期限"), (("一期", "2026-11-05"),)),
    ),
    attachments=("施工图",),
    signatures=("移交人：",),
    sign="向阳街道办事处",
    signed_on=datetime.date(2026, 11, 5),
    qr="https://example.gov.cn/commitments/1/",
    qr_note="扫一扫核对原文。",
)


def word(paper):
    return Document(io.BytesIO(docx(paper)))


def font_of(paragraph):
    return paragraph.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia"))


def test_the_sheet_is_set_as_the_standard_asks():
    document = word(PAPER)
    section = document.sections[0]
    inside = (
        section.page_width - section.left_margin - section.right_margin,
        section.page_height - section.top_margin - section.bottom_margin,
    )
    assert [round(side / Mm(1)) for side in (section.top_margin, section.left_margin, *inside)] == [
        37,
        28,
        156,
        225,
    ]
    lines = {p.text: p for p in document.paragraphs}
    assert (font_of(lines["向阳街道承诺书"]), lines["向阳街道承诺书"].runs[0].font.size) == (
        "方正小标宋简体",
        Pt(22),
    )
    assert (font_of(lines["一、承诺内容"]), font_of(lines["（一）认定标准"])) == ("黑体", "楷体_GB2312")
    assert font_of(lines["逐处验收。"]) == "仿宋_GB2312"
    normal = document.styles["Normal"]
    assert (normal.paragraph_format.line_spacing, normal.font.size) == (Twips(579), Pt(16))
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert [side._p.xpath("string()") for side in (odd, even)] == ["— 1 —", "— 1 —"]
    assert (odd.alignment, even.alignment) == (2, 0)


def test_word_and_page_say_the_same():
    document, page = word(PAPER), render_to_string("exchange/_paper.html", {"paper": PAPER})
    said = [p.text for p in document.paragraphs if p.text]
    assert said == [
        *(
            "承诺〔2026〕0001号",
            "向阳街道承诺书",
            "辖区居民：",
            "一、承诺内容",
            "建成坡道<24>处。",
            "（一）认定标准",
        ),
        *(
            "逐处验收。",
            "分项",
            "附件：施工图",
            "移交人：",
            "向阳街道办事处",
            "2026年11月5日",
            "扫一扫核对原文。",
        ),
    ]
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    for text in [*said, *cells]:
        assert text.removeprefix("附件：").replace("<24>", "&lt;24&gt;") in page
    assert "<24>" not in page
    assert document.inline_shapes[0].width == Mm(30)


def test_the_code_leads_to_the_address():
    with zipfile.ZipFile(io.BytesIO(docx(PAPER))) as parts:
        picture = next(parts.read(name) for name in parts.namelist() if name.startswith("word/media/"))
    drawn = io.BytesIO()
    segno.make(PAPER.qr, error="m", micro=False).save(drawn, kind="png", scale=8, border=4)
    assert picture == drawn.getvalue()


def test_what_word_cannot_hold_is_left_out():
    paper = Paper(title="标题\x00\x0b", blocks=("正文\ufffe",), sign="", signed_on=None)
    assert [p.text for p in word(paper).paragraphs if p.text] == ["标题", "正文"]


def test_days_are_written_without_zeros():
    assert day(datetime.date(2026, 1, 5)) == "2026年1月5日"
