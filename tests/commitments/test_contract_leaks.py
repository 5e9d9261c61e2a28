"""Who the other side of a contract is, its number and its sums are on no public address and in no text that leaves."""

import pytest
from django.db import connection
from django.urls import reverse

from commitments import services
from commitments.flows import FLOW, PROGRESS
from commitments.models import Contract, Payment
from commitments.payments import Given
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines.models import Deadline
from longsha_credit.publication.models import Publication, Review
from tests import make
from tests.commitments import owed
from tests.url_table import TABLE, values

OTHER, NUMBER = "金丝雀养老服务有限公司", "HT-金丝雀-77"
SUM, PART_SUM, PAID_SUM = "7654321", "1234567", "765432"
CANARIES = (
    OTHER,
    "金丝雀",
    NUMBER,
    SUM,
    PART_SUM,
    PAID_SUM,
    "765.4321",
    "123.4567",
    "7,654,321",
    "1,234,567",
)


def planted(c):
    """One contract in every state, full of canaries, with payments made, due and overdue."""
    late = owed.payment(PART_SUM, make.soon(-40))
    made = owed.payment(PAID_SUM, paid_on=owed.SIGNED, paid_amount=PAID_SUM)
    inside = owed.given(late, made, counterparty=OTHER, number=NUMBER, amount=SUM)
    owed.contract_draft(c, inside)
    FLOW.take(owed.contract_draft(c, inside), "submit", by=c.clerk)
    c.standing = owed.standing(c, owed.contract_draft(c, inside))
    make.published_progress(c, c.standing, done=None, text="服务站已经开放。")
    make.amended(c, owed.standing(c, owed.contract_draft(c, inside)), content="改为周六也开放。")
    make.ended(c, owed.standing(c, owed.contract_draft(c, inside)))
    make.withdrawn(c, owed.standing(c, owed.contract_draft(c, inside)))
    again = [row | {"number": number} for number, row in enumerate(inside.payments, start=1)]
    services.save_contract(c.standing, Given(inside.contract, again), by=c.lead, today=make.soon(0))
    return c


def addresses(c):
    for name, address in TABLE.items():
        if "stranger" in address.opens and "GET" in address.methods.split() and name != "mode":
            yield reverse(name, args=values(address, c))
    yield from (f"/commitments/?form={form}" for form in ("contract", "policy", "commitment", "nonsense"))
    yield from (
        f"/search/?q={word}" for word in ("养老", "服务站", "合同", "付款", "7654321", "金丝雀", "HT")
    )
    yield from (f"/commitments/?q={word}" for word in ("金丝雀", "7654321", "养老服务有限公司"))
    yield from (
        "/api/v1/commitments/?form=contract",
        "/api/v1/commitments/?q=金丝雀",
        "/search/?kind=commitment",
    )
    for code in Publication.objects.values_list("reference", flat=True):
        yield from (
            f"/commitments/{code}/",
            f"/commitments/{code}/versions/1/",
            f"/commitments/{code}/versions/2/",
        )
        yield from (
            f"/commitments/{code}/letter/",
            f"/commitments/{code}/letter.docx",
            f"/api/v1/commitments/{code}/",
        )
    for pk in Contract.objects.values_list("obligation", flat=True):
        yield from (f"/desk/commitments/{pk}/", f"/desk/commitments/{pk}/contract/")


def answer(client, address):
    response = client.get(address)
    body = b"".join(response) if response.streaming else response.content
    return response.status_code, body.decode("utf-8", "replace")


def test_no_other_side_and_no_sum_is_on_any_public_address(client, among_things, db):
    c, asked, leaks = planted(among_things), set(), []
    for address in addresses(c):
        status, text = answer(client, address)
        assert status in (200, 301, 302, 404, 410), f"{address}: {status}"
        asked.add(address)
        # the word a reader typed stands in the search box, and nowhere else
        leaks += [(address, word) for word in CANARIES if word in text and word not in address]
    assert leaks == []
    assert len(asked) > 80
    shown = answer(client, "/commitments/?form=contract")[1]
    assert shown.count("养老服务站委托运营") >= 3
    assert "没有找到" in answer(client, "/commitments/?q=金丝雀")[1]


def test_no_table_but_their_own_keeps_them(cast):
    """Reviews, the ledger, the index, clocks, notifications, entries: read raw, column by column."""
    planted(cast)
    own = {
        "commitments_contract",
        "commitments_contractevent",
        "commitments_payment",
        "commitments_paymentevent",
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {name for (name,) in cursor.fetchall()} - own
        for table in sorted(tables):
            for word in (OTHER, NUMBER, SUM, PART_SUM):
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{word}%"])
                assert cursor.fetchone()[0] == 0, (table, word)
    assert Review.objects.exists() and Entry.objects.exists()
    assert Deadline.objects.filter(rule_key="contract_payment_agreed").exists()


def test_the_canary_is_seen_where_it_may_stand_and_only_by_those_who_work_there(cast, signed_in):
    c = planted(cast)
    page = reverse("commitments:page", args=[c.standing.pk])
    for who in ("clerk", "lead", "reviewer", "office", "supervisor"):
        text = signed_in(getattr(c, who)).get(page).content.decode()
        assert OTHER in text and PART_SUM in text and "逾期未付" in text
    for who in ("other_clerk", "other_lead", "community_clerk", "auditor", "panel", "official"):
        assert signed_in(getattr(c, who)).get(page).status_code == 404


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"title": f"委托{OTHER}运营"}, "合同对方的名称"),
        ({"content": f"由 金丝雀 养老服务有限公司 开放，费用{SUM}元。"}, "合同对方的名称、合同金额"),
        ({"standard": f"见{NUMBER}。"}, "合同编号"),
        ({"liability": "赔偿765.4321万元。"}, "合同金额"),
    ],
)
def test_a_public_text_that_names_them_is_not_submitted(cast, changes, what):
    inside = owed.given(counterparty=OTHER, number=NUMBER, amount=SUM)
    with pytest.raises(Refused, match=f"写了{what}，这些只能在内部栏目里"):
        FLOW.take(owed.contract_draft(cast, inside, **changes), "submit", by=cast.clerk)


def test_nor_is_a_report_that_names_them(cast):
    it = owed.standing(cast, owed.contract_draft(cast, owed.given(counterparty=OTHER)))
    report = make.progress(cast, it, done=None, text=f"{OTHER}已经进场。")
    with pytest.raises(Refused, match="合同对方的名称"):
        PROGRESS.take(report, "submit", by=cast.clerk)
    assert Payment.objects.count() == 1
