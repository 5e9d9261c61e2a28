"""Open data: the fields of the public pages and no others, by filter and by page, in a constant number of queries."""

import datetime
import json

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from commitments.api import CommitmentSerializer
from commitments.candidates import LABELS
from commitments.flows import VERDICT
from longsha_credit.directory.api import ByAddress
from longsha_credit.directory.models import Level
from tests import make

UNITS, PROMISES = "/api/v1/organisations/", "/api/v1/commitments/"
BESIDE_THE_TERMS = {
    "title", "version", "first_published_at", "published_at", "url", "state", "reported_on", "verdict", "verified_on",
}  # fmt: skip


def get(client, address, **asked):
    response = client.get(address, asked)
    assert response.status_code == 200, response.content.decode()
    assert response["Content-Type"] == "application/json"
    return response.json()


def names(client, address, **asked):
    return [row.get("title") or row["name"] for row in get(client, address, **asked)["results"]]


# What is in it


def test_a_promise_has_the_allow_listed_fields_and_no_other():
    assert set(CommitmentSerializer().fields) == set(LABELS) | BESIDE_THE_TERMS


def test_a_promise_reads_as_its_public_page(cast, client):
    promise = make.in_force(cast)
    row = get(client, f"{PROMISES}{promise.code}/")
    assert get(client, PROMISES)["results"] == [row]
    publication = promise.publication
    assert row == {
        "code": promise.code,
        "title": "新苑社区单元门无障碍坡道改造",
        "organisation": {"id": cast.street.pk, "name": "向阳街道"},
        "form": {"key": "commitment", "name": "公开承诺"},
        "made_on": timezone.localdate().isoformat(),
        "document_number": "",
        "document_issuer": "",
        "document_from": None,
        "document_until": None,
        "area": {"key": "service", "name": "便民服务"},
        "service_field": {"key": "disability", "name": "助残"},
        "domain": {"key": "livelihood", "name": "民生保障"},
        "content": promise.content,
        "standard": promise.standard,
        "target": {"number": "24", "unit": "处"},
        "due_on": promise.due_on.isoformat(),
        "parts": [],
        "beneficiaries": promise.beneficiaries,
        "post": "主任岗",
        "liability": promise.liability,
        "version": 1,
        "first_published_at": timezone.localtime(publication.first_published_at).isoformat(),
        "published_at": timezone.localtime(publication.published_at).isoformat(),
        "url": f"http://testserver/commitments/{promise.code}/",
        "state": {"key": "active", "name": "正在履行"},
        "reported_on": None,
        "verdict": None,
        "verified_on": None,
    }
    assert client.get(row["url"]).status_code == 200


def test_a_unit_reads_as_its_public_page_and_a_post_has_none(cast, client):
    row = get(client, f"{UNITS}{cast.street.pk}/")
    assert row == {
        "id": cast.street.pk,
        "name": "向阳街道",
        "level": "street",
        "division_code": "990100001000",
        "uscc": "",
        "parent": cast.district.pk,
        "address": "",
        "office_hours": "",
        "supervision_phone": "0000-2",
        "valid_from": "2026-01-01",
        "url": f"http://testserver/units/{cast.street.pk}/",
    }
    assert client.get(f"{UNITS}{cast.post.pk}/").status_code == 404
    assert names(client, UNITS) == ["示例区", "向阳街道", "新苑社区", "综合窗口", "临江街道"] or names(
        client, UNITS
    ) == ["示例区", "向阳街道", "综合窗口", "新苑社区", "临江街道"]


def test_a_change_shows_its_own_version(cast, client):
    promise = make.in_force(cast)
    make.amended(cast, promise, target=30)
    row = get(client, f"{PROMISES}{promise.code}/")
    assert (row["version"], row["target"]) == (2, {"number": "30", "unit": "处"})
    assert row["published_at"] > row["first_published_at"]


# Asking


def test_units_are_found_by_level_parent_subtree_and_words(cast, client):
    assert names(client, UNITS, level="community") == ["新苑社区"]
    assert sorted(names(client, UNITS, parent=cast.street.pk)) == ["新苑社区", "综合窗口"]
    assert sorted(names(client, UNITS, below=cast.street.pk)) == ["向阳街道", "新苑社区", "综合窗口"]
    assert names(client, UNITS, q="临江") == ["临江街道"]
    assert names(client, UNITS, q="990100002") == ["临江街道"]
    assert names(client, UNITS, q="临江", level="community") == []


def test_promises_are_found_by_everything_the_public_list_knows(cast, client):
    near = make.in_force(cast, title="近的", due_on=make.soon(10))
    make.in_force(cast, title="远的", due_on=make.soon(90), area="clean", domain="other")
    make.in_force(
        cast, by=cast.community_clerk, lead=cast.lead, title="楼道灯", organisation=cast.community,
        post=cast.community_post, due_on=make.soon(50),
    )  # fmt: skip
    for asked, found in (
        ({"organisation": cast.street.pk}, ["远的", "近的"]),
        ({"below": cast.street.pk}, ["楼道灯", "远的", "近的"]),
        ({"below": cast.other_street.pk}, []),
        ({"area": "clean"}, ["远的"]),
        ({"domain": "livelihood"}, ["楼道灯", "近的"]),
        ({"service_field": "parking"}, []),
        ({"due_from": make.soon(50).isoformat(), "due_to": make.soon(50).isoformat()}, ["楼道灯"]),
        ({"state": "near"}, ["近的"]),
        ({"state": "active"}, ["楼道灯", "远的", "近的"]),
        ({"state": "overdue"}, []),
        ({"state": "full"}, []),
        ({"q": "新苑社区 楼道灯"}, ["楼道灯"]),
        ({"q": near.code}, ["近的"]),
        ({"ordering": "due_on"}, ["近的", "楼道灯", "远的"]),
        ({"ordering": "-due_on"}, ["远的", "楼道灯", "近的"]),
        ({"ordering": "published_at"}, ["近的", "远的", "楼道灯"]),
    ):
        assert names(client, PROMISES, **asked) == found, asked


def test_a_promise_past_its_day_is_called_overdue(cast, client):
    promise = make.in_force(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        cursor.execute("UPDATE commitments_obligation SET due_on = %s WHERE id = %s", [yesterday, promise.pk])
        cursor.execute("SET session_replication_role = DEFAULT")
    (row,) = get(client, PROMISES, state="overdue")["results"]
    assert row["state"] == {"key": "overdue", "name": "已过期限，没有报告"}
    assert get(client, PROMISES, state="active")["count"] == 0


@pytest.mark.parametrize("verdict", ["full", "partly", "none"])
def test_the_verdict_shows_once_it_is_public_and_not_before(cast, client, verdict):
    promise, today = make.in_force(cast), timezone.localdate().isoformat()
    open_one = make.in_force(cast, title="没有报告的")
    make.result(cast, open_one, claim=verdict)
    make.reported(cast, promise, claim=verdict)
    draft = make.verification(cast, promise, verdict)
    row = get(client, f"{PROMISES}{promise.code}/")
    assert (row["state"]["key"], row["reported_on"], row["verdict"]) == ("reported", today, None)
    assert names(client, PROMISES, state="reported") == [row["title"]]
    assert names(client, PROMISES, state="active") == ["没有报告的"]
    VERDICT.take(draft, "submit", by=cast.reviewer)
    make.passed(cast, draft, lead=cast.district_lead)
    row = get(client, f"{PROMISES}{promise.code}/")
    assert row["state"] == row["verdict"] == {"key": verdict, "name": draft.get_verdict_display()}
    assert row["verified_on"] == today
    assert names(client, PROMISES, state=verdict) == [row["title"]]
    assert names(client, PROMISES, state="reported") == []


def test_pages_follow_each_other_without_gap_or_repetition(cast, client):
    codes = {make.in_force(cast, title=f"承诺{n}").code for n in range(5)}
    seen, address = [], f"http://testserver{PROMISES}?page_size=2"
    while address:
        page = client.get(address).json()
        assert page["count"] == 5
        seen += [row["code"] for row in page["results"]]
        address = page["next"]
    assert (len(seen), set(seen)) == (5, codes)


def test_a_page_is_never_longer_than_a_hundred(cast, client):
    for n in range(101):
        make.organisation(Level.WINDOW, f"窗口{n}", cast.street)
    assert len(get(client, UNITS)["results"]) == 25
    assert len(get(client, UNITS, page_size=100000)["results"]) == 100


@pytest.mark.parametrize("address", [UNITS, PROMISES])
def test_the_number_of_queries_is_the_same_for_one_and_for_many(cast, client, address):
    counts = []
    for number in (1, 5):
        for n in range(number):
            make.in_force(cast, title=f"承诺{number}{n}")
            make.organisation(Level.WINDOW, f"窗口{number}{n}", cast.street)
        with CaptureQueriesContext(connection) as seen:
            get(client, address, below=cast.street.pk)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 5


# Refusals


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", [UNITS, PROMISES])
def test_it_is_read_only(cast, client, signed_in, address, method):
    for browser in (client, signed_in(cast.office)):
        for data in ("", "{", '{"name": "x"}'):
            response = getattr(browser, method)(address, data, content_type="application/json")
            assert response.status_code == 405
            assert response.json() == {"detail": f"这里只能读取，不能用 {method.upper()}。请改用 GET。"}


def test_of_what_never_was_public_nothing_is_known(cast, client):
    for promise in (make.submitted(cast), make.in_force(cast)):
        code = promise.code
    assert client.get(f"{PROMISES}{code}/").status_code == 200
    response = client.get(f"{PROMISES}{make.submitted(cast).code}/")
    assert response.status_code == 404
    assert response.json() == {"detail": "没有找到。请核对地址里的编号，或从列表查起。"}
    assert response.json() == client.get(f"{PROMISES}99019920260101000009/").json()


def test_what_was_taken_down_says_why(cast, client):
    promise = make.withdrawn(cast, make.in_force(cast), remove_content=True)
    response = client.get(f"{PROMISES}{promise.code}/")
    assert response.status_code == 410
    said = response.json()
    assert said.keys() == {"detail", "code", "withdrawn_at", "reason"}
    assert (said["code"], said["reason"]) == (promise.code, "引用依据有误")
    assert get(client, PROMISES)["count"] == 0


HOSTILE = [
    "", " ", "x", "-1", "0", "1.5", "1e9", "9" * 30, "１", "null", "true", "\x00", "a\x00b", "%", "_%_", "'", '"; DROP TABLE x; --',
    "<script>", "../../etc/passwd", "2026-02-30", "2026-13-01", "0001-01-01", "99999-01-01", "２０２６-１１-３０", "\u202e", "😀",
    "字" * 500, "a" * 3000, "{}", "[]", "post", "drop", "-due_on,id", "password",
]  # fmt: skip
PARAMETERS = {
    UNITS: ["level", "parent", "below", "q", "page", "cursor", "page_size", "ordering", "path", "password"],
    PROMISES: [
        "organisation", "below", "area", "service_field", "domain", "due_from", "due_to", "state", "q", "ordering",
        "page", "cursor", "page_size", "created_by", "withdraw_reason", "format", "code",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("address", "name"), [(address, name) for address, names in PARAMETERS.items() for name in names]
)
def test_whatever_is_asked_the_answer_is_data_or_a_sentence_that_names_the_parameter(
    cast, client, address, name
):
    make.in_force(cast)
    for value in HOSTILE:
        response = client.get(address, {name: value})
        assert response.status_code in (200, 400), (name, value)
        if response.status_code == 400:
            said = response.json()
            assert said["detail"].startswith(f"参数 {name}：") and said["detail"].endswith("。"), said
            assert said["parameters"].keys() == {name}
            assert "\u4e00" <= said["parameters"][name][0] <= "\u9fff", said


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"area": "x"}, "参数 area：没有这个选项，可以写：lawful（依法行政）、service（便民服务）、"),
        ({"due_from": "30.11."}, "参数 due_from：完成期限不早于这一天要写成 2026-11-30 这样的日期。"),
        ({"organisation": "1000000"}, "参数 organisation：没有这个单位，请用单位列表里的 id。"),
        ({"service_field": "x"}, "参数 service_field：没有这个公共服务领域"),
        ({"cursor": "2"}, "参数 cursor：这个位置认不出来。请用上一页给出的 next"),
        ({"page_size": "x"}, "参数 page_size：要写大于 0 的整数"),
        ({"page": "2"}, "参数 page：没有这个参数，可以用的有："),
        ({"organization": "1"}, "参数 organization：没有这个参数，可以用的有：area、below、"),
    ],
)
def test_a_bad_parameter_is_explained(cast, client, asked, said):
    response = client.get(PROMISES, asked)
    assert response.status_code == 400
    assert response.json()["detail"].startswith(said)


def test_a_lone_surrogate_and_broken_utf8_are_no_error_of_ours(cast, client):
    for query in ("q=%ff%fe", "q=%ed%a0%80", "%ff=1", "q=%00", "q", "&&&=", "q=a&q=b"):
        assert client.get(f"{PROMISES}?{query}").status_code in (200, 400), query


# Manners


def test_only_so_many_requests_from_one_address(cast, client, monkeypatch):
    monkeypatch.setattr(ByAddress, "rate", "3/min", raising=False)
    cache.clear()
    for _ in range(3):
        assert client.get(UNITS, REMOTE_ADDR="192.0.2.1").status_code == 200
    response = client.get(PROMISES, REMOTE_ADDR="192.0.2.1")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 60
    assert "请求太多了" in response.json()["detail"]
    assert client.get(UNITS, REMOTE_ADDR="192.0.2.2").status_code == 200
    cache.clear()


def test_nobody_is_recognised_and_no_session_is_opened(cast, client, signed_in):
    response = client.get(PROMISES)
    assert not response.cookies
    assert not Session.objects.exists()
    assert signed_in(cast.office).get(PROMISES).content == response.content


def test_an_unchanged_answer_is_not_sent_again(cast, client):
    make.in_force(cast)
    first = client.get(PROMISES)
    again = client.get(PROMISES, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make.in_force(cast)
    assert client.get(PROMISES, headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*", "x", "image/webp,*/*;q=0.1"])
def test_the_answer_is_json_whatever_is_asked_for(cast, client, accept):
    response = client.get(UNITS, headers={"accept": accept})
    assert json.loads(response.content)["count"] == 5


def test_pages_of_other_sites_may_read_and_a_head_asks_for_nothing_else(cast, client):
    promise = make.in_force(cast)
    for address in (UNITS, f"{PROMISES}{promise.code}/", "/api/v1/changes/", "/api/v1/commitments.csv"):
        whole, head = client.get(address), client.head(address)
        assert whole["Access-Control-Allow-Origin"] == head["Access-Control-Allow-Origin"] == "*"
        assert whole["Cache-Control"] == "no-cache" and head.status_code == 200
        assert not b"".join(head.streaming_content if head.streaming else [head.content])


def test_the_mark_of_an_answer_changes_with_whatever_is_shown(cast, client):
    """A name, a day, a verdict: none of them is a new version of the promise itself."""
    promise = make.in_force(cast)
    marks = [client.get(f"{PROMISES}{promise.code}/")["ETag"]]
    make.renamed(cast.street, "朝阳街道", cast.office)
    marks.append(client.get(f"{PROMISES}{promise.code}/")["ETag"])
    make.reported(cast, promise)
    marks.append(client.get(f"{PROMISES}{promise.code}/")["ETag"])
    assert len(set(marks)) == 3


@pytest.mark.parametrize(
    "address", ["/api/v1/", "/api/v1/nothing/", f"{PROMISES}null,null/", "/api/v1/drafts/x/"]
)
def test_what_has_no_address_is_told_in_json(client, db, address):
    response = client.get(address)
    assert response.status_code == 404
    assert response.json() == {"detail": "没有找到。请核对地址里的编号，或从列表查起。"}
