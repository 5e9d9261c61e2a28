"""How long it takes to hand 40 tasks down to 10,000 units and to take them back, with its figures (`make prove`)."""

import datetime
import os
import time

import pytest
from django.db import connection

from longsha_credit.audit.models import Entry
from longsha_credit.deadlines.models import Deadline, Reminder
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.exchange import jobs
from longsha_credit.exchange.flows import FLOW as JOB
from longsha_credit.exchange.models import Job
from longsha_credit.programme.models import StandardTask, Task
from longsha_credit.programme.tasking import issuing
from tests.programme.tasking import making

UNITS, TASKS = int(os.environ.get("UNITS", 10_000)), 40


def _units(c):
    Organisation.objects.bulk_create(
        [
            Organisation(
                level=Level.COMMUNITY, name=f"社区{n}", parent=c.street, valid_from=making.D(2026, 1, 1)
            )
            for n in range(UNITS)
        ],
        batch_size=1000,
    )
    return Organisation.objects.filter(level=Level.COMMUNITY, name__startswith="社区")


def _standards(year):
    StandardTask.objects.bulk_create(
        StandardTask(
            year=year, level="community", number=100 + n, main=1 + n % 9, stage="advance", title=f"任务{n}",
            work="做成一件实事。", evidence="已公开的内容。", basis="方案二（一）",
            due_on=making.D(2026, 5, 1) + datetime.timedelta(days=n * 4),
        )
        for n in range(TASKS)
    )  # fmt: skip
    return list(StandardTask.objects.filter(year=year, number__gte=100))


def _advance(job: Job) -> tuple[float, list[int]]:
    """Run it to its end; the seconds, and how far it had come each time somebody could look."""
    began, seen = time.perf_counter(), []

    def slow(execute, sql, params, many, context):
        t = time.perf_counter()
        r = execute(sql, params, many, context)
        d = time.perf_counter() - t
        if d > 0.2:
            print(f"{d:.2f}", sql.strip()[:60].replace(chr(10), " "), flush=True)
        return r

    connection.execute_wrappers.append(slow)
    while jobs.advance(job.pk, seconds=0):
        job.refresh_from_db()
        print("chunk", time.perf_counter() - began, flush=True)
        seen.append(job.done)
    job.refresh_from_db()
    return time.perf_counter() - began, seen


BARE = """CREATE TEMP TABLE bare (LIKE programme_task INCLUDING ALL) ON COMMIT PRESERVE ROWS;
INSERT INTO bare SELECT * FROM programme_task WHERE job_id = %s"""


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_units_get_forty_tasks_in_one_job_and_lose_them_in_one(capsys):
    from tests import settled

    c = settled.cast()
    year = making.year(c)
    units, standards = _units(c), _standards(year)
    rows = UNITS * TASKS
    job = making.ordered(c, year, which=standards, units=units)
    down, seen = _advance(job)
    assert (job.state, job.done) == ("done", rows)
    assert len(seen) + 1 == rows // issuing.ROWS_AT_ONCE and seen == sorted(seen)
    tasks = Task.objects.filter(job=job)
    clocks = Deadline.objects.filter(object_kind="programme.task", object_id__in=tasks.values("pk"))
    assert tasks.count() == clocks.open().count() == rows
    told = Entry.objects.filter(object_kind="programme.task", step="issue").count()
    reminders = Reminder.objects.filter(deadline__in=clocks.values("pk")).count()
    assert told == rows and reminders >= 4 * rows
    again = making.ordered(c, year, which=standards, units=units, key=job.key)
    assert again == job and Task.objects.count() == rows
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(BARE, [job.pk])
    bare = time.perf_counter() - began

    JOB.take(job, "undo", by=c.office)
    back, _ = _advance(job)
    assert (job.state, job.done) == ("undone", rows)
    assert not clocks.open().exists() and not Reminder.objects.filter(sent_at=None).exists()
    with capsys.disabled():
        print(
            f"\n{UNITS}个单位×{TASKS}项任务：下达{down:.1f}秒（每万件{down / rows * 10_000:.2f}秒，"
            f"{len(seen) + 1}段，每件1条期限、{reminders / rows:.0f}条提醒、1条留痕），"
            f"收回{back:.1f}秒（每万件{back / rows * 10_000:.2f}秒）；只插任务行 {bare:.1f}秒。"
        )
