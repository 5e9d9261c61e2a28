"""A country's worth of made-up units with records, commitments, notices and tasks, made in the database: for measuring only."""

import contextlib
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from longsha_credit.home.bench_tables import Say, enough_disk

MOST_UNITS = 660_000
# A made-up district has 14 streets of 15 communities each.
STREETS, COMMUNITIES = 14, 15
OF_A_DISTRICT = 1 + STREETS + STREETS * COMMUNITIES
RECORDS, COMMITMENTS, NOTICES, TASKS = 20, 4, 2, 2  # of each unit
PUBLISHED = COMMITMENTS + NOTICES
# with their indexes; a task and a notice with their clocks
BYTES_PER_UNIT = 600 + RECORDS * 1_000 + COMMITMENTS * 1_500 + NOTICES * 2_000 + TASKS * 1_500
BATCH = 60_000  # units between two words of how far it is

# Of unit n: the district's number, the place in it, and the ids of what stands above it.
UNITS = f"""
    INSERT INTO directory_organisation (id, level, name, parent_id, path, division_code, uscc, supervision_phone, address,
      office_hours, is_lead_post, taking_part, is_demo, valid_from)
    SELECT id, CASE WHEN place = 0 THEN 'district' WHEN place <= {STREETS} THEN 'street' ELSE 'community' END,
      '演示' || CASE WHEN place = 0 THEN '区' WHEN place <= {STREETS} THEN '街道' ELSE '社区' END || n,
      CASE WHEN place = 0 THEN NULL WHEN place <= {STREETS} THEN district ELSE street END,
      '/' || district || '/' || CASE WHEN place = 0 THEN '' WHEN place <= {STREETS} THEN id || '/'
        ELSE street || '/' || id || '/' END,
      (900000 + %(districts)s + n / {OF_A_DISTRICT}) || CASE WHEN place = 0 THEN '000000'
        WHEN place <= {STREETS} THEN lpad(place::text, 3, '0') || '000'
        ELSE lpad((1 + (place - 1 - {STREETS}) / {COMMUNITIES})::text, 3, '0')
          || lpad((1 + (place - 1 - {STREETS}) %% {COMMUNITIES})::text, 3, '0') END,
      '', '', '', '', FALSE, TRUE, TRUE, '2021-01-01'
    FROM (
      SELECT n, n %% {OF_A_DISTRICT} AS place, %(first)s + n AS id, %(first)s + n - n %% {OF_A_DISTRICT} AS district,
        %(first)s + n - n %% {OF_A_DISTRICT} + 1 + (n %% {OF_A_DISTRICT} - 1 - {STREETS}) / {COMMUNITIES} AS street
      FROM generate_series(%(start)s, %(stop)s) n
    ) made"""

RECORDED = f"""
    INSERT INTO records_record (number, version, item_id, correction_kind, correction_reason, organisation_id, subject_kind,
      subject_name, part, title, facts, document_number, issuing_body, decided_on, finality, effective_from, effective_until,
      disclosure, effect_max_months, repairable, repair_min_months, state, created_by_id, submitted_by_id, confirmed_by_id,
      confirmed_on, return_reason, flagged, revoke_from, revoke_reason, ended_on, unsound, created_at, saved_at)
    SELECT 'JL9' || lpad((o.id::bigint * {RECORDS} + k)::text, 9, '0'), 1, i.id, '', '', o.id, o.level, o.name, 'party',
      i.title, '演示数据，用于测速。', '演〔' || %(year)s || '〕' || k || '号', '演示区政务服务中心', made.decided, 'final',
      made.decided, made.decided + 90, i.disclosure, i.effect_months, i.repairable, i.repair_min_months,
      CASE WHEN k %% 10 = 9 THEN 'repaired' WHEN k %% 10 >= 7 THEN 'expired' ELSE 'effective' END,
      %(clerk)s, %(clerk)s, %(reviewer)s, made.decided + (o.id %% 14)::int, '', '[]', '', '',
      CASE WHEN k %% 10 >= 7 THEN made.decided + 90 END, '', made.decided + (o.id %% 14)::int, now()
    FROM directory_organisation o CROSS JOIN generate_series(0, {RECORDS - 1}) k
    CROSS JOIN LATERAL (SELECT make_date(%(year)s, 1, 1) + ((o.id * 7 + k * 17) %% 250)::int AS decided) made
    JOIN LATERAL (SELECT * FROM records_catalogueitem WHERE id = (%(items)s::bigint[])[1 + (o.id + k) %% %(kinds)s]) i ON TRUE
    WHERE o.id BETWEEN %(from)s AND %(to)s AND o.level <> 'district'"""

# What was made public of them; commitment k of unit n has the same number in both tables.
PROMISES_PUBLISHED = f"""
    INSERT INTO publication_publication (id, kind, kind_label, object_id, organisation_id, service_field_id, title, text, path,
      reference, version, first_published_at, published_at, search)
    SELECT %(first_publication)s + (o.id - %(first)s) * {PUBLISHED} + k, 'obligation', '公开承诺', number, o.id, %(field)s,
      '演示承诺' || k, '', 'commitments/' || number || '/', '', 1, at, at, ''::tsvector
    FROM directory_organisation o CROSS JOIN generate_series(0, {COMMITMENTS - 1}) k
    CROSS JOIN LATERAL (SELECT %(first_obligation)s + (o.id - %(first)s) * {COMMITMENTS} + k AS number,
      make_date(%(year)s, 1, 5)::timestamptz AS at) made
    WHERE o.id BETWEEN %(from)s AND %(to)s AND o.level <> 'district'"""

PROMISED = f"""
    INSERT INTO commitments_obligation (id, publication_id, title, area, service_field_id, domain, content, standard, due_on,
      beneficiaries, liability, post_id, document_number, document_issuer, form, code, organisation_id, made_on, version, state,
      counts_on, reported_on, reported_in_time, verdict, counted_verdict, verified_on, withdraw_from, withdraw_reason,
      created_by_id, created_at, saved_at, part_count, unit)
    SELECT number, %(first_publication)s + (o.id - %(first)s) * {PUBLISHED} + k, '演示承诺' || k,
      (ARRAY['lawful', 'service', 'petition', 'clean'])[1 + k], %(field)s, 'livelihood', '演示数据，用于测速。', '按约定', due,
      '居民', '书面说明', %(post)s, '', '', 'commitment', '9' || lpad(number::text, 19, '0'), o.id, due - 90, 1,
      CASE WHEN verdict = '' THEN 'in_force' ELSE 'verified' END, due, CASE WHEN verdict <> '' THEN due END,
      CASE WHEN verdict <> '' THEN TRUE END, verdict, verdict, CASE WHEN verdict <> '' THEN due + 5 END, '', '',
      %(clerk)s, now(), now(), 0, ''
    FROM directory_organisation o CROSS JOIN generate_series(0, {COMMITMENTS - 1}) k
    CROSS JOIN LATERAL (SELECT %(first_obligation)s + (o.id - %(first)s) * {COMMITMENTS} + k AS number,
      make_date(%(year)s, 1, 1) + ((o.id * 11 + k * 83) %% 330)::int AS due,
      (ARRAY['full', 'full', 'full', 'full', 'full', 'full', 'partly', 'none', ''])[1 + (o.id * 5 + k) %% 9] AS verdict) made
    WHERE o.id BETWEEN %(from)s AND %(to)s AND o.level <> 'district'"""

# Notice k of a unit: a tenth are drafts still, some of the others were public after their day.
NOTICE_ROWS = f"""
    FROM directory_organisation o CROSS JOIN generate_series(0, {NOTICES - 1}) k
    CROSS JOIN LATERAL (SELECT %(first_notice)s + (o.id - %(first)s) * {NOTICES} + k AS number,
      %(first_publication)s + (o.id - %(first)s) * {PUBLISHED} + {COMMITMENTS} + k AS publication,
      make_date(%(year)s, 1, 1) + ((o.id * 3 + k * 131) %% 280)::int AS formed, (o.id * 7 + k) %% 10 < 9 AS is_out) made
    CROSS JOIN LATERAL (SELECT formed + 3 + ((o.id * 5 + k) %% 33)::int AS out_on, formed + 30 AS due) days
    WHERE o.id BETWEEN %(from)s AND %(to)s AND o.level <> 'district'"""

NOTICES_PUBLISHED = f"""
    INSERT INTO publication_publication (id, kind, kind_label, object_id, organisation_id, service_field_id, title, text, path,
      reference, version, first_published_at, published_at, search)
    SELECT publication, 'notice', '公开信息', number, o.id, %(field)s, '演示公开信息' || k, '',
      'disclosure/notices/9' || number || '/', '9' || number, 1, out_on + time '10:00', out_on + time '10:00', ''::tsvector
    {NOTICE_ROWS} AND is_out"""

NOTICED = f"""
    INSERT INTO disclosure_notice (id, publication_id, organisation_id, topic_id, kind, title, document_number, formed_on, summary,
      body, basis, hearing_channel, legal_review_number, power_kind, code, version, state, withdraw_reason, created_by_id,
      created_at, saved_at)
    SELECT number, CASE WHEN is_out THEN publication END, o.id, %(topic)s, 'information', '演示公开信息' || k, '', formed, '',
      '<p>演示数据，用于测速。</p>', '', '', '', '', CASE WHEN is_out THEN '9' || number ELSE '' END, is_out::int,
      CASE WHEN is_out THEN 'published' ELSE 'draft' END, '', %(clerk)s, formed, now()
    {NOTICE_ROWS}"""

# Task k of a unit: most were done in time, some late, some came back and were done anew, some are open, some taken back.
TASK_ROWS = f"""
    FROM directory_organisation o CROSS JOIN generate_series(0, {TASKS - 1}) k
    CROSS JOIN LATERAL (SELECT %(first_task)s + (o.id - %(first)s) * {TASKS} + k AS number,
      CASE o.level WHEN 'street' THEN %(of_streets)s::bigint[] ELSE %(of_communities)s::bigint[] END AS standards,
      make_date(%(year)s, 3, 1) + ((o.id * 13 + k * 97) %% 300)::int AS due) made
    CROSS JOIN LATERAL (SELECT CASE WHEN due > current_date - 20 THEN 'open' ELSE (ARRAY['done', 'done', 'done', 'done',
      'done', 'done', 'late', 'again', 'open', 'gone'])[1 + (o.id * 3 + k) %% 10] END AS fate) fated
    CROSS JOIN LATERAL (SELECT CASE fate WHEN 'late' THEN due + 4 WHEN 'open' THEN NULL WHEN 'gone' THEN NULL
      ELSE due - (o.id %% 9)::int END AS met) days
    WHERE o.id BETWEEN %(from)s AND %(to)s AND o.level <> 'district'"""

TASKED = f"""
    INSERT INTO programme_task (id, year_id, standard_id, organisation_id, job_id, state, issued_on, due_on, report, reported_by_id,
      reported_on, decided_by_id, decided_on, opinion, saved_at)
    SELECT number, %(year_id)s, standards[1 + k], o.id, %(job)s,
      CASE fate WHEN 'open' THEN 'issued' WHEN 'gone' THEN 'withdrawn' ELSE 'done' END, due - 60, due,
      CASE WHEN met IS NULL THEN '' ELSE '演示数据，用于测速。' END, CASE WHEN met IS NOT NULL THEN %(clerk)s END, met,
      CASE WHEN met IS NOT NULL THEN %(reviewer)s END, met + 5, '', now()
    {TASK_ROWS}"""

CLOCK = """
    INSERT INTO deadlines_deadline (object_kind, object_id, organisation_id, rule_id, rule_key, title, path, starts_on, given_on,
      due_on, original_due_on, explanation, suspended, extended_by, extend_limit, met_on, cancelled_at, cancel_reason, saved_at)
    SELECT {kind}, number, {unit}, r.id, r.key, '演示事项' || k, {path} || number || '/', {start}, {given}, {due}, {due},
      '[{{"day": "", "kind": "basis", "note": "演示数据，用于测速", "label": "依据"}}]', FALSE, 0, r.extend_amount, {met}, {gone},
      CASE WHEN {gone} IS NULL THEN '' ELSE '收回' END, now()
    {rows} AND {which}"""


def _clock(rows: str, rule: str, kind: str, path: str, which: str, **columns: str) -> str:
    """The clocks under a rule of the rows for which the SQL `which` holds; columns are SQL over them."""
    joined = f"CROSS JOIN (SELECT * FROM deadlines_rule WHERE key = '{rule}' ORDER BY version DESC LIMIT 1) r WHERE"
    usual = {"unit": "o.id", "given": "NULL::date", "gone": "NULL::timestamptz"}
    return CLOCK.format(
        rows=rows.replace("WHERE", joined), kind=f"'{kind}'", path=f"'{path}'", which=which, **usual | columns
    )


OF_TASKS = {"rows": TASK_ROWS, "kind": "programme.task", "path": "desk/tasks/"}
CLOCKS = (
    _clock(
        NOTICE_ROWS, "disclosure_publish", "disclosure.notice", "desk/disclosure/", "TRUE",
        start="formed", due="due", met="CASE WHEN is_out THEN out_on END",
    ),
    _clock(
        **OF_TASKS, rule="programme_task", which="TRUE", start="due - 60", given="due", due="due", met="met",
        gone="CASE WHEN fate = 'gone' THEN now() END",
    ),
    _clock(
        **OF_TASKS, rule="task_decide", which="met IS NOT NULL", unit="o.parent_id", start="met", due="met + 14",
        met="met + 5",
    ),
    _clock(**OF_TASKS, rule="task_redo", which="fate = 'again'", start="met + 5", due="met + 12", met="met + 9"),
)  # fmt: skip

MADE = (
    ("directory_organisation", UNITS),
    ("records_record", RECORDED),
    ("publication_publication", PROMISES_PUBLISHED),
    ("commitments_obligation", PROMISED),
    ("publication_publication", NOTICES_PUBLISHED),
    ("disclosure_notice", NOTICED),
    ("programme_task", TASKED),
    *(("deadlines_deadline", statement) for statement in CLOCKS),
)
TABLES = tuple(dict.fromkeys(table for table, _ in MADE))

STANDARDS = """SELECT array_agg(s.id ORDER BY s.number) FROM programme_standardtask s JOIN programme_year y ON y.id = s.year_id
  WHERE y.number = %(year)s AND s.level = '{}' AND s.rule_key = 'programme_task' AND s.retired_on IS NULL"""
USED = {
    "districts": "SELECT count(*) FROM directory_organisation WHERE level = 'district' AND division_code >= '900000'",
    "first": "SELECT max(id) + 1 FROM directory_organisation",
    "first_publication": "SELECT coalesce(max(id), 0) + 1 FROM publication_publication",
    "first_obligation": "SELECT coalesce(max(id), 0) + 1 FROM commitments_obligation",
    "first_notice": "SELECT coalesce(max(id), 0) + 1 FROM disclosure_notice",
    "first_task": "SELECT coalesce(max(id), 0) + 1 FROM programme_task",
    "clerk": "SELECT min(id) FROM directory_user",
    "reviewer": "SELECT max(id) FROM directory_user",
    "field": "SELECT min(id) FROM publication_servicefield",
    "post": "SELECT min(id) FROM directory_organisation WHERE level = 'post'",
    "topic": """SELECT min(id) FROM disclosure_topic
                WHERE limit_rule = 'disclosure_publish' AND levels @> ARRAY['street', 'community']::varchar[]""",
    "job": "SELECT min(id) FROM exchange_job WHERE kind = 'issue_tasks'",
    "year_id": "SELECT id FROM programme_year WHERE number = %(year)s",
    "of_streets": STANDARDS.format("street"),
    "of_communities": STANDARDS.format("community"),
    "items": """SELECT array_agg(id ORDER BY id) FROM records_catalogueitem
                WHERE NOT is_retired AND 'street' = ANY (subjects) AND 'community' = ANY (subjects) AND effect_months >= 4""",
}


MADE_UP = "SELECT count(*) FROM directory_organisation WHERE is_demo AND division_code >= '900000'"


def made_up() -> int:
    """How many units for measuring there are."""
    with connection.cursor() as cursor:
        cursor.execute(MADE_UP)
        return cursor.fetchone()[0]


def multiply(units: int, *, say: Say) -> dict[str, int]:
    """Add so many units, each with its records, commitments, notices and tasks, to a portal with the demo; gives rows by table.

    All or nothing. Raises ValueError for a number out of bounds, SystemExit where the disk is too small.
    """
    if not 0 < units <= MOST_UNITS:
        raise ValueError(f"--scale 要在 1 到 {MOST_UNITS} 之间。")
    enough_disk(units * BYTES_PER_UNIT, say)
    numbers, made = _used(), dict.fromkeys(TABLES, 0)
    with transaction.atomic(), connection.cursor() as cursor, _unwatched(cursor):
        for start in range(0, units, BATCH):
            stop = min(units, start + BATCH) - 1
            place = {"start": start, "stop": stop}
            place |= {"from": numbers["first"] + start, "to": numbers["first"] + stop}
            for table, statement in MADE:
                cursor.execute(statement, numbers | place)
                made[table] += cursor.rowcount
            say(f"单位 {stop + 1}／{units}")
    _settle()
    return made


@contextlib.contextmanager
def _unwatched(cursor: Any) -> Iterator[None]:
    """The tables' triggers rest, and what points elsewhere is checked once at the end instead of row by row."""
    cursor.execute(
        """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
           WHERE contype = 'f' AND conrelid = ANY (%s::regclass[])""",
        [list(TABLES)],
    )
    references = cursor.fetchall()
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for table, name, _ in references:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    yield
    for table, name, definition in references:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _used() -> dict[str, Any]:
    with connection.cursor() as cursor:
        numbers: dict[str, Any] = {"year": timezone.localdate().year}
        for name, question in USED.items():
            cursor.execute(question, numbers)
            numbers[name] = cursor.fetchone()[0]
        numbers["kinds"] = len(numbers["items"])
    return numbers


def _settle() -> None:
    """The numbers of new rows go on behind these, and the planner knows the tables."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
            cursor.execute(f"VACUUM (ANALYZE) {table}")
