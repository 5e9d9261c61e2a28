"""承诺率 and the coverage of the four areas: every figure opens to its units, and nothing is not zero."""

from decimal import Decimal

from django.utils import timezone

from commitments.models import Area
from evaluation.metrics import AREA_COVERAGE, PROMISE_RATE, Period
from longsha_credit.directory.models import Organisation
from tests import make
from tests.commitments import owed, reader


def year():
    return Period.of_year(timezone.localdate().year, timezone.localdate())


def test_a_unit_without_a_public_commitment_counts_in_the_denominator(cast):
    make.in_force(cast)
    make.in_force(cast, area=Area.CLEAN)
    make.submitted(cast, by=cast.other_clerk, organisation=cast.other_street, post=cast.other_post)
    owed.standing(cast, owed.policy_draft(cast))
    found = PROMISE_RATE.for_unit(cast.district, year())
    # two streets, a community and a window take part; the district and the posts do not
    assert (found.numerator, found.denominator, found.rate) == (1, 4, Decimal("25.0"))
    own = {unit: figure.numerator for unit, figure in PROMISE_RATE.for_all(year()).items()}
    assert own == {cast.street.pk: 1, cast.other_street.pk: 0, cast.community.pk: 0, cast.window.pk: 0}
    assert PROMISE_RATE.for_everybody(year()).counts == {"with": 1, "without": 3}


def test_what_was_taken_down_or_is_not_public_is_no_commitment(cast):
    make.withdrawn(cast, make.in_force(cast))
    make.draft(cast)
    owed.standing(cast, owed.contract_draft(cast))
    assert PROMISE_RATE.for_unit(cast.street, year()).numerator == 0


def test_a_promise_counts_in_the_years_it_reaches_into(cast):
    it = make.in_force(cast)
    assert PROMISE_RATE.for_unit(cast.street, Period.of_year(it.made_on.year - 1, it.made_on)).numerator == 0
    after = Period.of_year(it.due_on.year + 1, it.due_on.replace(year=it.due_on.year + 1))
    assert PROMISE_RATE.for_unit(cast.street, after).numerator == 0


def test_coverage_counts_areas_of_units(cast):
    for area in (Area.SERVICE, Area.SERVICE, Area.CLEAN):
        make.in_force(cast, area=area)
    own = AREA_COVERAGE.for_all(year())
    assert (own[cast.street.pk].numerator, own[cast.street.pk].denominator) == (2, 4)
    assert own[cast.other_street.pk].rate == Decimal("0.0")
    below = AREA_COVERAGE.for_unit(cast.street, year())
    assert (below.numerator, below.denominator) == (2, 12)
    rows = AREA_COVERAGE.rows(cast.street, year(), "covered")
    assert [(row["area"], row["number"]) for row in rows] == [("service", 2), ("clean", 1)]


def test_where_nobody_takes_part_there_is_no_rate(cast):
    Organisation.objects.exclude(level="district").update(taking_part=False)
    for metric in (PROMISE_RATE, AREA_COVERAGE):
        found = metric.for_unit(cast.district, year())
        assert (found.denominator, found.rate) == (0, None)


def test_every_figure_opens_from_the_unit_to_its_rows(cast, client):
    make.in_force(cast)
    unit = reader.words(client.get(f"/units/{cast.street.pk}/"))
    assert "承诺率 33.3% = 1 ÷ 3" in unit and "四类承诺覆盖率 8.3% = 1 ÷ 12" in unit
    rate = client.get(f"/units/{cast.street.pk}/figures/promise-rate/")
    assert "参加创建的街道、社区、窗口共3个" in reader.words(rate)
    rows = [(row["unit_name"], row["number"]) for row in rate.context["page"]]
    assert sorted(rows) == [("向阳街道", 1), ("新苑社区", 0), ("综合窗口", 0)]
    coverage = client.get(f"/units/{cast.street.pk}/figures/area-coverage/", {"part": "missing"})
    assert coverage.context["page"].total == 11
    assert "参加创建的4个单位中，1个有本年有效的公开承诺" in reader.words(client.get("/"))
