"""What evaluation and the public are told of cases: numbers with the rows behind them, and nothing of a case."""

import datetime

from django.urls import reverse

from commitments.models import Case
from commitments.supervision import metrics, services
from commitments.supervision.flows import FLOW
from evaluation.metrics import COMPLAINTS_IN_TIME, SATISFACTION, Period
from tests.supervision import filing

LONG_AGO = filing.TODAY - datetime.timedelta(days=60)
YEAR = Period.of_year(LONG_AGO.year, filing.TODAY + datetime.timedelta(days=1))


def in_time(c):
    return filing.refused(c) and filing.replied(c)


def late_accept(c):
    it = filing.case(c, today=LONG_AGO)
    FLOW.take(it, "accept", by=c.clerk, today=LONG_AGO + datetime.timedelta(days=20))


def late_reply(c):
    it = filing.proposed(c, today=LONG_AGO)
    FLOW.take(it, "approve", by=c.lead, today=LONG_AGO + datetime.timedelta(days=50))


def test_the_handling_unit_answers_for_the_time_and_every_row_is_behind_the_number(cast):
    in_time(cast)
    late_accept(cast)
    late_reply(cast)
    filing.accepted(cast)
    filing.case(cast, today=LONG_AGO)  # nobody has looked at it, and its day has passed
    filing.accepted(cast, today=LONG_AGO)
    filing.case(cast, kind="praise")
    counts = {"in_time": 2, "late_accept": 2, "late_reply": 2, "open": 1}
    assert COMPLAINTS_IN_TIME.of_all(YEAR) == {cast.street.pk: counts}
    assert COMPLAINTS_IN_TIME.below(cast.district, YEAR) == counts
    assert COMPLAINTS_IN_TIME.below(cast.other_street, YEAR) == dict.fromkeys(counts, 0)
    figure = COMPLAINTS_IN_TIME.for_unit(cast.street, YEAR)
    assert (figure.numerator, figure.denominator, figure.left_out) == (2, 6, 1)
    assert str(figure.rate) == "33.3"
    for part, number in counts.items():
        rows = list(COMPLAINTS_IN_TIME.rows(cast.street, YEAR, part))
        assert [row["stands_in"] for row in rows] == [part] * number
        assert {(row["said"], row["ref"], row["link"]) for row in rows} == {("来件1件", "", "")}
        assert {row["counted_on"].day for row in rows} == {1}  # the month, not the day
    assert COMPLAINTS_IN_TIME.rows(cast.street, YEAR, "").count() == 7


def test_the_unit_complained_of_answers_for_satisfaction_by_the_last_word_on_a_closed_case(cast):
    filing.closed(cast)
    again = filing.replied_again(cast)
    services.answer(again, level="very_good", today=filing.TODAY)
    unfinished = filing.rehandling(cast)
    services.rate(about=cast.community, obligation=None, level="very_bad", token="x", today=filing.TODAY)
    assert unfinished.ratings.count() == 1
    figure = SATISFACTION.for_unit(cast.street, YEAR)
    assert figure.counts == {"very_good": 1, "good": 1, "fair": 0, "bad": 0, "very_bad": 0}
    assert list(SATISFACTION.of_all(YEAR)) == [cast.community.pk]
    assert figure.is_small and figure.rate is None
    assert sorted(row["part"] for row in SATISFACTION.rows(cast.street, YEAR, "")) == ["good", "very_good"]


def test_neither_metric_has_a_page_for_everybody(client, cast):
    for metric in (COMPLAINTS_IN_TIME, SATISFACTION):
        assert client.get(reverse("figures:figure", args=[cast.street.pk, metric.key])).status_code == 404


def test_public_numbers_end_with_last_month_and_few_are_only_called_few(client, cast):
    page = reverse("unit", args=[cast.street.pk])
    first = filing.TODAY.replace(day=1)
    last_month = first - datetime.timedelta(days=1)
    filing.case(cast)
    assert metrics.public_figures(cast.street, filing.TODAY)["received"] == 0
    for _ in range(4):
        filing.case(cast, today=last_month)
    shown = client.get(page).content.decode()
    assert "少于5件，不列明细" in shown
    filing.replied(cast, today=last_month)
    shown = client.get(page).content.decode()
    assert "收到5件；按期受理1件" in shown and "属实1件" in shown
    assert not [n for n in Case.objects.values_list("number", flat=True) if n in shown]
