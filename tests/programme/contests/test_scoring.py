"""How attempts become a ranking of units: what counts, the minimum sample, ties, and what is too few to be told."""

from decimal import Decimal

import pytest

from longsha_credit.programme.contests.scoring import Sat, counted, ranked, reaches, row, tenth, told


def sats(*scores, unit=1, entrant=1):
    return [Sat(entrant, unit, at, score, 1) for at, score in enumerate(scores, start=1)]


@pytest.mark.parametrize(
    ("scores", "counts", "number"),
    [((60, 80, 80), "best", 2), ((60, 80, 80), "first", 1), ((80, 60), "best", 1), ((0,), "best", 1)],
)
def test_the_attempt_that_counts_is_the_one_that_was_announced(scores, counts, number):
    assert [one.number for one in counted(sats(*scores), counts=counts)] == [number]


def test_who_answered_nothing_took_no_part():
    assert counted([Sat(1, 1, 1, 0, 0), Sat(1, 1, 2, 0, 0)], counts="best") == []
    assert len(counted([Sat(1, 1, 1, 0, 0), Sat(1, 1, 2, 20, 3)], counts="first")) == 1


def unit(name, people, *scores):
    return row(name, people, [Sat(at, 1, 1, score, 1) for at, score in enumerate(scores)], min_sample=5)


def places(rows, **rule):
    return [(one.unit, one.rank) for one in ranked(rows, **rule)]


def test_units_rank_by_what_was_announced_and_below_the_sample_not_at_all():
    rows = [
        unit("甲", 100, *[60] * 10),
        unit("乙", 50, *[90] * 5),  # the same rate, a higher average
        unit("丙", 20, *[50] * 6),
        unit("丁", 4, *[100] * 4),  # everybody took part, but four are no sample
    ]
    assert places(rows, by="rate", tie="other") == [("丙", 1), ("乙", 2), ("甲", 3), ("丁", None)]
    assert places(rows, by="rate", tie="equal") == [("丙", 1), ("甲", 2), ("乙", 2), ("丁", None)]
    assert places(rows, by="average", tie="other") == [("乙", 1), ("甲", 2), ("丙", 3), ("丁", None)]


def test_equals_share_a_rank_and_the_next_one_is_counted_on():
    rows = [unit("甲", 10, *[60] * 5), unit("乙", 10, *[60] * 5), unit("丙", 100, *[90] * 5)]
    assert places(rows, by="rate", tie="other") == [("甲", 1), ("乙", 1), ("丙", 3)]


def test_what_differs_behind_the_decimal_point_is_no_tie():
    rows = [unit("甲", 3001, *[60] * 10), unit("乙", 3000, *[60] * 10)]
    assert {tenth(one.rate) for one in rows} == {"0.3"}
    assert places(rows, by="rate", tie="equal") == [("乙", 1), ("甲", 2)]


def test_few_people_are_not_told():
    assert [told(number) for number in (0, 1, 4, 5, 120)] == ["0", "少于5", "少于5", "5", "120"]


def test_the_pass_mark_is_reached_exactly_and_not_by_rounding():
    assert [reaches(score, 100, 60) for score in (59, 60, 100)] == [False, True, True]
    assert (reaches(100, 100, None), reaches(0, 0, 60)) == (False, False)
    assert (tenth(Decimal("83.45")), tenth(Decimal("83.449"))) == ("83.5", "83.4")
