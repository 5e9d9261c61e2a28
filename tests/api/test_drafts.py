"""Drafts filed by programs go through the desk's own form and service, become nothing more, and are filed once."""

import json

import pytest
from django.utils import timezone

from commitments.models import Obligation
from disclosure.models import Notice
from longsha_credit.audit.models import Entry
from longsha_credit.publication.models import Review
from records.models import CatalogueItem, Record
from tests import make
from tests.api.calling import NOTICES, PROMISES, RECORDS, bearer, key_of, post, promise


def notice(c, **changes):
    return {
        "organisation": c.street.pk,
        "topic": "elderly-care",
        "title": "高龄津贴发放办法",
        "formed_on": timezone.localdate().isoformat(),
        "body": "<h2>一、对象</h2><p>年满八十周岁的老年人。</p><script>alert(1)</script>",
    } | changes


def record_of(c, **changes):
    item = CatalogueItem.objects.in_use().filter(subjects__contains=["street"], kind="trust").first()
    return {
        "item": item.code,
        "organisation": c.street.pk,
        "part": "party",
        "title": "按期供餐",
        "facts": "每日供餐。",
    } | changes


def test_a_promise_is_filed_as_on_the_desk_and_read_back(cast, client):
    key = key_of(cast.clerk)
    body = promise(
        cast, parts=[{"title": "一半", "due_on": make.soon(20).isoformat(), "target": "6", "unit": "个单元"}]
    )
    response = post(client, PROMISES, body, key)
    assert response.status_code == 201, response.content.decode()
    filed = response.json()
    assert {name: filed[name] for name in body if name not in ("parts", "target")} == {
        name: value for name, value in body.items() if name not in ("parts", "target")
    }
    assert (float(filed["target"]), filed["parts"][0]["title"], filed["state"]) == (12, "一半", "draft")
    assert client.get(response["Location"], headers=bearer(key)).json() == filed
    assert client.get(PROMISES, headers=bearer(key)).json()["results"] == [filed]
    it = Obligation.objects.get()
    assert (it.created_by, it.part_count, it.publication, Review.objects.count()) == (cast.clerk, 1, None, 0)
    assert [entry.step for entry in Entry.objects.about(it)] == ["api", "draft"]
    assert "办公系统" in Entry.objects.about(it)[0].reason


def test_a_notice_and_a_record_are_filed_too(cast, client):
    key = key_of(cast.clerk)
    filed = post(client, NOTICES, notice(cast), key)
    assert filed.status_code == 201, filed.content.decode()
    assert "script" not in Notice.objects.get().body and filed.json()["topic"] == "elderly-care"
    filed = post(client, RECORDS, record_of(cast), key)
    assert filed.status_code == 201, filed.content.decode()
    assert Record.objects.get().state == "draft"
    for address in (NOTICES, RECORDS):
        assert len(client.get(address, headers=bearer(key)).json()["results"]) == 1


def test_each_faulty_field_has_its_sentence_and_nothing_is_saved(cast, client):
    key = key_of(cast.clerk)
    body = promise(cast, title="", due_on="30.11.", target="0", service_field="x", surprise=1, area=[{}])
    response = post(client, PROMISES, body, key)
    assert response.status_code == 400
    fields = response.json()["fields"]
    assert fields.keys() == {"service_field", "surprise", "area"}
    del body["surprise"], body["area"]
    fields = post(client, PROMISES, body | {"service_field": "parking"}, key).json()["fields"]
    assert fields.keys() == {"title", "due_on", "target", "area"}
    assert fields["due_on"] == "完成期限要写成 2026-11-30 这样的日期。"
    parts = [{"title": "一半", "due_on": make.soon(400).isoformat()}, {"title": "没有日期"}]
    fields = post(client, PROMISES, promise(cast, parts=parts), key).json()["fields"]
    assert fields.keys() == {"parts[0].due_on", "parts[1].due_on"}
    assert not Obligation.objects.exists()


def test_what_belongs_to_others_cannot_be_named(cast, client):
    key = key_of(cast.clerk)
    for changes in (
        {"organisation": cast.other_street.pk},
        {"post": cast.other_post.pk},
        {"form": "contract"},
    ):
        response = post(client, PROMISES, promise(cast, **changes), key)
        assert response.status_code == 400 and response.json()["fields"].keys() == changes.keys()
    assert post(client, RECORDS, record_of(cast, official=cast.official.official_id), key).status_code == 400
    reader = key_of(cast.supervisor)
    assert post(client, PROMISES, promise(cast), reader).status_code == 400
    assert not Obligation.objects.exists() and not Record.objects.exists()


def test_only_the_own_drafts_are_read_and_only_while_they_are_drafts(cast, client):
    own, other = make.draft(cast), make.draft(cast, by=cast.lead)
    key = key_of(cast.clerk)
    for it, code in ((own, 200), (other, 404)):
        assert client.get(f"{PROMISES}{it.pk}/", headers=bearer(key)).status_code == code
    assert client.get(f"{PROMISES}{own.pk}/", headers=bearer(key_of(cast.lead))).status_code == 404
    sent = make.submitted(cast)
    assert client.get(f"{PROMISES}{sent.pk}/", headers=bearer(key)).status_code == 404


def test_the_same_key_files_once_and_another_content_is_told(cast, client):
    key, header = key_of(cast.clerk), {"idempotency-key": "promise-1"}
    answers = [post(client, PROMISES, promise(cast), key, **header) for _ in range(2)]
    assert [it.status_code for it in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()
    clash = post(client, PROMISES, promise(cast, title="另一件"), key, **header)
    assert clash.status_code == 409 and "换一个键" in clash.json()["detail"]
    assert post(client, NOTICES, notice(cast), key, **header).status_code == 409
    assert post(client, PROMISES, promise(cast), key, **{"idempotency-key": "不行"}).status_code == 400
    assert Obligation.objects.count() == 1
    other = post(client, PROMISES, promise(cast), key_of(cast.clerk, name="另一个"), **header)
    assert other.status_code == 201  # each token has keys of its own


BODIES = [b"", b"{", b"[]", b"null", b"1", b'"x"', b"\xff\xfe", b'{"title": NaN}', b'{"title": "\\ud800"}', b"[" * 100_000,
          b'{"title": {"a": 1}}', b'{"parts": {}}', b'{"parts": [1]}', b'{"service_field": "\\u0000"}', b'{"form": []}',
          b'{"organisation": 1e400}', b'{"organisation": 99999999999999999999999}', b'{"parts": [{"x": 1}]}']  # fmt: skip


@pytest.mark.parametrize("address", [PROMISES, RECORDS, NOTICES])
def test_whatever_is_sent_the_answer_is_a_sentence(cast, client, address):
    key = key_of(cast.clerk)
    for body in BODIES:
        response = post(client, address, body, key)
        assert response.status_code == 400, (body[:40], response.content.decode())
        assert response.json()["detail"].endswith("。"), response.json()
    long = post(client, address, json.dumps({"title": "字" * 400_000}), key)
    assert (long.status_code, long.json()["detail"]) == (413, "内容太长，一次最多 1000 KB。")
    form = client.post(address, {"title": "x"}, headers=bearer(key))
    assert form.status_code == 415 and "application/json" in form.json()["detail"]
    assert client.put(address, headers=bearer(key)).status_code == 405
    assert not Obligation.objects.exists() and not Record.objects.exists() and not Notice.objects.exists()


def test_a_program_learns_for_whom_it_may_file(cast, client):
    found = client.get("/api/v1/drafts/units/", headers=bearer(key_of(cast.clerk, may_read=False))).json()
    assert [it["name"] for it in found["results"]] == ["向阳街道", "新苑社区", "综合窗口"]
    assert found["results"][0] == {
        "id": cast.street.pk, "name": "向阳街道", "level": {"key": "street", "name": "街道"},
        "posts": [{"id": cast.post.pk, "name": "主任岗"}],
    }  # fmt: skip
    assert client.get("/api/v1/drafts/units/", headers=bearer(key_of(cast.supervisor))).json()["count"] == 0
    assert client.get("/api/v1/drafts/units/").status_code == 401
