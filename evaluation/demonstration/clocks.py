"""The clocks of a round: self-assessment, first check, check, objections, the yearly re-check."""

import datetime

from evaluation.models import Application, Award, NoticeObjection
from longsha_credit.deadlines import services as deadlines

ASSESS, STREET, CHECK = "demonstration_assess", "demonstration_street", "demonstration_check"
OBJECTION, RECHECK, VALID = "demonstration_objection", "demonstration_recheck", "demonstration_valid"
PUBLICITY = "public_notice"


def applied(it: Application, *, today: datetime.date) -> None:
    _start(it, ASSESS, it.organisation, today, due_on=max(today, it.cycle.assess_until))


def submitted(it: Application, *, today: datetime.date, to_street: bool) -> None:
    deadlines.meet(it, ASSESS, on=today)
    if to_street:
        _start(it, STREET, it.organisation.parent, today)
    else:
        _start(it, CHECK, it.cycle.organisation, today)


def street_passed(it: Application, *, today: datetime.date) -> None:
    deadlines.meet(it, STREET, on=today)
    _start(it, CHECK, it.cycle.organisation, today)


def check_passed(it: Application, *, today: datetime.date) -> None:
    deadlines.meet(it, CHECK, on=today)


def returned(it: Application, *, today: datetime.date) -> None:
    deadlines.meet(it, STREET, on=today)
    deadlines.meet(it, CHECK, on=today)
    applied(it, today=today)


def is_gone(it: Application, why: str) -> None:
    deadlines.cancel(it, why=why)


def objected(it: NoticeObjection, *, today: datetime.date) -> None:
    deadlines.start(
        it, OBJECTION, organisation=it.organisation, apart_from=it.application.organisation, title=str(it),
        path=f"desk/evaluation/demonstration/objections/{it.pk}/", starts_on=today, today=today,
    )  # fmt: skip


def answered(it: NoticeObjection, *, today: datetime.date) -> None:
    deadlines.meet(it, OBJECTION, on=today)


def awarded(it: Award, *, today: datetime.date) -> None:
    deadlines.start(
        it, RECHECK, organisation=it.organisation, title=f"年度复核：{it}"[:200],
        path=f"desk/evaluation/demonstration/awards/{it.pk}/", starts_on=today, today=today,
    )  # fmt: skip


def rechecked(it: Award, *, today: datetime.date) -> None:
    deadlines.meet(it, RECHECK, on=today)
    if deadlines.due_day_of(RECHECK, starts_on=today, today=today) < it.valid_until:
        awarded(it, today=today)


def revoked(it: Award) -> None:
    deadlines.cancel(it, why="已撤销")


def _start(
    it: Application, rule: str, unit, today: datetime.date, due_on: datetime.date | None = None
) -> None:
    deadlines.start(
        it, rule, organisation=unit, title=str(it)[:200], path=f"desk/evaluation/demonstration/{it.pk}/",
        starts_on=today, due_on=due_on, today=today,
    )  # fmt: skip
