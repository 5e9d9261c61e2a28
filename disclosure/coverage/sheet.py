"""The board and the self-inspection as lines of a spreadsheet."""

from collections.abc import Iterator
from typing import Any

COLUMNS = ("单位", "层级", "序号", "公开事项", "更新频次", "状态", "有效内容（份）", "最近公开", "应更新到")
CHECK_COLUMNS = ("检查项", "限度", "现在", "结论", "依据", "单位", "栏目", "最近公开", "应更新到")


def lines(cells: list[Any], levels: dict[str, str], frequencies: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    for it in cells:
        yield (
            *(it.unit, levels[it.level], it.topic_number, it.topic, frequencies[it.frequency]),
            *(it.label, it.number, it.newest_on, it.due_on),
        )


def check_lines(findings: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Each check, and under it the rows behind it."""
    for it in findings:
        yield (it.limit.name, it.allowed, it.words, it.verdict, it.limit.basis, "", "", "", "")
        for row in it.rows:
            yield (it.limit.name, "", "", "", "", row.unit, row.name, row.newest_on, row.due_on)
