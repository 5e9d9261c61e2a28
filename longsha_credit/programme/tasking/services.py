"""Every change of a task and of the list beside the steps: the list loaded and edited, owner, notes, evidence."""

import calendar
import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.models import Official, Organisation, User
from longsha_credit.directory.scope import require_within
from longsha_credit.files import services as files
from longsha_credit.files.models import StoredFile
from longsha_credit.programme.checks import moved_end
from longsha_credit.programme.models import (
    NoteKind,
    StandardTask,
    Task,
    TaskEvidence,
    TaskNote,
    TaskRule,
    TaskState,
    Year,
    YearState,
)
from longsha_credit.programme.reference import FIRST_YEAR, REPORT_ON
from longsha_credit.programme.services import require_open
from longsha_credit.programme.tasking.flows import FLOW, KEEPS_TASKS, LEADS, WRITERS
from longsha_credit.programme.tasking.reference import LIST, REPORT

PURPOSE = "task_evidence"
WORKED_ON = (TaskState.WORKING, TaskState.RETURNED)
EDITED = ("level", "number", "main", "title", "work", "evidence", "basis", "stage", "due_on")


def register() -> None:
    """Who reads the files that were uploaded as evidence: those who see the task."""
    files.readable(
        PURPOSE,
        lambda user: StoredFile.objects.filter(
            pk__in=TaskEvidence.objects.visible_to(user).filter(file__isnull=False).values("file")
        ),
    )


# The list of a year


@transaction.atomic
def load_list(year: Year, *, by: Any = None) -> int:
    """The list the portal brings, for an open year that has none; gives how many tasks it has then. Raises Http404.

    `by` is None where the reference data is loaded.
    """
    if by is not None:
        require_within(by, year.organisation, KEEPS_TASKS)
    locked = Year.objects.select_for_update().get(pk=year.pk)
    if locked.is_frozen or StandardTask.objects.filter(year=locked).exists():
        return StandardTask.objects.filter(year=locked).current().count()
    rows = [row for level in LIST for row in _default_list(locked, level)]
    StandardTask.objects.bulk_create(rows)
    record(locked, step="load_list", label="载入任务清单", by=by, roles=KEEPS_TASKS, reason=f"{len(rows)}项")
    return len(rows)


def _default_list(year: Year, level: str) -> list[StandardTask]:
    return [_standard(year, level, number, row) for number, row in enumerate(LIST[level], start=1)]


def default_list(level: str, number: int) -> list[StandardTask]:
    """The tasks of a level that the portal brings, with their days in a year; not stored."""
    report_on = REPORT_ON.replace(year=number)
    return _default_list(Year(number=number, report_on=report_on), level)


def _standard(year: Year, level: str, number: int, row: Any) -> StandardTask:
    words = row._asdict()
    month, day = words.pop("month"), words.pop("day")
    if month == REPORT:
        return StandardTask(
            year=year, level=level, number=number, due_on=year.report_on, rule_key=TaskRule.SUMMARY, **words
        )
    last = calendar.monthrange(FIRST_YEAR, month)[1]
    due_on = moved_end(datetime.date(FIRST_YEAR, month, min(day, last)), year.number)
    return StandardTask(year=year, level=level, number=number, due_on=due_on, **words)


@transaction.atomic
def save_standard(row: StandardTask, *, by: Any, seen: str = "") -> StandardTask:
    """A new task of the list, or one that no unit was given yet. Raises Http404, Refused."""
    require_within(by, row.year.organisation, KEEPS_TASKS)
    require_open(row.year)
    new = row.pk is None
    if new:
        last = StandardTask.objects.filter(year=row.year, level=row.level).aggregate(n=Max("number"))["n"]
        row.number = (last or 0) + 1
    else:
        before = StandardTask.objects.select_for_update().get(pk=row.pk)
        if seen and seen != before.saved_at.isoformat():
            raise Refused(
                "同事刚刚保存过这一项。您填的内容还在下面，请先看看最新内容，再决定是否保存。", "seen"
            )
        require_unissued(before)
    row.save()
    record(
        row, step="save_standard", label="新增标准任务" if new else "修改标准任务", by=by, roles=KEEPS_TASKS
    )
    return row


def require_unissued(row: StandardTask) -> None:
    """Raise Refused where a unit has been given the task: what was asked of it does not change behind its back."""
    if row.retired_on:
        raise Refused("这一项已经停用，不能再改。", "state")
    if Task.objects.filter(standard=row).exists():
        raise Refused("这一项已经下达，不能再改。要改，先停用它，再新增一项。", "state")


@transaction.atomic
def retire_standard(row: StandardTask, *, by: Any, today: datetime.date) -> None:
    """Hand it down no more; those who have it keep it. Raises Http404, Refused."""
    require_within(by, row.year.organisation, KEEPS_TASKS)
    require_open(row.year)
    if not StandardTask.objects.filter(pk=row.pk).current().update(retired_on=today, saved_at=timezone.now()):
        raise Refused("这一项已经停用。", "state")
    record(row, step="retire_standard", label="停用标准任务", by=by, roles=KEEPS_TASKS)


# A task of a unit


def _working(task: Task, by: Any, today: datetime.date, roles: frozenset = WRITERS) -> Task:
    """The task, locked and begun, for somebody of its unit; raises Http404 for others and Refused when it is over."""
    require_within(by, task.organisation, roles)
    require_open(task.year)
    locked = Task.objects.select_for_update(of=("self",)).with_names().get(pk=task.pk)
    if locked.state == TaskState.ISSUED:
        FLOW.take(locked, "begin", by=by, today=today)
    if locked.state not in WORKED_ON:
        raise Refused(f"现在是“{locked.get_state_display()}”，不能再改。", "state")
    return locked


@transaction.atomic
def set_owner(
    task: Task, *, by: Any, today: datetime.date, owner: User | None = None, post: Organisation | None = None
) -> None:
    """Who answers for the task: a person or a post of the unit, or nobody again. Raises Http404, Refused."""
    if owner is not None and post is not None:
        raise Refused("责任人和责任岗位选一个。", "guard")
    locked = _working(task, by, today, LEADS)
    before = locked.answers
    locked.owner, locked.owner_post = owner, post
    if (now := locked.answers) == before:
        return
    try:
        with transaction.atomic():
            locked.save(update_fields=["owner", "owner_post", "saved_at"])
    except IntegrityError as problem:
        raise Refused(f"“{now}”不是本单位的人或者岗位，请重新选。", "guard") from problem
    reason = f"{before or '没有定'} 改为 {now or '没有定'}"
    record(locked, step="set_owner", label="定责任人", by=by, roles=LEADS, reason=reason)


@transaction.atomic
def set_owners(tasks: list[Task], *, by: Any, today: datetime.date, **given: Any) -> None:
    """The same for several tasks, all or none."""
    for task in tasks:
        set_owner(task, by=by, today=today, **given)


@transaction.atomic
def pass_tasks_on(post: Organisation, *, before: Official, after: Official | None, by: Any) -> int:
    """What the one who leaves a post answered for in its unit: the successor does from now on, or the post itself.

    The post where nobody follows yet or the successor has no account in the unit. Called once the handover is over;
    gives how many tasks it was.
    """
    people = User.objects.filter(memberships__organisation=post.parent, memberships__ended_on=None)
    owner = people.filter(is_active=True, official=after).first() if after else None
    given = {"owner": owner, "owner_post": None if owner else post}
    rows = Task.objects.unfinished().filter(organisation=post.parent, owner__official=before)
    left = list(rows.exclude(year__state=YearState.FROZEN).with_names().select_for_update(of=("self",)))
    for task in left:
        reason = f"{task.owner} 改为 {owner or post}"
        Task.objects.filter(pk=task.pk).update(**given, saved_at=timezone.now())
        record(task, step="set_owner", label="交接后改责任人", by=by, reason=reason)
    return len(left)


@transaction.atomic
def add_note(task: Task, *, kind: str, text: str, by: Any, today: datetime.date) -> TaskNote:
    """The unit's own measures, or what has been done so far. Raises Http404, Refused."""
    locked = _working(task, by, today)
    note = TaskNote.objects.create(task=locked, kind=kind, text=text.strip(), by=by)
    record(locked, step=kind, label=f"写{NoteKind(kind).label}", by=by, roles=WRITERS)
    return note


@transaction.atomic
def pick_evidence(task: Task, *, by: Any, today: datetime.date, **thing: Any) -> TaskEvidence:
    """Point at what the unit has already: one of `entry`, `publication`, `file`. Raises Http404, Refused."""
    locked = _working(task, by, today)
    found = TaskEvidence.objects.filter(task=locked, **thing).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            row = TaskEvidence.objects.create(task=locked, by=by, **thing)
    except IntegrityError as problem:
        raise Refused("只能选本单位自己的留痕、公开内容和文件。", "guard") from problem
    record(locked, step="pick_evidence", label="选佐证", by=by, roles=WRITERS, reason=str(row)[:200])
    return row


@transaction.atomic
def upload_evidence(task: Task, *, upload: files.Upload, by: Any, today: datetime.date) -> list[TaskEvidence]:
    """What the portal does not have yet. Raises Http404, Refused, Unacceptable."""
    locked = _working(task, by, today)
    keep = {"organisation": locked.organisation, "purpose": PURPOSE, "by": by}
    return [
        pick_evidence(locked, by=by, today=today, file=files.store(file, **keep)) for file in upload.added
    ]


@transaction.atomic
def drop_evidence(row: TaskEvidence, *, by: Any, today: datetime.date) -> None:
    """Point at it no more; the thing itself stays where it is. Raises Http404, Refused."""
    locked = _working(row.task, by, today)
    words = str(row)[:200]
    row.delete()
    record(locked, step="drop_evidence", label="取下佐证", by=by, roles=WRITERS, reason=words)


def units_for(standards: Any, year: Year) -> Any:
    """The units of the district that take part and stand at a level that one of these standard tasks is for."""
    levels = {row.level for row in standards}
    units = Organisation.objects.taking_part().filter(path__startswith=year.organisation.path)
    return units.filter(level__in=levels)


def note_export(user: Any, *, what: str, number: int, query: str) -> None:
    """Whoever takes rows out of the portal leaves an entry."""
    place = user.current_memberships[0].organisation if user.current_memberships else None
    record(
        user, step="export", label=f"导出{what}", by=user, organisation=place, reason=f"{number}条 {query}"
    )
