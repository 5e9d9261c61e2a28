"""Clocks start, move, stop and end; each move is logged and its reminders follow."""

import pytest
from django.http import Http404

from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines import services
from longsha_credit.deadlines.flows import EXTENSION
from longsha_credit.deadlines.models import Deadline, DeadlineChange, Holiday, Rule, Suspension
from longsha_credit.deadlines.reference import RULES
from tests.deadlines.clocks import day, planned, start


def changes(deadline):
    rows = deadline.changes.order_by("id")
    return [(str(c.old_due), str(c.new_due), c.why) for c in rows]


def test_loading_the_rules_again_changes_nothing_and_a_changed_rule_is_a_new_version(cast, monkeypatch):
    before = list(Rule.objects.values())
    assert len({row["key"] for row in RULES}) == len(RULES) == len(before)
    services.load_rules()
    assert list(Rule.objects.values()) == before

    running = start(cast.street, on="2026-11-02")
    changed = [
        r | {"amount": 15, "valid_from": day("2026-12-01")} if r["key"] == "disclosure_publish" else r
        for r in RULES
    ]
    monkeypatch.setattr(services, "RULES", changed)
    services.load_rules()
    assert [row for row in Rule.objects.values() if row["version"] == 1] == before
    assert services.current_rule("disclosure_publish", on=day("2026-11-30")).amount == 20
    assert services.current_rule("disclosure_publish", on=day("2026-12-01")).amount == 15
    running.refresh_from_db()
    assert (running.rule.amount, running.due_on) == (20, day("2026-11-30"))


def test_the_summary_report_is_due_on_the_fifteenth_of_november_even_on_a_sunday(cast):
    report = start(cast.street, "summary_report", on="2026-09-01")
    assert report.due_on == day("2026-11-15")
    assert report.due_on.weekday() == 6
    before = [r[:2] for r in planned(report, kind="before", role="clerk")]
    # counted from Friday 13 November
    assert before == [("2026-10-14", "clerk"), ("2026-10-29", "clerk"), ("2026-11-06", "clerk"),
                      ("2026-11-10", "clerk"), ("2026-11-12", "clerk")]  # fmt: skip
    assert services.due_day_of("summary_report", starts_on=day("2026-11-16"), today=day("2026-11-16")) == day(
        "2027-11-15"
    )


def test_a_promised_day_stands_as_promised_and_is_followed_by_a_blue_slip(cast):
    promise = start(cast.street, "commitment_due", on="2026-11-02", due="2026-11-29")
    assert promise.due_on == day("2026-11-29")
    assert [r for r in planned(promise) if r[1] == "clerk"] == [
        ("2026-11-12", "clerk", "own", ""),
        ("2026-11-20", "clerk", "own", ""),
        ("2026-11-24", "clerk", "own", ""),
        ("2026-11-26", "clerk", "own", ""),
        ("2026-11-30", "clerk", "own", "blue"),
    ]
    assert Deadline.objects.get().explanation[0] == {
        "kind": "rule", "label": "承诺完成期限：约定的日期", "day": "2026-11-29", "note": "写明的日期，不因休息日顺延",
    }  # fmt: skip


def test_starting_again_gives_the_running_clock(cast):
    first = start(cast.street)
    assert start(cast.street, on="2026-11-09") == first
    services.meet(cast.street, "disclosure_publish", on=day("2026-11-10"))
    second = start(cast.street, on="2026-11-16")
    assert second != first
    assert list(services.of(cast.street)) == [first, second]
    assert list(services.open_of(cast.street)) == [second]


def test_a_clock_that_starts_after_its_promised_day_is_overdue_and_not_silent(cast):
    late = start(cast.street, "commitment_due", on="2026-11-23", due="2026-11-13")
    assert (late.starts_on, late.due_on) == (day("2026-11-13"), day("2026-11-13"))
    assert planned(late) == [("2026-11-23", "clerk", "own", "blue"), ("2026-11-23", "lead", "own", "blue")]


def test_a_moved_promise_is_logged_and_reminded_of_anew(cast):
    promise = start(cast.street, "commitment_due", on="2026-11-02", due="2026-11-30")
    services.move(
        cast.street,
        "commitment_due",
        why="变更承诺",
        due_on=day("2026-12-31"),
        title="新的名称",
        today=day("2026-11-20"),
        by=cast.clerk,
    )
    promise.refresh_from_db()
    assert (promise.due_on, promise.original_due_on, promise.title) == (
        day("2026-12-31"),
        day("2026-11-30"),
        "新的名称",
    )
    assert changes(promise) == [("2026-11-30", "2026-12-31", "变更承诺")]
    assert [r[0] for r in planned(promise, role="clerk")] == ["2026-12-01", "2026-12-16", "2026-12-24", "2026-12-28", "2026-12-30", "2027-01-01"]  # fmt: skip
    services.move(cast.street, "commitment_due", why="只改名称", title="又一个名称", today=day("2026-11-20"))
    assert DeadlineChange.objects.count() == 1
    services.move(cast.street, "result_report", why="没有这个期限", today=day("2026-11-20"))


def test_what_is_met_or_cancelled_reminds_nobody_any_more(cast):
    met, gone = start(cast.street), start(cast.other_street)
    services.meet(cast.street, "disclosure_publish", on=day("2026-12-01"))
    services.cancel(cast.other_street, why="事项取消")
    met.refresh_from_db(), gone.refresh_from_db()
    assert met.was_met_late
    assert (gone.met_on, gone.cancel_reason) == (None, "事项取消")
    assert planned(met) == planned(gone) == []
    services.meet(cast.street, "disclosure_publish", on=day("2026-12-02"))
    services.cancel(cast.street, why="再来一次")
    met.refresh_from_db()
    assert met.met_on == day("2026-12-01")


def test_days_of_a_suspension_are_not_counted_and_nothing_is_sent_meanwhile(cast):
    verify = start(cast.district, "result_verify", on="2026-12-07")
    assert verify.due_on == day("2026-12-21")
    services.suspend(verify, reason="等待补充验收单", by=cast.office, today=day("2026-12-14"))
    verify.refresh_from_db()
    assert (verify.suspended, planned(verify)) == (True, [])
    with pytest.raises(Refused, match="已经暂停"):
        services.suspend(verify, reason="又等", by=cast.office, today=day("2026-12-15"))
    services.resume(verify, by=cast.office, today=day("2026-12-16"))
    verify.refresh_from_db()
    # 8–11, 17, 18, 21, 22, 23, 24 December
    assert (verify.suspended, verify.due_on) == (False, day("2026-12-24"))
    assert changes(verify) == [("2026-12-21", "2026-12-24", "恢复")]
    assert [r[0] for r in planned(verify, kind="before")] == ["2026-12-19", "2026-12-21", "2026-12-23"]
    assert {
        "kind": "suspension",
        "label": "暂停",
        "day": "",
        "note": "12月14日至16日暂停，不计",
    } in verify.explanation
    assert set(Entry.objects.about(verify).values_list("step", flat=True)) == {"suspend", "resume"}
    with pytest.raises(Refused, match="没有暂停"):
        services.resume(verify, by=cast.office, today=day("2026-12-17"))
    with pytest.raises(Refused, match="明天再办"):
        services.suspend(verify, reason="又等", by=cast.office, today=day("2026-12-16"))


def test_a_clock_without_that_right_is_not_suspended_and_a_met_one_neither(cast):
    with pytest.raises(Refused, match="没有可以暂停的依据"):
        services.suspend(start(cast.street), reason="等等", by=cast.office, today=day("2026-11-10"))
    verify = start(cast.district, "result_verify", on="2026-12-07")
    services.suspend(verify, reason="等待补充", by=cast.office, today=day("2026-12-14"))
    services.meet(cast.district, "result_verify", on=day("2026-12-15"))
    verify.refresh_from_db()
    assert (verify.suspended, Suspension.objects.get().until_on) == (False, day("2026-12-15"))
    with pytest.raises(Refused, match="已经办结"):
        services.suspend(verify, reason="等待补充", by=cast.office, today=day("2026-12-16"))


def test_more_time_is_asked_for_before_the_day_approved_by_another_and_given_once(cast):
    verify = start(cast.district, "result_verify", on="2026-12-07")
    with pytest.raises(Http404):
        services.ask_extension(verify, reason="材料多", by=cast.clerk, today=day("2026-12-10"))
    with pytest.raises(Refused, match="到期以前申请"):
        services.ask_extension(verify, reason="材料多", by=cast.reviewer, today=day("2026-12-22"))
    asked = services.ask_extension(verify, reason="材料多", by=cast.reviewer, today=day("2026-12-21"))
    with pytest.raises(Refused, match="等待批准"):
        services.ask_extension(verify, reason="材料多", by=cast.reviewer2, today=day("2026-12-21"))
    EXTENSION.take(asked, "approve", by=cast.office, today=day("2026-12-22"))
    verify.refresh_from_db()
    # 22–25, 28–31 December, 1 and 4 January: of 2027 nothing is known yet, so Friday 1 January counts
    assert (verify.due_on, verify.extended_by) == (day("2027-01-04"), 10)
    assert changes(verify) == [("2026-12-21", "2027-01-04", "延期")]
    assert "2027年的放假安排还没有登记" in [line["label"] for line in verify.explanation]
    with pytest.raises(Refused, match="已经延过一次"):
        services.ask_extension(verify, reason="还要", by=cast.reviewer, today=day("2026-12-22"))
    with pytest.raises(Refused, match="没有可以延期的依据"):
        services.ask_extension(start(cast.street), reason="材料多", by=cast.clerk, today=day("2026-11-10"))


def test_a_refused_request_moves_nothing_and_may_be_asked_again(cast):
    verify = start(cast.district, "result_verify", on="2026-12-07")
    asked = services.ask_extension(verify, reason="材料多", by=cast.reviewer, today=day("2026-12-10"))
    EXTENSION.take(asked, "refuse", by=cast.office, reason="材料齐全", today=day("2026-12-11"))
    verify.refresh_from_db()
    assert (verify.due_on, verify.extended_by) == (day("2026-12-21"), 0)
    again = services.ask_extension(verify, reason="又收到一批", by=cast.reviewer, today=day("2026-12-14"))
    services.meet(cast.district, "result_verify", on=day("2026-12-15"))
    with pytest.raises(Refused, match="已经办结"):
        EXTENSION.take(again, "approve", by=cast.office)


@pytest.mark.parametrize(
    ("unit", "key", "decider"),
    [("community", "foi_reply", "street"), ("street", "foi_reply", "district"), ("window", "foi_reply", "street"),
     ("district", "foi_reply", "district"), ("community", "result_verify", "district")],
)  # fmt: skip
def test_the_unit_above_decides_and_for_the_districts_own_work_the_district(cast, unit, key, decider):
    deadline = start(getattr(cast, unit), key)
    assert services.decider_of(deadline) == getattr(cast, decider)


def test_a_new_holiday_moves_the_open_clocks_it_touches_and_no_others(cast):
    touched = start(cast.street, on="2026-11-02")
    before_it = start(cast.community, on="2026-08-03")
    after_it = start(cast.other_street, on="2026-12-07")
    met = start(cast.window, on="2026-11-02")
    services.meet(cast.window, "disclosure_publish", on=day("2026-11-20"))
    moved = services.set_days(
        [Holiday(day=day("2026-11-25"), is_workday=False, name="临时放假", basis="国办发明电〔2026〕9号")],
        by=cast.office,
        today=day("2026-11-23"),
    )
    assert moved == 1
    for deadline in (touched, before_it, after_it, met):
        deadline.refresh_from_db()
    assert touched.due_on == day("2026-12-01")
    assert changes(touched) == [("2026-11-30", "2026-12-01", "日历调整")]
    assert "11月25日临时放假" in touched.explanation[1]["note"]
    assert [r[0] for r in planned(touched, kind="before", role="clerk")] == [
        "2026-11-24",
        "2026-11-28",
        "2026-11-30",
    ]
    assert (before_it.due_on, after_it.due_on, met.due_on) == (
        day("2026-08-31"),
        day("2027-01-04"),
        day("2026-11-30"),
    )
    assert DeadlineChange.objects.count() == 1
    services.remove_day(Holiday.objects.get(), by=cast.office, today=day("2026-11-23"))
    touched.refresh_from_db()
    assert touched.due_on == day("2026-11-30")
    assert set(Entry.objects.filter(step="calendar").values_list("step_label", flat=True)) == {
        "登记放假调休",
        "删去放假调休",
    }


def test_clocks_of_the_unknown_year_are_computed_again_when_its_days_are_entered(cast):
    deadline = start(cast.street, "result_report", on="2027-02-04")
    assert deadline.due_on == day("2027-02-11")
    rows = [Holiday(day=day(f"2027-02-{d:02}"), is_workday=False, name="春节") for d in range(5, 12)]
    rows.append(Holiday(day=day("2027-02-20"), is_workday=True))
    services.set_days(rows, by=cast.office, today=day("2027-01-10"))
    deadline.refresh_from_db()
    assert deadline.due_on == day("2027-02-18")
    assert [line["kind"] for line in deadline.explanation] == ["start", "rule", "due", "basis"]


def test_a_thousand_clocks_are_moved_in_chunks_with_the_same_queries_for_each_chunk(cast, monkeypatch):
    monkeypatch.setattr(services, "CHUNK", 3)
    units = [
        cast.street,
        cast.other_street,
        cast.community,
        cast.window,
        cast.post,
        cast.other_post,
        cast.district,
    ]
    for unit in units:
        start(unit)
    row = Holiday(day=day("2026-11-25"), is_workday=False)
    assert services.set_days([row], by=cast.office, today=day("2026-11-23")) == len(units)
    assert set(Deadline.objects.values_list("due_on", flat=True)) == {day("2026-12-01")}


def test_only_the_district_office_keeps_the_calendar(cast):
    for person in (cast.clerk, cast.lead, cast.reviewer, cast.supervisor, cast.sysadmin):
        with pytest.raises(Http404):
            services.set_days(
                [Holiday(day=day("2026-11-25"), is_workday=False)], by=person, today=day("2026-11-23")
            )
    assert not Holiday.objects.exists()
