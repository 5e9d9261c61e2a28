"""The sheets of a workbook: what its cells say, however they are stored, and how to write a text into one."""

import zipfile
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from longsha_credit.publication import ooxml
from longsha_credit.publication.ooxml import X

R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class Cell:
    """A cell of a sheet: what it shows, whatever it is stored as; another text makes it a text cell."""

    element: Any
    text: str

    def get(self) -> str:
        return self.text

    def set(self, text: str) -> None:
        if text == self.text:
            return
        cell, self.text = self.element, text
        for child in list(cell):
            cell.remove(child)
        cell.set("t", "inlineStr")
        etree.SubElement(etree.SubElement(cell, f"{X}is"), f"{X}t").text = text


def sheets(package: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet by its name, hidden ones too, in the workbook's order; none of a strict workbook."""
    book = ooxml.member(package, "xl/workbook.xml")
    if ooxml.STRICT in book:
        return {}
    root = ooxml.tree(book)
    parts = ooxml.related(package, "xl/workbook.xml")
    found = {}
    for sheet in root.iter(f"{X}sheet"):
        hidden = "（隐藏的表）" if sheet.get("state") in ("hidden", "veryHidden") else ""
        if part := parts.get(sheet.get(R_ID) or ""):
            found[part] = f"{sheet.get('name') or ''}{hidden}"
    return found


def shown_in(cell: Any, strings: list[str]) -> str:
    """What a cell says; a number as people write it, without a power of ten."""
    kind, value = cell.get("t") or "n", cell.find(f"{X}v")
    if kind == "inlineStr":
        return "".join(holder.get() for holder in ooxml.string_holders(cell))
    text = (value.text if value is not None else "") or ""
    if kind == "s":
        at = int(text) if text.isdecimal() and len(text) < 10 else len(strings)
        return strings[at] if at < len(strings) else ""
    return _whole(text) if kind == "n" else text


def _whole(text: str) -> str:
    if len(text) < 11:
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    short = number.is_finite() and number == number.to_integral_value() and abs(number) < Decimal(10) ** 20
    return str(int(number)) if short else text
