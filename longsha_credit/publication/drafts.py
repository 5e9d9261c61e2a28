"""Saving what is still a draft: within the writer's reach, as it was when the form was opened, with its files."""

from collections.abc import Iterable
from typing import Any

from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.scope import require_within
from longsha_credit.files import services as files
from longsha_credit.files.services import Upload

OVERWRITES = "同事刚刚保存过。您填的内容还在下面，请先在另一个窗口看看最新内容，再决定是否保存。"


def stamp_of(obj: Any) -> str:
    """Which saved version of a row this is; a form carries it along."""
    return obj.saved_at.isoformat() if obj.saved_at else ""


def still(obj: Any, states: Iterable[str], seen: str = "") -> None:
    """Lock the row; refuse when it has moved on, or a colleague saved since the form with stamp `seen` was opened."""
    now = type(obj)._base_manager.select_for_update(of=("self",)).get(pk=obj.pk)
    if now.state not in states:
        raise Refused(f"现在是“{now.get_state_display()}”，不能再改。请刷新页面看最新情况。", "state")
    if seen and seen != stamp_of(now):
        raise Refused(OVERWRITES, "seen")


def prepare(obj: Any, *, draft: str, by: Any, seen: str, writers: frozenset[str]) -> None:
    """Before a draft is stored. Raises Http404 outside the writer's organisations, Refused as `still`."""
    require_within(by, obj.organisation, writers)
    if obj.pk is None:
        obj.created_by = by
    else:
        still(obj, (draft,), seen)


def store(obj: Any, *, by: Any, upload: Upload, purpose: str, word: str, roles: frozenset[str]) -> Any:
    """Store the row and its files and leave an entry; raises files.checks.Unacceptable for a bad file."""
    new = obj.pk is None
    obj.save()
    files.attach(obj, upload, purpose=purpose, by=by)
    label = f"新建{word}" if new else f"修改{word}"
    record(obj, step="draft", label=label, by=by, roles=roles, reason=getattr(obj, "reason", ""))
    return obj
