"""Contracts and policies through the desk: one form that changes, one flow, counted apart; payments have clocks."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments import services
from commitments.flows import FLOW
from commitments.models import Obligation, Payment
from evaluation.metrics import KEPT_RATE, Period
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines.models import Deadline
from tests import make
from tests.commitments import owed, reader
from tests.commitments.test_desk_pages import draft_data

NEW = reverse("commitments:new")
INSIDE = {
    "counterparty": owed.OTHER_SIDE,
    "contract_number": owed.NUMBER,
    "signed_on": "2026-01-05",
    "contract_amount": "864200",
    "payments-0-amount": "432100",
    "payments-0-due_on": make.soon(-3),
}


def contract_data(c, **changes):
    data = draft_data(c) | {"title": "养老服务站委托运营", "content": "工作日开放服务站。", "area": ""}
    return data | INSIDE | changes


def policy_data(c, **changes):
    data = draft_data(c) | {"title": "高龄津贴按月发放", "area": "", "document_number": "示政发〔2026〕5号"}
    return data | {"document_issuer": "示例区民政局", "document_from": "2026-01-01"} | changes


def faults(response):
    assert response.status_code == 422
    return {name: list(said) for name, said in response.context["form"].errors.items()}


def payment_clocks():
    rows = Deadline.objects.filter(object_kind="commitments.payment").order_by("id")
    return [
        (row.rule_key, row.due_on, "met" if row.met_on else "cancelled" if row.cancelled_at else "open")
        for row in rows
    ]  # fmt: skip


# One form for all


def test_the_form_says_each_kind_in_its_own_words_and_a_commitment_is_no_heavier(cast, signed_in):
    clerk = signed_in(cast.clerk)
    plain, contract, policy = (clerk.get(NEW, {"form": f} if f else {}) for f in ("", "contract", "policy"))
    assert list(plain.context["form"].fields)[:6] == [
        "organisation", "title", "content", "beneficiaries", "standard", "target",
    ]  # fmt: skip
    assert not {"counterparty", "document_number"} & plain.context["form"].fields.keys()
    assert "分几步做（选填）" in plain.content.decode() and "<details open" not in plain.content.decode()
    text = contract.content.decode()
    assert "履约内容" in text and "合同对方" in text and "不要传合同正本" in text and "承诺内容" not in text
    text = policy.content.decode()
    assert "受益对象应得到什么" in text and "施行日期" in text and "合同对方" not in text
    assert clerk.get(NEW, {"form": "nonsense"}).context["obligation"].form == "commitment"


def test_a_contract_goes_from_the_clerk_to_the_public_page(cast, signed_in, client):
    clerk = signed_in(cast.clerk)
    assert clerk.post(f"{NEW}?form=contract", contract_data(cast)).status_code == 302
    it = Obligation.objects.get()
    assert (it.form, it.area, it.contract.counterparty, it.contract.amount) == (
        "contract", "", owed.OTHER_SIDE, Decimal(864200),
    )  # fmt: skip
    owed.standing(cast, it)
    text = reader.words(reader.page(client, it))
    assert "向阳街道按合同约定，" in text and "前履行：工作日开放服务站。" in text
    assert "合同对方、金额和付款属于商业秘密和内部信息，不公开" in text and "本页内容与公开账一致" in text
    assert "承诺内容" not in text and "违约责任" in text
    assert it.publication.kind_label == "合同契约"
    review = make.review_of(it)
    sheet = signed_in(cast.reviewer).get(reverse("reviews:page", args=[review.pk])).content.decode()
    assert "履约单位" in sheet and "文号" not in sheet and owed.OTHER_SIDE not in sheet


def test_a_policy_names_its_document_in_public(cast, signed_in, client):
    clerk = signed_in(cast.clerk)
    said = faults(
        clerk.post(f"{NEW}?form=policy", policy_data(cast, document_number="", document_from="2026-02-30"))
    )
    assert said == {
        "document_number": ["请填写文号。"],
        "document_from": ["施行日期要写成 2026-11-30 这样的日期。"],
    }
    said = faults(clerk.post(f"{NEW}?form=policy", policy_data(cast, document_until="2025-01-01")))
    assert said == {"document_until": ["有效期至不能早于施行日期。"]}
    clerk.post(f"{NEW}?form=policy", policy_data(cast))
    it = owed.standing(cast, Obligation.objects.get())
    text = reader.words(reader.page(client, it))
    assert "文号示政发〔2026〕5号" in text.replace(" ", "") and "本页内容与公开账一致" in text
    reader.past_triggers("UPDATE commitments_obligation SET document_number = '6号' WHERE id = %s", it.pk)
    assert "本页内容与公开账不一致" in reader.words(reader.page(client, it))


def test_a_policy_is_not_promised_beyond_its_own_end(cast):
    draft = owed.policy_draft(cast, document_until=make.soon(30))
    with pytest.raises(Refused, match="落实期限晚于文件的有效期"):
        FLOW.take(draft, "submit", by=cast.clerk)


def test_a_contract_without_its_inside_is_not_submitted(cast):
    draft = services.save_draft(Obligation(**owed.terms(cast, "contract")), by=cast.clerk)
    with pytest.raises(Refused, match="合同内部栏目还没有填"):
        FLOW.take(draft, "submit", by=cast.clerk)


def test_the_form_says_what_is_wrong_in_each_row(cast, signed_in):
    wrong = {
        "parts-0-title": "一期",
        "parts-1-due_on": make.soon(70),
        "parts-1-weight": "2",
        "payments-0-due_on": "",
        "payments-1-paid_on": make.soon(0),
        "payments-1-due_on": make.soon(5),
        "payments-2-amount": "10",
        "payments-2-due_on": make.soon(5),
        "payments-2-paid_on": make.soon(-1),
        "payments-2-paid_amount": "11",
    }
    said = faults(signed_in(cast.clerk).post(f"{NEW}?form=contract", contract_data(cast, **wrong)))
    assert said == {
        "parts-0-due_on": ["第1部分做到哪天：请写明哪天前做完。"],
        "parts-0-weight": ["第1部分权重：权重要么每一部分都填，要么都不填。"],
        "parts-1-title": ["第2部分名称：请写明做什么。"],
        "parts-1-due_on": [f"第2部分做到哪天：不能晚于整件事的期限 {make.soon()}。"],
        "payments-0-due_on": ["第1笔付款期限：请填写；合同没有约定的留空，填交付日期，按法定的日子算。"],
        "payments-1-amount": ["第2笔应付金额（元）：请写明要付多少。"],
        "payments-1-paid_amount": ["第2笔已付金额（元）：填了付款日期，请写上付了多少。"],
        "payments-2-paid_amount": ["第3笔已付金额（元）不能多于应付金额。"],
    }
    assert Obligation.objects.count() == 0


def test_parts_come_back_into_the_form_with_three_blank_rows_more(cast, signed_in):
    it, clerk = owed.parted_draft(cast), signed_in(cast.clerk)
    url = reverse("commitments:edit", args=[it.pk])
    form = clerk.get(url).context["form"]
    rows = form.part_rows
    assert [row["title"].value() for row in rows] == ["一期", "二期", "三期", None, None, None]
    data = draft_data(cast, seen=form["seen"].value()) | {
        "parts-1-number": 2, "parts-1-title": "改名的二期", "parts-1-due_on": make.soon(40),
        "parts-4-title": "新的", "parts-4-due_on": make.soon(41),
    }  # fmt: skip
    assert clerk.post(url, data).status_code == 302
    assert list(it.parts.values_list("number", "title")) == [(2, "改名的二期"), (4, "新的")]
    it.refresh_from_db()
    assert it.part_count == 2


# Payments


def test_an_agreed_payment_has_its_clock_from_the_day_the_contract_stands(cast):
    late, soon = owed.payment(due_on=make.soon(-3)), owed.payment(due_on=make.soon(9))
    it = owed.contract_draft(cast, owed.given(late, soon))
    assert payment_clocks() == []
    owed.standing(cast, it)
    key = "contract_payment_agreed"
    assert payment_clocks() == [(key, make.soon(-3), "open"), (key, make.soon(9), "open")]
    clock = Deadline.objects.filter(rule_key=key).first()
    assert clock.rule.basis_kind == "law" and "第九条" in clock.rule.basis
    assert clock.title == "养老服务站委托运营：第1笔付款"


def test_without_an_agreed_day_the_law_gives_thirty(cast):
    delivered = datetime.date(2026, 6, 1)
    row = owed.payment(delivered_on=delivered) | {"due_on": None}
    it = owed.standing(cast, owed.contract_draft(cast, owed.given(row)))
    payment = it.contract.payments.get()
    assert (payment.due_on, payment.is_agreed) == (datetime.date(2026, 7, 1), False)
    assert payment_clocks() == [("contract_payment", datetime.date(2026, 7, 1), "open")]


def test_towards_a_small_business_more_than_sixty_days_are_refused(cast):
    delivered = datetime.date(2026, 6, 1)
    last = owed.payment(delivered_on=delivered, due_on=datetime.date(2026, 7, 31))
    assert owed.contract_draft(cast, owed.given(last)).contract.payments.get().latest_on == last["due_on"]
    row = owed.payment(delivered_on=delivered, due_on=datetime.date(2026, 8, 1))
    with pytest.raises(Refused, match="晚于2026-07-31，.*最长不得超过六十日"):
        owed.contract_draft(cast, owed.given(row))
    owed.contract_draft(cast, owed.given(row, with_small_business=False))


def test_paying_in_full_ends_the_clock_and_paying_in_part_does_not(cast, signed_in):
    it = owed.standing(cast, owed.contract_draft(cast, owed.given(owed.payment(100, make.soon(-3)))))
    clerk, url = signed_in(cast.clerk), reverse("commitments:contract", args=[it.pk])
    desk = clerk.get(reverse("desk")).content.decode()
    assert "合同付款" in desk and "登记付款" in desk and owed.OTHER_SIDE not in desk
    assert clerk.get(reverse("commitments:list"), {"view": "unpaid"}).context["page"].total == 1
    row = {"payments-0-number": 1, "payments-0-amount": "100", "payments-0-due_on": make.soon(-3)}
    paid = {"payments-0-paid_on": make.soon(-1), "payments-0-paid_amount": "40"}
    assert clerk.post(url, INSIDE | row | paid).status_code == 302
    assert [state for *_, state in payment_clocks()] == ["open"]
    assert Payment.objects.overdue(timezone.localdate()).get().left == 60
    assert clerk.post(url, INSIDE | row | paid | {"payments-0-paid_amount": "100"}).status_code == 302
    assert [state for *_, state in payment_clocks()] == ["met"]
    assert clerk.get(reverse("commitments:list"), {"view": "unpaid"}).context["page"].total == 0
    assert "合同付款" not in clerk.get(reverse("desk")).content.decode()


def test_two_people_at_one_contract_are_told_of_each_other(cast, signed_in):
    it = owed.contract_draft(cast)
    url = reverse("commitments:contract", args=[it.pk])
    seen = signed_in(cast.clerk).get(url).context["form"]["contract_seen"].value()
    services.save_contract(it, owed.given(), by=cast.lead, today=timezone.localdate())
    late = signed_in(cast.clerk).post(url, INSIDE | {"contract_seen": seen, "counterparty": "后保存的"})
    assert faults(late)["__all__"][0].startswith("同事刚刚保存过合同内部栏目，您填的还没有保存")
    assert "后保存的" in late.content.decode()
    shown = late.context["form"]["contract_seen"].value()
    again = signed_in(cast.clerk).post(url, INSIDE | {"contract_seen": shown, "counterparty": "看过以后写的"})
    assert again.status_code == 302


def test_a_payment_taken_out_of_the_form_is_kept_as_cancelled_unless_it_was_made(cast):
    it = owed.standing(cast, owed.contract_draft(cast, owed.given(owed.payment(), owed.payment())))
    first = owed.payment(paid_on=owed.SIGNED, paid_amount=5) | {"number": 1}
    services.save_contract(it, owed.given(first), by=cast.clerk, today=timezone.localdate())
    assert list(it.contract.payments.values_list("number", "is_cancelled")) == [(1, False), (2, True)]
    assert [state for *_, state in payment_clocks()] == ["open", "cancelled"]
    with pytest.raises(Refused, match="第1笔已经付过款"):
        services.save_contract(it, owed.given(owed.payment()), by=cast.clerk, today=timezone.localdate())


def test_a_contract_taken_down_is_owed_on(cast):
    it = owed.standing(cast, owed.contract_draft(cast))
    make.withdrawn(cast, it)
    assert [state for *_, state in payment_clocks()] == ["open"]


# Counted apart


def test_the_kept_rate_and_the_counts_of_promises_speak_of_commitments_alone(cast, client):
    due = make.soon(1)
    make.ended(cast, make.in_force(cast, due_on=due))
    make.ended(cast, owed.standing(cast, owed.contract_draft(cast, due_on=due)), "none")
    make.ended(cast, owed.standing(cast, owed.policy_draft(cast, due_on=due)), "none")
    owed.standing(cast, owed.policy_draft(cast))
    make.in_force(cast)
    today = timezone.localdate()
    found = KEPT_RATE.for_unit(cast.street, Period.of_year(due.year, today))
    assert {part: n for part, n in found.counts.items() if n} == {"full": 1}
    front = client.get("/")
    assert front.context["figures"]["active"] == 1
    assert "合同契约1件、政策落实2件，另行统计" in reader.words(front).replace("<", "")
    unit = reader.words(client.get(f"/units/{cast.street.pk}/"))
    assert "正在履行1件公开承诺" in unit and "现在公开的合同契约1件、政策落实2件" in unit
    figure = reader.words(client.get(f"/units/{cast.street.pk}/figures/kept-rate/"))
    assert "合同契约、政策落实另行统计，不计入" in figure


def test_lists_and_open_data_are_filtered_by_form(cast, client, signed_in):
    make.in_force(cast, title="承诺的事")
    owed.standing(cast, owed.contract_draft(cast, title="合同的事"))
    owed.standing(cast, owed.policy_draft(cast, title="政策的事"))
    clerk = signed_in(cast.clerk)
    for form, title in (("commitment", "承诺的事"), ("contract", "合同的事"), ("policy", "政策的事")):
        assert [row.title for row in client.get("/commitments/", {"form": form}).context["page"]] == [title]
        assert [
            row.title for row in clerk.get(reverse("commitments:list"), {"form": form}).context["page"]
        ] == [title]
        rows = client.get("/api/v1/commitments/", {"form": form}).json()["results"]
        assert [(row["title"], row["form"]["key"]) for row in rows] == [(title, form)]
    assert client.get("/commitments/", {"form": "nonsense"}).context["page"].total == 3
    assert client.get("/api/v1/commitments/", {"form": "nonsense"}).status_code == 400
    (policy,) = client.get("/api/v1/commitments/", {"form": "policy"}).json()["results"]
    assert (policy["area"], policy["document_number"]) == (None, "示政发〔2026〕5号")
