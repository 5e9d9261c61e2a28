"""Who has reported and who is late: the units of a year that owe a summary, with what they sent."""

import datetime
from typing import Any

from evaluation.models import SummaryReceipt, SummaryReport
from evaluation.summary.flows import FLOW, WRITERS
from evaluation.summary.services import REPORTING
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.programme.models import Year

VIEWS = (
    ("missing", "没有报送"),
    ("late", "迟报和逾期"),
    ("submitted", "待接收"),
    ("returned", "退回"),
    ("accepted", "已接收"),
)


def year_asked(user: Any, text: str, today: datetime.date) -> tuple[Year | None, list[Year]]:
    """The year asked for, else this one, else the newest; and those that may be asked for."""
    years = list(Year.objects.visible_to(user).select_related("organisation"))
    by_number = {str(year.number): year for year in years}
    return by_number.get(text) or by_number.get(str(today.year)) or next(iter(years), None), years


def board(user: Any, year: Year, today: datetime.date) -> list[dict[str, Any]]:
    """A row for the district and each street in reach; three queries.

    unit, report or None, first and last receipt or None, due_on (None: the district owes it to nobody), late: whether
    it came late or is overdue, days: how many days over, can_begin.
    """
    units = Organisation.objects.visible_to(user).taking_part().filter(
        level__in=REPORTING, path__startswith=year.organisation.path
    )  # fmt: skip
    reports = {row.organisation_id: row for row in SummaryReport.objects.visible_to(user).filter(year=year)}
    receipts: dict[int, list[SummaryReceipt]] = {}
    for receipt in SummaryReceipt.objects.visible_to(user).filter(report__year=year).order_by("round"):
        receipts.setdefault(receipt.report_id, []).append(receipt)
    return [_row(unit, reports.get(unit.pk), receipts, year, today, user) for unit in units.in_tree_order()]


def _row(unit, report, receipts, year, today, user) -> dict[str, Any]:
    sent = receipts.get(report.pk, []) if report else []
    first = sent[0] if sent else None
    due_on = year.report_on if unit.level == Level.STREET else None
    until = report.redo_by if report and report.state == "returned" else None if first else due_on
    over = (today - until).days if until else 0
    writes = user.role_at(WRITERS, unit.path) is not None and not year.is_frozen
    return {
        "unit": unit,
        "report": report,
        "first": first,
        "last": sent[-1] if sent else None,
        "due_on": until or due_on,
        "overdue": over > 0,
        "days": max(over, 0),
        "came_late": bool(first and due_on and not first.was_in_time),
        "state": report.state if report else "missing",
        "can_begin": report is None and writes,
    }


def _fits(row: dict[str, Any], view: str) -> bool:
    if view == "missing":
        return row["first"] is None and row["due_on"] is not None
    if view == "late":
        return row["overdue"] or row["came_late"]
    return row["state"] == view


def viewed(rows: list[dict[str, Any]], view: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of a view, an unknown one being all, and the views with their numbers."""
    known = [key for key, _ in VIEWS]
    shown = [row for row in rows if _fits(row, view)] if view in known else rows
    named = [{"key": "", "label": "全部", "count": len(rows), "current": view not in known}]
    named += [
        {"key": key, "label": label, "count": sum(_fits(row, key) for row in rows), "current": key == view}
        for key, label in VIEWS
    ]
    return shown, named


COLUMNS = ("单位", "状态", "期限", "首次报送", "是否按期", "报送次数", "最近回执")


def lines(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [
        (
            row["unit"].name,
            row["report"].get_state_display() if row["report"] else "还没有起草",
            row["due_on"] or "",
            row["first"].on if row["first"] else "",
            ("迟报" if row["came_late"] else "按期") if row["first"] else "逾期" if row["overdue"] else "",
            row["report"].round if row["report"] else 0,
            row["last"].number if row["last"] else "",
        )
        for row in rows
    ]


def asked(user: Any) -> Any:
    """The reports whose next step is the reader's."""
    return SummaryReport.objects.visible_to(user).with_names().filter(FLOW.waiting_for(user))
