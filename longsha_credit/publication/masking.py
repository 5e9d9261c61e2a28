"""A copy of a file in which personal data is masked; refused with a sentence where that cannot be done safely."""

import io
import logging
import posixpath
import zipfile
from typing import Any

from lxml import etree

from longsha_credit.audit.workflow import Refused
from longsha_credit.files.checks import LARGEST, LONGEST_NAME
from longsha_credit.files.models import StoredFile
from longsha_credit.files.services import MaskedCopy
from longsha_credit.publication import contents, ooxml, pdfs, personal, scanning, workbooks
from longsha_credit.publication.contents import KIND_OF
from longsha_credit.publication.ooxml import Spot, Unreadable, X

logger = logging.getLogger(__name__)
BY_HAND = "请在原来的软件里打码，另存后换上新的文件。"
SECONDS = 40.0
MAIN_PARTS = ("word/document.xml", "xl/workbook.xml", "ppt/presentation.xml")
CALC_CHAIN = "xl/calcChain.xml"


class Unmaskable(Refused):
    """A file of which no masked copy can be made; `str()` names it, says why and what to do."""

    def __init__(self, name: str, why: str):
        super().__init__(f"“{name}”不能自动打码：{why}。{BY_HAND}", "guard")


class _Not(Exception):
    """Why not, in words."""


def masked_copy(file: StoredFile) -> MaskedCopy:
    """What is to be stored beside the original. Raises Unmaskable."""
    with file.file.open("rb") as stored:
        data = stored.read()
    try:
        masked = masked_bytes(data, file.content_type)
    except (_Not, Unreadable, pdfs.Unmasked) as problem:
        raise Unmaskable(file.name, str(problem).rstrip("。")) from problem
    except Exception as problem:  # a file that reads well may still not be written again
        logger.exception("file not masked")
        raise Unmaskable(file.name, "这个文件的内部格式少见") from problem
    return MaskedCopy(masked, name_of(file.name), file)


def name_of(name: str) -> str:
    """名单.xlsx becomes 名单（打码）.xlsx; a number in the name is masked too."""
    stem, ending = posixpath.splitext(
        personal.mask(name).replace("*", "＊")
    )  # no system keeps a file named with *
    return f"{stem[: LONGEST_NAME - len(ending) - 4]}（打码）{ending}"


def masked_bytes(data: bytes, content_type: str) -> bytes:
    """The masked copy, read again and found clean. Raises with the reason in words."""
    kind = KIND_OF.get(content_type, "")
    masks = {"pdf": _pdf, "txt": _text, "csv": _text, "docx": _package, "xlsx": _package, "pptx": _package}
    if kind not in masks:
        raise _Not("系统改不了这种文件")
    masked = masks[kind](data)
    if len(masked) > LARGEST:
        raise _Not("打码以后超过了文件大小的上限，请拆成几个文件")
    again = contents.read(masked, content_type, seconds=SECONDS)
    if left := scanning.hits_in(again.pieces):
        raise _Not(f"打码以后“{left[0]['place']}”仍能读出号码或住址")
    return masked


def _text(data: bytes) -> bytes:
    text, encoding = contents.decoded(data)
    if encoding == "utf-8-sig" and not data.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8"
    return personal.mask(text).encode(encoding)


# --- PDF -------------------------------------------------------------------------------------------------------------


def _pdf(data: bytes) -> bytes:
    spans: dict[int, list[tuple[int, int]]] = {}
    with pdfs.LOCK:
        document = pdfs.opened(data)
        if len(document) > contents.MOST_PAGES:
            raise _Not("页数太多")
        for number in range(len(document)):
            page = document[number]
            found = _stars(pdfs.letters(page))
            if found or any(personal.find(note) for note in pdfs.notes(page)):
                if pdfs.fields(page):
                    raise _Not(f"第 {number + 1} 页有可以填写的表单")
                spans[number] = found
            page.close()
        document.close()
        return pdfs.blackened(data, spans)


def _stars(text: str) -> list[tuple[int, int]]:
    """From where to where a mask hides letters."""
    masked, spans, at = personal.mask(text), [], 0
    while at < len(text):
        if masked[at] == text[at]:
            at += 1
            continue
        start = at
        while at < len(text) and masked[at] != text[at]:
            at += 1
        spans.append((start, at))
    return spans


# --- packages --------------------------------------------------------------------------------------------------------


def _package(data: bytes, depth: int = 0) -> bytes:
    source, out = ooxml.opened(data), io.BytesIO()
    if any(
        ooxml.STRICT in ooxml.member(source, name, LARGEST)
        for name in MAIN_PARTS
        if name in source.namelist()
    ):
        raise _Not("是严格 Open XML 格式，请另存为普通的 docx、xlsx、pptx")
    tables = workbooks.sheets(source) if "xl/workbook.xml" in source.namelist() else {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for info in source.infolist():
            name = info.filename
            if info.is_dir() or name == CALC_CHAIN or name.lower().startswith("docprops/thumbnail"):
                continue
            part = ooxml.member(source, name, LARGEST * 4)
            if name in tables:
                part = _sheet(part, source)
            elif name.lower().endswith((".xml", ".rels", ".vml")):
                part = _part(part, name)
            elif name.lower().endswith(contents.PACKAGES) and depth < contents.DEPTH:
                part = _package(part, depth + 1)
            copy.writestr(name, part)
    return out.getvalue()


def _part(data: bytes, name: str) -> bytes:
    if len(data) > ooxml.LARGEST_PART:
        raise _Not("里面有一部分太大")
    root = ooxml.tree(data)
    changed = _without_what_is_gone(root, name)
    for spot in list(ooxml.spots(root, name)):
        changed = _mask(spot) or changed
    return ooxml.written(root) if changed else data


def _mask(spot: Spot) -> bool:
    before = spot.text
    after = personal.mask(before)
    if before == after:
        return False
    if spot.fixed:
        raise _Not(f"号码或住址在改了会打不开文件的地方（{spot.place}）")
    spot.rewrite(after)
    return True


def _without_what_is_gone(root: Any, name: str) -> bool:
    """Tracked deletions, who wrote and saved it, the picture of its first page, the order of calculation."""
    gone = [it for tag in ooxml.GONE for it in root.iter(tag) if len(it)]
    if name.endswith(".rels") or name == "[Content_Types].xml":
        gone += [
            it
            for it in root
            if isinstance(it.tag, str)
            and any(
                word in (it.get("Target") or it.get("PartName") or "")
                for word in ("calcChain.xml", "thumbnail.")
            )
        ]
    for it in gone:
        if it.getparent() is not None:
            it.getparent().remove(it)
    people = [
        it for it in root.iter("{*}creator", "{*}lastModifiedBy") if name == "docProps/core.xml" and it.text
    ]
    for it in people:
        it.text = ""
    return bool(gone or people)


def _sheet(data: bytes, package: zipfile.ZipFile) -> bytes:
    """Cells with their own text here; those that share a text are masked with it, unless they spell a number out."""
    if len(data) > ooxml.LARGEST_PART:
        raise _Not("有一张表太大")
    root = ooxml.tree(data)
    strings = _strings(package)
    for row in root.iter(f"{X}row"):
        cells = []
        for cell in row.iter(f"{X}c"):
            spot = Spot("单元格", [workbooks.Cell(cell, workbooks.shown_in(cell, strings))])
            cells.append(spot)
            formula = cell.find(f"{X}f")
            hidden = formula is not None and formula.text and personal.find(formula.text)
            if hidden:
                cell.remove(formula)
            if cell.get("t") != "s":
                _mask(spot)
        for spelled in list(ooxml.spelled_out(cells)):
            _mask(spelled)
    _free_formulas(root)
    for spot in list(ooxml.spots(root, "xl/worksheets/sheet.xml")):
        if not _is_of_a_cell(spot):
            _mask(spot)
    return ooxml.written(root)


def _strings(package: zipfile.ZipFile) -> list[str]:
    if contents.STRINGS not in package.namelist():
        return []
    root = ooxml.tree(ooxml.member(package, contents.STRINGS))
    return ["".join(h.get() for h in ooxml.string_holders(it)) for it in root.iter(f"{X}si")]


def _free_formulas(root: etree._Element) -> None:
    """A formula shared with a cell that has become text is no formula any more: its values stay."""
    masters = {f.get("si") for f in root.iter(f"{X}f") if f.get("t") == "shared" and f.text}
    for formula in [f for f in root.iter(f"{X}f") if f.get("t") == "shared" and f.get("si") not in masters]:
        formula.getparent().remove(formula)


def _is_of_a_cell(spot: Spot) -> bool:
    element = getattr(spot.holders[0], "element", None) if spot.holders else None
    return element is not None and element.tag in (f"{X}v", f"{X}f", f"{X}is", f"{X}t")
