"""Tokens of programs: shown once, never more than their owner may, dead with the account, the role or the day."""

import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from longsha_credit.audit.models import Entry
from longsha_credit.directory import services, tokens
from longsha_credit.directory.api_tokens import ByToken
from longsha_credit.directory.models import ApiToken, Membership
from tests.api.calling import PROMISES, bearer, key_of, post, promise

LIST = "/desk/tokens/"


def asked(**changes):
    day = timezone.localdate() + datetime.timedelta(days=90)
    return {"name": "街道办公系统", "scopes": ["file", "read"], "expires_on": day.isoformat()} | changes


def test_a_token_is_shown_once_and_kept_as_its_hash(cast, client, signed_in):
    desk = signed_in(cast.clerk)
    made = desk.post(LIST, asked())
    key = made.context["key"]
    assert key in made.content.decode() and key.startswith("longsha_")
    assert "no-store" in made["Cache-Control"]
    token = ApiToken.objects.get()
    assert key not in str(vars(token)) and token.hash == tokens.hash_of(key)
    page = desk.get(LIST).content.decode()
    assert "街道办公系统" in page and token.start in page and key not in page
    assert client.get(PROMISES, headers=bearer(key)).status_code == 200
    token.refresh_from_db()
    assert token.last_used_on == timezone.localdate()
    assert not Entry.objects.filter(reason__contains=key).exists()


@pytest.mark.parametrize("changes", [{"expires_on": "2030-01-01"}, {"expires_on": "2026-01-01"}, {"expires_on": ""},
                                     {"scopes": []}, {"name": ""}, {"name": "字" * 61}])  # fmt: skip
def test_what_makes_no_token_is_told_and_makes_none(cast, signed_in, changes):
    response = signed_in(cast.clerk).post(LIST, asked(**changes))
    assert response.status_code == 422
    assert not ApiToken.objects.exists()


def test_each_sees_the_own_and_the_office_all_of_its_district(cast, signed_in):
    key_of(cast.clerk, name="向阳的系统"), key_of(cast.other_clerk, name="临江的系统")
    own, office = (signed_in(user).get(LIST).content.decode() for user in (cast.clerk, cast.office))
    assert "向阳的系统" in own and "临江的系统" not in own
    assert "向阳的系统" in office and "临江的系统" in office
    other = ApiToken.objects.get(name="临江的系统")
    assert signed_in(cast.clerk).post(reverse("tokens:revoke", args=[other.pk])).status_code == 404
    signed_in(cast.office).post(reverse("tokens:revoke", args=[other.pk]))
    other.refresh_from_db()
    assert other.revoked_by == cast.office
    assert [e.step for e in Entry.objects.about(other)] == ["revoke", "make"]


def refused(client, key, code=401):
    response = client.get(PROMISES, headers=bearer(key))
    assert response.status_code == code, response.content.decode()
    assert (response.get("WWW-Authenticate") == 'Bearer realm="api"') == (code == 401)
    assert response["Cache-Control"] == "private, no-store" and "Access-Control-Allow-Origin" not in response
    return response.json()["detail"]


def test_a_token_dies_with_revoking_the_account_the_password_the_role_and_the_day(cast, client):
    keys = [key_of(cast.clerk) for _ in range(3)]
    tokens.revoke_token(ApiToken.objects.get(hash=tokens.hash_of(keys[0])), by=cast.clerk)
    assert "已停用" in refused(client, keys[0])
    with time_machine.travel(timezone.now() + datetime.timedelta(days=31)):
        refused(client, keys[1])
    services.reset_password(cast.clerk, by=cast.sysadmin)
    refused(client, keys[1])
    key = key_of(cast.clerk)
    assert client.get(PROMISES, headers=bearer(key)).status_code == 200
    Membership.objects.filter(user=cast.clerk).update(ended_on=timezone.localdate())
    assert "没有办理业务的任用资格" in refused(client, key, 403)
    Membership.objects.filter(user=cast.clerk).update(ended_on=None)
    services.set_active(cast.clerk, False, by=cast.sysadmin)
    refused(client, key)
    services.set_active(cast.clerk, True, by=cast.sysadmin)
    refused(client, key)  # switched on again, the account makes new ones


def test_without_its_scope_a_token_does_nothing_more(cast, client):
    reads, files = key_of(cast.clerk, may_file=False), key_of(cast.clerk, may_read=False)
    assert post(client, PROMISES, promise(cast), reads).status_code == 403
    assert client.get(PROMISES, headers=bearer(files)).status_code == 403
    assert post(client, PROMISES, promise(cast), files).status_code == 201


def test_neither_a_session_nor_an_address_is_a_token(cast, client, signed_in):
    key, desk = key_of(cast.clerk), signed_in(cast.clerk)
    assert desk.get(PROMISES).status_code == 401
    assert desk.post(PROMISES, promise(cast), content_type="application/json").status_code == 401
    assert client.get(f"{PROMISES}?token={key}").status_code == 401
    for header in (key, f"Token {key}", "Bearer", f"Bearer {key} x", f"Basic {key}", "Bearer ключ"):
        assert client.get(PROMISES, headers={"authorization": header}).status_code == 401, header


def test_wrong_tokens_and_too_many_calls_are_told_to_wait(cast, client, settings, monkeypatch):
    settings.RESIDENT_LIMITS = settings.RESIDENT_LIMITS | {"api_wrong": (2, 600)}
    cache.clear()
    answers = [client.get(PROMISES, headers=bearer("longsha_x")) for _ in range(3)]
    assert [it.status_code for it in answers] == [401, 401, 429]
    assert int(answers[2]["Retry-After"]) > 0 and "请求太多了" in answers[2].json()["detail"]
    monkeypatch.setattr(ByToken, "rate", "2/min", raising=False)
    key, other = key_of(cast.clerk), key_of(cast.other_clerk)
    answers = [client.get(PROMISES, headers=bearer(key)) for _ in range(3)]
    assert [it.status_code for it in answers] == [200, 200, 429]
    assert client.get(PROMISES, headers=bearer(other)).status_code == 200
    cache.clear()
