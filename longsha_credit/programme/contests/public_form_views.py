"""Residents take part: no account, no name, no telephone; a number in a cookie, and on paper for another phone.

Nothing here starts a session or keeps an address.
"""

import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from longsha_credit.audit.middleware import client_ip
from longsha_credit.audit.workflow import Refused
from longsha_credit.programme.contests import answering, taking
from longsha_credit.programme.contests.answering import Sitting
from longsha_credit.programme.contests.forms import GoOnForm, TakePartForm
from longsha_credit.programme.models import Contest
from longsha_credit.web import limits

FOLDER = "programme/contests/public"
SECTION = "contests"
SALT = "contest.form"
FORM_GOOD_FOR = 12 * 3600
KEPT_DAYS = 90  # so that the result and the certificate are found again after the end


def _contest(code):
    return get_object_or_404(Contest.objects.public().with_names(), code=code)


def _cookie(contest):
    return f"contest_{contest.pk}"


def _sitting(request, contest):
    """The resident of this browser before the paper, or None."""
    secret = request.COOKIES.get(_cookie(contest), "")[:40]
    entrant = taking.entrant_of_secret(contest, secret)
    return entrant and Sitting("public_contests", FOLDER, contest, entrant, secret)


def _remember(response, contest, secret):
    response.set_cookie(
        _cookie(contest), secret, max_age=KEPT_DAYS * 86400, path=f"{settings.PREFIX}contests/",
        secure=settings.HTTPS, httponly=True, samesite="Lax",
    )  # fmt: skip
    return response


def _token():
    return signing.dumps(secrets.token_urlsafe(24), salt=SALT)


def _is_ours(token):
    try:
        signing.loads(token, salt=SALT, max_age=FORM_GOOD_FOR)
    except signing.BadSignature:
        return False
    return True


def _too_many(request, seconds):
    context = {"minutes": -(-seconds // 60), "section": SECTION}
    response = render(request, f"{FOLDER}/too_many.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def start(request, code):
    """Say for which unit and begin; who has begun goes on, or begins the next attempt."""
    contest = _contest(code)
    sitting = _sitting(request, contest)
    if sitting is not None:
        return _begin(request, sitting) if request.method == "POST" else redirect(sitting.url("mine"))
    form = TakePartForm(request.POST or None, contest=contest, initial={"token": _token()})
    if request.method != "POST" or not form.is_valid():
        return _ask(request, contest, form)
    if not _is_ours(form.cleaned_data["token"]):
        fresh = request.POST.copy()
        fresh["token"] = _token()
        form = TakePartForm(fresh, contest=contest)
        form.add_error(None, "这一页打开得太久了，请再点一次“开始答题”。")
        return _ask(request, contest, form)
    if wait := limits.wait_of("take_part", client_ip(request)):
        return _too_many(request, wait)
    return _enter(request, contest, form)


def _enter(request, contest, form):
    secret = taking.secret_of(form.cleaned_data["token"])
    try:
        entrant = taking.enter_resident(contest, form.cleaned_data["unit"], secret, now=timezone.now())
    except Refused as refused:
        form.add_error(None, str(refused))
        return _ask(request, contest, form)
    return _remember(
        _begin(request, Sitting("public_contests", FOLDER, contest, entrant, secret)), contest, secret
    )


def _begin(request, sitting):
    try:
        taking.begin(sitting.entrant, now=timezone.now())
    except Refused:
        # why not stands there: no attempt left, or the contest is over
        return redirect(sitting.url("mine"))
    return redirect(sitting.url("answer", 1))


def _ask(request, contest, form):
    now = timezone.now()
    context = {
        "section": SECTION,
        "contest": contest,
        "form": form,
        "is_open": contest.is_open(now),
        "standing": contest.standing(now),
    }
    return render(request, f"{FOLDER}/start.html", context, status=422 if form.is_bound else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def go_on(request, code):
    """Go on with the number that stands on the answering page; wrong guesses are counted."""
    contest = _contest(code)
    form = GoOnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if wait := limits.wait_of("track", client_ip(request)):
            return _too_many(request, wait)
        secret = taking.typed(form.cleaned_data["code"])
        entrant = taking.entrant_of_secret(contest, secret)
        if entrant is not None:
            return _remember(redirect("public_contests:mine", contest.code), contest, secret)
        form.add_error("code", "没有查到这个号码。请照着答题页上的12位核对。")
    context = {"section": SECTION, "contest": contest, "form": form}
    return render(request, f"{FOLDER}/go_on.html", context, status=422 if form.is_bound else 200)


def _or_start(request, code, view, *more):
    """The page of whoever sits before the paper; anybody else is led to the start."""
    contest = _contest(code)
    sitting = _sitting(request, contest)
    if sitting is None:
        return redirect("public_contests:start", contest.code)
    return view(request, sitting, *more)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request, code, number):
    return _or_start(request, code, answering.question, int(number))


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def hand_in(request, code):
    return _or_start(request, code, answering.hand_in)


@login_not_required
@never_cache
@require_http_methods(["GET"])
def mine(request, code):
    contest = _contest(code)
    sitting = _sitting(request, contest)
    if sitting is None:
        return redirect("public_contests:start", contest.code)
    return answering.mine(request, sitting, again=sitting.url("start"))


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def certificate(request, code):
    return _or_start(request, code, answering.certificate)
