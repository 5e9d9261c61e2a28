"""Desk pages of accounts, for administrators: the list, one account, its roles, its password, on and off."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longsha_credit.audit.history import timeline
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory import services
from longsha_credit.directory.forms import AccountFilterForm, AccountForm, GrantForm
from longsha_credit.directory.models import Membership, User
from longsha_credit.directory.roles import SEES_ACCOUNTS
from longsha_credit.web.pages import page_of


@require_safe
def account_list(request):
    form = AccountFilterForm(request.GET)
    context = {
        "form": form,
        "page": page_of(request, listed(request.user, request.GET)),
        "whole": not any(form.cleaned_data.values()) if form.is_valid() else True,
    }
    return render(request, "directory/accounts.html", context)


def listed(user, query):
    """The accounts that an address asks for, with the roles of each. Raises Http404 for whoever keeps none."""
    _administrators_only(user)
    form = AccountFilterForm(query)
    current = Membership.objects.visible_to(user).current()
    found = User.objects.visible_to(user).prefetch_related(
        Prefetch("memberships", current.select_related("organisation__parent"), to_attr="roles_now")
    )
    asked = form.cleaned_data if form.is_valid() else {}
    if q := asked.get("q"):
        there = current.filter(user=OuterRef("pk"), organisation__name__icontains=q)
        found = found.filter(Q(name__icontains=q) | Q(username__icontains=q) | Exists(there))
    if state := asked.get("state"):
        found = _in_state(found, state, current)
    return found.order_by("username")


def _in_state(found, state, current):
    if state == "none":
        return found.filter(~Exists(current.filter(user=OuterRef("pk"))))
    return found.filter(is_active=state == "on")


def _administrators_only(user):
    """Who keeps no accounts is told nothing about them, not even that the page exists."""
    if not user.holds(*SEES_ACCOUNTS):
        raise Http404


def _account(request, pk):
    return get_object_or_404(User.objects.visible_to(request.user), pk=pk)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request):
    _administrators_only(request.user)
    form = AccountForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        password = services.new_password()
        try:
            account = _create(form.cleaned_data, password, request.user)
        except (Refused, ValidationError) as fault:
            form.add_error(None, fault if isinstance(fault, ValidationError) else str(fault))
        else:
            return _show_once(request, account, password, "账号已建立")
    return render(request, "directory/account_new.html", {"form": form})


@transaction.atomic
def _create(data, password, by):
    """The account and its first role, or neither."""
    account = services.add_user(
        username=data["username"],
        name=data["name"],
        email=data["email"],
        password=password,
        organisation=data["organisation"],
        by=by,
    )
    services.grant_membership(user=account, organisation=data["organisation"], role=data["role"], by=by)
    return account


def _show_once(request, account, password, heading):
    """Answers the POST itself: a redirect would have to keep the password somewhere on its way."""
    context = {"account": account, "password": password, "heading": heading}
    return render(request, "directory/account_password.html", context)


@require_safe
def page(request, pk):
    account = _account(request, pk)
    memberships = Membership.objects.visible_to(request.user).filter(user=account)
    context = {
        "account": account,
        "own": account.pk == request.user.pk,
        "current": memberships.current().select_related("organisation__parent"),
        "ended": memberships.exclude(ended_on=None)
        .select_related("organisation__parent")
        .order_by("-ended_on"),
        "entries": timeline([account, *memberships], limit=30),
    }
    return render(request, "directory/account.html", context)


@require_http_methods(["GET", "POST"])
def grant(request, pk):
    account = _account(request, pk)
    form = GrantForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            membership = services.grant_membership(user=account, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已增加：{membership}。")
            return redirect("accounts:page", account.pk)
    return render(request, "directory/account_grant.html", {"account": account, "form": form})


@require_POST
def end(request, pk, membership):
    account = _account(request, pk)
    held = get_object_or_404(Membership.objects.visible_to(request.user).filter(user=account), pk=membership)
    return _take(request, account, f"已结束：{held}。", services.end_membership, held)


@never_cache
@require_POST
def password(request, pk):
    account = _account(request, pk)
    try:
        drawn = services.reset_password(account, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("accounts:page", account.pk)
    return _show_once(request, account, drawn, "密码已重置")


@require_POST
def active(request, pk):
    account, on = _account(request, pk), request.POST.get("active") == "on"
    return _take(
        request,
        account,
        "账号已启用。" if on else "账号已停用，已登录的会马上退出。",
        services.set_active,
        account,
        on,
    )


def _take(request, account, said, service, *args):
    try:
        service(*args, by=request.user)
        messages.success(request, said)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("accounts:page", account.pk)
