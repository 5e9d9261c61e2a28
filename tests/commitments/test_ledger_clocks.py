"""The clocks of the ledger on days written by hand, the quarterly sweep, and what evaluation counts of both."""

import datetime

import pytest
from django.urls import reverse

from commitments.models import Rectification, Sweep
from commitments.rectification import metrics, services
from commitments.rectification.flows import FLOW, POSTPONEMENT, SWEEP
from evaluation.metrics import Figure, Metric, Part, Period
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines import services as deadlines
from longsha_credit.deadlines.models import Deadline, Holiday
from longsha_credit.deadlines.sending import send_due
from tests.commitments import ledger

DAY = datetime.timedelta(days=1)


def day(text):
    return datetime.date.fromisoformat(text)


# No holiday follows for weeks.
MONDAY = day("2026-11-09")


def due(obj, rule):
    return str(deadlines.of(obj).filter(rule_key=f"rectification_{rule}").latest("id").due_on)


def still_open(obj):
    return {clock.rule_key.removeprefix("rectification_") for clock in deadlines.open_of(obj)}


def test_every_stage_has_its_clock_and_the_next_begins_where_it_ends(cast):
    c = cast
    item = ledger.clue(c, today=MONDAY)
    assert (still_open(item), due(item, "check")) == ({"check"}, "2026-11-23")
    FLOW.take(item, "take_up", by=c.reviewer, today=MONDAY)
    FLOW.take(item, "find", by=c.reviewer, today=MONDAY + DAY, **ledger.FINDING)
    assert (still_open(item), due(item, "plan")) == ({"plan"}, "2026-11-24")
    ledger.rectifying(c, item, today=MONDAY + 2 * DAY, due_on=day("2027-06-30"))
    assert (still_open(item), due(item, "due")) == ({"due"}, "2027-06-30")
    ledger.closed(c, item, today=MONDAY + 4 * DAY)
    assert (still_open(item), due(item, "follow_up")) == ({"follow_up"}, "2026-12-14")  # 12-13 is a Sunday
    FLOW.take(item, "reopen", by=c.reviewer, reason="又犯", today=MONDAY + 7 * DAY)
    assert still_open(item) == {"plan"}
    owners = {d.rule_key: d.organisation for d in deadlines.of(item)}
    assert owners["rectification_check"] == owners["rectification_accept"] == c.district
    assert owners["rectification_plan"] == owners["rectification_due"] == c.street


def test_an_overdue_item_goes_blue_yellow_red_and_says_so_in_words(cast, signed_in):
    c = cast
    item = ledger.rectifying(c, today=MONDAY, due_on=ledger.TODAY + 400 * DAY)
    last = ledger.TODAY + 401 * DAY
    seen = []
    for after in range(1, 25):
        send_due(today=last + after * DAY)
        (row,) = Rectification.objects.with_slip(Deadline.objects.running()).filter(pk=item.pk)
        if row.slip and row.slip not in seen:
            seen.append(row.slip)
    assert seen == ["blue", "yellow", "red"]
    desk = signed_in(c.office)
    url = reverse("rectification:list")
    assert "红色督办单" in desk.get(f"{url}?colour=red").content.decode()
    assert [row.pk for row in desk.get(f"{url}?colour=red").context["page"]] == [item.pk]
    form = desk.get(reverse("rectification:slip_new", args=[item.pk])).context["form"]
    assert form["colour"].value() == "red"


def test_a_holiday_entered_later_moves_the_clock_and_says_so(cast, signed_in):
    item = ledger.clue(cast, today=MONDAY)
    holiday = Holiday(day=day("2026-11-12"), is_workday=False, name="临时放假", basis="通知")
    assert deadlines.set_days([holiday], by=cast.office, today=MONDAY) == 1
    clock = deadlines.open_of(item).get()
    assert str(clock.due_on) == "2026-11-24"
    page = signed_in(cast.office).get(reverse("deadlines:page", args=[clock.pk])).content.decode()
    assert "日历调整" in page and "2026-11-23" in page and "发改财金〔2023〕1103号" in page


def test_more_time_is_asked_before_the_day_granted_by_another_and_only_once(cast):
    c = cast
    item = ledger.rectifying(c)
    asked = ledger.asked_for_time(c, item)
    with pytest.raises(Refused, match="等待批准"):
        ledger.asked_for_time(c, item)
    with pytest.raises(Refused, match="由上级办理"):
        POSTPONEMENT.take(asked, "approve", by=c.lead)
    POSTPONEMENT.take(asked, "approve", by=c.reviewer)
    item.refresh_from_db()
    assert item.due_on == asked.to_day and due(item, "due") == str(asked.to_day)
    with pytest.raises(Refused, match="已经延过一次"):
        ledger.asked_for_time(c, item)
    late = ledger.rectifying(c, today=MONDAY - 60 * DAY, due_on=ledger.TODAY - DAY)
    with pytest.raises(Refused, match="到期以前"):
        ledger.asked_for_time(c, late)


def test_a_request_left_open_is_dropped_when_the_work_is_done(cast):
    item = ledger.rectifying(cast)
    asked = ledger.asked_for_time(cast, item)
    ledger.closing(cast, item)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == ("refused", None)


# the sweep


def test_each_street_and_community_owes_one_sweep_a_quarter(cast):
    day_one = day("2026-10-08")
    assert services.open_sweeps(today=day_one) == 3
    assert services.open_sweeps(today=day_one + 9 * DAY) == 0
    found = set(Sweep.objects.values_list("organisation__name", "year", "quarter"))
    assert found == {("向阳街道", 2026, 3), ("临江街道", 2026, 3), ("新苑社区", 2026, 3)}
    assert services.open_sweeps(today=day("2027-01-02")) == 3  # the last quarter of the year before
    assert due(Sweep.objects.get(organisation=cast.street, quarter=3), "sweep") == "2026-10-20"


def test_a_sweep_is_reported_as_zero_or_with_its_items(cast, signed_in):
    c = cast
    it = ledger.sweep(c)
    for given, words in (
        ({"zero": False, "text": "查了合同。"}, "还没有登记查出的事项"),
        ({"zero": True, "text": " "}, "怎样排查"),
    ):
        with pytest.raises(Refused, match=words):
            SWEEP.take(it, "hand_in", by=c.clerk, **given)
    item = ledger.clue(c, sweep=it, source="sweep")
    with pytest.raises(Refused, match="不能作零报告"):
        SWEEP.take(it, "hand_in", by=c.clerk, zero=True, text="查了合同。")
    SWEEP.take(it, "hand_in", by=c.clerk, zero=False, text="查了合同。")
    with pytest.raises(Refused, match="已经报送"):
        ledger.clue(c, sweep=it, source="sweep")
    ledger.reported_zero(c, ledger.sweep(c, c.community))
    board = signed_in(c.office).get(reverse("rectification:sweeps"))
    assert (board.context["reported"], board.context["zero"], board.context["found"]) == (2, 1, 1)
    assert item.title in signed_in(c.lead).get(reverse("rectification:sweep", args=[it.pk])).content.decode()


# what evaluation counts

PARTS = {"in_time": 1, "late": 0, "open": 0, "pending": None, "stayed": 0, "relapsed": 1, "missing": 0}


def metric(key, parts, *functions):
    weights = tuple(Part(p, p, PARTS[p], "kept") for p in parts)
    return Metric(key, key, "%", "", "", 1, weights, *functions)


CLOSED = metric(
    "closed", metrics.CLOSING_PARTS, metrics.closed_of_all, metrics.closed_below, metrics.closings_behind
)
RELAPSED = metric(
    "relapsed",
    metrics.RELAPSE_PARTS,
    metrics.relapses_of_all,
    metrics.relapses_below,
    metrics.relapses_behind,
)
SWEPT = metric("swept", metrics.SWEEP_PARTS, metrics.swept_of_all, metrics.swept_below, metrics.sweeps_behind)


def counts(figure: Figure):
    return {part: number for part, number in figure.counts.items() if number}


def test_closed_in_time_is_by_the_day_it_was_asked_and_a_relapse_leaves_the_first_round(cast):
    c = cast
    begun, set_day = day("2026-08-03"), day("2026-09-15")

    def item(**more):
        return ledger.rectifying(c, today=begun, due_on=set_day, **more)

    ledger.closed(c, item(), today=set_day)
    ledger.closed(c, item(), today=set_day + DAY)
    ledger.closing(c, item(), today=set_day)
    item()
    ledger.relapsed(c, ledger.closed(c, item(), today=set_day - DAY), today=set_day)
    elsewhere = item(by=c.other_clerk, organisation=c.other_street)
    ledger.closed(c, elsewhere, by=c.other_clerk, lead=c.other_lead, today=set_day)
    period = Period.of_year(2026, day("2026-09-20"))
    assert counts(CLOSED.for_unit(c.street, period)) == {"in_time": 2, "late": 1, "pending": 1, "open": 1}
    assert CLOSED.for_unit(c.street, period).rate == 50
    assert counts(CLOSED.for_all(period)[c.other_street.pk]) == {"in_time": 1}
    rows = list(CLOSED.rows(c.district, period, ""))
    assert len(rows) == CLOSED.for_everybody(period).total == 6
    assert {row["part"] for row in rows} == {"in_time", "late", "pending", "open"}
    assert [row["part"] for row in CLOSED.rows(c.street, period, "late")] == ["late"]
    assert counts(RELAPSED.for_unit(c.street, period)) == {"stayed": 2, "relapsed": 1}
    assert [row["number"][-4:] for row in RELAPSED.rows(c.street, period, "relapsed")] == ["0005"]


def test_a_zero_report_counts_as_a_sweep_done(cast):
    c = cast
    for unit, person in ((c.street, c.clerk), (c.community, c.community_clerk)):
        it = ledger.sweep(c, unit, today=day("2026-10-08"))
        on = day("2026-10-20") if unit == c.street else day("2026-10-21")
        SWEEP.take(it, "hand_in", by=person, zero=True, text="逐份核对。", today=on)
    period = Period.of_year(2026, day("2026-12-01"))
    assert counts(SWEPT.for_everybody(period)) == {"in_time": 1, "late": 1, "missing": 1}
    assert [row["zero"] for row in SWEPT.rows(c.street, period, "")] == [True, True]
    before_the_day = Period.of_year(2026, day("2026-10-15"))
    assert "missing" not in counts(SWEPT.for_everybody(before_the_day))
