"""The words inside docx, xlsx, pptx and ofd packages: where each stands, in words, and how to write others there."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

MIB = 1024 * 1024
LARGEST_PART = 24 * MIB  # a tree of it takes about ten times as much memory
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
X = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PARAGRAPHS = {f"{W}p", f"{A}p"}
LETTERS = {f"{W}t", f"{W}delText", f"{A}t", f"{M}t"}
CODES = {f"{W}instrText", f"{W}delInstrText"}
BREAKS = {
    f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": "\u00ad", f"{A}br": "\n"
}  # fmt: skip
GONE, NEW = {f"{W}del", f"{W}moveFrom"}, {f"{W}ins", f"{W}moveTo"}
STRINGS = {f"{X}si", f"{X}is", f"{X}text"}
FREE_ATTRIBUTES = {"descr", "title", "alt", "string", "tooltip", "display", "author", f"{W}author"}
TAIL = "\0"
LONG_NUMBER = re.compile(r"(?:\d\D{0,2}){11}")


class Unreadable(Exception):
    """A package or a part of one that cannot be read; `str()` says why and what a person must do."""


@dataclass
class Holder:
    """Where a bit of text stands in a tree: the text or an attribute of an element, or what follows it (TAIL); a
    constant where it has none."""

    element: Any
    where: str = ""
    constant: str = ""

    def get(self) -> str:
        if self.element is None:
            return self.constant
        if self.where == TAIL:
            return self.element.tail or ""
        return (self.element.get(self.where) if self.where else self.element.text) or ""

    def set(self, text: str) -> None:
        if self.element is None or text == self.get():
            return
        if self.where == TAIL:
            self.element.tail = text
        elif self.where:
            self.element.set(self.where, text)
        else:
            self.element.text = text


@dataclass
class Spot:
    """A text that is read as one, in the pieces it is stored in; `fixed` where another text would break the file."""

    place: str
    holders: list[Any]
    fixed: bool = False

    @property
    def text(self) -> str:
        return "".join(holder.get() for holder in self.holders)

    def rewrite(self, text: str) -> None:
        """Put a text of the same length in the place of the old one, each piece keeping its length."""
        at = 0
        for holder in self.holders:
            length = len(holder.get())
            holder.set(text[at : at + length])
            at += length


# --- packages --------------------------------------------------------------------------------------------------------


def opened(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as problem:
        raise Unreadable("打不开，文件可能损坏。请用原来的软件打开核对。") from problem


def member(package: zipfile.ZipFile, name: str, most: int = LARGEST_PART) -> bytes:
    """One part, unpacked; raises Unreadable when it is larger than `most` or damaged."""
    try:
        with package.open(name) as part:
            data = part.read(most + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
        NotImplementedError,
        OSError,
        EOFError,
        KeyError,
    ) as problem:
        raise Unreadable(f"里面的 {posixpath.basename(name)} 读不出来，文件可能损坏。") from problem
    if len(data) > most:
        raise Unreadable(f"里面的 {posixpath.basename(name)} 太大，没有检查，要有人打开看过。")
    return data


STRICT = b"http://purl.oclc.org/ooxml/"
USUAL = {
    STRICT + name + b"/" + part: b"http://schemas.openxmlformats.org/" + name + b"/2006/" + part
    for name, part in (
        (b"wordprocessingml", b"main"),
        (b"spreadsheetml", b"main"),
        (b"drawingml", b"main"),
        (b"officeDocument", b"relationships"),
        (b"officeDocument", b"math"),
    )
}


def tree(data: bytes) -> Any:
    """The root element, under the usual names; entities and anything outside are left alone. Raises Unreadable."""
    if STRICT in data:
        for strict, usual in USUAL.items():
            data = data.replace(strict, usual)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_pis=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise Unreadable("里面有一部分的格式不对，没有检查，要有人打开看过。") from problem


def written(root: Any) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def related(package: zipfile.ZipFile, name: str) -> dict[str, str]:
    """By relation id the part it leads to, of one part."""
    folder, base = posixpath.split(name)
    rels = f"{folder}/_rels/{base}.rels".lstrip("/")
    if rels not in package.namelist():
        return {}
    found = {}
    for relation in tree(member(package, rels)):
        if isinstance(relation.tag, str) and relation.get("TargetMode") != "External":
            target = relation.get("Target") or ""
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            found[relation.get("Id") or ""] = path.lstrip("/")
    return found


# --- where a part's words stand --------------------------------------------------------------------------------------

NUMBERED = re.compile(r"(\d+)\.xml")
PLACES: list[tuple[str, Callable[[str], str]]] = [
    (r"word/document\d*\.xml", lambda n: "正文"),
    (r"word/header", lambda n: "页眉"),
    (r"word/footer", lambda n: "页脚"),
    (r"word/footnotes", lambda n: "脚注"),
    (r"word/endnotes", lambda n: "尾注"),
    (r".*(comments|threadedComment|persons?)", lambda n: "批注"),
    (r"ppt/slides/slide", lambda n: f"第 {n} 张幻灯片"),
    (r"ppt/notesSlides/", lambda n: f"第 {n} 张幻灯片的备注"),
    (r"ppt/(slideMasters|slideLayouts|notesMasters|handoutMasters)/", lambda n: "母版"),
    (r"docProps/", lambda n: "文件属性"),
    (r".*charts?/", lambda n: "图表"),
    (r".*diagrams/", lambda n: "图示"),
    (r".*drawings/", lambda n: "图形和文本框"),
    (r"customXml/", lambda n: "自定义数据"),
    (r".*pivotCache/", lambda n: "数据透视表的缓存"),
    (r".*externalLinks/", lambda n: "外部链接的缓存"),
    (r".*_rels/", lambda n: "链接"),
    (r"Doc_\d+/Pages/Page_", lambda n: f"第 {n} 页"),
]


def place_of(name: str) -> str:
    """What people call the part of a package by this name."""
    number = NUMBERED.search(name)
    for pattern, words in PLACES:
        if re.match(pattern, name):
            return words(number[1] if number else "")
    return "文件里的其他部分"


def spots(root: Any, name: str) -> Iterator[Spot]:
    """Every text of a part that is no sheet: paragraphs and table cells whole, everything else one by one."""
    place = place_of(name)
    grouped: dict[Any, list[Any]] = {}
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        owner = (
            _owner(element)
            if element.tag in LETTERS or element.tag in BREAKS or element.tag in CODES
            else None
        )
        if owner is not None:
            grouped.setdefault(owner, []).append(element)
        elif element.tag not in LETTERS or element.text:
            yield from _alone(element, place)
    yield from _paragraphs(grouped, place)


def _owner(element: Any) -> Any:
    """The table cell, paragraph or string that a letter belongs to."""
    paragraph = None
    for above in element.iterancestors():
        if above.tag in PARAGRAPHS and paragraph is None:
            paragraph = above
        elif above.tag in (f"{W}tc", f"{A}tc"):
            return above
        elif above.tag == f"{W}txbxContent" or (above.tag in PARAGRAPHS and paragraph is not None):
            break
    return paragraph


def _alone(element: Any, place: str) -> Iterator[Spot]:
    if element.tag in STRINGS:
        yield Spot(place, string_holders(element))
    elif element.text and element.text.strip() and not _in_string(element):
        yield Spot(place, [Holder(element)], fixed=place in FIXED)
    if element.tail and element.tail.strip():
        yield Spot(place, [Holder(element, TAIL)])
    external = element.get("TargetMode") == "External"
    for name, value in element.attrib.items():
        if len(value) > 10 and (name in FREE_ATTRIBUTES or LONG_NUMBER.search(value)):
            free = name in FREE_ATTRIBUTES or (name == "Target" and external)
            if name == "Target" and not external:
                continue
            yield Spot(place, [Holder(element, name)], fixed=not free)


FIXED = {"数据透视表的缓存"}


def _in_string(element: Any) -> bool:
    return any(above.tag in STRINGS for above in element.iterancestors())


def string_holders(element: Any) -> list[Any]:
    """The runs of a shared or inline string, without what tells how it is pronounced."""
    return [
        Holder(t)
        for t in element.iter(f"{X}t")
        if next(t.iterancestors(), None) is None or t.getparent().tag != f"{X}rPh"
    ]


def _paragraphs(grouped: dict[Any, list[Any]], place: str) -> Iterator[Spot]:
    """As it reads now, as it read before changes that are still tracked, and what its fields say."""
    where = _Places(place)
    rows: dict[Any, list[Spot]] = {}
    for owner, elements in grouped.items():
        here = where.of(owner)
        kept: list[Any] = []
        before: list[Any] = []
        codes: list[Any] = []
        paragraph, gone_any = None, False
        for element in elements:
            gone, new, inside = _tracked(element)
            own = Holder(None, constant=BREAKS[element.tag]) if element.tag in BREAKS else Holder(element)
            if paragraph is not None and inside is not paragraph:
                kept.append(Holder(None, constant="\n"))
                before.append(Holder(None, constant="\n"))
            paragraph, gone_any = inside, gone_any or gone
            if element.tag in CODES:
                codes.append(own)
                continue
            if not gone:
                kept.append(own)
            if not new:
                before.append(own)
        spot = Spot(here, kept)
        yield spot
        if gone_any:
            yield Spot(f"{here}（修订前的文字）", before)
        if codes:
            yield Spot(f"{here}（域代码）", codes)
        if owner.tag in (f"{W}tc", f"{A}tc"):
            rows.setdefault(owner.getparent(), []).append(spot)
    for row in rows.values():
        yield from spelled_out(row)


def spelled_out(cells: list[Spot]) -> Iterator[Spot]:
    """Neighbouring cells with one character each, as in the boxes of a form: read as one."""
    run: list[Spot] = []
    for cell in [*cells, None]:
        if cell is not None and len(cell.text.strip()) == 1 == len(cell.text):
            run.append(cell)
            continue
        if len(run) > 10:
            yield Spot(run[0].place, [holder for spot in run for holder in spot.holders])
        run = []


def _tracked(element: Any) -> tuple[bool, bool, Any]:
    """Whether the letter is a deleted one, whether it is a new one, and its paragraph."""
    gone, new = element.tag == f"{W}delText" or element.tag == f"{W}delInstrText", False
    for above in element.iterancestors():
        if above.tag in PARAGRAPHS:
            return gone, new, above
        gone, new = gone or above.tag in GONE, new or above.tag in NEW
    return gone, new, None


class _Places:
    """The place of a paragraph or a cell: 正文第 3 段, 第 2 个表格第 4 行."""

    def __init__(self, part: str):
        self.part = part
        self.paragraphs = 0
        self.tables: dict[Any, int] = {}
        self.rows: dict[Any, int] = {}
        self.next_row: dict[Any, int] = {}

    def of(self, owner: Any) -> str:
        if any(above.tag == f"{W}txbxContent" for above in owner.iterancestors()):
            return f"{self.part}的文本框"
        if owner.tag in (f"{W}tc", f"{A}tc"):
            row = owner.getparent()
            table = next((t for t in owner.iterancestors() if t.tag in (f"{W}tbl", f"{A}tbl")), None)
            number = self.tables.setdefault(table, len(self.tables) + 1)
            if row not in self.rows:
                self.next_row[table] = self.rows[row] = self.next_row.get(table, 0) + 1
            return f"{self.part}第 {number} 个表格第 {self.rows[row]} 行"
        if self.part != "正文":
            return self.part
        self.paragraphs += 1
        return f"正文第 {self.paragraphs} 段"
