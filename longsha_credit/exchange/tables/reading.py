"""Reading an uploaded table row by row: which page, which heads, and the texts of each row in the order of the fields."""

import itertools
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any, NamedTuple

from longsha_credit.exchange.tables import addresses, delimited, heads
from longsha_credit.exchange.tables.fields import KEY, Sheet, Sort
from longsha_credit.exchange.tables.heads import Heads
from longsha_credit.exchange.tables.wrong import Unreadable
from longsha_credit.exchange.tables.xlsx import Book, Page

MOST_PAGES = 20
OLD = "这是旧版的 xls 文件。请用 Excel 或 WPS 打开，另存为 xlsx 再上传。"
LOCKED = "文件设置了打开密码，或者是旧版的 xls。请去掉密码，另存为 xlsx 再上传。"
NAMED_XLSX = "文件后缀是 xlsx，里面却不是 xlsx 表格。请用 Excel 或 WPS 打开，另存为真正的 xlsx 再上传。"
NAMED_CSV = "文件后缀是 csv，里面却是 xlsx 表格。请把后缀改成 .xlsx 再上传。"
EMPTY_FILE = "文件是空的。请打开核对内容，保存以后重新上传。"
NO_ROWS = "表里没有填好的行。请从表头的下一行开始填，一行一条。"
TOO_MANY = "表里超过{}行。请分成几个文件再上传。"
TOTAL = re.compile(r"(合计|总计|小计|共计|累计|总合计|本页合计)([(:].*)?")
FOOTER = re.compile(
    r"(填表人|制表人|填报人|经办人|审核人|复核人|负责人|联系人|联系电话|填报单位|填表单位|填报时间|填报日期|制表日期|制表时间|填表日期|备注|注|说明|注意事项)[0-9]?:"
)
OUR_MARK = re.compile(r".{1,90} 于[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}导出,共[0-9]+条")
QUOTED = re.compile(r"'(?=['=+\-@＝＋－＠0-9])")
BARE_NUMBER = re.compile(r"[-+]?[0-9][0-9,]*(\.[0-9]+)?")
OLE = b"\xd0\xcf\x11\xe0"


class Line(NamedTuple):
    """A row of a file: its number there, the texts in the order of the sheet's fields, and its own number if it has one."""

    number: int
    texts: list[str]
    key: str = ""


class Table:
    """An open file whose heads are found; iterating gives its rows, once. Raises Unreadable while it is read.

    `page` is the name of the page ("" for csv), `columns` says in which column counted from 0 each field stands (a column
    that is not there is missing), `notes` are sentences on what was left out, whole after the last row.
    """

    def __init__(self, sheet: Sheet, source: Any, found: Heads, page: str = ""):
        self.sheet, self.page = sheet, page
        self.columns = found.columns
        self.head_row = found.row
        self.notes: list[str] = []
        self.rows = 0
        self._source, self._found = source, found
        if unknown := [f"“{text[:20]}”" for text in list(found.unknown.values())[:10]]:
            self.notes.append(f"这些列不在模板里，没有读：{'、'.join(unknown)}。")

    def cell(self, row: int, name: str) -> str:
        """The address of a field's cell in a row; of a column that is not there, the address of the row's first cell."""
        return addresses.cell(self.columns.get(name, 0), row)

    def everything(self) -> Iterator[tuple[int, list[str]]]:
        """Every row of the page as it stands, titles and heads with it."""
        return self._source.rows()

    def __iter__(self) -> Iterator[Line]:
        places = [self.columns.get(field.name) for field in self.sheet.fields]
        in_tens = [at for at, field in enumerate(self.sheet.fields) if self._reckoned(field)]
        key_at = self.columns.get(KEY)
        left: dict[str, list[int]] = {}
        for number, cells in self._source.rows():
            if number <= self._found.row:
                continue
            texts = [_text(cells[at]) if at is not None and at < len(cells) else "" for at in places]
            if not any(texts):
                continue
            if why := self._left_out(texts, cells):
                left.setdefault(why, []).append(number)
                continue
            self.rows += 1
            if self.rows > self.sheet.most_rows:
                raise Unreadable(TOO_MANY.format(self.sheet.most_rows))
            for at in in_tens:
                if BARE_NUMBER.fullmatch(texts[at]):
                    texts[at] += "万元"
            yield Line(
                number, texts, cells[key_at].strip() if key_at is not None and key_at < len(cells) else ""
            )
        self._tell(left)

    def _reckoned(self, field: Any) -> bool:
        return field.sort is Sort.MONEY and field.name in self._found.in_tens_of_thousands

    def _left_out(self, texts: list[str], cells: list[str]) -> str:
        """What a row is that says nothing of its own: the template's example, a total, what stands below the table."""
        firsts = [unicodedata.normalize("NFKC", cell) for cell in cells if cell.strip()][:3]
        bare = [re.sub(r"\s+", "", text) for text in firsts]
        lacks = any(field.required and not text for field, text in zip(self.sheet.fields, texts, strict=True))
        if TOTAL.fullmatch(bare[0]) or (lacks and any(map(TOTAL.fullmatch, bare))):
            return "合计行"
        if lacks and OUR_MARK.match(firsts[0]):
            return "导出时的落款"
        if lacks and FOOTER.match(bare[0]):
            return "表下的说明"
        return "例子" if self._is_example(texts) else ""

    def _is_example(self, texts: list[str]) -> bool:
        shown = [
            (text, field.example)
            for field, text in zip(self.sheet.fields, texts, strict=True)
            if field.example
        ]
        return len(shown) > 1 and all(text == example for text, example in shown)

    def _tell(self, left: dict[str, list[int]]) -> None:
        for why, numbers in left.items():
            listed = "、".join(map(str, numbers[:10])) + ("等" if len(numbers) > 10 else "")
            self.notes.append(f"第{listed}行是{why}，没有读。")
        if hidden := self._source.hidden_rows:
            self.notes.append(f"有{hidden}个隐藏的行，也一起读了。不要的请删去。")


@contextmanager
def on_disk(upload: Any) -> Iterator[str]:
    """The path of an upload or a stored file for as long as it is read; `upload` gives its content by chunks()."""
    with tempfile.NamedTemporaryFile() as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        yield copy.name


@contextmanager
def opened(path: Any, sheet: Sheet, name: str = "") -> Iterator[Table]:
    """A file on disk as a table of `sheet`; `name` is what its owner calls it. Raises Unreadable.

    A file without a row is Unreadable only when read to its end: see `lines`.
    """
    with open(path, "rb") as file:
        start = file.read(8)
    ending = PurePath(name or str(path)).suffix.lower()
    if not start:
        raise Unreadable(EMPTY_FILE)
    if start.startswith(OLE):
        raise Unreadable(LOCKED if ending == ".xlsx" else OLD)
    if start.startswith(b"PK"):
        if ending == ".csv":
            raise Unreadable(NAMED_CSV)
        book = Book(path)
        try:
            yield _of_book(book, sheet)
        finally:
            book.close()
    else:
        if ending in (".xlsx", ".xls"):
            delimited.encoding_of(path)  # says of a web page that it is one
            raise Unreadable(NAMED_XLSX)
        yield _of_text(path, sheet)


def lines(table: Table) -> Iterator[Line]:
    """The rows of a table; one without any is refused at the end. Raises Unreadable."""
    yield from table
    if not table.rows:
        raise Unreadable(NO_ROWS)


class _Paged:
    def __init__(self, book: Book, page: Page):
        self._book, self._page = book, page

    @property
    def hidden_rows(self) -> int:
        return self._book.hidden_rows

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        return self._book.rows(self._page)


class _Parted:
    hidden_rows = 0

    def __init__(self, path: Any, encoding: str, delimiter: str):
        self._path, self._encoding, self._delimiter = path, encoding, delimiter

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        return delimited.rows(self._path, self._encoding, self._delimiter)


def _of_book(book: Book, sheet: Sheet) -> Table:
    """The visible page whose heads fit best; where several fit equally the first, and a note of the others."""
    shown = [page for page in book.pages if page.visible][:MOST_PAGES]
    fitting: list[tuple[Heads, Page]] = []
    for page in shown:
        if found := heads.best(sheet, list(itertools.islice(book.rows(page), heads.LOOKED_AT))):
            fitting.append((found, page))
    if not fitting:
        raise _no_heads(
            sheet, f"看过的工作表：{'、'.join(page.name for page in shown[:5])}。" if len(shown) > 1 else ""
        )
    most = max(found.found for found, _ in fitting)
    chosen = [(found, page) for found, page in fitting if found.found == most]
    found, page = chosen[0]
    heads.check(sheet, found, f"工作表“{page.name}”" if len(shown) > 1 else "")
    table = Table(sheet, _Paged(book, page), found, page.name)
    if len(chosen) > 1:
        others = "、".join(f"“{other.name}”" for _, other in chosen[1:5])
        table.notes.append(f"只读了工作表“{page.name}”。{others}的表头也对得上，请另外上传。")
    return table


def _of_text(path: Any, sheet: Sheet) -> Table:
    encoding = delimited.encoding_of(path)
    chosen: tuple[Heads, _Parted] | None = None
    problem: Unreadable | None = None
    for delimiter in delimited.DELIMITERS:
        source = _Parted(path, encoding, delimiter)
        try:
            found = heads.best(sheet, list(itertools.islice(source.rows(), heads.LOOKED_AT)))
        except Unreadable as unreadable:
            problem = problem or unreadable
            continue
        if found and (chosen is None or found.found > chosen[0].found):
            chosen = found, source
    if chosen is None:
        raise problem or _no_heads(sheet, "")
    heads.check(sheet, chosen[0], "")
    return Table(sheet, chosen[1], chosen[0])


def _no_heads(sheet: Sheet, looked_at: str) -> Unreadable:
    wanted = "”“".join([one.label for one in sheet.fields if one.required][:4] or [sheet.fields[0].label])
    return Unreadable(f"没有找到表头。表里应当有一行写着“{wanted}”等，请下载模板照着填。{looked_at}")


def _text(cell: str) -> str:
    """A cell without the quotation mark that keeps a formula or a number a text; our own export puts it there."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and QUOTED.match(text) else text
