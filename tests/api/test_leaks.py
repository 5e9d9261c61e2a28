"""Nothing but what stands published is in any answer: canaries in every row around it, walked page by page."""

import pytest

from commitments import services
from commitments.flows import FLOW
from longsha_credit.directory.models import Official, Organisation
from tests import make

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
    make.amended(c, made, content="改好的内容。", reason=f"{CANARY}变更理由")
    Organisation.objects.filter(pk=c.post.pk).update(address=f"{CANARY}岗位地址")
    make.organisation("street", f"{CANARY}不参加街道", c.district, taking_part=False)
    make.organisation("window", f"{CANARY}停用窗口", c.street, valid_to=make.LONG_AGO)
    return c


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
