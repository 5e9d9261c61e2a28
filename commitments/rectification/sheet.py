"""The ledger as lines of a spreadsheet; neither who the right-holder is nor which case it came from."""

from collections.abc import Iterator
from typing import Any

from longsha_credit.exchange.sheets import MOST

CHUNK = 500
COLUMNS = (
    *("台账编号", "状态", "第几轮", "事项", "责任单位", "来源", "领域", "问题类型", "诱因", "原责任人职务"),
    *("现责任人职务", "权利人", "依据文书", "涉及金额（元）", "已清偿（元）", "形成时间", "发现时间", "核实日期"),
    *("包案领导职务", "牵头和配合单位", "整改期限", "督办单", "申请销号日期", "销号依据", "销号时间", "回访时间"),
)  # fmt: skip
SLIPS = {"blue": "蓝", "yellow": "黄", "red": "红"}


def lines(rows: Any) -> Iterator[tuple[Any, ...]]:
    """The rows one by one; never more than one export holds."""
    return (_line(it) for it in rows[:MOST].iterator(CHUNK))


def _line(it: Any) -> tuple[Any, ...]:
    return (
        *(it.number, it.get_state_display(), it.round, it.title, it.organisation.name),
        *(it.get_source_display(), it.get_domain_display(), it.get_problem_display()),
        *(it.get_cause_display(), it.duty_then, it.duty_now, it.get_holder_kind_display(), it.instrument),
        *(it.amount, it.settled, it.formed_on, it.found_on, it.checked_on, it.lead_post, it.partners),
        *(it.due_on, SLIPS.get(it.slip, ""), it.close_asked_on, it.get_settlement_display()),
        *(it.closed_on, it.followed_on),
    )
