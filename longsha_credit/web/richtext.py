"""The text of a notice as it is kept: one canonical form of HTML, and what is made from it."""

import datetime
import re
from collections.abc import Callable, Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from longsha_credit.web.richread import Tangled, tree
from longsha_credit.web.richtree import (
    BREAK,
    MARKS,
    Block,
    Cell,
    Line,
    Listing,
    Quote,
    Run,
    Table,
    lines,
    tidy,
)

LONGEST = 200_000
MOST_READ = 2 * LONGEST  # what an editor or a page brings along besides the text
MOST_SIGNS = 40_000  # of < and of & each: every one costs the parser the time of a hundred letters
HEADING = re.compile(r"[一二三四五六七八九十百]{1,4}、")
SUBHEADING = re.compile(r"[（(][一二三四五六七八九十百]{1,4}[）)]")
LONGEST_HEADING = 40
ITEM = "- "
# 2026年11月24日, 二〇二六年十一月二十四日: the line a document ends with
SIGNED = re.compile(
    r"([0-9〇零一二三四五六七八九]{4})年([0-9一二三四五六七八九十]{1,2})月([0-9一二三四五六七八九十]{1,3})日"
)
NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")


class TooLong(ValueError):
    """A text beyond LONGEST, or too entangled; `str()` is a Chinese sentence that says so and what to do."""

    def __init__(self, sentence: str = ""):
        super().__init__(
            sentence
            or f"正文连同格式超过 {LONGEST // 10_000} 万个字符。请把长表格、名单改作附件，或分成几份。"
        )


def clean(html: str) -> str:
    """The one canonical form of `html` that is stored; clean(clean(x)) == clean(x). Raises TooLong.

    Kept: h2 h3 h4 p br strong em u s sup sub ul ol[start] li blockquote, table caption thead tbody tr th[scope] td with
    colspan and rowspan, a[href] to http, https, mailto and tel, img[data-picture=<sha256>, alt].
    """
    return _written(_read(html))


def to_text(html: str) -> str:
    """Plain text for search, scanner and differences: a line per block and table row, tabs between cells, [图：alt].

    A link whose text is not its address is followed by the address: a changed one is a changed text.
    """
    rows = []
    for block in _read(html):
        if isinstance(block, Table):
            rows += [_text_of(block.caption)] if block.caption else []
            rows += ["\t".join(_text_in(cell.blocks) for cell in row) for row in block.rows]
        else:
            rows += [_text_of(line.runs) for line in lines([block])]
    return "\n".join(rows)


def parts(html: str) -> list[str | tuple[str, list[list[str]]]]:
    """The lines of a text in order, a table as its caption and its rows of texts."""
    found: list[str | tuple[str, list[list[str]]]] = []
    for block in _read(html):
        if isinstance(block, Table):
            rows = [[_text_in(cell.blocks) for cell in row] for row in block.rows]
            found.append((_text_of(block.caption), rows))
        else:
            found += [text for line in lines([block]) if (text := _text_of(line.runs))]
    return found


def signed_on(html: str) -> datetime.date | None:
    """The day in the last line, where a document ends with its day alone; None where it does not."""
    written = to_text(html).split("\n")
    found = SIGNED.fullmatch("".join(written[-1].split())) if written else None
    try:
        return datetime.date(*map(_number, found.groups())) if found else None
    except ValueError:
        return None


def _number(words: str) -> int:
    """20, 2026, 二〇二六, 十, 二十四 as a number."""
    if "十" not in words:
        return int(words.translate(NUMERALS))
    tens, _, ones = words.partition("十")
    return int(tens.translate(NUMERALS) or 1) * 10 + int(ones.translate(NUMERALS) or 0)


def render(html: str, pictures: dict[str, str]) -> SafeString:
    """`html` for a page, cleaned again; `pictures` gives the address of each sha256, one unknown is told in words."""
    return mark_safe(f'<div class="rich">{_Page(pictures).write(_read(html))}</div>')  # noqa: S308


def pictures_in(html: str) -> list[str]:
    """The sha256 of every picture, in order, each once."""
    return list(dict.fromkeys(run.picture for line in lines(_read(html)) for run in line.runs if run.picture))


def pictures_without_words(html: str) -> int:
    """How many places of the text show a picture that says nothing to who cannot see it."""
    runs = [run for line in lines(_read(html)) for run in line.runs]
    return sum(bool(run.picture) and not run.alt.strip() for run in runs)


def rewrite(html: str, change: Callable[[str], str]) -> str:
    """`html` with `change` applied to the text of every block, whatever is bold in it; raises ValueError.

    `change` must keep the length. In a block's text a line break is one "\\n" and a picture one "\\ufffc". A picture's
    alt and a link's address are given to it as texts of their own; a link whose address changes is undone.
    """
    return clean(_Changed(change).write(_read(html)))


def from_plain(text: str) -> str:
    """Canonical HTML of what was written in the plain box. Raises TooLong.

    Every line is a paragraph; one that begins with 一、 is a heading and with （一） a lower one, if it is short and
    no sentence; "- " begins an item of a list. An empty line parts two lists.
    """
    if len(text) > MOST_READ:
        raise TooLong
    blocks: list[Block] = []
    listing = False
    for given in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = tidy(given)
        item = line.startswith(ITEM) and tidy(line[len(ITEM) :])
        if item and listing:
            blocks[-1] = Listing("ul", (*blocks[-1].items, (_line(item),)))
        elif item:
            blocks.append(Listing("ul", ((_line(item),),)))
        elif line:
            blocks.append(_line(line, heading_of(line) or "p"))
        listing = bool(item)
    return _written(blocks)


def to_plain(html: str) -> str | None:
    """What the plain box shows for `html`, or None where it cannot hold it: from_plain gives back the same."""
    blocks, rows, last = _read(html), [], None
    for block in blocks:
        if isinstance(block, Listing):
            rows += [""] if isinstance(last, Listing) else []
            rows += [ITEM + _plain(line) for line in lines([block])]
        else:
            rows += [_plain(line) for line in lines([block])]
        last = block
    text = "\n".join(rows)
    return text if from_plain(text) == _written(blocks) else None


def heading_of(line: str) -> str:
    """h2 for 一、…, h3 for （一）…, where the line is no sentence; else ""."""
    if len(line) > LONGEST_HEADING or line.endswith(("。", "；", "，", "：", ".", ";", ":")):
        return ""
    return "h2" if HEADING.match(line) else "h3" if SUBHEADING.match(line) else ""


def _line(text: str, tag: str = "p") -> Line:
    return Line((Run(text),), tag)


def _plain(line: Line) -> str:
    return "".join(run.text for run in line.runs)


def _read(html: str) -> tuple[Block, ...]:
    if len(html) > MOST_READ:
        raise TooLong
    if html.count("<") > MOST_SIGNS or html.count("&") > MOST_SIGNS:
        raise TooLong("正文的格式太碎，有几万处。请复制到记事本去掉格式，再粘贴进来。")
    try:
        return tree(html)
    except Tangled as problem:
        raise TooLong("正文的格式一层套一层，太多了。请复制到记事本去掉格式，再粘贴进来。") from problem


def _written(blocks: Iterable[Block]) -> str:
    html = _Stored().write(blocks)
    if len(html) > LONGEST:
        raise TooLong
    return html


def _text_of(runs: Iterable[Run]) -> str:
    """Text of one line, with what a link leads to and what a picture shows."""
    parts, href, linked = [], "", ""
    for run in (*runs, Run("")):
        if href and run.href != href:
            parts.append("" if linked in (href, href.partition(":")[2]) else f"（{href}）")
            linked = ""
        href = run.href
        text = f"[图：{run.alt}]" if run.picture else run.text.replace(BREAK, " ")
        linked += text if href else ""
        parts.append(text)
    return "".join(parts)


def _text_in(blocks: Iterable[Block]) -> str:
    return " ".join(_text_of(line.runs) for line in lines(blocks))


# --- Writing -----------------------------------------------------------------------------------------------------


class _Stored:
    """Writes blocks in the canonical form."""

    def write(self, blocks: Iterable[Block]) -> str:
        return "".join(map(self.block, blocks))

    def block(self, block: Block) -> str:
        match block:
            case Line():
                return f"<{block.tag}>{self.runs(block.runs)}</{block.tag}>"
            case Listing():
                items = "".join(f"<li>{self.inside(item)}</li>" for item in block.items)
                start = f' start="{block.start}"' if block.start > 1 else ""
                return f"<{block.tag}{start}>{items}</{block.tag}>"
            case Quote():
                return f"<blockquote>{self.write(block.blocks)}</blockquote>"
            case Table():
                return self.table(block)

    def inside(self, blocks: tuple[Line | Listing, ...]) -> str:
        """The content of an item or a cell: one line stands there without a paragraph."""
        if sum(isinstance(block, Line) for block in blocks) > 1:
            return self.write(blocks)
        return "".join(self.runs(b.runs) if isinstance(b, Line) else self.block(b) for b in blocks)

    def table(self, table: Table) -> str:
        caption = f"<caption>{self.runs(table.caption)}</caption>" if table.caption else ""
        head, body = table.rows[: table.head], table.rows[table.head :]
        return f"<table>{caption}{self.section('thead', head)}{self.section('tbody', body)}</table>"

    def section(self, tag: str, rows: Iterable[tuple[Cell, ...]]) -> str:
        written = "".join(f"<tr>{''.join(map(self.cell, row))}</tr>" for row in rows)
        return f"<{tag}>{written}</{tag}>" if written else ""

    def cell(self, cell: Cell) -> str:
        spans = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
        spans += f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
        spans += f' scope="{cell.scope}"' if cell.scope else ""
        return f"<{cell.tag}{spans}>{self.inside(cell.blocks)}</{cell.tag}>"

    def runs(self, runs: Iterable[Run]) -> str:
        """Runs of text, each inside its marks, which stay open as long as they can."""
        written: list[str] = []
        opened: list[tuple[str, str]] = []
        for run in (*runs, Run("")):
            wanted = [("a", run.href)] if run.href else []
            wanted += [(mark, "") for mark in MARKS if mark in run.marks]
            common = 0
            while common < min(len(opened), len(wanted)) and opened[common] == wanted[common]:
                common += 1
            written += [f"</{tag}>" for tag, _ in reversed(opened[common:])]
            written += [self.link(href) if tag == "a" else f"<{tag}>" for tag, href in wanted[common:]]
            opened = wanted
            written.append(self.run(run))
        return "".join(written)

    def run(self, run: Run) -> str:
        if run.picture:
            return self.picture(run)
        return "<br>" if run.text == BREAK else _escaped(run.text)

    def link(self, href: str) -> str:
        return f'<a href="{_escaped(href)}">'

    def picture(self, run: Run) -> str:
        return f'<img data-picture="{run.picture}" alt="{_escaped(run.alt)}">'


class _Page(_Stored):
    """Writes blocks for a reader: pictures with their address, tables that scroll."""

    def __init__(self, pictures: dict[str, str]):
        self.pictures = pictures
        self.tables = 0

    def table(self, table: Table) -> str:
        self.tables += 1
        name = _text_of(table.caption) or f"表格{self.tables}"
        frame = f'<div class="table-frame" role="region" tabindex="0" aria-label="{_escaped(name)}">'
        return f"{frame}{super().table(table)}</div>"

    def link(self, href: str) -> str:
        return f'<a href="{_escaped(href)}" rel="noopener">'

    def picture(self, run: Run) -> str:
        address = self.pictures.get(run.picture)
        if not address:
            return f"［图：{_escaped(run.alt or '没有说明')}］"
        return f'<img src="{_escaped(address)}" alt="{_escaped(run.alt)}" loading="lazy">'


class _Changed(_Stored):
    """Writes blocks whose texts went through a change that keeps their length."""

    def __init__(self, change: Callable[[str], str]):
        self.change = change

    def runs(self, runs: Iterable[Run]) -> str:
        runs = tuple(runs)
        text = self.changed("".join(run.text for run in runs))
        at, new = 0, []
        for run in runs:
            mine = text[at : at + len(run.text)]
            at += len(run.text)
            if run.picture:
                new.append(run._replace(alt=self.changed(run.alt)))
            elif run.text == BREAK:
                new.append(run)
            else:
                href = run.href if self.changed(run.href) == run.href else ""
                new.append(run._replace(text=mine, href=href))
        return super().runs(new)

    def changed(self, text: str) -> str:
        new = self.change(text) if text else text
        if len(new) != len(text):
            raise ValueError("change must keep the length of the text")
        return new


def _escaped(text: str) -> str:
    return str(escape(text))
