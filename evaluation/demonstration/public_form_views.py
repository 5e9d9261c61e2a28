"""What residents send about a notice of candidates without an account: an objection, and the code to look it up by.

Nothing here starts a session, keeps an address or is kept by a cache.
"""

import secrets

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from commitments.supervision.forms import TrackForm
from commitments.supervision.services import typed_code
from evaluation.demonstration import objections
from evaluation.demonstration import public_reading as reading
from evaluation.demonstration.step_forms import ObjectionForm
from evaluation.models import CandidateNotice
from longsha_credit.audit.middleware import client_ip
from longsha_credit.audit.workflow import Refused
from longsha_credit.web import limits

FOLDER = "evaluation/demonstration/public"
SECTION = "demonstration"
FORM_GOOD_FOR = 12 * 3600  # an old person writes slowly
SALT = "demonstration.objection"


def _token():
    """Every form that is handed out counts once."""
    return signing.dumps(secrets.token_urlsafe(24), salt=SALT)


def _is_ours(token):
    try:
        signing.loads(token, salt=SALT, max_age=FORM_GOOD_FOR)
    except signing.BadSignature:
        return False
    return True


def _form(request, candidates):
    """The form as it was sent, or a fresh one; a form that is too old gets a new token and keeps what was typed."""
    asks = limits.is_asked_a_question(client_ip(request))
    if request.method != "POST":
        return ObjectionForm(initial={"token": _token()}, asks=asks, candidates=candidates)
    data = request.POST.copy()
    old = not _is_ours(data.get("token", ""))
    if old:
        data["token"] = _token()
    form = ObjectionForm(
        data, asks=asks and not objections.was_received(data["token"]), candidates=candidates
    )
    if old:
        form.add_error(None, "这一页打开得太久了，您写的还在。请核对后再点一次。")
    return form


def _too_many(request, seconds):
    context = {"minutes": -(-seconds // 60), "section": SECTION}
    response = render(request, "commitments/supervision/public/too_many.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _wait(request, token):
    if objections.was_received(token):
        return 0
    wait = limits.wait_of("file", client_ip(request))
    if not wait:
        limits.note_filed(client_ip(request))
    return wait


@sensitive_post_parameters()
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def object_to(request, code):
    """An objection to one of the candidates, while the notice runs."""
    notice, today = (
        get_object_or_404(CandidateNotice.objects.public().with_names(), code=code),
        timezone.localdate(),
    )
    if not notice.is_running(today):
        raise Http404("公示期已经过了。")
    form = _form(request, reading.candidates(notice))
    context = {"section": SECTION, "notice": notice, "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, f"{FOLDER}/object.html", context, status=422 if form.is_bound else 200)
    if wait := _wait(request, form.cleaned_data["token"]):
        return _too_many(request, wait)
    try:
        receipt = objections.file(notice, form.about(), today=today, **form.told())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return render(request, f"{FOLDER}/object.html", context, status=422)
    return render(request, f"{FOLDER}/receipt.html", context | {"receipt": receipt, "about": form.about()})


@sensitive_post_parameters()
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def track(request):
    """How an objection stands; a wrong code and a wrong pass phrase look the same."""
    form = TrackForm(request.POST or None)
    context = {"section": SECTION, "form": form}
    if request.method == "POST" and form.is_valid():
        code, phrase = form.cleaned_data["code"], form.cleaned_data["phrase"]
        if wait := limits.wait_of("track", client_ip(request)) or limits.wait_of("code", typed_code(code)):
            return _too_many(request, wait)
        if found := objections.find(code, phrase):
            return render(
                request, f"{FOLDER}/objection.html", {"section": SECTION, **reading.progress(found)}
            )
        form.add_error(None, "没有查到。请照着回执核对查询码和口令。")
    return render(request, f"{FOLDER}/track.html", context, status=422 if form.is_bound else 200)
