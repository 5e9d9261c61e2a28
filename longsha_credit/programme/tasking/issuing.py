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

from longsha_credit.audit.models import Entry
from longsha_credit.audit.sets import record_set
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.deadlines import sets
from longsha_credit.deadlines.models import Holiday
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange import jobs
from longsha_credit.exchange.models import Job
from longsha_credit.programme.models import StandardTask, Task, TaskState, Year
from longsha_credit.programme.services import require_open
from longsha_credit.programme.tasking.flows import KEEPS_TASKS

KIND = "issue_tasks"
ROWS_AT_ONCE = 10_000
NAMED = 20  # of the tasks an undo leaves

# Units that ended or stopped taking part since the preview are left out, and so are tasks the list no longer has.
HAND_DOWN = """
INSERT INTO programme_task (year_id, standard_id, organisation_id, job_id, state, issued_on, due_on, report, opinion,
  saved_at)
SELECT s.year_id, s.id, o.id, %(job)s, 'issued', %(today)s, coalesce(%(due_on)s, s.due_on), '', '', %(now)s
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
# Whoever asked for more time has worked on it too, though that leaves the state alone.
ASKED_FOR_TIME = """EXISTS (
  SELECT FROM deadlines_deadline d JOIN deadlines_extension e ON e.deadline_id = d.id
  WHERE d.object_kind = 'programme.task' AND d.object_id = t.id)"""
TAKE_BACK = f"""
UPDATE programme_task t SET state = 'withdrawn', saved_at = %(now)s
WHERE t.job_id = %(job)s AND t.organisation_id = ANY (%(units)s) AND t.state = 'issued' AND NOT {ASKED_FOR_TIME}
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


def preview(
    standards: list[StandardTask], units: Any, *, due_on: datetime.date | None, today: datetime.date
) -> list[Line]:
    """What handing `standards` down to `units` (a queryset) would make; two queries."""
    at_level = Counter(units.order_by().values_list("level", flat=True))
    given = Task.objects.standing().filter(standard__in=standards, organisation__in=units.order_by())
    have = Counter(given.order_by().values_list("standard_id", flat=True))
    return [
        Line(row, at_level[row.level], have[row.pk], due_on or row.due_on, (due_on or row.due_on) < today)
        for row in standards
    ]


def register() -> None:
    jobs.register(
        KIND, label="下达任务", run=run, undo=undo, untouched=stands_against_undoing, chunk=ROWS_AT_ONCE
    )


@transaction.atomic
def begin(
    year: Year,
    standards: list[StandardTask],
    units: Any,
    *,
    by: Any,
    today: datetime.date,
    key: str,
    due_on: datetime.date | None = None,
) -> Job:
    """The job that hands these tasks down to these units (a queryset); twice under one `key` it is the same job.

    Raises Http404, Refused.
    """
    require_within(by, year.organisation, KEEPS_TASKS)
    require_open(year)
    started = Job.objects.filter(kind=KIND, key=key, by=by).first()
    if started is not None:
        return started
    lines = preview(standards, units, due_on=due_on, today=today)
    if late := [line for line in lines if line.late]:
        names = "、".join(line.standard.title for line in late[:3])
        raise Refused(
            f"有{len(late)}项任务的期限已经过了（{names}），请填一个统一的期限，或者不选这几项。", "guard"
        )
    if due_on and due_on.year != year.number:
        raise Refused(f"期限要在{year.number}年内，请修改。", "guard")
    rows = sum(line.new for line in lines)
    if not rows:
        raise Refused("选中的单位都已经有这些任务，没有要下达的。", "guard")
    ids = list(units.order_by("id").values_list("pk", flat=True))
    title = f"{year}任务：{len(standards)}项，{len(ids)}个单位"
    job = jobs.start(
        KIND, by=by, organisation=year.organisation, title=title, key=key,
        arguments={
            "year": year.pk, "standards": [row.pk for row in standards], "units": ids, "rows": rows,
            "due_on": due_on.isoformat() if due_on else None, "today": today.isoformat(),
        },
    )  # fmt: skip
    record(job, step="issue_tasks", label="下达任务", by=by, roles=KEEPS_TASKS, reason=f"{title}，{rows}件")
    return job


def run(job: Job, chunk: int) -> bool:
    """One part of the job; see exchange.kinds.Kind."""
    asked = job.arguments
    made, more = _part(job, chunk, lambda units: hand_down(job, units))
    job.done += made
    job.total = max(asked["rows"], job.done)
    if not more:
        left = asked["rows"] - job.done
        job.result = {
            "lines": [f"下达{job.done}件。"]
            + ([f"另有{left}件别人已经下达，或者单位已经停用，没有重复下达。"] if left > 0 else []),
            "link": {"path": f"desk/tasks/?job={job.pk}&year={_year(job).number}", "label": "看下达的任务"},
        }
    return more


def undo(job: Job, chunk: int) -> bool:
    """One part of taking the job's tasks back; what somebody has begun stays and is named."""
    last = Entry.objects.about(job).filter(step="undo").select_related("actor").first()
    by = last.actor if last else job.by
    gone, more = _part(job, chunk, lambda units: take_back(job, units, by=by))
    job.done += gone
    if not more:
        path = f"desk/tasks/?job={job.pk}&year={_year(job).number}&view=withdrawn"
        job.result = {
            "lines": [f"收回{job.done}件。", *_named(touched(job))],
            "link": {"path": path, "label": "看收回的任务"},
        }
    return more


def _part(job: Job, chunk: int, do: Any) -> tuple[int, bool]:
    """What `do` gives for the next units, and whether there are more; `chunk` is in tasks."""
    size = max(1, chunk // max(1, len(job.arguments["standards"])))
    start = job.position.get("unit", 0)
    units = job.arguments["units"][start : start + size]
    number = do(units) if units else 0
    job.position = {"unit": start + len(units)}
    return number, start + size < len(job.arguments["units"])


def hand_down(job: Job, units: list[int]) -> int:
    """Tasks, clocks, reminders and entries for these units; gives how many tasks were made. Raises Refused.

    The caller holds the job and the transaction.
    """
    require_open(_year(job))
    asked, by, today = job.arguments, job.by, datetime.date.fromisoformat(job.arguments["today"])
    values = {"job": job.pk, "units": units, "now": timezone.now(), "today": today}
    ids = _ids(HAND_DOWN, values | {"standards": asked["standards"], "due_on": asked["due_on"]})
    sets.begin_set(Task, MADE, {"ids": ids}, _plans(job, today))
    record_set(
        Task, TOLD, {"ids": ids}, step="issue", label="下达", by=by, to_state=TaskState.ISSUED,
        acting_as=by.role_at(KEEPS_TASKS, job.organisation.path) or "",
    )  # fmt: skip
    return len(ids)


def _plans(job: Job, today: datetime.date) -> list[sets.Plan]:
    """The clocks of this job: one for each rule and due day among its tasks."""
    calendar, asked = Holiday.objects.calendar(), job.arguments
    given = datetime.date.fromisoformat(asked["due_on"]) if asked["due_on"] else None
    rows = StandardTask.objects.filter(pk__in=asked["standards"]).order_by()
    wanted = {(rule, given or day) for rule, day in rows.values_list("rule_key", "due_on")}
    return [
        sets.plan(f"{rule} {day}", rule, starts_on=today, due_on=day, today=today, calendar=calendar)
        for rule, day in sorted(wanted)
    ]


def take_back(job: Job, units: list[int], *, by: Any) -> int:
    """What nobody of these units has worked on, with its clocks; gives how many. Raises Refused."""
    require_open(_year(job))
    why = "这次下达已经撤销"
    ids = _ids(TAKE_BACK, {"job": job.pk, "units": units, "now": timezone.now()})
    sets.cancel_set(Task, "SELECT unnest(%(ids)s)", {"ids": ids}, why=f"任务收回：{why}")
    record_set(
        Task, TOLD, {"ids": ids}, step="withdraw", label="收回任务", by=by, reason=why,
        acting_as=by.role_at(KEEPS_TASKS, job.organisation.path) or "",
        from_state=TaskState.ISSUED, to_state=TaskState.WITHDRAWN,
    )  # fmt: skip
    return len(ids)


def stands_against_undoing(job: Job) -> list[str]:
    year = _year(job)
    return [f"{year}已封存，任务不能再收回。"] if year.is_frozen else []


def touched(job: Job) -> Any:
    """The tasks of a job that taking it back leaves: somebody has begun, or asked for more time."""
    sql = f"SELECT t.id FROM programme_task t WHERE t.job_id = %s AND t.state <> 'withdrawn' AND (t.state <> 'issued' OR {ASKED_FOR_TIME})"
    return (
        Task.objects.filter(pk__in=_ids(sql, [job.pk])).with_names().order_by("organisation__path", "due_on")
    )


def _named(left: Any) -> list[str]:
    number = left.count()
    if not number:
        return []
    names = "；".join(str(task) for task in left[:NAMED])
    return [f"有{number}件已经有人办理，没有收回：{names}{'……' if number > NAMED else '。'}"]


def _year(job: Job) -> Year:
    return Year.objects.select_related("organisation").get(pk=job.arguments["year"])


def _ids(sql: str, values: Any) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [pk for (pk,) in cursor.fetchall()]
