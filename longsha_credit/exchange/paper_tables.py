"""Tables of a Word file: as wide as the text, columns by what stands in them; and the 版记, which is one."""

import re
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from longsha_credit.exchange.typesetting import (
    BODY,
    CELL,
    HEADING,
    SMALL,
    WIDTH,
    clean,
    line,
    off_the_grid,
    put,
    rule,
    run,
    width_of,
)

PADDING = 1.1  # characters of a cell beside its text
UNBROKEN = re.compile(r"[!-~]+|\d+年\d+月\d+日")


def table(document: Any, caption: str, heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    """A table as wide as the text, its columns by what stands in them, its head on every page."""
    if caption:
        line(document, caption, font=HEADING, size=SMALL, keep=True)
    else:
        _gap(document)
    grid = document.add_table(rows=1 + len(rows), cols=len(heads), style="Table Grid")
    grid.autofit = False
    indent = OxmlElement("w:tblInd")  # its edge under the text's, not its first letter
    indent.set(qn("w:w"), "57")
    indent.set(qn("w:type"), "dxa")
    put(grid._tbl.tblPr, indent, "tblBorders", "tblLayout", "tblCellMar", "tblLook")
    put(grid._tbl.tblPr, _margins(57), "tblLook")
    widths = column_widths(heads, rows)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    filled = [heads, *((*row, *[""] * len(heads))[: len(heads)] for row in rows)]
    for number, (texts, row) in enumerate(zip(filled, grid.rows, strict=True)):
        _keep_whole(row, texts, widths)
        for text, cell, width in zip(texts, row.cells, widths, strict=True):
            cell.width = width
            _fill(cell, text, HEADING if number == 0 else BODY, _cell_size(heads))
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(repeat)
    _gap(document)


def _cell_size(heads: tuple[str, ...]) -> Any:
    return CELL if len(heads) <= 5 else Pt(10.5)  # 五号 where there are many columns


def _margins(side: int) -> Any:
    """Left and right of a cell's text, in twips."""
    margins = OxmlElement("w:tblCellMar")
    for name in ("left", "right"):
        edge = OxmlElement(f"w:{name}")
        edge.set(qn("w:w"), str(side))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    return margins


def _gap(document: Any, height: int = 8) -> None:
    paragraph = line(document, "", size=Pt(5))
    paragraph.paragraph_format.line_spacing = Pt(height)
    off_the_grid(paragraph)


def column_widths(heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> list[int]:
    """Widths in EMU that add up to the text's: no head and no number is torn, long columns share what is left."""
    room = WIDTH / _cell_size(heads)
    columns = list(zip(heads, *((*row, *[""] * len(heads))[: len(heads)] for row in rows), strict=True))
    least = [_least(column) + PADDING for column in columns]
    wants = [max(_longest(column) + PADDING, small) for column, small in zip(columns, least, strict=True)]
    if sum(wants) > room > sum(least):
        wants = _shared(least, wants, room)
    elif sum(wants) > room:
        wants = least
    return [int(WIDTH * want / sum(wants)) for want in wants]


def _least(column: tuple[str, ...]) -> float:
    """Its head in one line, or two where it is long, and its longest number or date."""
    head = width_of(column[0])
    words = [width_of(word) * 1.1 for text in column for word in UNBROKEN.findall(text)]
    return max([head if head <= 4 else head / 2 + 1, *(min(word, 12) for word in words)])


def _longest(column: tuple[str, ...]) -> float:
    return max(width_of(line) for text in column for line in text.split("\n"))


def _shared(least: list[float], wants: list[float], room: float) -> list[float]:
    """What is left above the least goes to the columns by the root of what they lack, to none more than it wants."""
    given = list(least)
    for _ in wants:
        lacking = [(want - have) ** 0.5 for want, have in zip(wants, given, strict=True)]
        left = room - sum(given)
        if left < 0.01 or not any(lacking):
            break
        given = [
            min(have + left * lack / sum(lacking), want)
            for have, lack, want in zip(given, lacking, wants, strict=True)
        ]
    return given


def _keep_whole(row: Any, texts: tuple[str, ...], widths: list[int]) -> None:
    """A row of few lines is not torn between pages; a long one may be, or it would leave a page empty."""
    lines = max(
        -(-width_of(text) * CELL // max(width - Pt(12), CELL))
        for text, width in zip(texts, widths, strict=True)
    )
    if lines <= 8:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _fill(cell: Any, text: str, font: str, size: Any) -> None:
    cell.vertical_alignment = 1
    for number, part in enumerate(clean(str(text)).split("\n")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        shape = paragraph.paragraph_format
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(18)
        off_the_grid(paragraph)
        if font == HEADING:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run(paragraph, part, font, size)


def colophon(document: Any, rows: list[tuple[str, str]]) -> None:
    """版记 at the foot of the last page: thick rules outside, a thin one between, text of 四号 one character in."""
    line(document, "")
    grid = document.add_table(rows=len(rows), cols=2)
    grid.autofit = False
    place, borders = OxmlElement("w:tblpPr"), OxmlElement("w:tblBorders")
    for name, value in (
        ("vertAnchor", "margin"),
        ("horzAnchor", "margin"),
        ("tblpX", "0"),
        ("tblpYSpec", "bottom"),
    ):
        place.set(qn(f"w:{name}"), value)
    for side, eighths in (("top", 8), ("bottom", 8), ("insideH", 6)):
        borders.append(rule(side, eighths))
    for column, share in zip(grid.columns, (0.6, 0.4), strict=True):
        column.width = int(WIDTH * share)
    put(grid._tbl.tblPr, place, "tblW", "jc", "tblInd", "tblLayout", "tblLook")
    put(grid._tbl.tblPr, borders, "tblLayout", "tblCellMar", "tblLook")
    for (left, right), row in zip(rows, grid.rows, strict=True):
        cells = row.cells if right else (row.cells[0].merge(row.cells[1]),)
        for text, cell, share in zip((left, right), cells, (0.6, 0.4) if right else (1,), strict=False):
            cell.width = int(WIDTH * share)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = Pt(24)
            if text == right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            run(paragraph, text, BODY, SMALL)
    _gap(document, 1)  # a table that floats hangs on the paragraph behind it
