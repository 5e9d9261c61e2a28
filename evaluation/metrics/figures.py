"""What a figure is: its parts, its period, its value for one organisation, and the queries behind it."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import QuerySet

from longsha_credit.directory import counting
from longsha_credit.directory.counting import Days, Sql, Tally
from longsha_credit.directory.models import Organisation


@dataclass(frozen=True)
class Part:
    """One of the groups the rows of a metric fall into; a `weight` of None keeps the group out of the division."""

    key: str
    label: str
    weight: Decimal | None
    state: str
    note: str = ""


@dataclass(frozen=True)
class Period(Days):
    """A calendar year as a figure looks at it on some day."""

    year: int

    @classmethod
    def of_year(cls, year: int, today: datetime.date) -> "Period":
        """What falls due today has until midnight, so that yesterday is the last day that is over."""
        start, end = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        return cls(start=start, end=end, over=min(end, today - datetime.timedelta(days=1)), year=year)


@dataclass(frozen=True)
class Figure:
    """A metric's value for one organisation; `rate` is None where nothing is to be divided or the sample is small."""

    metric: "Metric"
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def numerator(self) -> Decimal:
        return sum((p.weight * self.of(p) for p in self.metric.parts if p.weight is not None), Decimal(0))

    @property
    def denominator(self) -> int:
        return sum(self.of(p) for p in self.metric.parts if p.weight is not None)

    @property
    def left_out(self) -> int:
        return sum(self.of(p) for p in self.metric.parts if p.weight is None)

    @property
    def total(self) -> int:
        return self.denominator + self.left_out

    @property
    def is_small(self) -> bool:
        return 0 < self.denominator < self.metric.minimum_sample

    @property
    def rate(self) -> Decimal | None:
        """Percent with one decimal, half up; None: nothing due is not zero, and a small sample is no rate."""
        if not self.denominator or self.is_small:
            return None
        return (100 * self.numerator / self.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)

    def of(self, part: Part) -> int:
        return self.counts.get(part.key, 0)

    @property
    def groups(self) -> list[tuple[Part, int, Decimal | None]]:
        """Each part with how many rows it holds and what they add to the numerator."""
        rows = [(part, self.of(part)) for part in self.metric.parts]
        return [(part, n, None if part.weight is None else part.weight * n) for part, n in rows]

    @property
    def bar(self) -> list[int]:
        """The widths of the split bar: full, half and nothing kept; what is left out is not drawn."""
        widths = {Decimal(1): 0, Decimal("0.5"): 0, Decimal(0): 0}
        for part, number, _ in self.groups:
            if part.weight is not None:
                widths[part.weight] += number
        return list(widths.values())

    @property
    def bar_words(self) -> str:
        """What the bar says to those who do not see it."""
        drawn = [(part, number) for part, number, _ in self.groups if part.weight is not None and number]
        return "，".join(f"{part.label}{number}{self.metric.noun}" for part, number in drawn)


@dataclass(frozen=True)
class Metric:
    """One figure: its words, its parts, one query for all organisations and one for the rows behind a value.

    Only a metric that `is_public` has a page for everybody.

    `noun` is the measure word of what is counted, `lead` the sentence above the rows (with year, over, total),
    `nothing` what is said where nothing is counted, `note` what has to be known, `rows_as` the part that draws rows.
    `of_all(days)` gives {organisation id: {part: number}}; `below(organisation, days)` {part: number} with the units
    under it; `rows(organisation, days, part)` what was counted, a queryset of dicts, each with its `part`, narrowed
    to one part unless that is empty.

    `counted(days)` are the tallies all of these come from, from which the facts of all units are one statement too;
    `statement(days, path)` is that statement where tallies do not tell it. `version` is the formula's: it goes up
    with every change of what is counted. `takes_imports`: facts from outside are added. `fold` rows make one.
    `is_personal`: it is about the one person at a post, for few to read. `lists_own_rows`: where tallies do not tell it, `rows` gives dicts of the same shape as theirs.
    `quiet`: told of whole months that are over, so that a number that moves tells nobody that somebody complained.
    """

    key: str
    title: str
    unit: str
    formula: str
    basis: str
    minimum_sample: int
    parts: tuple[Part, ...]
    of_all: Callable[[Days], dict[int, dict[str, int]]]
    below: Callable[[Any, Days], dict[str, int]]
    rows: Callable[[Any, Days, str], QuerySet | list[dict[str, Any]]]
    counted: Callable[[Days], Sequence[Tally]] | None = None
    statement: Callable[[Days, str], Sql] | None = None
    version: int = 1
    takes_imports: bool = False
    fold: int = 1
    lists_own_rows: bool = False
    is_personal: bool = False
    quiet: bool = False
    noun: str = "件"
    lead: str = ""
    nothing: str = ""
    note: str = ""
    rows_as: str = "promises"
    is_public: bool = True

    def facts(self, period: Days, below: str = "") -> Sql:
        """One statement of (organisation_id, numerator in hundredths, denominator), of the units below a path.

        For `INSERT … SELECT`: no row comes through Python. Organisations where nothing counts have no row.
        """
        if self.statement:
            return self.statement(period, below)
        weights = {p.key: None if p.weight is None else int(p.weight * 100) for p in self.parts}
        text, params = counting.facts(self.counted(period) if self.counted else [], weights, below)
        if self.fold == 1:
            return text, params
        return (
            f"SELECT organisation_id, numerator / {self.fold} AS numerator,"
            f" (denominator + {self.fold - 1}) / {self.fold} AS denominator FROM ({text}) AS rows",
            params,
        )

    @property
    def is_imported(self) -> bool:
        """Whether all there is comes from outside, with its document."""
        return self.takes_imports and not (self.counted or self.statement)

    def own(self, organisation: Any, period: Days) -> Figure:
        """The value of one organisation's own rows, as its fact tells it."""
        if self.counted:
            return Figure(self, counting.within(self.counted(period), organisation, own=True))
        return Figure(self, self.of_all(period).get(organisation.pk, {}))

    def own_rows(self, organisation: Any, period: Days, part: str = "") -> Any:
        """The rows behind it: dicts of said, ref, counted_on, link, unit_name, stands_in."""
        if self.counted:
            return counting.behind(self.counted(period), organisation, part, own=True)
        return self.rows(organisation, period, part) if self.lists_own_rows else []

    def lead_of(self, period: Period, total: int) -> str:
        return self.lead.format(year=period.year, over=period.over, total=total)

    def for_all(self, period: Period) -> dict[int, Figure]:
        """The own value of every organisation that has one, without the units under it: one query."""
        return {pk: Figure(self, counts) for pk, counts in self.of_all(period).items()}

    def for_each(self, period: Period) -> dict[int, Figure]:
        """The value of every organisation that has one, with the units under it, as `for_unit` gives it: two queries."""
        own = self.of_all(period)
        total: dict[int, Counter[str]] = defaultdict(Counter)
        for pk, path in Organisation.objects.filter(pk__in=own).values_list("pk", "path"):
            for above in path.strip("/").split("/"):  # a path is the numbers of those above and the own
                total[int(above)].update(own[pk])
        return {pk: Figure(self, dict(counts)) for pk, counts in total.items()}

    def for_unit(self, organisation: Any, period: Period) -> Figure:
        """The value of one organisation with the units under it."""
        return Figure(self, self.below(organisation, period))

    def for_everybody(self, period: Period) -> Figure:
        """All organisations together."""
        total: Counter[str] = Counter()
        for counts in self.of_all(period).values():
            total.update(counts)
        return Figure(self, dict(total))

    def part(self, key: str) -> Part:
        return next(part for part in self.parts if part.key == key)


def tallied(counted: Callable[[Days], Sequence[Tally]]) -> dict[str, Any]:
    """All that a metric asks for, from its tallies: `Metric(…, **tallied(records.timely))`."""
    return {
        "counted": counted,
        "of_all": lambda days: counting.of_all(counted(days)),
        "below": lambda organisation, days: counting.within(counted(days), organisation),
        "rows": lambda organisation, days, part="": counting.behind(counted(days), organisation, part),
    }


def imported() -> dict[str, Any]:
    """All that a metric asks for of which the portal itself knows nothing."""
    return {
        "of_all": lambda days: {},
        "below": lambda organisation, days: {},
        "rows": lambda organisation, days, part="": [],
        "takes_imports": True,
    }
