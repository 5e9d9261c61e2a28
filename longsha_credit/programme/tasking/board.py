"""The progress board: units by stage or by main task, how much is done and late; one query whatever the number of units."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from longsha_credit.directory.models import Organisation
from longsha_credit.programme.models import UNIT_CLOCKS, MainTask, StageKey, Task

# A unit's row holds what stands below it too; what the looked-at unit owes itself stands under its own number. A late
# one is open and its clock, moved by more time granted, has run out.
CELLS = """
SELECT CASE WHEN o.id = %(unit)s THEN %(unit)s ELSE split_part(o.path, '/', %(place)s)::bigint END AS unit_id,
  {column} AS key, count(*), count(*) FILTER (WHERE t.state = 'done'), count(*) FILTER (WHERE t.state = 'reported'),
  count(*) FILTER (WHERE t.state IN ('issued', 'working', 'returned') AND d.due_on < %(today)s)
FROM ({tasks}) t
JOIN programme_standardtask s ON s.id = t.standard_id
JOIN directory_organisation o ON o.id = t.organisation_id
LEFT JOIN deadlines_deadline d ON d.object_kind = 'programme.task' AND d.object_id = t.id AND d.rule_key = ANY (%(rules)s)
  AND d.met_on IS NULL AND d.cancelled_at IS NULL
GROUP BY 1, 2
"""
COLUMNS = {"stage": "s.stage", "main": "s.main::text"}


@dataclass(frozen=True)
class Column:
    """A stage or a main task: its key in an address and its name."""

    key: str
    label: str


@dataclass
class Cell:
    """How far some tasks are: all of them, done, waiting for a decision, late."""

    total: int = 0
    done: int = 0
    reported: int = 0
    late: int = 0

    def add(self, other: "Cell") -> None:
        self.total += other.total
        self.done += other.done
        self.reported += other.reported
        self.late += other.late

    @property
    def state(self) -> tuple[str, str]:
        """A shape and its word: what asks for work first."""
        if self.late:
            return "overdue", f"超期{self.late}"
        if self.total == self.done:
            return "kept", "完成"
        return ("pending", f"已报{self.reported}") if self.reported else ("active", "进行中")


@dataclass
class Row:
    """One unit with those below it: a cell for each column, and all of them together."""

    unit: Organisation
    is_own: bool
    cells: dict[str, Cell] = field(default_factory=dict)
    whole: Cell = field(default_factory=Cell)

    def along(self, columns: Sequence[Column]) -> list[tuple[Column, Cell | None]]:
        return [(column, self.cells.get(column.key)) for column in columns]


@dataclass(frozen=True)
class Board:
    columns: list[Column]
    rows: list[Row]
    whole: Row

    @property
    def lines(self) -> list[tuple[Row, list[tuple[Column, Cell | None]]]]:
        return [(row, row.along(self.columns)) for row in self.rows]

    @property
    def sums(self) -> list[tuple[Column, Cell | None]]:
        return self.whole.along(self.columns)


def columns_of(by: str) -> list[Column]:
    if by == "main":
        return [Column(str(one.value), one.label) for one in MainTask]
    return [Column(one.value, one.label) for one in StageKey]


def board_of(unit: Organisation, tasks: Any, units: Any, *, by: str, today: datetime.date) -> Board:
    """How far `unit` and each unit right below it are with `tasks` (a queryset); `units` are those in reach.

    `by` is stage or main. Two queries.
    """
    columns = columns_of(by)
    rows: dict[int, Row] = {}
    found = list(_counted(unit, tasks, by, today))
    named = {one.pk: one for one in units.filter(pk__in={pk for pk, *_ in found}).in_tree_order()}
    whole = Row(unit, False)
    for pk, key, *numbers in found:
        if pk not in named:
            continue
        cell, row = Cell(*numbers), rows.setdefault(pk, Row(named[pk], pk == unit.pk))
        for one in (row, whole):
            one.cells.setdefault(key, Cell()).add(cell)
            one.whole.add(cell)
    in_order = [rows[pk] for pk in named]
    return Board(columns, sorted(in_order, key=lambda row: not row.is_own), whole)


def _counted(unit: Organisation, tasks: Any, by: str, today: datetime.date) -> Iterable[tuple]:
    below = tasks.below(unit).order_by().values("id", "standard_id", "organisation_id", "state")
    try:
        sql, values = below.query.sql_with_params()
    except EmptyResultSet:
        return []
    # Django's numbered places and our named ones do not mix: its values become named ones too.
    named = {f"v{n}": value for n, value in enumerate(values)}
    asked = sql % tuple(f"%(v{n})s" for n in range(len(values)))
    given = {"unit": unit.pk, "place": unit.path.count("/") + 1, "today": today, "rules": list(UNIT_CLOCKS)}
    with connection.cursor() as cursor:
        cursor.execute(CELLS.format(tasks=asked, column=COLUMNS[by]), named | given)
        return cursor.fetchall()


def tasks_of(year: Any, user: Any) -> Any:
    """What counts on the board: the year's tasks in the reader's scope that were not taken back."""
    return Task.objects.visible_to(user).filter(year=year).standing()
