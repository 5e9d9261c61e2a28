"""Facts as the database is told them, and what must hold of them whatever is counted."""

import datetime

from django.db import connection

from evaluation.metrics import METRICS, Period
from longsha_credit.directory.counting import Days

TODAY = datetime.date.today()  # noqa: DTZ011
DAY = datetime.timedelta(days=1)
# A year's length around today that is over today: what a test does now counts now.
NOW = Period(start=TODAY - 300 * DAY, end=TODAY + 65 * DAY, over=TODAY, year=TODAY.year)

Facts = dict[int, tuple[int, int]]


def told(key: str, days: Days, below: str = "") -> Facts:
    """{unit: (numerator in hundredths, denominator)} of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(*METRICS[key].facts(days, below))
        return {unit: (n, d) for unit, n, d in cursor.fetchall()}


def figured(key: str, days: Days) -> Facts:
    """The same from the figures of all units."""
    metric = METRICS[key]
    return {
        unit: (int(figure.numerator * 100) // metric.fold, -(-figure.denominator // metric.fold))
        for unit, figure in metric.for_all(days).items()
        if figure.denominator > 0
    }


def agrees(cast, key: str, days: Days = NOW) -> Facts:
    """The facts, after seeing that the figures, the units alone and the parts of the tree all say the same."""
    metric, facts = METRICS[key], told(key, days)
    assert facts == figured(key, days)
    for unit, figure in metric.for_all(days).items():
        row = type(cast.street).objects.get(pk=unit)
        assert metric.own(row, days) == figure, key
        if metric.counted and all(isinstance(t.number, int) and not t.distinct for t in metric.counted(days)):
            assert len(list(metric.own_rows(row, days))) == figure.total
    together: Facts = {}
    for part in (cast.street, cast.other_street):
        together |= told(key, days, part.path)
    assert together == {unit: fact for unit, fact in facts.items() if unit != cast.district.pk}
    return facts
