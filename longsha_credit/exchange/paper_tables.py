"""Tables of a Word file: as wide as the text, columns by what stands in them; and the 版记, which is one."""

import re
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt

from longsha_credit.exchange.typesetting import (
    AFTER_BORDERS,
    BODY,
    CELL,
    HEADING,
    HEIGHT,
    LEFT,
    SMALL,
    TOP,
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
# the 版记: rules of 0.35 and 0.25 mm in eighths of a point, a line, what a paragraph has beside its lines
THICK, THIN, FURTHER, MORE, RULE_SPACE = 8, 6, Pt(20), Pt(7), 3
NAMESPACES = " ".join(
    f'xmlns:{name}="http://schemas.{address}"'
    for name, address in {
        "w": "openxmlformats.org/wordprocessingml/2006/main",
        "wp": "openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "openxmlformats.org/drawingml/2006/main",
        "wps": "microsoft.com/office/word/2010/wordprocessingShape",
    }.items()
)
# A box without margins or lines, of this size at this place of the sheet; text gives way above and below it.
BOX = (
    '<w:r {namespaces}><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1"'
    ' behindDoc="0" locked="0" layoutInCell="1" allowOverlap="0"><wp:simplePos x="0" y="0"/>'
    '<wp:positionH relativeFrom="page"><wp:posOffset>{x}</wp:posOffset></wp:positionH>'
    '<wp:positionV relativeFrom="page"><wp:posOffset>{y}</wp:posOffset></wp:positionV>'
    '<wp:extent cx="{cx}" cy="{cy}"/><wp:wrapTopAndBottom/><wp:docPr id="9704" name="版记"/><wp:cNvGraphicFramePr/>'
    '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
    '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>'
    '<wps:txbx><w:txbxContent/></wps:txbx><wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"><a:noAutofit/>'
    "</wps:bodyPr></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
)
UNBROKEN = re.compile(r"[!-~]+|\d+年\d+月\d+日")


def table(
    document: Any,
    caption: str,
    heads: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    *,
    keep: bool = False,
) -> None:
    """A table as wide as the text, its columns by what stands in them, its head on every page.

    `keep`: its last row goes along with what follows, so that a name and a day do not stand on a page alone.
    """
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
    tied = [paragraph for cell in grid.rows[-1].cells for paragraph in cell.paragraphs] if keep else []
    for paragraph in [*tied, _gap(document)]:
        paragraph.paragraph_format.keep_with_next = keep or None


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


def _gap(document: Any, height: int = 8) -> Any:
    paragraph = line(document, "", size=Pt(5))
    paragraph.paragraph_format.line_spacing = Pt(height)
    off_the_grid(paragraph)
    return paragraph


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
    """版记 at the foot of the last page: thick rules outside, a thin one between, text of 四号 one character in.

    The lower rule stands on the lower edge of the text. It is a box with a place of its own on the sheet: LibreOffice
    lets neither a table as wide as the text float nor a frame stand where it should, and tears them.
    """
    line(document, "")
    texts = [imprint_lines(left, right) for left, right in rows]
    height = sum(len(lines) * FURTHER + MORE for lines in texts)
    holder = _gap(document, 1)
    holder._p.append(
        parse_xml(BOX.format(namespaces=NAMESPACES, x=LEFT, y=TOP + HEIGHT - height, cx=WIDTH, cy=height))
    )
    content = holder._p.find(f".//{qn('w:txbxContent')}")
    for number, (lines, (_, right)) in enumerate(zip(texts, rows, strict=True)):
        paragraph = line(document, lines[0], size=SMALL)
        for further in lines[1:]:
            paragraph.runs[-1].add_break()
            run(paragraph, further, BODY, SMALL)
        if right:
            paragraph.paragraph_format.tab_stops.add_tab_stop(WIDTH - SMALL, WD_TAB_ALIGNMENT.RIGHT)
            run(paragraph, f"\t{right}", BODY, SMALL)
        paragraph.paragraph_format.line_spacing = FURTHER
        off_the_grid(paragraph)
        _ruled(paragraph, first=number == 0, last=number == len(rows) - 1)
        content.append(paragraph._p)


def imprint_lines(text: str, right: str = "") -> list[str]:
    """A text of the 版记 in lines, one character in on both sides; after 抄送： the further lines stand under its names.

    What is to stand at the right has room at the end of the last line.
    """
    room, lines, hang = int(WIDTH / SMALL) - 2, [""], "　" * 3 if text.startswith("抄送：") else ""
    for word in re.findall(f"[^，；]{{1,{room - 4}}}[，；]?", text):
        if lines[-1].strip("　") and width_of(lines[-1] + word) > room + 0.5:
            lines.append(hang)
        lines[-1] += word
    if right and width_of(f"{lines[-1]}　{right}") > room:
        lines.append("")
    return [f"　{one}" for one in lines]


def _ruled(paragraph: Any, *, first: bool, last: bool) -> None:
    borders = OxmlElement("w:pBdr")
    if first:
        borders.append(rule("top", THICK, space=RULE_SPACE))
    borders.append(rule("bottom", THICK if last else THIN, space=RULE_SPACE))
    put(paragraph._p.get_or_add_pPr(), borders, *AFTER_BORDERS)
