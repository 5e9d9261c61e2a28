"""Official documents: one text for the page that is printed and for the Word file, set as GB/T 9704-2012 asks."""

import datetime
import io
import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import segno
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# The fonts of the standard with what old and new office computers have in their place.
BODY, TITLE, HEADING, SUBHEADING, PLAIN = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
SIZE, TITLE_SIZE, SMALL = Pt(16), Pt(22), Pt(14)  # 三号、二号、四号
LINE = Pt(29)  # 22 lines of a page, 225 mm
INDENT = Pt(32)  # two characters
QR_WIDTH = Mm(30)
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
FIRST, SECOND = re.compile("^[一二三四五六七八九十]+、"), re.compile("^（[一二三四五六七八九十]+）")


@dataclass(frozen=True)
class Table:
    """A table of texts: a caption, the heads of its columns, its rows."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Paper:
    """What an official document says. `blocks` are paragraphs and tables in their order; a paragraph that begins with
    一、 or （一） is a heading. `to` is who it is addressed to, `sign` the unit that signs, `signatures` are lines to be
    signed by hand, `qr` an address, `qr_note` what stands under it.
    """

    title: str
    blocks: tuple[str | Table, ...]
    sign: str
    signed_on: datetime.date | None
    number: str = ""
    to: str = ""
    attachments: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    qr: str = ""
    qr_note: str = ""

    @property
    def parts(self) -> list[dict]:
        """The blocks for a template: each a kind (first, second, text, table) and its text or table."""
        return [
            {"kind": "table", "table": block}
            if isinstance(block, Table)
            else {"kind": _kind(line), "text": line}
            for block in self.blocks
            for line in (block.split("\n") if isinstance(block, str) else [block])
            if line
        ]

    @property
    def signed_on_text(self) -> str:
        return day(self.signed_on) if self.signed_on else ""

    @property
    def qr_drawing(self) -> dict[str, Any]:
        return qr(self.qr)


def qr(address: str) -> dict[str, Any]:
    """An address as one SVG path of dark runs, and the number of squares on a side."""
    rows = segno.make(address, error="m", micro=False).matrix
    runs = [
        f"M{run.start()} {y}h{run.end() - run.start()}v1h-{run.end() - run.start()}z"
        for y, row in enumerate(rows)
        for run in re.finditer("1+", "".join(str(cell) for cell in row))
    ]
    return {"size": len(rows), "path": "".join(runs)}


def _kind(line: str) -> str:
    return "first" if FIRST.match(line) else "second" if SECOND.match(line) else "text"


def day(date: datetime.date) -> str:
    """A date as documents write it: 2026年11月5日, without leading zeros."""
    return f"{date.year}年{date.month}月{date.day}日"


def docx(paper: Paper) -> bytes:
    """The Word file of a document."""
    document = Document()
    document.core_properties.title = _clean(paper.title)
    document.core_properties.author = _clean(paper.sign)
    _page(document)
    if paper.number:
        _line(document, paper.number, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, paper.title, font=TITLE, size=TITLE_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, "")
    if paper.to:
        _line(document, f"{paper.to}：")
    for part in paper.parts:
        if part["kind"] == "table":
            _table(document, part["table"])
        else:
            font = {"first": HEADING, "second": SUBHEADING, "text": BODY}[part["kind"]]
            _line(document, part["text"], font=font, indent=INDENT)
    for number, name in enumerate(paper.attachments, start=1):
        lead = "附件：" if number == 1 else "\u3000\u3000\u3000"
        _line(document, f"{lead}{number}. {name}", indent=INDENT)
    _foot(document, paper)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _clean(text: str) -> str:
    return NOT_XML.sub("", text)


def _page(document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    style = document.styles["Normal"]
    style.font.size = SIZE
    _set_font(style.element.get_or_add_rPr(), BODY)
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _set_font(properties, name: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), name)


def _page_number(footer, align) -> None:
    """— 1 — on the outer side, one character in."""
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    side = "right_indent" if align == WD_ALIGN_PARAGRAPH.RIGHT else "left_indent"
    setattr(paragraph.paragraph_format, side, SMALL)
    _run(paragraph, "— ", PLAIN, SMALL)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    _run(paragraph, " —", PLAIN, SMALL)


def _run(paragraph, text: str, font: str, size) -> None:
    run = paragraph.add_run(_clean(text))
    run.font.size = size
    _set_font(run._r.get_or_add_rPr(), font)


def _line(document, text: str, *, font: str = BODY, size=SIZE, align=None, indent=None, right=None) -> None:
    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    shape.space_before = shape.space_after = Pt(0)
    shape.first_line_indent, shape.right_indent = indent, right
    paragraph.alignment = align
    _run(paragraph, text, font, size)


def _table(document, table: Table) -> None:
    if table.caption:
        _line(document, table.caption, font=HEADING, size=SMALL)
    grid = document.add_table(rows=1, cols=len(table.heads), style="Table Grid")
    for cell, text in zip(grid.rows[0].cells, table.heads, strict=True):
        _run(cell.paragraphs[0], text, HEADING, SMALL)
    for row in table.rows:
        cells = grid.add_row().cells
        for cell, text in zip_longest(cells, row, fillvalue=""):
            _run(cell.paragraphs[0], text, BODY, SMALL)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(repeat)


def _foot(document, paper: Paper) -> None:
    _line(document, "")
    for line in paper.signatures:
        _line(document, line, indent=INDENT)
    four = Pt(64)
    if paper.sign:
        _line(document, paper.sign, align=WD_ALIGN_PARAGRAPH.RIGHT, right=four)
    if paper.signed_on:
        _line(document, day(paper.signed_on), align=WD_ALIGN_PARAGRAPH.RIGHT, right=four)
    if paper.qr:
        picture = io.BytesIO()
        segno.make(paper.qr, error="m", micro=False).save(picture, kind="png", scale=8, border=4)
        picture.seek(0)
        above = document.add_paragraph()
        above.paragraph_format.keep_with_next = True
        above.add_run().add_picture(picture, width=QR_WIDTH)
        _line(document, paper.qr_note, size=SMALL)
