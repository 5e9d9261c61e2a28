"""How long handing tasks down takes beside INSERT … SELECT of the same rows into the same tables."""

import datetime
import statistics
import time
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from longsha_credit.directory.models import Organisation, User
from longsha_credit.exchange.models import Job
from longsha_credit.home.bench_tables import Say, enough_disk, shadowed, tell
from longsha_credit.programme.tasking import issuing

MADE = ("programme_task", "deadlines_deadline", "deadlines_reminder", "audit_entry")
READ = (
    *("directory_organisation", "directory_user", "directory_membership"),
    *("programme_year", "programme_standardtask", "deadlines_rule", "deadlines_holiday"),
)
TASKS = 40  # of each unit
REMINDERS = 7
ROWS_OF_A_TASK = 3 + REMINDERS
BYTES_PER_TASK = (
    6_000  # with its clock, reminders and entry, their indexes, and the copy for the bare statement
)

FILL = [
    """INSERT INTO directory_organisation (id, level, name, parent_id, path, division_code, uscc, supervision_phone,
         address, office_hours, is_lead_post, taking_part, is_demo, valid_from)
       SELECT n, CASE WHEN n = 1 THEN 'district' ELSE 'community' END, '单位' || n, CASE WHEN n > 1 THEN 1 END,
         CASE WHEN n = 1 THEN '/1/' ELSE '/1/' || n || '/' END, '', '', '', '', '', FALSE, TRUE, FALSE, '2021-01-01'
       FROM generate_series(1, 1 + %(units)s) n""",
    """INSERT INTO directory_user (id, password, username, name, email, is_active) VALUES (1, '', 'u', '区办', '', TRUE)""",
    """INSERT INTO directory_membership (user_id, organisation_id, role, started_on) VALUES (1, 1, 'office', '2021-01-01')""",
    """INSERT INTO programme_year (id, number, organisation_id, title, basis, report_on, state, closing_reason, saved_at)
       VALUES (1, extract(year FROM %(today)s), 1, '方案', '依据', %(today)s, 'open', '', now())""",
    """INSERT INTO programme_standardtask (id, year_id, level, number, main, title, work, evidence, basis, stage, due_on,
         rule_key, saved_at)
       SELECT n, 1, 'community', n, 1, '居务、财务按季公开' || n, '前三季度都已公开。', '公开内容。', '方案二（四）', 'advance',
         %(today)s::date + 40 + n, 'programme_task', now() FROM generate_series(1, %(tasks)s) n""",
    """INSERT INTO deadlines_rule (id, key, version, label, amount, unit, roll, extend_amount, may_suspend, suspend_basis,
         basis, basis_kind, duty, remind_before, escalation, valid_from)
       VALUES (1, 'programme_task', 1, '年度任务', NULL, 'given', FALSE, 10, FALSE, '', '某条', 'advice', '{clerk,lead}', '{15,3}',
         '[{"after": 1, "unit": "workday", "slip": "blue", "to": ["clerk", "lead"], "where": "own"},
           {"after": 5, "unit": "workday", "slip": "red", "to": ["lead"], "where": "above"}]', '2021-01-01')""",
]


def issue(*, rows: int, rounds: int, say: Say) -> float:
    """Hand down as many tasks as make `rows` rows with what belongs to them; gives the ratio of medians."""
    units = max(1, rows // ROWS_OF_A_TASK // TASKS)
    enough_disk(units * TASKS * BYTES_PER_TASK, say)
    numbers = {"units": units, "tasks": TASKS, "today": timezone.localdate()}
    portal: list[float] = []
    bare: list[float] = []
    with connection.cursor() as cursor, shadowed(cursor, (*MADE, *READ)):
        for statement in FILL:
            cursor.execute(statement, numbers)
        cursor.execute("ANALYZE")
        job = _job(units, numbers["today"])
        for _ in range(rounds):
            _empty(cursor)
            portal.append(_timed(lambda: _hand_down(job)))
            _keep(cursor)
            bare.append(_timed(lambda: _bare(cursor)))
    made = units * TASKS
    say(f"任务 {made} 件，连期限、提醒、留痕共 {made * ROWS_OF_A_TASK} 行。")
    return tell(made * ROWS_OF_A_TASK, statistics.median(portal), statistics.median(bare), say)


def _job(units: int, today: datetime.date) -> Job:
    """The order, as the office's page would have started it; it is not stored."""
    asked = {
        "year": 1,
        "standards": list(range(1, TASKS + 1)),
        "units": list(range(2, units + 2)),
        "due_on": None,
        "today": today.isoformat(),
    }
    office, district = User.objects.get(pk=1), Organisation.objects.get(pk=1)
    return Job(pk=1, kind=issuing.KIND, by=office, organisation=district, arguments=asked)


def _hand_down(job: Job) -> None:
    """Part by part, each in a transaction of its own, as the job does it."""
    units, size = job.arguments["units"], max(1, issuing.ROWS_AT_ONCE // TASKS)
    made = 0
    for start in range(0, len(units), size):
        with transaction.atomic():
            made += issuing.hand_down(job, units[start : start + size])
    if made != len(units) * TASKS:
        raise RuntimeError(f"应下达 {len(units) * TASKS} 件，实有 {made} 件")


def _keep(cursor: Any) -> None:
    """Put the rows that were made aside, the same in every round, and empty the tables."""
    for table in MADE:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.kept_{table}")
        cursor.execute(f"CREATE TEMP TABLE kept_{table} AS SELECT * FROM pg_temp.{table}")
    _empty(cursor)


@transaction.atomic
def _bare(cursor: Any) -> None:
    for table in MADE:
        cursor.execute(
            f"INSERT INTO pg_temp.{table} OVERRIDING SYSTEM VALUE SELECT * FROM pg_temp.kept_{table}"
        )


def _empty(cursor: Any) -> None:
    for table in MADE:
        cursor.execute(f"TRUNCATE pg_temp.{table}")


def _timed(action: Any) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began
