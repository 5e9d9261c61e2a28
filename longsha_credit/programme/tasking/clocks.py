"""The clocks of a task: of the unit until it reports, of the level above until it decides, of the unit again."""

import datetime

from longsha_credit.deadlines import services as deadlines
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.models import Organisation
from longsha_credit.programme.models import UNIT_CLOCKS, Task

REDO, DECIDE = "task_redo", "task_decide"


def path_of(pk: int) -> str:
    return f"desk/tasks/{pk}/"


def open_clock(task: Task) -> Deadline | None:
    """The unit's clock that runs now."""
    return (
        deadlines.open_of(task)
        .filter(rule_key__in=UNIT_CLOCKS)
        .select_related("rule", "organisation")
        .first()
    )


def decider_of(task: Task) -> Organisation:
    """The unit above, which decides; for a task of the district the district itself."""
    return task.organisation.parent or task.organisation


def is_reported(task: Task, *, today: datetime.date) -> None:
    for rule in UNIT_CLOCKS:
        deadlines.meet(task, rule, on=today)
    _start(task, DECIDE, decider_of(task), today)


def is_decided(task: Task, *, today: datetime.date) -> None:
    deadlines.meet(task, DECIDE, on=today)


def begin_again(task: Task, *, today: datetime.date) -> None:
    _start(task, REDO, task.organisation, today)


def is_gone(task: Task, *, why: str) -> None:
    deadlines.cancel(task, why=why)


def _start(task: Task, rule: str, unit: Organisation, today: datetime.date) -> None:
    deadlines.start(
        task,
        rule,
        organisation=unit,
        title=task.standard.title,
        path=path_of(task.pk),
        starts_on=today,
        today=today,
    )
