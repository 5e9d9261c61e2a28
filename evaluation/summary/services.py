"""Every change of a summary report beside its steps: begun from live data, written section by section, drawn anew."""

import datetime
from typing import Any

from django.db import transaction

from evaluation.models import SectionKey, SummaryReport, SummarySection
from evaluation.summary import counting, wording
from evaluation.summary.flows import WRITERS
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.directory.scope import require_within
from longsha_credit.programme.models import Year
from longsha_credit.programme.services import require_open
from longsha_credit.publication.drafts import OVERWRITES, stamp_of

REPORTING = (Level.DISTRICT, Level.STREET)


@transaction.atomic
def begin(year: Year, unit: Organisation, *, by: Any, today: datetime.date) -> SummaryReport:
    """The report of a unit's year, drafted from the live data; the one that is there already is given back.

    Raises Http404 for who does not write for the unit, Refused in a frozen year or for a unit that does not report.
    """
    require_within(by, unit, WRITERS)
    require_open(year)
    if unit.level not in REPORTING or not unit.path.startswith(year.organisation.path):
        raise Refused("年度总结由街道和区里写，社区、窗口的情况写在街道的总结里。", "guard")
    Year.objects.select_for_update().get(pk=year.pk)  # two people who begin at once get the same report
    found = SummaryReport.objects.filter(year=year, organisation=unit).first()
    if found is not None:
        return found
    figures = counting.draw(unit, year, today)
    report = SummaryReport.objects.create(
        year=year, organisation=unit, figures=figures, drawn_on=today, created_by=by
    )
    texts = wording.drafted(unit.name, year.number, figures)
    for key in SectionKey.values:
        SummarySection.objects.create(report=report, key=key, text=texts[key][:4000], saved_by=by)
    record(report, step="draft", label="起草年度总结", by=by, roles=WRITERS)
    return report


def _open(report: SummaryReport, by: Any) -> SummaryReport:
    """The report, locked, for who may write in it now; raises Http404, Refused."""
    require_within(by, report.organisation, WRITERS)
    require_open(report.year)
    locked = SummaryReport.objects.select_for_update(of=("self",)).with_names().get(pk=report.pk)
    if not locked.is_open:
        raise Refused(f"现在是“{locked.get_state_display()}”，不能再改。", "state")
    return locked


@transaction.atomic
def save_section(section: SummarySection, *, text: str, by: Any, seen: str = "") -> SummarySection:
    """One section as `by` wrote it; `seen` is the stamp of the version the writer started from.

    Raises Http404, Refused; `code` "seen" where a colleague saved this section since.
    """
    report = _open(section.report, by)
    now = SummarySection.objects.select_for_update(of=("self",)).get(pk=section.pk)
    if seen and seen != stamp_of(now):
        raise Refused(OVERWRITES, "seen")
    now.text, now.saved_by = text, by
    now.save()
    record(report, step="section", label=f"修改“{now.get_key_display()}”", by=by, roles=WRITERS)
    return now


@transaction.atomic
def draw_anew(report: SummaryReport, *, by: Any, today: datetime.date) -> list[dict[str, str]]:
    """Take the figures of today into the report; the texts stay as people wrote them. Gives what changed."""
    locked = _open(report, by)
    figures = counting.draw(locked.organisation, locked.year, today)
    changed = counting.differences(locked.figures, figures)
    locked.figures, locked.drawn_on = figures, today
    locked.save(update_fields=["figures", "drawn_on", "saved_at"])
    record(locked, step="draw", label="重新取数", by=by, roles=WRITERS, reason=f"{len(changed)}个数字有变化")
    return changed
