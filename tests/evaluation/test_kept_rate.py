"""到期兑现率 against examples worked out by hand."""

import datetime
from decimal import Decimal

import pytest

from commitments.flows import FLOW, RESULT, VERDICT
from commitments.models import Verdict
from evaluation.metrics import KEPT_RATE, Figure, Period
from tests import make

FULL, PARTLY, NONE = Verdict.FULL, Verdict.PARTLY, Verdict.NONE
MADE = datetime.date(2026, 3, 2)
DUE = datetime.date(2026, 6, 30)  # a Tuesday; five working days for the report end on July 7
REPORTED, LAST, LATE = datetime.date(2026, 6, 29), datetime.date(2026, 7, 7), datetime.date(2026, 7, 8)
NOW = datetime.date(2026, 9, 1)
YEAR = Period.of_year(2026, NOW)
NOTHING = {"full": 0, "partly": 0, "none": 0, "silent": 0, "late": 0, "pending": 0}


def promise(c, title="承诺", due_on=DUE, **more):
    return make.in_force(c, today=MADE, title=title, due_on=due_on, **more)


def figure(unit, period=YEAR) -> Figure:
    return KEPT_RATE.for_unit(unit, period)


def counts(unit, period=YEAR) -> dict:
    return {key: n for key, n in figure(unit, period).counts.items() if n}


def test_nothing_due_is_no_rate_and_not_zero(cast):
    promise(cast, due_on=datetime.date(2026, 12, 31))
    found = figure(cast.street)
    assert (found.numerator, found.denominator, found.rate, found.total) == (0, 0, None, 0)
    assert counts(cast.street) == {}


def test_half_kept_counts_half(cast):
    for verdict in (FULL, FULL, FULL, PARTLY, NONE, NONE):
        make.ended(cast, promise(cast), verdict, today=REPORTED)
    found = figure(cast.street)
    assert counts(cast.street) == {"full": 3, "partly": 1, "none": 2}
    assert (found.numerator, found.denominator) == (Decimal("3.5"), 6)
    assert found.rate == Decimal("58.3")


def test_silence_past_the_day_counts_as_not_kept_and_makes_no_verdict(cast):
    silent = promise(cast)
    assert counts(cast.street) == {"silent": 1}
    silent.refresh_from_db()
    assert (silent.state, silent.verdict, figure(cast.street).numerator) == ("in_force", "", 0)


def test_reported_in_time_and_not_verified_yet_is_left_out(cast):
    make.reported(cast, promise(cast), today=LAST)
    found = figure(cast.street)
    assert counts(cast.street) == {"pending": 1}
    assert (found.denominator, found.left_out, found.rate) == (0, 1, None)


def test_reported_late_counts_as_not_kept_until_it_is_verified(cast):
    late = promise(cast)
    make.reported(cast, late, today=LATE, fulfilled_on=DUE)
    assert counts(cast.street) == {"late": 1}
    assert figure(cast.street).denominator == 1
    make.verified(cast, late, FULL, today=LATE)
    assert counts(cast.street) == {"full": 1}


def test_a_report_sent_back_counts_like_none_until_it_comes_again(cast):
    it = promise(cast)
    RESULT.take(
        make.reported(cast, it, today=REPORTED), "send_back", by=cast.reviewer, reason="缺照片", today=LAST
    )
    assert counts(cast.street) == {"silent": 1}


def test_a_change_thirty_days_before_moves_the_day_it_counts_by(cast):
    it = promise(cast)
    make.amended(cast, it, today=DUE - datetime.timedelta(days=30), due_on=datetime.date(2026, 12, 1))
    it.refresh_from_db()
    assert it.counts_on == datetime.date(2026, 12, 1)
    assert counts(cast.street) == {}


def test_a_change_inside_thirty_days_does_not_rescue_the_figure(cast):
    it = promise(cast)
    later = datetime.date(2026, 12, 1)
    made = make.amended(cast, it, today=DUE - datetime.timedelta(days=29), due_on=later, target=12)
    it.refresh_from_db()
    assert (made.is_late, it.due_on, it.counts_on) == (True, later, DUE)
    assert counts(cast.street) == {"silent": 1}
    make.reported(cast, it, today=LATE, fulfilled_on=LATE)
    assert counts(cast.street) == {"late": 1}
    make.verified(cast, it, FULL, today=NOW, day=LATE, counted_verdict=NONE)
    it.refresh_from_db()
    assert (it.verdict, it.counted_verdict) == (FULL, NONE)
    assert counts(cast.street) == {"none": 1}


def test_another_change_after_a_late_one_rescues_nothing_either(cast):
    it = promise(cast)
    make.amended(cast, it, today=DUE - datetime.timedelta(days=5), due_on=datetime.date(2026, 12, 1))
    make.amended(cast, it, today=DUE - datetime.timedelta(days=4), due_on=datetime.date(2027, 2, 1))
    it.refresh_from_db()
    assert it.counts_on == DUE


def test_withdrawn_in_good_time_is_not_counted(cast):
    make.withdrawn(cast, promise(cast), today=DUE - datetime.timedelta(days=30))
    assert counts(cast.street) == {}


@pytest.mark.parametrize("day", [DUE - datetime.timedelta(days=29), NOW])
def test_withdrawn_shortly_before_or_after_the_day_still_counts(cast, day):
    gone = make.withdrawn(cast, promise(cast, "题目不再公开"), today=day)
    assert counts(cast.street) == {"silent": 1}
    (row,) = KEPT_RATE.rows(cast.street, YEAR, "")
    assert (row["code"], row["said"], row["is_withdrawn"], row["part"]) == (gone.code, "", True, "silent")


def test_withdrawn_after_its_verdict_keeps_the_verdict(cast):
    it = promise(cast)
    make.ended(cast, it, NONE, today=REPORTED)
    make.withdrawn(cast, it, today=LATE)
    assert counts(cast.street) == {"none": 1}


def test_a_withdrawal_refused_leaves_everything_as_it_was(cast):
    it = promise(cast)
    make.ended(cast, it, PARTLY, today=REPORTED)
    FLOW.take(it, "ask_withdrawal", by=cast.clerk, reason="不想公开", today=LATE)
    assert counts(cast.street) == {"partly": 1}
    FLOW.take(it, "refuse_withdrawal", by=cast.office, reason="没有依据", today=LATE)
    assert (it.state, it.verdict, it.withdraw_from) == ("verified", PARTLY, "")


def test_a_verdict_revoked_by_two_people_leaves_the_figure(cast):
    it = promise(cast)
    make.reported(cast, it, today=REPORTED)
    found = make.verified(cast, it, NONE, today=LAST)
    VERDICT.take(found, "ask_revocation", by=cast.reviewer, reason="核错了楼号", today=LATE)
    assert counts(cast.street) == {"none": 1}
    VERDICT.take(found, "revoke", by=cast.district_lead, today=LATE)
    it.refresh_from_db()
    assert (it.state, it.verdict) == ("reported", "")
    assert counts(cast.street) == {"pending": 1}


def test_one_query_gives_every_organisation_its_own_and_units_sum_what_is_below(
    cast, django_assert_num_queries
):
    make.ended(cast, promise(cast), FULL, today=REPORTED)
    promise(
        cast, organisation=cast.community, post=cast.community_post, by=cast.community_clerk, lead=cast.lead
    )
    promise(
        cast, organisation=cast.other_street, post=cast.other_post, by=cast.other_clerk, lead=cast.other_lead
    )
    with django_assert_num_queries(1):
        found = KEPT_RATE.for_all(YEAR)
    assert {pk: value.counts for pk, value in found.items()} == {
        cast.street.pk: NOTHING | {"full": 1},
        cast.community.pk: NOTHING | {"silent": 1},
        cast.other_street.pk: NOTHING | {"silent": 1},
    }
    assert counts(cast.street) == {"full": 1, "silent": 1}
    assert (
        counts(cast.district)
        == {"full": 1, "silent": 2}
        == {k: v for k, v in KEPT_RATE.for_everybody(YEAR).counts.items() if v}
    )


def test_below_the_minimum_sample_there_are_counts_only(cast):
    for _ in range(4):
        make.ended(cast, promise(cast), FULL, today=REPORTED)
    few = figure(cast.street)
    assert (few.is_small, few.rate, few.denominator) == (True, None, 4)
    make.ended(cast, promise(cast), PARTLY, today=REPORTED)
    enough = figure(cast.street)
    assert (enough.is_small, enough.rate) == (False, Decimal("90.0"))


def test_the_year_counts_its_own_days_and_never_today(cast):
    promise(cast, due_on=datetime.date(2026, 8, 31))
    promise(cast, due_on=NOW)
    promise(cast, due_on=datetime.date(2027, 1, 1))
    assert counts(cast.street) == {"silent": 1}
    whole = Period.of_year(2026, datetime.date(2027, 5, 1))
    assert (whole.start, whole.over) == (datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    assert counts(cast.street, whole) == {"silent": 2}


def test_a_promise_of_the_year_reported_early_counts_once_it_is_verified(cast):
    early = promise(cast, due_on=datetime.date(2026, 12, 31))
    make.reported(cast, early, today=LAST)
    assert counts(cast.street) == {"pending": 1}
    make.verified(cast, early, FULL, today=LATE)
    assert counts(cast.street) == {"full": 1}
    assert counts(cast.street, Period.of_year(2027, NOW)) == {}


def test_drafts_and_promises_in_review_are_never_counted(cast):
    make.draft(cast, due_on=datetime.date(2026, 6, 30))
    assert figure(cast.street, Period.of_year(2026, datetime.date(2027, 1, 5))).total == 0


def test_rows_and_counts_always_tell_the_same(cast):
    make.ended(cast, promise(cast, "甲"), FULL, today=REPORTED)
    make.reported(cast, promise(cast, "乙"), today=LATE)
    promise(cast, "丙")
    rows = list(KEPT_RATE.rows(cast.street, YEAR, ""))
    assert [(row["said"], row["part"]) for row in rows] == [("甲", "full"), ("乙", "late"), ("丙", "silent")]
    for part, number, _ in figure(cast.street).groups:
        assert len(KEPT_RATE.rows(cast.street, YEAR, part.key)) == number
