"""Word's automatic numbering: which 一、 or （2） stands before a paragraph although nobody typed it."""

import re
from dataclasses import dataclass

from lxml import etree

from disclosure.word_package import Styles, W, is_on, value

DIGITS = "零一二三四五六七八九"
LEGAL = "零壹贰叁肆伍陆柒捌玖"
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
BULLET = "bullet"
DEEPEST = 9
HIGHEST = 9999
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")) + (
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """What stands before a paragraph: a label as it is read, or "" with `bullet`; and how deep it is, from 0."""

    label: str
    level: int
    bullet: bool


class Numbering:
    """Counts while a document is read from its beginning to its end."""

    def __init__(self, root: etree._Element | None, styles: Styles):
        self.styles = styles
        self.lists: dict[str, tuple[str, dict[int, etree._Element], dict[int, int]]] = {}
        self.counts: dict[str, dict[int, int]] = {}
        self.started: set[tuple[str, int]] = set()
        if root is not None:
            abstract = {a.get(f"{W}abstractNumId", ""): a for a in root.iter(f"{W}abstractNum")}
            for number in root.findall(f"{W}num"):
                self._read(number, abstract, root)

    def mark(self, paragraph: etree._Element) -> Mark | None:
        """The mark of the next paragraph of the document; None where it has none."""
        number, level = self._place(paragraph)
        if number not in self.lists:
            return None
        shared, levels, restarts = self.lists[number]
        if level not in levels:
            return None
        counts = self.counts.setdefault(shared, {})
        if level in restarts and (number, level) not in self.started:
            self.started.add((number, level))
            counts[level] = restarts[level]
        else:
            counts[level] = counts.get(level, _start(levels[level]) - 1) + 1
        for deeper in [other for other in counts if other > level]:
            if value(levels[deeper].find(f"{W}lvlRestart") if deeper in levels else None) != "0":
                del counts[deeper]
        kind = _kind(levels[level])
        return Mark("" if kind == BULLET else self._label(levels, counts, level), level, kind == BULLET)

    def _read(
        self, number: etree._Element, abstract: dict[str, etree._Element], root: etree._Element
    ) -> None:
        shared = value(number.find(f"{W}abstractNumId"))
        definition = abstract.get(shared)
        link = value(definition.find(f"{W}numStyleLink")) if definition is not None else ""
        if link:  # the list is described where the style of that name is
            shared, definition = next(
                (item for item in abstract.items() if value(item[1].find(f"{W}styleLink")) == link),
                (shared, definition),
            )
        if definition is None:
            return
        levels = {_level(one): one for one in definition.findall(f"{W}lvl")}
        restarts = {}
        for override in number.findall(f"{W}lvlOverride"):
            own, start = override.find(f"{W}lvl"), override.find(f"{W}startOverride")
            if own is not None:
                levels[_level(override)] = own
            if start is not None:
                restarts[_level(override)] = _whole(value(start), 1)
        self.lists[number.get(f"{W}numId", "")] = (shared, levels, restarts)

    def _place(self, paragraph: etree._Element) -> tuple[str, int]:
        """The list and the level of a paragraph, from itself or from its style."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        number = value(own.find(f"{W}numId")) if own is not None else ""
        level = value(own.find(f"{W}ilvl")) if own is not None else ""
        if number:
            return number, _whole(level, 0)
        for style in self.styles.chain(self.styles.of(paragraph)):
            given = style.find(f"{W}pPr/{W}numPr")
            number = value(given.find(f"{W}numId")) if given is not None else ""
            if number:
                return number, self._level_of(number, style, level or value(given.find(f"{W}ilvl")))
        return "", 0

    def _level_of(self, number: str, style: etree._Element, given: str) -> int:
        """The level that names the style, else the one given."""
        levels = self.lists[number][1] if number in self.lists else {}
        name = style.get(f"{W}styleId")
        return next(
            (at for at, one in levels.items() if value(one.find(f"{W}pStyle")) == name), _whole(given, 0)
        )

    def _label(self, levels: dict[int, etree._Element], counts: dict[int, int], level: int) -> str:
        own = levels[level]
        plain = is_on(own.find(f"{W}isLgl"))

        def number(found: re.Match) -> str:
            at = int(found[1]) - 1
            if at not in levels:
                return ""
            kind = "decimal" if plain and _kind(levels[at]) != "decimalZero" else _kind(levels[at])
            return written(counts.get(at, _start(levels[at])), kind)

        label = re.sub("%([1-9])", number, value(own.find(f"{W}lvlText")))
        after = value(own.find(f"{W}suff")) or "tab"
        return label + (
            " " if after == "space" or (after == "tab" and label[-1:].isascii() and label) else ""
        )


def written(number: int, kind: str) -> str:
    """A number as a list of this kind (w:numFmt) writes it."""
    if not 0 <= number <= HIGHEST:
        return str(number)
    if kind in ("none", BULLET):
        return ""
    if kind in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):
        return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))
    if kind in ("chineseLegalSimplified", "ideographLegalTraditional"):
        return _chinese(number, LEGAL, "拾佰仟")
    if kind.startswith(("chinese", "japanese", "taiwanese")):
        return _chinese(number, DIGITS, "十百千")
    if kind == "decimalFullWidth" or kind == "decimalFullWidth2":
        return str(number).translate({ord("0") + n: chr(0xFF10 + n) for n in range(10)})
    if kind.startswith("decimalEnclosed") and 1 <= number <= 20:
        first = {"decimalEnclosedFullstop": 0x2488, "decimalEnclosedParen": 0x2474}.get(kind, 0x2460)
        return chr(first + number - 1)
    if kind == "decimalZero":
        return f"{number:02d}"
    if kind in ("ideographTraditional", "ideographZodiac") and number:
        row = STEMS if kind == "ideographTraditional" else BRANCHES
        return row[number - 1] if number <= len(row) else str(number)
    if kind in ("upperLetter", "lowerLetter") and number:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in ("upperRoman", "lowerRoman"):
        return _roman(number).upper() if kind == "upperRoman" else _roman(number)
    return str(number)


def _chinese(number: int, digits: str, units: str) -> str:
    """一, 十, 十二, 二十, 一百零三."""
    if not number:
        return digits[0]
    text, places = "", str(number)
    for at, digit in enumerate(map(int, places)):
        place = len(places) - at - 1
        if digit:
            text += digits[digit] + (units[place - 1] if place else "")
        elif not text.endswith(digits[0]):
            text += digits[0]
    text = text.rstrip(digits[0])
    return text[1:] if 10 <= number < 20 and digits is DIGITS else text


def _roman(number: int) -> str:
    text = ""
    for amount, letters in ROMAN:
        text += letters * (number // amount)
        number %= amount
    return text


def _kind(level: etree._Element) -> str:
    return value(level.find(f"{W}numFmt")) or "decimal"


def _start(level: etree._Element) -> int:
    return _whole(value(level.find(f"{W}start")), 1)


def _level(element: etree._Element) -> int:
    return _whole(element.get(f"{W}ilvl", ""), 0)


def _whole(text: str, otherwise: int) -> int:
    return int(text) if re.fullmatch("[0-9]{1,5}", text) else otherwise
