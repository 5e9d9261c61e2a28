"""Desk pages of a unit's posts: who holds them, who held them, who comes; and whose an account is."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from longsha_credit.audit.workflow import Refused
from longsha_credit.directory import postings
from longsha_credit.directory.models import Official, Organisation, Posting, User
from longsha_credit.directory.posting_forms import AccountOfficialForm, OfficialForm, PostingForm
from longsha_credit.directory.roles import READS_TERMS, SEES_ACCOUNTS, SEES_WORK
from longsha_credit.directory.scope import require_within


def _unit(request, pk, roles=SEES_WORK):
    """A unit in scope of one of these roles; a post has no such page."""
    unit = get_object_or_404(
        Organisation.objects.visible_to(request.user).units().select_related("parent__parent", "successor"),
        pk=pk,
    )
    require_within(request.user, unit, roles)
    return unit


def _above(request, unit):
    ids = [int(part) for part in unit.path.strip("/").split("/")][:-1]
    return Organisation.objects.visible_to(request.user).filter(pk__in=ids).order_by("path")


@require_safe
def posts(request, pk):
    unit = _unit(request, pk)
    held = Posting.objects.visible_to(request.user).at(unit)
    current = {posting.post_id: posting for posting in held.current()}
    found = list(Organisation.objects.visible_to(request.user).posts_of(unit))
    for post in found:
        post.holder = current.get(post.pk)
    context = {
        "unit": unit,
        "above": _above(request, unit),
        "posts": found,
        "ended": held.ended(),
        "officials": Official.objects.visible_to(request.user)
        .filter(organisation=unit)
        .select_related("user"),
        "keeps": not unit.valid_to and postings.may_keep(request.user, unit),
        "reads_terms": request.user.role_at(READS_TERMS, unit.path) is not None,
        "vacant": any(post.holder is None for post in found),
    }
    return render(request, "directory/posts.html", context)


@require_http_methods(["GET", "POST"])
def official_new(request, pk):
    unit = _unit(request, pk, postings.KEEPS_POSTS)
    form = OfficialForm(_sent(request))
    return _asked(request, form, unit, "登记公职人员", _register)


def _register(unit, *, by, name, staff_number):
    official = postings.register_official(unit=unit, name=name, staff_number=staff_number, by=by)
    return f"已登记{official.name}。要用自己的账号确认交接的，请系统管理员把账号和他对应起来。"


@require_http_methods(["GET", "POST"])
def posting_new(request, pk):
    unit = _unit(request, pk, postings.KEEPS_POSTS)
    form = PostingForm(_sent(request), user=request.user, unit=unit)
    return _asked(request, form, unit, "登记到任", _start)


def _start(unit, *, by, post, official, started_on):
    today = timezone.localdate()
    postings.start_posting(official=official, post=post, started_on=started_on, by=by, today=today)
    return f"{official.name}已到任{post.name}。"


def _sent(request):
    """What a form was sent with, even when that is nothing at all."""
    return request.POST if request.method == "POST" else None


def _asked(request, form, unit, heading, save):
    """Show a form, or save it and go back to the unit's posts; what is refused stands above the input."""
    if request.method == "POST" and form.is_valid():
        try:
            said = save(unit, by=request.user, **form.cleaned_data)
        except (Refused, ValidationError) as fault:
            form.add_error(None, fault if isinstance(fault, ValidationError) else str(fault))
        else:
            messages.success(request, said)
            return redirect("organisations:posts", unit.pk)
    context = {"unit": unit, "above": _above(request, unit), "form": form, "heading": heading}
    return render(request, "directory/posting_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def account_official(request, pk):
    if not request.user.paths_for(SEES_ACCOUNTS):
        raise Http404
    account = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    units = Organisation.objects.visible_to(request.user).filter(memberships__user=account)
    people = postings.linkable(account, units)
    form = AccountOfficialForm(_sent(request), people=people, initial={"official": account.official_id})
    if request.method == "POST" and form.is_valid():
        try:
            postings.link_official(account, form.cleaned_data["official"], by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已保存。")
            return redirect("accounts:page", account.pk)
    context = {"account": account, "form": form}
    return render(request, "directory/account_official.html", context, status=422 if form.is_bound else 200)
