"""Desk pages of deadlines: who sees and does what, what bad input is told, and as many queries at any length."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from longsha_credit.deadlines import services
from longsha_credit.deadlines.models import Deadline, Extension, Holiday, Notification
from longsha_credit.deadlines.sending import send_due
from tests import make
from tests.deadlines.clocks import day, start

LIST, NOTICES, CALENDAR = "deadlines:list", "deadlines:notifications", "deadlines:working_days"


def days_ago(number):
    return (timezone.localdate() - datetime.timedelta(days=number)).isoformat()


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def of(name, *args):
    return reverse(f"deadlines:{name}", args=args)


def messages_of(response):
    """The last sentence the page says at its top."""
    return [str(m) for m in response.context["messages"]][-1:]


def a_late_promise(c, unit, title):
    return start(unit, "commitment_due", on=days_ago(30), due=days_ago(15), title=title, today=days_ago(14))


def test_the_views_of_the_list_hold_what_they_say(cast, signed_in):
    today = timezone.localdate()
    a_late_promise(cast, cast.street, "过期的事")
    start(cast.window, "commitment_due", on=days_ago(9), due=days_ago(-4), title="快到期的事")
    start(cast.community, "commitment_due", on=days_ago(9), due=days_ago(-60), title="还早的事")
    stopped = start(cast.post, "foi_reply", on=days_ago(1), title="暂停的事")
    services.suspend(stopped, reason="征求意见", by=cast.office, today=today)
    start(cast.community_post, "foi_reply", on=days_ago(1), title="办完的事")
    services.meet(cast.community_post, "foi_reply", on=today)
    # the canary: the other street's
    a_late_promise(cast, cast.other_street, "临江街道的事")
    titles = ["过期的事", "快到期的事", "还早的事", "暂停的事", "办完的事", "临江街道的事"]
    browser = signed_in(cast.lead)
    for view, number, expected in (
        ("", 4, titles[:4]), ("near", 1, ["快到期的事"]), ("overdue", 1, ["过期的事"]),
        ("suspended", 1, ["暂停的事"]), ("done", 1, ["办完的事"]), ("nonsense", 4, titles[:4]),
    ):  # fmt: skip
        page = text_of(browser.get(reverse(LIST), {"view": view}))
        assert [t for t in titles if t in page] == expected, view
        assert browser.get(reverse(LIST), {"view": view}).context["page"].total == number
    counts = {v["key"]: v["count"] for v in browser.get(reverse(LIST)).context["views"]}
    assert counts == {"": 4, "near": 1, "overdue": 1, "suspended": 1, "done": 1}


def test_the_other_streets_clerk_sees_nothing_of_it_anywhere(cast, signed_in):
    late = a_late_promise(cast, cast.street, "向阳街道的事")
    send_due(today=timezone.localdate())
    browser = signed_in(cast.other_clerk)
    for url in (
        reverse(LIST),
        f"{reverse(LIST)}?view=overdue",
        f"{reverse(LIST)}?q=向阳",
        reverse(NOTICES),
        f"{reverse(NOTICES)}?view=all",
    ):
        assert "向阳街道的事" not in text_of(browser.get(url))
    assert "条未读" not in text_of(browser.get(reverse("desk")))
    assert browser.get(of("page", late.pk)).status_code == 404
    for name in ("suspend", "resume", "extend"):
        assert browser.post(of(name, late.pk), {"reason": "x"}).status_code == 404


def test_the_page_shows_how_the_day_was_counted_and_which_slips_went_out(cast, signed_in):
    deadline = start(cast.street, "result_report", on="2026-09-30", title="坡道改造")
    send_due(today=day("2026-10-19"))
    page = text_of(signed_in(cast.supervisor).get(of("page", deadline.pk)))
    for words in (
        "报告承诺履行结果：5个工作日", "10月1日至7日国庆节", "10月10日调休上班，计入", "2026-10-13 周二",
        "黄色督办单", "1人收到", "现在没有由您办理的步骤",
    ):  # fmt: skip
        assert words in page


def test_a_line_tells_of_a_year_that_is_not_known_yet(cast, signed_in):
    deadline = start(cast.street, "result_report", on="2027-02-04")
    assert "2027年的放假安排还没有登记" in text_of(signed_in(cast.clerk).get(of("page", deadline.pk)))


def test_suspension_and_more_time_on_the_page(cast, signed_in):
    deadline = start(cast.street, "foi_reply", on=days_ago(2))
    clerk, office = signed_in(cast.clerk), signed_in(cast.office)
    assert clerk.get(of("extend", deadline.pk)).status_code == 200
    assert clerk.post(of("extend", deadline.pk), {"reason": " "}).status_code == 422
    assert clerk.post(of("extend", deadline.pk), {"reason": "材料多"}).status_code == 302
    again = clerk.post(of("extend", deadline.pk), {"reason": "材料多"}, follow=True)
    assert messages_of(again) == ["已经有一份延期申请等待批准。"]
    told = clerk.post(of("extension_step", deadline.pk, "approve"), follow=True)
    assert messages_of(told) == ["“批准延期”不在您的职责内。"]
    assert "批准延期" in text_of(office.get(of("page", deadline.pk)))
    before = deadline.due_on
    office.post(of("extension_step", deadline.pk, "approve"))
    deadline.refresh_from_db()
    assert deadline.due_on > before
    assert Extension.objects.get().state == "approved"

    told = clerk.post(of("suspend", deadline.pk), {"reason": "等"}, follow=True)
    assert messages_of(told) == ["“暂停期限”不在您的职责内。"]
    office.post(of("suspend", deadline.pk), {"reason": "征求第三方意见"})
    assert "期限暂停中" in text_of(clerk.get(of("page", deadline.pk)))
    office.post(of("resume", deadline.pk))
    told = office.post(of("resume", deadline.pk), follow=True)
    assert messages_of(told) == ["这个期限没有暂停，不用恢复。"]
    for step in ("nonsense", "%00", "asked"):
        assert office.post(of("extension_step", deadline.pk, step)).status_code == 404


def test_reading_a_notification_leads_to_what_it_is_about(cast, signed_in):
    a_late_promise(cast, cast.street, "过期的事")
    send_due(today=timezone.localdate())
    clerk, mine = signed_in(cast.clerk), Notification.objects.get(user=cast.clerk)
    assert "通知（1条未读）" in text_of(clerk.get(reverse("desk")))
    page = text_of(clerk.get(reverse(NOTICES)))
    assert "过期的事" in page
    assert "蓝色督办单" in page
    other = Notification.objects.exclude(user=cast.clerk).first()
    assert clerk.post(of("read", other.pk)).status_code == 404
    answer = clerk.post(of("read", mine.pk), {"then": "open"})
    assert answer.url == "/desk/organisations/1/"
    first = Notification.objects.get(pk=mine.pk).read_at
    assert first is not None
    clerk.post(of("read", mine.pk))
    assert Notification.objects.get(pk=mine.pk).read_at == first
    assert "过期的事" not in text_of(clerk.get(reverse(NOTICES)))
    assert "过期的事" in text_of(clerk.get(reverse(NOTICES), {"view": "all"}))
    signed_in(cast.lead).post(reverse("deadlines:read_all"))
    assert not Notification.objects.filter(user=cast.lead, read_at=None).exists()


PASTED = "2027-02-06 放假 春节\n\n 2027-02-07\t放假　春节 \n2027-02-20 上班\n"


def test_the_office_pastes_a_years_holidays_and_deadlines_follow(cast, signed_in):
    deadline = start(cast.street, "result_report", on="2027-02-19")
    assert deadline.due_on == day("2027-02-26")
    office = signed_in(cast.office)
    answer = office.post(
        reverse("deadlines:paste_days"), {"lines": PASTED, "basis": "国办发明电〔2026〕9号"}, follow=True
    )
    assert messages_of(answer) == ["已登记 3 天，1 件期限的到期日随之调整。"]
    rows = [(str(h.day), h.is_workday, h.name, h.basis, h.by) for h in Holiday.objects.all()]
    assert rows == [
        ("2027-02-06", False, "春节", "国办发明电〔2026〕9号", cast.office),
        ("2027-02-07", False, "春节", "国办发明电〔2026〕9号", cast.office),
        ("2027-02-20", True, "", "国办发明电〔2026〕9号", cast.office),
    ]
    deadline.refresh_from_db()
    assert deadline.due_on == day("2027-02-25")
    page = text_of(signed_in(cast.clerk).get(reverse(CALENDAR), {"year": "2027"}))
    assert "还没有登记" not in page
    assert "2027-02-20" in page
    office.post(of("remove_day", Holiday.objects.get(day="2027-02-20").pk))
    deadline.refresh_from_db()
    assert deadline.due_on == day("2027-02-26")


def test_every_bad_line_is_named_and_nothing_is_stored_by_half(cast, signed_in):
    lines = "2027-02-06 放假 春节\n2027-2-7 放假\n2027-02-30 放假\n2027-02-08 休息\n2027-02-06 上班\n1999-01-01 放假\n2027-02-09"
    answer = signed_in(cast.office).post(reverse("deadlines:paste_days"), {"lines": lines})
    assert answer.status_code == 422
    assert answer.context["form"].errors["lines"] == [
        "第 2 行“2027-2-7 放假”：日期要写成 2027-02-06 这样。",
        "第 3 行“2027-02-30 放假”：日期要写成 2027-02-06 这样。",
        "第 4 行“2027-02-08 休息”：日期后面要写“放假”或“上班”。",
        "第 5 行“2027-02-06 上班”：2027-02-06 前面已经写过。",
        "第 6 行“1999-01-01 放假”：年份要在 2004 到 2100 之间。",
        "第 7 行“2027-02-09”：日期后面要写“放假”或“上班”。",
    ]
    assert not Holiday.objects.exists()


@pytest.mark.parametrize(
    "data",
    [{}, {"lines": "\x00"}, {"lines": "x" * 30_000}, {"lines": "<script>"}, {"lines": "２０２７-02-06 放假" * 3}, {"lines": "20270206 放假 " + "长" * 31}],
)  # fmt: skip
def test_hostile_lines_are_told_what_is_wrong(cast, signed_in, data):
    assert signed_in(cast.office).post(reverse("deadlines:paste_days"), data).status_code == 422
    assert not Holiday.objects.exists()


def test_one_day_is_registered_and_not_twice(cast, signed_in):
    office = signed_in(cast.office)
    data = {"day": "2027-05-03", "is_workday": "no", "name": "劳动节", "basis": ""}
    assert office.post(reverse("deadlines:add_day"), data).status_code == 302
    again = office.post(reverse("deadlines:add_day"), data)
    assert again.status_code == 422
    assert again.context["form"].errors["day"] == ["这一天已经登记过，请先删去原来的。"]
    for bad in (
        {"day": "2027-13-01"},
        {"day": ""},
        {"is_workday": "maybe"},
        {"name": "长" * 31},
        {"day": "99999-01-01"},
    ):
        assert (
            office.post(reverse("deadlines:add_day"), data | {"day": "2027-05-04"} | bad).status_code == 422
        )
    assert Holiday.objects.count() == 1
    for person in (cast.clerk, cast.reviewer, cast.supervisor, cast.sysadmin):
        assert signed_in(person).post(reverse("deadlines:add_day"), data).status_code == 404
        assert signed_in(person).post(of("remove_day", Holiday.objects.get().pk)).status_code == 404


@pytest.mark.parametrize("year", ["", "0", "x", "２０２７", "99999999999999999999", "-1", "1999", "\x00"])
def test_a_year_that_makes_no_sense_is_this_year(cast, signed_in, year):
    answer = signed_in(cast.clerk).get(reverse(CALENDAR), {"year": year})
    assert (answer.status_code, answer.context["year"]) == (200, timezone.localdate().year)


def test_the_calendar_of_2026_is_the_one_announced(cast, signed_in):
    special = signed_in(cast.clerk).get(reverse(CALENDAR), {"year": "2026"}).context["special"]
    rest = [(str(s["first"])[5:], str(s["last"])[5:], s["name"]) for s in special if not s["is_workday"]]
    assert rest == [
        ("01-01", "01-03", "元旦"), ("02-15", "02-23", "春节"), ("04-04", "04-06", "清明"), ("05-01", "05-05", "劳动节"),
        ("06-19", "06-21", "端午"), ("09-25", "09-27", "中秋"), ("10-01", "10-07", "国庆节"),
    ]  # fmt: skip
    worked = [str(s["first"])[5:] for s in special if s["is_workday"]]
    assert worked == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


@pytest.mark.parametrize("name", [LIST, NOTICES])
def test_a_long_list_costs_as_many_queries_as_a_short_one(cast, signed_in, name):
    browser = signed_in(cast.clerk)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            text_of(browser.get(reverse(name)))
        return len(found)

    def more(number):
        for n in range(number):
            unit = make.organisation("window", f"窗口{Deadline.objects.count()}{n}", cast.street)
            a_late_promise(cast, unit, f"第{n}件")
        send_due(today=timezone.localdate())

    more(2)
    queries()
    few = queries()
    more(20)
    assert queries() == few


def test_a_clock_with_a_long_past_costs_as_many_queries_as_a_young_one(cast, signed_in):
    browser, today = signed_in(cast.office), timezone.localdate()
    deadline = start(cast.street, "foi_reply", on=days_ago(100), today=days_ago(100))

    def once(n):
        when = today - datetime.timedelta(days=90 - 4 * n)
        services.suspend(deadline, reason="征求意见", by=cast.office, today=when)
        services.resume(deadline, by=cast.lead, today=when + datetime.timedelta(days=2))

    def queries():
        with CaptureQueriesContext(connection) as found:
            text_of(browser.get(of("page", deadline.pk)))
        return len(found)

    once(0)
    queries()  # whether this is the demo is asked once a minute
    few = queries()
    for n in range(1, 8):
        once(n)
    assert deadline.changes.count() > 3
    assert queries() == few
