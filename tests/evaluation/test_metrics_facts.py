"""The facts of every metric are one statement, equal to what its figures say, for all units or part by part."""

import pytest
from django.db import connection
from django.utils import timezone

from evaluation.metrics import METRICS, Metric, Period


def told(metric: Metric, period: Period, below: str = "") -> dict[int, tuple[int, int]]:
    """{unit: (numerator in hundredths, denominator)} as the database is told it."""
    with connection.cursor() as cursor:
        cursor.execute(*metric.facts(period, below))
        return {unit: (n, d) for unit, n, d in cursor.fetchall()}


def figured(metric: Metric, period: Period) -> dict[int, tuple[int, int]]:
    found = metric.for_all(period)
    up = metric.fold - 1
    return {
        unit: (int(f.numerator * 100) // metric.fold, (f.denominator + up) // metric.fold)
        for unit, f in found.items()
        if f.denominator > 0
    }


@pytest.mark.parametrize("key", METRICS)
def test_smoke(cast, key):
    today = timezone.localdate()
    period = Period.of_year(today.year, today)
    metric = METRICS[key]
    assert told(metric, period) == figured(metric, period)
    list(metric.own_rows(cast.street, period))
    list(metric.rows(cast.street, period, ""))
    metric.own(cast.street, period)
