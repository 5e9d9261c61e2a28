"""Every change of a year apart from the steps that close it: loading the plan, copying a year, moving its dates."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import require_within
from longsha_credit.programme import reference
from longsha_credit.programme.checks import Span, faults, moved, moved_end
from longsha_credit.programme.flows import KEEPS_YEARS
from longsha_credit.programme.models import SUMMARY, Stage, StageKey, StandardTask, Task, Year, YearState


@transaction.atomic
def load_plan(district: Organisation) -> Year:
    """The year the plan itself arranges, made from reference data unless it is there; edits are never overwritten."""
    year = Year.objects.filter(number=reference.FIRST_YEAR).first()
    if year is not None:
        return year
    spans = [Span(key, starts_on, ends_on, task) for key, _, starts_on, ends_on, task in reference.STAGES]
    year = Year(
        number=reference.FIRST_YEAR,
        organisation=district,
        title=reference.TITLE,
        basis=reference.BASIS,
        report_on=reference.REPORT_ON,
    )
    _create(year, spans)
    record(year, step="load", label="载入方案", by=None)
    return year


def _create(year: Year, spans: Sequence[Span]) -> None:
    year.save()
    Stage.objects.bulk_create(
        Stage(
            year=year,
            key=span.key,
            name=span.name,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            task=span.task,
        )
        for span in spans
    )


def copy_year(year: Year, *, to: int, by: Any, today: datetime.date | None = None) -> Year:
    """An open year `to` with the stages, the day of the report and the list of tasks of `year`; nothing of what was done.

    Raises Http404, Refused.
    """
    require_within(by, year.organisation, KEEPS_YEARS)
    latest = (today or timezone.localdate()).year + 1
    if not year.number < to <= latest:
        raise Refused(f"只能复制到{year.number}年以后、不晚于{latest}年的年度，请核对。", "guard")
    if Year.objects.filter(number=to).exists():
        raise Refused(f"{to}年度已经有安排，不能再复制。要改日期，请在那一年度里修改。", "guard")
    spans, report_on = moved(spans_of(year), year.report_on, to)
    if found := faults(to, report_on, spans):
        raise Refused("日期移到新年度以后接不上：" + "".join(found.values()), "guard")
    copy = Year(
        number=to,
        organisation=year.organisation,
        title=year.title,
        basis=year.basis,
        report_on=report_on,
        copied_from=year,
    )
    try:
        with transaction.atomic():
            _create(copy, spans)
            _copy_list(year, copy)
            record(copy, step="copy", label="复制年度", by=by, roles=KEEPS_YEARS, reason=f"沿用{year}的安排")
    except IntegrityError as problem:
        raise Refused(f"{to}年度刚刚由他人建立，请刷新页面看最新情况。", "state") from problem
    return copy


def _copy_list(year: Year, copy: Year) -> None:
    """The tasks of the list that are still handed down, their days moved as those of the stages are."""
    rows = list(StandardTask.objects.filter(year=year).current().order_by("id"))
    for row in rows:
        report = row.rule_key == SUMMARY
        row.due_on = copy.report_on if report else moved_end(row.due_on, copy.number)
        row.pk, row.year, row._state.adding = None, copy, True
    StandardTask.objects.bulk_create(rows)


@transaction.atomic
def edit_year(
    year: Year,
    *,
    by: Any,
    title: str,
    basis: str,
    report_on: datetime.date,
    spans: Sequence[Span],
    seen: str = "",
) -> Year:
    """Change the arrangement of an open year, all of it or nothing; `spans` in the plan's order.

    `seen` is the stamp of the version the writer started from. Raises Http404, Refused.
    """
    require_within(by, year.organisation, KEEPS_YEARS)
    locked = Year.objects.select_for_update().get(pk=year.pk)
    if locked.state != YearState.OPEN:
        raise Refused(f"{locked}现在是“{locked.get_state_display()}”，不能再改。", "state")
    if seen and seen != stamp_of(locked):
        raise Refused(
            "同事刚刚保存过这一年度的安排。您填的内容还在下面，请先在另一个窗口看看最新内容，再决定是否保存。",
            "seen",
        )
    if [span.key for span in spans] != StageKey.values:
        raise Refused("三个阶段要一起提交，请刷新页面后重新填写。", "guard")
    if found := faults(locked.number, report_on, spans):
        raise Refused("".join(found.values()), "guard")
    if report_on != locked.report_on:
        _move_report(locked, report_on)
    changed = _changed(locked, {"title": title.strip(), "basis": basis.strip(), "report_on": report_on})
    changed += _save_stages(locked, spans)
    if changed:
        locked.save()
        record(
            locked,
            step="edit",
            label="修改年度安排",
            by=by,
            roles=KEEPS_YEARS,
            reason="改了" + "；".join(changed),
        )
    return locked


def _move_report(year: Year, report_on: datetime.date) -> None:
    """The standing task of the summary report moves with its day, until it is handed down."""
    if Task.objects.standing().filter(year=year, standard__rule_key=SUMMARY).exists():
        raise Refused("年度总结报送已经下达给各街道，报送日不能再改。要改，先收回那几件任务。", "state")
    rows = StandardTask.objects.filter(year=year, rule_key=SUMMARY)
    rows.current().with_issued().filter(issued=False).update(due_on=report_on, saved_at=timezone.now())


def _save_stages(year: Year, spans: Sequence[Span]) -> list[str]:
    stages = {stage.key: stage for stage in year.stages.all()}
    changed = []
    for span in spans:
        stage = stages[span.key]
        new = {"starts_on": span.starts_on, "ends_on": span.ends_on, "task": span.task.strip()}
        if words := _changed(stage, new):
            stage.save()
            changed += [f"{stage.name}的{word}" for word in words]
    return changed


def _changed(row: Any, new: dict[str, Any]) -> list[str]:
    """Set the new values on the row; say in words what changed, dates with before and after."""
    words = []
    for name, value in new.items():
        before = getattr(row, name)
        if before != value:
            setattr(row, name, value)
            label = str(row._meta.get_field(name).verbose_name)
            words.append(f"{label}（{before} 改为 {value}）" if isinstance(value, datetime.date) else label)
    return words


def spans_of(year: Year) -> list[Span]:
    """The stages of a year as they stand, in the plan's order."""
    return [Span(s.key, s.starts_on, s.ends_on, s.task) for s in year.stages.all()]


def stamp_of(year: Year) -> str:
    """Which saved version of a year this is; a form carries it along."""
    return year.saved_at.isoformat()


def current_year(today: datetime.date) -> Year | None:
    """The year of a day with its stages, or None where none has been arranged."""
    return Year.objects.with_stages().filter(number=today.year).first()


def require_open(year: Year) -> None:
    """Raise Refused when the year is frozen: its facts, tasks and scores are closed for everybody."""
    if Year.objects.filter(pk=year.pk, state=YearState.FROZEN).exists():
        raise Refused(f"{year}已封存，任务、事实和得分不能再改。更正请记在新的年度里。", "state")
