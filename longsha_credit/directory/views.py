"""Desk pages of units: the list, one unit with its posts, its contact data, new windows and posts."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from longsha_credit.audit.history import timeline
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory import services
from longsha_credit.directory.forms import AddForm, ContactForm, UnitFilterForm
from longsha_credit.directory.models import (
    FormerName,
    Level,
    Membership,
    Official,
    Organisation,
    Posting,
)
from longsha_credit.directory.postings import KEEPS_POSTS, NAMES_UNITS
from longsha_credit.directory.roles import SEES_ACCOUNTS, SEES_WORK
from longsha_credit.web.pages import page_of

CHILDREN = {
    name: Count("children", filter=Q(children__valid_to=None, children__level=level))
    for name, level in {
        "streets": Level.STREET,
        "communities": Level.COMMUNITY,
        "windows": Level.WINDOW,
        "posts": Level.POST,
    }.items()
}


# What comes in and goes out as a table, and who brings it; the kinds are registered above.
TABLES = (
    (("organisations", "单位"), NAMES_UNITS),
    (("officials", "公职人员"), KEEPS_POSTS),
    (("postings", "任职"), KEEPS_POSTS),
)


@require_safe
def unit_list(request):
    units = Organisation.objects.visible_to(request.user).in_force()
    form = UnitFilterForm(request.GET)
    counts = dict(units.order_by().values_list("level").annotate(Count("pk")))
    context = {
        "form": form,
        "page": page_of(request, listed(request.user, request.GET), per_page=50),
        "counts": [(label, counts.get(level, 0)) for level, label in Level.choices],
        "whole": not any(form.cleaned_data.values()) if form.is_valid() else True,
        "tables": [kind for kind, roles in TABLES if request.user.holds(*roles)],
    }
    return render(request, "directory/list.html", context)


def listed(user, query):
    """The units that an address asks for, as a tree, each with how many it has below it."""
    found = Organisation.objects.visible_to(user).in_force().exclude(level=Level.POST)
    found = found.select_related("parent").annotate(**CHILDREN)
    form = UnitFilterForm(query)
    asked = form.cleaned_data if form.is_valid() else {}
    if q := asked.get("q"):
        found = found.filter(Q(name__icontains=q) | Q(division_code__startswith=q))
    if level := asked.get("level"):
        found = found.filter(level=level)
    return found.in_tree_order()


def _unit(request, pk):
    """A unit in scope; a closed one too, because its records remain."""
    return get_object_or_404(
        Organisation.objects.visible_to(request.user).select_related("parent__parent", "successor"), pk=pk
    )


@require_safe
def page(request, pk):
    user, unit = request.user, _unit(request, pk)
    inside = Organisation.objects.visible_to(user).in_force().filter(parent=unit)
    holders = Posting.objects.visible_to(user).current().select_related("official")
    postings = Prefetch("postings", queryset=holders, to_attr="holders")
    officials = Official.objects.visible_to(user).filter(organisation=unit)
    context = {
        "unit": unit,
        "above": _above(request, unit),
        "units": inside.exclude(level=Level.POST).annotate(**CHILDREN).in_tree_order(),
        "posts": inside.filter(level=Level.POST).order_by("-is_lead_post", "id").prefetch_related(postings),
        "officials": officials.order_by("staff_number")[:100],
        "officials_count": services.count_officials(unit),
        "sees_people": user.role_at(SEES_WORK, unit.path) is not None,
        "memberships": Membership.objects.visible_to(user)
        .current()
        .filter(organisation=unit)
        .select_related("user"),
        "sees_accounts": user.role_at(SEES_ACCOUNTS, unit.path) is not None,
        **_may(user, unit),
        "former_names": FormerName.objects.visible_to(user).filter(organisation=unit).newest_first(),
        "entries": timeline([unit], limit=20),
    }
    return render(request, "directory/page.html", context)


def _above(request, unit):
    """The units above, as far up as the user may look, the highest first."""
    ids = [int(part) for part in unit.path.strip("/").split("/")][:-1]
    return Organisation.objects.visible_to(request.user).filter(pk__in=ids).order_by("path")


def _can_add(user, unit):
    return (
        not unit.valid_to
        and unit.level != Level.POST
        and user.role_at(services.KEEPS_UNITS, unit.path) is not None
    )


def _may(user, unit):
    """What `user` may change about a unit: how it is reached, what stands under it, what it is called."""
    return {
        "can_edit": not unit.valid_to and user.role_at(services.KEEPS_CONTACT, unit.path) is not None,
        "can_add": _can_add(user, unit),
        "can_rename": not unit.valid_to
        and unit.level != Level.POST
        and user.role_at(NAMES_UNITS, unit.path) is not None,
    }


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    unit = _unit(request, pk)
    if unit.level == Level.POST or request.user.role_at(services.KEEPS_CONTACT, unit.path) is None:
        messages.error(request, "联系方式由本单位负责人或系统管理员修改，岗位没有单独的联系方式。")
        return redirect("organisations:page", unit.pk)
    form = ContactForm(_sent(request), unit=unit)
    if request.method == "POST" and _done(form, services.edit_organisation, unit, by=request.user):
        messages.success(request, f"{unit}的联系方式已保存。")
        return redirect("organisations:page", unit.pk)
    return render(
        request, "directory/edit.html", {"unit": unit, "above": _above(request, unit), "form": form}
    )


@require_http_methods(["GET", "POST"])
def add(request, pk):
    unit = _unit(request, pk)
    if not _can_add(request.user, unit):
        messages.error(request, "这里不能由您增加窗口或岗位。请联系区信用办管理员或系统管理员。")
        return redirect("organisations:page", unit.pk)
    form = AddForm(_sent(request), unit=unit)
    if request.method == "POST" and _done(form, _add, unit, by=request.user):
        messages.success(request, f"已在{unit}下面增加“{form.cleaned_data['name']}”。")
        return redirect("organisations:page", unit.pk)
    return render(request, "directory/add.html", {"unit": unit, "above": _above(request, unit), "form": form})


def _add(unit, *, by, level, name, supervision_phone=""):
    if level == Level.POST:
        services.add_post(unit=unit, name=name, by=by)
    else:
        services.add_organisation(
            level=level, name=name, parent=unit, by=by, supervision_phone=supervision_phone
        )


def _sent(request):
    """What a form was sent with, even when that is nothing at all."""
    return request.POST if request.method == "POST" else None


def _done(form, service, unit, *, by):
    """Whether the form was right and the service took it; what it refuses is shown on the form."""
    if not form.is_valid():
        return False
    try:
        service(unit, by=by, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
    except ValidationError as fault:
        form.add_error(None, fault)
    return not form.errors
