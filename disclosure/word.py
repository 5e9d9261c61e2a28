"""A Word file as an office writes it, turned into the clean text, the pictures and the title of a notice."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import mammoth
from lxml import etree

from disclosure import word_leaving, word_pictures
from disclosure.word_numbers import Numbering
from disclosure.word_package import Package, R, Styles, Unreadable, W, is_on, text_of, value
from disclosure.word_pictures import Picture
from longsha_credit.web import richtext
from longsha_credit.web.richtree import tidy

__all__ = ["Brought", "Picture", "Unreadable", "read"]

MOST_CELLS = 8_000
MOST_PIECES = 20_000  # paragraphs, runs and breaks together; a long document of an office has some thousand
LONGEST_TITLE = 200
SHORT = 12
NUMBER = re.compile(r"(?:[^\s〔〕\[\]【】]{1,20}[〔\[【（(]\d{4}[〕\]】）)]第?\s*\d{1,5}\s*号)")
HEADING_FONTS = re.compile("(?i)黑体|楷体|simhei|kaiti|小标宋|xiaobiaosong")
HEADING_STYLE = re.compile(r"(?:heading|标题)([1-6])$")
TITLE_STYLE = re.compile(r"(?:title|标题|文档标题|文件标题)$")
BRACKETED = re.compile(r"[（(].*[）)]$")
LETTERHEAD = re.compile(r".{2,30}文\s*件$")
HAS_DIGIT = re.compile(r"\d")
LINK = re.compile("(?i)(?:https?|mailto|tel):")
STYLE_MAP = """
p.H2 => h2:fresh
p.H3 => h3:fresh
p.H4 => h4:fresh
p.L0 => ul > li:fresh
p.L1 => ul > li > ul > li:fresh
p => p:fresh
b => strong
i => em
u => u
strike => s
"""
EMPTY = '<?xml version="1.0"?><{0} xmlns="http://schemas.openxmlformats.org/package/2006/{1}">{2}</{0}>'
TYPES = EMPTY.format(
    "Types",
    "content-types",
    '<Default Extension="png" ContentType="image/png"/><Default Extension="jpg" ContentType="image/jpeg"/>'
    '<Default Extension="xml" ContentType="application/xml"/>',
)
RELATION = '<Relationship Id="{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"{}/>'


@dataclass(frozen=True)
class Brought:
    """What a Word file brings: `html` is in the canonical form of web.richtext, without title and document number."""

    title: str
    html: str
    pictures: list[Picture]
    document_number: str  # "" where there is none
    dropped: list[str]  # sentences on what was not taken over, and on what is to be checked


def read(data: bytes) -> Brought:
    """The text of a .docx; raises Unreadable. Nothing outside the file is ever fetched."""
    package = Package(data)
    _not_too_much(package.body)
    dropped = word_leaving.settle(package)
    found = word_pictures.take(package)
    _write_numbers(package)
    title, number, left = _opening(package)
    _mark_headings(package)
    _mark_table_heads(package)
    letters = _letters("".join(text.text or "" for text in package.body.iter(f"{W}t")))
    html, unknown = _converted(package, found)
    try:
        html = richtext.clean(html)
    except richtext.TooLong as problem:
        raise Unreadable(str(problem)) from problem
    if unknown:
        left.append(f"{unknown} 个特殊符号认不出来，没有带入。请在正文里补上。")
    if lost := letters - _letters(richtext.to_text(html)):
        left.append(f"约有 {lost.total()} 个字没有带入，原因不明。请对照原文逐段核对。")
    used = set(richtext.pictures_in(html))
    pictures = [picture for picture in found.pictures if picture.sha256 in used]
    return Brought(title, html, pictures, number, dropped + found.sentences() + left)


def _letters(text: str) -> Counter[str]:
    """How often each character stands in a text, white space and what cannot be seen left aside."""
    return Counter(re.sub(r"\s", "", tidy(text)))


def _not_too_much(body: etree._Element) -> None:
    letters = sum(len(text.text or "") for text in body.iter(f"{W}t"))
    if letters > richtext.LONGEST:
        raise Unreadable(str(richtext.TooLong()))
    if _more_than(MOST_CELLS, body.iter(f"{W}tc")):
        raise Unreadable(f"这份 Word 文件里的表格超过 {MOST_CELLS} 格。请把长表格另作附件（Excel）。")
    if _more_than(MOST_PIECES, body.iter(f"{W}p", f"{W}r", f"{W}br", f"{W}tab")):
        raise Unreadable(
            "这份 Word 文件的文字分得太碎，有几万段。请全选后清除格式，或者分成几份，再另存为 docx。"
        )


def _more_than(most: int, parts: Iterator[etree._Element]) -> bool:
    return next(islice(parts, most, None), None) is not None


# --- Numbers, titles, headings -----------------------------------------------------------------------------------


def _write_numbers(package: Package) -> None:
    """Write every automatic number into the text; bullets become items of a list."""
    numbering = Numbering(package.numbering, package.styles)
    for paragraph in package.body.iter(f"{W}p"):
        mark = numbering.mark(paragraph)
        if mark is None or not (text_of(paragraph) or paragraph.find(f".//{W}drawing") is not None):
            continue
        if mark.bullet:
            _mark(paragraph, f"L{min(mark.level, 1)}")
        elif mark.label:
            run = word_leaving.new_run(mark.label)
            own = paragraph.find(f".//{W}r/{W}rPr")
            if own is not None:  # the number looks like the words behind it
                run.insert(0, etree.fromstring(etree.tostring(own)))
            properties = paragraph.find(f"{W}pPr")
            paragraph.insert(0 if properties is None else 1, run)


def _opening(package: Package) -> tuple[str, str, list[str]]:
    """Take the title and the document number from the head of the text: title, number, what was left out."""
    styles, titles, number, said = package.styles, [], "", []
    first = [p for p in islice(package.body.iterchildren(f"{W}p"), 40) if text_of(p)][:10]
    ended = False
    for at, paragraph in enumerate(first):
        text = re.sub(r"\s+", " ", text_of(paragraph))
        found = NUMBER.fullmatch(text.replace(" ", ""))
        if found and not number:
            number = found[0]
            word_leaving.drop(paragraph)
        elif ended or not _is_title(paragraph, styles, at, bool(titles)):
            # 附件1, 特急 and the like may stand above
            ended = ended or bool(titles) or (len(text) > SHORT and not _centred(paragraph, styles))
        elif LETTERHEAD.fullmatch(text) and not titles:
            said.append(f"版头“{text}”没有带入。")
            word_leaving.drop(paragraph)
        elif titles and BRACKETED.fullmatch(text):
            ended = True
        else:
            titles.append(text)
            word_leaving.drop(paragraph)
    title = re.sub(r"(?<![!-~]) | (?![!-~])", "", "".join(titles))
    if len(title) > LONGEST_TITLE:
        said.append(f"标题太长，只取了前 {LONGEST_TITLE} 个字。请核对。")
    return title[:LONGEST_TITLE], number, said


def _centred(paragraph: etree._Element, styles: Styles) -> bool:
    return value(styles.paragraph_property(paragraph, "jc")) == "center"


def _is_title(paragraph: etree._Element, styles: Styles, at: int, begun: bool) -> bool:
    """Whether a paragraph at the head of the text is (a further line of) its title."""
    text = text_of(paragraph)
    if richtext.heading_of(text) or len(text) > LONGEST_TITLE or text.endswith(("。", "；", "：", "，")):
        return False
    if any(map(TITLE_STYLE.match, styles.names(paragraph)[:1])) or _centred(paragraph, styles):
        return True
    return at == 0 and not begun and _stands_out(paragraph, styles)


def _stands_out(paragraph: etree._Element, styles: Styles) -> bool:
    """Whether all its text is bold, or in a face that headings are set in, or it has a heading's style."""
    runs = [run for run in paragraph.iter(f"{W}r") if text_of(run)]
    return bool(runs) and (
        any(map(HEADING_STYLE.match, styles.names(paragraph)))
        or all(is_on(styles.run_property(run, "b")) for run in runs)
        or all(HEADING_FONTS.search(_face(run, styles)) for run in runs)
    )


def _face(run: etree._Element, styles: Styles) -> str:
    fonts = styles.run_property(run, "rFonts")
    return (fonts.get(f"{W}eastAsia") or fonts.get(f"{W}ascii", "")) if fonts is not None else ""


def _mark_headings(package: Package) -> None:
    for paragraph in package.body.iterchildren(f"{W}p"):
        text = text_of(paragraph)
        if not text:
            continue
        tag = _heading(paragraph, text, package.styles)
        if tag:
            _mark(paragraph, tag.upper())
            _plain(paragraph)


def _heading(paragraph: etree._Element, text: str, styles: Styles) -> str:
    """h2 to h4 by style, outline level, or as offices write them; "" for what is none."""
    level = next((int(m[1]) for m in map(HEADING_STYLE.match, styles.names(paragraph)) if m), 0)
    outline = value(styles.paragraph_property(paragraph, "outlineLvl"))
    if not level and outline.isdecimal() and int(outline) < 6:
        level = int(outline) + 1
    usual = richtext.heading_of(text)
    if level and len(text) <= LONGEST_TITLE:
        return usual or f"h{min(level + 1, 4)}"
    return usual if usual and _stands_out(paragraph, styles) else ""


def _mark_table_heads(package: Package) -> None:
    """The first row is a head where it looks or reads like one, with the rows that its cells reach into."""
    for table in package.body.iter(f"{W}tbl"):
        rows = table.findall(f"{W}tr")
        if any(row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows) or len(rows) < 2:
            continue
        said = [p for p in rows[0].iter(f"{W}p") if text_of(p)]
        bold = said and all(_stands_out(p, package.styles) for p in said)
        if not bold and not _reads_as_head([[text_of(c) for c in row.findall(f"{W}tc")] for row in rows]):
            continue
        heads = 1
        while heads < min(len(rows) - 1, 4) and any(map(_goes_on, rows[heads].iter(f"{W}vMerge"))):
            heads += 1
        for row in rows[:heads]:
            properties = row.find(f"{W}trPr")
            if properties is None:
                properties = etree.Element(f"{W}trPr")
                row.insert(0, properties)
            etree.SubElement(properties, f"{W}tblHeader")
            for paragraph in row.iter(f"{W}p"):
                _plain(paragraph)


def _reads_as_head(rows: list[list[str]]) -> bool:
    """Short words without digits over at least one column in which every row has digits."""
    head, *others = rows
    if not all(0 < len(text) <= SHORT and not HAS_DIGIT.search(text) for text in head):
        return False
    return any(
        all(len(row) == len(head) and HAS_DIGIT.search(row[column]) for row in others)
        for column in range(len(head))
    )


def _goes_on(merge: etree._Element) -> bool:
    return value(merge) in ("", "continue")


def _mark(paragraph: etree._Element, style: str) -> None:
    """Name the paragraph for STYLE_MAP."""
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = etree.Element(f"{W}pPr")
        paragraph.insert(0, properties)
    for old in properties.findall(f"{W}pStyle"):
        properties.remove(old)
    named = etree.Element(f"{W}pStyle")
    named.set(f"{W}val", style)
    properties.insert(0, named)


def _plain(paragraph: etree._Element) -> None:
    """A heading is bold by being one."""
    for name in ("b", "i", "u"):
        for mark in [*paragraph.iter(f"{W}{name}")]:
            word_leaving.drop(mark)


# --- Conversion --------------------------------------------------------------------------------------------------


def _converted(package: Package, found: word_pictures.Found) -> tuple[str, int]:
    """HTML by mammoth, from a package made anew of nothing but what was looked through; and symbols not known."""
    targets = {
        number: f"media/{number}.{picture.name.rpartition('.')[2]}" for number, picture in found.of.items()
    }
    relations = "".join(RELATION.format(number, "image", target, "") for number, target in targets.items())
    for link in package.body.iter(f"{W}hyperlink"):
        related = package.relations.get(link.attrib.pop(f"{R}id", ""))
        link.attrib.pop(f"{W}anchor", None)
        if related is not None and related.outside and LINK.match(related.target):
            number = f"l{relations.count('<')}"
            target = etree.Element("x", a=related.target)
            quoted = etree.tostring(target, encoding="unicode")[6:-3]
            relations += RELATION.format(number, "hyperlink", quoted, ' TargetMode="External"')
            link.set(f"{R}id", number)
    for paragraph in package.body.iter(f"{W}p"):
        for numbered in paragraph.findall(f"{W}pPr/{W}numPr"):
            word_leaving.drop(numbered)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bag:
        bag.writestr("[Content_Types].xml", TYPES)
        bag.writestr(
            "_rels/.rels",
            EMPTY.format(
                "Relationships",
                "relationships",
                RELATION.format("d", "officeDocument", "word/document.xml", ""),
            ),
        )
        bag.writestr("word/document.xml", etree.tostring(package.body.getparent(), encoding="utf-8"))
        bag.writestr(
            "word/_rels/document.xml.rels", EMPTY.format("Relationships", "relationships", relations)
        )
        for number, target in targets.items():
            bag.writestr(f"word/{target}", number)  # its name stands for it
    try:
        result = mammoth.convert_to_html(
            out,
            style_map=STYLE_MAP,
            include_default_style_map=False,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(lambda image: _picture(image, found)),
        )
    except (RecursionError, ValueError, KeyError, IndexError, AttributeError, TypeError) as problem:
        raise Unreadable(
            "这份 Word 文件的格式读不出来。请用 Word 或 WPS 另存为 .docx 后再上传。"
        ) from problem
    return result.value, sum("w:sym" in message.message for message in result.messages)


def _picture(image, found: word_pictures.Found) -> dict[str, str]:
    with image.open() as content:
        picture = found.of[content.read().decode()]
    return {"data-picture": picture.sha256, "alt": picture.alt}
