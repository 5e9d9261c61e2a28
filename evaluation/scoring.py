"""From facts and marks to points and a grade: pure functions, exact in hundredths of a point.

An indicator's `measures` is a list of {"metric", "style", "points", …}; points in hundredths, adding up to the
indicator's own. Styles and what else they say:

- rate: the share of the numerator in the denominator; under `floor` percent nothing (建议 60, domain §4.4).
- linear: nothing at `low` percent, all at `high`, a straight line between.
- each: `unit` hundredths for each one counted, up to the points.
- minus: the points less `unit` hundredths for each one counted, never below nothing.
- steps: the points of the highest step reached; `steps` is [[at least so many, hundredths], …].

`sample`: a denominator below it makes the measure not applicable. `missing` says what no fact means: "none" (not
applicable; the default of rate and linear), "zero" (nothing counted; the default of the others) or "await" (it has
yet to be brought in). A rate or linear measure with nothing to divide by is not applicable.

What people judge has no measures; the steps they may give (A, B, C, C#; 符合3项3分) stand in the indicator's scale.
Whatever is rounded is rounded once, a half going up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

CANDIDATE, PASSED, NURTURED, BELOW = "candidate", "passed", "nurtured", "below"
GRADES = {CANDIDATE: "示范候选", PASSED: "达标", NURTURED: "培育", BELOW: "待提升"}
COUNTED = ("each", "minus", "steps")
HUNDRED = 100


class Value(NamedTuple):
    """A fact: the numerator in hundredths, the denominator as counted."""

    numerator: int
    denominator: int


class Share(NamedTuple):
    """An exact fraction between nothing and all."""

    part: int
    whole: int


@dataclass(frozen=True)
class Standard:
    """One indicator as the computation needs it; `way` is auto, lowered or human."""

    key: int
    heading: int
    points: int
    way: str
    measures: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Lines:
    """The grade lines of a set, all in hundredths (of points, of percent)."""

    candidate: int
    passed: int
    nurtured: int
    heading_floor: int
    bonus_cap: int


@dataclass(frozen=True)
class Sheet:
    """A unit's points: by indicator in the given order, by heading number, together, and the grade.

    `earned` is None where nothing was earned because the indicator is not applicable (its `worth` is 0) or a person
    has yet to mark it (its `worth` is kept). `headings` is {number: (earned, worth)}.
    """

    earned: list[int | None]
    worth: list[int]
    headings: dict[int, tuple[int, int]]
    total: int
    awaiting: int
    grade: str


AWAIT = object()  # a person or an import has yet to say


def half_up(part: int, whole: int) -> int:
    """part ÷ whole as a whole number, a half going up; both from nothing up."""
    return (2 * part + whole) // (2 * whole)


def measured(measure: Mapping[str, Any], value: Value | None) -> Any:
    """The share of a measure's points a value earns; None: not applicable; AWAIT: the fact is still to come."""
    style = measure["style"]
    if value is None:
        missing = measure.get("missing", "zero" if style in COUNTED else "none")
        if missing != "zero":
            return AWAIT if missing == "await" else None
        value = Value(0, 0)
    if style not in COUNTED and value.denominator <= 0:
        return None
    if value.denominator < measure.get("sample", 0):
        return None
    return STYLES[style](measure, value)


def _rate(measure: Mapping[str, Any], value: Value) -> Share:
    whole = value.denominator * HUNDRED
    part = min(max(value.numerator, 0), whole)
    if part * HUNDRED < measure.get("floor", 60) * whole:
        return Share(0, 1)
    return Share(part, whole)


def _linear(measure: Mapping[str, Any], value: Value) -> Share:
    low, high = measure["low"], measure["high"]
    above = value.numerator * HUNDRED - low * value.denominator * HUNDRED
    whole = (high - low) * value.denominator * HUNDRED
    return Share(min(max(above, 0), whole), whole)


def _each(measure: Mapping[str, Any], value: Value) -> Share:
    return _of_points(measure, half_up(measure["unit"] * max(value.numerator, 0), HUNDRED))


def _minus(measure: Mapping[str, Any], value: Value) -> Share:
    return _of_points(
        measure, measure["points"] - half_up(measure["unit"] * max(value.numerator, 0), HUNDRED)
    )


def _steps(measure: Mapping[str, Any], value: Value) -> Share:
    reached = [points for least, points in measure["steps"] if value.numerator >= least * HUNDRED]
    return _of_points(measure, max(reached, default=0))


def _of_points(measure: Mapping[str, Any], earned: int) -> Share:
    return Share(min(max(earned, 0), measure["points"]), measure["points"])


STYLES = {"rate": _rate, "linear": _linear, "each": _each, "minus": _minus, "steps": _steps}


def shared(standard: Standard, values: Mapping[str, Value], marks: Mapping[int, int | None]) -> Any:
    """The share of an indicator's points a unit earns, as `measured`; `marks` are hundredths, None: not applicable."""
    marked = marks.get(standard.key, AWAIT)
    if standard.way == "human":
        return Share(marked, standard.points) if isinstance(marked, int) else marked
    found = _together(standard, values)
    if standard.way == "lowered" and isinstance(found, Share) and isinstance(marked, int):
        lower = marked * found.whole < found.part * standard.points
        return Share(marked, standard.points) if lower else found
    return found


def _together(standard: Standard, values: Mapping[str, Value]) -> Any:
    """The measures of an indicator added up; the points of one that is not applicable go to the others."""
    if len(standard.measures) == 1:
        return measured(standard.measures[0], values.get(standard.measures[0]["metric"]))
    part, whole, points = 0, 1, 0
    for measure in standard.measures:
        share = measured(measure, values.get(measure["metric"]))
        if share is AWAIT:
            return AWAIT
        if share is not None:
            part = part * share.whole + measure["points"] * share.part * whole
            whole *= share.whole
            points += measure["points"]
    return Share(part, whole * points) if points else None


def spread(points: Sequence[int], applies: Sequence[bool]) -> list[int]:
    """The points of one heading on the indicators that apply, in proportion, adding up to all of them exactly.

    What does not divide goes to the largest remainders, the first of equals. All zero where none applies.
    """
    if all(applies):
        return list(points)
    total, base = sum(points), sum(p for p, a in zip(points, applies, strict=True) if a)
    if not base:
        return [0] * len(points)
    worth = [p * total // base if a else 0 for p, a in zip(points, applies, strict=True)]
    rest = [(-(p * total % base), n) for n, (p, a) in enumerate(zip(points, applies, strict=True)) if a]
    for _, n in sorted(rest)[: total - sum(worth)]:
        worth[n] += 1
    return worth


def bonus_of(matters: Iterable[tuple[str, int]], cap: int) -> int:
    """What commendations add: of one matter the highest only, together no more than `cap`; all in hundredths."""
    highest: dict[str, int] = {}
    for matter, points in matters:
        highest[matter] = max(points, highest.get(matter, 0))
    return min(sum(highest.values()), cap)


def score(
    standards: Sequence[Standard],
    lines: Lines,
    values: Mapping[str, Value],
    marks: Mapping[int, int | None],
    *,
    bonus: int = 0,
    ruled_out: bool = False,
) -> Sheet:
    """The sheet of one unit: `values` {metric: Value}, `marks` {standard key: hundredths or None for not applicable}.

    A mark of None on what is measured and may be lowered takes an earlier lowering back. A heading with nothing that applies awaits a person, whose marks on any of its indicators then count.
    """
    shares = [shared(standard, values, marks) for standard in standards]
    worth: list[int] = [0] * len(standards)
    earned: list[int | None] = [None] * len(standards)
    headings, awaiting = {}, 0
    for heading, places in _by_heading(standards).items():
        if all(shares[n] is None for n in places):
            _judge(places, standards, marks, shares)
        spread_out = spread([standards[n].points for n in places], [shares[n] is not None for n in places])
        together = 0
        for n, points in zip(places, spread_out, strict=True):
            worth[n], share = points, shares[n]
            if share is AWAIT:
                awaiting += 1
            elif share is not None:
                got = half_up(share.part * points, share.whole)
                earned[n], together = got, together + got
        awaiting += not any(spread_out)
        headings[heading] = (together, sum(spread_out))
    total = sum(points for points, _ in headings.values()) + min(bonus, lines.bonus_cap)
    total = min(HUNDRED * HUNDRED, total)
    grade = "" if awaiting else graded(total, headings, lines, ruled_out=ruled_out)
    return Sheet(earned, worth, headings, total, awaiting, grade)


def _by_heading(standards: Sequence[Standard]) -> dict[int, list[int]]:
    """The places of the standards by the number of their heading, in the given order."""
    places: dict[int, list[int]] = {}
    for n, standard in enumerate(standards):
        places.setdefault(standard.heading, []).append(n)
    return places


def _judge(
    places: Sequence[int], standards: Sequence[Standard], marks: Mapping[int, int | None], shares: list[Any]
) -> None:
    for n in places:
        marked = marks.get(standards[n].key)
        if marked is not None:
            shares[n] = Share(marked, standards[n].points)


def graded(total: int, headings: Mapping[int, tuple[int, int]], lines: Lines, *, ruled_out: bool) -> str:
    """The grade of a whole sheet; a heading under its floor, or a circumstance, keeps a unit from being a candidate."""
    floors = all(
        earned * HUNDRED * HUNDRED >= lines.heading_floor * worth for earned, worth in headings.values()
    )
    if total >= lines.candidate and floors and not ruled_out:
        return CANDIDATE
    if total >= lines.passed:
        return PASSED
    return NURTURED if total >= lines.nurtured else BELOW
