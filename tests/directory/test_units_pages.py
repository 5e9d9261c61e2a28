"""The desk's pages of units: each sees its own and below, contact data is kept by its lead, posts by the office."""

import pytest
from django.urls import reverse

from longsha_credit.audit.models import Entry
from longsha_credit.directory.models import Level, Official, Organisation, Posting
from tests import make

LIST = "/desk/organisations/"


def names(response):
    return [unit.name for unit in response.context["page"]]


def address(name, unit):
    return reverse(f"organisations:{name}", args=[unit.pk])


def test_each_sees_own_units_and_those_below_in_the_order_of_the_tree(cast, signed_in):
    everything = ["示例区", "向阳街道", "综合窗口", "新苑社区", "临江街道"]
    for person in ("reviewer", "office", "supervisor", "secrecy", "sysadmin"):
        assert names(signed_in(getattr(cast, person)).get(LIST)) == everything
    assert names(signed_in(cast.clerk).get(LIST)) == ["向阳街道", "综合窗口", "新苑社区"]
    assert names(signed_in(cast.community_clerk).get(LIST)) == ["新苑社区"]
    for person in ("panel", "auditor", "official", "outsider"):
        assert names(signed_in(getattr(cast, person)).get(LIST)) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "社区"}, ["新苑社区"]),
        ({"q": "990100001"}, ["向阳街道", "新苑社区"]),
        ({"level": "window"}, ["综合窗口"]),
        ({"q": "没有的"}, []),
        ({"q": "%"}, []),
        ({"q": "<b>😀=1+1"}, []),
        ({"page": "99999999999999999999"}, ["示例区", "向阳街道", "综合窗口", "新苑社区", "临江街道"]),
        ({"page": "-1"}, ["示例区", "向阳街道", "综合窗口", "新苑社区", "临江街道"]),
    ],
)
def test_units_are_found_by_name_code_and_level(cast, signed_in, asked, found):
    assert names(signed_in(cast.reviewer).get(LIST, asked)) == found


@pytest.mark.parametrize("asked", [{"q": "a\x00b"}, {"q": "长" * 61}, {"level": "kingdom"}])
def test_a_search_that_cannot_be_is_answered_in_words(cast, signed_in, asked):
    response = signed_in(cast.reviewer).get(LIST, asked)
    assert response.status_code == 200 and 'id="error-summary"' in response.content.decode()


def test_the_list_asks_the_database_equally_often_at_any_length(cast, signed_in, django_assert_num_queries):
    browser = signed_in(cast.reviewer)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser.get(LIST)
    with CaptureQueriesContext(connection) as few:
        browser.get(LIST)
    for n in range(20):
        street = make.organisation(
            Level.STREET, f"第{n}街道", cast.district, division_code=f"9901001{n:02}000"
        )
        make.organisation(Level.WINDOW, f"第{n}窗口", street)
    with django_assert_num_queries(len(few)):
        assert len(browser.get(LIST).context["page"]) == 45


def test_other_peoples_units_do_not_exist(cast, signed_in):
    for name in ("page", "edit", "add"):
        assert signed_in(cast.other_clerk).get(address(name, cast.street)).status_code == 404
        assert signed_in(cast.community_clerk).get(address(name, cast.street)).status_code == 404
        assert signed_in(cast.auditor).get(address(name, cast.street)).status_code == 404
    assert signed_in(cast.reviewer).get(f"{LIST}{10**25}/").status_code == 404


def test_people_are_named_only_to_those_whose_work_it_is(cast, signed_in):
    holder = Official.objects.create(name="金丝雀", staff_number="077", organisation=cast.street)
    Posting.objects.create(official=holder, post=cast.post, started_on=make.LONG_AGO)
    for person, sees in (("clerk", True), ("reviewer", True), ("sysadmin", False)):
        response = signed_in(getattr(cast, person)).get(address("page", cast.street))
        page = response.content.decode()
        assert ("金丝雀" in page) is sees and "公职人员2人" in page
    assert "clerk" in page and "单位经办" in page
    assert (
        'class="code">clerk<'
        not in signed_in(cast.reviewer).get(address("page", cast.street)).content.decode()
    )


def contact(**changes):
    return {
        "supervision_phone": "0452-2345678",
        "office_hours": "工作日 08:30—17:30",
        "address": "向阳路1号",
    } | changes


@pytest.mark.parametrize("person", ["lead", "sysadmin"])
def test_the_lead_and_the_administrator_keep_the_contact_data(cast, signed_in, person):
    response = signed_in(getattr(cast, person)).post(
        address("edit", cast.street), contact(supervision_phone="０４５２-2345678")
    )
    assert response["Location"] == address("page", cast.street)
    cast.street.refresh_from_db()
    assert (cast.street.supervision_phone, cast.street.address) == ("0452-2345678", "向阳路1号")
    entry = Entry.objects.get()
    assert (entry.step_label, entry.reason) == ("修改联系方式", "改了监督电话、地址、办公时间")
    assert entry.actor_id == getattr(cast, person).pk and entry.acting_as


def test_saving_the_same_again_writes_nothing(cast, signed_in):
    for _ in range(2):
        signed_in(cast.lead).post(address("edit", cast.street), contact())
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("person", ["clerk", "reviewer", "office", "supervisor"])
def test_who_does_not_keep_contact_data_is_told_who_does(cast, signed_in, person):
    response = signed_in(getattr(cast, person)).post(address("edit", cast.street), contact(), follow=True)
    assert "联系方式由本单位负责人或系统管理员修改" in response.content.decode()
    cast.street.refresh_from_db()
    assert cast.street.supervision_phone == "0000-2" and not Entry.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"supervision_phone": "没有"},
        {"supervision_phone": "1" * 31},
        {"supervision_phone": "<b>110</b>"},
        {"supervision_phone": "😀😀😀"},
        {"supervision_phone": "=1+1+1"},
        {"supervision_phone": "123\x00"},
        {"address": "长" * 201},
        {"address": "<script>alert(1)</script>"},
        {"address": "=HYPERLINK(1)"},
        {"address": "路\x00"},
        {"office_hours": "长" * 61},
        {"office_hours": "@SUM(1)"},
    ],
)
def test_contact_data_that_cannot_be_is_refused_in_words(cast, signed_in, wrong):
    response = signed_in(cast.lead).post(address("edit", cast.street), contact(**wrong))
    page = response.content.decode()
    assert response.status_code == 200 and 'id="error-summary"' in page and "<script>alert" not in page
    cast.street.refresh_from_db()
    assert (cast.street.supervision_phone, cast.street.address) == ("0000-2", "")


@pytest.mark.parametrize("person", ["office", "sysadmin"])
def test_the_office_adds_windows_with_a_lead_post_and_posts(cast, signed_in, person):
    browser = signed_in(getattr(cast, person))
    add = address("add", cast.community)
    assert (
        browser.post(add, {"level": "window", "name": "社保窗口", "supervision_phone": "0452-1"}).status_code
        == 302
    )
    assert browser.post(add, {"level": "post", "name": "网格岗"}).status_code == 302
    window = Organisation.objects.get(name="社保窗口")
    assert (window.parent, window.level, window.supervision_phone) == (cast.community, "window", "0452-1")
    assert [p.is_lead_post for p in Organisation.objects.posts_of(window)] == [True]
    assert Organisation.objects.get(name="网格岗").path.startswith(cast.community.path)
    assert list(Entry.objects.order_by("id").values_list("step_label", flat=True)) == [
        "增加单位",
        "设立岗位",
        "设立岗位",
    ]
    page = browser.get(address("page", cast.community)).content.decode()
    assert "社保窗口" in page and "网格岗" in page


@pytest.mark.parametrize("person", ["clerk", "lead", "reviewer"])
def test_who_may_not_add_is_told_so(cast, signed_in, person):
    before = Organisation.objects.count()
    response = signed_in(getattr(cast, person)).post(
        address("add", cast.street), {"level": "post", "name": "岗"}, follow=True
    )
    assert "这里不能由您增加" in response.content.decode() and Organisation.objects.count() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"level": "street", "name": "新街道"},
        {"level": "district", "name": "新区"},
        {"level": ["post", "x"], "name": ""},
        {"level": "post", "name": "   "},
        {"level": "post", "name": "<b>岗</b>"},
        {"level": "post", "name": "=1+1"},
        {"level": "post", "name": "😀岗"},
        {"level": "post", "name": "岗\x00"},
        {"level": "post", "name": "长" * 121},
        {"level": "post", "name": "主任岗"},
        {"level": "window", "name": "综合窗口"},
        {"level": "window", "name": "新窗口", "supervision_phone": "没有"},
    ],
)
def test_a_unit_that_cannot_be_is_refused_in_words(cast, signed_in, wrong):
    before = Organisation.objects.count(), Entry.objects.count()
    response = signed_in(cast.office).post(address("add", cast.street), wrong)
    assert response.status_code == 200 and 'id="error-summary"' in response.content.decode()
    assert (Organisation.objects.count(), Entry.objects.count()) == before


def test_nothing_is_added_under_a_post_or_a_closed_unit(cast, signed_in):
    Organisation.objects.filter(pk=cast.window.pk).update(valid_to="2026-11-01")
    for unit in (cast.post, cast.window):
        response = signed_in(cast.office).post(
            address("add", unit), {"level": "post", "name": "岗"}, follow=True
        )
        assert response.status_code == 200 and "这里不能由您增加" in response.content.decode()
    assert not Organisation.objects.filter(parent__in=[cast.post, cast.window]).exists()
