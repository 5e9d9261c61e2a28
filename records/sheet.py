"""Records as lines of a spreadsheet; the name of a person only in the file read for a stated purpose."""

from collections.abc import Iterator
from typing import Any

from longsha_credit.exchange.sheets import MOST
from records.checks import subject_of

CHUNK = 500
COLUMNS = (
    *("记录编号", "版本", "标题", "守信或失信", "方面", "清单事项", "主体种类", "主体", "单位", "主体在事件中"),
    *("文号", "作出机关", "作出日期", "生效日期", "有效期至", "决定生效没有", "公开层级", "状态", "正在办理", "不再符合条件"),
)  # fmt: skip

MARKS = {"objected": "异议处理中", "to_correct": "更正中", "repairing": "修复办理中"}


def lines(rows: Any, name: str = "") -> Iterator[tuple[Any, ...]]:
    """The rows one by one, never more than one export holds; `name` is the person's whose file it is."""
    return (_line(it, name) for it in rows[:MOST].iterator(CHUNK))


def _line(it: Any, name: str) -> tuple[Any, ...]:
    marks = "、".join(word for mark, word in MARKS.items() if getattr(it, mark))
    return (
        *(it.number, it.version, str(it), it.item.get_kind_display(), it.item.get_dimension_display()),
        *(str(it.item), it.get_subject_kind_display(), name or subject_of(it), it.organisation.name),
        *(it.get_part_display(), it.document_number, it.issuing_body, it.decided_on, it.effective_from),
        *(it.effective_until, it.get_finality_display(), it.get_disclosure_display(), it.get_state_display()),
        *(marks, it.unsound),
    )
