"""The clocks of a promise: by when it, its parts and its payments are due, reported, verified, and what is too late."""

import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from commitments.models import Obligation, ObligationState, Part, PartState, Payment
from longsha_credit.deadlines import services as deadlines
from longsha_credit.deadlines.models import Deadline

DUE, REPORT, VERIFY, LATE_CHANGE = "commitment_due", "result_report", "result_verify", "late_change"
PART_DUE = "part_due"
PAY, PAY_AGREED, PAY_MAX = "contract_payment", "contract_payment_agreed", "contract_payment_max"


def _place(obligation: Obligation) -> dict[str, Any]:
    return {
        "organisation": obligation.organisation,
        "title": obligation.title,
        "path": f"desk/commitments/{obligation.pk}/",
    }


def start(obligation: Obligation, *, today: datetime.date) -> None:
    """A promise comes into force: the day it is due, and the days after it in which its result is reported."""
    place, due_on = _place(obligation), obligation.due_on
    deadlines.start(obligation, DUE, starts_on=min(today, due_on), due_on=due_on, today=today, **place)
    deadlines.start(obligation, REPORT, starts_on=due_on, today=today, **place)
    for part in _parts_of(obligation):
        _start_part(part, obligation, today)
    for payment in Payment.objects.standing().filter(contract__obligation=obligation).with_names():
        watch(payment, today=today)


def _parts_of(obligation: Obligation) -> list[Part]:
    return list(obligation.parts.standing()) if obligation.part_count else []


def _start_part(part: Part, obligation: Obligation, today: datetime.date) -> None:
    place = _place(obligation) | {"title": f"{obligation.title}：第{part.number}部分"}
    deadlines.start(
        part, PART_DUE, starts_on=min(today, part.due_on), due_on=part.due_on, today=today, **place
    )


def part_done(part: Part, *, today: datetime.date) -> None:
    deadlines.meet(part, PART_DUE, on=today)


def watch(payment: Payment, *, today: datetime.date) -> None:
    """The clock of a payment: the agreed day, or the law's days after delivery; it names neither side nor sum."""
    rule, other = (PAY_AGREED, PAY) if payment.is_agreed else (PAY, PAY_AGREED)
    deadlines.cancel(payment, rule_key=other, why="付款期限的依据改了")
    if payment.is_cancelled:
        deadlines.cancel(payment, why="这笔付款已取消")
        return
    if payment.is_settled:
        deadlines.meet(payment, rule, on=payment.paid_on or today)
        return
    obligation = payment.contract.obligation
    place = _place(obligation) | {"title": f"{obligation.title}：第{payment.number}笔付款"}
    starts_on = (
        (payment.delivered_on or payment.contract.signed_on) if rule == PAY else payment.contract.signed_on
    )
    if deadlines.open_of(payment).filter(rule_key=rule).exists():
        deadlines.move(
            payment, rule, starts_on=starts_on, due_on=payment.due_on, why="改了付款期限", today=today
        )
    else:
        deadlines.start(payment, rule, starts_on=starts_on, due_on=payment.due_on, today=today, **place)


def pay_by(delivered_on: datetime.date, today: datetime.date) -> datetime.date:
    """The day by which the law wants a delivery paid where the contract names none."""
    return deadlines.due_day_of(PAY, starts_on=delivered_on, today=today)


def pay_at_the_latest(delivered_on: datetime.date, today: datetime.date) -> datetime.date:
    """The last day the law lets a contract agree on."""
    return deadlines.due_day_of(PAY_MAX, starts_on=delivered_on, today=today)


def pay_basis(today: datetime.date) -> str:
    return deadlines.current_rule(PAY_MAX, on=today).basis


IN_FORCE = (ObligationState.IN_FORCE, ObligationState.WITHDRAWING)


def start_missing(*, today: datetime.date) -> int:
    """Clocks for promises that came into force before there were clocks; gives how many got them."""
    with_clock = Deadline.objects.filter(
        object_kind=Obligation._meta.label_lower, object_id=OuterRef("pk"), rule_key=DUE
    )
    without = Obligation.objects.filter(~Exists(with_clock), state__in=IN_FORCE)
    found = list(without.select_related("organisation"))
    for obligation in found:
        start(obligation, today=today)
    return len(found)


def move(obligation: Obligation, *, why: str, today: datetime.date, by: Any) -> None:
    """A change of the promise moves its clocks to their new days; parts come, move and go with it."""
    common = {"why": why, "today": today, "title": obligation.title, "by": by}
    deadlines.move(obligation, DUE, due_on=obligation.due_on, **common)
    deadlines.move(obligation, REPORT, starts_on=obligation.due_on, **common)
    newest = obligation.progress.public().newest_of_each_part()
    done = {report.part_id for report in newest if report.part_state == PartState.DONE}
    for part in obligation.parts.all():
        if part.is_dropped:
            deadlines.cancel(part, why="变更以后没有这一部分了")
        elif deadlines.open_of(part).exists():
            deadlines.move(part, PART_DUE, due_on=part.due_on, why=why, today=today, by=by)
        elif part.pk not in done:
            _start_part(part, obligation, today)


def reported(obligation: Obligation, *, today: datetime.date) -> None:
    """The unit has done its part; the district's clock runs from here."""
    deadlines.meet(obligation, DUE, on=today)
    deadlines.meet(obligation, REPORT, on=today)
    for part in _parts_of(obligation):
        deadlines.meet(part, PART_DUE, on=today)
    district = obligation.organisation.district()
    place = _place(obligation) | {"organisation": district}
    deadlines.start(obligation, VERIFY, starts_on=today, today=today, **place)


def asked_again(obligation: Obligation, *, why: str, today: datetime.date) -> None:
    """Sent back for more evidence: the district's clock ends, the unit has the days of a report once more."""
    deadlines.cancel(obligation, rule_key=VERIFY, why=f"退回补充：{why}"[:200])
    place = _place(obligation)
    if obligation.due_on >= today:
        deadlines.start(obligation, DUE, starts_on=today, due_on=obligation.due_on, today=today, **place)
    deadlines.start(obligation, REPORT, starts_on=max(today, obligation.due_on), today=today, **place)


def verified(obligation: Obligation, *, today: datetime.date) -> None:
    deadlines.meet(obligation, VERIFY, on=today)


def stop(obligation: Obligation, *, why: str) -> None:
    """The promise is taken down: its clocks and its parts' end; a contract is owed on, so its payments' run."""
    deadlines.cancel(obligation, why=why)
    for part in _parts_of(obligation):
        deadlines.cancel(part, why=why)


def silent_after(obligation: Obligation, today: datetime.date) -> datetime.date:
    """The last day on which the report is the unit's own to make; after a return the clock gives it new days."""
    running = deadlines.open_of(obligation).filter(rule_key=REPORT).values_list("due_on", flat=True).first()
    return running or report_by(obligation, today)


def reported_in_time(obligation: Obligation, today: datetime.date) -> bool:
    """Whether a report of today comes within the days that follow the promised day the kept rate counts by."""
    return today <= report_by(obligation, today)


def report_by(obligation: Obligation, today: datetime.date) -> datetime.date:
    day = obligation.counts_on or obligation.due_on
    return deadlines.due_day_of(REPORT, starts_on=day, today=today)


def late_from(obligation: Obligation, today: datetime.date) -> datetime.date:
    """The first day on which a change comes too late to count."""
    day = obligation.counts_on or obligation.due_on
    return day - datetime.timedelta(days=_late_days(today) - 1)


def _late_days(day: datetime.date) -> int:
    return deadlines.current_rule(LATE_CHANGE, on=day).amount


def days_for_all(obligation: Obligation) -> list[dict[str, Any]]:
    """The days that follow from the promise, for everybody: what, until when, how long, on what basis.

    Names rules and days only; reasons of a suspension or an extension stay on the desk.
    """
    newest = {clock.rule_key: clock for clock in deadlines.of(obligation).with_names().order_by("id")}
    return [
        {
            "key": key,
            "label": clock.rule.label,
            "due_on": clock.due_on,
            "days": f"{clock.rule.amount}个{clock.rule.get_unit_display()}" if clock.rule.amount else "",
            "basis": clock.rule.basis,
            "met_on": clock.met_on,
        }
        for key in (DUE, REPORT, VERIFY)
        if (clock := newest.get(key)) and not clock.cancelled_at
    ]


def too_late_to_count(counts_on: datetime.date | None, day: datetime.date) -> bool:
    """Whether a change or withdrawal of `day` comes later than the rule's days before the promised day."""
    if counts_on is None:
        return False
    return (counts_on - day).days < _late_days(day)
