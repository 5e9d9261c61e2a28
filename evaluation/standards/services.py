"""Writing in a draft set: its head and lines, its headings, indicators and circumstances."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from evaluation.flows import KEEPS_SETS
from evaluation.models import Circumstance, Heading, Indicator, IndicatorSet
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.scope import require_within

Part = Heading | Indicator | Circumstance
KINDS: dict[str, type[Heading] | type[Indicator] | type[Circumstance]] = {
    "heading": Heading,
    "indicator": Indicator,
    "circumstance": Circumstance,
}


def stamp_of(row: IndicatorSet) -> str:
    """Which saved version of a set this is; a form carries it along."""
    return row.saved_at.isoformat()


def stamp_now(row: IndicatorSet) -> str:
    """The stamp of what is stored: who was told that a colleague saved, and sends it again, has seen that."""
    return stamp_of(IndicatorSet.objects.get(pk=row.pk))


def _open(row: IndicatorSet, by: Any, seen: str) -> IndicatorSet:
    """The draft, locked, as the writer saw it. Raises Http404, Refused."""
    require_within(by, row.organisation, KEEPS_SETS)
    locked = IndicatorSet.objects.select_for_update(of=("self",)).select_related("year").get(pk=row.pk)
    if not locked.is_draft:
        state = locked.get_state_display()
        raise Refused(f"{locked}现在是“{state}”，不能再改。要改，请复制成新版。", "state")
    if seen and seen != stamp_of(locked):
        raise Refused(
            "同事刚刚改过这一套指标，您填的还没有保存。请先在另一个窗口看看最新内容；核对以后再按一次保存，就以您写的为准。",
            "seen",
        )
    return locked


def _written(row: IndicatorSet, by: Any, what: str) -> None:
    row.edited_by = by
    row.save()
    record(row, step="edit", label="修改指标", by=by, roles=KEEPS_SETS, reason=what)


@transaction.atomic
def save_set(row: IndicatorSet, *, by: Any, seen: str = "", **columns: Any) -> IndicatorSet:
    """Write the head and the lines of a draft; points in hundredths. Raises Http404, Refused."""
    locked = _open(row, by, seen)
    words = [
        str(IndicatorSet._meta.get_field(name).verbose_name)
        for name, value in columns.items()
        if getattr(locked, name) != value
    ]
    for name, value in columns.items():
        setattr(locked, name, value)
    if words:
        _written(locked, by, f"改了{'、'.join(words)}"[:500])
    return locked


@transaction.atomic
def save_part(row: IndicatorSet, part: Part, *, by: Any, seen: str = "") -> Part:
    """Write a new or a changed heading, indicator or circumstance of a draft. Raises Http404, Refused."""
    locked = _open(row, by, seen)
    new = part._state.adding
    if new:
        part.number = _next(locked, part)
    try:
        with transaction.atomic():
            part.save()
    except IntegrityError as problem:
        raise Refused("同事刚刚也加了一条，请刷新页面后重新填写。", "state") from problem
    _written(locked, by, f"{'加上' if new else '修改'}{part._meta.verbose_name}：{part}"[:500])
    return part


def _next(row: IndicatorSet, part: Part) -> int:
    """The number of a new part: behind the last one; a heading takes the first of the nine that is free."""
    if isinstance(part, Heading):
        taken = set(Heading.objects.filter(set=row).values_list("number", flat=True))
        free = [number for number in range(1, 10) if number not in taken]
        if not free:
            raise Refused("方案的九项任务都有了，不能再加一项。请加在其中一项的下面。", "guard")
        return free[0]
    if isinstance(part, Indicator):
        last = Indicator.objects.filter(heading=part.heading).aggregate(n=Max("number"))["n"]
    else:
        last = Circumstance.objects.filter(set=row).aggregate(n=Max("number"))["n"]
    return (last or 0) + 1


@transaction.atomic
def remove_part(row: IndicatorSet, part: Part, *, by: Any) -> None:
    """Leave out a part of a draft; a heading only once it is empty. Raises Http404, Refused."""
    locked = _open(row, by, "")
    if isinstance(part, Heading) and Indicator.objects.filter(heading=part).exists():
        raise Refused(f"“{part}”下面还有指标，先删去或者移走它们。", "guard")
    name = f"{part._meta.verbose_name}“{part}”"
    part.delete()
    _written(locked, by, f"删去{name}"[:500])
