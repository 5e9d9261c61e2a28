"""One lecture from its plan to the page residents read, and what of it never leaves the office."""

import datetime
import re

import pytest
from django.urls import reverse
from PIL import Image

from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines import services as deadlines
from longsha_credit.programme.education import services
from longsha_credit.programme.education.flows import FLOW, HOURS, SHEET
from longsha_credit.programme.models import Activity, ActivitySheet
from longsha_credit.publication.models import Publication
from tests import make
from tests.programme import years
from tests.programme.education import making

INTACT = "本页内容与公开账一致"
PLAN = {
    "kind": "lecture",
    "title": "签了合同就要守",
    "theme": "law",
    "audiences": ["officials", "residents"],
    "starts_at": "09:30",
    "place": "街道三楼会议室",
    "expected": "80",
    "speaker": "区法院立案庭法官",
    "hours": "2",
    "about": "三个合同纠纷的案例。",
}


def words(response):
    return re.sub(r"<[^>]+>|\s+", "", response.content.decode())


def said(response):
    return "".join(str(message) for message in response.context["messages"])


def take(browser, row, step, name="step", **data):
    return browser.post(reverse(f"education:{name}", args=[row.pk, step]), data, follow=True)


def moved_to(it, day):
    """The days go by: what was planned for later is past."""
    it.refresh_from_db()
    it.planned_on = day
    services.save_activity(it, by=it.created_by)


def test_a_lecture_goes_from_its_plan_to_the_page_residents_read(cast, signed_in, client):
    making.year(cast)
    making.year(cast, making.SOON.year)
    browser = signed_in(cast.clerk)
    # planned
    data = PLAN | {"organisation": cast.street.pk, "planned_on": making.SOON.isoformat()}
    page = browser.post(reverse("education:new"), data, follow=True)
    it = Activity.objects.get()
    assert "计划已保存" in said(page) and it.code == f"JY-990100-{making.SOON.year}-000001"
    clocks = {clock.rule_key: clock for clock in deadlines.open_of(it)}
    assert (clocks["education_hold"].due_on, clocks["education_summary"].starts_on) == (
        making.SOON,
        making.SOON,
    )
    # announced before it is held
    assert "写预告" in words(page)
    url = reverse("education:sheet", args=[it.pk])
    form = browser.get(url).context["form"]
    typed = {name: form[name].value() or "" for name in ("title", "day", "time", "place", "speaker", "text")}
    browser.post(url, typed)
    sheet = ActivitySheet.objects.get()
    assert client.get(f"/education/activities/{it.code}/").status_code == 404
    page = take(browser, sheet, "submit", "sheet_step")
    assert "三个人依次审查" in said(page)
    make.passed(cast, sheet)
    front = words(client.get("/education/"))
    assert "即将举办" in front and "签了合同就要守" in front
    assert INTACT in words(client.get(f"/education/activities/{it.code}/"))
    # not before its day
    assert "到了那天再登记" in words(take(browser, it, "hold", held_on="", attendance=""))
    making.year(cast, making.YESTERDAY.year)
    moved_to(it, making.YESTERDAY)
    waiting = browser.get(reverse("desk")).content.decode()
    assert "登记举办" in waiting and it.title in waiting
    moved_to(it, making.AGO)
    page = take(browser, it, "hold", held_on=making.AGO.isoformat(), attendance="86")
    it.refresh_from_db()
    assert (it.state, it.attendance) == ("held", 86), words(page)
    # summed up, with a photograph
    assert "还没有写总结" in words(take(browser, it, "summarise"))
    typed = {
        "held_on": making.AGO.isoformat(),
        "attendance": "86",
        "summary": "讲了三个案例。",
        "outcome": "改了说明。",
    }
    page = browser.post(
        reverse("education:summary", args=[it.pk]), typed | {"uploads": making.photo()}, follow=True
    )
    assert "总结已保存" in said(page)
    take(browser, it, "summarise")
    it.refresh_from_db()
    assert it.state == "summarised" and {clock.met_on for clock in deadlines.of(it)} == {making.TODAY}
    assert "公开或留内部" in browser.get(reverse("desk")).content.decode()
    # and told
    form = browser.get(url).context["form"]
    typed = {
        name: form[name].value() or ""
        for name in ("title", "day", "time", "place", "speaker", "text", "outcome")
    }
    page = browser.post(
        url, typed | {"reason": "活动办完，公布情况", "picked": [it.files.get().pk]}, follow=True
    )
    assert "草稿已保存" in said(page)
    report = ActivitySheet.objects.latest("id")
    take(browser, report, "submit", "sheet_step")
    make.passed(cast, report)
    sheet.refresh_from_db()
    assert (sheet.state, report.state, report.publication.version) == ("replaced", "published", 2)
    page = words(client.get(f"/education/activities/{it.code}/"))
    for told in (
        "已举办",
        "86人次",
        "讲了三个案例。",
        "讲座现场",
        "第2版改了什么",
        "活动办完，公布情况",
        INTACT,
    ):
        assert told in page, told
    for name in ("周岚", "李主任", "韩叙"):
        assert name not in page
    assert "签了合同就要守" in words(client.get("/search/", {"q": "合同"}))
    assert "签了合同就要守" in client.get("/education/feed/").content.decode()
    old = words(client.get(f"/education/activities/{it.code}/versions/1/"))
    assert "三个合同纠纷的案例。" in old and "已被后来的版本替代" in old


def test_a_photograph_becomes_public_as_a_passed_copy_without_its_place(cast, client):
    it = making.summarised(cast)
    original = it.files.get()
    assert Image.open(original.file.path).getexif()
    report = making.reported(cast, it)
    copy = report.files.get()
    assert copy.made_from == original
    page = client.get(f"/education/activities/{it.code}/").content.decode()
    (address,) = re.findall(r'<img src="([^"]+)"', page)
    response = client.get(address)
    assert response["Content-Type"] == "image/jpeg" and response["X-Content-Type-Options"] == "nosniff"
    shown = copy.file.read()
    assert "金丝雀".encode() not in shown and b"Exif" not in shown
    with Image.open(copy.file.path) as picture:
        assert max(picture.size) == 1600 and not picture.getexif()
    # what was not picked stays inside
    other = making.shown(cast, making.summarised(cast), picked=[])
    assert not other.files.exists()
    # withdrawn, the photograph is gone with the page
    making.ended(SHEET, report, cast)
    assert client.get(address).status_code == 410
    assert client.get(f"/education/activities/{it.code}/").status_code == 410


def test_few_people_are_not_told_apart_anywhere(cast, client):
    it = making.summarised(cast, making.held(cast, attendance=3))
    making.reported(cast, it)
    assert "少于5人次" in words(client.get(f"/education/activities/{it.code}/"))
    publication = Publication.objects.get()
    assert '"attendance":"少于5"' in publication.ledger.get().content.text
    assert "参加少于5人次" in publication.text


def test_a_cancelled_or_moved_activity_says_so_where_it_was_announced(cast, client, signed_in):
    it = making.planned(cast, planned_on=making.SOON)
    making.shown(cast, it)
    it.planned_on = making.SOON - datetime.timedelta(days=1)
    services.save_activity(it, by=cast.clerk)
    page = words(client.get(f"/education/activities/{it.code}/"))
    assert f"改到{it.planned_on:%Y-%m-%d}" in page and INTACT in page
    assert "公开的预告写的是" in words(signed_in(cast.clerk).get(reverse("education:page", args=[it.pk])))
    draft = making.sheet(cast, it, reason="改期")
    making.cancelled(cast, it)
    draft.refresh_from_db()
    page = words(client.get(f"/education/activities/{it.code}/"))
    assert "活动已取消原因：主讲人不能到场。" in page and "法官出差" not in page
    assert draft.state == "discarded"
    assert all(clock.cancelled_at for clock in deadlines.of(it))
    assert "已取消" in words(client.get("/search/", {"q": "合同"}))


@pytest.mark.parametrize("state", ["planned", "held", "told", "summarised", "filed"])
def test_what_is_not_passed_is_nowhere_public(cast, client, state):
    it = getattr(making, state)(cast)
    if state == "summarised":
        making.sent_sheet(cast, it)
    for address in ("/education/", "/education/activities/", "/education/feed/", "/search/?q=合同", "/"):
        assert it.title not in client.get(address).content.decode(), address
    assert client.get(f"/education/activities/{it.code}/").status_code == 404


def test_a_summary_without_evidence_is_not_finished(cast):
    it = making.held(cast)
    it.summary = "讲了。"
    services.save_summary(it, by=cast.clerk)
    with pytest.raises(Refused, match="至少附一份"):
        FLOW.take(it, "summarise", by=cast.clerk)


def test_what_was_told_the_public_is_not_reopened_behind_its_back(cast):
    it = making.summarised(cast)
    report = making.reported(cast, it)
    for step in ("reopen", "file"):
        with pytest.raises(Refused, match="公开中"):
            FLOW.take(it, step, by=cast.clerk, reason="改数字")
    making.ended(SHEET, report, cast)
    with pytest.raises(Refused, match="不再公开"):
        making.sheet(cast, it)
    FLOW.take(it, "reopen", by=cast.clerk, reason="改数字")


def test_numbers_changed_behind_the_portals_back_are_found_out(cast, client):
    from tests.audit.rules import past_triggers

    report = making.reported(cast)
    with past_triggers() as cursor:
        cursor.execute("UPDATE programme_activitysheet SET attendance = 860 WHERE id = %s", [report.pk])
    assert "本页内容与公开账不一致" in words(client.get(f"/education/activities/{report.activity.code}/"))


def test_a_frozen_year_closes_its_activities_and_hours(cast, signed_in):
    who = making.official(cast)
    it, row = making.held(cast), making.confirmed(cast, who)
    waiting = making.entered(cast, who)
    years.frozen(cast, making.year(cast))
    browser = signed_in(cast.clerk)
    assert it.title not in browser.get(reverse("desk")).content.decode()
    typed = {"held_on": making.AGO.isoformat(), "attendance": "1", "summary": "改了", "outcome": ""}
    assert "已封存" in words(browser.post(reverse("education:summary", args=[it.pk]), typed))
    assert "已封存" in words(browser.get(reverse("education:page", args=[it.pk])))
    for one, step in ((row, "revoke"), (waiting, "confirm")):
        with pytest.raises(Refused, match="已封存"):
            HOURS.take(one, step, by=cast.lead, reason="改")
    with pytest.raises(Refused, match="已封存"):
        making.entered(cast, who, activity=it)
    with pytest.raises(Refused, match="已封存"):
        making.planned(cast)


def test_a_year_nobody_has_arranged_is_told(cast):
    making.year(cast)
    later = making.terms(cast, planned_on=datetime.date(making.TODAY.year + 1, 3, 1))
    with pytest.raises(Refused, match="还没有安排"):
        services.save_activity(Activity(**later), by=cast.clerk)
