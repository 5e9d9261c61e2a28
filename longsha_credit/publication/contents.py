"""What stands in a file, as pieces of text with their places in words, and what of it cannot be read."""

import io
import logging
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from longsha_credit.files.checks import KINDS
from longsha_credit.publication import ooxml, pdfs, workbooks
from longsha_credit.publication.ooxml import Spot, Unreadable

logger = logging.getLogger(__name__)
SECONDS = 10.0  # of computing; three times as long by the clock of a busy machine
MOST_LETTERS = 3_000_000
MOST_PAGES = 500
MOST_SHOWN = 20  # pages named one by one
DEPTH = 2  # a table in a chart in a document
KIND_OF = {kind.content_type: key for key, kind in KINDS.items()}
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg", ".webp", ".jb2")
PACKAGES = (".docx", ".xlsx", ".pptx")
OLD = "是旧格式，系统读不了。请另存为 {0}x 后重新上传；不能另存的，要有人打开逐页看过。"
DAMAGED = "有一部分读不出来，没有检查。请用原来的软件打开核对，另存后重新上传。"
PICTURE = "是图片，系统看不到图片里的字。要有人看过，没有身份证号、手机号、银行卡号、住址。"


@dataclass(frozen=True)
class Piece:
    """A text that is read as one, and where it stands: 正文第 3 段, 名单!B3, 第 2 页.

    With a `seam` only what stands across it counts: its two sides are read by themselves too.
    """

    place: str
    text: str
    seam: int | None = None


@dataclass
class Content:
    """What was read, and a sentence for each thing that was not: what it is and what a person must do."""

    pieces: list[Piece] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


class _Enough(Exception):
    """The time or the letters for one file are used up."""


class _Reading:
    """What one file may still cost, and what of it was not read."""

    def __init__(self, seconds: float):
        self.letters = MOST_LETTERS
        self.computed, self.until = time.thread_time() + seconds, time.monotonic() + 3 * seconds
        self.unread: list[str] = []

    def spend(self, text: str) -> None:
        self.letters -= len(text)
        if self.letters < 0 or time.thread_time() > self.computed or time.monotonic() > self.until:
            raise _Enough


def read(data: bytes, content_type: str, *, seconds: float = SECONDS) -> Content:
    """Every text of a file, within so many seconds and MOST_LETTERS; beyond them it is told, like all that is not read."""
    kind = KIND_OF.get(content_type, "")
    if kind in ("doc", "xls", "ppt"):
        return Content(unread=[OLD.format(kind)])
    if kind in ("png", "jpg"):
        return Content(unread=[PICTURE])
    reading, found = _Reading(seconds), Content()
    reader = {"pdf": _pdf, "txt": _text, "csv": _text}.get(kind, _package)
    try:
        for piece in reader(data, reading):
            found.pieces.append(piece)
            reading.spend(piece.text)
    except _Enough:
        at = found.pieces[-1].place if found.pieces else "开头"
        reading.unread.append(f"太长，只检查到“{at}”，后面的没有检查。请拆成几个文件，或由人看过后面的部分。")
    except Unreadable as problem:
        reading.unread.append(str(problem))
    except Exception:  # whatever else a damaged file does to its reader, it is told and stops nobody's work
        logger.exception("file not read")
        reading.unread.append(DAMAGED)
    found.unread = list(dict.fromkeys(reading.unread))
    return found


# --- plain text ------------------------------------------------------------------------------------------------------


def decoded(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding; raises Unreadable."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise Unreadable("的文字编码认不出来，没有检查。请另存为 UTF-8 后重新上传。")


def _text(data: bytes, reading: _Reading) -> Iterator[Piece]:
    lines = decoded(data)[0].splitlines()
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield Piece(f"第 {number} 行", line)
        if number < len(lines) and line[-1:].isdigit() and lines[number][:1].isdigit():
            # a long number that goes on in the next line
            end = line[-30:]
            yield Piece(f"第 {number} 行末尾", f"{end}\n{lines[number][:30]}", seam=len(end))


# --- PDF -------------------------------------------------------------------------------------------------------------


def _pdf(data: bytes, reading: _Reading) -> Iterator[Piece]:
    with pdfs.LOCK:
        yield from _pages_of(data, reading)


def _pages_of(data: bytes, reading: _Reading) -> Iterator[Piece]:
    try:
        document = pdfs.opened(data)
    except pdfs.Unopened as problem:
        raise Unreadable("这个 PDF 打不开，没有检查。请用原来的软件重新导出。") from problem
    try:
        for text in pdfs.about(document):
            yield Piece("文件属性和书签", text)
        if count := pdfs.attachments(document):
            reading.unread.append(
                f"里面夹带了 {count} 个附件，没有检查。请取出附件单独上传，PDF 里不要夹带。"
            )
        blank: list[int] = []
        pictured: list[int] = []
        for number in range(min(len(document), MOST_PAGES)):
            yield from _page(document, number, blank, pictured)
            reading.spend("")
        if len(document) > MOST_PAGES:
            reading.unread.append(f"有 {len(document)} 页，只检查了前 {MOST_PAGES} 页。请拆成几个文件。")
        if blank:
            reading.unread.append(
                f"{_pages(blank)}是扫描件或图形，没有文字层，系统看不到上面的字。要有人逐页看过；有原文件的，请上传原文件或重新导出。"
            )
        if pictured:
            reading.unread.append(f"{_pages(pictured)}有图片，图片里的字系统看不到，要有人看过。")
    finally:
        document.close()


def _page(document: Any, number: int, blank: list[int], pictured: list[int]) -> Iterator[Piece]:
    page, place = document[number], f"第 {number + 1} 页"
    text = pdfs.letters(page)
    legible = sum(not char.isspace() for char in text)
    if not legible and not pdfs.is_empty(page) or text.count("\ufffd") * 5 > legible > 0:
        blank.append(number + 1)
    elif pdfs.has_pictures(page):
        pictured.append(number + 1)
    yield Piece(place, text)
    for note in pdfs.notes(page):
        yield Piece(f"{place}的批注或表单", note)
    page.close()


def _pages(numbers: list[int]) -> str:
    more = f"等 {len(numbers)} 页" if len(numbers) > MOST_SHOWN else ""
    return f"第 {'、'.join(map(str, numbers[:MOST_SHOWN]))} 页{more}"


# --- packages --------------------------------------------------------------------------------------------------------


def _package(data: bytes, reading: _Reading, depth: int = 0) -> Iterator[Piece]:
    package = ooxml.opened(data)
    names = package.namelist()
    tables = _tables(package, reading) if "xl/workbook.xml" in names else {}
    if tables:
        yield from _sheets(package, tables, reading)
    pictures = 0
    for name in names:
        low = name.lower()
        try:
            if (
                low.endswith((".xml", ".rels", ".vml"))
                and name not in tables
                and (name != STRINGS or not tables)
            ):
                for spot in _spots(package, name):
                    yield Piece(spot.place, spot.text)
            elif low.endswith(PACKAGES) and depth < DEPTH:
                for piece in _package(ooxml.member(package, name), reading, depth + 1):
                    yield Piece(f"嵌入的文件，{piece.place}", piece.text)
            elif low.endswith(PICTURES) and not low.startswith("docprops/"):
                pictures += 1
            elif not low.endswith(("/", *HARMLESS)) and not low.startswith("docprops/"):
                reading.unread.append(
                    f"里面嵌入了系统读不了的内容（{low.rsplit('/', 1)[-1]}），要有人打开看过，或删去后重新上传。"
                )
        except Unreadable as problem:
            reading.unread.append(str(problem))
        reading.spend("")
    if pictures:
        reading.unread.append(f"里面有 {pictures} 张图片，图片里的字系统看不到，要有人看过。")


HARMLESS = (".xml", ".rels", ".vml", ".fntdata", ".odttf", ".ttf", ".otf")
STRINGS = "xl/sharedStrings.xml"


def _spots(package: zipfile.ZipFile, name: str) -> Iterator[Spot]:
    root = ooxml.tree(ooxml.member(package, name))
    if name.startswith("Doc_"):
        yield from _ofd_lines(root, ooxml.place_of(name))
    yield from ooxml.spots(root, name)


def _ofd_lines(root: Any, place: str) -> Iterator[Spot]:
    """Words of one line of an OFD page may stand in several objects: those of one height are read as one."""
    lines: dict[str, list[Any]] = {}
    for element in root.iter("{*}TextObject"):
        height = (element.get("Boundary") or "").split()[1:2]
        lines.setdefault("".join(height), []).extend(
            ooxml.Holder(code) for code in element.iter("{*}TextCode")
        )
    for holders in lines.values():
        if len(holders) > 1:
            yield Spot(place, holders)


# --- sheets, row by row ----------------------------------------------------------------------------------------------


def _tables(package: zipfile.ZipFile, reading: _Reading) -> dict[str, str]:
    try:
        return workbooks.sheets(package)
    except Unreadable as problem:
        reading.unread.append(str(problem))
        return {}


def _sheets(package: zipfile.ZipFile, tables: dict[str, str], reading: _Reading) -> Iterator[Piece]:
    strings = _strings(package, reading)
    used: set[str] = set()
    for part, sheet in tables.items():
        if part in package.namelist():
            yield from _rows(package, part, sheet, strings, used)
    for text in strings:
        if text not in used:
            yield Piece("表格里没有显示的文字", text)
    for sheet in tables.values():
        yield Piece("表的名称", sheet)


def _strings(package: zipfile.ZipFile, reading: _Reading) -> list[str]:
    if STRINGS not in package.namelist():
        return []
    found, length = [], 0
    for element in _elements(package, STRINGS, f"{ooxml.X}si"):
        found.append("".join(holder.get() for holder in ooxml.string_holders(element)))
        length += len(found[-1])
        reading.spend("")
        if length > MOST_LETTERS:
            raise _Enough
    return found


def _rows(
    package: zipfile.ZipFile, part: str, sheet: str, strings: list[str], used: set[str]
) -> Iterator[Piece]:
    for element in _elements(package, part, f"{ooxml.X}row", *BESIDE_ROWS):
        if element.tag != f"{ooxml.X}row":
            if element.text and element.text.strip():
                yield Piece(f"{sheet}的页眉页脚或设置", element.text)
            for name, value in element.attrib.items():
                if name in ("tooltip", "display", "prompt", "promptTitle", "error", "errorTitle", "location"):
                    yield Piece(f"{sheet}的链接或提示", value)
            continue
        cells = []
        for cell in element.iter(f"{ooxml.X}c"):
            text = workbooks.shown_in(cell, strings)
            used.add(text)
            cells.append(Spot(f"{sheet}!{cell.get('r') or ''}", [workbooks.Cell(cell, text)]))
            if text:
                yield Piece(cells[-1].place, text)
            formula = cell.find(f"{ooxml.X}f")
            if formula is not None and formula.text and len(formula.text) > 10:
                yield Piece(f"{cells[-1].place}的公式", formula.text)
        for spot in ooxml.spelled_out(cells):
            yield Piece(spot.place, spot.text)


BESIDE_ROWS = tuple(
    f"{ooxml.X}{name}"
    for name in (
        *("oddHeader", "evenHeader", "firstHeader", "oddFooter", "evenFooter", "firstFooter"),
        *("formula1", "formula2", "formula", "hyperlink", "dataValidation"),
    )
)


def _elements(package: zipfile.ZipFile, name: str, *tags: str) -> Iterator[Any]:
    """The elements of these tags, one after the other, each forgotten after it was looked at."""
    try:
        with package.open(name) as part:
            options = {"resolve_entities": False, "no_network": True, "load_dtd": False}
            for _, element in etree.iterparse(_Once(part), tag=tags, **options):
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except (etree.XMLSyntaxError, zipfile.BadZipFile, OSError, EOFError, RuntimeError, KeyError) as problem:
        raise Unreadable(
            "里面有一部分读不出来，没有检查。请用原来的软件打开核对，另存后重新上传。"
        ) from problem


class _Once(io.RawIOBase):
    """A part of a package as a file that is read in small steps."""

    def __init__(self, part: Any):
        self.part = part

    def read(self, size: int = -1) -> bytes:
        return self.part.read(1 << 16 if size < 0 else size)
