"""What is counted for every unit: rows that each stand in one part of a figure, added up in SQL that no row leaves."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Case, CharField, Count, DateField, F, Q, QuerySet, Sum, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat
from django.utils import timezone

ROW = ("said", "ref", "counted_on", "link", "unit_name", "stands_in")
Sql = tuple[str, tuple[Any, ...]]
NOTHING: Sql = (
    "SELECT NULL::bigint AS organisation_id, 0::bigint AS numerator, 0::int AS denominator WHERE FALSE",
    (),
)


@dataclass(frozen=True)
class Days:
    """The days a figure looks at, both ends included, and the last day that is over."""

    start: datetime.date
    end: datetime.date
    over: datetime.date

    @property
    def last(self) -> datetime.date:
        """The last of these days that is over."""
        return min(self.end, self.over)


def moments(column: str, first: datetime.date | None = None, last: datetime.date | None = None) -> Q:
    """Where a moment falls on the days from `first` to `last`; without one of them the days have no end there.

    It is compared as it is stored: a day worked out for every row costs more than the rest, and hides from the
    database how many rows there are.
    """
    found = Q()
    if first:
        found &= Q(**{f"{column}__gte": _midnight(first)})
    if last:
        found &= Q(**{f"{column}__lt": _midnight(last + datetime.timedelta(days=1))})
    return found


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


@dataclass(frozen=True)
class Tally:
    """Rows that count, each for the unit at `unit` and in exactly one of `parts` (part: condition; None: every row).

    A row counts `number` times (an integer or an expression; below nothing it takes away from what another tally of
    the figure counted); `distinct` names a column whose equal values count once (then there is one part, and
    `number` an integer). What is listed of a row: `said`, `code`, `day` (expressions or names of columns), and its
    page, `link` followed by its key. A tally without `said` is not listed.
    """

    rows: QuerySet
    parts: Mapping[str, Any]
    unit: str = "organisation"
    number: Any = 1
    distinct: str = ""
    said: Any = None
    code: Any = None
    day: Any = None
    link: str = ""

    def under(self, path: str) -> "QuerySet":
        """The rows of the units at and below a path; all of them where it is empty."""
        rows = self.rows.order_by()
        return rows.filter(**{self._of("path__startswith"): path}) if path else rows

    def at(self, organisation: Any, *, own: bool) -> "QuerySet":
        """The rows of one organisation, its own only or those of the units under it too."""
        if own:
            return self.rows.order_by().filter(**{self.unit: organisation.pk})
        return self.under(organisation.path)

    def _of(self, column: str) -> str:
        return column if self.unit == "pk" else f"{self.unit}__{column}"

    def counts_with(self, other: "Tally") -> bool:
        """Whether it counts the same values of the very same rows as another one, for the same units."""
        return (self.rows is other.rows) and (self.unit, self.distinct) == (other.unit, other.distinct)

    def part(self) -> Any:
        """The expression that names a row's part."""
        if None in self.parts.values():
            return Value(next(iter(self.parts)), output_field=CharField())
        whens = (When(condition, then=Value(part)) for part, condition in self.parts.items())
        return Case(*whens, output_field=CharField())

    def amount(self) -> Any:
        """How much the rows of a group come to."""
        if self.distinct:
            return Count(self.distinct, distinct=True) * Value(self.number)
        if isinstance(self.number, Combinable):
            return Sum(self.number)
        return Count("*") if self.number == 1 else Count("*") * Value(self.number)

    def weighed(self, weights: Mapping[str, int | None], path: str) -> QuerySet:
        """Per unit (unit, numerator, denominator): one group for each, integers only.

        What has no weight is in neither; the amounts are added in one pass over the raw columns.
        """
        grouped = self.under(path).values(unit_=F(self.unit))
        if None in self.parts.values():
            weight = weights[next(iter(self.parts))]
            if weight is None:
                return grouped.none()
            numerator, denominator = self.amount() * Value(weight), self.amount()
        else:
            numerator, denominator = self._numerator(weights), self._denominator(weights)
        named = grouped.annotate(numerator_=numerator, denominator_=denominator)
        return named.values_list("unit_", "numerator_", "denominator_")

    def _numerator(self, weights: Mapping[str, int | None]) -> Any:
        whens = [When(c, then=self.number * Value(weights[p])) for p, c in self.parts.items() if weights[p]]
        return Sum(Case(*whens, default=Value(0))) if whens else Sum(Value(0))

    def _denominator(self, weights: Mapping[str, int | None]) -> Any:
        left_out = [When(c, then=Value(None)) for p, c in self.parts.items() if weights[p] is None]
        if not left_out:
            return self.amount()
        if self.number == 1:
            return Count(Case(*left_out, default=Value(1)))
        return Sum(Case(*left_out, default=self.number))

    def listed(self, organisation: Any, part: str, *, own: bool) -> QuerySet:
        rows = self.at(organisation, own=own).annotate(part_=self.part())
        if part:
            rows = rows.filter(part_=part)
        link = Concat(Value(self.link), Cast("pk", CharField()), Value("/")) if self.link else _text(None)
        found = rows.annotate(
            said=_text(self.said), ref=_text(self.code), counted_on=_day(self.day), link=link,
            unit_name=F(self._of("name")), stands_in=F("part_"),
        )  # fmt: skip
        return found.values(*ROW)


def _text(what: Any) -> Any:
    return Cast(F(what) if isinstance(what, str) else what or Value(""), CharField())


def _day(what: Any) -> Any:
    if what is None:
        return Value(None, output_field=DateField())
    return Cast(F(what) if isinstance(what, str) else what, DateField())


def parts_of(tallies: Iterable[Tally]) -> list[str]:
    return list(dict.fromkeys(part for tally in tallies for part in tally.parts))


def of_all(tallies: Sequence[Tally]) -> dict[int, dict[str, int]]:
    """For every unit with a row how many are in each part: one query for each tally."""
    parts, found = parts_of(tallies), {}
    for tally in tallies:
        rows = tally.under("").annotate(part_=tally.part()).values_list(F(tally.unit), "part_")
        for unit, part, number in rows.annotate(n_=tally.amount()):
            found.setdefault(unit, dict.fromkeys(parts, 0))[part] += number
    return found


def within(tallies: Sequence[Tally], organisation: Any, *, own: bool = False) -> dict[str, int]:
    """The same for one organisation: with the units under it, or its own rows only."""
    found = dict.fromkeys(parts_of(tallies), 0)
    for tally in tallies:
        rows = (
            tally.at(organisation, own=own).annotate(part_=tally.part()).values_list(F(tally.unit), "part_")
        )
        for _, part, number in rows.annotate(n_=tally.amount()):  # by unit: equal values of two units are two
            found[part] += number
    return found


def behind(tallies: Sequence[Tally], organisation: Any, part: str = "", *, own: bool = False) -> Any:
    """The rows counted for an organisation, by day: dicts of said, ref, counted_on, link, unit_name, stands_in."""
    rows = [
        t.listed(organisation, part, own=own)
        for t in tallies
        if t.said is not None and (not part or part in t.parts)
    ]
    if not rows:
        return []
    return rows[0].union(*rows[1:], all=True).order_by("counted_on", "ref", "said")


def facts(tallies: Sequence[Tally], weights: Mapping[str, int | None], below: str = "") -> Sql:
    """One statement giving (organisation_id, numerator, denominator) of every unit, without rows of nothing.

    `weights` are the hundredths a row of each part adds to the numerator; None keeps the part out of both.
    """
    found = [
        sql for together in _together(tallies) if (sql := _not_empty(_weighed(together, weights, below)))
    ]
    if not found:
        return NOTHING
    if len(found) == 1:
        (text, params), added = found[0], ("numerator", "denominator")
        group = "WHERE denominator > 0"
    else:
        text = " UNION ALL ".join(f"({one})" for one, _ in found)
        params = tuple(value for _, values in found for value in values)
        added, group = (
            ("sum(numerator)", "sum(denominator)"),
            "GROUP BY organisation_id HAVING sum(denominator) > 0",
        )
    return (
        f"SELECT organisation_id, {added[0]}::bigint AS numerator, {added[1]}::int AS denominator"
        f" FROM ({text}) AS counted (organisation_id, numerator, denominator) {group}",
        params,
    )


def _together(tallies: Sequence[Tally]) -> list[list[Tally]]:
    """Tallies side by side that count the same values of the same rows: these are read once for all of them."""
    found: list[list[Tally]] = []
    for tally in tallies:
        same = (one for one in found if tally.distinct and tally.counts_with(one[0]))
        if group := next(same, None):
            group.append(tally)
        else:
            found.append([tally])
    return found


def _weighed(together: list[Tally], weights: Mapping[str, int | None], path: str) -> QuerySet:
    """What `Tally.weighed` gives for each of them, added."""
    first = together[0]
    if len(together) == 1:
        return first.weighed(weights, path)
    pairs = [(tally.number, weights[next(iter(tally.parts))]) for tally in together]
    weighing = [(number, weight) for number, weight in pairs if weight is not None]
    once = Count(first.distinct, distinct=True)
    return (
        first.under(path)
        .values(unit_=F(first.unit))
        .annotate(
            numerator_=once * Value(sum(number * weight for number, weight in weighing)),
            denominator_=once * Value(sum(number for number, _ in weighing)),
        )
        .values_list("unit_", "numerator_", "denominator_")
    )


def _not_empty(rows: QuerySet) -> Sql | None:
    try:
        return compiled(rows)
    except EmptyResultSet:
        return None


def compiled(rows: QuerySet) -> Sql:
    """The statement of a queryset with its parameters, to stand in a bigger one. Raises EmptyResultSet."""
    text, params = rows.query.sql_with_params()
    return text, tuple(params)
