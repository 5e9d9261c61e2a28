"""Accounts are kept by administrators alone, never by oneself, and every grant stands in the record."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory import services
from longsha_credit.directory.models import Level, Membership, Organisation, User
from longsha_credit.directory.roles import DISTRICT_ONLY, Role
from tests import make

NOT_ADMINISTRATORS = [
    "clerk",
    "lead",
    "reviewer",
    "office",
    "supervisor",
    "auditor",
    "panel",
    "official",
    "outsider",
]


def address(name, *args):
    return reverse(f"accounts:{name}", args=[a.pk for a in args])


def steps():
    return list(Entry.objects.order_by("id").values_list("step_label", flat=True))


@pytest.mark.parametrize("person", NOT_ADMINISTRATORS)
def test_for_everybody_else_the_account_pages_do_not_exist(cast, signed_in, person):
    browser, held = signed_in(getattr(cast, person)), cast.other_clerk.memberships.get()
    asked = [
        browser.get(address("list")), browser.get(address("new")), browser.get(address("page", cast.other_clerk)),
        browser.get(address("grant", cast.other_clerk)), browser.post(address("end", cast.other_clerk, held)),
        browser.post(address("password", cast.other_clerk)), browser.post(address("active", cast.other_clerk)),
    ]  # fmt: skip
    assert [response.status_code for response in asked] == [404] * 7
    held.refresh_from_db()
    assert held.ended_on is None


def test_an_administrator_keeps_only_the_accounts_of_the_own_district(cast, signed_in):
    far = make.organisation(Level.DISTRICT, "别的区", division_code="990200000000")
    stranger = make.user("stranger", Role.CLERK, far, name="外区人")
    admin = signed_in(cast.sysadmin)
    assert "外区人" not in admin.get(address("list")).content.decode()
    assert admin.get(address("page", stranger)).status_code == 404
    assert admin.post(address("password", stranger)).status_code == 404
    assert "别的区" not in admin.get(address("new")).content.decode()
    response = admin.post(address("grant", cast.clerk), {"organisation": far.pk, "role": "clerk"})
    assert "请从列出的选项里选择单位" in response.content.decode()


def account(cast, **changes):
    return {
        "name": "新来的",
        "username": "xin.lai",
        "email": "",
        "organisation": cast.community.pk,
        "role": "clerk",
    } | changes


def test_a_new_account_can_sign_in_with_the_password_shown_once(cast, signed_in, client):
    admin = signed_in(cast.sysadmin)
    response = admin.post(address("new"), account(cast, username="Xin.Lai"))
    password = response.context["password"]
    assert password in response.content.decode() and "no-store" in response["Cache-Control"]
    user = User.objects.get(username="xin.lai")
    assert client.post("/login/", {"username": "xin.lai", "password": password}).status_code == 302
    assert [str(m) for m in user.current_memberships] == ["新苑社区 · 单位经办"]
    assert steps()[:2] == ["建立账号", "增加任用资格"]
    assert {e.organisation_path for e in Entry.objects.all()[:2]} <= {cast.community.path, cast.district.path}
    assert password not in admin.get(address("page", user)).content.decode()
    assert not Entry.objects.filter(reason__contains=password).exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"username": "clerk"}, "已有人使用"),
        ({"username": "CLERK"}, "已有人使用"),
        ({"username": "张三"}, "账号要以小写字母开头"),
        ({"username": "1abc"}, "账号要以小写字母开头"),
        ({"username": "a\x00b"}, "控制字符"),
        ({"username": "a" * 41}, "最多 40 个字"),
        ({"username": ""}, "请填写账号"),
        ({"name": "<b>张三</b>"}, "姓名只能用"),
        ({"name": "=1+1"}, "姓名只能用"),
        ({"name": "😀"}, "姓名只能用"),
        ({"name": "长" * 61}, "最多 60 个字"),
        ({"name": " "}, "请填写姓名"),
        ({"email": "没有"}, "邮箱"),
        ({"email": "a@b.cn" * 60}, "邮箱"),
        ({"organisation": "x"}, "请从列出的选项里选择单位"),
        ({"organisation": 10**25}, "请从列出的选项里选择单位"),
        ({"organisation": ""}, "请选择单位"),
        ({"role": "king"}, "请从列出的选项里选择角色"),
        ({"role": "reviewer"}, "是区一级的角色"),
        ({"role": "secrecy"}, "只设在区和街道"),
    ],
)
def test_an_account_that_cannot_be_is_refused_whole(cast, signed_in, wrong, said):
    before = User.objects.count()
    response = signed_in(cast.sysadmin).post(address("new"), account(cast, **wrong))
    page = response.content.decode()
    assert response.status_code == 200 and 'id="error-summary"' in page and said in page
    assert "<b>张三" not in page
    assert User.objects.count() == before and steps() == []


def test_a_role_is_granted_and_ended_and_counts_at_once(cast, signed_in):
    admin = signed_in(cast.sysadmin)
    response = admin.post(address("grant", cast.clerk), {"organisation": cast.community.pk, "role": "lead"})
    assert response["Location"] == address("page", cast.clerk)
    held = Membership.objects.get(user=cast.clerk, role="lead")
    assert User.objects.get(pk=cast.clerk.pk).role_at(frozenset({"lead"}), cast.community.path)
    assert admin.post(address("end", cast.clerk, held)).status_code == 302
    assert User.objects.get(pk=cast.clerk.pk).role_at(frozenset({"lead"}), cast.community.path) is None
    again = admin.post(address("end", cast.clerk, held), follow=True)
    assert "已经结束" in again.content.decode()
    assert steps() == ["增加任用资格", "结束任用资格"]
    assert set(Entry.objects.values_list("reason", "organisation_name")) == {("周岚（clerk）", "新苑社区")}


def test_every_role_stands_only_where_it_fits(cast):
    places = {
        "district": cast.district,
        "street": cast.street,
        "community": cast.community,
        "window": cast.window,
        "post": cast.post,
    }
    taken = set()
    for role in Role:
        for level, place in places.items():
            person = make.user(f"{role}.{level}")
            try:
                services.grant_membership(user=person, organisation=place, role=role, by=None)
                taken.add((role, level))
            except Refused:
                assert not person.memberships.exists()
    anywhere = {
        (r, p) for r in (Role.CLERK, Role.LEAD) for p in ("district", "street", "community", "window")
    }
    official = {(Role.OFFICIAL, p) for p in places}
    secrecy = {(Role.SECRECY, "district"), (Role.SECRECY, "street")}
    assert taken == anywhere | official | secrecy | {(r, "district") for r in DISTRICT_ONLY}


def test_administrators_and_auditors_do_nothing_else(cast):
    for person, role in (
        (cast.sysadmin, "clerk"),
        (cast.auditor, "office"),
        (cast.reviewer, "auditor"),
        (cast.reviewer, "sysadmin"),
    ):
        with pytest.raises(Refused, match="不能兼任"):
            services.grant_membership(user=person, organisation=cast.district, role=role, by=None)
    services.grant_membership(user=cast.reviewer, organisation=cast.district, role="office", by=None)


def test_nobody_keeps_their_own_account(cast, signed_in):
    admin, held = signed_in(cast.sysadmin), cast.sysadmin.memberships.get()
    asked = [
        admin.post(address("grant", cast.sysadmin), {"organisation": cast.district.pk, "role": "office"}),
        admin.post(address("end", cast.sysadmin, held), follow=True),
        admin.post(address("password", cast.sysadmin), follow=True),
        admin.post(address("active", cast.sysadmin), {"active": "off"}, follow=True),
    ]
    assert [("不能" in r.content.decode(), r.status_code) for r in asked] == [(True, 200)] * 4
    cast.sysadmin.refresh_from_db()
    held.refresh_from_db()
    assert cast.sysadmin.is_active and cast.sysadmin.check_password(make.PASSWORD) and held.ended_on is None
    assert steps() == []


def test_an_account_switched_off_is_out_at_once_and_back_again(cast, signed_in):
    clerk, admin = signed_in(cast.clerk), signed_in(cast.sysadmin)
    admin.post(address("active", cast.clerk), {"active": "off"})
    assert clerk.get("/desk/").status_code == 302
    assert (
        "已经停用"
        in admin.post(address("active", cast.clerk), {"active": "off"}, follow=True).content.decode()
    )
    refused = admin.post(address("grant", cast.clerk), {"organisation": cast.community.pk, "role": "lead"})
    assert "账号已停用" in refused.content.decode()
    admin.post(address("active", cast.clerk), {"active": "on"})
    assert clerk.get("/desk/").status_code == 200
    assert steps() == ["停用账号", "启用账号"]


def test_a_reset_password_ends_the_sessions(cast, signed_in):
    clerk = signed_in(cast.clerk)
    response = signed_in(cast.sysadmin).post(address("password", cast.clerk))
    cast.clerk.refresh_from_db()
    assert cast.clerk.check_password(response.context["password"])
    assert clerk.get("/desk/").status_code == 302 and steps() == ["重置密码"]


def test_drawn_passwords_meet_the_rules_and_differ():
    from django.contrib.auth.password_validation import validate_password

    drawn = {services.new_password() for _ in range(200)}
    assert len(drawn) == 200
    for password in drawn:
        validate_password(password)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "周岚"}, ["clerk"]),
        ({"q": "临江"}, ["other_clerk", "other_lead"]),
        ({"state": "none"}, ["outsider"]),
        ({"state": "off"}, []),
        ({"q": "%"}, []),
    ],
)
def test_accounts_are_found_by_name_unit_and_state(cast, signed_in, asked, found):
    response = signed_in(cast.sysadmin).get(address("list"), asked)
    assert [user.username for user in response.context["page"]] == found


def test_the_list_of_accounts_asks_the_database_equally_often_at_any_length(
    cast, signed_in, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    admin = signed_in(cast.sysadmin)
    admin.get(address("list"))
    with CaptureQueriesContext(connection) as few:
        assert len(admin.get(address("list"), {"q": "clerk"}).context["page"]) == 3
    for n in range(20):
        make.user(f"clerk{n}", Role.CLERK, cast.community)
    with django_assert_num_queries(len(few)):
        assert len(admin.get(address("list"), {"q": "clerk"}).context["page"]) == 23


# --- add_user --------------------------------------------------------------------------------------------------------


def add_user(username="first.admin", name="首位管理员", role="sysadmin", organisation="990100", **options):
    out = io.StringIO()
    call_command(
        "add_user", username, name=name, role=role, organisation=str(organisation), stdout=out, **options
    )
    return out.getvalue()


def test_the_first_administrator_comes_by_command_and_can_sign_in(cast, client):
    printed = add_user()
    password = printed.split("初始密码：")[1].splitlines()[0]
    assert "示例区 · 系统管理员" in printed
    assert client.post("/login/", {"username": "first.admin", "password": password}).status_code == 302
    assert steps()[:2] == ["建立账号", "增加任用资格"]


def test_a_second_run_extends_the_account_and_shows_no_password(cast):
    add_user("wang", "王五", "clerk", "990100001")
    assert "初始密码" not in add_user("wang", "王五", "clerk", cast.street.pk)
    assert "新苑社区 · 单位负责人" in add_user("wang", "王五", "lead", "990100001001")
    assert sorted(User.objects.get(username="wang").memberships.values_list("role", flat=True)) == [
        "clerk",
        "lead",
    ]


def test_a_password_file_is_used_and_not_printed(cast, tmp_path):
    path = tmp_path / "password"
    path.write_text("Wenjian-Mima-2026\n", encoding="utf-8")
    assert "Wenjian" not in add_user(password_file=str(path))
    assert User.objects.get(username="first.admin").check_password("Wenjian-Mima-2026")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"username": "张三"}, "账号要以小写字母开头"),
        ({"username": "clerk", "name": "别人"}, "已是“周岚”的"),
        ({"name": "<b>"}, "姓名只能用"),
        ({"role": "king"}, "请从列出的角色里选择"),
        ({"organisation": "990199"}, "没有区划代码或编号"),
        ({"organisation": "不是号码"}, "没有区划代码或编号"),
        ({"organisation": "990100001"}, "是区一级的角色"),
        ({"password_file": "/不在"}, "读不到密码文件"),
    ],
)
def test_the_command_says_what_is_wrong_and_adds_nothing(cast, wrong, said):
    before = User.objects.count(), Membership.objects.count()
    with pytest.raises(CommandError, match=said):
        add_user(**wrong)
    assert (User.objects.count(), Membership.objects.count()) == before


def test_a_weak_password_file_is_refused(cast, tmp_path):
    path = tmp_path / "password"
    path.write_text("123456", encoding="utf-8")
    with pytest.raises(CommandError, match="密码至少要 10 个字符"):
        add_user(password_file=str(path))
    assert not User.objects.filter(username="first.admin").exists()


def test_units_have_valid_codes_and_numbers(cast):
    from django.core.exceptions import ValidationError

    unit = services.add_organisation(
        level=Level.WINDOW, name="甲窗口", parent=cast.street, by=cast.sysadmin, uscc="91110000802100433b"
    )
    assert Organisation.objects.get(pk=unit.pk).uscc == "91110000802100433B"
    with pytest.raises(ValidationError, match="统一社会信用代码不正确"):
        services.add_organisation(
            level=Level.WINDOW, name="乙窗口", parent=cast.street, by=None, uscc="91110000802100433A"
        )
    with pytest.raises(Refused, match="下面不能设"):
        services.add_organisation(level=Level.COMMUNITY, name="丙社区", parent=cast.district, by=None)
    with pytest.raises(Refused, match="已由“向阳街道”使用"):
        services.add_organisation(
            level=Level.STREET, name="丁街道", parent=cast.district, by=None, division_code="990100001000"
        )
