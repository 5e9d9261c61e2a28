"""Reading a table somebody uploaded: xlsx, or csv in UTF-8 or GB18030, into rows of texts with their row numbers."""

import csv
import datetime
import io
import itertools
import zipfile
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook

MOST_BYTES = 3 * 1024 * 1024
MOST_UNPACKED = 60 * 1024 * 1024
MOST_ROWS = 5000
MOST_COLUMNS = 40

Row = tuple[int, list[str]]


class Unreadable(Exception):
    """A file that is no table; `str()` is a Chinese sentence that says what to do."""


def rows(name: str, data: bytes) -> list[Row]:
    """Every row that has anything in it, with the number it has in the file. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable("文件超过 3 MB。请分成几个文件，或者删掉表里的图片再上传。")
    found = list(itertools.islice(_read(name, data), MOST_ROWS + 1))
    if len(found) > MOST_ROWS:
        raise Unreadable(f"表里超过{MOST_ROWS}行。请分成几个文件再上传。")
    return found


def _read(name: str, data: bytes) -> Iterator[Row]:
    if data.startswith(b"PK"):
        return _xlsx(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("这是旧版的 xls 文件。请在 Excel 或 WPS 里另存为 xlsx 再上传。")
    return _csv(data)


def _xlsx(data: bytes) -> Iterator[Row]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise Unreadable("文件解开以后太大。请删掉表里的图片和格式，只留文字再上传。")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        yield from _numbered(sheet.iter_rows(max_row=MOST_ROWS + 50, max_col=MOST_COLUMNS, values_only=True))
    except Unreadable:
        raise
    except Exception as problem:  # openpyxl raises whatever the XML inside brings along
        raise Unreadable("文件打不开。请用 Excel 或 WPS 打开核对，另存为 xlsx 再上传。") from problem


def _csv(data: bytes) -> Iterator[Row]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unreadable("文件里的文字认不出来。请另存为 xlsx 再上传。")
    if "\x00" in text:
        raise Unreadable("这不是表格文件。请上传 xlsx 或 csv。")
    try:
        yield from _numbered(csv.reader(io.StringIO(text), strict=False))
    except csv.Error as problem:
        raise Unreadable("csv 文件的格式有错。请用 Excel 或 WPS 打开，另存为 xlsx 再上传。") from problem


def _numbered(lines: Any) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        texts = [_text(cell) for cell in line[:MOST_COLUMNS]]
        if any(texts):
            yield number, texts


def _text(cell: Any) -> str:
    """A cell as it is read: numbers without a decimal point that nobody typed."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "对" if cell else "错"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    # a quotation mark before a formula keeps it a text; our own export puts it there
    text = str(cell).replace("\r\n", "\n").replace("\r", "\n").strip()
    return text[1:] if text.startswith("'") else text


def column(at: int) -> str:
    """The letter of a column counted from 0."""
    return chr(ord("A") + at) if at < 26 else "A" + chr(ord("A") + at - 26)
