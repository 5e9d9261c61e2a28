"""Nothing but what stands published is in any answer: canaries in every row around it, walked page by page."""

import io

import openpyxl
import pytest
from django.urls import reverse

from commitments import services
from commitments.flows import FLOW
from evaluation.models import IndicatorSet
from longsha_credit.directory.models import Official, Organisation
from longsha_credit.home import api, packages
from tests import make
from tests.commitments import ledger
from tests.commitments.reader import body_of
from tests.disclosure import making as notices
from tests.disclosure.scenes import making as scenes
from tests.evaluation.demonstration import making as demonstrating
from tests.evaluation.standards import making as evaluating
from tests.programme.contests import making as contests
from tests.programme.education import making as teaching
from tests.records import making as records

CANARY = "金丝雀"
PEOPLE = [
    "周岚", "李主任", "许宁", "王主任", "社区经办", "韩叙", "秦川", "严密", "区办", "区主任", "评委", "审计", "管理员",
]  # fmt: skip


@pytest.fixture(scope="module")
def garden(module_cast):
    """Published promises, and around them everything that is not public, each with a canary in it."""
    c = module_cast
    Official.objects.create(name=f"{CANARY}某", staff_number=f"{CANARY}-007", organisation=c.street)
    make.draft(c, title=f"{CANARY}草稿")
    c.in_review = make.submitted(c, content=f"{CANARY}审查中")
    c.discarded = make.draft(c, title=f"{CANARY}作废")
    FLOW.take(c.discarded, "discard", by=c.clerk, reason=f"{CANARY}作废理由")
    c.withdrawn = make.withdrawn(c, make.in_force(c, title=f"{CANARY}撤下"))
    c.removed = make.withdrawn(c, make.in_force(c, title=f"{CANARY}移除"), remove_content=True)
    c.asked = make.in_force(c)
    FLOW.take(c.asked, "ask_withdrawal", by=c.clerk, reason=f"{CANARY}申请理由")
    c.changing = make.in_force(c)
    services.save_amendment(_amendment(c), by=c.clerk)
    make.progress(c, c.changing, text=f"{CANARY}进展草稿")
    make.result(c, c.changing, text=f"{CANARY}结果草稿")
    ending = make.in_force(c, title="等待核验的")
    make.reported(c, ending)
    make.verification(c, ending, "none", text=f"{CANARY}认定草稿", consequence=f"{CANARY}追究")
    made = make.in_force(c, content=f"{CANARY}旧版内容")
    make.amended(c, made, content="改好的内容。", reason="改正错处")
    Organisation.objects.filter(pk=c.post.pk).update(address=f"{CANARY}岗位地址")
    make.organisation("street", f"{CANARY}不参加街道", c.district, taking_part=False)
    make.organisation("window", f"{CANARY}停用窗口", c.street, valid_to=make.LONG_AGO)
    _others(c)
    return c


def _others(c):
    """Of every other kind something public, and a draft, something under review and something taken down."""
    told = {"title": f"{CANARY}标题"}
    notices.published(c), notices.notice(c, **told), notices.submitted(c, notices.notice(c, **told))
    notices.withdrawn(c, notices.published(c, **told), remove_content=True)
    records.public(c), records.draft(c, **told), records.submitted(c, **told)
    c.revoked = records.revoked(c, records.public(c, facts=f"{CANARY}事实", **told))
    scenes.public(c), scenes.draft(c, **told), scenes.submitted(c, **told)
    c.scene_gone = scenes.withdrawn(c, scenes.public(c, **told))
    contests.public(c), contests.draft(c, **told)
    contests.withdrawn(c, contests.public(c, **told))
    teaching.shown(c), teaching.sheet(c, **told), teaching.planned(c, **told)
    teaching.ended(teaching.SHEET, teaching.shown(c, **told), c)
    teaching.public_edition(c), teaching.edition(c, **told), teaching.internal(c, **told)
    teaching.ended(teaching.EDITION, teaching.public_edition(c, **told), c)
    ledger.shown(c, holder_label="权利人甲", details=f"{CANARY}欠着什么"), ledger.clue(c, **told)
    ledger.sheet(c, ledger.found(c), **told)
    withdrawing = ledger.withdrawing(c, ledger.found(c, public=True, instrument=f"{CANARY}文书"))
    ledger.SHEET.take(withdrawing, "approve_withdrawal", by=c.reviewer2)
    demonstrating.awarded(c)
    evaluating.draft(c, "street")
    IndicatorSet.objects.filter(state="draft").update(title=f"{CANARY}指标")


@pytest.fixture
def planted(garden, db):
    return garden


def _amendment(c):
    it = services.new_amendment(c.changing)
    it.title, it.reason = f"{CANARY}变更", f"{CANARY}变更理由"
    return it


def walk(client, address):
    """The texts of every page of a list."""
    while address:
        response = client.get(address)
        assert response.status_code == 200
        yield response.content.decode()
        address = response.json()["next"]


def everything(client):
    """Every public answer by its address: lists to their end, each row by itself, tables, packages, feed, pages."""
    for name, resource in api.OPEN.items():
        address = f"/api/v1/{name}/?page_size=3"
        while address:
            response = client.get(address)
            assert response.status_code == 200, address
            yield address, response.content.decode()
            for row in response.json()["results"]:
                if hasattr(resource, "retrieve"):
                    key = row[resource.lookup_url_kwarg or resource.lookup_field.replace("pk", "id")]
                    one = client.get(f"/api/v1/{name}/{key}/")
                    assert one.status_code == 200, (name, key)
                    yield name, one.content.decode()
            address = response.json()["next"]
    for name in api.TABLES:
        for kind in ("csv", "json", "jsonl"):
            yield f"{name}.{kind}", body_of(client.get(f"/api/v1/{name}.{kind}"))
        yield f"{name}.xlsx", _cells(b"".join(client.get(f"/api/v1/{name}.xlsx").streaming_content))
    packages.nightly()
    for file in packages.current().files.all():
        content = b"".join(client.get(reverse("package_file", args=[file.pk])).streaming_content)
        yield file.name, _cells(content) if file.form == "xlsx" else content.decode()
    for address in ("/open-data/", "/api/v1/schema/", "/api/v1/docs/"):
        yield address, client.get(address).content.decode()


def _cells(content):
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return "\n".join(str(value) for row in sheet.iter_rows(values_only=True) for value in row)


def test_nothing_that_is_not_public_is_in_any_answer_table_package_or_feed(planted, client):
    found = dict.fromkeys(api.OPEN, 0)
    for where, text in everything(client):
        assert CANARY not in text, where
        assert not [person for person in PEOPLE if person in text], where
        name = where.removeprefix("/api/v1/").partition("/")[0]
        found[name] = found.get(name, 0) + ('"results":[{' in text)
    assert [name for name in api.OPEN if not found[name]] == []  # each resource had something to show


def test_no_canary_is_in_any_answer(planted, client):
    lists = ("/api/v1/organisations/?page_size=2", "/api/v1/commitments/?page_size=2")
    texts = [text for address in lists for text in walk(client, address)]
    assert len(texts) >= 5
    codes = [planted.in_review.code, planted.withdrawn.code, planted.removed.code, planted.asked.code]
    details = [client.get(f"/api/v1/commitments/{code}/") for code in codes]
    assert [response.status_code for response in details] == [404, 410, 410, 200]
    units = [client.get(f"/api/v1/organisations/{unit.pk}/") for unit in Organisation.objects.all()]
    assert sorted({response.status_code for response in units}) == [200, 404]
    asked = [
        client.get("/api/v1/commitments/", {"q": CANARY}),
        client.get("/api/v1/organisations/", {"q": CANARY}),
        client.get("/api/v1/schema/"),
        client.get("/api/v1/docs/"),
    ]
    assert [response.json()["count"] for response in asked[:2]] == [0, 0]
    texts += [response.content.decode() for response in [*details, *units, *asked]]
    for text in texts:
        assert CANARY not in text
        assert not [person for person in PEOPLE if person in text]


def test_the_canaries_are_where_they_would_be_found(planted, client):
    """The walk would see one: planted in a published promise, it is there."""
    make.in_force(planted, title=f"{CANARY}公开的")
    assert any(CANARY in text for text in walk(client, "/api/v1/commitments/?page_size=2"))
