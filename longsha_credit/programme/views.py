"""Desk pages of the programme's years: one year with its stages and steps, its forms."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from longsha_credit.audit.history import changes, timeline
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import require_within
from longsha_credit.programme import services
from longsha_credit.programme.flows import FLOW, KEEPS_YEARS
from longsha_credit.programme.forms import CopyForm, ReasonForm, YearForm
from longsha_credit.programme.models import (
    Inspection,
    InspectionState,
    Task,
    TaskState,
    Visit,
    Year,
    YearState,
)

MOST_SHOWN = 20  # visits and plans named in the warning before a year is frozen


@require_safe
def page(request):
    years = list(Year.objects.visible_to(request.user).with_stages().select_related("closing_by"))
    year = _chosen(years, request.GET.get("year", ""), timezone.localdate())
    context = {"years": years, "year": year, "sees_work": request.user.holds(*SEES_WORK)}
    return render(request, "programme/page.html", context | (_of_year(year, request.user) if year else {}))


def _chosen(years, asked, today):
    """The year asked for, else the current one, else the newest."""
    by_number = {str(year.number): year for year in years}
    return by_number.get(asked) or by_number.get(str(today.year)) or next(iter(years), None)


def _of_year(year, user):
    keeps = user.role_at(KEEPS_YEARS, year.organisation.path) is not None
    return {
        "stage_now": _stage_now(year),
        "can_edit": keeps and year.state == YearState.OPEN,
        "can_copy": keeps,
        "offers": FLOW.available(
            year, user, url=lambda step: reverse("programme:step", args=[year.pk, step])
        ),
        "entries": timeline([year], limit=20),
        "changes": [(part, change) for part in [year, *year.stages.all()] for change in changes(part)],
    }


def _stage_now(year):
    today = timezone.localdate()
    stage = year.stage_on(today)
    return stage and {"stage": stage, "days_left": stage.days_left(today)}


def _year(request, pk, roles):
    """A year of the district in which the reader holds one of `roles`; for all others there is no such address."""
    year = get_object_or_404(Year.objects.visible_to(request.user).with_stages(), pk=pk)
    require_within(request.user, year.organisation, roles)
    return year


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    year = _year(request, pk, KEEPS_YEARS)
    if year.state != YearState.OPEN and request.method == "GET":
        messages.error(request, f"{year}现在是“{year.get_state_display()}”，不能再改。")
        return redirect(_address(year))
    form = YearForm(_sent(request), year=year)
    if request.method == "POST" and form.is_valid():
        texts = {name: form.cleaned_data[name] for name in ("title", "basis", "report_on", "seen")}
        try:
            services.edit_year(year, by=request.user, spans=form.spans(), **texts)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{year}的安排已保存，公开页面同时更新。")
            return redirect(_address(year))
    context = {"year": year, "form": form}
    return render(request, "programme/edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def copy(request, pk):
    year = _year(request, pk, KEEPS_YEARS)
    form = CopyForm(_sent(request), year=year)
    if request.method == "POST" and form.is_valid():
        try:
            new = services.copy_year(year, to=form.cleaned_data["to"], by=request.user)
        except Refused as refusal:
            form.add_error("to", str(refusal))
        else:
            messages.success(request, f"{new}已建立，请核对依据、日期和工作内容。")
            return redirect(_address(new))
    context = {"year": year, "form": form}
    return render(request, "programme/copy.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    year = _year(request, pk, SEES_WORK)
    taken = FLOW.steps.get(step)
    if taken is None:
        raise Http404
    form = ReasonForm(_sent(request), step=taken)
    if request.method == "GET" or not form.is_valid():
        if refusal := FLOW.refusal(year, taken, request.user):
            messages.error(request, str(refusal))
            return redirect(_address(year))
        context = {"year": year, "step": taken, "form": form} | _left_open(year, request.user)
        return render(request, "programme/step.html", context, status=422 if form.is_bound else 200)
    try:
        FLOW.take(year, step, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{taken.label}：已办理。")
    return redirect(_address(year))


def _left_open(year, user):
    """What of the year nobody will be able to finish once it is frozen."""
    tasks = Task.objects.visible_to(user).filter(year=year).standing()
    visits = Visit.objects.visible_to(user).unfinished().filter(inspection__year=year)
    plans = Inspection.objects.visible_to(user).filter(year=year, state=InspectionState.DRAFT)
    return {
        "unfinished": tasks.exclude(state=TaskState.DONE).count(),
        "open_visits": visits.count(),
        "visits": visits.with_names().order_by("inspection_id", "organisation__path")[:MOST_SHOWN],
        "open_plans": plans.count(),
        "plans": plans.order_by("id")[:MOST_SHOWN],
    }


def _address(year):
    return f"{reverse('programme:list')}?year={year.number}"


def _sent(request):
    return request.POST if request.method == "POST" else None
