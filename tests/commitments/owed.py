"""Makes contracts with their payments, policies, and obligations of several parts, as the desk's forms would."""

import datetime

from commitments import services
from commitments.flows import FLOW
from commitments.models import Obligation, Part, PartState
from commitments.payments import Given
from tests import make

SIGNED = datetime.date(2026, 1, 5)
OTHER_SIDE, NUMBER, SUM = "安居养老服务有限公司", "HT-2026-0077", 864200


def terms(c, form, **changes):
    found = make.terms(c) | {"form": form, "area": "", "title": "养老服务站委托运营"}
    found |= {"content": "工作日开放服务站，提供助餐和日间照料。", "standard": "按约定开放为全部履行。"}
    if form == "policy":
        found |= {"title": "高龄津贴按月发放", "document_number": "示政发〔2026〕5号"}
        found |= {"document_issuer": "示例区民政局", "document_from": make.LONG_AGO, "document_until": None}
    return found | changes


def payment(amount=SUM / 2, due_on=None, **more):
    found = {"number": None, "delivered_on": None, "paid_on": None, "paid_amount": None}
    return found | {"amount": amount, "due_on": due_on or make.soon(20)} | more


def given(*payments, **contract):
    own = {"counterparty": OTHER_SIDE, "number": NUMBER, "signed_on": SIGNED, "amount": SUM}
    return Given(own | {"with_small_business": True} | contract, list(payments or [payment()]))


def contract_draft(c, inside=None, **changes) -> Obligation:
    return services.save_draft(
        Obligation(**terms(c, "contract", **changes)), by=c.clerk, contract=inside or given()
    )


def policy_draft(c, **changes) -> Obligation:
    return services.save_draft(Obligation(**terms(c, "policy", **changes)), by=c.clerk)


def part(title="一期", due_on=None, **more):
    found = {"number": None, "target": None, "unit": "", "weight": None}
    return found | {"title": title, "due_on": due_on or make.soon(30)} | more


def parted_draft(c, *rows, **changes) -> Obligation:
    rows = list(rows or (part(), part("二期", make.soon(45)), part("三期", make.soon(50))))
    return services.save_draft(Obligation(**make.terms(c, **changes)), by=c.clerk, part_rows=rows)


def standing(c, draft: Obligation, today=None) -> Obligation:
    """A draft carried through the gate."""
    FLOW.take(draft, "submit", by=c.clerk, today=today)
    return make.passed(c, draft, today=today)


def report(c, obligation, number, state=PartState.DONE, **more):
    """A published report on one part."""
    of = Part.objects.get(obligation=obligation, number=number)
    return make.published_progress(c, obligation, part=of, part_state=state, **({"done": None} | more))
