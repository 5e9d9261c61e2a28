"""Open data of notices and of the catalogue, and every resource as a table."""

import csv
import datetime
import io

import openpyxl
import pytest
from django.core.cache import cache
from django.utils import timezone

from disclosure.api import STATES, NoticeSerializer, TopicSerializer, WholeNoticeSerializer
from disclosure.public_reading import SHAPES
from longsha_credit.directory.api import ByAddress
from longsha_credit.home import api
from tests import make
from tests.commitments.reader import body_of
from tests.disclosure import making
from tests.records import making as records

NOTICES, TOPICS = "/api/v1/notices/", "/api/v1/topics/"


def get(client, address, **asked):
    response = client.get(address, asked)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def titles(client, **asked):
    return [row["title"] for row in get(client, NOTICES, **asked)["results"]]


def table(client, address, **asked):
    response = client.get(address, asked)
    assert response.status_code == 200, response.content.decode()
    return list(csv.reader(io.StringIO(body_of(response).removeprefix("\ufeff"))))


# What is in it


def test_a_notice_has_the_legal_columns_of_the_catalogue_and_reads_as_its_public_page(client, cast):
    it = making.published(cast, kind="publicity")
    row = get(client, f"{NOTICES}{it.code}/")
    publication = it.publication
    assert row == {
        "code": it.code,
        "title": it.title,
        "summary": it.summary,
        "formed_on": it.formed_on.isoformat(),
        "organisation": {"id": cast.street.pk, "name": "向阳街道"},
        "kind": {"key": "publicity", "name": "公示"},
        "topic": {"key": "elderly-care", "name": "养老"},
        "service_field": {"key": "elderly-care", "name": "养老"},
        "power_kind": None,
        "document_number": "",
        "basis": "",
        "valid_from": None,
        "valid_until": None,
        "legal_review": None,
        "hearing": {
            "begins_on": it.hearing_from.isoformat(), "ends_on": it.hearing_until.isoformat(),
            "channel": it.hearing_channel,
        },
        "supersedes": "",
        "state": {"key": "near", "name": "公示期内"},
        "version": 1,
        "first_published_at": timezone.localtime(publication.first_published_at).isoformat(),
        "published_at": timezone.localtime(publication.published_at).isoformat(),
        "url": f"http://testserver/disclosure/notices/{it.code}/",
        "text": "一、发放对象\n年满八十周岁的老年人。\n每人每月100元，每季度发一次。",
    }  # fmt: skip
    (listed,) = get(client, NOTICES)["results"]
    assert listed == {name: value for name, value in row.items() if name != "text"}
    assert list(row)[:4] == ["code", "title", "summary", "formed_on"]
    assert client.get(row["url"]).status_code == 200


def test_what_the_kinds_have_of_their_own_is_there(client, cast):
    old = making.published(cast, kind="normative", title="旧办法")
    making.published(cast, kind="normative", title="新办法", supersedes=old)
    making.published(cast, kind="power", title="权力")
    power, new, replaced = get(client, NOTICES)["results"]
    assert power["power_kind"] == {"key": "service", "name": "公共服务"} and power["service_field"] is None
    assert new["legal_review"]["number"] == "示司审〔2026〕8号" and new["supersedes"] == old.code
    assert replaced["state"] == {"key": "replaced", "name": "已被取代"}


def test_every_way_to_stand_has_its_word():
    assert set(STATES) >= {*SHAPES, "pending", "near"}


def test_the_schema_promises_what_comes(client, cast):
    it = making.published(cast)
    components = client.get("/api/v1/schema/").json()["components"]["schemas"]
    assert get(client, f"{NOTICES}{it.code}/").keys() == components["WholeNotice"]["properties"].keys()
    assert get(client, f"{TOPICS}parking/").keys() == components["Topic"]["properties"].keys()
    assert WholeNoticeSerializer().fields.keys() - NoticeSerializer().fields.keys() == {"text"}


def test_the_catalogue_is_there_with_its_columns(client, cast):
    row = get(client, f"{TOPICS}community-accounts/")
    assert (row["number"], row["group"]["name"], row["name"]) == (21, "财务公开", "社区财务公开")
    assert (row["levels"], row["frequency"], row["method"]) == (["community"], "每季度", "主动公开")
    assert row["limit"] == "自信息形成或者变更之日起20个工作日内"
    assert get(client, TOPICS)["count"] == 26
    assert get(client, TOPICS, group="finance")["count"] == 2
    assert get(client, TOPICS, level="window")["count"] == 1
    assert get(client, TOPICS, frequency="topic_quarterly")["count"] == 3
    assert client.get(f"{TOPICS}nothing/").status_code == 404


# Asking


def test_notices_are_found_by_everything_the_public_list_knows(client, cast):
    c = cast
    own = {"organisation": c.community, "by": c.community_clerk, "topic": making.topic("community-accounts")}
    making.published(c, making.notice(c, title="社区收支", **own), lead=c.lead)
    old = making.published(c, title="旧", formed_on=datetime.date(2025, 3, 1))
    making.published(c, title="新", supersedes=old)
    making.published(c, title="公示", kind="publicity")
    making.published(c, title="权力", kind="power")
    for asked, found in (
        ({}, ["权力", "公示", "新", "旧", "社区收支"]),
        ({"organisation": c.street.pk}, ["权力", "公示", "新", "旧"]),
        ({"below": c.street.pk}, ["权力", "公示", "新", "旧", "社区收支"]),
        ({"organisation": c.community.pk}, ["社区收支"]),
        ({"kind": "publicity"}, ["公示"]),
        ({"topic": "community-accounts"}, ["社区收支"]),
        ({"power_kind": "service"}, ["权力"]),
        ({"standing": "replaced"}, ["旧"]),
        ({"standing": "hearing"}, ["公示"]),
        ({"standing": "expired"}, []),
        ({"formed_to": "2025-12-31"}, ["旧"]),
        ({"formed_from": "2026-01-01", "kind": "information"}, ["新", "社区收支"]),
        ({"q": old.code}, ["旧"]),
        ({"q": "八十周岁 社区"}, ["社区收支"]),
    ):
        assert titles(client, **asked) == found, asked


HOSTILE = [
    "", " ", "x", "-1", "0", "9" * 30, "１", "\x00", "a\x00b", "%", "'", "<script>", "2026-02-30", "0001-01-01", "\u202e",
    "字" * 500, "{}", "[]",
]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "name"),
    [(NOTICES, name) for name in ("organisation", "below", "kind", "topic", "power_kind", "standing", "formed_from",
                                  "formed_to", "q", "page", "page_size", "state", "body", "created_by")]
    + [(TOPICS, name) for name in ("group", "level", "method", "frequency", "hint", "page")]
    + [("/api/v1/notices.csv", name) for name in ("kind", "page", "q", "x")],
)  # fmt: skip
def test_whatever_is_asked_the_answer_is_data_or_a_sentence(client, cast, address, name):
    making.published(cast)
    for value in HOSTILE:
        response = client.get(address, {name: value})
        assert response.status_code in (200, 400), (name, value)
        if response.status_code == 400:
            said = response.json()
            assert said["detail"].startswith(f"参数 {name}：") and said["detail"].endswith("。"), said


def test_what_was_taken_down_says_why_and_what_never_was_is_unknown(client, cast):
    it = making.withdrawn(cast, making.published(cast), remove_content=True)
    response = client.get(f"{NOTICES}{it.code}/")
    assert (response.status_code, response.json()["reason"]) == (410, "引用的依据有误")
    assert response.json().keys() == {"detail", "code", "withdrawn_at", "reason"}
    assert client.get(f"{NOTICES}{making.submitted(cast, making.notice(cast)).code}/").status_code == 404
    assert client.get(f"{NOTICES}GK-990100-2099-000001/").status_code == 404
    for method in ("post", "put", "delete"):
        assert getattr(client, method)(NOTICES).status_code == 405


# Tables


def test_every_resource_can_be_taken_along_as_a_table_with_chinese_heads(client, cast):
    promise, record, it = make.in_force(cast), records.public(cast), making.published(cast)
    found = {}
    for resource in api.TABLES:
        rows = table(client, f"/api/v1/{resource}.csv")
        book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(f"/api/v1/{resource}.xlsx"))))
        assert [[str(c.value or "") for c in row] for row in book.active.rows] == rows, resource
        assert len(rows[0]) == len(set(rows[0])), rows[0]
        assert len(rows) == 1 + client.get(f"/api/v1/{resource}/").json()["count"]
        found[resource] = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    (row,) = found["notices"]
    assert (row["索引号"], row["名称"], row["公开单位"], row["文种"]) == (
        it.code,
        it.title,
        "向阳街道",
        "公开信息",
    )
    (row,) = found["commitments"]
    assert (row["编码"], row["量化指标"], row["认定标准"]) == (promise.code, "24 处", promise.standard)
    (row,) = found["records"]
    assert (row["记录编号"], row["是不是异议处理中"]) == (record.number, "否")
    assert found["topics"][20]["公开事项二级"] == "社区财务公开"


def test_a_table_takes_the_filters_of_its_list_and_no_pages(client, cast):
    making.published(cast, title="津贴")
    making.published(cast, title="权力", kind="power")
    rows = table(client, "/api/v1/notices.csv", kind="power")
    assert [row[1] for row in rows[1:]] == ["权力"]
    response = client.get("/api/v1/notices.csv", {"page_size": "1"})
    assert response.status_code == 400 and "不分页" in response.json()["detail"]
    assert client.post("/api/v1/notices.csv").status_code == 405
    assert client.get("/api/v1/notices.pdf").status_code == 404


def test_a_table_too_long_says_how_to_get_it(client, cast, monkeypatch):
    monkeypatch.setattr(api, "MOST_ROWS", 1)
    making.published(cast)
    assert len(table(client, "/api/v1/notices.csv")) == 2
    making.published(cast, kind="power")
    response = client.get("/api/v1/notices.csv")
    assert response.status_code == 400 and "超过 1 条，请加条件" in response.json()["detail"]


def test_no_cell_is_a_formula(client, cast):
    making.published(cast, title="=HYPERLINK(1)", document_number="+86")
    ((*_,), row) = table(client, "/api/v1/notices.csv")
    assert row[1] == "'=HYPERLINK(1)" and "'+86" in row


def test_tables_count_towards_what_one_address_may_ask(client, cast, monkeypatch):
    monkeypatch.setattr(ByAddress, "rate", "2/min", raising=False)
    cache.clear()
    for address in ("/api/v1/notices.csv", NOTICES):
        assert client.get(address, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert client.get("/api/v1/topics.xlsx", REMOTE_ADDR="192.0.2.7").status_code == 429
    cache.clear()


def test_the_page_of_the_open_data_leads_to_the_tables(client, cast):
    source = client.get("/api/v1/docs/").content.decode()
    for resource in api.TABLES:
        assert f'href="/api/v1/{resource}.csv"' in source and f'href="/api/v1/{resource}.xlsx"' in source
    assert TopicSerializer().fields.keys() >= {"number", "group", "name"}
