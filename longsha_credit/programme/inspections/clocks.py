"""The clocks of a finding: the unit's to put it right, the organiser's to look again."""

import datetime

from longsha_credit.deadlines import services as deadlines
from longsha_credit.programme.models import Finding
from longsha_credit.programme.models.findings import RULES

RECHECK = "inspection_recheck"


def due_on(term: str, *, today: datetime.date) -> datetime.date:
    """The last day to put right what is noticed today."""
    return deadlines.due_day_of(RULES[term], starts_on=today, today=today)


def start_fixing(finding: Finding, *, today: datetime.date) -> None:
    deadlines.start(
        finding,
        RULES[finding.term],
        organisation=finding.organisation,
        title=f"{finding.visit.inspection.title}整改：{finding}",
        path=f"desk/inspections/findings/{finding.pk}/",
        starts_on=today,
        today=today,
    )


def reported(finding: Finding, *, today: datetime.date) -> None:
    """The unit has done its part; the organiser's begins."""
    deadlines.meet(finding, RULES[finding.term], on=today)
    deadlines.start(
        finding,
        RECHECK,
        organisation=finding.visit.inspection.organisation,
        title=f"{finding.visit.inspection.title}复查：{finding}",
        path=f"desk/inspections/findings/{finding.pk}/",
        starts_on=today,
        today=today,
    )


def rechecked(finding: Finding, *, today: datetime.date) -> None:
    deadlines.meet(finding, RECHECK, on=today)
