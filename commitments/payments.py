"""Keeping what of a contract is the office's own: the other side, the sum, what is to be paid and what was."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from commitments import clocks
from commitments.models import Contract, Form, Obligation, ObligationState, Payment
from longsha_credit.audit.workflow import Refused

UNDECIDED = (ObligationState.DRAFT, ObligationState.IN_REVIEW, ObligationState.DISCARDED)
COLUMNS = ("delivered_on", "amount", "paid_on", "paid_amount")


@dataclass(frozen=True)
class Given:
    """What a form brings: `contract` by the columns of Contract, `payments` one dict a row.

    A row has delivered_on, due_on (None: the law's day), amount, paid_on, paid_amount, and the number of the payment
    it changes, or None; what is not among the rows any more is cancelled. `seen` is the stamp of the version the
    writer started from, empty where nobody asks.
    """

    contract: dict[str, Any]
    payments: list[dict[str, Any]] = field(default_factory=list)
    seen: str = ""


def stamp_of(contract: Contract | None) -> str:
    return contract.saved_at.isoformat() if contract else ""


def keep(obligation: Obligation, given: Given, *, by: Any, today: datetime.date) -> Contract:
    """Store the contract of `obligation` and its payments, and let their clocks follow. Raises Refused."""
    if obligation.form != Form.CONTRACT:
        raise Refused("只有合同契约才有合同内部栏目。", "guard")
    contract = Contract.objects.select_for_update().filter(obligation=obligation).first()
    if given.seen and given.seen != stamp_of(contract):
        raise Refused(
            "同事刚刚保存过合同内部栏目，您填的还没有保存。请先在另一个窗口看看；核对以后再按一次保存，就以您写的为准。",
            "seen",
        )
    contract = contract or Contract(obligation=obligation)
    for name, value in given.contract.items():
        setattr(contract, name, value)
    contract.saved_by = by
    contract.save()
    rows = _in_order(contract, given.payments)
    for number, payment in {p.number: p for p in contract.payments.standing()}.items():
        if number not in rows:
            _cancel(payment, today)
    for number, row in rows.items():
        _keep_one(contract, number, row, today)
    return contract


def _in_order(contract: Contract, rows: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """The rows by number; one without a number the contract knows is new and gets the next."""
    known = {payment.number: payment for payment in contract.payments.all()}
    standing = {number for number, payment in known.items() if not payment.is_cancelled}
    last, numbered = max(known, default=0), {}
    for row in rows:
        number = row.get("number")
        if number not in standing or number in numbered:
            number = last = last + 1
        numbered[number] = row
    return numbered


def _cancel(payment: Payment, today: datetime.date) -> None:
    if payment.paid_on:
        raise Refused(f"第{payment.number}笔已经付过款，不能删去；填错的请改正。", "guard")
    payment.is_cancelled = True
    payment.save()
    clocks.watch(payment, today=today)


def _keep_one(contract: Contract, number: int, row: dict[str, Any], today: datetime.date) -> None:
    payment = contract.payments.filter(number=number).first() or Payment(contract=contract, number=number)
    for name in COLUMNS:
        setattr(payment, name, row.get(name))
    payment.is_agreed = row.get("due_on") is not None
    payment.due_on, payment.latest_on = _days(contract, payment, row.get("due_on"), today)
    payment.save()
    if contract.obligation.state not in UNDECIDED:
        clocks.watch(payment, today=today)


def _days(
    contract: Contract, payment: Payment, agreed: datetime.date | None, today: datetime.date
) -> tuple[datetime.date, datetime.date | None]:
    """The day a payment is due and, towards a small business, the last day the law lets it be."""
    delivered_on = payment.delivered_on
    if agreed is None:
        if delivered_on is None:
            raise Refused(
                f"第{payment.number}笔付款：请填写付款期限；合同没有约定的，请填写交付日期。", "guard"
            )
        agreed = clocks.pay_by(delivered_on, today)
    if not contract.with_small_business or delivered_on is None:
        return agreed, None
    latest_on = clocks.pay_at_the_latest(delivered_on, today)
    if agreed > latest_on:
        raise Refused(
            f"第{payment.number}笔付款的期限晚于{latest_on:%Y-%m-%d}，向中小企业付款不能这样晚，请改成不晚于这一天。"
            f"依据：{clocks.pay_basis(today)}。",
            "guard",
        )
    return agreed, latest_on
