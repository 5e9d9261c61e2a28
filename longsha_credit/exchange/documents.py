"""Official documents: one text for the page that is printed and for the Word file, set as GB/T 9704-2012 asks."""

import datetime
import io
import re
from dataclasses import dataclass
from typing import Any

import segno
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from longsha_credit.exchange import paper_tables, typesetting
from longsha_credit.exchange.typesetting import (
    BODY,
    EM,
    HEADING,
    SMALL,
    SUBHEADING,
    TITLE,
    TITLE_SIZE,
    line,
)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
QR_WIDTH = Mm(30)
TITLE_LINE = Pt(32)
SHORT = 170  # characters, six lines
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
    signed by hand, `qr` an address, `qr_note` what stands under it. `head` is the red name above (发文机关标志), `note`
    stands in brackets under the date, `copy_to` and `printed_by` make the 版记, `mark` stands above every page.
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
    head: str = ""
    note: str = ""
    copy_to: str = ""
    printed_by: str = ""
    printed_on: datetime.date | None = None
    mark: str = ""

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
    def notes(self) -> list[str]:
        return [note for note in self.note.split("\n") if note]

    @property
    def printed_on_text(self) -> str:
        return f"{day(self.printed_on)}印发" if self.printed_on else ""

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


def docx(paper: Paper, date_text: str = "") -> bytes:
    """The Word file of a document; `date_text` stands in the place of a date where the file is to be a template."""
    document = typesetting.sheet(paper.title, paper.sign)
    if paper.mark:
        typesetting.mark(document, paper.mark)
    if paper.head:
        typesetting.red_head(document, paper.head, paper.number)
    elif paper.number:
        line(document, paper.number, align=WD_ALIGN_PARAGRAPH.CENTER)
        line(document, "")
    _title(document, paper.title)
    if paper.to:
        line(document, f"{paper.to}：")
    _body(document, paper)
    _attachments(document, paper.attachments)
    _foot(document, paper, date_text)
    _colophon(document, paper)
    return typesetting.written(document)


def opens(data: bytes) -> Any:
    """The document Word would open; raises what python-docx raises where it is none."""
    return Document(io.BytesIO(data))


def _title(document: Any, title: str) -> None:
    lines = typesetting.title_lines(typesetting.clean(title))
    paragraph = line(
        document, lines[0], font=TITLE, size=TITLE_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER, keep=True
    )
    for more in lines[1:]:
        paragraph.runs[-1].add_break()
        typesetting.run(paragraph, more, TITLE, TITLE_SIZE)
    typesetting.off_the_grid(paragraph)
    paragraph.paragraph_format.line_spacing = TITLE_LINE
    line(document, "", keep=True)


def _body(document: Any, paper: Paper) -> None:
    parts, ends = paper.parts, not paper.attachments and not paper.signatures
    # the name below is not left alone on a page; LibreOffice would move a long paragraph whole
    for number, part in enumerate(parts, start=1):
        if part["kind"] == "table":
            table = part["table"]
            last = ends and number == len(parts)
            paper_tables.table(document, table.caption, table.heads, table.rows, keep=last)
        else:
            font = {"first": HEADING, "second": SUBHEADING, "text": BODY}[part["kind"]]
            leads = part["text"].endswith("。")  # （一） may stand before a whole paragraph
            heads = part["kind"] != "text" and not leads
            keep = heads or (ends and number == len(parts) and len(part["text"]) < SHORT)
            line(document, part["text"], font=font, indent=2 * EM, keep=keep)


def _attachments(document: Any, names: tuple[str, ...]) -> None:
    """附件：1. 名称, a name's second line under its first character; one alone has no number."""
    if not names:
        return
    line(document, "", keep=True)
    for number, name in enumerate(names, start=1):
        count = f"{number}. " if len(names) > 1 else ""
        lead = ("附件：" if number == 1 else "") + count
        begin, hang = (2 if number == 1 else 5), 5 + typesetting.width_of(count)
        shape = {"left": int(hang * EM), "indent": int((begin - hang) * EM)}
        line(document, f"{lead}{name}", keep=True, **shape)


def _foot(document: Any, paper: Paper, date_text: str) -> None:
    """What is signed by hand, the unit centred over the date, the date four characters in, the note, the code."""
    for text in paper.signatures:
        line(document, text, indent=2 * EM, keep=True)
    date = day(paper.signed_on) if paper.signed_on else date_text
    if paper.sign or date:
        line(document, "", keep=True)  # a seal of 42 mm over name and date reaches to a line below the text
    if paper.sign:
        over = 4 + (typesetting.width_of(date or paper.sign) - typesetting.width_of(paper.sign)) / 2
        right = int(max(over, 0) * EM)
        line(document, paper.sign, align=WD_ALIGN_PARAGRAPH.RIGHT, right=right, keep=bool(date))
    if date:
        line(document, date, align=WD_ALIGN_PARAGRAPH.RIGHT, right=4 * EM, keep=bool(paper.notes))
    for note in paper.notes:
        line(document, f"（{note}）", indent=2 * EM)
    if paper.qr:
        _code(document, paper)


def _code(document: Any, paper: Paper) -> None:
    picture = io.BytesIO()
    segno.make(paper.qr, error="m", micro=False).save(picture, kind="png", scale=8, border=4)
    picture.seek(0)
    above = document.add_paragraph()
    above.paragraph_format.line_spacing = 1.0  # an exact line would cut the picture
    above.paragraph_format.keep_with_next = True
    above.add_run().add_picture(picture, width=QR_WIDTH)
    note = line(document, paper.qr_note, size=SMALL)
    note.paragraph_format.line_spacing = Pt(22)


def _colophon(document: Any, paper: Paper) -> None:
    """版记, at the foot of the last page: to whom copies go, who printed it when."""
    if not (paper.copy_to or paper.printed_by):
        return
    rows = [(f"抄送：{paper.copy_to}。", "")] if paper.copy_to else []
    if paper.printed_by:
        rows.append((paper.printed_by, f"{day(paper.printed_on)}印发" if paper.printed_on else ""))
    paper_tables.colophon(document, rows)
