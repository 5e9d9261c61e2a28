"""Facts of a snapshot, until the set-based ones are merged: only what was brought in from outside."""

from typing import Any

from evaluation.models import Fact, ImportedFact, Snapshot
from evaluation.scoring import Value


def take(snapshot: Snapshot, *, metrics: Any = None, below: str = "") -> int:
    rows = ImportedFact.objects.standing().filter(year=snapshot.year, organisation__path__startswith=below)
    columns = ("organisation_id", "metric", "numerator", "denominator")
    made = [
        Fact(snapshot=snapshot, **dict(zip(columns, row, strict=True))) for row in rows.values_list(*columns)
    ]
    return len(Fact.objects.bulk_create(made))


def values_of(snapshot: Snapshot, organisation: Any) -> dict[str, Value]:
    """The facts of one unit: {metric: Value}."""
    rows = Fact.objects.filter(snapshot=snapshot, organisation=organisation)
    return {row.metric: Value(row.numerator, row.denominator) for row in rows}
