"""How each form of obligation is spoken of: one flow and one form for all, each in the words of its field."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Wording:
    """The words of one form. `labels` and `hints` replace those of a public commitment, by the field's name."""

    noun: str
    write: str
    what: str
    by: str
    does: str
    labels: dict[str, str] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)


CONTRACT_SECRET = "不要写合同对方的名称、合同编号和金额。"  # noqa: S105 - a hint, not a password

WORDINGS = {
    "commitment": Wording(
        noun="承诺",
        write="写承诺",
        what="单位公开答应某日前做到的事",
        by="承诺",
        does="做到",
    ),
    "contract": Wording(
        noun="合同契约",
        write="登记合同",
        what="单位签了字、盖了章要履行的合同和协议；对方、金额、付款只在内部",
        by="按合同约定",
        does="履行",
        labels={
            "title": "合同事项",
            "organisation": "履约单位",
            "code": "编码",
            "made_on": "登记日期",
            "area": "类别",
            "content": "履约内容",
            "due_on": "履行期限",
            "beneficiaries": "涉及的对象",
            "liability": "违约责任",
        },
        hints={
            "title": f"一句话说清是什么事，例如：和平社区养老服务站委托运营。{CONTRACT_SECRET}",
            "content": f"按合同单位要做什么、做到什么程度。这段话公开。{CONTRACT_SECRET}",
            "standard": "到期时凭什么算履行：全部履行、部分履行、未履行各是什么情形。",
            "due_on": "合同约定单位做完的日子，例如 2026-11-30。付款的日子写在下面的内部栏目。",
            "beneficiaries": "这份合同关系到谁，例如：和平社区居民。",
            "liability": "单位没有履行时承担什么，例如：承担违约责任，15 个工作日内公开说明原因和补救期限。",
        },
    ),
    "policy": Wording(
        noun="政策落实",
        write="登记政策",
        what="文件已经定了、要连续落实的政策；换了人也照样办",
        by="按政策文件",
        does="落实",
        labels={
            "title": "政策事项",
            "organisation": "落实单位",
            "code": "编码",
            "made_on": "登记日期",
            "area": "类别",
            "content": "受益对象应得到什么",
            "due_on": "落实期限",
            "liability": "没有落实怎么办",
        },
        hints={
            "title": "一句话说清是哪项政策，例如：高龄津贴按月发放。",
            "content": "谁符合条件、得到什么、在哪里办、多久办好。居民看到的就是这段话。",
            "due_on": "这一次落实到哪一天核一次；一直有效的，写本年度末，到期核验后再登记下一年度。",
            "beneficiaries": "例如：辖区80岁以上老人，约640人。",
            "liability": "没有落实或者中断时承担什么，例如：15 个工作日内补发，公开说明原因。",
        },
    ),
}


def plain(number: Any) -> str:
    """A decimal as people write it, without trailing zeros."""
    return f"{number.normalize():f}"


def amount(number: Any, unit: str) -> str:
    return f"{plain(number)}{unit}" if number is not None else ""
