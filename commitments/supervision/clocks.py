"""The clocks of a resident's case: acceptance, reply, approval, handling again, the answer; and of a slip."""

import datetime
from typing import Any

from commitments.models import Case, CaseKind, TransferSlip
from longsha_credit.deadlines import services as deadlines
from longsha_credit.deadlines.models import Deadline

ACCEPT, CLOSE, FEEDBACK = "complaint_accept", "complaint_close", "complaint_feedback"
REHANDLE, FOLLOW_UP, SLIP = "complaint_rehandle", "complaint_followup", "complaint_slip"
ORDER = (ACCEPT, CLOSE, REHANDLE, FOLLOW_UP)


def _start(case: Case, rule: str, *, today: datetime.date, unit: Any = None) -> None:
    """The title has the number and nothing of what was said; the target's people are kept apart."""
    deadlines.start(
        case,
        rule,
        organisation=unit or case.organisation,
        apart_from=case.about,
        title=str(case),
        path=f"desk/cases/{case.pk}/",
        starts_on=today,
        today=today,
    )


def filed(case: Case, *, today: datetime.date) -> None:
    _start(case, ACCEPT, today=today)


def accepted(case: Case, *, today: datetime.date) -> None:
    deadlines.meet(case, ACCEPT, on=today)
    _start(case, CLOSE, today=today)


def refused(case: Case, *, today: datetime.date) -> None:
    deadlines.meet(case, ACCEPT, on=today)


def proposed(case: Case, *, today: datetime.date) -> None:
    _start(case, FEEDBACK, today=today)


def reworked(case: Case) -> None:
    deadlines.cancel(case, rule_key=FEEDBACK, why="退回承办人再办")


def replied(case: Case, *, today: datetime.date) -> None:
    for rule in (FEEDBACK, CLOSE, REHANDLE):
        deadlines.meet(case, rule, on=today)
    _start(case, FOLLOW_UP, today=today)


def not_satisfied(case: Case, *, today: datetime.date) -> None:
    deadlines.meet(case, FOLLOW_UP, on=today)
    _start(case, REHANDLE, today=today, unit=case.organisation.district())


def closed(case: Case, *, today: datetime.date, answered: bool) -> None:
    if answered:
        deadlines.meet(case, ACCEPT, on=today)
        deadlines.meet(case, FOLLOW_UP, on=today)
    deadlines.cancel(case, why="未回访，按期结束")


def slip_sent(slip: TransferSlip, *, today: datetime.date) -> None:
    deadlines.start(
        slip, SLIP, organisation=slip.organisation, title=str(slip), path=f"desk/slips/{slip.pk}/",
        starts_on=today, today=today,
    )  # fmt: skip


def slip_answered(slip: TransferSlip, *, today: datetime.date) -> None:
    deadlines.meet(slip, SLIP, on=today)


def slip_recalled(slip: TransferSlip) -> None:
    deadlines.cancel(slip, why="转办单已收回")


def in_time(case: Case, rule: str, today: datetime.date) -> bool:
    """Whether the open clock of this rule has not run out today."""
    due = deadlines.open_of(case).filter(rule_key=rule).values_list("due_on", flat=True).first()
    return due is None or today <= due


def overdue_follow_ups(*, today: datetime.date) -> list[int]:
    """Cases whose resident has let the days of the follow-up pass."""
    rows = Deadline.objects.overdue(today).filter(object_kind=Case._meta.label_lower, rule_key=FOLLOW_UP)
    return list(rows.values_list("object_id", flat=True))


def for_resident(case: Case) -> list[dict[str, Any]]:
    """Until when what is done, by which rule and on what basis; for who has the query code."""
    newest = {clock.rule_key: clock for clock in deadlines.of(case).with_names().order_by("id")}
    found = []
    for key in ORDER:
        clock = newest.get(key)
        if clock is None or (clock.cancelled_at and key != FOLLOW_UP):
            continue
        label = clock.rule.label
        if case.kind != CaseKind.COMPLAINT:
            label = label.replace("投诉", "")
        found.append(
            {
                "label": label,
                "due_on": clock.due_on,
                "amount": clock.rule.amount_in_words,
                "basis": clock.rule.basis,
                "kind": clock.rule.get_basis_kind_display(),
                "met_on": clock.met_on,
                "is_open": clock.is_open,
                "extended": clock.extended_by > 0,
                "lines": clock.lines,
            }
        )
    return found
