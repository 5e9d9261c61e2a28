"""How attempts become results and results a ranking of units; pure functions over numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FEW = 5  # fewer people than these are not told
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Sat:
    """One finished attempt: whose, the how manieth, its points, how many questions were answered."""

    entrant: int
    unit: int
    number: int
    score: int
    answered: int


@dataclass(frozen=True)
class Row:
    """A unit in the ranking; without the minimum sample it has neither rate, average nor rank."""

    unit: str
    people: int
    took_part: int
    enough: bool
    rate: Decimal
    average: Decimal
    rank: int | None = None


def counted(attempts: Iterable[Sat], *, counts: str) -> list[Sat]:
    """The attempt of each entrant that counts: the `first`, or the `best` (of equal ones the earlier).

    Who answered nothing in any attempt took no part.
    """
    found: dict[int, Sat] = {}
    took_part = set()
    for sat in sorted(attempts, key=lambda sat: sat.number):
        if sat.answered:
            took_part.add(sat.entrant)
        before = found.get(sat.entrant)
        if before is None or (counts == "best" and sat.score > before.score):
            found[sat.entrant] = sat
    return [sat for sat in found.values() if sat.entrant in took_part]


def row(unit: str, people: int, results: list[Sat], *, min_sample: int) -> Row:
    """A unit with `people` who could have taken part and the results that count."""
    took_part = len(results)
    average = Decimal(sum(sat.score for sat in results)) / took_part if took_part else Decimal(0)
    rate = Decimal(took_part * 100) / people
    return Row(unit, people, took_part, took_part >= min_sample, rate, average)


def ranked(rows: list[Row], *, by: str, tie: str) -> list[Row]:
    """Those with the minimum sample by rank, then the others in the order given.

    `by` is rate or average, unrounded; `tie` other: equals are told apart by the other of the two, else they share a rank.
    """

    def key(one: Row) -> tuple[Decimal, Decimal]:
        first, second = (one.rate, one.average) if by == "rate" else (one.average, one.rate)
        return -first, -second if tie == "other" else Decimal(0)

    standing = sorted((one for one in rows if one.enough), key=key)
    placed: list[Row] = []
    for at, one in enumerate(standing, start=1):
        same = placed and key(placed[-1]) == key(one)
        rank = placed[-1].rank if same else at
        placed.append(Row(one.unit, one.people, one.took_part, True, one.rate, one.average, rank))
    return placed + [one for one in rows if not one.enough]


def tenth(number: Decimal) -> str:
    """One decimal place, as people round."""
    return str(number.quantize(TENTH, ROUND_HALF_UP))


def hundredth(number: Decimal) -> str:
    """Two decimal places: a community has thousands of people, of whom some take part."""
    return str(number.quantize(TENTH * TENTH, ROUND_HALF_UP))


def told(number: int) -> str:
    """A number of people; one to four are not told."""
    return f"少于{FEW}" if 0 < number < FEW else str(number)


def reaches(score: int, full: int, percent: int | None) -> bool:
    """Whether points are enough for the certificate; without a pass mark there is none."""
    return percent is not None and full > 0 and score * 100 >= percent * full
