"""The board: unit by topic, how fresh what stands published is; one set-based query whatever the number of units."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet
from django.utils import timezone

from disclosure.clocks import DUTY
from disclosure.models import Frequency, Notice
from disclosure.models.duties import DutyQuerySet

# In the order in which they ask for work; the label stands beside shape and colour.
STATES = {"stale": "该更新没更新", "due": "快到更新日", "empty": "还没有内容", "fresh": "在更新期内"}
SHAPES = {"stale": "stale", "due": "near", "empty": "empty", "fresh": "fresh"}

# What stands: public, not superseded, not past its validity. The clock tells until when it is fresh, and its rule from
# when on it is due: the day of the first reminder. A topic that changes only with its matter is fresh or empty.
CELLS = """
WITH duty AS MATERIALIZED (
  SELECT d.id, d.organisation_id, d.topic_id, d.since FROM disclosure_duty d WHERE d.id IN ({duties})
), standing AS (
  SELECT n.organisation_id, n.topic_id, count(*) AS number, max(n.published_at) AS newest
  FROM duty JOIN ({notices}) n USING (organisation_id, topic_id)
  GROUP BY n.organisation_id, n.topic_id
), rule AS MATERIALIZED (
  SELECT r.id, coalesce(max(days), 0) AS first_reminder
  FROM deadlines_rule r LEFT JOIN LATERAL unnest(r.remind_before) days ON TRUE GROUP BY r.id
), cell AS (
  SELECT duty.id, duty.since, duty.organisation_id, o.name AS unit, o.path, o.level, o.parent_id,
    coalesce(nullif(o.division_code, ''), nullif(above.division_code, ''), '') AS place,
    t.id AS topic_id, t.number AS topic_number, t.key AS topic_key, t.name AS topic, t."group", t.frequency,
    t.service_field_id, coalesce(s.number, 0) AS number, s.newest, c.id AS clock_id, c.due_on,
    CASE WHEN s.number IS NULL THEN 'empty'
      WHEN c.due_on < %s THEN 'stale'
      WHEN c.due_on - rule.first_reminder <= %s THEN 'due'
      ELSE 'fresh' END AS state,
    coalesce(c.due_on < %s, FALSE) AS late
  FROM duty
  JOIN directory_organisation o ON o.id = duty.organisation_id
  LEFT JOIN directory_organisation above ON above.id = o.parent_id
  JOIN disclosure_topic t ON t.id = duty.topic_id
  LEFT JOIN standing s ON s.organisation_id = duty.organisation_id AND s.topic_id = duty.topic_id
  LEFT JOIN deadlines_deadline c ON c.object_kind = %s AND c.object_id = duty.id AND c.rule_key = t.frequency
    AND c.met_on IS NULL AND c.cancelled_at IS NULL
  LEFT JOIN rule ON rule.id = c.rule_id
)
"""
COUNTS = ", ".join(f"count(*) FILTER (WHERE state = '{state}') AS {state}" for state in STATES)
COUNTS += ", count(*), max(newest), count(*) FILTER (WHERE late), count(*) FILTER (WHERE late AND frequency = ANY (%s))"
SITE = [Frequency.NEWS.value, Frequency.HALF_YEARLY.value]
IN_ORDER = "place, path, topic_number"


@dataclass(frozen=True)
class Cell:
    """One unit and one topic it owes: how it stands, since when, how much of it there is."""

    id: int
    since: datetime.date
    organisation_id: int
    unit: str
    path: str
    level: str
    parent_id: int | None
    place: str
    topic_id: int
    topic_number: int
    topic_key: str
    topic: str
    group: str
    frequency: str
    service_field_id: int | None
    number: int
    newest: datetime.datetime | None
    clock_id: int | None
    due_on: datetime.date | None
    state: str
    late: bool

    @property
    def label(self) -> str:
        return STATES[self.state]

    @property
    def shape(self) -> str:
        return SHAPES[self.state]

    @property
    def newest_on(self) -> datetime.date | None:
        return timezone.localdate(self.newest) if self.newest else None


@dataclass(frozen=True)
class Counts:
    """How many cells of something are in each state, and when the newest of it was published."""

    stale: int = 0
    due: int = 0
    empty: int = 0
    fresh: int = 0
    total: int = 0
    newest: datetime.datetime | None = None
    late: int = 0  # past their day, with something in them or not
    late_site: int = 0  # of these the ones that inspectors of sites look at
    id: int = 0
    name: str = ""
    level: str = ""
    parent_id: int | None = None
    path: str = ""
    frequency: str = ""

    @property
    def newest_on(self) -> datetime.date | None:
        return timezone.localdate(self.newest) if self.newest else None

    @property
    def filled(self) -> int:
        """Those in which something stands."""
        return self.total - self.empty

    @property
    def current(self) -> int:
        """Those in which something stands that is not past its day."""
        return self.fresh + self.due

    def each(self) -> list[tuple[str, str, str, int]]:
        """(state, label, shape, number), what asks for work first."""
        return [(state, label, SHAPES[state], getattr(self, state)) for state, label in STATES.items()]


def cells(
    duties: DutyQuerySet, today: datetime.date, *, state: str = "", most: int | None = None
) -> list[Cell]:
    """The cells of these duties, unit by unit; `state` narrows them, `most` is how many at most."""
    where, values = ("WHERE state = %s", [state]) if state else ("", [])
    return [
        Cell(*row)
        for row in _rows(duties, today, f"SELECT * FROM cell {where} ORDER BY {IN_ORDER}", values, most)
    ]


def page_of(
    duties: DutyQuerySet, today: datetime.date, *, state: str, number: int, size: int
) -> tuple[list[Cell], bool]:
    """One page of the cells, counted from 1, and whether there are more."""
    where, values = ("WHERE state = %s", [state]) if state else ("", [])
    sql = f"SELECT * FROM cell {where} ORDER BY {IN_ORDER} OFFSET %s"
    found = [Cell(*row) for row in _rows(duties, today, sql, [*values, (number - 1) * size], size + 1)]
    return found[:size], len(found) > size


def totals(duties: DutyQuerySet, today: datetime.date) -> Counts:
    """All of them together."""
    rows = _rows(duties, today, f"SELECT {COUNTS} FROM cell", [SITE])
    return Counts(*rows[0]) if rows else Counts()


def by_unit(duties: DutyQuerySet, today: datetime.date) -> list[Counts]:
    """Each unit with its own cells, in the order of the tree."""
    columns = "organisation_id, unit, level, parent_id, path"
    sql = f"SELECT {COUNTS}, {columns} FROM cell GROUP BY {columns}, place ORDER BY place, path"
    return [Counts(*row) for row in _rows(duties, today, sql, [SITE])]


def by_topic(duties: DutyQuerySet, today: datetime.date) -> list[Counts]:
    """Each topic with the cells of all its units, in the order of the catalogue."""
    sql = f"""SELECT {COUNTS}, topic_id, topic, '', NULL, '', frequency FROM cell
      GROUP BY topic_id, topic, topic_number, frequency ORDER BY topic_number"""
    return [Counts(*row) for row in _rows(duties, today, sql, [SITE])]


def _rows(
    duties: DutyQuerySet,
    today: datetime.date,
    select: str,
    values: Iterable[Any] = (),
    most: int | None = None,
) -> list[tuple]:
    """What `select` gives from the cells of these duties; nothing where the reader may see none."""
    notices = Notice.objects.in_effect(today).order_by()
    try:
        asked, asked_values = _sql(duties.current().order_by().values("pk"))
    except EmptyResultSet:
        return []
    published = notices.values("organisation_id", "topic_id", published_at=F("publication__published_at"))
    standing, standing_values = _sql(published)
    sql = CELLS.format(duties=asked, notices=standing) + select
    given = [*asked_values, *standing_values, today, today, today, DUTY, *values]
    if most is not None:
        sql, given = f"{sql} LIMIT %s", [*given, most]
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()


def _sql(rows: QuerySet) -> tuple[str, tuple]:
    return rows.query.sql_with_params()
