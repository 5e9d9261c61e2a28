"""Taking the facts of a snapshot and reading them back."""

from collections.abc import Collection
from typing import Any

from evaluation.metrics import METRICS, Period
from evaluation.models import Fact, ImportedFact, Snapshot
from evaluation.scoring import Value
from longsha_credit.directory.models import Organisation


def take(snapshot: Snapshot, *, metrics: Collection[str] | None = None, below: str = "") -> int:
    """Insert the facts of a snapshot, of these metrics and under this path only where they are given; how many."""
    period = Period.of_year(snapshot.year.number, snapshot.taken_on)
    units = set(Organisation.objects.filter(path__startswith=below).values_list("pk", flat=True))
    rows = []
    for key in METRICS.keys() & set(metrics) if metrics is not None else METRICS:
        for pk, figure in METRICS[key].for_all(period).items():
            rows.append((pk, key, int(figure.numerator * 100), figure.denominator))
    imported = ImportedFact.objects.standing().filter(year=snapshot.year)
    for fact in imported:
        if metrics is None or fact.metric in metrics:
            rows.append((fact.organisation_id, fact.metric, fact.numerator, fact.denominator))
    made = [
        Fact(snapshot=snapshot, organisation_id=pk, metric=key, numerator=n, denominator=d)
        for pk, key, n, d in rows
        if pk in units
    ]
    Fact.objects.bulk_create(made)
    return len(made)


def values_of(snapshot: Snapshot, organisation: Any) -> dict[str, Value]:
    """The facts of one unit on a snapshot, by metric."""
    rows = Fact.objects.filter(snapshot=snapshot, organisation=organisation)
    return {row.metric: Value(row.numerator, row.denominator) for row in rows}
