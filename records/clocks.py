"""The clocks of records: re-check, taking down what lost its basis, correcting what was found wrong, objections, repair."""

import datetime
from typing import Any

from longsha_credit.deadlines import services as deadlines
from longsha_credit.directory.models import Organisation
from records.models import FILERS, Record

RECHECK, TAKE_DOWN, CORRECT = "record_recheck", "withdraw_revoked", "record_correct"
OBJECTION_OWN, OBJECTION_CHECK, REPAIR = "objection_own", "objection_check", "repair_reply"


def _start(
    obj: Any,
    record: Record,
    rule: str,
    *,
    today: datetime.date,
    due_on: datetime.date | None = None,
    organisation: Organisation | None = None,
) -> None:
    """The district's to keep where no other unit is named; the title names no person."""
    deadlines.start(
        obj,
        rule,
        organisation=organisation or record.organisation.district(),
        title=str(record),
        path=f"desk/records/{record.pk}/",
        starts_on=today,
        due_on=due_on,
        today=today,
    )


def check_again(record: Record, *, today: datetime.date) -> None:
    deadlines.cancel(record, rule_key=RECHECK, why="已复查")
    _start(record, record, RECHECK, today=today, due_on=record.next_check_on)


def checked(record: Record, *, today: datetime.date) -> None:
    deadlines.meet(record, RECHECK, on=today)


def basis_fell(record: Record, *, today: datetime.date) -> None:
    _start(record, record, TAKE_DOWN, today=today)


def taken_down(record: Record, *, today: datetime.date) -> None:
    deadlines.meet(record, TAKE_DOWN, on=today)


def kept(record: Record, *, why: str) -> None:
    deadlines.cancel(record, rule_key=TAKE_DOWN, why=why)


def to_correct(record: Record, *, today: datetime.date) -> None:
    _start(record, record, CORRECT, today=today, organisation=filing_unit(record))


def filing_unit(record: Record) -> Organisation:
    """Whose writers correct a record: the unit its filer wrote for, also when he has left; the district for its own.

    Records on persons are few people's to read: their corrections are the district's duty too.
    """
    if record.is_about_a_person:
        return record.organisation.district()
    held = record.created_by.memberships.filter(role__in=FILERS).select_related("organisation")
    above = [m.organisation for m in held if record.organisation.path.startswith(m.organisation.path)]
    return max(above, key=lambda unit: len(unit.path), default=record.organisation)


def corrected(record: Record, *, today: datetime.date) -> None:
    deadlines.meet(record, CORRECT, on=today)


def ended(record: Record, *, why: str) -> None:
    deadlines.cancel(record, why=why)


def objected(objection: Any, *, today: datetime.date) -> None:
    _start(objection, objection.record, OBJECTION_OWN, today=today)


def needs_check(objection: Any, *, today: datetime.date) -> None:
    """The longer clock runs from the day of the objection all the same."""
    deadlines.cancel(objection, rule_key=OBJECTION_OWN, why="需要向其他单位核查")
    _start(objection, objection.record, OBJECTION_CHECK, today=objection.filed_on)


def asked_for_repair(repair: Any, *, today: datetime.date) -> None:
    _start(repair, repair.record, REPAIR, today=today)


def answered(request: Any, *, today: datetime.date) -> None:
    for rule in (OBJECTION_OWN, OBJECTION_CHECK, REPAIR):
        deadlines.meet(request, rule, on=today)


def dropped(request: Any, *, why: str) -> None:
    deadlines.cancel(request, why=why)
