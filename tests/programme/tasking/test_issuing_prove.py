"""How long it takes to hand 40 tasks down to 10,000 units and to take them back, with its figures (`make prove`)."""

import datetime
import os
import time

import pytest
from django.db import connection
from django.urls import reverse

from longsha_credit.audit.models import Entry
from longsha_credit.deadlines.models import Deadline, Reminder
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.exchange import jobs
from longsha_credit.exchange.flows import FLOW as JOB
from longsha_credit.exchange.models import Job
from longsha_credit.home.todo import numbers
from longsha_credit.programme.models import StandardTask, Task
from longsha_credit.programme.tasking import board, issuing
from tests import settled
from tests.programme.tasking import making

UNITS, TASKS = int(os.environ.get("UNITS", "10000")), 40
BARE = """
CREATE TEMP TABLE bare (LIKE programme_task INCLUDING ALL);
INSERT INTO bare SELECT * FROM programme_task WHERE job_id = %s
"""


def units_below(street):
    names = (f"社区{n}" for n in range(UNITS))
    rows = (
        Organisation(level=Level.COMMUNITY, name=name, parent=street, valid_from=making.TODAY)
        for name in names
    )
    Organisation.objects.bulk_create(rows, batch_size=1000)
    return Organisation.objects.filter(level=Level.COMMUNITY, name__startswith="社区")


def forty(year):
    """As many tasks for communities, due on 40 different days."""
    first = datetime.date(year.number, 5, 1)
    StandardTask.objects.bulk_create(
        StandardTask(
            year=year, level="community", number=100 + n, main=1 + n % 9, stage="advance", title=f"任务{n}",
            work="做成一件实事。", evidence="已公开的内容。", basis="方案二（一）", due_on=first + datetime.timedelta(days=4 * n),
        )
        for n in range(TASKS)
    )  # fmt: skip
    return list(StandardTask.objects.filter(year=year, number__gte=100))


def run(job: Job) -> tuple[float, list[int]]:
    """To its end; the seconds, and how far it had come each time somebody could look."""
    began, seen = time.perf_counter(), []
    while jobs.advance(job.pk, seconds=0):
        job.refresh_from_db()
        seen.append(job.done)
    job.refresh_from_db()
    return time.perf_counter() - began, seen


def seconds(action) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


@pytest.mark.prove
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_units_get_forty_tasks_in_one_job_and_lose_them_in_one(capsys, signed_in):
    c = settled.cast()
    year, rows = making.year(c), UNITS * TASKS
    units, standards = units_below(c.street), forty(year)
    job = making.ordered(c, year, which=standards, units=units)
    down, seen = run(job)
    assert (job.state, job.done) == ("done", rows)
    assert len(seen) + 1 == rows // issuing.ROWS_AT_ONCE and seen == sorted(set(seen))
    clocks = Deadline.objects.filter(object_kind="programme.task").open()
    assert Task.objects.filter(job=job).count() == clocks.count() == rows
    assert Entry.objects.filter(object_kind="programme.task", step="issue").count() == rows
    reminders = Reminder.objects.count()
    with connection.cursor() as cursor:
        bare = seconds(lambda: cursor.execute(BARE, [job.pk]))
    tasks, everybody = board.tasks_of(year, c.office), Organisation.objects.all()
    look = seconds(lambda: board.board_of(c.district, tasks, everybody, by="main", today=making.TODAY))
    office, listed = signed_in(c.office), reverse("tasks:list", query={"year": year.number})
    work = max(seconds(lambda who=who: numbers(who)) for who in (c.office, c.district_lead, c.clerk))
    page = min(seconds(lambda: office.get(listed)) for _ in range(3))
    JOB.take(job, "undo", by=c.office)
    back, _ = run(job)
    assert (job.state, job.done) == ("undone", rows)
    assert not clocks.exists() and not Reminder.objects.filter(sent_at=None).exists()
    with capsys.disabled():
        print(
            f"\n{UNITS}个单位×{TASKS}项任务：下达{down:.1f}秒（每万件{down / rows * 10_000:.2f}秒，{len(seen) + 1}段，"
            f"每件1条期限、{reminders / rows:.0f}条提醒、1条留痕），收回{back:.1f}秒（每万件{back / rows * 10_000:.2f}秒）；"
            f"只插任务行{bare:.1f}秒；全区看板{look:.2f}秒，任务列表页{page:.2f}秒，"
            f"待办和菜单的数字{work:.2f}秒。"
        )
