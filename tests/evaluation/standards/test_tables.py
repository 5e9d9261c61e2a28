"""The four default tables stand in the portal exactly as the handbook has them."""

import pytest
from django.db.models import Sum

from evaluation import reference, services
from evaluation.computing import indicators_of
from evaluation.flows import SET
from evaluation.models import Circumstance, Indicator, IndicatorSet, SetState
from tests.evaluation.standards import making

# What domain.md states: headings with their points, indicators, shares of A, A+H and H.
HEADINGS = {
    "street": [12, 10, 16, 14, 18, 8, 6, 8, 8],
    "community": [8, 10, 16, 16, 12, 6, 8, 12, 12],
    "window": [18, 6, 20, 12, 14, 6, 6, 8, 10],
    "post": [20, 10, 20, 8, 12, 6, 4, 12, 8],
}
ROWS = {"street": 32, "community": 31, "window": 23, "post": 18}
SHARES = {"street": (80, 8, 12), "community": (86, 2, 12), "window": (80, 4, 16), "post": (80, 0, 20)}
OUT = {
    "street": [1, 2, 3, 4, 5, 6, 7, 8, 9],
    "community": [2, 3, 4, 6, 7, 8, 9],
    "window": [2, 4, 6, 7, 8, 10],
    "post": [2, 5, 6, 7, 8],
}


@pytest.mark.parametrize("level", HEADINGS)
def test_each_table_adds_up_to_a_hundred_with_the_shares_of_the_handbook(cast, level):
    row = making.draft(cast, level)
    indicators = list(indicators_of(row))
    assert sum(i.points for i in indicators) == 10_000
    assert len(indicators) == ROWS[level]
    by_heading = Indicator.objects.filter(heading__set=row).values("heading__number")
    points = by_heading.annotate(n=Sum("points")).order_by("heading__number")
    assert [heading["n"] / 100 for heading in points] == HEADINGS[level]
    shares = tuple(
        sum(i.points for i in indicators if i.way == w) / 100 for w in ("auto", "lowered", "human")
    )
    assert shares == SHARES[level] == tuple(reference.SHARES[level].values())
    numbers = Circumstance.objects.filter(set=row).order_by("number").values_list("number", flat=True)
    assert list(numbers) == OUT[level]


def test_every_indicator_says_how_and_from_where(cast):
    making.year(cast)
    for one in Indicator.objects.select_related("heading"):
        assert one.formula, one
        assert one.basis.startswith(("试点方案", "《政府信息公开条例》")), one
        assert one.basis.endswith("建议值"), one
    assert set(IndicatorSet.objects.values_list("lines_basis", flat=True)) == {reference.LINES_BASIS}


def test_every_table_can_be_put_in_force_as_it_is(cast):
    making.year(cast)
    for row in IndicatorSet.objects.with_names():
        SET.take(row, "put_in_force", by=cast.office)
        assert row.state == SetState.IN_FORCE


def test_loading_again_changes_nothing(cast):
    year = making.year(cast)
    Indicator.objects.filter(heading__set__level="post").update(title="改过的")
    assert services.load_sets(year) == 0
    assert IndicatorSet.objects.count() == 4
    assert Indicator.objects.filter(title="改过的").count() == ROWS["post"]
