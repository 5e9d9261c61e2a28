"""Any HTML read into the tree of a text, whatever is wrong with it."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html.parser import HTMLParser

import nh3

from longsha_credit.web.richtree import (
    BREAK,
    MARKS,
    PICTURE_HERE,
    SPACES,
    UNSEEN,
    Block,
    Cell,
    Line,
    Listing,
    Quote,
    Run,
    headed,
    lines,
    settled,
    tidy,
)

SAME_AS = {"b": "strong", "i": "em", "ins": "u", "strike": "s", "del": "s"} | {
    "h1": "h2",
    "h5": "h4",
    "h6": "h4",
}
HEADINGS = frozenset({"h2", "h3", "h4"})
LISTS = frozenset({"ul", "ol"})
SECTIONS = ("thead", "tbody", "tfoot")
# Elements that end a line of text without being kept themselves.
LINES = {
    *(
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "aside",
        "nav",
        "figure",
        "center",
        "address",
    ),
    *("figcaption", "dl", "dt", "dd", "form", "fieldset", "legend", "details", "summary", "hr", "pre"),
    *("li", "tr", "td", "th", "caption", "thead", "tbody", "tfoot"),
}
# Their text is no text of the document.
SILENT = {
    *("script", "style", "head", "title", "noscript", "template", "iframe", "object", "embed", "svg", "math"),
    *("select", "textarea"),
}
ALLOWED = {
    *("br", "img", "a", "table", "blockquote", "ul", "ol"),
    *HEADINGS,
    *MARKS,
    *SAME_AS,
    *LINES,
}
ATTRIBUTES = {
    "ol": {"start"},
    "a": {"href"},
    "img": {"data-picture", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
ADDRESS = re.compile(r"(?i)(?:https?://[^/?#]|mailto:[^@]+@[^@]|tel:\+?[\d-]+$)")
PICTURE = re.compile("[0-9a-f]{64}")
LONE_AMPERSAND = re.compile("&(?![a-zA-Z#])")
SCOPES = frozenset({"row", "col", "rowgroup", "colgroup"})
MOST_COLUMNS = 60
MOST_ROWS = 2000
OPENED = re.compile("<(/?)([a-zA-Z][^\\s/>]*)")
ENDED_BY_OTHERS = frozenset(
    {*("p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "br", "img", "hr", "col", "input")}
)
DEEPEST_READ = 500  # the parser's time grows with the square
DEEPEST = 120  # beyond, an element's text goes to the one around it
DEEPEST_LIST = 4
HIGHEST_START = 9999
LONGEST_ALT = 300
LONGEST_ADDRESS = 2000


class Tangled(Exception):
    """Elements stand inside each other as no office program writes them."""


@lru_cache(maxsize=16)  # one text is cleaned, read for its pictures and drawn in a row
def tree(html: str) -> tuple[Block, ...]:
    """The blocks of any HTML, whatever is wrong with it; raises Tangled."""
    if _depth(html) > DEEPEST_READ:
        raise Tangled
    safe = nh3.clean(
        LONE_AMPERSAND.sub("&amp;", UNSEEN.sub("", html)),  # each costs the parser an error's time
        tags=ALLOWED,
        clean_content_tags=SILENT,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(safe)
    reader.close()
    flow = _Flow()
    flow.walk(reader.root, frozenset(), "", "p")
    return tuple(flow.finished())


def _depth(html: str) -> int:
    """At least how many elements may stand inside each other, most of the time."""
    counts: dict[str, int] = {}
    depth = deepest = 0
    for end, name in OPENED.findall(html):
        tag = name.lower()
        if tag in ENDED_BY_OTHERS or (end and not counts.get(tag)):
            continue
        step = -1 if end else 1
        counts[tag] = counts.get(tag, 0) + step
        depth += step
        deepest = max(deepest, depth)
    return deepest


@dataclass
class _Element:
    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list["_Element | str"] = field(default_factory=list)


class _Reader(HTMLParser):
    """Builds elements from what nh3 wrote: well-formed, quoted, known tags only."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = _Element("div")
        self.open = [self.root]
        self.skipped = 0

    def handle_starttag(self, tag, attrs):
        element = _Element(SAME_AS.get(tag, tag), {name: value or "" for name, value in attrs})
        if tag in ("br", "img", "hr"):
            self.open[-1].children.append(element)
        elif len(self.open) > DEEPEST:
            self.skipped += 1
            if element.tag not in MARKS and tag != "a":
                self.open[-1].children.append(_Element("br"))
        else:
            self.open[-1].children.append(element)
            self.open.append(element)

    def handle_endtag(self, tag):
        if self.skipped:
            self.skipped -= 1
        elif len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data):
        self.open[-1].children.append(data)


class _Flow:
    """Collects the blocks of a document, a cell, an item or a quotation while its elements are walked."""

    def __init__(self, within: str = "", depth: int = 0):
        self.within = within  # "" for the document; elsewhere no headings, tables and quotations
        self.depth = depth
        self.blocks: list[Block] = []
        self.pending: list[Run] = []

    def finished(self) -> list[Block]:
        self.flush("p")
        return self.blocks

    def flush(self, tag: str) -> None:
        runs, self.pending = self.pending, []
        tag = "p" if self.within else tag
        self.blocks += [Line(part, tag) for part in settled(runs, whole=tag != "p")]

    def walk(self, element: _Element, marks: frozenset[str], href: str, tag: str) -> None:
        for child in element.children:
            if isinstance(child, str):
                self.text(child, marks, href, element.tag == "pre")
            elif child.tag == "br":
                self.pending.append(Run(BREAK))
            elif child.tag == "img":
                self.picture(child)
            elif child.tag in MARKS:
                self.walk(child, marks | {child.tag}, href, tag)
            elif child.tag == "a":
                self.walk(child, marks, _address(child.attrs.get("href", "")), tag)
            else:
                self.block(child, marks, href, tag)

    def text(self, text: str, marks: frozenset[str], href: str, as_written: bool) -> None:
        text = UNSEEN.sub("", text)
        for number, part in enumerate(text.split("\n") if as_written else [text]):
            if number:
                self.pending.append(Run(BREAK))
            self.pending.append(Run(SPACES.sub(" ", part), marks, href))

    def picture(self, element: _Element) -> None:
        if PICTURE.fullmatch(element.attrs.get("data-picture", "")):
            alt = tidy(tidy(element.attrs.get("alt", ""))[:LONGEST_ALT])
            self.pending.append(Run(PICTURE_HERE, picture=element.attrs["data-picture"], alt=alt))

    def block(self, child: _Element, marks: frozenset[str], href: str, tag: str) -> None:
        self.flush(tag)
        if child.tag in LISTS and self.depth < DEEPEST_LIST:
            items = tuple(self.items(child))
            start = _span(child.attrs.get("start", ""), HIGHEST_START) if child.tag == "ol" else 1
            self.blocks += [Listing(child.tag, items, start)] if items else []
        elif child.tag == "table" and not self.within:
            self.blocks += _table(child)
        elif child.tag == "blockquote" and not self.within:
            quoted = _inside(child, "quote", marks)
            self.blocks += [Quote(quoted)] if quoted else []
        elif child.tag == "tr" and self.within:
            self.row_as_line(child, marks)
        else:
            inner = child.tag if child.tag in HEADINGS else tag
            self.walk(child, marks, href, inner)
            self.flush(inner)

    def items(self, listing: _Element) -> Iterator[tuple[Line | Listing, ...]]:
        """The items of a list; a list right inside a list belongs to the item before it."""
        waiting: tuple[Line | Listing, ...] = ()
        for child in listing.children:
            tag = child.tag if isinstance(child, _Element) else ""
            blocks = _inside(
                child if tag == "li" else _Element("li", {}, [child]), "item", depth=self.depth + 1
            )
            if tag in LISTS and waiting:
                waiting += blocks
                continue
            if waiting and blocks:
                yield waiting
            waiting = blocks or waiting
        if waiting:
            yield waiting

    def row_as_line(self, row: _Element, marks: frozenset[str]) -> None:
        """A row of a table inside a table: one line, its cells apart by a wide space."""
        for cell in row.children:
            found = _inside(cell, "cell", marks) if isinstance(cell, _Element) else ()
            for at, line in enumerate(lines(found)):
                self.pending += [Run(" " if at else "\u3000"), *line.runs]
        self.flush("p")


def _inside(element: _Element, within: str, marks: frozenset[str] = frozenset(), depth: int = 0):
    """The lines and lists inside an item, a cell or a quotation."""
    flow = _Flow(within, depth)
    flow.walk(element, marks, "", "p")
    return tuple(flow.finished())


def _address(given: str) -> str:
    """A link's address, or "" for one that is not kept."""
    address = given.strip(" \t\n\r\f")
    if len(address) > LONGEST_ADDRESS or UNSEEN.search(address) or re.search(r"\s", address):
        return ""
    return address if ADDRESS.match(address) else ""


def _table(element: _Element) -> list[Block]:
    """The table, or its caption alone where it has no cells."""
    caption: list[Run] = []
    sections: dict[str, list[list[list[Cell]]]] = {name: [] for name in SECTIONS}
    for child in element.children:
        if not isinstance(child, _Element):
            continue
        if child.tag == "caption":
            caption += [Run(BREAK), *_one_line(child)]
        elif child.tag in SECTIONS:
            rows = [row for row in child.children if isinstance(row, _Element) and row.tag == "tr"]
            sections[child.tag].append(_section([_cells(row) for row in rows], child.tag == "thead"))
    named = settled(caption, whole=True)
    heads = sum(len(part) for part in sections["thead"])
    rows = [row for name in SECTIONS for part in sections[name] for row in part]
    if not rows:
        return [Line(part) for part in named]
    return [headed(named[0] if named else (), rows, heads)]


def _one_line(element: _Element) -> list[Run]:
    return [run for line in lines(_inside(element, "cell")) for run in (Run(BREAK), *line.runs)]


def _cells(row: _Element) -> list[Cell]:
    return [
        Cell(
            child.tag,
            _inside(child, "cell"),
            _span(child.attrs.get("colspan", ""), MOST_COLUMNS),
            _span(child.attrs.get("rowspan", ""), MOST_ROWS),
            child.attrs.get("scope", "") if child.attrs.get("scope") in SCOPES else "",
        )
        for child in row.children
        if isinstance(child, _Element) and child.tag in ("td", "th")
    ]


def _span(given: str, most: int) -> int:
    return max(1, min(int(given), most)) if re.fullmatch(r"[0-9]{1,6}", given) else 1


def _section(rows: list[list[Cell]], head: bool) -> list[list[Cell]]:
    """Rows without cells are left out; no cell reaches over the section's end; all cells of a head are th."""
    kept = [number for number, row in enumerate(rows) if row]
    return [
        [
            replace(
                cell,
                tag="th" if head else cell.tag,
                rowspan=bisect_left(kept, number + cell.rowspan) - at,
            )
            for cell in rows[number]
        ]
        for at, number in enumerate(kept)
    ]
