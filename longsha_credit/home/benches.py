"""Measurements of what must be fast, each beside the barest SQL that does the same to the same rows."""

import datetime
import statistics
import time
from dataclasses import replace
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from evaluation.metrics import KEPT_RATE, Period
from longsha_credit.deadlines.sending import send_due
from longsha_credit.home import bench_import, bench_rollup, bench_search, bench_tasks
from longsha_credit.home.bench_tables import Say, enough_disk, shadowed, tell

REMINDED = (
    "directory_organisation",
    "directory_user",
    "directory_membership",
    "deadlines_rule",
    "deadlines_deadline",
    "deadlines_reminder",
    "deadlines_notification",
)
BYTES_PER_DEADLINE = 3_000  # with four reminders, their indexes and the rows rewritten in each round
STREETS, COMMUNITIES = 20, 200

FILL = [
    """INSERT INTO directory_organisation (id, level, name, parent_id, path, division_code, uscc, supervision_phone,
         address, office_hours, is_lead_post, taking_part, is_demo, valid_from)
       SELECT n, CASE WHEN n = 1 THEN 'district' WHEN n <= 1 + %(streets)s THEN 'street' ELSE 'community' END,
         '单位' || n, CASE WHEN n = 1 THEN NULL WHEN n <= 1 + %(streets)s THEN 1 ELSE 2 + n %% %(streets)s END,
         CASE WHEN n = 1 THEN '/1/' WHEN n <= 1 + %(streets)s THEN '/1/' || n || '/'
              ELSE '/1/' || 2 + n %% %(streets)s || '/' || n || '/' END,
         '', '', '', '', '', FALSE, TRUE, FALSE, '2026-01-01'
       FROM generate_series(1, 1 + %(streets)s + %(communities)s) n""",
    """INSERT INTO directory_user (id, password, username, name, email, is_active)
       SELECT n, '', 'u' || n, '某人' || n, '', TRUE FROM generate_series(1, 2 * (1 + %(streets)s + %(communities)s)) n""",
    # every unit has its clerk; leads stand in the streets and lead the communities below them
    """INSERT INTO directory_membership (user_id, organisation_id, role, started_on)
       SELECT n, n, 'clerk', '2026-01-01'::date FROM generate_series(1, 1 + %(streets)s + %(communities)s) n
       UNION ALL SELECT 1 + %(streets)s + %(communities)s + n, n, CASE WHEN n = 1 THEN 'office' ELSE 'lead' END, '2026-01-01'
       FROM generate_series(1, 1 + %(streets)s) n""",
    """INSERT INTO deadlines_rule (id, key, version, label, amount, unit, roll, extend_amount, may_suspend, suspend_basis,
         basis, basis_kind, duty, remind_before, escalation, valid_from)
       VALUES (1, 'bench', 1, '报告承诺履行结果', 5, 'workday', FALSE, 0, FALSE, '', '某条', 'advice',
         '{clerk,lead}', '{3,1}', '[]', '2026-01-01')""",
    """INSERT INTO deadlines_deadline (id, object_kind, object_id, organisation_id, rule_id, rule_key, title, path, starts_on,
         due_on, original_due_on, explanation, suspended, extended_by, extend_limit, cancel_reason, saved_at)
       SELECT n, 'commitments.obligation', n, 2 + %(streets)s + n %% %(communities)s, 1, 'bench',
         '新苑社区单元门无障碍坡道改造', 'desk/commitments/' || n || '/', %(today)s::date - 20,
         %(today)s::date + 1 + n %% 75, %(today)s::date + 1 + n %% 75, '[]', FALSE, 0, 0, '', now()
       FROM generate_series(1, %(rows)s) n""",
    """INSERT INTO deadlines_reminder (deadline_id, send_on, kind, slip, role, place, days_before)
       SELECT d.id, d.due_on - days, 'before', '', role, 'own', days
       FROM deadlines_deadline d CROSS JOIN unnest('{3,1}'::int[]) days CROSS JOIN unnest('{clerk,lead}'::text[]) role""",
]

BARE = [
    """INSERT INTO deadlines_notification (user_id, reminder_id, organisation_id, title, text, path, slip, at)
       SELECT m.user_id, r.id, d.organisation_id, d.title, '到期提醒', d.path, r.slip, now()
       FROM deadlines_reminder r JOIN deadlines_deadline d ON d.id = r.deadline_id
       JOIN directory_organisation o ON o.id = d.organisation_id
       JOIN directory_membership m ON m.role = r.role
        AND m.organisation_id = CASE r.role WHEN 'clerk' THEN o.id ELSE o.parent_id END
       WHERE r.sent_at IS NULL AND r.send_on <= %(today)s""",
    """UPDATE deadlines_reminder SET sent_at = now(), recipients = 1
       WHERE sent_at IS NULL AND send_on <= %(today)s""",
]

RESET = [
    "TRUNCATE pg_temp.deadlines_notification",
    "UPDATE pg_temp.deadlines_reminder SET sent_at = NULL, recipients = NULL WHERE sent_at IS NOT NULL",
    "VACUUM ANALYZE pg_temp.deadlines_reminder",
    "VACUUM ANALYZE pg_temp.deadlines_deadline",
]


def reminders(*, rows: int, rounds: int, say: Say) -> float:
    """Send what is due among `rows` open clocks, against INSERT … SELECT and one UPDATE; gives the ratio of medians."""
    today = timezone.localdate()
    numbers: dict[str, Any] = {"rows": rows, "today": today, "streets": STREETS, "communities": COMMUNITIES}
    enough_disk(rows * BYTES_PER_DEADLINE, say)
    with connection.cursor() as cursor, shadowed(cursor, REMINDED):
        for statement in FILL:
            cursor.execute(statement, numbers)
        cursor.execute("ANALYZE")
        planned, ready = _count(cursor, "TRUE"), _count(cursor, f"send_on <= '{today}'")
        say(f"期限 {rows} 件，提醒 {planned} 条，其中到日子的 {ready} 条。")
        portal: list[float] = []
        bare: list[float] = []
        sent = 0
        for number in range(rounds):
            pair = [(portal, lambda: send_due(today=today)), (bare, lambda: _bare(cursor, numbers))]
            for times, action in pair if number % 2 else reversed(pair):
                _reset(cursor)
                began = time.perf_counter()
                sent = action() or sent
                times.append(time.perf_counter() - began)
                if (written := _count(cursor, "TRUE", "deadlines_notification")) != sent:
                    raise RuntimeError(f"应有 {sent} 条通知，实有 {written} 条")
    return tell(sent, statistics.median(portal), statistics.median(bare), say)


def _count(cursor: Any, condition: str, table: str = "deadlines_reminder") -> int:
    cursor.execute(f"SELECT count(*) FROM pg_temp.{table} WHERE {condition}")
    return cursor.fetchone()[0]


@transaction.atomic
def _bare(cursor: Any, numbers: dict) -> int:
    for statement in BARE:
        cursor.execute(statement, numbers)
    return cursor.rowcount


def _reset(cursor: Any) -> None:
    for statement in RESET:
        cursor.execute(statement)


ORGANISATIONS = 1_500
YEARS = 5
BYTES_PER_PROMISE = 2_000  # with its indexes

# In the order in which promises are made: every twentieth is still a draft, the days go through all the years, and of
# a hundred that fell due 70 were kept, 12 partly, 5 not; 5 are silent, 3 reported late, 5 in time.
PROMISES = """
    INSERT INTO commitments_obligation (id, form, code, organisation_id, version, state, publication_id, title, area,
      service_field_id, domain, content, standard, unit, due_on, beneficiaries, liability, post_id, made_on, counts_on,
      reported_on, reported_in_time, verdict, counted_verdict, verified_on, withdraw_from, withdraw_reason,
      created_by_id, created_at, saved_at, document_number, document_issuer, part_count)
    SELECT n, 'commitment', CASE WHEN ended = 'draft' THEN '' ELSE lpad(n::text, 20, '0') END,
      1 + n::bigint * 7919 / 20 %% %(organisations)s, CASE WHEN ended = 'draft' THEN 0 ELSE 1 END,
      CASE WHEN ended = 'draft' THEN 'draft' WHEN ended IN ('open', 'silent') THEN 'in_force'
           WHEN ended IN ('late', 'pending') THEN 'reported' ELSE 'verified' END,
      CASE WHEN ended <> 'draft' THEN n END, '新苑社区单元门无障碍坡道改造', 'service', 1, 'livelihood',
      repeat('为单元门修坡道，方便老人和轮椅出入。', 6), '验收合格', '', day, '居民', '公开说明', 1, day - 90,
      CASE WHEN ended <> 'draft' THEN day END,
      CASE WHEN ended = 'late' THEN day + 30 WHEN ended NOT IN ('draft', 'open', 'silent') THEN day END,
      CASE WHEN ended = 'late' THEN FALSE WHEN ended NOT IN ('draft', 'open', 'silent') THEN TRUE END,
      CASE WHEN ended IN ('full', 'partly', 'none') THEN ended ELSE '' END,
      CASE WHEN ended IN ('full', 'partly', 'none') THEN ended ELSE '' END,
      CASE WHEN ended IN ('full', 'partly', 'none') THEN day + 10 END, '', '', 1, now(), now(), '', '', 0
    FROM (
      SELECT n, day, CASE WHEN n %% 20 = 0 THEN 'draft' WHEN day >= %(today)s THEN 'open' WHEN part < 70 THEN 'full'
        WHEN part < 82 THEN 'partly' WHEN part < 87 THEN 'none' WHEN part < 92 THEN 'silent' WHEN part < 95 THEN 'late'
        ELSE 'pending' END AS ended
      FROM (SELECT n, n::bigint * 7907 / 20 %% 100 AS part, %(first)s::date + (n::bigint * %(days)s / %(rows)s)::int AS day
            FROM generate_series(0, %(rows)s - 1) n) numbered
    ) promised"""

COUNTED = """
    SELECT organisation_id, count(*) FROM commitments_obligation WHERE form = 'commitment' AND counts_on BETWEEN %s AND %s
    GROUP BY organisation_id"""


def rate(*, rows: int, rounds: int, say: Say) -> float:
    """The kept rate of every unit among `rows` promises, against one count per unit; gives the worse ratio of medians."""
    today = timezone.localdate()
    first = datetime.date(today.year - YEARS + 1, 1, 1)
    days = (datetime.date(today.year, 12, 31) - first).days + 1
    numbers: dict[str, Any] = {
        "rows": rows,
        "organisations": ORGANISATIONS,
        "today": today,
        "first": first,
        "days": days,
    }
    enough_disk(rows * BYTES_PER_PROMISE, say)
    with connection.cursor() as cursor, shadowed(cursor, ["commitments_obligation"]):
        cursor.execute(PROMISES, numbers)
        cursor.execute("VACUUM ANALYZE pg_temp.commitments_obligation")
        one_year = Period.of_year(today.year - 1, today)
        all_years = replace(Period.of_year(today.year, today), start=first)
        return max(_rate_of(cursor, period, rounds, say) for period in (one_year, all_years))


def _rate_of(cursor: Any, period: Period, rounds: int, say: Say) -> float:
    portal: list[float] = []
    bare: list[float] = []
    for number in range(rounds):
        pair = [(portal, lambda: _kept(period)), (bare, lambda: _counted(cursor, period))]
        found = []
        for times, action in pair if number % 2 else reversed(pair):
            began = time.perf_counter()
            found.append(action())
            times.append(time.perf_counter() - began)
        if found[0] != found[1]:
            raise RuntimeError("兑现率和直接计数对不上")
    say(f"{period.start} 至 {period.over}：{len(found[0])} 个单位，到期 {sum(found[0].values())} 件。")
    return tell(sum(found[0].values()), statistics.median(portal), statistics.median(bare), say)


def _kept(period: Period) -> dict[int, int]:
    return {pk: figure.total for pk, figure in KEPT_RATE.for_all(period).items()}


def _counted(cursor: Any, period: Period) -> dict[int, int]:
    cursor.execute(COUNTED, [period.start, period.over])
    return dict(cursor.fetchall())


BENCHES = {
    "import": bench_import.bring_in,
    "rate": rate,
    "reminders": reminders,
    "rollup": bench_rollup.rollup,
    "search": bench_search.find,
    "tasks": bench_tasks.issue,
}
