"""Tasks and the board as tables that leave the portal."""

import datetime
from collections.abc import Iterator
from typing import Any

from longsha_credit.programme.models import MainTask, StageKey
from longsha_credit.programme.tasking.board import Board

COLUMNS = (
    "单位", "层级", "任务", "主要任务", "阶段", "状态", "期限", "超期天数", "责任人", "报完成日期", "认定日期", "依据",
)  # fmt: skip


def lines(tasks: list, today: datetime.date) -> Iterator[tuple[Any, ...]]:
    """One line for each task; asks for `with_clock` and `with_names`."""
    for it in tasks:
        due_on = it.clock_due or it.due_on
        late = (today - due_on).days if it.is_open and due_on < today else ""
        standard = it.standard
        yield (
            it.organisation.name, it.organisation.get_level_display(), standard.title, MainTask(standard.main).label,
            StageKey(standard.stage).label, it.get_state_display(), due_on, late, it.answers, it.reported_on,
            it.decided_on, standard.basis,
        )  # fmt: skip


def board_columns(found: Board) -> list[str]:
    parts = [f"{column.label}{word}" for column in found.columns for word in ("件数", "已完成", "超期")]
    return ["单位", *parts, "合计件数", "合计已完成", "合计待认定", "合计超期"]


def board_lines(found: Board) -> Iterator[list[Any]]:
    for row, cells in [*found.lines, (found.whole, found.sums)]:
        own = "（本级）" if row.is_own else ""
        name = "合计" if row is found.whole else f"{row.unit.name}{own}"
        numbers: list[Any] = []
        for _, cell in cells:
            numbers += [cell.total, cell.done, cell.late] if cell else ["", "", ""]
        yield [name, *numbers, row.whole.total, row.whole.done, row.whole.reported, row.whole.late]
