"""The steps of a notice and its revisions, and those every published kind of this app shares."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.db.models import F

from disclosure import clocks, conditions
from disclosure.models import DisclosedState, Notice, RevisionState
from disclosure.models.notices import TEXT
from longsha_credit.audit.workflow import Step, Taken, Workflow
from longsha_credit.directory.roles import Role
from longsha_credit.publication import door
from longsha_credit.publication.gate import WRITERS, candidate_steps

__all__ = ["FLOW", "OFFICE", "REVISION", "WRITERS", "taking_down"]

OFFICE = frozenset({Role.REVIEWER, Role.OFFICE})
Effect = Callable[[Taken], None]


def drop_unfinished(flow: Workflow, rows: Any, why: str) -> None:
    """What was still in review is recalled, what was a draft is thrown away."""
    for row in rows.filter(state="in_review"):
        flow.take(row, "recall", by=None)
    for row in rows.filter(state="draft"):
        flow.take(row, "discard", by=None, reason=why)


def withdraw(taken: Taken) -> None:
    """Through the door and down: page, search, feeds and files go at once, the reason stays in the log."""
    it = taken.obj
    door.withdraw(
        it.publication,
        reference=it.code,
        reason=it.withdraw_reason,
        asked_by=it.withdraw_asked_by,
        approver=taken.by,
        remove_content=bool(taken.given.get("remove_content")),
    )


def taking_down(*effects: Effect) -> tuple[Step, ...]:
    """The steps by which two people take a publication down; `effects` run after it is down."""
    s = DisclosedState
    return (
        Step(
            "ask_withdrawal", "申请撤下", frozenset({s.PUBLISHED}), s.WITHDRAWING, WRITERS | OFFICE,
            reason=True, writes=conditions.asks_withdrawal, tone="stop",
        ),
        Step(
            "approve_withdrawal", "批准撤下", frozenset({s.WITHDRAWING}), s.WITHDRAWN, OFFICE,
            not_by={"withdraw_asked_by_id": "您是撤下申请人，须由另一个人批准。"},
            effects=(withdraw, *effects), todo="below", tone="main", asks=True,
        ),
        Step(
            "refuse_withdrawal", "不同意撤下", frozenset({s.WITHDRAWING}), s.PUBLISHED, OFFICE,
            reason=True, not_by={"withdraw_asked_by_id": "您是撤下申请人，须由另一个人决定。"},
            writes=conditions.forgets_withdrawal,
        ),
    )  # fmt: skip


def with_effect(steps: Iterable[Step], name: str, *effects: Effect) -> tuple[Step, ...]:
    """The steps, the one of this name with more that follows from it."""
    return tuple(replace(s, effects=(*s.effects, *effects)) if s.name == name else s for s in steps)


def _is_dropped(taken: Taken) -> None:
    clocks.is_dropped(taken.obj, why=f"草稿作废：{taken.reason}")


def _is_public(taken: Taken) -> None:
    notice = taken.obj
    clocks.is_public(notice, today=taken.today)
    clocks.is_updated(notice.organisation_id, notice.topic_id, today=taken.today)


def _counts_no_more(taken: Taken) -> None:
    clocks.is_counted_anew(taken.obj.organisation_id, taken.obj.topic_id, today=taken.today)


def _ends_revisions(taken: Taken) -> None:
    drop_unfinished(REVISION, taken.obj.revisions, "公开内容已撤下")


def _replaces_text(taken: Taken) -> None:
    """The new version's text becomes the notice's; the old one stays in the ledger."""
    revision = taken.obj
    before = Notice.objects.get(pk=revision.of_id)
    changed = {name: getattr(revision, name) for name in TEXT}
    Notice.objects.filter(pk=revision.of_id).update(**changed, version=F("version") + 1)
    revision.of.files.set(revision.files.all())
    clocks.is_updated(before.organisation_id, revision.topic_id, today=taken.today)
    if before.topic_id != revision.topic_id:
        clocks.is_counted_anew(before.organisation_id, before.topic_id, today=taken.today)


FLOW = Workflow(
    "公开内容",
    DisclosedState,
    *with_effect(
        candidate_steps(
            draft=DisclosedState.DRAFT, in_review=DisclosedState.IN_REVIEW, passed=DisclosedState.PUBLISHED,
            discarded=DisclosedState.DISCARDED, complete=conditions.notice_complete,
            submit_writes=conditions.gets_code("GK"), pass_guard=conditions.hearing_is_long_enough,
            pass_writes=conditions.becomes_public, on_passed=(_is_public,),
        ),
        "discard", _is_dropped,
    ),
    *taking_down(_ends_revisions, _counts_no_more),
)  # fmt: skip

REVISION = Workflow(
    "公开内容修订",
    RevisionState,
    *candidate_steps(
        draft=RevisionState.DRAFT, in_review=RevisionState.IN_REVIEW, passed=RevisionState.ADOPTED,
        discarded=RevisionState.DISCARDED, complete=conditions.revision_complete,
        pass_guard=conditions.original_stands, pass_writes=conditions.is_adopted, on_passed=(_replaces_text,),
    ),
)  # fmt: skip
