"""Summary reports as a street makes them: begun, written, sent, returned, accepted."""

import datetime
from types import SimpleNamespace
from typing import Any

from evaluation.models import SectionKey, SummaryReport, SummarySection
from evaluation.summary import services
from evaluation.summary.flows import FLOW
from longsha_credit.programme.models import Year
from tests.programme import years

D = datetime.date
BEFORE, AFTER = D(2026, 11, 12), D(2026, 11, 20)
RETURN = {"reason": "没有写还差什么。", "flagged": ["problems"]}


def year(c, number: int = 2026) -> Year:
    return Year.objects.filter(number=number).first() or years.copied(c, number)


def begun(c, unit=None, by=None, of: Year | None = None, today=BEFORE) -> SummaryReport:
    return services.begin(of or year(c), unit or c.street, by=by or c.clerk, today=today)


def part(report: SummaryReport, key: str = "problems") -> SummarySection:
    return SummarySection.objects.select_related("report__organisation", "report__year").get(
        report=report, key=key
    )


def written(c, report: SummaryReport | None = None, by=None, **more) -> SummaryReport:
    """Every part that has to say something does."""
    report = report or begun(c, by=by, **more)
    for key in SectionKey.values:
        services.save_section(part(report, key), text=f"{key}：已经写好。", by=by or c.clerk)
    report.refresh_from_db()
    return report


def sent(c, report: SummaryReport | None = None, today=BEFORE, by=None, **more) -> SummaryReport:
    report = report or written(c, by=by, **more)
    FLOW.take(report, "submit", by=by or c.lead, today=today)
    return report


def returned(c, report: SummaryReport | None = None, today=BEFORE, **more) -> SummaryReport:
    report = report or sent(c, **more)
    FLOW.take(report, "send_back", by=c.reviewer, today=today, **RETURN)
    return report


def accepted(c, report: SummaryReport | None = None, today=BEFORE, **more) -> SummaryReport:
    report = report or sent(c, **more)
    FLOW.take(report, "accept", by=c.reviewer, today=today)
    return report


def world(c) -> dict[str, Any]:
    """Reports in each state the attempts are about, by name: two streets and two years."""
    g = SimpleNamespace()
    this, last = year(c), year(c, 2025)
    g.sr_sent = sent(c, of=this)
    g.sr_receipt = g.sr_sent.receipts.get()
    g.sr_part_sent = part(g.sr_sent)
    g.sr_draft = begun(c, c.other_street, by=c.other_clerk, of=this)
    g.sr_part = part(g.sr_draft)
    g.sr_accepted = accepted(c, of=last, today=D(2025, 11, 12))
    g.sr_year = this
    return vars(g)
