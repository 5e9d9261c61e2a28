"""What residents read of contests: the list, one contest, its result, its paper, and whether a certificate is one."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from longsha_credit.exchange.documents import qr
from longsha_credit.programme.contests import drawing, public_reading, taking
from longsha_credit.programme.contests.candidates import LABELS
from longsha_credit.programme.models import Contest, ContestState
from longsha_credit.publication import reading as ledger
from longsha_credit.publication.models import Correction
from longsha_credit.web.pages import page_of

SECTION = "contests"
FOLDER = "programme/contests/public"


@login_not_required
@require_safe
@conditional_page
def contest_list(request):
    now = timezone.now()
    rows = Contest.objects.public().with_names()
    going = list(rows.going(now).order_by("opens_at", "id")[:50])
    past = page_of(request, rows.over(now).order_by("-closes_at", "-id"))
    for contest in [*going, *past]:
        contest.standing_now = contest.standing(now)
    return render(request, f"{FOLDER}/list.html", {"section": SECTION, "going": going, "page": past})


@login_not_required
@require_safe
@conditional_page
def contest_page(request, code):
    contest = Contest.objects.public().with_names().select_related("paper").filter(code=code).first()
    if contest is None:
        return _taken_down(request, code)
    versions, now = ledger.versions(contest.publication), timezone.now()
    version = versions[0]
    if version.is_removed:
        return _removed(request, version)
    context = {
        "section": SECTION,
        "contest": contest,
        "current": version,
        "status": public_reading.status(contest, version),
        "facts": version.labelled(LABELS, frozenset({"about", "organisation"})),
        "standing": contest.standing(now),
        "is_open": contest.is_open(now),
        "links": public_reading.links(contest),
        "shows_paper": public_reading.shows_paper(contest),
        "qr": qr(request.build_absolute_uri(request.path)),
        **public_reading.revised(versions),
    }
    return render(request, f"{FOLDER}/page.html", context)


@login_not_required
@require_safe
@conditional_page
def version_page(request, code, number):
    """What was announced in one version, and what it says otherwise than the one before."""
    contest = Contest.objects.public().with_names().filter(code=code).first()
    if contest is None:
        return _taken_down(request, code)
    versions = {version.number: version for version in ledger.versions(contest.publication)}
    version = versions.get(int(number))
    if version is None:
        raise Http404
    if version.is_removed:
        return _removed(request, version)
    earlier = versions.get(version.number - 1)
    context = {
        "section": SECTION,
        "contest": contest,
        "version": version,
        "earlier": earlier,
        "later": versions.get(version.number + 1),
        "facts": version.labelled(LABELS),
        "changes": ledger.changes(earlier, version, LABELS),
        "is_current": version.number == max(versions),
    }
    return render(request, f"{FOLDER}/version.html", context)


@login_not_required
@require_safe
@conditional_page
def results(request, code):
    contest = Contest.objects.public().with_names().select_related("paper").filter(code=code).first()
    if contest is None:
        return _taken_down(request, code)
    result = public_reading.result_of(contest)
    if result is None:
        raise Http404
    version = public_reading.current(result)
    if version.is_removed:
        return _removed(request, version)
    context = {
        "section": SECTION,
        "contest": contest,
        "result": result,
        "current": version,
        "status": public_reading.status(result, version),
        "links": public_reading.links(contest),
        "shows_paper": public_reading.shows_paper(contest),
    }
    return render(request, f"{FOLDER}/results.html", context)


@login_not_required
@require_safe
@conditional_page
def paper(request, code):
    """The questions with their right answers, explanations and sources, and what their checksum is made of."""
    finished = Contest.objects.public().filter(state=ContestState.FINISHED)
    contest = finished.with_names().select_related("paper").filter(code=code).first()
    if contest is None or not public_reading.shows_paper(contest):
        raise Http404
    context = {
        "section": SECTION,
        "contest": contest,
        "rows": contest.paper.questions.select_related("question").order_by("position"),
        "canonical": drawing.canonical_of(contest.paper),
        "intact": public_reading.paper_is_intact(contest),
    }
    return render(request, f"{FOLDER}/paper.html", context)


@login_not_required
@require_safe
def certificate_search(request):
    return _certificate(request, request.GET.get("number", ""))


@login_not_required
@require_safe
def certificate_check(request, number):
    return _certificate(request, number, missing=404)


def _certificate(request, text, missing=200):
    """Whether a certificate with this number was issued; it says nobody's name."""
    number = taking.typed(text)
    found = public_reading.certificate(number) if number else None
    context = {"section": SECTION, "number": number, "found": found}
    return render(request, f"{FOLDER}/check.html", context, status=200 if found else missing)


def _removed(request, version):
    context = {"section": SECTION, "version": version}
    return render(request, "publication/public/version_removed.html", context, status=410)


def _taken_down(request, code):
    """A contest that was public and is no more says so; of one that never was, nothing is known here."""
    taken = Correction.objects.public().with_names().withdrawals()
    correction = taken.filter(reference=code, publication__kind="contest").first()
    if correction is None:
        raise Http404
    context = {"section": SECTION, "correction": correction}
    return render(request, f"{FOLDER}/withdrawn.html", context, status=410)
