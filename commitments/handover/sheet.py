"""The official document of a handover: the same text for the page that is printed and for Word."""

from typing import Any

from django.utils import timezone

from commitments.models import Handover, HandoverItem, HandoverState, Party
from longsha_credit.exchange.documents import Paper, Table, day

HEADS = ("序号", "事项", "期限", "移交人", "接交人", "监交人")
OUTCOME = {
    HandoverState.OPEN: "正在交接，三方确认以前不发生效力。",
    HandoverState.ASKED: "正在交接，区里正在决定是否先离任。",
    HandoverState.COMPLETE: "全部事项已由三方逐件确认，交接完成。",
    HandoverState.OVERRIDDEN: "经区里批准先离任，没有逐件确认完的事项仍由本单位办理，接任的人到任后核对。",
    HandoverState.CANCELLED: "这次交接已取消。",
}


def paper_of(handover: Handover, items: list[HandoverItem], notes: list[Any]) -> Paper:
    """What the document says; `items` as `reading.items_of` gives them."""
    merges = handover.posting_id is None
    unit, rows = handover.organisation.name, [_row(n, item) for n, item in enumerate(items, start=1)]
    caption = f"共{len(rows)}件"
    blocks: list[str | Table] = [
        _opening(handover, merges),
        "一、交接清单",
        Table(caption, HEADS, tuple(rows)),
        "二、交接结果",
        _outcome(handover),
    ]
    if notes:
        blocks += ["三、异议和处理", *(_note(note) for note in notes)]
    return Paper(
        title=f"{unit}{'并入' + handover.successor.name + '工作' if merges else '离任'}交接书",
        number=handover.number,
        blocks=tuple(blocks),
        signatures=tuple(
            f"{label}：{name}（签字）　　　　　　年　　月　　日"
            for label, name in zip(Party.labels, _names(handover, items), strict=True)
        ),
        sign=unit,
        signed_on=handover.completed_on or timezone.localdate(),
    )


def _opening(handover: Handover, merges: bool) -> str:
    if merges:
        return (
            f"{handover.organisation.name}自{day(handover.leaves_on)}起并入{handover.successor.name}（{handover.get_cause_display()}）。"
            "原单位作出的承诺、签订的合同、没有办结的事项，由接续的单位继续履行、继续办理，期限不变。"
        )
    who = handover.outgoing_name or "（空缺）"
    comes = f"，由{handover.incoming_name}接任" if handover.incoming_name else "，接任的人还没有确定"
    return (
        f"{handover.organisation.name}{handover.office}{who}因{handover.get_cause_display()}于{day(handover.leaves_on)}离任{comes}。"
        "下列事项属于单位，不因人员变动而中止；自交接之日起由接任的人负责办理。"
    )


def _row(number: int, item: HandoverItem) -> tuple[str, ...]:
    ended = f"（交接期间办结，{day(item.ended_on)}）" if item.ended_on else ""
    words = [_word(said, bool(item.ended_on)) for _, _, said in item.words]
    due_on = day(item.due_on) if item.due_on else "—"
    state = f"，{item.state_then}" if item.state_then else ""
    return (str(number), f"{item.label}（{item.kind}{state}）{ended}", due_on, *words)


def _word(said: Any, ended: bool) -> str:
    if said is None:
        return "—" if ended else "未确认"
    moment = timezone.localtime(said.at)
    return f"{'签字件' if said.paper_id else said.by_name}\n{moment:%Y-%m-%d}"


def _outcome(handover: Handover) -> str:
    said = OUTCOME[HandoverState(handover.state)]
    if handover.state == HandoverState.OVERRIDDEN:
        said += (
            f"理由：{handover.override_reason}"
            f"（申请：{handover.override_asked_by}，批准：{handover.override_decided_by}，{day(handover.completed_on)}）"
        )
    elif handover.completed_on:
        said += f"完成日期：{day(handover.completed_on)}。"
    return said


def _note(note: Any) -> str:
    settled = f"处理（{note.settled_by_name}）：{note.settled}" if note.settled_at else "还没有处理。"
    return f"{note.item}：{note.get_party_display()}{note.by_name}提出“{note.text}”。{settled}"


def _names(handover: Handover, items: list[HandoverItem]) -> list[str]:
    witnesses = {
        said.by_name for item in items for party, _, said in item.words if party == "witness" and said
    }
    return [handover.outgoing_name, handover.incoming_name, "、".join(sorted(witnesses))]
