"""The desk's pages of education: what its forms never take, the library from draft to reader, what waits for whom."""

import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from longsha_credit.audit.workflow import Refused
from longsha_credit.programme.education import lists, materials, services
from longsha_credit.programme.education.flows import EDITION, SHEET
from longsha_credit.programme.models import Activity, MaterialEdition
from tests import make
from tests.audit.rules import rows_of_everything
from tests.commitments.test_bad_input import (
    assert_harmless,
    assert_none_passes,
    assert_said,
    bound_form,
    hostile,
)
from tests.programme.education import making

INTACT = "本页内容与公开账一致"


def words(response):
    return re.sub(r"<[^>]+>|\s+", "", response.content.decode())


def plan(c, **changes):
    """What a clerk's browser sends with the form of a plan."""
    sent = making.terms(c) | {
        "organisation": c.street.pk,
        "starts_at": "09:30",
        "hours": "2",
        "expected": "80",
    }
    return sent | changes


TEXT = {
    "title": "签了合同就要守", "day": making.SOON.isoformat(), "time": "09:30", "place": "街道三楼会议室",
    "speaker": "法官", "text": "三个案例。",
}  # fmt: skip
MATERIAL = {
    "title": "签合同前看一眼", "theme": "law", "audiences": ["residents"], "summary": "五分钟看懂。", "body": "一看对方是谁。",
    "source": "司法所编写",
}  # fmt: skip


MUST_NOT_PASS = {
    "audiences": ([], ["cats"], ["officials", "x"]),
    "kind": ("king", ""),
    "theme": ("king", ""),
    "expected": ("0", "-1", "1.5", "9" * 40, "八十"),
    "hours": ("0", "-1", "101", "1.25", "NaN"),
    "planned_on": ("2026-02-30", "明天", ""),
    "starts_at": ("25:00", "上午"),
    "organisation": ("0", "x", ""),
    "title": ("", "长" * 81),
}


@pytest.mark.parametrize("field", MUST_NOT_PASS)
def test_these_never_become_a_plan(cast, signed_in, field):
    making.year(cast)
    browser = signed_in(cast.clerk)
    for value in (*MUST_NOT_PASS[field], *([cast.other_street.pk] if field == "organisation" else [])):
        assert_said(browser.post(reverse("education:new"), plan(cast, **{field: value})), (field, value))
    assert not Activity.objects.exists()


def test_hours_are_for_officials_only(cast, signed_in):
    making.year(cast)
    page = signed_in(cast.clerk).post(reverse("education:new"), plan(cast, audiences=["residents"]))
    assert "对象里没有公职人员，不算学时" in words(page)


def test_an_outside_training_needs_its_certificate(cast, signed_in):
    making.year(cast)
    who, browser, url = making.official(cast), signed_in(cast.clerk), reverse("education:enter_outside")
    data = {"official": who.pk, "outside": "市委党校专题班", "day": making.AGO.isoformat(), "hours": "6"}
    assert "请选择要上传的" in words(browser.post(url, data))
    page = browser.post(url, data | {"certificate": make.upload("病毒.exe", "MZ")})
    assert page.status_code == 422
    both = [make.upload("一.txt"), make.upload("二.txt")]
    assert "请只选一个文件" in words(browser.post(url, data | {"certificate": both}))
    assert browser.post(url, data | {"certificate": make.upload("证书.txt")}).status_code == 302


def test_who_saved_first_is_not_overwritten(cast, signed_in):
    it = making.planned(cast)
    browser, url = signed_in(cast.clerk), reverse("education:edit", args=[it.pk])
    seen = browser.get(url).context["form"]["seen"].value()
    it.title = "同事先改的"
    services.save_activity(it, by=cast.lead)
    page = browser.post(url, plan(cast, seen=seen, title="后改的"))
    assert "同事刚刚保存过" in words(page)
    it.refresh_from_db()
    assert it.title == "同事先改的"


def test_files_of_others_do_not_go_along(cast):
    """Ids in `picked` are those of the activity's own files, whatever a browser sends."""
    other, it = making.summarised(cast), making.summarised(cast)
    sheet = making.sheet(cast, it, picked=[other.files.get().pk, 2**31])
    assert not sheet.files.exists()
    services.save_sheet(sheet, by=cast.clerk, picked=[it.files.get().pk])
    copy = sheet.files.get()
    services.save_sheet(sheet, by=cast.clerk, picked=[it.files.get().pk])
    assert sheet.files.get() == copy  # no second copy
    services.save_sheet(sheet, by=cast.clerk, picked=[])
    assert not sheet.files.exists()


# --- the library ------------------------------------------------------------------------------------------------------


def test_a_material_is_found_by_theme_by_audience_and_by_words(cast, signed_in, client):
    browser = signed_in(cast.clerk)
    page = browser.post(
        reverse("education:material_new"), MATERIAL | {"organisation": cast.street.pk}, follow=True
    )
    assert "草稿已保存" in words(page)
    edition = MaterialEdition.objects.get()
    browser.post(reverse("education:edition_step", args=[edition.pk, "submit"]))
    make.passed(cast, edition)
    other = making.public_edition(
        cast, title="家风故事", theme="culture", audiences=["residents"], summary="二十条。", body="家训。"
    )
    making.edition(cast, title="没有送审的")

    def found(**asked):
        return [row.title for row in client.get("/education/materials/", asked).context["page"]]

    assert set(found()) == {edition.title, other.title}
    assert found(theme="culture") == [other.title] and found(q="合同") == [edition.title]
    assert found(theme="law", audience="companies") == []
    assert "没有这样的资料" in words(client.get("/education/materials/", {"q": "火星"}))
    assert len(found(theme="x", audience="y", page="-1")) == 2
    for value in ("'; DROP", "甲\x00乙", "9" * 4000, "<script>alert(1)</script>"):
        assert_harmless(client.get("/education/materials/", {"q": value}).content.decode(), value)
    assert INTACT in words(client.get(f"/education/materials/{edition.material.code}/"))


def test_a_new_edition_says_why_and_the_old_one_stays(cast, signed_in, client):
    first = making.public_edition(cast)
    url, browser = reverse("education:material_revise", args=[first.material_id]), signed_in(cast.clerk)
    assert_said(browser.post(url, MATERIAL | {"reason": ""}), "no reason")
    browser.post(url, MATERIAL | {"body": "四看争议在哪里打官司。", "reason": "补一个案例"})
    new = MaterialEdition.objects.latest("id")
    assert "已有一版在办理" in words(browser.get(url, follow=True))
    EDITION.take(new, "submit", by=cast.clerk)
    address = f"/education/materials/{first.material.code}/"
    assert "三看做不到怎么办" in words(client.get(address))
    make.passed(cast, new)
    page = words(client.get(address))
    assert "四看争议在哪里打官司。" in page and "补一个案例" in page and INTACT in page
    assert "三看做不到怎么办" in words(client.get(f"{address}versions/1/"))
    making.ended(EDITION, new, cast)
    assert client.get(address).status_code == 410
    with pytest.raises(Refused, match="不再公开"):
        making.revised(cast, new)


def test_an_internal_material_is_read_by_officials_and_by_nobody_outside(cast, signed_in, client):
    row = making.internal(cast, title="金丝雀手册", body="金丝雀第一章")
    for address in ("/education/", "/education/materials/", "/search/?q=手册", "/education/feed/"):
        assert "金丝雀" not in client.get(address).content.decode()
    assert client.get(f"/education/materials/{row.material.code}/").status_code == 404
    url = reverse("education:material", args=[row.material_id])
    for name, reads in {
        "official": True,
        "community_clerk": True,
        "clerk": True,
        "other_clerk": False,
        "panel": False,
    }.items():
        page = signed_in(getattr(cast, name)).get(url)
        assert (page.status_code == 200 and "金丝雀第一章" in words(page)) is reads, name
    assert "经过" not in words(signed_in(cast.official).get(url))
    # a public edition takes its place; before that the internal one stays as it is
    new = making.revised(cast, row, title="公开的手册")
    EDITION.take(new, "submit", by=cast.clerk)
    row.refresh_from_db()
    assert row.state == "internal"
    make.passed(cast, new)
    row.refresh_from_db()
    assert row.state == "replaced" and materials.current(row.material) == new
    later = making.revised(cast, new)
    with pytest.raises(Refused, match="改动要走公开审查"):
        EDITION.take(later, "offer", by=cast.clerk)


def test_a_file_of_an_internal_material_is_opened_by_its_readers(cast, signed_in):
    from longsha_credit.files.services import Upload

    row = making.edition(cast)
    materials.save_edition(row, by=cast.clerk, upload=Upload(added=(make.upload("手册.txt"),)))
    url = reverse("file", args=[row.files.get().pk])
    assert signed_in(cast.official).get(url).status_code == 404
    EDITION.take(row, "offer", by=cast.clerk)
    EDITION.take(row, "issue", by=cast.lead)
    readers = {"official": 200, "community_clerk": 200, "reviewer": 200, "other_lead": 404, "auditor": 404}
    for name, status in readers.items():
        assert signed_in(getattr(cast, name)).get(url).status_code == status, name


# --- what waits for whom ----------------------------------------------------------------------------------------------


def test_each_desk_lists_what_waits_for_it(cast, signed_in):
    late, held = making.planned(cast, planned_on=making.YESTERDAY), making.held(cast)
    open_end = making.summarised(cast)
    later = making.planned(cast, planned_on=making.SOON)
    making.filed(cast)
    making.sheet(cast, making.summarised(cast))
    asking = set(lists.asking(cast.clerk))
    assert asking == {late, held, open_end} and later not in asking
    assert not lists.asking(cast.other_clerk).exists() and not lists.asking(cast.reviewer).exists()
    text, offered = making.withdrawing(SHEET, making.shown(cast), cast), making.offered(cast)
    assert list(lists.sheets_asking(cast.reviewer)) == [text]
    assert offered in lists.editions_asking(cast.lead) and offered not in lists.editions_asking(cast.clerk)
    page = words(signed_in(cast.lead).get("/desk/"))
    assert "对内发布" in page and "登记举办" in page and "写总结" in page
    assert "批准撤下" in words(signed_in(cast.reviewer).get("/desk/"))


@pytest.mark.parametrize("name", ["list", "page", "materials", "material"])
def test_a_longer_history_asks_no_more_questions(cast, signed_in, name):
    it, row = making.planned(cast, planned_on=making.SOON), making.public_edition(cast)
    making.shown(cast, it)
    args = {"page": [it.pk], "material": [row.material_id]}.get(name)
    browser, url = signed_in(cast.supervisor), reverse(f"education:{name}", args=args)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url).status_code == 200
        return len(queries)

    asked()
    before = asked()
    for number in range(2):
        making.shown(cast, it, reason=f"第{number}次改")
        new = making.revised(cast, row)
        EDITION.take(new, "submit", by=cast.clerk)
        make.passed(cast, new)
        making.held(cast)
        making.public_edition(cast)
    assert asked() == before


# --- bad input --------------------------------------------------------------------------------------------------------


DAY = making.AGO.isoformat()


def on(address, it, *more):
    return reverse(f"education:{address}", args=[it.pk, *more])


def new_plan(c):
    making.year(c)
    return c.clerk, reverse("education:new"), plan(c)


def report(c):
    done = making.summarised(c)
    told = {name: value for name, value in TEXT.items() if name != "day"}
    return c.clerk, on("sheet", done), told | {"outcome": "改了。", "picked": [done.files.get().pk]}


# Each form: who fills it, its address and a sending that passes; what it is about is made when it is asked for.
FORMS = {
    "plan": new_plan,
    "hold": lambda c: (c.clerk, on("step", making.planned(c), "hold"), {"held_on": DAY, "attendance": "86"}),
    "cancel": lambda c: (c.clerk, on("step", making.planned(c, planned_on=making.SOON), "cancel"), {"cancel_why": "venue", "reason": "漏水"}),
    "summary": lambda c: (c.clerk, on("summary", making.held(c)), {"held_on": DAY, "attendance": "86", "summary": "讲了。", "outcome": "改了。"}),
    "sheet": lambda c: (c.clerk, on("sheet", making.planned(c, planned_on=making.SOON)), TEXT),
    "report": report,
    "material": lambda c: (c.clerk, reverse("education:material_new"), MATERIAL | {"organisation": c.street.pk}),
    "people": lambda c: (c.clerk, on("enter_activity", making.held(c)), {"people": [making.official(c).pk], "hours": "2"}),
    "course_people": lambda c: (c.clerk, reverse("education:enter_course"), {"course": making.course(c).pk, "people": [making.official(c).pk], "hours": "2", "day": DAY}),
    "course": lambda c: (c.office, reverse("education:course_new"), {"year": making.year(c).pk, "title": "新课", "hours": "1", "levels": ["street"], "about": "学", "basis": "计划"}),
    "minimum": lambda c: (c.office, on("minimum", making.year(c)), {"hours": "4", "basis": "计划", "basis_kind": "advice"}),
}  # fmt: skip


LEFT_OUT = {"seen", "uploads", "removed", "day"}  # hidden, tried elsewhere, or fixed by what happened


# Fields of one class are checked by the same code: one of each stands for them all.
TRIED = {
    "plan": ("organisation", "kind", "title", "audiences", "planned_on", "starts_at", "expected", "hours"),
    "hold": ("attendance",),
    "cancel": ("cancel_why",),
    "summary": ("summary",),
    "sheet": ("day",),
    "report": ("picked",),
    "material": ("body",),
    "people": ("people",),
    "course_people": ("course",),
    "course": ("levels",),
    "minimum": ("basis_kind",),
}


@pytest.mark.usefixtures("menu_counted_once")  # from here to the end
@pytest.mark.parametrize("name", FORMS)
def test_no_field_takes_what_nobody_should_type(cast, signed_in, name):
    who, url, right = FORMS[name](cast)
    browser = signed_in(who)
    with transaction.atomic():
        assert browser.post(url, right).status_code == 302, "the right form itself must pass"
        transaction.set_rollback(True)
    long = next(
        field
        for field in ("title", "reason", "summary", "place", "basis", "hours", "attendance")
        if field in right
    )
    with transaction.atomic():
        kinds = bound_form(browser.post(url, right | {long: "长" * 5000})).fields
    assert set(right) - LEFT_OUT <= set(kinds) and set(kinds) - LEFT_OUT - {"material"} <= set(right)
    before = rows_of_everything()
    assert_none_passes(browser, url, right, {field: hostile(kinds[field]) for field in TRIED[name]}, name)
    assert rows_of_everything() == before
