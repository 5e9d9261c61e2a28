"""Values and points of one unit, as facts tell them and as the standard's measure turns them into points."""

import datetime

from django.db import connection
from django.utils import timezone

from evaluation import scoring
from evaluation.facts import statement
from evaluation.metrics import METRICS, Period
from evaluation.scoring import Value
from longsha_credit.programme.models import Year

TODAY = timezone.localdate()
TOMORROW = TODAY + datetime.timedelta(days=1)
YEAR = Period.of_year(TODAY.year, TOMORROW)


def values(key, period=YEAR, below="") -> dict[int, Value]:
    """The facts of one metric, those from outside with them: {organisation id: Value}."""
    year = Year.objects.filter(number=period.year).first() or Year(pk=0)
    text, params = statement(METRICS[key], year, period, below)
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return {unit: Value(n, d) for unit, n, d in cursor.fetchall()}


def value(key, unit, period=YEAR) -> Value | None:
    """One unit's fact; a figure that counts what it says has the same numbers in it."""
    found = values(key, period).get(unit.pk)
    own = METRICS[key].own(unit, period)
    if found is not None and not METRICS[key].takes_imports:
        assert (100 * own.numerator, own.denominator) == found
    elif found is None and not METRICS[key].takes_imports:
        assert own.denominator == 0
    return found


def points(found, style, points, **more):
    """The points, in points; None where the measure is not applicable; awaited where the fact is still to come."""
    share = scoring.measured({"metric": "x", "style": style, "points": points * 100, **more}, found)
    if share is scoring.AWAIT:
        return "awaited"
    return None if share is None else scoring.half_up(share.part * points * 100, share.whole) / 100


def parts(key, unit, period=YEAR) -> list[str]:
    """In which part each row behind a unit's own value stands."""
    return sorted(row["stands_in"] for row in METRICS[key].own_rows(unit, period))
