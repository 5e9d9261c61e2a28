"""A workbook read row by row, in the memory of a row: its pages, and the texts that their cells show.

openpyxl reads the same rows at little more than half the speed, holds all texts of a book in memory, and stumbles over styles that
other programs write; here only what a cell says is read.
"""

import array
import mmap
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from lxml import etree

from longsha_credit.exchange.tables import addresses
from longsha_credit.exchange.tables.formats import Shower, plain_number, shower
from longsha_credit.exchange.tables.wrong import Unreadable

MIB = 1024 * 1024
MOST_MEMBERS = 5000
MOST_UNPACKED = 400 * MIB
STEEPEST = 300
MOST_SMALL = 8 * MIB  # of the parts that are read whole
MOST_COLUMNS = 200
MOST_MERGED = 20_000
DAMAGED = "文件打不开，可能损坏或没有传完。请用 Excel 或 WPS 打开核对，另存为 xlsx 再上传。"
LOCKED = "文件设置了打开密码。请去掉密码，另存以后再上传。"
BOMB = "文件解开以后大得不正常。请新建一个表，只把文字粘贴过去，另存为 xlsx 再上传。"
TOO_WIDE = "第{}行写到了第{}列（{}）。这里最多读{}列，请把不相干的内容删去再上传。"
OTHER = "这不是 xlsx 表格（可能是 Word 文件或者压缩包）。请上传 xlsx 或 csv。"
SAFE = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "remove_comments": True,
    "remove_pis": True,
}
MERGED = re.compile(rb'mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})"')
END_OF_ROWS = re.compile(rb"</(?:[A-Za-z0-9]+:)?sheetData\s*>")
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")

Row = tuple[int, list[str]]
Range = tuple[int, int, int]  # a column counted from 0, the first row and the last


@dataclass(frozen=True)
class Page:
    """A page of a workbook, and the part of the file it stands in."""

    name: str
    member: str
    visible: bool = True


class Book:
    """An open workbook. Raises Unreadable with a sentence for whatever is no sound workbook."""

    def __init__(self, path: Any):
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeError) as problem:
            raise Unreadable(DAMAGED) from problem
        try:
            self._look_over()
            self.pages, from_1904 = self._contents()
            self._showers = self._styles(from_1904)
            self._texts: Texts | None = None
            self._merged: dict[str, list[Range]] = {}
            self.hidden_rows = 0
        except Unreadable:
            self.close()
            raise
        except BROKEN as problem:
            self.close()
            raise Unreadable(DAMAGED) from problem

    def close(self) -> None:
        if texts := getattr(self, "_texts", None):
            texts.close()
        self._zip.close()

    def rows(self, page: Page) -> Iterator[Row]:
        """Every row with anything in it: its number, and the texts of its cells from column A. Raises Unreadable."""
        self.hidden_rows = 0
        try:
            if self._texts is None:
                self._texts = Texts(self._zip, self._shared)
            yield from self._rows(page)
        except BROKEN as problem:
            raise Unreadable(DAMAGED) from problem

    def _rows(self, page: Page) -> Iterator[Row]:
        if page.member not in self._merged:
            self._merged[page.member] = _merged(self._zip, page.member)
        merged = Merged(self._merged[page.member])
        with self._zip.open(page.member) as stream:
            last = 0
            for element in _elements(stream, "row"):
                number = int(element.get("r") or last + 1)
                last = number
                cells = self._cells(element, number)
                if not any(cells):
                    continue
                self.hidden_rows += element.get("hidden") in ("1", "true")
                merged.fill(number, cells)
                yield number, cells

    def _cells(self, row: Any, number: int) -> list[str]:
        cells: list[str] = []
        at = -1
        for cell in row:
            reference = cell.get("r")
            at = addresses.number(reference.rstrip("0123456789")) if reference else at + 1
            text = self._text(cell)
            if not text:
                continue
            if not 0 <= at < MOST_COLUMNS:
                raise Unreadable(TOO_WIDE.format(number, at + 1, addresses.letters(max(at, 0)), MOST_COLUMNS))
            if at > len(cells):
                cells.extend([""] * (at - len(cells)))
            if at == len(cells):
                cells.append(text)
            else:
                cells[at] = text
        return cells

    def _text(self, cell: Any) -> str:
        """What a cell shows; a formula nobody has reckoned yet is given as it stands, with its equals sign."""
        value, formula, kind = "", None, cell.get("t")
        for part in cell:
            end = part.tag[-1:] if isinstance(part.tag, str) else ""  # v, f, is: with or without a name space
            if end == "v":
                value = part.text or ""
            elif end == "f":
                formula = part.text or ""
            elif end == "s" and kind == "inlineStr":
                return _readable(_joined(part))
        if value == "":
            return f"={formula}" if formula else ""
        if kind is None or kind == "n":
            style = cell.get("s")
            return (self._showers.get(style, plain_number) if style else plain_number)(value)
        if kind == "s":
            return self._texts[int(value)] if self._texts is not None else ""
        if kind == "b":
            return "是" if value == "1" else "否"
        return _readable(value)  # str: what a formula gave; d: a day; e: an error

    def _look_over(self) -> None:
        """Refuse by the table of contents alone what must not be unpacked."""
        members = self._zip.infolist()
        inside, packed = sum(one.file_size for one in members), sum(one.compress_size for one in members)
        if any(one.flag_bits & 1 for one in members):
            raise Unreadable(LOCKED)
        if len(members) > MOST_MEMBERS or inside > MOST_UNPACKED or inside > max(20 * MIB, STEEPEST * packed):
            raise Unreadable(BOMB)

    def _contents(self) -> tuple[list[Page], bool]:
        names = set(self._zip.namelist())
        if "[Content_Types].xml" not in names:
            raise Unreadable(OTHER)
        top = _related(self._tree("_rels/.rels"), "officeDocument", "") if "_rels/.rels" in names else []
        member = next(iter(top), ("", "xl/workbook.xml"))[1]
        book = self._tree(member)
        if _local(book) != "workbook":
            raise Unreadable(OTHER)
        folder, _, name = member.rpartition("/")
        links = self._tree(f"{folder}/_rels/{name}.rels".lstrip("/"))
        parts = dict(_related(links, "worksheet", folder))
        self._shared = next((part for _, part in _related(links, "sharedStrings", folder)), "")
        self._style_part = next((part for _, part in _related(links, "styles", folder)), "")
        pages = []
        for sheet in book.iter("{*}sheet"):
            link = next((value for key, value in sheet.items() if key.endswith("}id")), "")
            if (part := parts.get(link)) in names:  # charts and what lies outside are no pages
                pages.append(Page(sheet.get("name", ""), part, sheet.get("state", "visible") == "visible"))
        properties = next(book.iter("{*}workbookPr"), None)
        return pages, properties is not None and properties.get("date1904") in ("1", "true")

    def _styles(self, from_1904: bool) -> dict[str, Shower]:
        """How the numbers of each style are written, those left out that are written as they stand."""
        if self._style_part not in self._zip.namelist():
            return {}
        tree = self._tree(self._style_part)
        codes = {one.get("numFmtId"): one.get("formatCode", "") for one in tree.iter("{*}numFmt")}
        found: dict[str, Shower] = {}
        styles = next(tree.iter("{*}cellXfs"), None)
        for at, style in enumerate(styles if styles is not None else ()):
            number = style.get("numFmtId") or "0"
            how = shower(int(number), codes.get(number), from_1904=from_1904)
            if how is not plain_number:
                found[str(at)] = how
        return found

    def _tree(self, member: str) -> Any:
        with self._zip.open(member) as stream:
            content = stream.read(MOST_SMALL + 1)
        if len(content) > MOST_SMALL:
            raise Unreadable(BOMB)
        return etree.fromstring(content, etree.XMLParser(**SAFE))


class Texts:
    """The texts that cells share, kept in a file: a book of many rows has as many."""

    def __init__(self, package: zipfile.ZipFile, member: str):
        self._starts = array.array("Q", [0])
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the book
        self._map: mmap.mmap | None = None
        if member in package.namelist():
            with package.open(member) as stream:
                self._take(stream)

    def _take(self, stream: IO[bytes]) -> None:
        end = 0
        for element in _elements(stream, "si"):
            content = _readable(_joined(element)).encode("utf-8", "ignore")
            self._file.write(content)
            end += len(content)
            self._starts.append(end)
        if end:
            self._file.flush()
            self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)

    def __getitem__(self, at: int) -> str:
        if not 0 <= at < len(self._starts) - 1:
            raise IndexError(at)
        start, end = self._starts[at], self._starts[at + 1]
        return self._map[start:end].decode() if self._map is not None and start < end else ""

    def close(self) -> None:
        if self._map is not None:
            self._map.close()
        self._file.close()


class Merged:
    """Cells merged over several rows: every row of them says what the first one says."""

    def __init__(self, ranges: list[Range]):
        self._coming = sorted(ranges, key=lambda one: one[1], reverse=True)
        self._open: list[tuple[int, int, str]] = []

    def fill(self, number: int, cells: list[str]) -> None:
        if not self._coming and not self._open:
            return
        self._open = [one for one in self._open if one[1] >= number]
        for column, _, text in self._open:
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = cells[column] or text
        while self._coming and self._coming[-1][1] <= number:
            column, top, low = self._coming.pop()
            if top == number and column < len(cells) and cells[column]:
                self._open.append((column, low, cells[column]))


BROKEN: tuple[type[Exception], ...] = (
    etree.LxmlError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError, KeyError,
    ValueError, IndexError, OverflowError, AttributeError, TypeError,
)  # fmt: skip


def _elements(stream: Any, name: str) -> Iterator[Any]:
    """The elements of a name one by one, each forgotten when the next is asked for."""
    for _, element in etree.iterparse(stream, events=("end",), tag=f"{{*}}{name}", **SAFE):
        yield element
        element.clear()
        while (before := element.getprevious()) is not None:
            before.getparent().remove(before)


def _joined(element: Any) -> str:
    """The text of a shared or inline text, its differently written parts joined; readings above it are left out."""
    if len(element) == 1 and len(element[0]) == 0:
        return element[0].text or ""
    parts = []
    for child in element:
        name = _local(child)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts += [part.text or "" for part in child if _local(part) == "t"]
    return "".join(parts)


def _readable(text: str) -> str:
    """Without the escapes by which a workbook keeps what XML cannot."""
    return ESCAPED.sub(lambda at: chr(int(at[1], 16)), text) if "_x" in text else text


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _related(links: Any, kind: str, folder: str) -> list[tuple[str, str]]:
    """(id, part) of the links of a kind; a link out of the file is none."""
    found = []
    for link in links:
        if _local(link) != "Relationship" or link.get("TargetMode") == "External":
            continue
        if link.get("Type", "").endswith(f"/{kind}"):
            target = link.get("Target", "")
            inside = target.lstrip("/") if target.startswith("/") or not folder else f"{folder}/{target}"
            found.append((link.get("Id", ""), inside))
    return found


def _merged(package: zipfile.ZipFile, member: str) -> list[Range]:
    """Where cells are merged downwards; that is said behind the rows."""
    ends = _behind_rows(package, member)
    found = [(addresses.number(a.decode()), int(top), int(low)) for a, top, low in MERGED.findall(ends)]
    return [one for one in found if one[2] > one[1] and one[0] < MOST_COLUMNS][:MOST_MERGED]


def _behind_rows(package: zipfile.ZipFile, member: str) -> bytes:
    """What stands behind the rows of a page, at most so much of it."""
    kept, found = b"", False
    with package.open(member) as stream, suppress(zipfile.BadZipFile):
        while chunk := stream.read(MIB):
            kept += chunk
            if not found and (end := END_OF_ROWS.search(kept)):
                kept, found = kept[end.end() :], True
            if not found:
                kept = kept[-64:]
            elif len(kept) > MOST_SMALL:
                return b""
    return kept if found else b""
