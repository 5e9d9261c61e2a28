"""What of the ledger may become public: allow-listed texts only; no right-holder, no amount, no case, no name."""

from commitments.models import RectificationProgress, RectificationSheet
from longsha_credit.publication.registry import Candidate

LABELS = {
    "number": "台账编号",
    "unit": "责任单位",
    "domain": "领域",
    "problem": "问题类型",
    "text": "欠着什么",
    "measures": "怎样整改",
}
PROGRESS_LABELS = {"number": "台账编号", "as_of": "截至日期", "text": "做了什么"}


def candidate_of_sheet(sheet: RectificationSheet) -> Candidate:
    item = sheet.rectification
    return Candidate(
        of=item,
        reference=item.number,
        organisation=sheet.organisation,
        title=sheet.title,
        text="\n".join([sheet.text, sheet.measures]),
        path=f"rectification/{item.number}/",
        fields={
            "number": item.number,
            "unit": sheet.organisation.name,
            "domain": item.get_domain_display(),
            "problem": item.get_problem_display(),
            "text": sheet.text,
            "measures": sheet.measures,
        },
        reason=sheet.reason,
    )


def candidate_of_progress(progress: RectificationProgress) -> Candidate:
    """Evidence stays on the desk: it may show whose right it is."""
    item = progress.rectification
    return Candidate(
        of=progress,
        reference=item.number,
        organisation=progress.organisation,
        title=f"治理进展：{progress.as_of:%Y-%m-%d}",
        text=progress.text,
        path=f"rectification/{item.number}/#progress-{progress.pk}",
        fields={"number": item.number, "as_of": progress.as_of.isoformat(), "text": progress.text},
    )
