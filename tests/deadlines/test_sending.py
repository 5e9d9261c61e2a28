"""Reminders go out once each, late rather than never, to people who are there; never for what is over or moved."""

import datetime
import io
import threading

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from longsha_credit.deadlines import sending, services, tasks
from longsha_credit.deadlines.models import Deadline, Notification, Reminder
from longsha_credit.deadlines.sending import send_due
from longsha_credit.directory.roles import Role
from tests import make
from tests.deadlines.clocks import day, start, told


def test_a_report_is_asked_for_reminded_of_and_supervised_up_to_the_district(cast):
    report = start(cast.street, "result_report", on="2026-11-30")
    for on in ("2026-12-03", "2026-12-04", "2026-12-06", "2026-12-08", "2026-12-14", "2026-12-21"):
        send_due(today=day(on))
    own = "向阳街道：报告承诺履行结果，"
    assert told(report) == [
        ("clerk", "", own + "还有3天，2026-12-07 到期。"),
        ("lead", "", own + "还有3天，2026-12-07 到期。"),
        ("clerk", "", own + "还有1天，2026-12-07 到期。"),
        ("lead", "", own + "还有1天，2026-12-07 到期。"),
        ("clerk", "yellow", own + "2026-12-07 到期，已超期1天，请尽快办理。"),
        ("lead", "yellow", own + "2026-12-07 到期，已超期1天，请尽快办理。"),
        ("clerk", "red", own + "2026-12-07 到期，已超期7天，请尽快办理。"),
        ("lead", "red", own + "2026-12-07 到期，已超期7天，请尽快办理。"),
        ("district_lead", "red", own + "2026-12-07 到期，已超期14天，请尽快办理。"),
        ("office", "red", own + "2026-12-07 到期，已超期14天，请尽快办理。"),
    ]
    assert not report.reminders.unsent().exists()


def test_nothing_goes_out_before_its_day_and_nothing_twice(cast):
    report = start(cast.street, "result_report", on="2026-11-30")
    assert send_due(today=day("2026-12-03")) == 0
    assert send_due(today=day("2026-12-04")) == 2
    assert send_due(today=day("2026-12-04")) == 0
    assert len(told(report)) == 2


def test_three_days_of_silence_are_made_up_with_the_days_that_are_really_left(cast):
    report = start(cast.street, "result_report", on="2026-11-30")
    assert send_due(today=day("2026-12-07")) == 4
    assert {text for _, _, text in told(report)} == {"向阳街道：报告承诺履行结果，今天到期。"}
    assert set(Reminder.objects.exclude(sent_at=None).values_list("send_on", "recipients")) == {
        (day("2026-12-04"), 1), (day("2026-12-06"), 1),
    }  # fmt: skip


def test_what_is_met_cancelled_suspended_or_moved_is_not_sent(cast):
    report = start(cast.street, "result_report", on="2026-11-30")
    cancelled = start(cast.other_street, "result_report", on="2026-11-30")
    verify = start(cast.district, "result_verify", on="2026-12-07")
    promise = start(cast.street, "commitment_due", on="2026-11-02", due="2026-12-11")
    services.meet(cast.street, "result_report", on=day("2026-12-01"))
    services.cancel(cast.other_street, why="撤下")
    services.suspend(verify, reason="等待补充", by=cast.office, today=day("2026-12-08"))
    services.move(
        cast.street, "commitment_due", why="变更承诺", due_on=day("2027-03-31"), today=day("2026-11-03")
    )
    assert send_due(today=day("2026-12-31")) == 0
    assert [told(d) for d in (report, cancelled, verify, promise)] == [[]] * 4


def test_a_reminder_left_behind_by_a_closed_clock_is_not_sent_either(cast):
    """The claim asks the clock itself, whatever rows stand beside it."""
    report = start(cast.street, "result_report", on="2026-11-30")
    for columns in ({"met_on": day("2026-12-01")}, {"suspended": True}):
        with transaction.atomic():
            Deadline.objects.filter(pk=report.pk).update(**columns)
            assert send_due(today=day("2026-12-31")) == 0
            transaction.set_rollback(True)
    assert send_due(today=day("2026-12-06")) == 4


def test_a_slip_that_went_out_does_not_go_out_again_when_the_calendar_changes(cast):
    report = start(cast.street, "result_report", on="2026-11-30")
    send_due(today=day("2026-12-08"))
    before = Notification.objects.count()
    services.recompute_around([day("2026-12-01")], today=day("2026-12-09"))
    assert send_due(today=day("2026-12-09")) == 0
    assert Notification.objects.count() == before
    assert [str(r.send_on) for r in report.reminders.unsent().filter(role="clerk")] == ["2026-12-14"]


RECIPIENTS = [
    # unit, role, place: who gets it
    ("street", "clerk", "own", {"clerk"}),
    ("community", "clerk", "own", {"community_clerk"}),
    ("community", "lead", "own", {"lead"}),
    ("community", "lead", "above", {"lead"}),
    ("window", "clerk", "own", {"clerk"}),
    ("community", "reviewer", "own", {"reviewer", "reviewer2"}),
    ("other_street", "lead", "own", {"other_lead"}),
    ("street", "lead", "above", {"district_lead"}),
    ("street", "office", "own", {"office"}),
    ("district", "lead", "above", {"office"}),
]


@pytest.mark.parametrize("row", RECIPIENTS, ids=lambda row: "-".join(row[:3]))
def test_the_nearest_person_of_the_role_is_told_and_nobody_else(cast, row):
    unit, role, place, people = row
    deadline = start(getattr(cast, unit))
    deadline.reminders.unsent().delete()
    deadline.reminders.create(send_on=day("2026-12-01"), kind="overdue", slip="red", role=role, place=place)
    send_due(today=day("2026-12-01"))
    assert {who for who, _, _ in told(deadline)} == people
    assert deadline.reminders.get().recipients == len(people)


def test_people_who_left_are_not_told_and_the_next_above_is(cast):
    cast.community_clerk.memberships.update(ended_on=day("2026-11-01"))
    make.User.objects.filter(pk__in=[cast.lead.pk, cast.district_lead.pk]).update(is_active=False)
    deadline = start(cast.community, "result_report", on="2026-11-30")
    send_due(today=day("2026-12-04"))
    assert {who for who, _, _ in told(deadline)} == {"clerk", "office"}


def test_where_nobody_is_left_at_all_the_reminder_says_so(cast):
    make.User.objects.update(is_active=False)
    start(cast.street, "result_report", on="2026-11-30")
    assert send_due(today=day("2026-12-04")) == 2
    assert set(Reminder.objects.exclude(sent_at=None).values_list("recipients", flat=True)) == {0}
    assert not Notification.objects.exists()


def test_a_person_with_two_roles_in_a_place_of_the_same_kind_is_told_once_per_reminder(cast):
    make.Membership.objects.create(
        user=cast.district_lead, organisation=cast.district, role=Role.OFFICE, started_on=make.LONG_AGO
    )
    deadline = start(cast.street)
    deadline.reminders.unsent().delete()
    deadline.reminders.create(
        send_on=day("2026-12-01"), kind="overdue", slip="red", role="lead", place="above"
    )
    send_due(today=day("2026-12-01"))
    assert [who for who, _, _ in told(deadline)] == ["district_lead"]


def test_batches_smaller_than_what_is_due_send_everything(cast):
    for unit in (cast.street, cast.other_street, cast.community):
        start(unit, "result_report", on="2026-11-30")
    assert send_due(today=day("2026-12-06"), batch=5) == 12
    assert Notification.objects.count() == 12


def test_the_command_does_what_the_beat_does(cast):
    start(cast.street, "result_report", on="2026-11-30")
    out = io.StringIO()
    call_command("send_due_reminders", "--on", "2026-12-04", stdout=out)
    call_command("send_due_reminders", "--on", "2026-12-04", stdout=out)
    assert out.getvalue() == "提醒已发出：2 条。\n提醒已发出：0 条。\n"
    with pytest.raises(CommandError, match="日期要写成 2026-11-30 这样，现在是“昨天”。"):
        call_command("send_due_reminders", "--on", "昨天")


@pytest.mark.django_db(transaction=True)
class TestWithRealCommits:
    def many(self, cast, number=40):
        for n in range(number):
            unit = make.organisation("window", f"窗口{n}", cast.street)
            start(unit, "result_report", on="2026-11-30")

    def test_two_workers_at_once_send_each_reminder_once(self, cast):
        self.many(cast)
        outcomes, gun = [], threading.Barrier(3)

        def work():
            try:
                connection.ensure_connection()
                gun.wait(timeout=20)
                outcomes.append(send_due(today=day("2026-12-06"), batch=7))
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert sum(outcomes) == 160
        assert Notification.objects.count() == 160
        assert sum(1 for n in outcomes if n) > 1, "one worker did everything; the test shows nothing"

    def test_a_clock_being_met_this_moment_is_passed_over(self, cast):
        """The other connection has met it but not committed: nothing is sent now, and nothing later."""
        start(cast.street, "result_report", on="2026-11-30")
        start(cast.other_street, "result_report", on="2026-11-30")
        held, sent = threading.Event(), threading.Event()

        def meeting():
            try:
                with transaction.atomic():
                    Deadline.objects.filter(object_id=cast.street.pk).update(met_on=day("2026-12-04"))
                    held.set()
                    sent.wait(timeout=20)
            finally:
                connection.close()

        other = threading.Thread(target=meeting)
        other.start()
        held.wait(timeout=20)
        number = send_due(today=day("2026-12-04"))
        sent.set()
        other.join(timeout=20)
        assert number == 2
        assert send_due(today=day("2026-12-31")) == 8
        assert {who for who, _, _ in told()} == {"other_clerk", "other_lead", "district_lead", "office"}

    def test_an_emptied_redis_and_a_worker_killed_half_way_lose_nothing(self, cast, monkeypatch):
        self.many(cast, 3)
        cache.clear()
        monkeypatch.setattr(sending, "SEND", sending.SEND + "; SELECT 1/0")
        with pytest.raises(Exception, match="division by zero"):
            send_due(today=day("2026-12-06"))
        monkeypatch.undo()
        assert not Notification.objects.exists()
        monkeypatch.setattr(tasks.timezone, "localdate", lambda: day("2026-12-06"))
        assert tasks.send_reminders() == 12
        assert tasks.send_reminders() == 0


def test_a_hundred_reminders_cost_as_many_queries_as_one(cast, django_assert_num_queries):
    start(cast.street, "result_report", on="2026-11-30")
    with django_assert_num_queries(3):
        send_due(today=day("2026-12-04"))
    for n in range(30):
        start(make.organisation("window", f"窗口{n}", cast.street), "result_report", on="2026-11-30")
    with django_assert_num_queries(3):
        assert send_due(today=day("2026-12-04"), now=datetime.datetime.now(datetime.UTC)) == 60


def test_what_a_community_leaves_lying_goes_to_its_street_and_then_to_the_district(cast):
    """Whoever is told, the one before was told first."""
    clock = start(cast.community, "disclosure_publish", on="2026-11-02")
    for on in ("2026-12-01", "2026-12-07", "2026-12-14", "2026-12-21"):
        send_due(today=day(on))
    slips = [(who, slip) for who, slip, _ in told(clock) if slip]
    assert slips == [
        ("community_clerk", "blue"), ("lead", "blue"),
        ("community_clerk", "yellow"), ("lead", "yellow"),
        ("lead", "red"), ("office", "red"),
    ]  # fmt: skip
