"""Training hours: entered by one, confirmed by another, read by few, public nowhere; shares told only where five stand behind."""

import datetime
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Official, Posting
from longsha_credit.programme.education import hours, metrics
from longsha_credit.programme.education.flows import HOURS
from longsha_credit.programme.models import Course, HoursMinimum, TrainingHours
from tests import make
from tests.programme import years
from tests.programme.education import making

CANARY = "金丝雀某"


def words(response):
    return re.sub(r"<[^>]+>|\s+", "", response.content.decode())


def test_hours_are_picked_from_the_list_and_confirmed_by_another(cast, signed_in):
    people = [making.official(cast, f"沈{n}") for n in "一二三"]
    it = making.held(cast)
    clerk, lead = signed_in(cast.clerk), signed_in(cast.lead)
    url = reverse("education:enter_activity", args=[it.pk])
    assert "沈一" in words(clerk.get(url))
    page = clerk.post(url, {"people": [p.pk for p in people[:2]], "hours": "2"}, follow=True)
    assert "登记了2人" in words(page)
    assert "待您确认" not in words(page)  # not by who entered them
    form = clerk.get(url).context["form"]
    assert people[0] not in form.fields["people"].queryset and people[2] in form.fields["people"].queryset
    rows = list(TrainingHours.objects.order_by("id"))
    assert [(row.state, row.day, row.hours) for row in rows] == [("entered", it.held_on, Decimal(2))] * 2
    page = words(lead.get(reverse("education:hours")))
    assert "待您确认" in page and "沈一·签了合同就要守·2学时" in page
    assert "待确认的学时" in words(lead.get(reverse("desk")))
    # the clerk's own press changes nothing
    page = words(
        clerk.post(reverse("education:hours_confirm"), {"hours": [rows[0].pk, "x", "9" * 30]}, follow=True)
    )
    assert "不在您的职责内" in page
    page = lead.post(reverse("education:hours_confirm"), {"hours": [row.pk for row in rows]}, follow=True)
    assert "确认了2条学时" in words(page)
    assert set(TrainingHours.objects.values_list("state", "confirmed_by")) == {("confirmed", cast.lead.pk)}
    page = words(clerk.get(reverse("education:person", args=[people[0].pk])))
    assert "已确认2学时，要求4学时，还差2学时" in page


def test_an_official_sees_the_own_hours_and_what_is_missing(cast, signed_in):
    own = cast.official.official
    making.confirmed(cast, own, course=making.course(cast))
    making.course(cast, title="合同履约", levels=["street"])
    making.course(cast, title="选修课", levels=[])
    making.confirmed(cast, making.official(cast, CANARY), activity=making.held(cast))
    browser = signed_in(cast.official)
    page = words(browser.get(reverse("education:mine")))
    assert "已确认2学时，要求4学时，还差2学时" in page and "建议值：" in page
    assert "公务员诚信手册导读已学" in page and "合同履约还没有学" in page and "选修课" not in page
    assert CANARY not in page
    for name in ("hours", "statistics", "list", "materials", "courses"):
        assert CANARY not in words(browser.get(reverse(f"education:{name}")))
    assert browser.get(reverse("education:person", args=[own.pk])).status_code == 404
    assert browser.get(reverse("education:sources")).status_code == 404


def test_a_certificate_is_read_by_those_who_read_the_hours(cast, signed_in):
    own = cast.official.official
    row = making.outside(cast, own)
    url = reverse("file", args=[row.certificate_id])
    readers = {"clerk", "lead", "official"}
    for name in (
        "clerk",
        "lead",
        "official",
        "other_clerk",
        "reviewer",
        "office",
        "supervisor",
        "secrecy",
        "auditor",
    ):
        assert signed_in(getattr(cast, name)).get(url).status_code == (200 if name in readers else 404), name


def test_who_works_elsewhere_or_above_reads_nobodys_hours(cast, signed_in, client):
    who = making.official(cast, CANARY)
    row = making.confirmed(cast, who)
    assert set(TrainingHours.objects.visible_to(cast.clerk)) == {row}
    for name in (
        *("other_clerk", "other_lead", "community_clerk", "reviewer", "office", "secrecy", "supervisor"),
        *("district_lead", "auditor", "sysadmin", "panel", "official", "outsider"),
    ):
        person = getattr(cast, name)
        assert not TrainingHours.objects.visible_to(person).exists(), name
        browser = signed_in(person)
        for address in ("hours", "statistics", "mine", "list"):
            assert CANARY not in words(browser.get(reverse(f"education:{address}"))), (name, address)
        assert browser.get(reverse("education:person", args=[who.pk])).status_code == 404, name
        assert browser.get(reverse("education:page", args=[row.activity_id])).status_code in (200, 404)
        assert CANARY not in words(browser.get(reverse("education:page", args=[row.activity_id])))
        step = reverse("education:hours_step", args=[row.pk, "revoke"])
        assert browser.post(step, {"reason": "x"}).status_code == 404, name


def test_an_officials_hours_are_nowhere_public(cast, client):
    who = making.official(cast, CANARY)
    making.confirmed(cast, who, activity=making.summarised(cast), hours=Decimal("37.5"))
    making.outside(cast, who, outside=f"{CANARY}培训班")
    making.course(cast, about=f"{CANARY}的课")
    making.internal(cast, title=f"{CANARY}手册")
    material, report = making.public_edition(cast).material, making.reported(cast)
    for address in (
        *(
            "/",
            "/education/",
            "/education/activities/",
            "/education/materials/",
            "/education/feed/",
            "/feeds/",
        ),
        *(
            "/units/",
            f"/units/{cast.street.pk}/",
            "/map/",
            "/search/?q=学时",
            "/search/?q=手册",
            "/corrections/",
        ),
        *(f"/education/activities/{report.activity.code}/", f"/education/materials/{material.code}/"),
        *("/education/materials/?q=手册", "/sitemap-publications.xml", "/api/v1/publications/"),
    ):
        text = client.get(address).content.decode()
        assert CANARY not in text and "37.5" not in text, address
    assert (
        f"/files/{report.publication.ledger.latest('id').files.get().token}/"
        in client.get(f"/education/activities/{report.activity.code}/").content.decode()
    )


def test_only_what_can_be_is_entered(cast):
    who, elsewhere = making.official(cast), making.official(cast, "许某", unit=cast.other_street)
    it, course = making.held(cast), making.course(cast)
    with pytest.raises(Http404):
        making.entered(cast, elsewhere, activity=it)
    with pytest.raises(Http404):
        hours.activity_to_enter(cast.other_clerk, it.pk)
    for given, said in (
        ({"activity": it, "day": making.TODAY + datetime.timedelta(days=1)}, "不能晚于今天"),
        ({"course": course, "day": datetime.date(2021, 5, 1)}, "年以内"),
        ({"outside": "党校", "day": datetime.date(2019, 5, 1), "certificate": make.upload()}, "还没有安排"),
    ):
        with pytest.raises(Refused, match=said):
            making.entered(cast, who, **given)
    making.entered(cast, who, activity=it)
    with pytest.raises(Refused, match="已经登记过"):
        making.entered(cast, who, activity=it)
    with pytest.raises(Refused, match="已经登记过"):
        making.confirmed(cast, who, course=course)
        making.entered(cast, who, course=course)
    with pytest.raises(Refused, match="至少选一个人"):
        hours.enter([], by=cast.clerk, day=making.AGO, hours=Decimal(1), course=course)


def test_one_bad_name_enters_nobody(cast):
    one, two, it = making.official(cast, "沈一"), making.official(cast, "沈二"), making.held(cast)
    making.entered(cast, two, activity=it)
    with pytest.raises(Refused, match="沈二的“签了合同就要守”已经登记过"):
        hours.enter([one, two], by=cast.clerk, day=making.AGO, hours=Decimal(2), activity=it)
    assert TrainingHours.objects.count() == 1


def test_the_districts_training_counts_for_the_streets_people(cast, signed_in):
    district_clerk = make.user("district_clerk", "clerk", cast.district)
    it = making.held(cast, by=district_clerk, organisation=cast.district)
    who = making.official(cast)
    assert it.title in words(signed_in(cast.clerk).get(reverse("education:sources")))
    row = making.entered(cast, who, activity=it)
    assert row.organisation == cast.street
    # the community's people are kept by their street too; the district's by the district alone
    of_community = making.official(cast, "社区某", unit=cast.community)
    kept = making.entered(cast, of_community, activity=it)
    HOURS.take(kept, "confirm", by=cast.lead)
    of_district = making.official(cast, "区里某", unit=cast.district)
    with pytest.raises(Http404):
        making.entered(cast, of_district, activity=it)
    making.entered(cast, of_district, by=district_clerk, activity=it)


# --- figures ----------------------------------------------------------------------------------------------------------


def learned(c, unit, reached, others, by=None, lead=None):
    """So many of the unit's people with four hours, so many with one."""
    it = making.held(c)
    for number in range(reached + others):
        who = making.official(c, f"{unit.name}{number}", unit=unit)
        each = Decimal(4) if number < reached else Decimal(1)
        making.confirmed(c, who, activity=it, hours=each)
    return it


def test_the_share_is_told_where_five_stand_behind_it(cast, signed_in):
    learned(cast, cast.street, 4, 2)  # and the cast's own official, with none
    learned(cast, cast.community, 1, 2)
    learned(cast, cast.window, 2, 0)
    making.summarised(cast)
    page = signed_in(cast.reviewer).get(reverse("education:statistics"))
    text = words(page)
    assert "57.1%4/7人" in text
    rows = {row["unit"].name: row for row in page.context["rows"]}
    assert rows["新苑社区"].get("few") and rows["综合窗口"].get("few")
    assert "不足5人的2个单位合计" in text and "60.0%3/5人" in text
    assert page.context["total"]["people"] == 12 and page.context["total"]["reached"] == 7
    assert rows["向阳街道"]["activities"] == 1 and rows["向阳街道"]["attendance"] == 86
    export = signed_in(cast.office).get(reverse("education:statistics_export"), {"format": "csv"})
    lines = b"".join(export.streaming_content).decode("utf-8-sig").splitlines()
    assert "向阳街道,1,86,7,4,57.1%,18" in lines and "新苑社区,0,0,少于5,,," in lines
    assert signed_in(cast.official).get(reverse("education:statistics_export")).status_code == 404


def test_too_few_together_stand_in_no_sum(cast, signed_in):
    learned(cast, cast.street, 4, 2)
    learned(cast, cast.community, 1, 1)
    page = signed_in(cast.reviewer).get(reverse("education:statistics"))
    assert page.context["together"] is None and page.context["total"]["people"] == 7
    assert "合起来也不足5人，没有算进合计" in words(page)


def test_who_has_left_is_not_counted_and_the_minimum_is_data(cast):
    learned(cast, cast.street, 4, 2)
    year = making.year(cast)
    reached = metrics.reached_of_all(year, making.TODAY)
    assert reached[cast.street.pk] == {"people": 7, "reached": 4}
    hours.set_minimum(year, by=cast.office, hours=Decimal(1), basis="示组通〔2026〕3号", basis_kind="law")
    assert metrics.reached_of_all(year, making.TODAY)[cast.street.pk]["reached"] == 6
    gone = Official.objects.get(name="向阳街道0")
    from tests.audit.rules import past_triggers

    posting = Posting.objects.create(official=gone, post=cast.post, started_on=make.LONG_AGO)
    assert metrics.reached_of_all(year, making.TODAY)[cast.street.pk]["people"] == 7
    with past_triggers() as cursor:
        cursor.execute(
            "UPDATE directory_posting SET ended_on = %s, cleared_at = now() WHERE id = %s",
            [make.LONG_AGO + datetime.timedelta(days=9), posting.pk],
        )
    assert metrics.reached_of_all(year, making.TODAY)[cast.street.pk] == {"people": 6, "reached": 5}


def test_activities_are_counted_once_they_are_summed_up(cast):
    first, last = datetime.date(making.TODAY.year, 1, 1), making.TODAY
    making.held(cast)
    making.cancelled(cast)
    making.filed(cast)
    making.summarised(cast, making.held(cast, attendance=14, audiences=["residents"], hours=None))
    assert metrics.activities_of_all(first, last) == {cast.street.pk: {"activities": 2, "attendance": 100}}
    assert metrics.activities_of_all(first, last, "officials") == {
        cast.street.pk: {"activities": 1, "attendance": 86}
    }
    behind = metrics.activities_behind(cast.district, first, last)
    assert [row["attendance"] for row in behind] == [86, 14] and set(behind[0]) == {
        *("code", "said", "unit_name", "held_on", "attendance")
    }


# --- the office's data ------------------------------------------------------------------------------------------------


def test_the_minimum_is_loaded_as_advice_and_kept_by_the_office(cast, signed_in):
    year = making.year(cast)
    frozen = years.frozen(cast, years.plan(cast))
    assert hours.load_minimums() == 1 and hours.load_minimums() == 0
    row = HoursMinimum.objects.get()
    assert (row.year, row.hours, row.basis_kind) == (year, Decimal(4), "advice")
    url = reverse("education:minimum", args=[year.pk])
    data = {"hours": "6", "basis": "示组通〔2026〕3号", "basis_kind": "law"}
    assert signed_in(cast.clerk).post(url, data).status_code == 404
    page = signed_in(cast.office).post(url, data, follow=True)
    assert "每人至少6学时" in words(page)
    hours.load_minimums()
    row.refresh_from_db()
    assert row.hours == 6
    assert Entry.objects.about(row).get().reason == "4 改为 6 学时"
    page = signed_in(cast.office).post(reverse("education:minimum", args=[frozen.pk]), data)
    assert page.status_code == 422 and "已封存" in words(page)


def test_a_course_is_listed_changed_and_retired_by_the_office(cast, signed_in):
    year, office = making.year(cast), signed_in(cast.office)
    data = {
        "year": year.pk, "title": "公务员诚信手册导读", "hours": "2", "levels": ["street", "community"], "about": "五章",
        "basis": "示组通〔2026〕3号",
    }  # fmt: skip
    assert "课程已保存" in words(office.post(reverse("education:course_new"), data, follow=True))
    course = Course.objects.get()
    assert "已有同名的课程" in words(office.post(reverse("education:course_new"), data))
    row = making.confirmed(cast, course=course)
    url = reverse("education:course_retire", args=[course.pk])
    assert "请填写理由" in words(office.post(url, {"reason": ""}))
    assert "课程已停开" in words(office.post(url, {"reason": "并入手册课"}, follow=True))
    assert course not in hours.courses_to_enter(cast.clerk)
    row.refresh_from_db()
    assert row.state == "confirmed"
    for name in ("course_edit", "course_retire"):
        assert office.get(reverse(f"education:{name}", args=[course.pk])).status_code == 404
    assert signed_in(cast.lead).get(reverse("education:course_new")).status_code == 404


def test_taking_the_hours_out_leaves_an_entry(cast, signed_in):
    making.confirmed(cast, making.official(cast, CANARY))
    page = signed_in(cast.lead).get(reverse("education:hours_export"), {"format": "csv"})
    text = b"".join(page.streaming_content).decode("utf-8-sig")
    assert f"{CANARY},8" in text and "内部资料，不得转发" in text
    assert Entry.objects.get(step="export").actor == cast.lead


def test_the_page_of_a_person_offers_what_the_flow_allows(cast, signed_in):
    who, it = making.official(cast), making.held(cast)
    waiting, done = making.entered(cast, who, activity=it), making.confirmed(cast, who)
    by_lead = making.entered(cast, who, by=cast.lead)
    for name in ("clerk", "lead"):
        user = getattr(cast, name)
        page = signed_in(user).get(reverse("education:person", args=[who.pk]))
        offered = {row["it"].pk: {o["step"].name for o in row["offers"]} for row in page.context["rows"]}
        for row in (waiting, done, by_lead):
            allowed = {offer.step.name for offer in HOURS.available(row, user) if offer.refusal is None}
            assert offered[row.pk] == allowed, (name, row)
    assert {"confirm", "send_back"} == offered[waiting.pk] and offered[by_lead.pk] == {"send_back"}


@pytest.mark.parametrize("name", ["hours", "person", "sources", "statistics", "courses", "mine"])
def test_a_longer_list_asks_no_more_questions(cast, signed_in, name):
    browser, who, course = signed_in(cast.lead), making.official(cast), making.course(cast)
    url = reverse(f"education:{name}", args=[who.pk] if name == "person" else None)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url).status_code == 200
        return len(queries)

    making.entered(cast, who, course=course)
    making.held(cast)
    asked()
    before = asked()
    for _ in range(3):
        making.entered(cast, making.official(cast), course=course)
        making.entered(cast, who)
        making.outside(cast, making.official(cast, unit=cast.community))
        making.held(cast)
    assert asked() == before


def test_opening_the_hours_of_one_person_is_an_entry_and_reading_the_own_is_none(cast, signed_in):
    person, own = making.official(cast, "沈一"), cast.official.official
    making.year(cast)
    signed_in(cast.lead).get(reverse("education:hours"))
    signed_in(cast.official).get(reverse("education:mine"))
    assert signed_in(cast.other_clerk).get(reverse("education:person", args=[person.pk])).status_code == 404
    assert not Entry.objects.filter(step="read_hours").exists()
    assert signed_in(cast.lead).get(reverse("education:person", args=[person.pk])).status_code == 200
    entry = Entry.objects.about(person).get(step="read_hours")
    assert (entry.actor, entry.acting_as, entry.organisation_path) == (
        cast.lead,
        "向阳街道 · 单位负责人",
        cast.street.path,
    )
    assert not Entry.objects.about(own).filter(step="read_hours").exists()
