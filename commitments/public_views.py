"""What residents read of the offices' promises: the list, one promise, each version of it."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from commitments import clocks, parts
from commitments.candidates import (
    candidate_of_obligation,
    candidate_of_result,
    candidate_of_verification,
    labels_for,
)
from commitments.models import (
    DOCUMENT,
    Area,
    Form,
    Obligation,
    ProgressUpdate,
    Rating,
    RectificationSheet,
    ResultReport,
    Verdict,
    Verification,
)
from commitments.wording import WORDINGS, amount
from longsha_credit.directory.models import Organisation
from longsha_credit.exchange.documents import qr
from longsha_credit.publication import reading
from longsha_credit.publication.models import Correction, ServiceField
from longsha_credit.web.pages import page_of

STATES = {
    "active": "正在履行",
    "near": "30日内到期",
    "overdue": "已过期限，没有报告",
    "reported": "等待核验",
    **dict(Verdict.choices),
}
SORTS = {"due": "按完成期限", "newest": "按公开时间"}
LONGEST_QUESTION = 100
MOST_WORDS = 5
SHORT_PROMISE = 180  # characters; a longer one is set as text, not as a headline
NOT_TYPED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# The letter above them already says who and what.
IN_THE_LETTER = ("organisation", "content")
# What others can rename later (the unit, the post, the field) is not held against the row.
OWN_WORDS = (
    *("code", "made_on", "content", "standard", "target", "due_on", "beneficiaries", "liability", "parts"),
    *DOCUMENT,
)
RESULT_WORDS = ("claim", "fulfilled_on", "text", "unmet")
VERDICT_WORDS = ("verdict", "fulfilled_on", "text", "unmet", "consequence", "counted_verdict")


@dataclass(frozen=True)
class Wanted:
    """What the reader asked the list for; whatever makes no sense counts as not asked."""

    q: str
    unit: Any
    form: str
    area: str
    field: Any
    state: str
    sort: str

    @property
    def conditions(self) -> list[str]:
        """The conditions in words, for the sentence above the list."""
        parts = [
            f"“{self.q}”" if self.q else "",
            self.unit and self.unit.name,
            dict(Form.choices).get(self.form),
            self.field and self.field.name,
        ]
        return [part for part in [*parts, dict(Area.choices).get(self.area), STATES.get(self.state)] if part]


def _wanted(asked: Any, units: list[Any], fields: list[Any]) -> Wanted:
    q = NOT_TYPED.sub(" ", asked.get("q", ""))[:LONGEST_QUESTION].strip()
    return Wanted(
        q=q,
        unit=next((unit for unit in units if str(unit.pk) == asked.get("unit")), None),
        form=_known(asked.get("form"), Form.values),
        area=_known(asked.get("area"), Area.values),
        field=next((field for field in fields if field.key == asked.get("field")), None),
        state=_known(asked.get("state"), STATES),
        sort=_known(asked.get("sort"), SORTS) or "due",
    )


def _known(value: Any, choices: Any) -> str:
    return value if value in choices else ""


def _found(wanted: Wanted, today: datetime.date) -> Any:
    rows = Obligation.objects.public().matching(wanted.q.split()[:MOST_WORDS])
    if wanted.unit:
        rows = rows.below(wanted.unit)
    if wanted.form:
        rows = rows.of_form(wanted.form)
    if wanted.area:
        rows = rows.filter(area=wanted.area)
    if wanted.field:
        rows = rows.filter(service_field=wanted.field)
    if wanted.state == "active":
        rows = rows.not_yet_due(today)
    elif wanted.state == "near":
        rows = rows.not_yet_due(today).due_between(today, today + datetime.timedelta(days=30))
    elif wanted.state == "overdue":
        rows = rows.past_due(today)
    elif wanted.state == "reported":
        rows = rows.awaiting_verdict()
    elif wanted.state:
        rows = rows.verified(wanted.state)
    rows = rows.with_names().with_newest_progress()
    return rows.open_first() if wanted.sort == "due" else rows.order_by("-publication__published_at", "-id")


@login_not_required
@require_safe
@conditional_page
def obligation_list(request):
    units = reading.in_tree_order(Organisation.objects.public())
    fields = list(ServiceField.objects.public())
    today = timezone.localdate()
    wanted = _wanted(request.GET, units, fields)
    page = page_of(request, _found(wanted, today))
    for row in page:
        row.standing_now = row.standing(today)
    context = {
        "section": "commitments",
        "page": page,
        "wanted": wanted,
        "units": units,
        "fields": fields,
        "forms": Form.choices,
        "areas": Area.choices,
        "states": STATES.items(),
        "sorts": SORTS.items(),
    }
    return render(request, "commitments/public/list.html", context)


@login_not_required
@require_safe
@conditional_page
def obligation_page(request, code):
    obligation = Obligation.objects.public().with_names().filter(code=code).first()
    if obligation is None:
        return _taken_down(request, code)
    versions = reading.versions(obligation.publication)
    current = versions[0]
    if current.is_removed:
        return render(request, "publication/public/version_removed.html", {"version": current}, status=410)
    progress, ending = _progress_of(obligation), _ending_of(obligation)
    context = {
        "section": "commitments",
        "obligation": obligation,
        "standing": obligation.standing(timezone.localdate()),
        "current": current,
        "status": _status(obligation, current, progress, ending),
        **_words_of(obligation, current),
        "versions": versions,
        "changes": reading.changes(reading.second(versions), current, labels_for(current.fields)),
        "qr": qr(request.build_absolute_uri(request.path)),
        **progress,
        **ending,
        **_beside(obligation),
    }
    return render(request, "commitments/public/page.html", context)


@login_not_required
@require_safe
@conditional_page
def version_page(request, code, number):
    obligation = Obligation.objects.public().with_names().filter(code=code).first()
    if obligation is None:
        return _taken_down(request, code)
    versions = reading.versions(obligation.publication)
    version = next((v for v in versions if v.number == int(number)), None)
    if version is None:
        raise Http404
    earlier = next((v for v in versions if v.number == version.number - 1), None)
    context = {
        "section": "commitments",
        "obligation": obligation,
        "version": version,
        "facts": version.labelled(labels_for(version.fields)),
        "earlier": earlier,
        "changes": reading.changes(earlier, version, labels_for(version.fields)),
        "is_current": version is versions[0],
        "later": next((v for v in versions if v.number == version.number + 1), None),
    }
    if version.is_removed:
        return render(request, "publication/public/version_removed.html", context, status=410)
    return render(request, "commitments/public/version.html", context)


def _words_of(obligation: Obligation, current: reading.Version) -> dict[str, Any]:
    """The text in the words of its form: what stands in the letter, and the other fields by name."""
    labels = {k: label for k, label in labels_for(current.fields).items() if k not in IN_THE_LETTER}
    content = current.fields.get("content", "")
    return {
        "wording": WORDINGS[obligation.form],
        "facts": current.labelled(labels),
        "is_short": len(content) <= SHORT_PROMISE and "\n" not in content,
    }


def _taken_down(request, code):
    """A commitment that was public and is no more says so; of one that never was, nothing is known here."""
    taken = Correction.objects.public().with_names().withdrawals()
    correction = taken.filter(reference=code, publication__kind="commitment").first()
    if correction is None:
        raise Http404
    context = {"section": "commitments", "correction": correction}
    return render(request, "commitments/public/withdrawn.html", context, status=410)


def _status(
    obligation: Obligation, current: reading.Version, progress: dict[str, Any], ending: dict[str, Any]
) -> str:
    """Whether everything on the page, the kept content and the hash in the ledger all say the same."""
    if current.status != reading.INTACT:
        return current.status
    now = candidate_of_obligation(obligation)
    own = {name: now.fields[name] for name in OWN_WORDS if name in now.fields}
    agrees = (
        own.keys() == current.fields.keys() & set(OWN_WORDS)
        and current.agrees_with(obligation.title, own, now.files)
        and current.is_shown_by(obligation.publication, progress["files"])
        and _reports_agree(progress["reports"])
        and _ending_agrees(obligation, **ending)
    )
    return reading.INTACT if agrees else reading.BROKEN


def _reports_agree(reports: list[ProgressUpdate]) -> bool:
    """Whether every report shown is the one that was published; the unit of its figure may have changed since."""
    kept = reading.current_versions([report.publication_id for report in reports])
    return all(_report_agrees(report, kept.get(report.publication_id)) for report in reports)


def _report_agrees(report: ProgressUpdate, kept: reading.Version | None) -> bool:
    if kept is None or kept.status != reading.INTACT:
        return False
    done = re.match(r"[0-9.]*", kept.fields.get("done", ""))
    # the part may have another name by now, its number stays
    part = (f"第{report.part.number}部分", report.get_part_state_display()) if report.part else ("", "")
    return (
        part == (kept.fields.get("part", "").split("：")[0], kept.fields.get("part_state", ""))
        and kept.fields.get("text") == report.text
        and kept.fields.get("as_of") == report.as_of.isoformat()
        and done is not None
        and done[0] == amount(report.done, "")
        and kept.is_shown_by(report.publication, report.public_files)
    )


def _ending_agrees(
    obligation: Obligation, results: list[ResultReport], verification: Verification | None
) -> bool:
    """Whether the result and the verdict shown are those that were published, and the promise carries that verdict."""
    shown = [(row, candidate_of_result(row), RESULT_WORDS) for row in results]
    if verification:
        shown.append((verification, candidate_of_verification(verification), VERDICT_WORDS))
    found = (verification.verdict, verification.counted_verdict) if verification else ("", "")
    if (obligation.verdict, obligation.counted_verdict) != found:
        return False
    kept = reading.current_versions([row.publication_id for row, _, _ in shown])
    return all(_part_agrees(row, now, words, kept.get(row.publication_id)) for row, now, words in shown)


def _part_agrees(row: Any, now: Any, words: tuple[str, ...], kept: reading.Version | None) -> bool:
    if kept is None or kept.status != reading.INTACT:
        return False
    same = all(kept.fields.get(word) == now.fields[word] for word in words)
    return same and kept.is_shown_by(row.publication, row.public_files)


def _progress_of(obligation: Obligation) -> dict[str, Any]:
    """Published reports newest first with their files, the newest figure, and the files of the promise itself."""
    reports = list(ProgressUpdate.objects.public().filter(obligation=obligation).newest_first())
    files = reading.current_files([obligation.publication_id, *(r.publication_id for r in reports)])
    for report in reports:
        report.public_files = files.get(report.publication_id, [])
    of_all = (r for r in reports if r.done is not None and not r.part_id)
    figure = next(of_all, None) if obligation.target else None
    share = min(100, int(figure.done * 100 / obligation.target)) if figure else None
    return {
        "reports": reports,
        "figure": figure,
        "share": share,
        "rollup": parts.roll_up(obligation, reports),
        "files": files.get(obligation.publication_id, []),
    }


def _ending_of(obligation: Obligation) -> dict[str, Any]:
    """The published reports of the result, newest first, and the verdict that stands, each with its files."""
    results = list(ResultReport.objects.public().filter(obligation=obligation).with_names())
    verification = Verification.objects.public().filter(obligation=obligation).with_names().first()
    rows = [*results, verification] if verification else results
    files = reading.current_files([row.publication_id for row in rows])
    for row in rows:
        row.obligation = obligation
        row.public_files = files.get(row.publication_id, [])
    return {"results": results, "verification": verification}


def _beside(obligation: Obligation) -> dict[str, Any]:
    """What stands beside the promise itself: its days, and how residents rate it."""
    ratings = Rating.objects.public().filter(obligation=obligation).open_ones().by_level()
    return {"ratings": ratings, **_days_of(obligation)}


def _days_of(obligation: Obligation) -> dict[str, Any]:
    """The days that follow from the promise, the one until which its result is verified, and what came of it after."""
    days = clocks.days_for_all(obligation)
    return {
        "days": days,
        "verify_by": next((d["due_on"] for d in days if d["key"] == clocks.VERIFY), None),
        "ledger": RectificationSheet.objects.public()
        .with_names()
        .filter(rectification__obligation=obligation),
    }
