"""Tables that leave the portal for a spreadsheet: bounded, text only, without formulas, marked with who took them."""

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from openpyxl import Workbook

MOST = 20_000  # rows of one export
KINDS = ("csv", "xlsx")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

Line = Sequence[Any]


def neutral(value: Any) -> str:
    """A text no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def mark(user: Any, number: int, purpose: str) -> str:
    """The last line: who took the table when, and what for."""
    use = f"用途：{purpose}。内部资料，不得转发" if purpose else "仅供工作使用"
    return f"{user} 于{timezone.localtime():%Y-%m-%d %H:%M}导出，共{number}条，{use}"


def _rows(lines: Iterable[Line], mark: str) -> Iterator[list[str]]:
    for line in lines:
        yield [neutral(value) for value in line]
    if mark:
        yield [neutral(mark)]


class _Echo:
    def write(self, value: str) -> str:
        return value


def csv_parts(columns: Line, lines: Iterable[Line], mark: str = "") -> Iterator[str]:
    """The table piece by piece, for Excel in UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(columns)
    for row in _rows(lines, mark):
        yield writer.writerow(row)


def xlsx_file(name: str, columns: Line, lines: Iterable[Line], mark: str = "") -> IO[bytes]:
    """The table as an open temporary file; written row by row."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.append(columns)
    for row in _rows(lines, mark):
        sheet.append(row)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return file


def download(
    kind: str,
    name: str,
    columns: Line,
    lines: Iterable[Line],
    *,
    user: Any = None,
    number: int = 0,
    purpose: str = "",
    marked: bool = True,
) -> HttpResponseBase:
    """The answer that saves the table as csv or xlsx under `name`, the moment and who took it.

    `lines` give at most MOST rows, `number` says how many, `purpose` what a person's file is taken out for; the caller
    leaves the entry. A table whose form others prescribe is not `marked` with a last line of our own, and neither is
    one that anybody takes (no `user`).
    """
    who = f"-{user.username}" if user else ""
    filename = f"{name}-{timezone.localtime():%Y%m%d%H%M}{who}.{kind}"
    last = mark(user, number, purpose) if user and marked else ""
    if kind == "xlsx":
        return FileResponse(xlsx_file(name, columns, lines, last), as_attachment=True, filename=filename)
    response = StreamingHttpResponse(csv_parts(columns, lines, last), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, filename)
    return response


def json_download(name: str, columns: Line, lines: Iterable[Line], *, user: Any) -> HttpResponseBase:
    """The answer that saves the table as a JSON array of objects, one line each, streamed."""

    def parts() -> Iterator[str]:
        yield "["
        for at, line in enumerate(lines):
            row = json.dumps(dict(zip(columns, line, strict=True)), ensure_ascii=False)
            yield f",\n{row}" if at else f"\n{row}"
        yield "\n]\n"

    filename = f"{name}-{timezone.localtime():%Y%m%d%H%M}-{user.username}.json"
    response = StreamingHttpResponse(parts(), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, filename)
    return response
