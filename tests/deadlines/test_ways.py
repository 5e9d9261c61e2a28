"""Each person sets how, never whether: the mail's hour, red slips at once, a calendar at a secret address."""

import datetime

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from longsha_credit.deadlines import services, ways
from longsha_credit.deadlines.digests import send_digests
from longsha_credit.deadlines.models import Deadline, Digest, Notification
from longsha_credit.deadlines.sending import send_due
from tests import make
from tests.deadlines.clocks import day, start
from tests.deadlines.test_digests import at, post, remind, with_mail  # noqa: F401 - post is a fixture

WAYS = reverse("deadlines:ways")


@pytest.fixture(autouse=True)
def an_address_of_their_own(client):
    """Wrong addresses are counted by caller, and other tests try them too."""
    client.defaults["REMOTE_ADDR"] = "192.0.2.55"


def test_the_mail_comes_when_its_readers_hour_has_come(cast, post):  # noqa: F811
    with_mail(cast)
    ways.set_preference(cast.lead, mail_hour=14, red_at_once=False)
    remind(cast)
    letters = post(True)
    assert send_digests(now=at("2026-12-04", 9)) == 1
    assert letters.to("lead@example.cn") == []
    assert send_digests(now=at("2026-12-04", 14)) == 1
    assert len(letters.to("lead@example.cn")) == 1
    assert len(letters.to("clerk@example.cn")) == 1


def test_red_slips_come_at_once_to_who_wants_that_and_never_twice(cast, post):  # noqa: F811
    with_mail(cast)
    ways.set_preference(cast.lead, mail_hour=8, red_at_once=True)
    start(cast.street, "result_report", on="2026-11-30")
    letters = post(True)
    send_due(today=day("2026-12-08"))
    assert send_digests(now=at("2026-12-08", 1), only_red=True) == 0, "the slip of the day is yellow"
    send_due(today=day("2026-12-14"))
    assert send_digests(now=at("2026-12-14", 1), only_red=True) == 1
    assert send_digests(now=at("2026-12-14", 2), only_red=True) == 0
    (red,) = letters.to("lead@example.cn")
    assert red["Subject"].strip() == "诚信街道社区：1份红色督办单（2026-12-14）"
    assert send_digests(now=at("2026-12-14", 9)) == 2
    rest = letters.to("lead@example.cn")[1].get_content()
    assert "红色督办单" not in rest
    assert "黄色督办单" in rest
    assert "红色督办单" in letters.to("clerk@example.cn")[0].get_content(), (
        "the clerk waits for the day's mail"
    )
    assert Digest.objects.filter(user=cast.lead).count() == 2
    assert not Notification.objects.filter(digest=None, user__in=[cast.clerk, cast.lead]).exists()


def test_nothing_can_be_switched_off(cast, signed_in):
    browser = signed_in(cast.clerk)
    page = browser.get(WAYS).content.decode()
    assert "收不收不能选" in page
    for wrong in ({}, {"mail_hour": "7"}, {"mail_hour": "off"}, {"mail_hour": "99999999999999999999"}):
        assert browser.post(WAYS, wrong).status_code == 422
    assert ways.preference_of(cast.clerk).pk is None
    browser.post(WAYS, {"mail_hour": "16", "red_at_once": "on"})
    assert (ways.preference_of(cast.clerk).mail_hour, ways.preference_of(cast.clerk).red_at_once) == (
        16,
        True,
    )
    assert ways.preference_of(cast.lead).pk is None


# The calendar


def address(person):
    feed = ways.calendar_of(person) or ways.renew_calendar(person)
    return reverse("calendar_file", args=[person.pk, ways.token_of(feed)])


def events(client, person):
    """What the person's calendar holds, as title: (day, number of its changes)."""
    answer = client.get(address(person))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(e["summary"]): (e.decoded("dtstart"), e["sequence"]) for e in found}


def test_the_calendar_has_ones_own_clocks_and_follows_them(cast, client):
    today = timezone.localdate()
    start(cast.street, "result_report", on=str(today), title="办事指南")
    start(
        cast.window,
        "commitment_due",
        on=str(today),
        due=str(today + datetime.timedelta(days=9)),
        title="窗口的承诺",
    )
    start(cast.other_street, "result_report", on=str(today), title="临江街道的事")
    start(cast.community, "result_report", on=str(today), title="社区的事")
    start(cast.district, "result_verify", on=str(today), title="区里的核验")
    mine = events(client, cast.clerk)
    assert set(mine) == {"办事指南（报告承诺履行结果）", "窗口的承诺（承诺完成期限）"}
    assert mine["窗口的承诺（承诺完成期限）"] == (today + datetime.timedelta(days=9), 0)
    assert set(events(client, cast.lead)) == {*mine, "社区的事（报告承诺履行结果）"}, (
        "the community has no lead"
    )
    assert set(events(client, cast.community_clerk)) == {"社区的事（报告承诺履行结果）"}
    assert set(events(client, cast.reviewer)) == {"区里的核验（核验履行结果）"}
    later = today + datetime.timedelta(days=40)
    services.move(cast.window, "commitment_due", why="变更", due_on=later, today=today)
    services.meet(cast.street, "result_report", on=today)
    assert events(client, cast.clerk) == {"窗口的承诺（承诺完成期限）": (later, 1)}
    services.cancel(cast.window, why="撤下")
    assert events(client, cast.clerk) == {}


def test_it_is_a_whole_day_with_an_id_that_stays_and_valid(cast, client):
    """RFC 5545: a DATE start and the next day as its end, lines of at most 75 octets ended with CRLF."""
    title = "一件名称很长的事；有逗号,分号;和换行\n" + "很长" * 60
    clock = start(cast.street, "result_report", on=str(timezone.localdate()), title=title)
    raw = client.get(address(cast.clerk)).content
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    text = raw.decode()
    assert f"DTSTART;VALUE=DATE:{clock.due_on:%Y%m%d}\r\n" in text
    assert f"DTEND;VALUE=DATE:{clock.due_on + datetime.timedelta(days=1):%Y%m%d}\r\n" in text
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    assert event["uid"] == f"deadline-{clock.pk}@testserver"
    assert str(event["summary"]) == f"{clock.title}（报告承诺履行结果）"
    for name in ("UID", "DTSTAMP"):
        assert text.count(f"\r\n{name}:") == 1
    for name in ("VERSION:2.0", "PRODID:", "METHOD:PUBLISH"):
        assert name in text
    again = client.get(address(cast.clerk))
    assert again.content == raw
    assert client.get(address(cast.clerk), headers={"If-None-Match": again["ETag"]}).status_code == 304


def test_what_is_about_people_has_no_title_in_a_calendar(cast, client):
    """The file lies with whoever keeps the reader's calendar."""
    start_apart(cast.street, "complaint_accept", cast.community, "投诉某某")
    start(cast.window, "disclosure_publish", on=str(timezone.localdate()), title="还没有审查的事")
    start(cast.street, "handover", on=str(timezone.localdate()), title="周岚离任", obj=cast.post)
    raw = client.get(address(cast.lead)).content.decode()
    assert "投诉受理审查（向阳街道）" in raw
    assert "离任交接（向阳街道）" in raw
    assert "主动公开政府信息（综合窗口）" in raw
    for secret in ("投诉某某", "周岚离任", "还没有审查的事"):
        assert secret not in raw


def start_apart(unit, key, apart_from, title):
    today = timezone.localdate()
    return services.start(
        unit, key, organisation=unit, title=title, path="desk/", starts_on=today, today=today, apart_from=apart_from
    )  # fmt: skip


def test_who_must_stay_apart_does_not_find_it_in_the_calendar_either(cast, client):
    make.Membership.objects.create(
        user=cast.clerk, organisation=cast.community, role="clerk", started_on=make.LONG_AGO
    )
    start_apart(cast.street, "complaint_accept", cast.community, "投诉")
    assert events(client, cast.clerk) == {}
    assert set(events(client, cast.lead)) == {"投诉受理审查（向阳街道）"}


def test_a_renewed_address_ends_the_old_one_and_only_ones_own(cast, client, signed_in):
    start(cast.street, "result_report", on=str(timezone.localdate()))
    old, others = address(cast.clerk), address(cast.lead)
    browser = signed_in(cast.clerk)
    browser.post(reverse("deadlines:calendar_renew"))
    assert client.get(old).status_code == 404
    assert [client.get(it).status_code for it in (address(cast.clerk), others)] == [200, 200]
    assert address(cast.clerk) in browser.get(WAYS).content.decode()
    assert address(cast.lead) not in browser.get(WAYS).content.decode()
    token = ways.token_of(ways.calendar_of(cast.lead))
    assert client.get(reverse("calendar_file", args=[cast.clerk.pk, token])).status_code == 404
    browser.post(reverse("deadlines:calendar_stop"))
    assert client.get(old).status_code == 404
    stopped = ways.CalendarFeed.objects.get(user=cast.clerk)
    assert (
        client.get(reverse("calendar_file", args=[cast.clerk.pk, ways.token_of(stopped)])).status_code == 404
    )


def test_who_left_has_an_empty_calendar_and_who_is_shut_out_none(cast, client):
    start(cast.street, "result_report", on=str(timezone.localdate()))
    assert len(events(client, cast.clerk)) == 1
    cast.clerk.memberships.update(ended_on=timezone.localdate())
    assert events(client, cast.clerk) == {}
    make.User.objects.filter(pk=cast.clerk.pk).update(is_active=False)
    assert client.get(address(cast.clerk)).status_code == 404


def test_who_asks_too_often_waits(cast, client, settings):
    cache.clear()
    settings.RESIDENT_LIMITS = settings.RESIDENT_LIMITS | {"calendar": (2, 3600), "calendar_wrong": (1, 600)}
    asked = [client.get(address(cast.clerk)).status_code for _ in range(3)]
    wrong = [client.get(reverse("calendar_file", args=[cast.clerk.pk, "x"])).status_code for _ in range(2)]
    assert (asked, wrong) == ([200, 200, 429], [404, 429])
    assert client.get(address(cast.lead)).status_code == 200, "one calendar's haste is not another's"
    cache.clear()


@pytest.mark.parametrize("number", [1, 12])
def test_a_calendar_costs_as_many_queries_at_any_length(cast, client, django_assert_num_queries, number):
    for n in range(number):
        unit = make.organisation("window", f"窗口{n}", cast.street)
        start(unit, "result_report", on=str(timezone.localdate()))
    where = address(cast.clerk)
    with django_assert_num_queries(3):
        client.get(where)
    assert Deadline.objects.owed_by(cast.clerk).count() == number
