"""Marks of tables: a number that is another one after every change, read in one query; open data's ETags rest on it.

Every statement that changes rows of a watched table leaves a random number beside the table's name, in the same
transaction. The mark is the sum of those a reader sees, so that it changes with each commit and with nothing else. A
counter would make writers wait for each other, and a sequence runs ahead of what is committed.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.migrations import RunSQL

LARGEST = 2**62
NOTE = """
CREATE OR REPLACE FUNCTION audit_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM changed) THEN
    INSERT INTO audit_tablechange (table_name, number) VALUES (TG_TABLE_NAME, floor(random() * 9007199254740992)::bigint);
  END IF;
  RETURN NULL;
END $$
"""
WATCH = """
CREATE TRIGGER note_{event} AFTER {event} ON {table} REFERENCING {rows} TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION audit_note_change()
"""
ROWS = {"insert": "NEW", "update": "NEW", "delete": "OLD"}


def watch(*tables: str) -> RunSQL:
    """The operation of a migration that has the changes of these tables noted."""
    return RunSQL(
        [
            WATCH.format(event=event, table=table, rows=rows)
            for table in tables
            for event, rows in ROWS.items()
        ],
        [f"DROP TRIGGER note_{event} ON {table}" for table in tables for event in ROWS],
    )


def mark_of(tables: Iterable[str]) -> int:
    """A number that stays the same as long as nothing in any of these tables changes; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(number), 0) FROM audit_tablechange WHERE table_name = ANY (%s)",
            [list(tables)],
        )
        return int(cursor.fetchone()[0]) % LARGEST


def fold() -> int:
    """One row for each table in the place of many, with the same sum for every reader; how many rows there were.

    Two at once do no harm: the second finds the rows of the first gone, and folds what came after.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH gone AS (DELETE FROM audit_tablechange RETURNING table_name, number), folded AS (
              INSERT INTO audit_tablechange (table_name, number)
              SELECT table_name, sum(number) %% {LARGEST} FROM gone GROUP BY table_name
            ) SELECT count(*) FROM gone""",
            [],
        )
        return int(cursor.fetchone()[0])
