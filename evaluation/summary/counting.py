"""The figures of a summary report as the portal has them on a day: nine tasks, rates, open problems, evidence."""

import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from commitments.models import Rectification
from commitments.models.rectification_words import EARLY, OPEN_RECTIFICATIONS
from disclosure.models import Scene
from evaluation.metrics import METRICS, Figure, Period
from evaluation.models import SectionKey, SummaryReport, SummaryState
from evaluation.summary.reference import EVIDENCE, FIGURES
from evaluation.summary.wording import LISTED
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.programme.models import (
    SUMMARY,
    Finding,
    FindingState,
    MainTask,
    NoteKind,
    Task,
    TaskEvidence,
    TaskNote,
    TaskState,
    Year,
)
from longsha_credit.publication.models import Publication


def draw(unit: Organisation, year: Year, today: datetime.date) -> dict[str, Any]:
    """All figures of a unit with the units below it, as JSON that stays as it is.

    lines: [{main, key, title, value, part, whole, note}]; tasks: [{main, total, done, open: [title]}]; problems and
    evidence: [{kind, title, note, path}]; streets: [{name, state, on, number}] for the district, else empty;
    scenes: [title]; measures: how many units wrote their own.
    """
    period = Period.of_year(year.number, today)
    return {
        "lines": [
            _line(main, METRICS[key].for_unit(unit, period))
            for main, keys in FIGURES.items()
            for key in keys
            if key in METRICS
        ],
        "tasks": _tasks(unit, year),
        "problems": _problems(unit),
        "problem_count": _open_items(unit).count() + _open_findings(unit).count(),
        "evidence": _evidence(unit, year),
        "scenes": list(
            Scene.objects.public().filter(organisation__path__startswith=unit.path).order_by("id")
            .values_list("title", flat=True)[:LISTED]
        ),
        "measures": TaskNote.objects.filter(
            task__year=year, task__organisation__path__startswith=unit.path, kind=NoteKind.MEASURES
        ).values("task__organisation").distinct().count(),
        "streets": _streets(unit, year) if unit.level == Level.DISTRICT else [],
    }  # fmt: skip


def _line(main: int, figure: Figure) -> dict[str, Any]:
    metric = figure.metric
    part = f"{figure.numerator.normalize():f}"
    if figure.rate is not None:
        value, note = f"{figure.rate}%", ""
    elif figure.is_small:
        value, note = f"{part}/{figure.denominator}{metric.noun}", "样本不足，只列件数"
    else:
        value, note = "不适用", "没有应计入的，不是零"
    return {
        "main": main,
        "key": metric.key,
        "title": metric.title,
        "value": value,
        "part": part,
        "whole": int(figure.denominator),
        "note": note,
    }


def _tasks(unit: Organisation, year: Year) -> list[dict[str, Any]]:
    standing = Task.objects.standing().filter(year=year)
    counted = {
        main: (total, done)
        for main, total, done in standing.filter(organisation__path__startswith=unit.path)
        .order_by()
        .values("standard__main")
        .annotate(n=Count("pk"), done=Count("pk", filter=Q(state=TaskState.DONE)))
        .values_list("standard__main", "n", "done")
    }
    unfinished: dict[int, list[str]] = {}
    own = standing.filter(organisation=unit).exclude(state=TaskState.DONE)
    own = own.exclude(standard__rule_key=SUMMARY).order_by("due_on", "id")  # it is what is being written
    for main, title, due_on in own.values_list("standard__main", "standard__title", "due_on"):
        unfinished.setdefault(main, []).append(f"{title}（{due_on}到期）")
    return [
        {
            "main": main,
            "total": counted.get(main, (0, 0))[0],
            "done": counted.get(main, (0, 0))[1],
            "open": unfinished.get(main, []),
        }
        for main in MainTask.values
    ]


def _open_items(unit: Organisation) -> Any:
    states = [state for state in OPEN_RECTIFICATIONS if state not in EARLY]
    return Rectification.objects.filter(organisation__path__startswith=unit.path, state__in=states)


def _open_findings(unit: Organisation) -> Any:
    return Finding.objects.filter(
        organisation__path__startswith=unit.path, state__in=[FindingState.OPEN, FindingState.REPORTED]
    )


def _problems(unit: Organisation) -> list[dict[str, Any]]:
    items = [
        {
            "kind": "治理台账",
            "title": row.title,
            "note": f"{row.organisation.name}，{row.get_state_display()}"
            + (f"，整改期限{row.due_on}" if row.due_on else ""),
            "path": f"desk/rectification/{row.pk}/",
        }
        for row in _open_items(unit).select_related("organisation").order_by("due_on", "id")[:EVIDENCE]
    ]
    findings = [
        {
            "kind": "督导检查",
            "title": row.facts,
            "note": f"{row.organisation.name}，{row.get_state_display()}，整改期限{row.due_on}",
            "path": f"desk/inspections/findings/{row.pk}/",
        }
        for row in _open_findings(unit).select_related("organisation").order_by("due_on", "id")[:EVIDENCE]
    ]
    return items + findings


def _evidence(unit: Organisation, year: Year) -> list[dict[str, Any]]:
    """What the unit showed under its tasks, then what it made public in the year, the newest first."""
    picked = (
        TaskEvidence.objects.filter(task__year=year, task__organisation=unit)
        .exclude(task__state=TaskState.WITHDRAWN)
        .select_related("task__standard", "entry", "publication", "file")
        .order_by("task__standard__main", "id")[:EVIDENCE]
    )
    rows, seen = [], set()
    for row in picked:
        seen.add(row.publication_id)
        rows.append(
            {
                "kind": "公开内容" if row.publication_id else "留痕" if row.entry_id else "文件",
                "title": str(row),
                "note": MainTask(row.task.standard.main).label,
                "path": row.publication.path if row.publication_id else f"desk/tasks/{row.task_id}/",
            }
        )
    published = (
        Publication.objects.public()
        .filter(organisation__path__startswith=unit.path, first_published_at__year=year.number)
        .exclude(pk__in=[pk for pk in seen if pk])
        .order_by("-first_published_at", "-id")[: EVIDENCE - min(len(rows), EVIDENCE)]
    )
    for it in published:
        day = timezone.localtime(it.first_published_at).date()
        rows.append(
            {"kind": it.kind_label or "公开内容", "title": it.title, "note": f"{day}公开", "path": it.path}
        )
    return rows


def _streets(district: Organisation, year: Year) -> list[dict[str, Any]]:
    """What each street sent, with what it wrote of its own."""
    units = Organisation.objects.taking_part().below(district).filter(level=Level.STREET).in_tree_order()
    reports = {
        row.organisation_id: row
        for row in SummaryReport.objects.filter(year=year, organisation__path__startswith=district.path)
        .select_related("organisation")
        .prefetch_related("receipts")
    }
    return [_street(unit, reports.get(unit.pk)) for unit in units]


def _street(unit: Organisation, report: SummaryReport | None) -> dict[str, Any]:
    row = {"name": unit.name, "state": "还没有报送", "on": "", "number": "", "late": False, "texts": {}}
    if report is None or not report.round:
        return row
    last = max(report.receipts.all(), key=lambda receipt: receipt.round)
    first = min(report.receipts.all(), key=lambda receipt: receipt.round)
    told = (SectionKey.HIGHLIGHTS, SectionKey.PROBLEMS)
    return row | {
        "state": SummaryState(report.state).label,
        "on": last.on.isoformat(),
        "number": last.number,
        "late": not first.was_in_time,
        "texts": {key: last.texts.get(key, "") for key in told},
    }


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, str]]:
    """What says otherwise in `new` than in `old`: rows of title, before, after; nothing where they agree."""
    before, after = _flat(old), _flat(new)
    return [
        {"title": title, "before": before.get(title, "没有"), "after": after.get(title, "没有")}
        for title in dict.fromkeys([*before, *after])
        if before.get(title) != after.get(title)
    ]


def _flat(figures: dict[str, Any]) -> dict[str, str]:
    found = {
        f"{MainTask(line['main']).label}：{line['title']}": f"{line['value']}（{line['part']}/{line['whole']}）"
        for line in figures["lines"]
    }
    for row in figures["tasks"]:
        found[f"{MainTask(row['main']).label}：任务"] = f"共{row['total']}件，完成{row['done']}件"
    found["没有办结的问题"] = f"{figures['problem_count']}件"
    found["佐证"] = f"{len(figures['evidence'])}项"
    for row in figures["streets"]:
        found[f"{row['name']}报送"] = " ".join(filter(None, [row["state"], row["on"]]))
    return found
