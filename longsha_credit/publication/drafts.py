"""Saving what is still a draft: within the writer's reach, as it was when the form was opened, with its files."""

from collections.abc import Iterable
from typing import Any

from django.db.models import FileField, ManyToManyField

from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.scope import require_within
from longsha_credit.files import services as files
from longsha_credit.files.checks import Unacceptable
from longsha_credit.files.services import Upload

OVERWRITES = (
    "同事刚刚保存过，您填的还没有保存。请看同事写的和您写的哪里不同；核对以后再按一次保存，就以您写的为准。"
)
SHOWN = 80


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


# --- when it was not saved -------------------------------------------------------------------------------------------


def explain(form: Any, problem: Exception, of: Any = None) -> None:
    """Say above the input why a form was not saved; `of` is its row where the form does not know it.

    After a colleague's saving it says what they wrote otherwise, and carries the stamp of that: who sends it again
    has seen it. A form with stamps of its own gives the fresh ones in `stamps()`.
    """
    form.add_error("uploads" if isinstance(problem, Unacceptable) else None, str(problem))
    row = of or getattr(form, "instance", None)
    if getattr(problem, "code", "") != "seen" or row is None or row.pk is None:
        return
    now = type(row)._base_manager.get(pk=row.pk)
    for sentence in _otherwise(form, now):
        form.add_error(None, sentence)
    form.data = form.data.copy()
    for name, stamp in {"seen": stamp_of(now), **getattr(form, "stamps", dict)()}.items():
        form.data[form.add_prefix(name)] = stamp


def _otherwise(form: Any, now: Any) -> Iterable[str]:
    """A sentence for each field in which the stored row says something else than the form."""
    for column in now._meta.get_fields():
        name = column.name
        if name not in form.cleaned_data or isinstance(column, ManyToManyField | FileField):
            continue
        theirs = getattr(now, name)
        if theirs == form.cleaned_data[name]:
            continue
        label = form.fields[name].label
        told = getattr(now, f"get_{name}_display", lambda value=theirs: value)()
        words = "" if told in (None, "") else " ".join(str(told).split())
        if words.startswith("<"):
            yield f"“{label}”同事改过，请在另一个窗口看。"
            continue
        short = f"{words[:SHOWN]}……" if len(words) > SHOWN else words
        yield f"“{label}”同事写的是：{short or '（空）'}。"
