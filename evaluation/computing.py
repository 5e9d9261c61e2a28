"""Results of a snapshot, until the chunked ones are merged: one unit after the other."""

from evaluation import facts
from evaluation.models import Indicator, IndicatorSet, Mark, Result, Snapshot
from evaluation.scoring import Lines, Standard, score
from longsha_credit.directory.models import Organisation


def standards_of(of: IndicatorSet) -> list[Standard]:
    rows = Indicator.objects.filter(heading__set=of).select_related("heading")
    return [Standard(row.pk, row.heading.number, row.points, row.way, row.measures) for row in rows]


def lines_of(of: IndicatorSet) -> Lines:
    return Lines(of.candidate_line, of.pass_line, of.nurture_line, of.heading_floor, of.bonus_cap)


def compute(snapshot: Snapshot, of: IndicatorSet, below: str = "") -> int:
    units = Organisation.objects.filter(level=of.level, path__startswith=below)
    standards, lines = standards_of(of), lines_of(of)
    for unit in units:
        marks = Mark.objects.filter(snapshot=snapshot, organisation=unit).order_by("id")
        sheet = score(
            standards, lines, facts.values_of(snapshot, unit), {m.indicator_id: m.points for m in marks}
        )
        columns = {name: getattr(sheet, name) for name in ("earned", "worth", "total", "awaiting", "grade")}
        Result.objects.update_or_create(snapshot=snapshot, set=of, organisation=unit, defaults=columns)
    return len(units)
