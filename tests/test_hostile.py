"""Attacks on the portal that once worked, each kept as a test: strangers, colleagues, insiders with SQL."""

import hashlib
import io
import secrets

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from commitments import services
from commitments.flows import FLOW, PROGRESS
from longsha_credit.audit.middleware import client_ip
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import Review, ReviewState
from longsha_credit.wsgi import application
from tests import make

BROKEN = "本页内容与公开账不一致"


def page(client, obligation) -> str:
    return client.get(reverse("public_commitments:page", args=[obligation.code])).content.decode()


def sql(text, *values):
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def past_the_triggers(text, *values):
    """As the owner of the tables could: the database's own rules are switched off for one statement."""
    sql("SET session_replication_role = replica")
    sql(text, *values)
    sql("SET session_replication_role = DEFAULT")


# A colleague who wants to publish alone


def test_who_rewrote_a_report_does_not_review_it(cast):
    """The lead writes it anew in the clerk's name, the clerk submits from an old page, the lead lets it through."""
    report = make.progress(cast, make.in_force(cast))
    report.text = "全部24处已建成。"
    services.save_progress(report, by=cast.lead)
    PROGRESS.take(report, "submit", by=cast.clerk)
    review = make.review_of(report)
    for step, given in (("pass_single", {}), ("return_single", {"reason": "再改"})):
        with pytest.raises(Refused, match="您改过这份草稿") as refused:
            GATE.take(review, step, by=cast.lead, **given)
        assert refused.value.code == "eyes"
    review.refresh_from_db()
    assert review.state == ReviewState.SINGLE
    assert not Review.objects.filter(GATE.waiting_for(cast.lead), pk=review.pk).exists()


def test_who_rewrote_a_promise_in_an_earlier_round_does_not_review_it(cast):
    promise = make.draft(cast)
    promise.content = "负责人改写的内容。"
    services.save_draft(promise, by=cast.lead)
    FLOW.take(promise, "submit", by=cast.clerk)
    FLOW.take(promise, "recall", by=cast.clerk)
    FLOW.take(promise, "submit", by=cast.clerk)
    with pytest.raises(Refused, match="您改过这份草稿"):
        GATE.take(make.review_of(promise), "pass_first", by=cast.lead)


def test_a_lead_who_wrote_nothing_still_reviews(cast):
    """What a lead wrote elsewhere, and an object of another kind with the same number, do not count."""
    make.draft(cast, by=cast.lead)
    report = make.progress(cast, make.in_force(cast))
    Entry.objects.create(
        actor=cast.lead,
        actor_name="李主任",
        object_kind="commitments.amendment",
        object_id=str(report.pk),
        object_label="",
        step="draft",
        step_label="",
    )
    PROGRESS.take(report, "submit", by=cast.clerk)
    assert Review.objects.filter(GATE.waiting_for(cast.lead), pk=make.review_of(report).pk).exists()
    GATE.take(make.review_of(report), "pass_single", by=cast.lead)


# An insider who reaches the database


def test_an_honest_page_is_not_called_broken(cast, client):
    promise = make.in_force(cast)
    make.published_progress(cast, promise)
    make.published_progress(cast, promise, done=None, text="没有数字的进展。", file=make.upload("另一份.txt"))
    make.amended(cast, promise, unit="个", target=30)
    make.published_progress(cast, promise, done=12.5, text="变更以后的进展。", file=make.upload("第三份.txt"))
    text = page(client, promise)
    assert BROKEN not in text
    assert "本页内容与公开账一致" in text


@pytest.mark.parametrize("change", ["text = '全部建成了'", "done = 24", "as_of = as_of - 3"])
def test_published_progress_changed_by_sql_shows(cast, client, change):
    promise = make.in_force(cast)
    report = make.published_progress(cast, promise)
    past_the_triggers(f"UPDATE commitments_progressupdate SET {change} WHERE id = %s", report.pk)
    assert BROKEN in page(client, promise)


@pytest.mark.parametrize("of", ["promise", "report"])
def test_a_public_file_added_by_sql_shows(cast, client, of):
    promise = make.in_force(cast)
    report = make.published_progress(cast, promise)
    other = make.progress(cast, promise, file=make.upload("别的.txt", "别的内容")).files.get()
    entry = {"promise": promise, "report": report}[of].publication.ledger.get()
    rows = "INSERT INTO publication_publicfile (entry_id, file_id, token)"
    sql(f"{rows} VALUES (%s, %s, 'forged')", entry.pk, other.pk)
    assert BROKEN in page(client, promise)


def test_a_title_in_the_lists_changed_by_sql_shows_on_the_page(cast, client):
    promise = make.in_force(cast)
    past_the_triggers(
        "UPDATE publication_publication SET title = '假的', version = version + 1 WHERE id = %s",
        promise.publication_id,
    )
    assert BROKEN in page(client, promise)


def test_a_version_no_review_let_through_shows(cast, client):
    """A forged version whose own checksum fits borrows the review of the first one."""
    promise = make.in_force(cast)
    entry = promise.publication.ledger.get()
    text, salt = entry.content.text.replace("24", "4"), secrets.token_bytes(16)
    columns = "publication_id, kind, organisation_id, version, action, at, content_hash, review_id"
    sql(
        f"INSERT INTO publication_ledgerentry ({columns}) "
        "SELECT publication_id, kind, organisation_id, 2, 'amend', %s, %s, review_id "
        "FROM publication_ledgerentry WHERE id = %s",
        timezone.now(),
        hashlib.sha256(salt + text.encode()).hexdigest(),
        entry.pk,
    )
    sql(
        "INSERT INTO publication_ledgercontent (entry_id, salt, text, removed_reason) "
        "SELECT max(id), %s, %s, '' FROM publication_ledgerentry",
        salt,
        text,
    )
    sql(
        "UPDATE commitments_obligation SET version = 2, target = 4, content = replace(content, '24', '4'), "
        "standard = replace(standard, '24', '4') WHERE id = %s",
        promise.pk,
    )
    sql("UPDATE publication_publication SET version = 2 WHERE id = %s", promise.publication_id)
    assert BROKEN in page(client, promise)
    version = client.get(reverse("public_commitments:version", args=[promise.code, 2])).content.decode()
    assert BROKEN in version


# What should no longer be read


def test_reasons_of_changes_go_with_the_content_the_law_removes(cast, client):
    promise, other = make.in_force(cast), make.in_force(cast, title="另一件")
    make.amended(cast, promise, reason="删去张某的电话")
    make.amended(cast, other, reason="居民提议")
    make.withdrawn(cast, promise, remove_content=True)
    for name in ("corrections", "front"):
        text = client.get(reverse(name)).content.decode()
        assert "张某" not in text
        assert "引用依据有误" in text
        assert "居民提议" in text
    assert "理由随内容依法移除" in client.get(reverse("corrections")).content.decode()


@pytest.mark.parametrize("name", ["desk", "commitments:list", "reviews:list", "organisations:list"])
def test_pages_behind_the_sign_in_are_kept_nowhere(cast, signed_in, name):
    response = signed_in(cast.clerk).get(reverse(name))
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))


def test_public_pages_may_be_kept_but_are_asked_after_each_time(client, db):
    """What is taken down must not go on from a cache in between."""
    response = client.get(reverse("units"))
    assert response["Cache-Control"] == "no-cache" and response["ETag"]
    assert "Cookie" in response["Vary"]


# Requests no browser sends


def test_a_foreign_host_is_a_bad_request_with_all_headers(client, db, settings):
    settings.ALLOWED_HOSTS = ["portal.example"]
    client.raise_request_exception = False
    for host in ("evil.example", "evil\\r", "a b", ""):
        response = client.get("/", headers={"host": host})
        assert response.status_code == 400, host
        assert "这个请求无法处理" in response.content.decode()
        assert "evil" not in response.content.decode()
        assert response["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("kind", ["text/html; charset*=bogus''x", "multipart/form-data; boundary *=hex''x"])
def test_an_unheard_of_content_type_is_no_error_of_ours(db, kind):
    said = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/mode/plain/",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": kind,
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
    }
    application(environ, lambda status, headers: said.append(status))
    assert said == ["302 Found"]


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("garbage", "10.0.0.9"),
        ("unknown", "10.0.0.9"),
        ("", "10.0.0.9"),
        ("x" * 100, "10.0.0.9"),
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:5555", "192.0.2.1"),
        ("203.0.113.7, 192.0.2.1", "192.0.2.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("[2001:db8::1]:80", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_what_a_proxy_writes_is_an_address_or_nothing(cast, client, rf, settings, written, taken):
    settings.PROXY_COUNT = 1
    headers = {"HTTP_X_FORWARDED_FOR": written, "REMOTE_ADDR": "10.0.0.9"}
    assert client_ip(rf.get("/", **headers)) == taken
    form = {"username": "clerk", "password": "wrong"}
    assert client.post(reverse("login"), form, **headers).status_code == 200


def test_without_proxies_the_header_counts_for_nothing(rf, settings):
    settings.PROXY_COUNT = 0
    assert client_ip(rf.get("/", HTTP_X_FORWARDED_FOR="192.0.2.1", REMOTE_ADDR="10.0.0.9")) == "10.0.0.9"
