"""Rows going out in the columns in which they come in: what was exported can be imported again."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from longsha_credit.exchange import sheets
from longsha_credit.exchange.tables import addresses, looks
from longsha_credit.exchange.tables.cleaning import text_of
from longsha_credit.exchange.tables.fields import NUMBERS, TEXTS, Field, Sheet

Values = Mapping[str, Any]
Rows = Iterable[tuple[Any, Values]]


def lines(sheet: Sheet, rows: Rows) -> Iterator[list[str]]:
    """The texts of each row in the sheet's columns. A row is its own number (None: it has none) and values by field name.

    Values are of the types that Sort names; what is not named is empty.
    """
    for key, values in rows:
        line = [kept(text_of(field, values.get(field.name))) for field in sheet.fields]
        yield [*line, "" if key is None else str(key)] if sheet.keyed else line


def kept(text: str) -> str:
    """A text no spreadsheet takes for a formula, and that reading gives back as it was."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{text}" if text.startswith("'") else sheets.neutral(text)


def download(
    kind: str, name: str, sheet: Sheet, rows: Rows, *, user: Any, number: int, purpose: str = ""
) -> HttpResponseBase:
    """The answer that saves rows as csv or xlsx under `name`, the moment and who took it.

    The last line says who took `number` rows when and what for; reading leaves it out. The caller leaves the entry.
    """
    filename = f"{name}-{timezone.localtime():%Y%m%d%H%M}-{user.username}.{kind}"
    mark = sheets.mark(user, number, purpose)
    if kind == "xlsx":
        return FileResponse(workbook(sheet, rows, mark), as_attachment=True, filename=filename)
    parts = sheets.csv_parts(sheet.heads, lines(sheet, rows), mark)
    response = StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, filename)
    return response


def workbook(sheet: Sheet, rows: Rows, mark: str = "") -> IO[bytes]:
    """The rows as an open temporary workbook, written row by row, the rows' own numbers in a hidden column."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet.label[:31])
    for at, field in enumerate(sheet.fields):
        page.column_dimensions[addresses.letters(at)].width = field.width
    if sheet.keyed:
        page.column_dimensions[addresses.letters(len(sheet.fields))].hidden = True
    page.freeze_panes = "A2"
    page.append([_styled(page, head, bold=True) for head in sheet.heads])
    as_text = [at for at, field in enumerate(sheet.fields) if _stays_text(field)]
    for line in lines(sheet, rows):
        cells: list[Any] = [text or None for text in line]
        for at in as_text:
            if cells[at]:
                cells[at] = _styled(page, cells[at])
        page.append(cells)
    if mark:
        page.append([sheets.neutral(mark)])
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(target)
    target.seek(0)
    return target


def _stays_text(field: Field) -> bool:
    """Codes and days keep their zeros when somebody writes over them."""
    return field.sort not in NUMBERS and field.sort not in TEXTS and not field.choices


def _styled(page: Any, text: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(page, text)
    cell.number_format = looks.AS_TEXT
    if bold:
        cell.font, cell.fill = looks.BOLD, looks.HEAD
    return cell
