"""How a Word file is set as GB/T 9704-2012 asks: the sheet and its grid, fonts, lines, page numbers, tables, titles."""

import io
import re
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import quoteattr

import rjieba
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor, Twips

BODY, TITLE, HEADING, SUBHEADING, PLAIN = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
# What office computers old and new, and those without Windows, have in the place of the standard's fonts.
INSTEAD = {
    BODY: ("仿宋", "FangSong", "Noto Serif CJK SC"),
    TITLE: ("方正小标宋_GBK", "华文中宋", "Noto Serif CJK SC"),
    HEADING: ("SimHei", "Noto Sans CJK SC"),
    SUBHEADING: ("楷体", "KaiTi", "Noto Serif CJK SC"),
    PLAIN: ("SimSun", "Noto Serif CJK SC"),
}
SIZE, TITLE_SIZE, SMALL, CELL = Pt(16), Pt(22), Pt(14), Pt(12)  # 三号、二号、四号、小四
EM = Pt(15.75)  # a character of the body with what it gives up
LINES, CHARACTERS = 22, 28
WIDTH, HEIGHT = Mm(156), Mm(225)
TOP, LEFT = Mm(37), Mm(28)
PITCH = 579  # twips; 22 lines of it are 225 mm
LINE = Twips(PITCH)
# Twips that a character of 16 pt gives up, so that 28 of them stand in 156 mm. Not by a grid of characters
# (linesAndChars): LibreOffice gives a character wider than its cell two of them, 14 in a line.
SQUEEZE = -5
TITLE_WIDTH = 20  # characters of 22 pt in a line
FOOT = Mm(25.5)  # puts the rules beside the page number 7 mm below the text
# what the schema wants behind a paragraph's borders
AFTER_BORDERS = ("tabs", "snapToGrid", "spacing", "ind", "jc", "rPr")
RED = RGBColor(0xD0, 0x1A, 0x1A)
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
NOT_FIRST = "、，。；：！？）》”’】〕的"
NOT_LAST = "（《“‘【〔"


def clean(text: str) -> str:
    """The text without what XML cannot hold."""
    return NOT_XML.sub("", text)


def width_of(text: str) -> float:
    """The width of a text in characters: half for letters and digits."""
    return sum(0.5 if ord(character) < 0x2E80 and character not in "“”‘’—…·" else 1 for character in text)


# --- the sheet -------------------------------------------------------------------------------------------------------


def sheet(title: str, author: str) -> Any:
    """An empty document of A4 pages with 22 lines of 28 characters and page numbers on the outer side."""
    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = clean(title)[:200], clean(author)[:200], ""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = TOP, Mm(297) - TOP - HEIGHT
    section.left_margin, section.right_margin = LEFT, Mm(210) - LEFT - WIDTH
    section.footer_distance, section.header_distance = FOOT, Mm(22)
    _grid(section)
    _normal(document)
    _fonts(document)
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
    return document


def written(document: Any) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _grid(section: Any) -> None:
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(PITCH))


def _normal(document: Any) -> None:
    """Body text of the whole file: 仿宋三号 on the grid, one line a pitch, no spaces put in around digits."""
    style = document.styles["Normal"]
    style.font.size = SIZE
    set_font(style.element.get_or_add_rPr(), BODY)
    squeeze = OxmlElement("w:spacing")
    squeeze.set(qn("w:val"), str(SQUEEZE))
    style.element.rPr.find(qn("w:sz")).addprevious(squeeze)
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), "en-US")
    lang.set(qn("w:eastAsia"), "zh-CN")
    style.element.rPr.append(lang)
    shape = style.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    shape.widow_control = False  # with it some pages have 21 lines
    properties = style.element.get_or_add_pPr()
    spacing = properties.find(qn("w:spacing"))
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        off = OxmlElement(name)
        off.set(qn("w:val"), "0")
        spacing.addprevious(off)


def _fonts(document: Any) -> None:
    """Name what stands in for each font where it is not installed."""
    fonts = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(','.join(others))}/>"
        '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, others in INSTEAD.items()
    )
    part = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    part._blob = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>{fonts}</w:fonts>'.encode()


def set_font(properties: Any, name: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), name)


def _page_number(footer: Any, align: Any) -> None:
    """— 1 — on the outer side, one character in."""
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    shape = paragraph.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, SMALL
    setattr(shape, "right_indent" if align == WD_ALIGN_PARAGRAPH.RIGHT else "left_indent", SMALL)
    run(paragraph, "— ", PLAIN, SMALL)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    number = run(paragraph, "1", PLAIN, SMALL)
    field.append(number._r)
    run(paragraph, " —", PLAIN, SMALL)


def mark(document: Any, text: str) -> None:
    """A line above the text of every page, such as that this is a draft."""
    section = document.sections[0]
    for header in (section.header, section.even_page_header):
        paragraph = header.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run(paragraph, text, HEADING, SMALL).font.color.rgb = RED


# --- lines -----------------------------------------------------------------------------------------------------------


def run(paragraph: Any, text: str, font: str, size: Any) -> Any:
    made = paragraph.add_run(clean(text))
    made.font.size = size
    set_font(made._r.get_or_add_rPr(), font)
    return made


def line(
    document: Any,
    text: str,
    *,
    font: str = BODY,
    size: Any = SIZE,
    align: Any = None,
    indent: Any = None,
    left: Any = None,
    right: Any = None,
    keep: bool = False,
) -> Any:
    """A paragraph; `indent` of its first line and `left`, `right` of the whole are lengths, `keep` ties it to the next."""
    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.first_line_indent, shape.left_indent, shape.right_indent = indent, left, right
    shape.keep_with_next = keep or None
    paragraph.alignment = align
    run(paragraph, text, font, size)
    return paragraph


def put(properties: Any, element: Any, *before: str) -> None:
    """Put an element where the schema wants it: before the first of those that follow it, or last."""
    for name in before:
        if (follows := properties.find(qn(f"w:{name}"))) is not None:
            follows.addprevious(element)
            return
    properties.append(element)


def off_the_grid(paragraph: Any) -> None:
    """Keep a line's own height where the grid would give a tall or a small one two lines or a whole one."""
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    put(paragraph._p.get_or_add_pPr(), snap, *AFTER_BORDERS[2:])


def red_head(document: Any, name: str, number: str) -> None:
    """发文机关标志 35 mm below the upper edge of the text, the number two lines under it, a red rule 4 mm below."""
    head = line(document, name, font=TITLE, align=WD_ALIGN_PARAGRAPH.CENTER)
    longest = max(width_of(name), 1)
    size = min(42, int(430 / longest))
    head.runs[0].font.size = Pt(size)
    head.runs[0].font.color.rgb = RED
    # letters stand on the lower fifth of an exact line: in this one their upper edge is the line's, and nothing is cut;
    # space before a page's first line is kept by Word and LibreOffice alike
    head.paragraph_format.line_spacing = Pt(1.05 * size)
    head.paragraph_format.space_before = Mm(35)
    off_the_grid(head)
    line(document, "")
    line(document, "")
    under = line(document, number, align=WD_ALIGN_PARAGRAPH.CENTER)
    borders = OxmlElement("w:pBdr")
    borders.append(rule("bottom", 12, "D01A1A", space=6))
    put(under._p.get_or_add_pPr(), borders, *AFTER_BORDERS)
    line(document, "")
    line(document, "")


def rule(side: str, eighths: int, colour: str = "000000", space: int = 0) -> Any:
    """A rule; thickness in eighths of a point, `space` to the text in points."""
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", eighths), ("space", space), ("color", colour)):
        edge.set(qn(f"w:{name}"), str(value))
    return edge


def title_lines(title: str) -> list[str]:
    """A title in lines of at most twenty characters, broken between words, of about equal length, no sign left alone."""
    if (whole := width_of(title)) <= TITLE_WIDTH:
        return [title]
    words = [word for word in rjieba.cut(title) if word]
    places = [0]
    for word in words:
        places.append(places[-1] + len(word))
    places = [at for at in places if at in (0, len(title)) or _may_break(title, at)]
    outside = [at for at in places if _is_outside(title[:at])]
    for able in (outside, places):  # what stands between quotes is torn only where it is too long
        for number in range(int(-(-whole // TITLE_WIDTH)), min(len(able), 5)):
            if best := _balanced(title, able, number, whole / number):
                return [title[start:end] for start, end in pairwise(best)]
    return [title]


def _may_break(title: str, at: int) -> bool:
    return title[at] not in NOT_FIRST and title[at - 1] not in NOT_LAST


def _is_outside(head: str) -> bool:
    return all(head.count(left) == head.count(right) for left, right in ("“”", "《》", "（）", "〔〕"))


def _balanced(title: str, places: list[int], number: int, ideal: float) -> list[int] | None:
    """The places that cut the title into `number` lines that fit and differ least from the ideal length."""
    best: dict[int, tuple[float, list[int]]] = {0: (0, [0])}
    for _ in range(number):
        reached: dict[int, tuple[float, list[int]]] = {}
        for start, (cost, way) in best.items():
            for end in places:
                if end <= start or (width := width_of(title[start:end])) > TITLE_WIDTH:
                    continue
                found = cost + (width - ideal) ** 2
                if end not in reached or found < reached[end][0]:
                    reached[end] = (found, [*way, end])
        best = reached
    return best.get(len(title), (0, None))[1]
