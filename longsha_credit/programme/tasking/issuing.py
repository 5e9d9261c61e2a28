"""Handing a list down to many units, and taking it back: set by set in SQL, each part one transaction of a job.

A part is some units with all their tasks. It may run late, twice or beside itself: a task that is there stays, and
what belongs to a task (its clock, its reminders, its entry) is made with it in the same transaction.
"""

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from longsha_credit.audit.sets import record_set
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.deadlines import sets
from longsha_credit.deadlines.models import Holiday
from longsha_credit.directory.scope import require_within
from longsha_credit.programme.models import StandardTask, Task, TaskIssue, TaskState, Year
from longsha_credit.programme.services import require_open
from longsha_credit.programme.tasking.flows import KEEPS_TASKS
from longsha_credit.programme.tasking.services import units_for

ROWS_AT_ONCE = 10_000

# Units that ended or stopped taking part since the preview are left out.
HAND_DOWN = """
INSERT INTO programme_task (year_id, standard_id, organisation_id, issue_id, state, issued_on, due_on, report, opinion,
  saved_at)
SELECT s.year_id, s.id, o.id, %(issue)s, 'issued', %(today)s, coalesce(%(due_on)s, s.due_on), '', '', %(now)s
FROM directory_organisation o JOIN programme_standardtask s ON s.level = o.level AND s.id = ANY (%(standards)s)
WHERE o.id = ANY (%(units)s) AND o.valid_to IS NULL AND o.taking_part AND s.retired_on IS NULL
ORDER BY o.id, s.number
ON CONFLICT (standard_id, organisation_id) WHERE state <> 'withdrawn' DO NOTHING
RETURNING id
"""
MADE = """
SELECT t.id AS object_id, t.organisation_id, s.title, 'desk/tasks/' || t.id || '/' AS path,
  s.rule_key || ' ' || t.due_on AS plan
FROM programme_task t JOIN programme_standardtask s ON s.id = t.standard_id WHERE t.id = ANY (%(ids)s)
"""
TOLD = """
SELECT t.id AS object_id, o.name || '：' || s.title AS object_label, o.path AS organisation_path,
  o.name AS organisation_name
FROM programme_task t JOIN programme_standardtask s ON s.id = t.standard_id
JOIN directory_organisation o ON o.id = t.organisation_id WHERE t.id = ANY (%(ids)s)
"""
# More time asked for is work too, though it leaves the state alone.
TAKE_BACK = """
UPDATE programme_task t SET state = 'withdrawn', saved_at = %(now)s
WHERE t.issue_id = %(issue)s AND t.organisation_id = ANY (%(units)s) AND t.state = 'issued' AND NOT EXISTS (
  SELECT FROM deadlines_deadline d JOIN deadlines_extension e ON e.deadline_id = d.id
  WHERE d.object_kind = 'programme.task' AND d.object_id = t.id)
RETURNING t.id
"""


@dataclass(frozen=True)
class Line:
    """One standard task of a preview: how many units have its level, how many of them have the task already."""

    standard: StandardTask
    units: int
    have: int
    due_on: datetime.date
    late: bool

    @property
    def new(self) -> int:
        return self.units - self.have


def preview(standards: list[StandardTask], units: Any, *, due_on: datetime.date | None, today: datetime.date) -> list[Line]:
    """What handing `standards` down to `units` (a queryset) would make; two queries."""
    at_level = Counter(units.order_by().values_list("level", flat=True))
    given = Task.objects.standing().filter(standard__in=standards, organisation__in=units)
    have = Counter(given.values_list("standard_id", flat=True))
    return [
        Line(row, at_level[row.level], have[row.pk], due_on or row.due_on, (due_on or row.due_on) < today)
        for row in standards
    ]


@transaction.atomic
def begin(
    year: Year, standards: list[StandardTask], units: Any, *, by: Any, today: datetime.date, due_on: datetime.date | None = None
) -> TaskIssue:
    """The order to hand these tasks down to these units; the rows come with `hand_down`. Raises Http404, Refused."""
    require_within(by, year.organisation, KEEPS_TASKS)
    require_open(year)
    lines = preview(standards, units, due_on=due_on, today=today)
    if late := [line for line in lines if line.late]:
        names = "、".join(line.standard.title for line in late[:3])
        raise Refused(f"有{len(late)}项任务的期限已经过了（{names}），请填一个统一的期限，或者不选这几项。", "guard")
    if due_on and due_on.year != year.number:
        raise Refused(f"期限要在{year.number}年内，请修改。", "guard")
    rows = sum(line.new for line in lines)
    if not rows:
        raise Refused("选中的单位都已经有这些任务，没有要下达的。", "guard")
    issue = TaskIssue.objects.create(
        year=year,
        organisation=year.organisation,
        standards=[row.pk for row in standards],
        units=list(units.order_by("id").values_list("pk", flat=True)),
        due_on=due_on,
        rows=rows,
        by=by,
    )
    reason = f"{len(standards)}项任务，{len(issue.units)}个单位，{rows}件"
    record(issue, step="issue", label="下达任务", by=by, roles=KEEPS_TASKS, reason=reason)
    return issue


def part_of(issue: TaskIssue, number: int) -> list[int]:
    """The units of one part, counted from 0; none behind the last one."""
    size = max(1, ROWS_AT_ONCE // max(1, len(issue.standards)))
    return issue.units[number * size : (number + 1) * size]


def parts(issue: TaskIssue) -> int:
    size = max(1, ROWS_AT_ONCE // max(1, len(issue.standards)))
    return -(-len(issue.units) // size)


@transaction.atomic
def hand_down(issue: TaskIssue, number: int, *, today: datetime.date) -> int:
    """One part: tasks, clocks, reminders and entries; gives how many tasks were made. Raises Refused."""
    require_open(issue.year)
    values = _values(issue, number) | {"standards": issue.standards, "due_on": issue.due_on, "today": today}
    ids = _ids(HAND_DOWN, values)
    sets.begin_set(Task, MADE, {"ids": ids}, _plans(issue, today))
    record_set(
        Task, TOLD, {"ids": ids}, step="issue", label="下达", by=issue.by, to_state=TaskState.ISSUED,
        acting_as=issue.by.role_at(KEEPS_TASKS, issue.organisation.path) or "",
    )  # fmt: skip
    return len(ids)


def _plans(issue: TaskIssue, today: datetime.date) -> list[sets.Plan]:
    """The clocks of this order: one for each rule and due day among its tasks."""
    calendar = Holiday.objects.calendar()
    days = StandardTask.objects.filter(pk__in=issue.standards).order_by().values_list("rule_key", "due_on").distinct()
    wanted = {(rule, issue.due_on or day) for rule, day in days}
    return [
        sets.plan(f"{rule} {day}", rule, starts_on=today, due_on=day, today=today, calendar=calendar)
        for rule, day in sorted(wanted)
    ]


def require_undoable(issue: TaskIssue, *, by: Any) -> None:
    """Raise Http404 or Refused where this person may not take the order back, or it was taken back."""
    require_within(by, issue.organisation, KEEPS_TASKS)
    require_open(issue.year)
    if issue.undone_at:
        raise Refused("这次下达已经收回。", "state")


@transaction.atomic
def begin_undo(issue: TaskIssue, *, by: Any, reason: str) -> None:
    """Note that the order is taken back; the rows go with `take_back`. Raises Http404, Refused."""
    locked = TaskIssue.objects.select_for_update(of=("self",)).with_names().get(pk=issue.pk)
    require_undoable(locked, by=by)
    if not reason.strip():
        raise Refused("请写明收回的理由。", "reason")
    locked.undone_by, locked.undone_at, locked.undo_reason = by, timezone.now(), reason.strip()[:500]
    locked.save(update_fields=["undone_by", "undone_at", "undo_reason"])
    record(locked, step="undo_issue", label="收回下达", by=by, roles=KEEPS_TASKS, reason=reason)


@transaction.atomic
def take_back(issue: TaskIssue, number: int, *, today: datetime.date) -> int:
    """One part: what nobody has worked on, with its clocks; gives how many. What somebody began stays."""
    require_open(issue.year)
    ids = _ids(TAKE_BACK, _values(issue, number))
    sets.cancel_set(Task, "SELECT unnest(%(ids)s)", {"ids": ids}, why=f"任务收回：{issue.undo_reason}")
    record_set(
        Task, TOLD, {"ids": ids}, step="withdraw", label="收回任务", by=issue.undone_by,
        acting_as=issue.undone_by.role_at(KEEPS_TASKS, issue.organisation.path) or "",
        from_state=TaskState.ISSUED, to_state=TaskState.WITHDRAWN, reason=issue.undo_reason,
    )  # fmt: skip
    return len(ids)


def touched(issue: TaskIssue) -> Any:
    """The tasks of an order that an undo leaves: somebody has begun, or asked for more time."""
    from_clock = Task.objects.filter(issue=issue).extra(  # noqa: S610 - no value of anybody's in it
        where=[
            "EXISTS (SELECT FROM deadlines_deadline d JOIN deadlines_extension e ON e.deadline_id = d.id "
            "WHERE d.object_kind = 'programme.task' AND d.object_id = programme_task.id)"
        ]
    )
    begun = Task.objects.filter(issue=issue).exclude(state__in=[TaskState.ISSUED, TaskState.WITHDRAWN])
    return Task.objects.filter(pk__in=begun.values("pk")) | Task.objects.filter(
        pk__in=from_clock.exclude(state=TaskState.WITHDRAWN).values("pk")
    )


def _values(issue: TaskIssue, number: int) -> dict[str, Any]:
    return {"issue": issue.pk, "units": part_of(issue, number), "now": timezone.now()}


def _ids(sql: str, values: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [pk for (pk,) in cursor.fetchall()]


__all__ = ["begin", "begin_undo", "hand_down", "part_of", "parts", "preview", "take_back", "touched", "units_for"]
