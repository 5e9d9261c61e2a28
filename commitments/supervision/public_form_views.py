"""What residents send without an account: a complaint, suggestion or praise, a rating, and the word on a reply.

Nothing here starts a session, keeps an address or is kept by a cache.
"""

import secrets

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from commitments.models import CaseKind
from commitments.supervision import services
from commitments.supervision.forms import AnswerForm, CaseForm, RatingForm, TrackForm
from commitments.supervision.public_reading import number_in, progress, target_of
from commitments.supervision.reference import ABOUT_DISTRICT
from longsha_credit.audit.middleware import client_ip
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory import limits

FOLDER = "commitments/supervision/public"
FORM_GOOD_FOR = (
    12 * 3600
)  # an old person writes slowly; afterwards the words stay and the button is pressed again
SALT = "supervision.form"


def _token() -> str:
    """Every form that is handed out counts once."""
    return signing.dumps(secrets.token_urlsafe(24), salt=SALT)


def _is_ours(token: str) -> bool:
    try:
        signing.loads(token, salt=SALT, max_age=FORM_GOOD_FOR)
    except signing.BadSignature:
        return False
    return True


def _too_many(request, seconds):
    context = {"minutes": -(-seconds // 60), "section": "supervise"}
    response = render(request, f"{FOLDER}/too_many.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _form(request, form_class, **more):
    """The form as it was sent, or a fresh one; a form that is too old gets a new token and keeps what was typed."""
    asks = limits.is_asked_a_question(client_ip(request))
    if request.method != "POST":
        about = number_in(request.GET)
        initial = {"token": _token(), "words": f"关于公开内容 {about}：\n" if about else ""}
        return form_class(initial=initial, asks=asks, **more)
    data = request.POST.copy()
    old = not _is_ours(data.get("token", ""))
    if old:
        data["token"] = _token()
    form = form_class(data, asks=asks and not services.was_received(data["token"]), **more)
    if old:
        form.add_error(None, "这一页打开得太久了，您写的还在。请核对后再点一次。")
    return form


def _wait(request, what, token):
    """Seconds to wait before one more of this; who pressed the button twice is answered at once and counts once."""
    if services.was_received(token):
        return 0
    wait = limits.wait_of(what, client_ip(request))
    if not wait:
        limits.note_filed(client_ip(request))
    return wait


def _target(where, kind):
    """Where there is nobody above to handle it, or no such kind, there is no form."""
    target = target_of(where)
    if target.handler is None or kind not in CaseKind.values:
        raise Http404(ABOUT_DISTRICT)
    return target


@sensitive_post_parameters()
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def file_case(request, where, kind):
    target = _target(where, kind)
    form = _form(request, CaseForm, kind=CaseKind(kind))
    context = {"section": "supervise", "target": target, "kind": CaseKind(kind), "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, f"{FOLDER}/file.html", context, status=422 if form.is_bound else 200)
    data = form.cleaned_data
    if wait := _wait(request, "file", data["token"]):
        return _too_many(request, wait)
    receipt = services.file_case(
        kind=kind, about=target.unit, obligation=target.obligation, today=timezone.localdate(),
        **{name: data[name] for name in ("words", "name", "contact", "token")},
    )  # fmt: skip
    return render(request, f"{FOLDER}/receipt.html", context | {"receipt": receipt})


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def rate(request, where):
    target, form = target_of(where), _form(request, RatingForm)
    context = {"section": "supervise", "target": target, "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, f"{FOLDER}/rate.html", context, status=422 if form.is_bound else 200)
    data = form.cleaned_data
    if wait := _wait(request, "rate", data["token"]):
        return _too_many(request, wait)
    services.rate(
        about=target.unit, obligation=target.obligation, today=timezone.localdate(),
        **{name: data[name] for name in ("level", "token")},
    )  # fmt: skip
    return render(request, f"{FOLDER}/rated.html", context)


@sensitive_post_parameters()
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def track(request):
    form = TrackForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _ask_for_code(request, form)
    found = _find(request, form)
    return found if hasattr(found, "status_code") else _show(request, found, form.cleaned_data)


def _ask_for_code(request, form):
    context = {"section": "supervise", "form": form}
    return render(request, f"{FOLDER}/track.html", context, status=422 if form.is_bound else 200)


def _find(request, form):
    """The case, or the page that says why not: a wrong code and a wrong pass phrase look the same."""
    code, phrase = form.cleaned_data["code"], form.cleaned_data["phrase"]
    wait = limits.wait_of("track", client_ip(request)) or limits.wait_of("code", services.typed_code(code))
    if wait:
        return _too_many(request, wait)
    case = services.find_case(code, phrase)
    if case is None:
        form = TrackForm({"code": "", "phrase": ""}) if isinstance(form, AnswerForm) else form
        form.add_error(None, "没有查到。请照着回执核对查询码和口令。")
        return _ask_for_code(request, form)
    return case


def _show(request, case, pair, form=None, said=""):
    hidden = {"code": pair["code"], "phrase": pair["phrase"]}
    context = {"section": "supervise", "form": form or AnswerForm(initial=hidden), "said": said}
    bad = form is not None and form.is_bound and form.errors
    return render(request, f"{FOLDER}/case.html", context | progress(case), status=422 if bad else 200)


@sensitive_post_parameters()
@login_not_required
@never_cache
@require_http_methods(["POST"])
def answer(request):
    """The resident's word on the reply; pressed twice it counts once."""
    pair, form = TrackForm(request.POST), AnswerForm(request.POST)
    if not pair.is_valid():
        return _ask_for_code(request, pair)
    found = _find(request, pair)
    if hasattr(found, "status_code"):
        return found
    if not form.is_valid():
        return _show(request, found, pair.cleaned_data, form)
    said = "您的评价已记下。"
    try:
        services.answer(found, level=form.cleaned_data["level"], today=timezone.localdate())
    except Refused:
        said = "这件事现在不用评价，或者刚才已经评价过。"
    found.refresh_from_db()
    return _show(request, found, pair.cleaned_data, said=said)
