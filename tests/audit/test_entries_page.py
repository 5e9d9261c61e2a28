"""The auditor reads every entry of the district and below; nobody else reads the list at all."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import record
from longsha_credit.directory.models import Level
from longsha_credit.directory.roles import Role
from tests import make

LIST = reverse("audit:list")


@pytest.fixture
def entries(cast):
    far = make.organisation(Level.DISTRICT, "别的区", division_code="990200000000")
    record(
        cast.street, step="edit", label="修改联系方式", by=cast.lead, roles={Role.LEAD}, reason="改了监督电话"
    )
    record(cast.community, step="add", label="增加单位", by=cast.sysadmin)
    record(cast.clerk, step="sign_in", label="登录", by=cast.clerk, organisation=cast.street)
    record(far, step="edit", label="外区金丝雀", by=None)
    return far


def labels(response):
    return [entry.step_label for entry in response.context["page"]]


def test_the_auditor_sees_the_own_district_and_all_below_newest_first(cast, entries, signed_in):
    response = signed_in(cast.auditor).get(LIST)
    assert labels(response) == ["登录", "增加单位", "修改联系方式"]
    page = response.content.decode()
    assert (
        "金丝雀" not in page
        and "向阳街道 · 单位负责人" in page
        and "“改了监督电话”" in page
        and "账号" in page
    )


@pytest.mark.parametrize(
    "person",
    ["clerk", "lead", "reviewer", "office", "secrecy", "supervisor", "sysadmin", "panel", "outsider"],
)
def test_for_everybody_else_the_list_does_not_exist(cast, entries, signed_in, person):
    user = getattr(cast, person)
    assert signed_in(user).get(LIST).status_code == 404
    assert not Entry.objects.visible_to(user).exists()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"who": "李主任"}, ["修改联系方式"]),
        ({"step": "单位"}, ["增加单位"]),
        ({"what": "新苑"}, ["增加单位"]),
        ({"what": "向阳街道"}, ["登录", "修改联系方式"]),
        ({"what": "金丝雀"}, []),
        ({"who": "%"}, []),
        ({"since": "2099-01-01"}, []),
        ({"until": "2020-01-01"}, []),
        ({"since": "2020年1月1日", "until": "２０９９-01-01"}, ["登录", "增加单位", "修改联系方式"]),
    ],
)
def test_entries_are_found_by_person_step_matter_and_date(cast, entries, signed_in, asked, found):
    assert labels(signed_in(cast.auditor).get(LIST, asked)) == found


def test_a_day_counts_in_the_time_of_china(cast, entries, signed_in):
    today = timezone.localdate()
    tomorrow, browser = today + datetime.timedelta(days=1), signed_in(cast.auditor)
    assert len(labels(browser.get(LIST, {"since": today, "until": today}))) == 3
    assert labels(browser.get(LIST, {"since": tomorrow})) == []


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "昨天"},
        {"since": "2026-02-30"},
        {"until": "99999-01-01"},
        {"since": "2026-02-01", "until": "2026-01-01"},
        {"who": "a\x00"},
        {"what": "长" * 101},
    ],
)
def test_a_search_that_cannot_be_is_answered_in_words(cast, entries, signed_in, asked):
    response = signed_in(cast.auditor).get(LIST, asked)
    assert response.status_code == 200 and 'id="error-summary"' in response.content.decode()


def test_what_was_written_is_shown_and_never_run(cast, signed_in):
    record(cast.street, step="x", label="<b>步骤</b>", by=cast.clerk, reason="<script>alert(1)</script>")
    page = signed_in(cast.auditor).get(LIST).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_the_list_asks_the_database_equally_often_at_any_length(
    cast, entries, signed_in, django_assert_num_queries
):
    browser = signed_in(cast.auditor)
    browser.get(LIST)
    with CaptureQueriesContext(connection) as few:
        browser.get(LIST)
    for n in range(60):
        record(cast.street, step="x", label=f"第{n}步", by=cast.clerk)
    with django_assert_num_queries(len(few)):
        assert len(labels(browser.get(LIST))) == 50
    assert len(labels(browser.get(LIST, {"page": 2}))) == 13
