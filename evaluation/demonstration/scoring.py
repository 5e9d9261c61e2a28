"""What several people's points come to: mean, median, spread, and who is far from the others. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, median_low

from evaluation.scoring import half_up


@dataclass(frozen=True)
class Spread:
    """All in hundredths of a point."""

    number: int
    mean: int
    median: int
    step: int  # the lower of two in the middle: a score that somebody gave
    low: int
    high: int

    @property
    def width(self) -> int:
        return self.high - self.low


def spread_of(points: Sequence[int]) -> Spread:
    """Of one reviewer or more; a median between two is rounded half up."""
    middle = int(2 * median(points))
    return Spread(
        len(points),
        half_up(sum(points), len(points)),
        half_up(middle, 2),
        median_low(points),
        min(points),
        max(points),
    )


def is_far(points: int, of: Spread, worth: int, percent: int) -> bool:
    """Whether somebody's points lie further from the median than this share of what the indicator is worth."""
    return abs(points - of.median) * 100 > percent * worth
