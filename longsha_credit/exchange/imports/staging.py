"""The rows of a file in the staging table: put there by COPY, looked at in SQL, made into drafts, taken back."""

import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from longsha_credit.exchange.imports.kinds import ImportKind, column
from longsha_credit.exchange.models import Import
from longsha_credit.exchange.tables.cleaning import Fault

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
IN_ARRAY = str.maketrans({"\\": "\\\\", '"': '\\"'})
OFFSET = "系统编号对不上：它不是您能看到的内容，或者和系统里的已经不一样。导入只新建、不修改：要改请在系统里改，要新建请清空这一格。"

UNITS = """units AS MATERIALIZED (
  SELECT key, min(id) AS id, count(DISTINCT id) AS several FROM (
    SELECT o.id, unnest(ARRAY[o.division_code, o.uscc, replace(o.name, ' ', ''), replace(p.name || o.name, ' ', ''),
      replace(g.name || p.name || o.name, ' ', '')]) AS key
    FROM directory_organisation o LEFT JOIN directory_organisation p ON p.id = o.parent_id
    LEFT JOIN directory_organisation g ON g.id = p.parent_id
    WHERE o.valid_to IS NULL AND o.path LIKE ANY (%(scope)s)) named
  WHERE key <> '' GROUP BY key)"""


class _Lines(io.RawIOBase):
    """Lines for COPY as a file that is read piece by piece."""

    def __init__(self, lines: Iterable[str]):
        self.lines = iter(lines)
        self.left = ""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> str:  # type: ignore[override]
        parts, length = [self.left], len(self.left)
        while length < size:
            line = next(self.lines, None)
            if line is None:
                break
            parts.append(line)
            length += len(line)
        text = "".join(parts)
        self.left = text[size:]
        return text[:size]


def put(import_: Import, rows: Iterable[tuple[int, str, list[Any], list[Fault]]]) -> int:
    """COPY rows into the staging table: (number, key, values in the order of the fields, faults); gives how many."""
    with connection.cursor() as cursor:
        cursor.copy_expert(
            "COPY exchange_importrow (of_id, number, key, cells, faults, is_known) FROM STDIN",
            _Lines(_lines(import_.pk, rows)),
        )
        return cursor.rowcount


def _lines(pk: int, rows: Iterable[tuple[int, str, list[Any], list[Fault]]]) -> Iterator[str]:
    for number, key, values, faults in rows:
        cells = ",".join(["NULL" if value is None else _quoted(value) for value in values])
        found = "\\N"
        if faults:
            told = [[f.name, f.sentence, f.fix, f.given] for f in faults]
            found = json.dumps(told, ensure_ascii=False).translate(ESCAPES)
        yield f"{pk}\t{number}\t{key[:20].translate(ESCAPES)}\t{{{cells.translate(ESCAPES)}}}\t{found}\tf\n"


def _quoted(value: Any) -> str:
    """A value inside an array literal; several chosen values are an array literal of their own."""
    if isinstance(value, tuple):
        value = "{" + ",".join(_quoted(one) for one in value) + "}"
    text = str(value)
    return f'"{text.translate(IN_ARRAY)}"' if "\\" in text or '"' in text else f'"{text}"'


@contextmanager
def hashed() -> Iterator[Any]:
    """A cursor whose joins are hashed: of rows that came a moment ago the planner knows nothing, takes them for one or
    two, and compares each with each (for 5,000 rows that was more than 10 minutes instead of a second). It lasts as long
    as a transaction, so there is one, on a page that only looks too."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield cursor
        cursor.execute("SET LOCAL enable_nestloop = on")


class Look:
    """One look at the staged rows of an import with the SQL of its kind, for one person at one moment."""

    def __init__(self, import_: Import, kind: ImportKind, *, by: Any):
        self.import_, self.kind, self.by = import_, kind, by
        self.fields = kind.sheet().fields
        self.values = {
            "import": import_.pk, "by": by.pk, "now": timezone.now(), "today": timezone.localdate(),
            "scope": [f"{path}%" for path in by.paths_for(kind.roles)],
            "places": json.dumps({field.name: at for at, field in enumerate(self.fields, 1)}),
            "offset": OFFSET, **kind.given(), **{f"given_{name}": value for name, value in import_.given.items()},
        }  # fmt: skip

    def check(self) -> None:
        """Write beside each row what is wrong with it among the others and in the portal, and what is there already."""
        self._run(
            f"""UPDATE exchange_importrow r SET is_known = TRUE
            FROM ({self._known()}) k WHERE r.of_id = %(import)s AND r.number = k.number AND r.faults IS NULL"""
        )
        self._run(
            f"""UPDATE exchange_importrow r SET faults = coalesce(r.faults, '[]') || f.found
            FROM (SELECT c.number, jsonb_agg(jsonb_build_array(c.field, c.sentence, coalesce(c.fix, ''),
                    left(coalesce(s.cells[(%(places)s::jsonb ->> c.field)::int], CASE c.field WHEN 'key' THEN s.key END, ''), 100))) AS found
                  FROM ({self._checks()}) c (number, field, sentence, fix)
                  JOIN exchange_importrow s ON s.of_id = %(import)s AND s.number = c.number AND NOT s.is_known
                  GROUP BY c.number) f
            WHERE r.of_id = %(import)s AND r.number = f.number"""
        )

    def changed(self) -> list[int]:
        """Numbers of rows that were good and are not any more, the first few."""
        sql = f"""
            SELECT DISTINCT r.number FROM (
              SELECT number FROM ({self._checks()}) c (number, field, sentence, fix)
              UNION ALL SELECT number FROM ({self._known()}) k) f
            JOIN exchange_importrow r ON r.of_id = %(import)s AND r.number = f.number
            WHERE r.faults IS NULL AND NOT r.is_known ORDER BY 1 LIMIT 4"""
        with hashed() as cursor:
            cursor.execute(self._with() + sql, self.values)
            return [number for (number,) in cursor.fetchall()]

    def create(self) -> int:
        """Drafts of every good row, and which row each came from; gives how many."""
        good = f"""good AS (
            SELECT m.*, nextval(pg_get_serial_sequence('{self.kind.table}', 'id')) AS object_id
            FROM matched m JOIN exchange_importrow r ON r.of_id = %(import)s AND r.number = m.number
            WHERE r.faults IS NULL AND NOT r.is_known ORDER BY m.number)"""
        coming = """good_rows AS (SELECT m.* FROM matched m JOIN exchange_importrow r
            ON r.of_id = %(import)s AND r.number = m.number WHERE r.faults IS NULL AND NOT r.is_known)"""
        for statement in self.kind.first:
            self._run(statement, coming)
        made = self._run(
            """INSERT INTO exchange_imported (of_id, number, object_id)
            SELECT %(import)s, number, object_id FROM good""",
            good,
            f"made AS ({self.kind.create})",
        )
        for statement in self.kind.later:
            with hashed() as cursor:
                cursor.execute(statement, self.values)
        return made

    def _checks(self) -> str:
        parts = [*self.kind.checks, f"SELECT number, 'key', %(offset)s, NULL FROM matched m WHERE m.key <> '' AND NOT {self._is_there()}"]  # fmt: skip
        if self.kind.once:
            columns = ", ".join(self.kind.once)
            parts.append(
                f"""SELECT number, '{self.kind.once_field}', '和第' || first || '行是同一件，请删去一行。', NULL
                FROM (SELECT number, min(number) OVER (PARTITION BY {columns}) AS first, {columns}
                      FROM matched) o WHERE number > first AND ({self.kind.once[0]}) IS NOT NULL"""
            )
        return " UNION ALL ".join(f"({part})" for part in parts)

    def _known(self) -> str:
        return f"SELECT number FROM matched m WHERE {self._is_there()}"

    def _is_there(self) -> str:
        """Whether something the person sees is what the row says; where the row has its number, that one alone."""
        kind = self.kind
        known = f"({kind.known}) OR " if kind.known else ""
        return f"""({known}EXISTS (
            SELECT FROM {kind.table} t WHERE {kind.same}
            AND t.id = CASE WHEN m.key = '' THEN t.id WHEN m.key ~ '^[0-9]{{1,18}}$' THEN m.key::bigint END
            AND t.id IN ({self._visible()})))"""

    def _visible(self) -> str:
        sql, values = self.kind.visible(self.by).order_by().values("pk").query.sql_with_params()
        with connection.cursor() as cursor:
            return cursor.mogrify(sql, values).decode().replace("%", "%%")

    def _with(self, *more: str) -> str:
        typed = ", ".join(column(field, at) for at, field in enumerate(self.fields, 1))
        rows = f"""rows AS (SELECT r.number, r.key, {typed} FROM exchange_importrow r WHERE r.of_id = %(import)s)"""
        matched = f"matched AS MATERIALIZED ({self.kind.matched})"
        return f"WITH {', '.join([rows, UNITS, *self.kind.tables, matched, *more])} "

    def _run(self, statement: str, *more: str) -> int:
        with hashed() as cursor:
            cursor.execute(self._with(*more) + statement, self.values)
            return cursor.rowcount


def counts(import_: Import) -> dict[str, int]:
    """How many rows there are, how many are faulty and how many known, and how many faults."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*), count(faults), count(*) FILTER (WHERE is_known),
            coalesce(sum(jsonb_array_length(faults)), 0) FROM exchange_importrow WHERE of_id = %s""",
            [import_.pk],
        )
        return dict(zip(("rows", "faulty", "known", "faults"), map(int, cursor.fetchone()), strict=True))


def empty(import_: Import) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM exchange_importrow WHERE of_id = %s", [import_.pk])


def by_field(import_: Import) -> dict[str, int]:
    """How many faults each field has."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT f.value ->> 0, count(*) FROM exchange_importrow r, jsonb_array_elements(r.faults) f
            WHERE r.of_id = %s AND r.faults IS NOT NULL GROUP BY 1""",
            [import_.pk],
        )
        return dict(cursor.fetchall())


def faults(import_: Import, field: str = "", start: int = 0, most: int | None = None) -> Iterator[tuple]:
    """(row number, field, sentence, fix, what stands there), by row, of one field or of all; read piece by piece."""
    sql = """SELECT r.number, f.value ->> 0, f.value ->> 1, f.value ->> 2, f.value ->> 3
        FROM exchange_importrow r, jsonb_array_elements(r.faults) WITH ORDINALITY f
        WHERE r.of_id = %(import)s AND r.faults IS NOT NULL AND (%(field)s = '' OR f.value ->> 0 = %(field)s)
        ORDER BY r.number, f.ordinality OFFSET %(start)s LIMIT %(most)s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"import": import_.pk, "field": field, "start": start, "most": most})
        while found := cursor.fetchmany(2000):
            yield from found
