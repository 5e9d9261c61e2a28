"""Officials take part, signed in: their tests, one attempt count for each held by the database."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.programme.contests import answering, reading, taking
from longsha_credit.programme.contests.answering import Sitting
from longsha_credit.programme.models import Contest, ContestAudience

FOLDER = "programme/contests/sit"


@require_safe
def tests(request):
    """What the signed-in person may take or has taken, and the numbers of their units."""
    now = timezone.now()
    rows = Contest.objects.public().with_names().exclude(audience=ContestAudience.RESIDENTS)
    own = [_own(contest, request.user, now) for contest in rows.order_by("-closes_at")[:30]]
    own.sort(key=lambda one: not one["is_open"])  # what can be taken now stands first
    context = {
        "tests": [one for one in own if one["why_not"] is not None],
        "has_file": request.user.official_id is not None,
        "units": reading.of_my_units(request.user) if request.user.holds(*SEES_WORK) else [],
    }
    return render(request, f"{FOLDER}/tests.html", context)


def _own(contest, user, now):
    """A test with where somebody stands in it; `why_not` None where it does not concern them."""
    concerns = user.official_id is not None and taking.unit_of(contest, user.official) is not None
    return {
        "contest": contest,
        "standing": contest.standing(now),
        "is_open": contest.is_open(now),
        "entrant": taking.entrant_of_official(contest, user),
        "why_not": taking.against_official(contest, user) if concerns else None,
    }


def _contest(code):
    return get_object_or_404(Contest.objects.public().with_names(), code=code)


@require_POST
def begin(request, code):
    contest, user = _contest(code), request.user
    if user.official is None or taking.unit_of(contest, user.official) is None:
        raise Http404
    try:
        entrant = taking.enter_official(contest, user, now=timezone.now())
        taking.begin(entrant, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("contests:tests")
    return redirect("contests:answer", contest.code, 1)


def _sitting(request, code):
    """The official before the paper; for all others there is no such address."""
    contest = _contest(code)
    entrant = taking.entrant_of_official(contest, request.user)
    if entrant is None:
        raise Http404
    return Sitting("contests", FOLDER, contest, entrant)


@require_http_methods(["GET", "POST"])
def answer(request, code, number):
    return answering.question(request, _sitting(request, code), int(number))


@require_http_methods(["GET", "POST"])
def hand_in(request, code):
    return answering.hand_in(request, _sitting(request, code))


@require_safe
def mine(request, code):
    sitting = _sitting(request, code)
    return answering.mine(request, sitting, again=sitting.url("begin"))


@require_http_methods(["GET", "POST"])
def certificate(request, code):
    return answering.certificate(request, _sitting(request, code))
