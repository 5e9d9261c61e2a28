"""What residents are told of an item: where it stands in plain sentences, and what happened when."""

import datetime
from typing import Any

from django.db.models import Count, F, Q

from commitments.models import (
    Rectification,
    RectificationProgress,
    RectificationSheet,
    RectificationState,
)
from commitments.rectification.candidates import candidate_of_sheet
from longsha_credit.publication import reading as ledger

S = RectificationState
GROUPS = {
    "closed": ("已销号", Q(state__in=[S.CLOSED, S.FOLLOWED])),
    "closing": ("正在验收", Q(state__in=[S.CLOSING, S.ACCEPTING])),
    # what is only being considered is no finding: until it is decided, it is being put right
    "rectifying": ("整改中", Q(state__in=[S.RECTIFYING, S.REFUSING])),
    "found": ("属实，待整改", Q(state__in=[S.FOUND, S.PLANNED])),
    "refused": ("拒不整改", Q(state=S.REFUSED)),
}


def in_public_order(rows: Any) -> Any:
    """What was put right first, the newest of them first; then the rest, the newest first."""
    return rows.order_by(F("closed_on").desc(nulls_last=True), "-id")


def with_texts(rows: Any) -> list[Rectification]:
    """Each item with the text that stands published for it as `shown`; one query more for any list."""
    rows = list(rows)
    texts = RectificationSheet.objects.public().with_names().filter(rectification__in=rows)
    by_item = {text.rectification_id: text for text in texts}
    for row in rows:
        row.shown = by_item.get(row.pk)
    return rows


def standing(item: Rectification, today: datetime.date) -> tuple[str, str, str]:
    """(state, word, sentence) for everybody."""
    again = "这是销号以后再犯、重新打开的。" if item.round > 1 and item.is_open else ""
    state, word, sentence = _standing(item, today)
    return state, word, again + sentence


def _standing(item: Rectification, today: datetime.date) -> tuple[str, str, str]:
    unit, due = item.organisation.name, f"{item.due_on:%Y-%m-%d}" if item.due_on else ""
    if item.state in (S.CLOSED, S.FOLLOWED):
        followed = f"{item.followed_on:%Y-%m-%d}回访过。" if item.followed_on else "满30日再回访一次。"
        done = f"{item.closed_on:%Y-%m-%d}销号：{unit}已经整改，经没有经手的人自验、区里另一个人复核。"
        return "kept", "已销号", done + followed
    if item.state in (S.CLOSING, S.ACCEPTING):
        return "pending", "正在验收", f"{unit}已经申请销号，正在自验和区里复核。验收不通过的，退回接着整改。"
    if item.state == S.REFUSED:
        return (
            "broken",
            "拒不整改",
            f"{item.refused_on:%Y-%m-%d}区里认定{unit}经书面督办仍不整改。是否记入诚信记录，由另外的人核实后决定。",
        )
    if item.state in (S.RECTIFYING, S.REFUSING) and item.due_on:
        if item.due_on < today:
            return "overdue", "整改超期", f"整改期限{due}已经过了，区里正在督办。"
        return "active", "整改中", f"整改方案已经批准，{unit}最晚{due}办完。"
    return "pending", "属实，待整改", f"核实属实，{unit}正在定整改方案：做什么、谁牵头、什么时候办完。"


def page_context(item: Rectification, today: datetime.date) -> dict[str, Any]:
    """Everything on the public page but its versions; empty where no text stands published."""
    shown = RectificationSheet.objects.public().with_names().filter(rectification=item).first()
    told = list(
        RectificationProgress.objects.public()
        .with_names()
        .filter(rectification=item)
        .order_by("-as_of", "-id")
    )
    return {
        "item": item,
        "shown": shown,
        "standing": standing(item, today),
        "told": told,
        "days": days_of(item),
        "promise": item.obligation if _promise_is_public(item) else None,
    }


def _promise_is_public(item: Rectification) -> bool:
    promise = item.obligation
    return promise is not None and type(promise).objects.public().filter(pk=promise.pk).exists()


def days_of(item: Rectification) -> list[dict[str, Any]]:
    """What happened on which day, newest first: days and words of ours only, nothing that was typed on the desk."""
    found = [
        {"on": item.refused_on, "label": "认定拒不整改", "state": "late"},
        {"on": item.followed_on, "label": "回访", "state": "done"},
        {"on": item.closed_on, "label": "销号", "state": "done"},
        {"on": item.close_asked_on, "label": "申请销号", "state": "done"},
    ]
    for relapse in item.relapses.all():
        found.append({"on": relapse.on, "label": "回潮，按原编号重新打开", "state": "late"})
        found.append({"on": relapse.closed_on, "label": "销号", "state": "done"})
        found.append({"on": relapse.close_asked_on, "label": "申请销号", "state": "done"})
    found.append({"on": item.checked_on, "label": "核实属实", "state": "done"})
    dated = [day for day in found if day["on"]]
    return sorted(dated, key=lambda day: day["on"], reverse=True)


def status(shown: RectificationSheet, told: list[RectificationProgress], current: ledger.Version) -> str:
    """Whether the rows, the public row and the kept content with its hash all say the same."""
    if current.status != ledger.INTACT:
        return current.status
    own = candidate_of_sheet(shown)
    # a unit that was renamed since is not held against the row
    fields = {name: text for name, text in own.fields.items() if name != "unit"}
    agrees = current.agrees_with(own.title, fields, []) and current.is_shown_by(shown.publication, [])
    kept = ledger.current_versions([one.publication_id for one in told])
    texts = all(_told_agrees(one, kept.get(one.publication_id)) for one in told)
    return ledger.INTACT if agrees and texts else ledger.BROKEN


def _told_agrees(told: RectificationProgress, kept: ledger.Version | None) -> bool:
    same = {"text": told.text, "as_of": told.as_of.isoformat()}
    return (
        kept is not None
        and kept.status == ledger.INTACT
        and all(kept.fields.get(k) == v for k, v in same.items())
    )


def figures(rows: Any) -> list[dict[str, Any]]:
    """How many public items are in each group, closed ones first; one query."""
    counted = rows.order_by().aggregate(
        **{key: Count("pk", filter=condition) for key, (_, condition) in GROUPS.items()}
    )
    return [{"key": key, "label": label, "number": counted[key]} for key, (label, _) in GROUPS.items()]


def public_items_of(organisation: Any, today: datetime.date, number: int = 5) -> dict[str, Any]:
    """The public items of a unit and the units under it: the first few and how many in each group."""
    rows = Rectification.objects.public().below(organisation)
    first = with_texts(in_public_order(rows.with_names())[:number])
    for row in first:
        row.standing = standing(row, today)
    return {"rectification_figures": figures(rows), "rectifications": first}
