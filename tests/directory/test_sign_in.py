"""Signing in is plain, leaves an entry, stops guessing, and says what to do."""

import datetime

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from longsha_credit.audit.models import Entry
from tests.make import PASSWORD

LOGIN = "/login/"


def sign_in(browser, username="clerk", password=PASSWORD, **more):
    return browser.post(LOGIN, {"username": username, "password": password, **more})


def steps():
    return list(Entry.objects.order_by("id").values_list("step_label", "object_label", "actor_name"))


def test_a_clerk_signs_in_and_out_and_both_stand_in_the_record(cast, client):
    client.get(LOGIN)
    before = client.cookies.get("longsha_session")
    response = sign_in(client)
    assert response.status_code == 302 and response["Location"] == reverse("desk")
    assert client.session[SESSION_KEY] == str(cast.clerk.pk)
    assert before is None or before.value != client.cookies["longsha_session"].value
    response = client.post(reverse("logout"))
    assert response.status_code == 302 and response["Location"] == reverse("front")
    assert SESSION_KEY not in client.session
    assert steps() == [("登录", "周岚", "周岚"), ("退出", "周岚", "周岚")]
    assert set(Entry.objects.values_list("organisation_path", flat=True)) == {cast.street.path}


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("/desk/organisations/", "/desk/organisations/"),
        ("https://evil.example/", "/desk/"),
        ("//evil.example/", "/desk/"),
        ("javascript:alert(1)", "/desk/"),
        ("/login/", "/desk/"),
        ("/login/?next=/login/", "/desk/"),
        ("/logout/", "/desk/"),
        ("", "/desk/"),
    ],
)
def test_signing_in_leads_only_to_this_site_and_to_a_page(cast, client, wanted, got):
    assert sign_in(client, next=wanted)["Location"] == got


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"username": "", "password": ""},
        {"username": "clerk"},
        {"username": "clerk", "password": "wrong"},
        {"username": "nobody", "password": "wrong"},
        {"username": "clerk\x00", "password": PASSWORD},
        {"username": "<script>alert(1)</script>", "password": "x"},
        {"username": "=cmd|' /C calc'!A0", "password": "😀"},
        {"username": "x" * 5000, "password": "x" * 100_000},
        {"username": "clerk", "password": "\x00"},
        {"username": "' OR 1=1 --", "password": "' OR 1=1 --"},
    ],
)
def test_whatever_is_typed_gets_a_sentence(cast, client, typed):
    response = client.post(LOGIN, typed)
    assert response.status_code == 200 and SESSION_KEY not in client.session
    page = response.content.decode()
    assert 'id="error-summary"' in page and "<script>alert" not in page


def test_the_fifth_wrong_password_locks_the_account_and_is_recorded_once(cast, client):
    for _ in range(4):
        assert "账号或密码不正确" in sign_in(client, password="wrong").content.decode()
    fifth = sign_in(client, password="wrong")
    assert fifth.status_code == 429 and "30 分钟" in fifth.content.decode()
    for _ in range(3):
        assert sign_in(client).status_code == 429
    assert SESSION_KEY not in client.session
    assert [step for step, _, _ in steps()] == ["登录失败"] * 4 + ["账号锁定"]
    assert set(Entry.objects.values_list("actor_name", "organisation_name")) == {("系统", "向阳街道")}


def test_a_new_password_from_the_administrator_ends_the_lock(cast, client, signed_in):
    for _ in range(5):
        sign_in(client, password="wrong")
    page = signed_in(cast.sysadmin).post(reverse("accounts:password", args=[cast.clerk.pk]))
    assert sign_in(client, password=page.context["password"])["Location"] == "/desk/"


def test_wrong_names_leave_no_entry_and_tell_nothing(cast, client):
    known = sign_in(client, "clerk", "wrong").context["form"].errors
    unknown = sign_in(client, "nobody", "wrong").context["form"].errors
    assert known == unknown
    assert [label for _, label, _ in steps()] == ["周岚"]


def test_an_account_that_is_off_is_told_so_only_with_its_password(cast, client):
    type(cast.clerk).objects.filter(pk=cast.clerk.pk).update(is_active=False)
    assert "已停用" in sign_in(client).content.decode()
    page = sign_in(client, password="wrong").content.decode()
    assert "已停用" not in page and "账号或密码不正确" in page
    assert SESSION_KEY not in client.session


def test_who_has_no_membership_yet_is_told_whom_to_ask(cast, client):
    response = client.post(LOGIN, {"username": "outsider", "password": PASSWORD}, follow=True)
    assert response.status_code == 200
    assert "您的账号还没有任用资格" in response.content.decode()


def test_every_page_renews_the_half_hour_after_which_one_is_signed_out(cast, signed_in):
    browser = signed_in(cast.clerk)
    Session.objects.update(expire_date=timezone.now() + datetime.timedelta(minutes=1))
    answer = browser.get("/desk/")
    assert answer.cookies["longsha_session"]["max-age"] == 1800
    assert Session.objects.get().expire_date > timezone.now() + datetime.timedelta(minutes=29)


def test_leaving_by_address_or_after_the_session_ended_is_no_error(cast, client, signed_in):
    assert signed_in(cast.clerk).get("/logout/")["Location"] == "/desk/"
    assert client.get("/logout/")["Location"] == "/"
    assert client.post("/logout/")["Location"] == "/"
    assert not Entry.objects.exists()


def test_a_form_of_another_site_signs_nobody_in(cast):
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict).status_code == 403


def change(browser, old=PASSWORD, new="Xin-Mima-2027", again=None):
    return browser.post(
        "/password/", {"old_password": old, "new_password1": new, "new_password2": again or new}
    )


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(cast, signed_in, client):
    here, elsewhere = signed_in(cast.clerk), signed_in(cast.clerk)
    assert change(here)["Location"] == "/desk/"
    assert here.get("/desk/").status_code == 200
    assert elsewhere.get("/desk/").status_code == 302
    assert sign_in(client).status_code == 200 and sign_in(client, password="Xin-Mima-2027").status_code == 302
    assert steps()[0] == ("修改密码", "周岚", "周岚")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"old": "wrong"}, "原密码不正确"),
        ({"again": "Xin-Mima-2028"}, "两次填写的新密码不一样"),
        ({"new": "short"}, "密码至少要 10 个字符"),
        ({"new": "onlysmallletters"}, "三种"),
        ({"new": PASSWORD}, "新密码和原密码一样"),
        ({"new": "Abcdef\x001234"}, "看不见的控制字符"),
    ],
)
def test_a_password_that_will_not_do_is_refused_in_words(cast, signed_in, typed, said):
    response = change(signed_in(cast.clerk), **typed)
    assert response.status_code == 200 and said in response.content.decode()
    cast.clerk.refresh_from_db()
    assert cast.clerk.check_password(PASSWORD) and not Entry.objects.exists()


def test_the_sign_in_page_names_this_site_and_the_account_in_use(cast, client, signed_in, settings):
    page = client.get(LOGIN).content.decode()
    assert settings.SITE["name"] in page and 'autocomplete="current-password"' in page
    assert "您现在以“周岚”登录" in signed_in(cast.clerk).get(LOGIN).content.decode()
