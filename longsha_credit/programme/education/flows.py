"""The steps of an activity, of its public text, of a material and of somebody's hours."""

from collections.abc import Callable
from typing import Any

from longsha_credit.audit.workflow import Step, Taken, Workflow
from longsha_credit.directory.roles import Role
from longsha_credit.programme.education import clocks, conditions
from longsha_credit.programme.models import ActivityState, EditionState, HoursState, MaterialState
from longsha_credit.publication import door
from longsha_credit.publication.gate import WRITERS, candidate_steps

__all__ = ["EDITION", "FLOW", "HOURS", "LEADS", "OFFICE", "SHEET", "WRITERS"]

OFFICE = frozenset({Role.REVIEWER, Role.OFFICE})
LEADS = frozenset({Role.LEAD})
S, E, M, H = ActivityState, EditionState, MaterialState, HoursState


def drop_unfinished(flow: Workflow, rows: Any, why: str) -> None:
    """What was in review is recalled, what was a draft is thrown away."""
    for row in rows.filter(state="in_review"):
        flow.take(row, "recall", by=None)
    for row in rows.filter(state="draft"):
        flow.take(row, "discard", by=None, reason=why)


def _is_held(taken: Taken) -> None:
    """An announcement still on its way comes too late."""
    clocks.follow(taken.obj, today=taken.today)
    drop_unfinished(SHEET, taken.obj.sheets, "活动已经举办，预告不再公开")


def _is_summed_up(taken: Taken) -> None:
    clocks.met(taken.obj, today=taken.today)


def _is_open_again(taken: Taken) -> None:
    clocks.follow(taken.obj, today=taken.today)


def _is_off(taken: Taken) -> None:
    clocks.cancelled(taken.obj)
    drop_unfinished(SHEET, taken.obj.sheets, "活动已经取消")


FLOW = Workflow(
    "诚信教育活动",
    S,
    Step(
        "hold", "登记举办", frozenset({S.PLANNED}), S.HELD, WRITERS,
        guard=conditions.day_has_come, writes=conditions.held, effects=(_is_held,), asks=True, tone="main",
    ),
    Step(
        "summarise", "完成总结", frozenset({S.HELD}), S.SUMMARISED, WRITERS,
        guard=conditions.summary_complete, effects=(_is_summed_up,), tone="main",
    ),
    Step(
        "reopen", "退回补充", frozenset({S.SUMMARISED}), S.HELD, WRITERS,
        reason=True, guard=conditions.nothing_told_yet, effects=(_is_open_again,),
    ),
    Step(
        "file", "只留内部", frozenset({S.SUMMARISED}), S.FILED, WRITERS,
        reason=True, guard=conditions.nothing_told_yet,
    ),
    Step("share", "改为公开", frozenset({S.FILED}), S.SUMMARISED, WRITERS, guard=conditions.year_is_open),
    Step(
        "cancel", "取消活动", frozenset({S.PLANNED}), S.CANCELLED, WRITERS,
        reason=True, guard=conditions.year_is_open, writes=conditions.cancels, effects=(_is_off,),
        asks=True, tone="stop",
    ),
)  # fmt: skip


def _siblings(row: Any) -> Any:
    """All versions of the same text."""
    head = row.activity.sheets if hasattr(row, "activity") else row.material.editions
    return head.exclude(pk=row.pk)


def _takes_its_place(flow: Callable[[], Workflow], row: Any, by: Any) -> None:
    for old in _siblings(row).filter(state__in=["published", "internal"]):
        flow().take(old, "replace", by=by)


def _shown_by(flow: Callable[[], Workflow]) -> Callable[[Taken], dict[str, Any]]:
    """The new version takes over from the one that stood."""

    def writes(taken: Taken) -> dict[str, Any]:
        _takes_its_place(flow, taken.obj, taken.by)
        return {"publication": taken.given["publication"]}

    return writes


def _issued(taken: Taken) -> dict[str, Any]:
    _takes_its_place(lambda: EDITION, taken.obj, taken.by)
    return conditions.issues(taken)


def _goes_down(flow: Callable[[], Workflow]) -> Callable[[Taken], None]:
    """Page, search, feed and files go at once, and what was on its way goes no further; the reason stays in the log."""

    def effect(taken: Taken) -> None:
        row = taken.obj
        drop_unfinished(flow(), _siblings(row), "公开内容已撤下")
        door.withdraw(
            row.publication,
            reference=(row.activity if hasattr(row, "activity") else row.material).code,
            reason=row.withdraw_reason,
            asked_by=row.withdraw_asked_by,
            approver=taken.by,
            remove_content=bool(taken.given.get("remove_content")),
        )

    return effect


def _down(states: Any, flow: Callable[[], Workflow], *replaced: str) -> tuple[Step, ...]:
    """Two people take a text down; a newer version takes its place."""
    shown, asked = frozenset({states.PUBLISHED}), frozenset({states.WITHDRAWING})
    return (
        Step(
            "ask_withdrawal", "申请撤下", shown, states.WITHDRAWING, WRITERS | OFFICE,
            reason=True, writes=conditions.asks_withdrawal, tone="stop",
        ),
        Step(
            "approve_withdrawal", "批准撤下", asked, states.ENDED, OFFICE,
            not_by={"withdraw_asked_by_id": "您是撤下申请人，须由另一个人批准。"}, effects=(_goes_down(flow),),
            todo="below", tone="main", asks=True,
        ),
        Step(
            "refuse_withdrawal", "不同意撤下", asked, states.PUBLISHED, OFFICE,
            reason=True, not_by={"withdraw_asked_by_id": "您是撤下申请人，须由另一个人决定。"},
            writes=conditions.forgets_withdrawal,
        ),
        Step("replace", "由新版代替", frozenset({states.PUBLISHED, *replaced}), states.REPLACED, frozenset(), button=False),
    )  # fmt: skip


SHEET = Workflow(
    "活动公开稿",
    E,
    *candidate_steps(
        draft=E.DRAFT, in_review=E.IN_REVIEW, passed=E.PUBLISHED, discarded=E.DISCARDED,
        complete=conditions.sheet_presentable, pass_guard=conditions.sheet_presentable,
        pass_writes=_shown_by(lambda: SHEET),
    ),
    *_down(E, lambda: SHEET),
)  # fmt: skip

EDITION = Workflow(
    "学习资料",
    M,
    *candidate_steps(
        draft=M.DRAFT, in_review=M.IN_REVIEW, passed=M.PUBLISHED, discarded=M.DISCARDED,
        complete=conditions.edition_presentable, pass_guard=conditions.edition_presentable,
        pass_writes=_shown_by(lambda: EDITION),
    ),
    Step("offer", "送内部发布", frozenset({M.DRAFT}), M.OFFERED, WRITERS, guard=conditions.edition_offerable),
    Step(
        "issue", "对内发布", frozenset({M.OFFERED}), M.INTERNAL, LEADS | {Role.OFFICE},
        not_by={"created_by_id": "您是经办人，须由另一个人对内发布。"}, guard=conditions.edition_offerable,
        writes=_issued, todo="below", tone="main",
    ),
    Step("decline", "退回修改", frozenset({M.OFFERED}), M.DRAFT, WRITERS | {Role.OFFICE}, reason=True),
    Step("retire", "停用", frozenset({M.INTERNAL}), M.RETIRED, WRITERS | OFFICE, reason=True, tone="stop"),
    *_down(M, lambda: EDITION, M.INTERNAL),
)  # fmt: skip

HOURS = Workflow(
    "学时",
    H,
    Step(
        "confirm", "确认学时", frozenset({H.ENTERED}), H.CONFIRMED, LEADS,
        not_by={"created_by_id": "您是登记人，须由另一个人确认。"},
        not_where=(conditions.own_hours, "自己的学时由别人确认，可请上级单位的负责人办理。"),
        guard=conditions.year_is_open, writes=conditions.confirms, todo="below", tone="main",
    ),
    Step(
        "send_back", "退回", frozenset({H.ENTERED}), H.RETURNED, WRITERS,
        reason=True, guard=conditions.year_is_open, writes=conditions.says_why,
    ),
    Step(
        "revoke", "撤销学时", frozenset({H.CONFIRMED}), H.REVOKED, LEADS,
        reason=True, not_by={"created_by_id": "您是登记人，须由另一个人撤销。"},
        guard=conditions.year_is_open, writes=conditions.says_why, tone="stop",
    ),
)  # fmt: skip
