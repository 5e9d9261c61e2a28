"""The calendar page: everything that falls due in the reader's scope and the programme's own dates, a month at a time."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from longsha_credit.deadlines import services
from longsha_credit.deadlines.sending import send_due
from longsha_credit.home import month
from longsha_credit.programme.services import copy_year
from tests import make
from tests.deadlines.clocks import day, start
from tests.programme import years

PAGE = reverse("month")


def of(user, text="2026-11", own=False):
    """Day of the month: what stands on it."""
    first = day(f"{text}-01")
    found = {}
    for it in month.days(user, first, own=own):
        words = [one["label"] for one in it.dates] + [clock.title for clock in it.clocks]
        if words:
            found[it.day.day] = words
    return found


def test_a_month_holds_the_clocks_in_scope_and_the_programmes_dates(cast):
    start(cast.street, "commitment_due", on="2026-11-02", due="2026-11-20", title="坡道")
    start(cast.community, "commitment_due", on="2026-11-02", due="2026-11-20", title="社区的路灯")
    start(cast.other_street, "commitment_due", on="2026-11-02", due="2026-11-20", title="临江街道的事")
    start(cast.window, "commitment_due", on="2026-11-02", due="2026-12-01", title="下个月的事")
    start(cast.post, "commitment_due", on="2026-11-02", due="2026-11-21", title="办完的事")
    services.meet(cast.post, "commitment_due", on=day("2026-11-10"))
    copy_year(years.plan(cast), to=2026, by=cast.office)
    assert of(cast.clerk) == {
        1: ["总结经验开始"], 15: ["总结报送日"], 20: ["坡道", "社区的路灯"], 30: ["总结经验结束"],
    }  # fmt: skip
    assert of(cast.clerk, own=True)[20] == ["坡道"]
    assert of(cast.community_clerk)[20] == ["社区的路灯"]
    assert of(cast.office)[20] == ["坡道", "社区的路灯", "临江街道的事"]
    assert of(cast.clerk, "2026-12") == {1: ["下个月的事"]}


def test_who_must_stay_apart_does_not_see_it_there(cast):
    make.Membership.objects.create(
        user=cast.clerk, organisation=cast.community, role="clerk", started_on=make.LONG_AGO
    )
    services.start(
        cast.street, "complaint_accept", organisation=cast.street, title="来件", path="desk/",
        starts_on=day("2026-11-09"), today=day("2026-11-09"), apart_from=cast.community,
    )  # fmt: skip
    assert of(cast.clerk) == {}
    assert list(of(cast.lead).values()) == [["来件"]]


def test_days_off_and_days_worked_for_them_are_marked(cast):
    october = {it.day.day: it for it in month.days(cast.clerk, day("2026-10-01"), own=False)}
    assert (october[1].name, october[1].is_off) == ("国庆节", True)
    assert (october[10].is_off, october[10].is_made_up) == (False, True)
    assert (october[11].name, october[11].is_off) == ("", True)


def test_a_full_day_shows_some_and_leads_to_all(cast, signed_in):
    for n in range(9):
        unit = make.organisation("window", f"窗口{n}", cast.street)
        start(unit, "commitment_due", on="2026-11-02", due="2026-11-20", title=f"事{n}")
    page = signed_in(cast.clerk).get(PAGE, {"month": "2026-11"}).content.decode()
    assert "9件到期" in page
    assert "当天还有3件" in page
    (link,) = re.findall(r'href="([^"]*on=2026-11-20)"', page)
    listed = signed_in(cast.clerk).get(link)
    assert listed.context["page"].total == 9
    assert "2026-11-20" in listed.content.decode()


@pytest.mark.parametrize(
    "text", ["", "x", "2026-13", "2026-00", "9999-01", "0001-01", "2026-1", "２０２６-11"]
)
def test_any_other_month_is_this_one(cast, signed_in, text):
    today = timezone.localdate()
    assert signed_in(cast.clerk).get(PAGE, {"month": text}).context["first"] == today.replace(day=1)


def test_an_empty_month_says_so(cast, signed_in):
    assert "这个月没有到期的事" in signed_in(cast.clerk).get(PAGE, {"month": "2030-01"}).content.decode()


def test_a_month_costs_as_many_queries_however_full_it_is(cast, signed_in):
    browser, counts = signed_in(cast.clerk), []
    for number in (1, 30):
        for n in range(number):
            unit = make.organisation("window", f"窗口{number}-{n}", cast.street)
            start(unit, "commitment_due", on="2026-11-02", due=f"2026-11-{n % 28 + 1:02}", title=f"事{n}")
        browser.get(PAGE, {"month": "2026-11"})
        with CaptureQueriesContext(connection) as queries:
            browser.get(PAGE, {"month": "2026-11"})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_lead_sees_on_the_first_page_what_is_being_supervised(cast, signed_in):
    today = timezone.localdate()
    before = today - datetime.timedelta(days=40)
    for unit, title in ((cast.community, "社区拖着的事"), (cast.other_street, "临江拖着的事")):
        start(
            unit,
            "disclosure_publish",
            on=str(before - datetime.timedelta(days=40)),
            title=title,
            today=str(before),
        )
    send_due(today=today)
    for person, sees in (
        (cast.lead, ["社区拖着的事"]),
        (cast.other_lead, ["临江拖着的事"]),
        (cast.office, ["社区拖着的事", "临江拖着的事"]),
        (cast.community_clerk, []),
    ):
        supervised = signed_in(person).get(reverse("desk")).context["supervised"]
        assert [it.title for it in supervised] == sees, person
        assert {it.slip for it in supervised} <= {"red"}
