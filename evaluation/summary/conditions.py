"""What stands against a step of a summary report, and which columns a step writes with the state."""

import datetime
from typing import Any

from evaluation.models import SectionKey, SummaryReport
from evaluation.summary.reference import LONGEST, MAY_BE_EMPTY
from longsha_credit.audit.workflow import Refused, Taken
from longsha_credit.deadlines import services as deadlines

REDO = "task_redo"
FLAGS = SectionKey.choices


def length_of(text: str) -> int:
    """Characters as an office counts them: without blanks and line ends."""
    return len("".join(text.split()))


def year_is_open(report: SummaryReport, today: datetime.date) -> list[str]:
    if report.year.is_frozen:
        return [f"{report.year}已封存，总结不能再改。"]
    return []


def complete(report: SummaryReport, today: datetime.date) -> list[str]:
    problems = year_is_open(report, today)
    texts = {section.key: section.text for section in report.sections.all()}
    empty = [
        key.label for key in SectionKey if key not in MAY_BE_EMPTY and not texts.get(key.value, "").strip()
    ]
    if empty:
        problems.append(f"还没有写{'、'.join(f'“{label}”' for label in empty)}。")
    total = sum(length_of(text) for text in texts.values())
    if total > LONGEST:
        problems.append(f"正文共{total}字，按减负规定不超过{LONGEST}字，请删去{total - LONGEST}字。")
    return problems


def sends(taken: Taken) -> dict[str, Any]:
    return {
        "round": taken.obj.round + 1,
        "submitted_by": taken.by,
        "submitted_on": taken.today,
        "return_reason": "",
        "flagged": [],
    }


def returns(taken: Taken) -> dict[str, Any]:
    """Why, which parts, and by when it is to be put right: as a task that came back."""
    flagged = [key for key in taken.given.get("flagged") or [] if key in SectionKey.values]
    if not flagged:
        raise Refused("请选出要改的部分，报送单位才知道改哪里。", "guard")
    redo_by = deadlines.due_day_of(REDO, starts_on=taken.today, today=taken.today)
    return {"return_reason": taken.reason[:500], "flagged": flagged, "redo_by": redo_by}


def accepts(taken: Taken) -> dict[str, Any]:
    return {"accepted_by": taken.by, "accepted_on": taken.today}
