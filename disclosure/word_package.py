"""A .docx opened with care: its XML parts, what they refer to, its styles; nothing outside of it is ever fetched."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from longsha_credit.files import checks, office
from longsha_credit.files.checks import Unacceptable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MIB = 1024 * 1024
LARGEST_PART = 40 * MIB
# What the strict variant of the format calls its parts, and what everybody else does.
STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/",
        b"http://schemas.openxmlformats.org/officeDocument/2006/",
    ),
)
SAVE_AS = "请用 Word 或 WPS 打开，另存为 .docx 后再上传。"


class Unreadable(Unacceptable):
    """A Word file that is not taken over; `str()` says what happened and what to do."""


@dataclass(frozen=True)
class Related:
    """What a part refers to: the last word of the kind, where it is, whether that is outside the file."""

    kind: str
    target: str
    outside: bool


class Package:
    """An opened Word file; raises Unreadable."""

    def __init__(self, data: bytes):
        if problem := _against(data):
            raise Unreadable(f"这份文件{problem}")
        self.zip = zipfile.ZipFile(io.BytesIO(data))
        self.names = set(self.zip.namelist())
        main = next((r.target for r in self.related("").values() if r.kind == "officeDocument"), "")
        self.main = main if main in self.names else "word/document.xml"
        document = self.xml(self.main)
        body = document.find(f"{W}body") if document is not None else None
        if body is None:
            raise Unreadable(f"这份 Word 文件里找不到正文，可能损坏了。{SAVE_AS}")
        self.body = body
        self.relations = self.related(self.main)
        self.styles = Styles(self._part("styles"))
        self.numbering = self._part("numbering")

    def read(self, name: str) -> bytes:
        """One member, never more than the limit."""
        try:
            with self.zip.open(name) as member:
                content = member.read(LARGEST_PART + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            RuntimeError,
            NotImplementedError,
            OSError,
            EOFError,
            KeyError,
        ) as e:
            raise Unreadable(f"这份文件{office.DAMAGED}") from e
        if len(content) > LARGEST_PART:
            raise Unreadable(f"这份文件{office.BOMB}")
        return content

    def xml(self, name: str) -> etree._Element | None:
        """The root of an XML part, or None where there is no such part."""
        if name not in self.names:
            return None
        content = self.read(name)
        for strict, usual in STRICT:
            content = content.replace(strict, usual)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError) as problem:
            if "depth" in str(problem).lower():
                raise Unreadable(
                    "这份 Word 文件里表格一层套一层，太多了，读不出来。请把表格拆开，另存后再上传。"
                ) from problem
            raise Unreadable(f"这份文件{office.DAMAGED}") from problem
        if root.getroottree().docinfo.doctype:
            raise Unreadable(f"这份文件{office.DAMAGED}")
        return root

    def related(self, name: str) -> dict[str, Related]:
        """What the part `name` refers to, by its ids; "" is the package itself."""
        folder, _, file = name.rpartition("/")
        root = self.xml(f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels")
        found = {}
        for relation in root if root is not None else ():
            target, outside = relation.get("Target", ""), relation.get("TargetMode") == "External"
            if not outside:
                target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            kind = relation.get("Type", "").rpartition("/")[2]
            found[relation.get("Id", "")] = Related(kind, target, outside)
        return found

    def parts(self, kind: str) -> list[etree._Element]:
        """The roots of all parts of a kind that the document refers to, such as header."""
        names = sorted({r.target for r in self.relations.values() if r.kind == kind and not r.outside})
        return [root for root in map(self.xml, names) if root is not None]

    def _part(self, kind: str) -> etree._Element | None:
        return next(iter(self.parts(kind)), None)


class Styles:
    """What a style says, by way of the styles it is based on."""

    def __init__(self, root: etree._Element | None):
        self.by_id: dict[str, etree._Element] = {}
        self.default = ""
        for style in root.iter(f"{W}style") if root is not None else ():
            self.by_id[style.get(f"{W}styleId", "")] = style
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true", "on"):
                self.default = style.get(f"{W}styleId", "")

    def chain(self, style_id: str) -> Iterator[etree._Element]:
        """The style and those it is based on, nearest first."""
        seen: set[str] = set()
        while style_id in self.by_id and style_id not in seen:
            seen.add(style_id)
            yield self.by_id[style_id]
            style_id = value(self.by_id[style_id].find(f"{W}basedOn"))

    def of(self, paragraph: etree._Element) -> str:
        """The id of a paragraph's style."""
        first = paragraph[0] if len(paragraph) else None  # a search would look at every run
        if first is None or first.tag != f"{W}pPr":
            return self.default
        return value(first.find(f"{W}pStyle")) or self.default

    def names(self, paragraph: etree._Element) -> list[str]:
        """The names of its style and of those it is based on, small letters, no spaces: heading1, 标题1."""
        return [
            re.sub(r"\s", "", value(style.find(f"{W}name"))).lower()
            for style in self.chain(self.of(paragraph))
        ]

    def paragraph_property(self, paragraph: etree._Element, name: str) -> etree._Element | None:
        """What the paragraph or its styles say of one property."""
        path = f"{W}pPr/{W}{name}"
        own = paragraph.find(path)
        if own is not None:
            return own
        found = (style.find(path) for style in self.chain(self.of(paragraph)))
        return next((element for element in found if element is not None), None)

    def run_property(self, run: etree._Element, name: str) -> etree._Element | None:
        """What a run, its style or its paragraph's styles say of one property."""
        path = f"{W}rPr/{W}{name}"
        own = run.find(path)
        if own is not None:
            return own
        around = next(run.iterancestors(f"{W}p"), None)
        styles = [*self.chain(value(run.find(f"{W}rPr/{W}rStyle")))]
        styles += self.chain(self.of(around)) if around is not None else ()
        return next((found for style in styles if (found := style.find(path)) is not None), None)


def value(element: etree._Element | None) -> str:
    """The w:val of an element, "" where there is none."""
    return element.get(f"{W}val", "") if element is not None else ""


def is_on(element: etree._Element | None) -> bool:
    """Whether a switch such as w:b is on."""
    return element is not None and value(element) not in ("0", "false", "off", "none")


def text_of(element: etree._Element) -> str:
    """The text of a paragraph or of anything with paragraphs; a tab and a line break are a space."""
    parts = []
    for part in element.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}noBreakHyphen"):
        if part.tag == f"{W}tab" and part.getparent().tag == f"{W}tabs":
            continue
        parts.append(
            (part.text or "") if part.tag == f"{W}t" else "-" if part.tag.endswith("Hyphen") else " "
        )
    return "".join(parts).strip(" \u3000\u00a0")


def _against(data: bytes) -> str:
    """What stands against reading it, or an empty string."""
    if len(data) > checks.LARGEST:
        return f"超过 {checks.LARGEST // MIB} MB。请压缩图片后再上传。"
    if not data:
        return "是空的。请打开核对内容后重新选择。"
    if data.startswith(office.OLE):
        kind = office.kind_of_ole(data)
        if kind == office.LOCKED_KIND or (kind == "doc" and office.against_ole(data) == office.LOCKED):
            return office.LOCKED
        return (
            f"是旧格式的 Word 文档（doc、wps）。{SAVE_AS}" if kind == "doc" else f"不是 Word 文档。{SAVE_AS}"
        )
    if not data.startswith(b"PK"):
        return f"不是 Word 文档（docx）。{SAVE_AS}"
    try:
        kind = office.kind_of_package(data)
    except office.Damaged as problem:
        return str(problem)
    return office.against_package(data) or ("" if kind == "docx" else f"不是 Word 文档（docx）。{SAVE_AS}")
