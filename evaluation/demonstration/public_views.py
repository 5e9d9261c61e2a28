"""What residents read of demonstration: the units, a notice of candidates, an award, and whether a paper is genuine."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from evaluation.demonstration import awards
from evaluation.demonstration import public_reading as reading
from evaluation.demonstration.candidates import AWARD_LABELS, NOTICE_LABELS
from evaluation.demonstration.wording import words
from evaluation.models import Award, CandidateNotice, Cycle
from longsha_credit.publication import reading as ledger
from longsha_credit.publication.models import Correction
from longsha_credit.web.pages import page_of

SECTION = "demonstration"
FOLDER = "evaluation/demonstration/public"
LEVELS = Cycle._meta.get_field("level").choices


@login_not_required
@require_safe
@conditional_page
def award_list(request):
    today, level = timezone.localdate(), request.GET.get("level", "")
    level = level if level in dict(LEVELS) else ""
    notices = CandidateNotice.objects.public().with_names()
    gone = Correction.objects.public().with_names().withdrawals().filter(publication__kind="demonstration")
    page = page_of(request, reading.awards(level))
    for row in page:
        reading.told(row, today)
    context = {
        "section": SECTION,
        "page": page,
        "levels": LEVELS,
        "level": level,
        "running": notices.running(today),
        "past": notices.exclude(until__gte=today)[:10],
        "gone": gone[:20],
    }
    return render(request, f"{FOLDER}/list.html", context)


@login_not_required
@require_safe
@conditional_page
def award(request, code):
    it = Award.objects.public().with_names().with_suspension().filter(code=code).first()
    if it is None:
        return _taken_down(request, code, "demonstration")
    versions = ledger.versions(it.publication)
    current = versions[0]
    if current.is_removed:
        return _removed(request, current)
    files = ledger.current_files([it.publication_id]).get(it.publication_id, [])
    context = {
        "section": SECTION,
        "award": reading.told(it, timezone.localdate()),
        "current": current,
        "status": current.status,
        "facts": current.labelled(AWARD_LABELS),
        "files": files,
        "records": reading.why_suspended(it),
        "suspended": reading.SUSPENDED,
    }
    return render(request, f"{FOLDER}/award.html", context)


@login_not_required
@require_safe
@conditional_page
def notice(request, code):
    it = CandidateNotice.objects.public().with_names().filter(code=code).first()
    if it is None:
        return _taken_down(request, code, "demonstration_notice")
    versions = ledger.versions(it.publication)
    current = versions[0]
    if current.is_removed:
        return _removed(request, current)
    context = {
        "section": SECTION,
        "notice": it,
        "words": words(it.cycle),
        "current": current,
        "status": current.status,
        "facts": current.labelled(NOTICE_LABELS),
        "files": ledger.current_files([it.publication_id]).get(it.publication_id, []),
        "candidates": reading.candidates(it),
        "is_running": it.is_running(timezone.localdate()),
        **reading.outcomes(it),
    }
    return render(request, f"{FOLDER}/notice.html", context)


@login_not_required
@require_safe
def verify(request):
    """Whether a certificate is genuine and holds now."""
    number, code = request.GET.get("number", ""), request.GET.get("code", "")
    found = awards.verify(number, code) if number or code else None
    context = {
        "section": "demonstration_verify",
        "asked": bool(number or code),
        "number": number[:30],
        "award": reading.told(found, timezone.localdate()) if found else None,
    }
    return render(request, f"{FOLDER}/verify.html", context)


def _removed(request, version):
    context = {"section": SECTION, "version": version}
    return render(request, "publication/public/version_removed.html", context, status=410)


def _taken_down(request, code, kind):
    """What was public and is no more says so; of what never was, nothing is known here."""
    taken = Correction.objects.public().with_names().withdrawals()
    correction = taken.filter(reference=code, publication__kind=kind).first()
    if correction is None:
        raise Http404
    context = {"section": SECTION, "correction": correction, "is_award": kind == "demonstration"}
    return render(request, f"{FOLDER}/gone.html", context, status=410)
