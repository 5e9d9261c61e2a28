"""What evaluation asks of what is published: worked by hand, one query for everybody, the rows behind each number."""

import datetime

import pytest

from disclosure import metrics
from evaluation.metrics import METRICS, Period
from tests.audit.rules import past_triggers
from tests.disclosure import making
from tests.disclosure.coverage import owing
from tests.disclosure.coverage.owing import TODAY, days

TOMORROW = days(1)
YEAR = Period.of_year(TODAY.year, TOMORROW)
OTHER_YEAR = TODAY.year + 2  # as it will be seen when it is over
AFTER = Period.of_year(OTHER_YEAR, datetime.date(OTHER_YEAR + 1, 2, 1))


def happened(notice, on):
    """As if it had first become public on that day, at noon."""
    noon = datetime.datetime.combine(on, datetime.time(4), tzinfo=datetime.UTC)
    with past_triggers() as cursor:
        cursor.execute(
            "UPDATE publication_publication SET first_published_at = %s, published_at = %s WHERE id = %s",
            [noon, noon, notice.publication_id],
        )


def test_what_became_public_is_held_against_the_day_its_clock_ran_to(cast):
    making.published(cast)
    making.published(cast, formed_on=days(-60))
    making.published(cast, formed_on=days(-12), topic=making.topic("licences"))  # seven working days
    making.notice(cast, formed_on=days(-90))  # a draft is no publication
    gone = making.published(cast, formed_on=days(-60), topic=making.topic("housing"))
    making.withdrawn(cast, gone)
    counts = {"in_time": 1, "late": 3}
    assert metrics.published_of_all(YEAR) == {cast.street.pk: counts}
    assert metrics.published_below(cast.district, YEAR) == counts
    assert metrics.published_below(cast.other_street, YEAR) == {"in_time": 0, "late": 0}
    assert metrics.published_of_all(AFTER) == {}
    rows = metrics.publications_behind(cast.street, YEAR, "late")
    assert {(row["said"], row["formed_on"], row["part"]) for row in rows} == {
        ("高龄津贴发放办法和第三季度发放结果", days(-60), "late"),
        ("高龄津贴发放办法和第三季度发放结果", days(-12), "late"),
    }
    assert all(row["first_on"] == TODAY > row["due_on"] for row in rows)
    assert metrics.publications_behind(cast.street, YEAR).count() == 4
    assert METRICS["published-in-time"].for_unit(cast.street, YEAR).is_small


def test_the_last_day_of_the_limit_is_in_time_and_the_next_is_not(cast):
    on_time = making.published(cast)
    due = on_time.publication and metrics.publications_behind(cast.street, YEAR)[0]["due_on"]
    happened(on_time, due)
    period = Period.of_year(due.year, due + datetime.timedelta(days=2))
    assert metrics.published_of_all(period)[cast.street.pk] == {"in_time": 1, "late": 0}
    happened(on_time, due + datetime.timedelta(days=1))
    assert metrics.published_below(cast.street, period) == {"in_time": 0, "late": 1}


def test_a_field_is_covered_by_something_in_effect_and_a_window_owes_none(cast):
    owing.all_duties()
    making.published(cast)
    making.published(cast, topic=making.topic("news"))  # no field
    making.withdrawn(cast, making.published(cast, topic=making.topic("housing")))
    making.published(
        cast, topic=making.topic("parking"), organisation=cast.community, by=cast.community_clerk
    )
    assert metrics.fields_of_all(YEAR) == {
        cast.street.pk: {"covered": 1, "missing": 13},
        cast.other_street.pk: {"covered": 0, "missing": 14},
        cast.community.pk: {"covered": 1, "missing": 13},
    }
    assert metrics.fields_below(cast.street, YEAR) == {"covered": 2, "missing": 26}
    covered = metrics.fields_behind(cast.street, YEAR, "covered")
    assert [(row["said"], row["unit_name"]) for row in covered] == [
        ("养老", "向阳街道"),
        ("停车", "新苑社区"),
    ]
    figure = METRICS["field-coverage"].for_unit(cast.street, YEAR)
    assert (figure.numerator, figure.denominator, str(figure.rate)) == (2, 28, "7.1")
    assert METRICS["field-coverage"].for_unit(cast.window, YEAR).rate is None


def test_each_whole_quarter_since_the_duty_began_has_its_publication_or_not(cast):
    began = datetime.date(OTHER_YEAR, 3, 15)  # in the first quarter: the second is the first that counts
    owing.all_duties(began)
    accounts = making.topic("street-accounts")
    for on in (
        datetime.date(OTHER_YEAR, 4, 1),
        datetime.date(OTHER_YEAR, 6, 30),
        datetime.date(OTHER_YEAR, 12, 31),
    ):
        happened(making.published(cast, topic=accounts), on)
    happened(making.published(cast, topic=accounts), datetime.date(OTHER_YEAR, 2, 1))  # nothing was owed yet
    gone = making.published(cast, topic=accounts)
    happened(gone, datetime.date(OTHER_YEAR, 8, 1))
    making.withdrawn(cast, gone)
    nothing = {"published": 0, "missed": 3}
    assert metrics.quarters_of_all(AFTER) == {
        cast.street.pk: {"published": 2, "missed": 1},
        cast.other_street.pk: nothing,
        cast.community.pk: {"published": 0, "missed": 6},  # accounts and affairs
    }
    assert metrics.quarters_below(cast.street, AFTER) == {"published": 2, "missed": 7}
    rows = list(metrics.quarters_behind(cast.street, AFTER, "published"))
    assert [(row["said"], row["quarter"]) for row in rows] == [
        ("街道财务公开", datetime.date(OTHER_YEAR, 4, 1)),
        ("街道财务公开", datetime.date(OTHER_YEAR, 10, 1)),
    ]
    assert metrics.quarters_behind(cast.street, AFTER).count() == 9
    assert str(METRICS["quarterly-accounts"].for_unit(cast.street, AFTER).rate) == "22.2"


@pytest.mark.parametrize(
    ("over", "quarters"), [((3, 30), 0), ((3, 31), 1), ((9, 30), 3), ((12, 30), 3), ((12, 31), 4)]
)
def test_a_quarter_counts_when_it_is_over(cast, over, quarters):
    owing.all_duties(datetime.date(OTHER_YEAR - 1, 12, 1))
    today = datetime.date(OTHER_YEAR, *over) + datetime.timedelta(days=1)
    counts = metrics.quarters_below(cast.other_street, Period.of_year(OTHER_YEAR, today))
    assert counts == {"published": 0, "missed": quarters}


def test_before_the_first_quarter_is_over_there_is_nothing_to_divide(cast):
    owing.all_duties(datetime.date(OTHER_YEAR - 1, 12, 1))
    period = Period.of_year(OTHER_YEAR, datetime.date(OTHER_YEAR, 2, 1))
    assert metrics.quarters_of_all(period) == {}
    assert list(metrics.quarters_behind(cast.street, period)) == []
    assert METRICS["quarterly-accounts"].for_unit(cast.street, period).rate is None


def test_every_version_that_went_out_has_its_review(cast):
    notice = making.published(cast)
    making.revised(cast, notice)
    assert metrics.reviews_of_all(YEAR) == {cast.street.pk: {"reviewed": 2, "unreviewed": 0}}
    rows = metrics.versions_behind(cast.street, YEAR, "reviewed")
    assert [(row["code"], row["version"]) for row in rows] == [(notice.code, 1), (notice.code, 2)]
    assert str(METRICS["reviewed"].for_unit(cast.street, YEAR).rate) == "100.0"
    entry = notice.publication.ledger.order_by("id")[0]
    with past_triggers() as cursor:
        cursor.execute("UPDATE publication_review SET state = 'recalled' WHERE id = %s", [entry.review_id])
    assert metrics.reviews_below(cast.street, YEAR) == {"reviewed": 1, "unreviewed": 1}


@pytest.mark.parametrize("key", ["published-in-time", "field-coverage", "quarterly-accounts", "reviewed"])
def test_all_organisations_are_one_query_and_a_stranger_sees_no_page(
    cast, client, django_assert_num_queries, key
):
    owing.all_duties(datetime.date(OTHER_YEAR - 1, 12, 1))
    with django_assert_num_queries(1):
        METRICS[key].for_all(AFTER)
    with django_assert_num_queries(1):
        list(METRICS[key].rows(cast.district, AFTER, "")[:25])
    assert client.get(f"/units/{cast.street.pk}/figures/{key}/").status_code == 404
