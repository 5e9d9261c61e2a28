"""From the facts of a snapshot to the results of every unit, chunk by chunk; and from the same facts once more."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import QuerySet

from evaluation.models import Indicator, IndicatorSet, Result, Snapshot, SnapshotState
from evaluation.scoring import Lines, Sheet, Standard, Value, bonus_of, score
from longsha_credit.audit.workflow import Refused
from longsha_credit.programme.services import require_open

CHUNK = 2_000  # units at a time: some tens of megabytes with all their facts

# The units a set measures on a snapshot: those of its level that took part on its day, and those that have a result.
UNITS = """
SELECT o.id, o.path FROM directory_organisation o
WHERE o.level = %(level)s AND o.path LIKE %(below)s AND o.path ~>~ %(after)s
  AND (%(until)s = '' OR o.path ~<=~ %(until)s) AND o.valid_from <= %(day)s
  AND ((o.taking_part AND (o.valid_to IS NULL OR o.valid_to >= %(day)s)) OR EXISTS (
    SELECT FROM evaluation_result r
    WHERE r.snapshot_id = %(snapshot)s AND r.set_id = %(set)s AND r.organisation_id = o.id))
ORDER BY o.path USING ~<~ LIMIT %(limit)s
"""
GIVEN = f"""
WITH units AS MATERIALIZED ({UNITS})
SELECT u.id, u.path, f.metrics, f.numerators, f.denominators, m.indicators, m.points, r.kinds, r.matters, r.ranks
FROM units u
LEFT JOIN LATERAL (
  SELECT array_agg(metric) AS metrics, array_agg(numerator) AS numerators, array_agg(denominator) AS denominators
  FROM evaluation_fact WHERE snapshot_id = %(snapshot)s AND organisation_id = u.id) f ON TRUE
LEFT JOIN LATERAL (
  SELECT array_agg(indicator_id ORDER BY id) AS indicators, array_agg(points ORDER BY id) AS points
  FROM evaluation_mark WHERE snapshot_id = %(snapshot)s AND organisation_id = u.id) m ON TRUE
LEFT JOIN LATERAL (
  SELECT array_agg(kind) AS kinds, array_agg(matter) AS matters, array_agg(rank) AS ranks
  FROM evaluation_ruling WHERE year_id = %(year)s AND organisation_id = u.id AND state = 'standing'
    AND kind IN ('out', 'bonus')) r ON TRUE
ORDER BY u.path USING ~<~
"""
STAGED = (
    "organisation_id bigint, earned integer[], worth integer[], bonus integer, ruled_out boolean, total integer, "
    "awaiting integer, grade text"
)
WRITTEN = ("earned", "worth", "bonus", "ruled_out", "total", "awaiting", "grade")
# What is written over: a result that comes out the same is left alone, and so is one that was decided on.
PUT = f"""
INSERT INTO evaluation_result (snapshot_id, set_id, organisation_id, {", ".join(WRITTEN)})
SELECT %(snapshot)s, %(set)s, organisation_id, {", ".join(WRITTEN)} FROM computed ORDER BY organisation_id
ON CONFLICT (snapshot_id, set_id, organisation_id)
DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in WRITTEN)}
WHERE ({", ".join(f"evaluation_result.{name}" for name in WRITTEN)})
  IS DISTINCT FROM ({", ".join(f"EXCLUDED.{name}" for name in WRITTEN)})
  AND NOT EXISTS (SELECT FROM evaluation_annualoutcome o
                  WHERE o.result_id = evaluation_result.id AND o.state = 'decided')
"""


class Given(NamedTuple):
    """All that the points of one unit follow from."""

    organisation: int
    path: str
    values: dict[str, Value]
    marks: dict[int, int | None]
    bonus: int
    ruled_out: bool


@dataclass(frozen=True)
class Computed:
    """A unit with its sheet."""

    organisation: int
    path: str
    bonus: int
    ruled_out: bool
    sheet: Sheet


def indicators_of(indicator_set: IndicatorSet) -> QuerySet[Indicator]:
    """The indicators of a set in the order of every sheet."""
    rows = Indicator.objects.filter(heading__set=indicator_set).select_related("heading")
    return rows.order_by("heading__number", "number")


def standards_of(indicator_set: IndicatorSet) -> list[Standard]:
    """A set as the scoring needs it, in the order of the sheet; the keys are those of the indicators."""
    return [
        Standard(row.pk, row.heading.number, row.points, row.way, tuple(row.measures))
        for row in indicators_of(indicator_set)
    ]


def lines_of(indicator_set: IndicatorSet) -> Lines:
    """The grade lines of a set."""
    return Lines(
        candidate=indicator_set.candidate_line,
        passed=indicator_set.pass_line,
        nurtured=indicator_set.nurture_line,
        heading_floor=indicator_set.heading_floor,
        bonus_cap=indicator_set.bonus_cap,
    )


def given(
    snapshot: Snapshot,
    indicator_set: IndicatorSet,
    *,
    below: str = "",
    after: str = "",
    until: str = "",
    limit: int = CHUNK,
) -> list[Given]:
    """What is known of the next `limit` units of the set's level, in the order of their paths.

    The paths begin with `below`, come after `after` and, where it is given, not after `until`.
    """
    asked: dict[str, Any] = {
        "snapshot": snapshot.pk, "set": indicator_set.pk, "level": indicator_set.level, "year": snapshot.year_id,
        "below": f"{below}%", "after": after, "until": until, "day": snapshot.taken_on, "limit": limit,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(GIVEN, asked)
        return [_given(row, indicator_set) for row in cursor.fetchall()]


def _given(row: tuple[Any, ...], indicator_set: IndicatorSet) -> Given:
    organisation, path, metrics, numerators, denominators, indicators, points, kinds, matters, ranks = row
    counted = zip(metrics or (), numerators or (), denominators or (), strict=True)
    # the last mark of an indicator counts: they come in the order they were given
    marks = dict(zip(indicators or (), points or (), strict=True))
    rulings = list(zip(kinds or (), matters or (), ranks or (), strict=True))
    worth = indicator_set.bonus_points
    commended = [(matter, worth.get(rank, 0)) for kind, matter, rank in rulings if kind == "bonus"]
    return Given(
        organisation,
        path,
        {metric: Value(n, d) for metric, n, d in counted},
        marks,
        bonus_of(commended, indicator_set.bonus_cap),
        any(kind == "out" for kind, _, _ in rulings),
    )


def computed(
    snapshot: Snapshot, indicator_set: IndicatorSet, *, below: str = "", after: str = ""
) -> Iterator[Computed]:
    """Every unit with its sheet, in path order, never more than a chunk at once; nothing is written."""
    standards, lines = standards_of(indicator_set), lines_of(indicator_set)
    while chunk := given(snapshot, indicator_set, below=below, after=after):
        yield from _scored(chunk, standards, lines)
        after = chunk[-1].path


def _scored(chunk: Iterable[Given], standards: list[Standard], lines: Lines) -> Iterator[Computed]:
    for unit in chunk:
        sheet = score(standards, lines, unit.values, unit.marks, bonus=unit.bonus, ruled_out=unit.ruled_out)
        yield Computed(unit.organisation, unit.path, unit.bonus, unit.ruled_out, sheet)


def compute(snapshot: Snapshot, indicator_set: IndicatorSet, below: str = "") -> int:
    """Write the results of a set's units, those under the path `below` only where it is given; how many there are.

    What was written before is replaced. Raises Refused for a frozen year and a snapshot that is not taken.
    """
    after, number = "", 0
    while True:
        made, after = compute_chunk(snapshot, indicator_set, below=below, after=after)
        number += made
        if not after:
            return number


@transaction.atomic
def compute_chunk(
    snapshot: Snapshot,
    indicator_set: IndicatorSet,
    *,
    below: str = "",
    after: str = "",
    until: str = "",
    limit: int = CHUNK,
) -> tuple[int, str]:
    """One part of `compute`: how many results, and the path after which to go on ("" at the end). Raises Refused."""
    _require_computable(snapshot, indicator_set)
    chunk = given(snapshot, indicator_set, below=below, after=after, until=until, limit=limit)
    if chunk:
        _write(snapshot, indicator_set, _scored(chunk, standards_of(indicator_set), lines_of(indicator_set)))
    return len(chunk), chunk[-1].path if len(chunk) == limit else ""


def compute_unit(snapshot: Snapshot, organisation: Any) -> None:
    """The results of one unit anew, under every set they were computed by. Raises as `compute`."""
    sets = IndicatorSet.objects.filter(results__snapshot=snapshot, results__organisation=organisation)
    for indicator_set in sets:
        compute(snapshot, indicator_set, organisation.path)


def _require_computable(snapshot: Snapshot, indicator_set: IndicatorSet) -> None:
    require_open(snapshot.year)
    if snapshot.state != SnapshotState.TAKEN:
        state = snapshot.get_state_display()
        raise Refused(f"{snapshot}现在是“{state}”，取数完成以后才能计分。", "state")
    if indicator_set.year_id != snapshot.year_id:
        raise Refused(f"{indicator_set}不是{snapshot.year}的指标，请换一套。", "guard")
    if indicator_set.is_draft:
        raise Refused(f"{indicator_set}还在拟订，启用以后才能计分；要看会怎样，请用试算。", "state")


def _write(snapshot: Snapshot, indicator_set: IndicatorSet, units: Iterable[Computed]) -> None:
    """By COPY into a table of this transaction, from there over what stands."""
    lines = io.StringIO("".join(_line(unit) for unit in units))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS computed ({STAGED}) ON COMMIT DELETE ROWS")
        cursor.execute("DELETE FROM computed")
        cursor.copy_expert("COPY computed FROM STDIN", lines)
        cursor.execute(PUT, {"snapshot": snapshot.pk, "set": indicator_set.pk})


def _line(unit: Computed) -> str:
    sheet = unit.sheet
    earned = ",".join("NULL" if points is None else str(points) for points in sheet.earned)
    worth = ",".join(map(str, sheet.worth))
    ruled_out = "t" if unit.ruled_out else "f"
    return (
        f"{unit.organisation}\t{{{earned}}}\t{{{worth}}}\t{unit.bonus}\t{ruled_out}\t{sheet.total}"
        f"\t{sheet.awaiting}\t{sheet.grade}\n"
    )


def replay(
    snapshot: Snapshot, indicator_set: IndicatorSet, below: str = ""
) -> Iterator[tuple[int, Result | None, Sheet]]:
    """The units whose stored result is not what the stored facts and marks come to: id, result, sheet.

    Nothing comes out where everything is as it was; a chunk at a time.
    """
    after = ""
    while True:
        _, unlike, after = replay_chunk(snapshot, indicator_set, below=below, after=after)
        yield from unlike
        if not after:
            return


def replay_chunk(
    snapshot: Snapshot, indicator_set: IndicatorSet, *, below: str = "", after: str = "", limit: int = CHUNK
) -> tuple[int, list[tuple[int, Result | None, Sheet]], str]:
    """One part of `replay`: how many units, those unlike what is stored, and the path after which to go on ("": done)."""
    chunk = given(snapshot, indicator_set, below=below, after=after, limit=limit)
    units = list(_scored(chunk, standards_of(indicator_set), lines_of(indicator_set)))
    after = chunk[-1].path if len(chunk) == limit else ""
    return len(chunk), list(_unlike(snapshot, indicator_set, units)), after


def _unlike(
    snapshot: Snapshot, indicator_set: IndicatorSet, batch: list[Computed]
) -> Iterator[tuple[int, Result | None, Sheet]]:
    ids = [unit.organisation for unit in batch]
    rows = Result.objects.filter(snapshot=snapshot, set=indicator_set, organisation__in=ids)
    stored = {row.organisation_id: row for row in rows}
    for unit in batch:
        row = stored.get(unit.organisation)
        if row is None or _said(row) != _worked_out(unit):
            yield unit.organisation, row, unit.sheet


def _said(row: Result) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in WRITTEN)


def _worked_out(unit: Computed) -> tuple[Any, ...]:
    sheet = unit.sheet
    return sheet.earned, sheet.worth, unit.bonus, unit.ruled_out, sheet.total, sheet.awaiting, sheet.grade
