"""The pages of a year: what the desk and residents read, what the office may type, and what a frozen year refuses."""

import datetime
import html
import re

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from longsha_credit.audit.models import Entry
from longsha_credit.directory.roles import Role
from longsha_credit.programme import services
from longsha_credit.programme.models import Year
from tests import make
from tests.programme import years

NOW = timezone.localdate().year


def words(response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", response.content.decode())))


def at(name, *args):
    return reverse(f"programme:{name}", args=args)


def told(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def arranged_around_today(c) -> Year:
    """This year, with its second stage running today (or the nearest day that leaves room for the others)."""
    today = timezone.localdate()
    year = years.copied(c, NOW)
    middle = min(max(today, datetime.date(NOW, 1, 2)), datetime.date(NOW, 12, 29))
    day = datetime.timedelta(days=1)
    first, second, third = services.spans_of(year)
    spans = [
        type(first)("start", datetime.date(NOW, 1, 1), middle - day, first.task),
        type(first)("advance", middle, middle + day, second.task),
        type(first)("conclude", middle + 2 * day, datetime.date(NOW, 12, 31), third.task),
    ]
    return services.edit_year(
        year,
        by=c.office,
        title=year.title,
        basis=year.basis,
        report_on=datetime.date(NOW, 12, 31),
        spans=spans,
    )


# Residents


def test_residents_are_told_that_nothing_is_loaded_yet(client, empty_portal):
    assert "还没有载入年度安排" in words(client.get("/programme/"))


def test_residents_read_the_stages_and_which_one_is_now(client, cast):
    year, today = arranged_around_today(cast), timezone.localdate()
    text = words(client.get("/programme/"))
    stage = year.stage_on(today)
    left = stage.days_left(today)
    assert f"现在是“{stage.name}”，" + (f"还有{left}天" if left else "今天结束") in text
    assert f"{NOW}年度" in text and "组织启动" in text and "总结经验" in text
    assert f"报送日{NOW}-12-31" in text
    assert "依据《2021年全市社会信用体系建设提升工作意见》" in text and "阶段沿用2021年度的安排" in text


def test_earlier_years_stay_and_a_year_to_come_does_not_show_yet(client, cast):
    years.copied(cast, NOW + 1)
    text = words(client.get("/programme/"))
    assert "今年的安排还没有发布" in text and "2021年度" in text
    assert f"{NOW + 1}" not in text


def test_the_public_page_names_nobody(client, cast):
    years.frozen(cast)
    text = words(client.get("/programme/"))
    assert "区办" not in text and "韩叙" not in text and "年度工作已经结束" not in text


# The desk


def test_a_street_reads_the_year_of_its_district_and_has_no_button(cast, signed_in):
    years.plan(cast)
    for who in (cast.clerk, cast.community_clerk, cast.supervisor):
        page = signed_in(who).get(at("list"))
        assert "2021年度安排" in words(page)
        assert "修改安排" not in words(page) and "申请封存" not in words(page)
    assert "这里没有给您看的内容" in words(signed_in(cast.panel).get(at("list")))


def test_another_district_sees_nothing(cast, signed_in):
    years.plan(cast)
    elsewhere = make.organisation("district", "别的区")
    stranger = make.user("stranger_office", Role.OFFICE, elsewhere)
    assert "还没有年度安排" in words(signed_in(stranger).get(at("list")))
    for name in ("edit", "copy"):
        assert signed_in(stranger).get(at(name, Year.objects.get().pk)).status_code == 404


@pytest.mark.parametrize("asked", ["2021", "1999", "abc", "", "２０２１", "9" * 40, "2021\x00", "-1"])
def test_whatever_year_is_asked_for_the_page_answers(cast, signed_in, asked):
    years.plan(cast)
    years.copied(cast, 2022)
    page = signed_in(cast.clerk).get(at("list"), {"year": asked})
    assert page.status_code == 200
    assert page.context["year"].number == (2021 if asked == "2021" else 2022)


def test_the_pages_take_as_many_queries_for_five_years_as_for_one(cast, signed_in, client):
    counts = []
    for to in (2022, 2026):
        years.copied(cast, to)
        for number in range(2023, to):
            years.copied(cast, number)
        for browser, url in ((signed_in(cast.office), at("list")), (client, "/programme/")):
            browser.get(url)
            with CaptureQueriesContext(connection) as seen:
                assert browser.get(url).status_code == 200
            counts.append(len(seen))
    assert counts[:2] == counts[2:]


# What the office types


def test_the_office_moves_a_stage(cast, signed_in):
    year = years.plan(cast)
    sent = years.as_typed(year, advance_ends_on="2021/10/30", seen=services.stamp_of(year))
    response = signed_in(cast.office).post(at("edit", year.pk), sent)
    assert response.status_code == 302 and "公开页面同时更新" in told(response)
    assert year.stages.get(key="advance").ends_on == datetime.date(2021, 10, 30)


BAD = [
    ({"start_starts_on": ""}, "请填写组织启动开始日期"),
    ({"start_starts_on": "三月"}, "组织启动开始日期要写成 2026-11-30 这样的日期"),
    ({"start_starts_on": "2021-02-29"}, "组织启动开始日期要写成 2026-11-30 这样的日期"),
    ({"conclude_ends_on": "2022-01-31"}, "“总结经验”的结束日期要在2021年内"),
    ({"advance_starts_on": "2021-03-31"}, "“全面推进”要在“组织启动”结束"),
    ({"report_on": "2021-12-15"}, "报送日要在“总结经验”阶段内"),
    ({"report_on": "2021-11-15\x00"}, "报送日"),
    ({"title": ""}, "请填写方案名称"),
    ({"title": "<script>alert(1)</script>"}, "有"),
    ({"basis": "字" * 301}, "依据最多 300 个字"),
    ({"start_task": "工作\x08内容"}, "看不见的控制字符"),
]


@pytest.mark.parametrize(("changed", "said"), BAD, ids=[said for _, said in BAD])
def test_bad_input_is_a_sentence_and_nothing_is_saved(cast, signed_in, changed, said):
    year = years.plan(cast)
    sent = years.as_typed(year, advance_task="不该留下的话") | changed
    response = signed_in(cast.office).post(at("edit", year.pk), sent)
    assert response.status_code == 422
    assert said in words(response) and "处需要修改" in words(response)
    assert "不该留下的话" in words(response)
    assert not year.stages.filter(task="不该留下的话").exists()
    assert Entry.objects.about(year).count() == 1


def test_a_colleague_who_saved_first_is_not_overwritten(cast, signed_in):
    year = years.plan(cast)
    old = years.as_typed(year, seen=services.stamp_of(year), title="旧页面")
    browser = signed_in(cast.office)
    assert browser.post(at("edit", year.pk), years.as_typed(year, title="新名称")).status_code == 302
    response = browser.post(at("edit", year.pk), old)
    assert response.status_code == 422 and "同事刚刚保存过" in words(response)
    year.refresh_from_db()
    assert year.title == "新名称"


@pytest.mark.parametrize("to", ["", "abc", "2021", "0", "-5", "9999999999999", "20２２年", "2022\x00"])
def test_a_year_that_cannot_be_copied_to_is_a_sentence(cast, signed_in, to):
    year = years.plan(cast)
    response = signed_in(cast.office).post(at("copy", year.pk), {"to": to})
    assert response.status_code == 422 and "处需要修改" in words(response)
    assert Year.objects.count() == 1


def test_the_office_copies_a_year_and_lands_on_it(cast, signed_in):
    year = years.plan(cast)
    response = signed_in(cast.office).post(at("copy", year.pk), {"to": "２０２２"}, follow=True)
    assert response.context["year"].number == 2022
    assert "沿用自2021年度的安排" in words(response)


# Closing


def test_two_people_freeze_a_year_through_the_pages(cast, signed_in):
    year = years.plan(cast)
    office, reviewer = signed_in(cast.office), signed_in(cast.reviewer)
    assert office.post(at("step", year.pk, "ask_freeze"), {"reason": ""}).status_code == 422
    office.post(at("step", year.pk, "ask_freeze"), {"reason": "年度工作已经结束"})
    assert "您是封存申请人，须由另一个人封存" in words(office.get(at("list")))
    response = office.post(at("step", year.pk, "freeze"))
    assert "须由另一个人封存" in told(response)
    assert "年度工作已经结束" in words(reviewer.get(at("step", year.pk, "freeze")))
    assert "年度安排1" in words(reviewer.get(at("list")))
    reviewer.post(at("step", year.pk, "freeze"))
    year.refresh_from_db()
    assert (year.state, year.frozen_by) == ("frozen", cast.reviewer)


def test_no_page_changes_a_frozen_year(cast, signed_in):
    year = years.frozen(cast)
    before = Year.objects.filter(pk=year.pk).values().get()
    office = signed_in(cast.office)
    assert "修改安排" not in words(office.get(at("list")))
    assert "现在是“已封存”，不能再改" in told(office.get(at("edit", year.pk)))
    response = office.post(at("edit", year.pk), years.as_typed(year, title="别的"))
    assert response.status_code == 422 and "现在是“已封存”，不能再改" in words(response)
    for step in ("ask_freeze", "freeze", "refuse_freeze"):
        response = office.post(at("step", year.pk, step), {"reason": "再开"})
        assert "现在是“已封存”" in told(response)
    assert Year.objects.filter(pk=year.pk).values().get() == before
    assert office.post(at("copy", year.pk), {"to": "2022"}).status_code == 302
