"""What the desk page of a summary report shows."""

import datetime
from typing import Any

from django.urls import reverse

from evaluation.models import SectionKey, SummaryReceipt, SummaryReport
from evaluation.summary import counting
from evaluation.summary.conditions import length_of
from evaluation.summary.flows import FLOW, WRITERS, task_of
from evaluation.summary.reference import HINTS, LONGEST, LONGEST_BASIS
from longsha_credit.audit.history import timeline
from longsha_credit.programme.models import MainTask

SHOWN = 15  # problems and evidence before the fold


def page_context(report: SummaryReport, user: Any, today: datetime.date) -> dict[str, Any]:
    sections = list(report.sections.select_related("saved_by"))
    for section in sections:
        section.hint = HINTS[SectionKey(section.key)]
        section.length = length_of(section.text)
        section.is_flagged = report.state == "returned" and section.key in report.flagged
    receipts = list(SummaryReceipt.objects.visible_to(user).filter(report=report).select_related("by"))
    writes = user.role_at(WRITERS, report.organisation.path) is not None and not report.year.is_frozen
    return {
        "report": report,
        "sections": sections,
        "total": sum(section.length for section in sections),
        "longest": LONGEST,
        "longest_basis": LONGEST_BASIS,
        "can_write": writes and report.is_open,
        "offers": FLOW.available(
            report, user, url=lambda step: reverse("summaries:step", args=[report.pk, step])
        ),
        "receipts": receipts,
        "since_sent": counting.differences(receipts[0].figures, report.figures) if receipts else [],
        "task": task_of(report),
        "today": today,
        "entries": timeline([report], limit=40),
        **figures_context(report.figures),
    }


def figures_context(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures under the headings of the nine tasks, and the lists that stand beside them."""
    lines: dict[int, list] = {}
    for line in figures["lines"]:
        lines.setdefault(line["main"], []).append(line)
    return {
        "figures": figures,
        "headings": [
            {"label": MainTask(row["main"]).label, "task": row, "lines": lines.get(row["main"], [])}
            for row in figures["tasks"]
        ],
        "problems": figures["problems"][:SHOWN],
        "more_problems": figures["problems"][SHOWN:],
        "evidence": figures["evidence"][:SHOWN],
        "more_evidence": figures["evidence"][SHOWN:],
    }
