"""A country's worth of made-up units with records and commitments, made in the database: for measuring only."""

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
RECORDS, COMMITMENTS = 20, 4  # of each unit
BYTES_PER_UNIT = 600 + RECORDS * 1_000 + COMMITMENTS * 1_500  # with their indexes
BATCH = 60_000  # units between two words of how far it is

TABLES = ("directory_organisation", "records_record", "publication_publication", "commitments_obligation")

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
PUBLISHED = f"""
    INSERT INTO publication_publication (id, kind, kind_label, object_id, organisation_id, service_field_id, title, text, path,
      reference, version, first_published_at, published_at, search)
    SELECT %(first_publication)s + number, 'obligation', '公开承诺', %(first_obligation)s + number, o.id, %(field)s,
      '演示承诺' || k, '', 'commitments/' || %(first_obligation)s + number || '/', '', 1, at, at, ''::tsvector
    FROM directory_organisation o CROSS JOIN generate_series(0, {COMMITMENTS - 1}) k
    CROSS JOIN LATERAL (SELECT (o.id - %(first)s) * {COMMITMENTS} + k AS number, make_date(%(year)s, 1, 5)::timestamptz AS at) made
    WHERE o.id BETWEEN %(from)s AND %(to)s AND o.level <> 'district'"""

PROMISED = f"""
    INSERT INTO commitments_obligation (id, publication_id, title, area, service_field_id, domain, content, standard, due_on,
      beneficiaries, liability, post_id, document_number, document_issuer, form, code, organisation_id, made_on, version, state,
      counts_on, reported_on, reported_in_time, verdict, counted_verdict, verified_on, withdraw_from, withdraw_reason,
      created_by_id, created_at, saved_at, part_count, unit)
    SELECT %(first_obligation)s + number, %(first_publication)s + number, '演示承诺' || k,
      (ARRAY['lawful', 'service', 'petition', 'clean'])[1 + k], %(field)s, 'livelihood', '演示数据，用于测速。', '按约定', due,
      '居民', '书面说明', %(post)s, '', '', 'commitment', '9' || lpad((%(first_obligation)s + number)::text, 19, '0'), o.id, due - 90, 1,
      CASE WHEN verdict = '' THEN 'in_force' ELSE 'verified' END, due, CASE WHEN verdict <> '' THEN due END,
      CASE WHEN verdict <> '' THEN TRUE END, verdict, verdict, CASE WHEN verdict <> '' THEN due + 5 END, '', '',
      %(clerk)s, now(), now(), 0, ''
    FROM directory_organisation o CROSS JOIN generate_series(0, {COMMITMENTS - 1}) k
    CROSS JOIN LATERAL (SELECT (o.id - %(first)s) * {COMMITMENTS} + k AS number,
      make_date(%(year)s, 1, 1) + ((o.id * 11 + k * 83) %% 330)::int AS due,
      (ARRAY['full', 'full', 'full', 'full', 'full', 'full', 'partly', 'none', ''])[1 + (o.id * 5 + k) %% 9] AS verdict) made
    WHERE o.id BETWEEN %(from)s AND %(to)s AND o.level <> 'district'"""

USED = {
    "districts": "SELECT count(*) FROM directory_organisation WHERE level = 'district' AND division_code >= '900000'",
    "first": "SELECT max(id) + 1 FROM directory_organisation",
    "first_publication": "SELECT max(id) + 1 FROM publication_publication",
    "first_obligation": "SELECT max(id) + 1 FROM commitments_obligation",
    "clerk": "SELECT min(id) FROM directory_user",
    "reviewer": "SELECT max(id) FROM directory_user",
    "field": "SELECT min(id) FROM publication_servicefield",
    "post": "SELECT min(id) FROM directory_organisation WHERE level = 'post'",
    "items": """SELECT array_agg(id ORDER BY id) FROM records_catalogueitem
                WHERE NOT is_retired AND 'street' = ANY (subjects) AND 'community' = ANY (subjects) AND effect_months >= 4""",
}


def multiply(units: int, *, say: Say) -> dict[str, int]:
    """Add so many units, each with its records and commitments, to a portal with the demo; gives rows by table.

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
            for table, statement in zip(TABLES, (UNITS, RECORDED, PUBLISHED, PROMISED), strict=True):
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
            cursor.execute(question)
            numbers[name] = cursor.fetchone()[0]
        numbers["kinds"] = len(numbers["items"])
    return numbers


def _settle() -> None:
    """The numbers of new rows go on behind these, and the planner knows the tables."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
            cursor.execute(f"VACUUM (ANALYZE) {table}")
