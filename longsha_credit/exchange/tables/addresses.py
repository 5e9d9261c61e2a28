"""Columns by letter and by number, as spreadsheets count them."""

from functools import cache


@cache
def letters(at: int) -> str:
    """The letters of a column counted from 0: A, Z, AA."""
    text, at = "", at + 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


@cache
def number(letters: str) -> int:
    """The column counted from 0 of its letters; -1 where they are none."""
    at = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            return -1
        at = at * 26 + ord(letter) - ord("A") + 1
    return at - 1


def cell(column: int, row: int) -> str:
    """The address of a cell such as C7, of a column counted from 0 and a row counted from 1."""
    return f"{letters(column)}{row}"
