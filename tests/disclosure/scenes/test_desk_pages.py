"""The desk's pages of scenes: a scene from the first line to its numbers, and what its forms never take."""

import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from disclosure.models import QUESTIONS, Scene, SceneMonth
from disclosure.scenes import lists, reading
from disclosure.scenes.flows import FLOW, MONTH, REVISION
from longsha_credit.audit.workflow import Refused
from tests import make
from tests.audit.rules import rows_of_everything
from tests.commitments.test_bad_input import (
    assert_harmless,
    assert_none_passes,
    assert_said,
    bound_form,
    hostile,
)
from tests.disclosure.scenes import making

ANSWERED = {question.column: "yes" if question.right else "no" for question in QUESTIONS}


def scene_data(c, **changes):
    """What a clerk's browser sends with the form of a scene."""
    sent = making.terms(c) | {
        "organisation": c.street.pk,
        "ends_on": "2030-12-31",
        "basis_document": "演示〔2026〕1号",
    }
    return sent | ANSWERED | changes


MONTH_DATA = {
    "month": making.LAST_MONTH.isoformat(),
    "participations": "26",
    "served": "21",
    "surveyed": "12",
    "satisfied": "11",
    "note": "月中停电两天。",
    "effect": "没有一次收过押金。",
}


def words(response):
    return response.content.decode()


def test_a_scene_goes_from_the_form_to_its_numbers(cast, signed_in):
    browser, lead = signed_in(cast.clerk), signed_in(cast.lead)
    page = browser.post(reverse("scenes:new"), scene_data(cast), follow=True)
    assert "草稿已保存" in words(page) and "七问都答对了。" in words(page)
    scene = Scene.objects.get()
    browser.post(reverse("scenes:step", args=[scene.pk, "submit"]))
    making.first_published(make.passed(cast, scene), making.LAST_MONTH - datetime.timedelta(days=40))
    scene.refresh_from_db()
    assert (scene.state, scene.code[:15]) == ("published", f"CJ-990100-{making.TODAY.year}-")

    assert "报月度数字" in words(browser.get(reverse("scenes:page", args=[scene.pk])))
    page = browser.post(reverse("scenes:month", args=[scene.pk]), MONTH_DATA, follow=True)
    assert "参加26人次" in words(page) and "回访12人，满意11人" in words(page)
    month = SceneMonth.objects.get()
    page = lead.post(reverse("scenes:month_step", args=[month.pk, "submit"]), follow=True)
    assert "接下来由负责人复核" in words(page), [str(m) for m in page.context["messages"]]

    data = {"halt_why": "venue", "reason": "轮椅送修"}
    assert lead.get(reverse("scenes:step", args=[scene.pk, "suspend"])).status_code == 200
    assert_said(
        lead.post(reverse("scenes:step", args=[scene.pk, "suspend"]), data | {"halt_why": "x"}), "halt"
    )
    page = lead.post(reverse("scenes:step", args=[scene.pk, "suspend"]), data, follow=True)
    assert "场地或者设备维修" in words(page)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"incentive": "按时归还的免押金，违约的扣5分。"}, "扣分、减分"),
        ({"eligibility": "不参加的居民不予办理。"}, "办不成"),
        ({"ranks_people": True}, "守则第2问还没有答对"),
        ({"is_voluntary": None}, "守则第7问还没有答对"),
        ({"legal_review_number": ""}, "还没有法制审核"),
        ({"legal_review_on": making.TODAY + datetime.timedelta(days=1)}, "法制审核日期不能晚于今天"),
        ({"consent": "不参加不影响办理。"}, "自愿参加"),
        ({"leaving": "不影响办理。"}, "怎样退出"),
        ({"consent": "自愿参加。", "leaving": "随时可以退出。"}, "不影响办理任何服务"),
        ({"kind": "community"}, "请改场景类别"),
        ({"ends_on": making.TODAY - datetime.timedelta(days=1)}, "结束日期已经过了"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_stands_against_submission_is_said_where_the_button_would_be(cast, signed_in, change, sentence):
    it = making.draft(cast, **change)
    page = words(signed_in(cast.clerk).get(reverse("scenes:page", args=[it.pk])))
    assert sentence in page and "暂不能办" in page
    response = signed_in(cast.clerk).post(reverse("scenes:step", args=[it.pk, "submit"]), follow=True)
    assert sentence in words(response)
    it.refresh_from_db()
    assert it.state == "draft"


def test_a_month_says_no_names_and_is_stopped_by_the_guard_too(cast, signed_in):
    it = making.month(cast, note="名单在公告栏公布。")
    response = signed_in(cast.clerk).post(reverse("scenes:month_step", args=[it.pk, "submit"]), follow=True)
    assert "公布居民的名单" in words(response)
    it.refresh_from_db()
    assert it.state == "draft"


def test_the_reviewer_sees_what_the_guard_let_through(cast, signed_in):
    it = making.submitted(cast, service="借用轮椅。不扣分，不公布名单。")
    page = words(signed_in(cast.reviewer).get(reverse("scenes:page", args=[it.pk])))
    # the consent wording has a denied hit of its own
    assert "写法检查放行了" in page and "“不扣分”" in page and "“不公布名单”" in page


def test_only_months_that_are_over_and_not_yet_told_are_offered(cast, signed_in):
    it = making.public(cast, since=making.BEFORE)
    browser = signed_in(cast.clerk)
    form = browser.get(reverse("scenes:month", args=[it.pk])).context["form"]
    assert [value for value, _ in form.fields["month"].choices] == [
        making.LAST_MONTH.isoformat(),
        making.BEFORE.isoformat(),
    ]
    making.published_month(cast, it)
    making.month(cast, it, month=making.BEFORE)
    response = browser.get(reverse("scenes:month", args=[it.pk]), follow=True)
    assert "现在没有要填的月份" in words(response)
    assert_said(browser.post(reverse("scenes:month", args=[it.pk]), MONTH_DATA), "month")


def test_a_correction_takes_the_numbers_place_and_says_why(cast, signed_in):
    first = making.published_month(cast)
    browser, url = signed_in(cast.clerk), reverse("scenes:month_correct", args=[first.pk])
    data = {name: value for name, value in MONTH_DATA.items() if name != "month"}
    assert_said(browser.post(url, data | {"reason": ""}), "no reason")
    assert browser.post(url, data | {"participations": "31", "reason": "漏计一天"}).status_code == 302
    correction = first.corrections.get()
    MONTH.take(correction, "submit", by=cast.clerk)
    make.passed(cast, correction)
    first.refresh_from_db()
    assert (first.participations, first.version, first.publication.version) == (31, 2, 2)
    logged = first.publication.corrections.get()
    assert (logged.reason, logged.asked_by, logged.approved_by) == ("漏计一天", cast.clerk, cast.lead)


# --- what waits for whom ---------------------------------------------------------------------------------------------


def test_each_desk_lists_what_waits_for_it(cast, signed_in):
    making.draft(cast)
    silent = making.public(cast, since=making.BEFORE)
    asked = making.withdrawing(cast)
    drafts, _, _ = lists.asked(cast.clerk)
    assert [it.state for it in drafts] == ["draft"]
    assert [it.pk for it in lists.to_report(cast.clerk)] == [silent.pk]
    assert [it.pk for it in lists.asked(cast.reviewer)[0]] == [asked.pk]
    assert not any(
        rows.exists() for rows in [*lists.asked(cast.other_clerk), lists.to_report(cast.other_clerk)]
    )
    assert "报数字" in words(signed_in(cast.clerk).get("/desk/"))
    assert "批准撤下" in words(signed_in(cast.reviewer).get("/desk/"))
    making.month(cast, silent)
    assert not lists.to_report(cast.clerk).exists()


def test_the_list_finds_and_narrows(cast, signed_in):
    making.draft(cast, title="借书不用押金")
    making.public(cast)
    browser = signed_in(cast.clerk)
    assert "借书不用押金" in words(browser.get(reverse("scenes:list"), {"q": "借书"}))
    assert "免押金借轮椅" not in words(browser.get(reverse("scenes:list"), {"view": "draft"}))
    assert "借书不用押金" not in words(signed_in(cast.other_clerk).get(reverse("scenes:list")))
    for parameter in ("q", "view", "page"):
        for value in ("'; DROP", "甲\x00乙", "-1", "9" * 40, "<script>alert(1)</script>"):
            response = browser.get(reverse("scenes:list"), {parameter: value})
            assert response.status_code == 200
            assert_harmless(words(response), parameter)


def test_the_desk_takes_as_many_queries_for_few_as_for_many(cast):
    it = making.long_public(cast)
    making.published_month(cast, it)
    making.revision(cast, it)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            reading.page_context(it, cast.supervisor, making.TODAY)
        return len(caught)

    few = queries()
    for back in (40, 75, 110):
        month = (making.LAST_MONTH - datetime.timedelta(days=back)).replace(day=1)
        making.published_month(cast, it, month=month)
    assert queries() == few


# --- bad input --------------------------------------------------------------------------------------------------------


def revise(c):
    no_unit = {name: it for name, it in scene_data(c, title="换个名称").items() if name != "organisation"}
    return reverse("scenes:revise", args=[making.long_public(c).pk]), no_unit | {"reason": "增加窗口"}


def correct(c):
    told = making.published_month(c, making.long_public(c))
    numbers = {name: it for name, it in MONTH_DATA.items() if name != "month"}
    return reverse("scenes:month_correct", args=[told.pk]), numbers | {"reason": "漏计"}


def suspend(c):
    url = reverse("scenes:step", args=[making.long_public(c).pk, "suspend"])
    return url, {"halt_why": "venue", "reason": "维修"}


# Each form: its address and a sending that passes; what it is about is made when it is asked for.
FORMS = {
    "new": lambda c: (reverse("scenes:new"), scene_data(c)),
    "revise": revise,
    "month": lambda c: (reverse("scenes:month", args=[making.long_public(c).pk]), MONTH_DATA),
    "correct": correct,
    "suspend": suspend,
}


# Fields of one kind are checked by the same code: one of each kind stands for them all.
ONE_OF_EACH = {
    "new": ("organisation", "kind", "title", "needs", "monthly_target", "ends_on", "ranks_people"),
    "revise": ("reason",),
    "correct": ("reason",),
}


@pytest.mark.usefixtures("menu_counted_once")  # from here to the end
@pytest.mark.parametrize("name", FORMS)
def test_no_field_takes_what_nobody_should_type(cast, signed_in, name):
    browser, (url, right) = signed_in(cast.clerk), FORMS[name](cast)
    with transaction.atomic():
        accepted = browser.post(url, right)
        assert accepted.status_code == 302, "the right form itself must pass"
        transaction.set_rollback(True)
    long = next(field for field in ("reason", "title", "note") if field in right)
    with transaction.atomic():
        kinds = bound_form(browser.post(url, right | {long: "长" * 5000})).fields
    hidden = {"seen", "uploads", "removed"} | ({"month"} if name == "correct" else set())
    assert set(kinds) - hidden == set(right)  # a field new in the form is new here
    before = rows_of_everything()
    tried = {field: hostile(kinds[field]) for field in right if field in ONE_OF_EACH.get(name, right)}
    assert_none_passes(browser, url, right, tried, name)
    assert rows_of_everything() == before


MUST_NOT_PASS = {
    "needs": (["money"], [], ["elderly-care", "x"]),
    "kind": ("king", ""),
    "incentive_kind": ("money", ""),
    "monthly_target": ("0", "-1", "1.5", "9" * 40, "二十"),
    "ends_on": ("2020-01-01", "明天"),
    "ranks_people": ("maybe", "TRUE"),
    "title": ("", "长" * 61),
    "organisation": ("0", "x", ""),
}


@pytest.mark.parametrize("field", MUST_NOT_PASS)
def test_these_never_become_a_draft(cast, signed_in, field):
    browser = signed_in(cast.clerk)
    for value in (*MUST_NOT_PASS[field], *([cast.other_street.pk] if field == "organisation" else [])):
        response = browser.post(reverse("scenes:new"), scene_data(cast) | {field: value})
        assert_said(response, f"{field} {value!r}")
        assert field in bound_form(response).errors
    assert not Scene.objects.exists()


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("served", {"served": "27"}),
        ("satisfied", {"satisfied": "13"}),
        ("satisfied", {"satisfied": ""}),
        ("surveyed", {"surveyed": ""}),
        ("participations", {"participations": "-1"}),
        ("month", {"month": "2020-01-01"}),
    ],
)
def test_numbers_that_cannot_be_are_not_kept(cast, signed_in, field, change):
    it = making.long_public(cast)
    response = signed_in(cast.clerk).post(reverse("scenes:month", args=[it.pk]), MONTH_DATA | change)
    assert_said(response, field)
    assert field in bound_form(response).errors
    assert not SceneMonth.objects.exists()


def test_a_colleague_who_saved_first_is_not_overwritten(cast, signed_in):
    it = making.draft(cast)
    stale = it.saved_at.isoformat()
    browser = signed_in(cast.clerk)
    url = reverse("scenes:edit", args=[it.pk])
    assert browser.post(url, scene_data(cast, service="别人先存的。") | {"seen": stale}).status_code == 302
    response = browser.post(url, scene_data(cast, service="后来的。") | {"seen": stale})
    assert_said(response, "seen")
    it.refresh_from_db()
    assert it.service == "别人先存的。"


def test_a_revision_passes_only_while_the_scene_goes_on(cast):
    it = making.public(cast)
    revision = making.revision(cast, it)
    REVISION.take(revision, "submit", by=cast.clerk)
    making.suspended(cast, it)
    with pytest.raises(Refused, match="暂停"):
        make.passed(cast, revision)
    FLOW.take(it, "resume", by=cast.clerk)
    assert it.version == 1
