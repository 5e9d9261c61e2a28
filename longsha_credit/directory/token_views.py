"""Desk pages of the keys of programs: one's own, for the office those of its district; a new one is shown once."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from longsha_credit.audit.workflow import Refused
from longsha_credit.directory import tokens
from longsha_credit.directory.forms import TokenForm
from longsha_credit.directory.models import ApiToken
from longsha_credit.directory.models.tokens import KEEPERS, LONGEST
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.web.pages import page_of


@never_cache
@require_http_methods(["GET", "POST"])
def token_list(request):
    user, today = request.user, timezone.localdate()
    if not user.holds(*SEES_WORK):
        raise Http404
    form = TokenForm(
        request.POST if request.method == "POST" else None,
        initial={"scopes": ["file", "read"], "expires_on": today + LONGEST / 2},
    )
    if request.method == "POST" and form.is_valid() and (made := _made(form, user, today)):
        return render(request, "directory/token_made.html", made)
    page = page_of(request, ApiToken.objects.visible_to(user).with_names().order_by("-id"))
    for token in page:
        token.state, token.word = token.standing(today)
    context = {"form": form, "page": page, "keeps": user.holds(*KEEPERS)}
    return render(request, "directory/tokens.html", context, status=422 if form.is_bound else 200)


def _made(form, user, today):
    """The new token and its key; None where it was refused and the form says why."""
    asked = form.cleaned_data
    scopes = {"may_read": "read" in asked["scopes"], "may_file": "file" in asked["scopes"]}
    given = {"name": asked["name"], "expires_on": asked["expires_on"], **scopes}
    try:
        token, key = tokens.make_token(**given, by=user, today=today)
    except Refused as refusal:
        form.add_error("expires_on" if refusal.code == "guard" else None, str(refusal))
        return None
    return {"token": token, "key": key}


@require_POST
def revoke(request, pk):
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    try:
        tokens.revoke_token(token, by=request.user)
        messages.success(request, f"{token}已停用，用它的程序马上不能再用。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("tokens:list")
