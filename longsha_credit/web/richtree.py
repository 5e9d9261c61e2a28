"""A text with headings, lists and tables as a small tree: its blocks, and the one form of a line and of a table."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

MARKS = ("strong", "em", "u", "s", "sup", "sub")  # in the order they are written inside each other
# What cannot be seen and parts a number for a machine but not for a reader; what no database takes.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
SPACES = re.compile("[ \t\n\r\f\u2028\u2029]+")
# an indent is no text
EDGE = " \u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u3000"
BREAK, PICTURE_HERE = "\n", "\ufffc"


class Run(NamedTuple):
    """Text that looks the same; or a line break (BREAK), or a picture (PICTURE_HERE)."""

    text: str
    marks: frozenset[str] = frozenset()
    href: str = ""
    picture: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Line:
    """A paragraph or a heading."""

    runs: tuple[Run, ...]
    tag: str = "p"


@dataclass(frozen=True)
class Listing:
    tag: str
    items: tuple[tuple["Line | Listing", ...], ...]
    start: int = 1


@dataclass(frozen=True)
class Quote:
    blocks: tuple["Line | Listing", ...]


@dataclass(frozen=True)
class Cell:
    tag: str
    blocks: tuple["Line | Listing", ...]
    colspan: int = 1
    rowspan: int = 1
    scope: str = ""


@dataclass(frozen=True)
class Table:
    caption: tuple[Run, ...]
    rows: tuple[tuple[Cell, ...], ...]
    head: int  # how many rows stand in the head


Block = Line | Listing | Quote | Table


def tidy(text: str) -> str:
    """Text without what cannot be seen, each run of white space one space, none at the edges."""
    return SPACES.sub(" ", UNSEEN.sub("", text)).strip(EDGE)


def lines(blocks: Iterable[Block]) -> Iterator[Line]:
    """Every line of text in order, a caption before its table."""
    for block in blocks:
        match block:
            case Line():
                yield block
            case Listing():
                for item in block.items:
                    yield from lines(item)
            case Quote():
                yield from lines(block.blocks)
            case Table():
                yield from [Line(block.caption)] if block.caption else []
                for row in block.rows:
                    for cell in row:
                        yield from lines(cell.blocks)


def settled(runs: Iterable[Run], whole: bool = False) -> list[tuple[Run, ...]]:
    """The lines that `runs` make: two breaks part them, unless they stay `whole`; empty ones are left out."""
    rows: list[list[Run]] = [[]]
    for run in runs:
        if run.text == BREAK:
            rows.append([])
        elif run.text:
            rows[-1].append(run)
    parts: list[list[Run]] = [[]]
    for row in map(_trimmed, rows):
        if row and parts[-1]:
            parts[-1] += [_break_between(parts[-1][-1], row[0]), *row]
        elif row:
            parts[-1] += row
        elif parts[-1] and not whole:
            parts.append([])
    return [tuple(part) for part in parts if part]


def _break_between(before: Run, after: Run) -> Run:
    return Run(BREAK, before.marks & after.marks, before.href if before.href == after.href else "")


def _trimmed(row: list[Run]) -> list[Run]:
    """One row of text: what looks the same joined, white space single, none at the edges."""
    joined: list[Run] = []
    for run in row:
        last = joined[-1] if joined else None
        text = run.text
        if last is None:
            text = text.lstrip(EDGE)
        elif last.text.endswith(" ") and text.startswith(" "):
            text = text[1:]
        if not text:
            continue
        if last and not run.picture and not last.picture and last[1:3] == run[1:3]:
            joined[-1] = last._replace(text=last.text + text)
        else:
            joined.append(run._replace(text=text))
    while joined and not joined[-1].picture:
        text = joined[-1].text.rstrip(EDGE)
        if text:
            joined[-1] = joined[-1]._replace(text=text)
            break
        joined.pop()
    return joined


def headed(caption: tuple[Run, ...], rows: list[list[Cell]], heads: int) -> Table:
    """The first rows are the head where all their cells are th, something follows, and none reaches below."""
    while heads < len(rows) and all(cell.tag == "th" for cell in rows[heads]):
        heads += 1
    reach = max((at + cell.rowspan for at, row in enumerate(rows[:heads]) for cell in row), default=0)
    if heads == len(rows) or reach > heads:
        heads = 0
    return Table(
        caption,
        tuple(
            tuple(
                replace(
                    cell, scope=(cell.scope or ("col" if at < heads else "row")) if cell.tag == "th" else ""
                )
                for cell in row
            )
            for at, row in enumerate(rows)
        ),
        heads,
    )
