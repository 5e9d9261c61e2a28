"""A csv file read row by row: in UTF-8, UTF-16 or GB18030, parted by comma, tab or semicolon."""

import codecs
import csv
import itertools
import re
from collections.abc import Iterator
from typing import Any

from longsha_credit.exchange.tables.wrong import Unreadable

CHUNK = 1024 * 1024
MOST_COLUMNS = 200
LONGEST_CELL = 100_000
DELIMITERS = (",", "\t", ";", "|")
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
ENCODINGS = ("utf-8-sig", "gb18030")
NO_TEXT = "这不是表格文件。请上传 xlsx 或 csv。"
UNKNOWN = "文件里的文字认不出来。请用 Excel 或 WPS 打开，另存为 xlsx 再上传。"
WEB_PAGE = "这是网页，后缀改成了表格。请用 Excel 或 WPS 打开，另存为 xlsx 再上传。"
TORN = "第{}行的引号不成对，或者这一格太长，后面的读不下去。请用 Excel 或 WPS 打开核对，另存为 xlsx 再上传。"
TOO_WIDE = "第{}行有{}列，最多{}列。请把不相干的列删去再上传。"
HINT = re.compile(r"sep=(.)\s*$", re.IGNORECASE)
FORCED = re.compile(r'="([^"]*)"')  # how csv keeps a number a text

csv.field_size_limit(LONGEST_CELL)

Row = tuple[int, list[str]]


def encoding_of(path: Any) -> str:
    """The encoding in which all of the file is text. Raises Unreadable."""
    with open(path, "rb") as file:
        start = file.read(4096)
    if re.match(
        rb"\s*<(!doctype|html|table|\?xml|script)", start.removeprefix(codecs.BOM_UTF8), re.IGNORECASE
    ):
        raise Unreadable(WEB_PAGE)
    marked = next((encoding for mark, encoding in MARKS if start.startswith(mark)), None)
    for encoding in (marked,) if marked else ENCODINGS:
        if _is_text(path, encoding):
            return encoding
    raise Unreadable(UNKNOWN)


def _is_text(path: Any, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with open(path, "rb") as file:
        try:
            while chunk := file.read(CHUNK):
                if "\x00" in decoder.decode(chunk):
                    raise Unreadable(NO_TEXT)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def rows(path: Any, encoding: str, delimiter: str) -> Iterator[Row]:
    """Every row with anything in it, counted as a spreadsheet counts them. Raises Unreadable."""
    number = 0
    with open(path, encoding=encoding, newline="") as file:
        first = file.readline()
        lines = file if HINT.fullmatch(first) else itertools.chain([first], file)
        try:
            for number, line in enumerate(csv.reader(lines, delimiter=delimiter, strict=True), start=1):
                texts = [FORCED.sub(r"\1", text) if text.startswith('="') else text for text in line]
                if len(texts) > MOST_COLUMNS and any(texts[MOST_COLUMNS:]):
                    raise Unreadable(TOO_WIDE.format(number, len(texts), MOST_COLUMNS))
                if any(texts):
                    yield number, texts[:MOST_COLUMNS]
        except csv.Error as problem:
            raise Unreadable(TORN.format(number + 1)) from problem
        except UnicodeError as problem:
            raise Unreadable(UNKNOWN) from problem
