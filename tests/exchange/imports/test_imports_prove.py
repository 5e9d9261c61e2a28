"""A real worker is killed in the middle of a confirmation, again and again: all of the file is there once, or nothing."""

import datetime
import time

import pytest
from django.db import connection

from longsha_credit.audit.models import Entry
from longsha_credit.exchange.imports import services
from longsha_credit.exchange.models import Imported, Job
from records.models import Record
from tests.exchange.imports import making
from tests.exchange.processes import empty_queue, kill, office, wait_until

pytestmark = pytest.mark.prove
ROWS, KILLS = 6_000, 2
LONG_AGO = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def writes() -> bool:
    """Whether somebody is writing records right now."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'records_record'::regclass AND mode = 'RowExclusiveLock')"""
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_killed_confirmation_leaves_all_or_nothing(cast):
    empty_queue()
    rows = [making.record(标题=f"第{number}件", 文号=f"示督{number}号") for number in range(ROWS)]
    import_, begun = making.checked(cast, *rows), time.monotonic()
    job = services.confirm(import_, by=cast.clerk)
    left = []
    with office() as worker:
        for _ in range(KILLS):
            process = worker()
            wait_until(writes, "the worker to write")
            kill(process)
            wait_until(lambda: not writes(), "the database to notice")
            left.append(Record.objects.count())
            Job.objects.filter(pk=job.pk).update(heartbeat_at=LONG_AGO, queued_at=LONG_AGO)  # long silent
        worker()
        wait_until(lambda: Job.objects.get(pk=job.pk).state not in ("queued", "running"), "the end")
    job.refresh_from_db()
    assert (job.state, job.error, left) == ("done", "", [0] * KILLS)
    assert Record.objects.count() == ROWS == Imported.objects.filter(of=import_).count()
    assert Entry.objects.filter(object_kind="records.record", step="draft").count() == ROWS
    print(
        f"{KILLS} workers killed while they wrote {ROWS} drafts: {left} left each time; {time.monotonic() - begun:.0f} s"
    )
