"""Desk pages of the office for a year's tasks: its list, one task of it, and handing the list down."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longsha_credit.audit.history import changes, timeline
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Level
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange.models import Job
from longsha_credit.programme.models import StandardTask, Year
from longsha_credit.programme.tasking import issuing, lists, services
from longsha_credit.programme.tasking.flows import KEEPS_TASKS
from longsha_credit.programme.tasking.forms import IssueForm, StandardForm

JOBS_SHOWN = 10


def _year(request, pk):
    year = get_object_or_404(Year.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    require_within(request.user, year.organisation, KEEPS_TASKS)
    return year


@require_safe
def standards(request):
    """The list of a year, level by level; everybody who works in the district reads it."""
    user = request.user
    if not user.holds(*SEES_WORK):
        raise Http404
    years = lists.years_of(user)
    year = lists.year_asked(years, request.GET.get("year", ""), timezone.localdate())
    rows = StandardTask.objects.visible_to(user).filter(year=year).with_issued().in_order()
    groups: dict[str, list] = {}
    for row in rows:
        groups.setdefault(Level(row.level).label, []).append(row)
    keeps = year is not None and user.role_at(KEEPS_TASKS, year.organisation.path) is not None
    jobs = Job.objects.visible_to(user).filter(kind=issuing.KIND, arguments__year=year and year.pk)
    context = {
        "years": years,
        "year": year,
        "groups": groups,
        "opens": year is not None and user.role_at(SEES_WORK, year.organisation.path) is not None,
        "keeps": keeps and not year.is_frozen,
        "jobs": jobs.with_names()[:JOBS_SHOWN],
    }
    return render(request, "programme/tasking/standards.html", context)


def _address(year):
    return f"{reverse('tasks:standards')}?year={year.number}"


@require_POST
def load_list(request, pk):
    year = _year(request, pk)
    number = services.load_list(year, by=request.user)
    messages.success(request, f"{year}的清单现在有{number}项，请逐项核对，改成本区要做的。")
    return redirect(_address(year))


@require_http_methods(["GET", "POST"])
def new_standard(request, pk):
    year = _year(request, pk)
    return _edit(request, StandardTask(year=year, due_on=None), year, "新增标准任务")


@require_http_methods(["GET", "POST"])
def edit_standard(request, pk):
    row = _standard(request, pk)
    try:
        services.require_unissued(row)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("tasks:standard", pk)
    return _edit(request, row, row.year, "修改标准任务")


def _standard(request, pk, roles=KEEPS_TASKS):
    row = get_object_or_404(
        StandardTask.objects.visible_to(request.user).with_issued().select_related("year__organisation"),
        pk=pk,
    )
    require_within(request.user, row.year.organisation, roles)
    return row


def _edit(request, row, year, heading):
    """Show the form of one task of the list or save it; what the service refuses stands above the input."""
    seen = row.saved_at.isoformat() if row.pk else ""
    sent = request.POST if request.method == "POST" else None
    form = StandardForm(sent, instance=row, initial={"seen": seen})
    if sent is not None and form.is_valid():
        try:
            services.save_standard(form.instance, by=request.user, seen=form.cleaned_data["seen"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"“{form.instance}”已保存。")
            return redirect(_address(year))
    context = {"form": form, "year": year, "heading": heading, "row": row}
    return render(
        request, "programme/tasking/standard_edit.html", context, status=422 if form.is_bound else 200
    )


@require_safe
def standard(request, pk):
    """One task of the list with its history, for the people of the district."""
    row = _standard(request, pk, SEES_WORK)
    keeps = request.user.role_at(KEEPS_TASKS, row.year.organisation.path) is not None
    context = {
        "row": row,
        "year": row.year,
        "keeps": keeps and not row.year.is_frozen and row.retired_on is None,
        "entries": timeline([row]),
        "changes": changes(row),
    }
    return render(request, "programme/tasking/standard.html", context)


@require_POST
def retire_standard(request, pk):
    row = _standard(request, pk)
    try:
        services.retire_standard(row, by=request.user, today=timezone.localdate())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"“{row}”已停用，以后不再下达；已经下达的照常办理。")
    return redirect(_address(row.year))


@require_http_methods(["GET", "POST"])
def issue(request, pk):
    """Choose tasks and units; look at what it makes; hand it down as one job."""
    year, today = _year(request, pk), timezone.localdate()
    sent = request.POST if request.method == "POST" else request.GET if request.GET else None
    form = IssueForm(sent, year=year, user=request.user)
    lines = []
    if form.is_bound and form.is_valid():
        chosen, units, due_on = form.chosen(), form.units(), form.cleaned_data["due_on"]
        lines = issuing.preview(chosen, units, due_on=due_on, today=today)
        if request.method == "POST" and (job := _begun(request, form, year, chosen, units, today)):
            return redirect("jobs:page", job.pk)
    context = {
        "year": year,
        "form": form,
        "lines": lines,
        "total": sum(line.new for line in lines),
        "late": sum(line.late for line in lines),
        "key": uuid.uuid4().hex,
        "back": _address(year),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "programme/tasking/issue.html", context, status=status)


def _begun(request, form, year, chosen, units, today):
    """The job, or None where it is refused; the sentence stands above the input."""
    key = form.cleaned_data["key"] or uuid.uuid4().hex
    due_on = form.cleaned_data["due_on"]
    try:
        job = issuing.begin(year, chosen, units, by=request.user, today=today, due_on=due_on, key=key)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, "开始下达，可以离开这一页，做完了这里和任务列表都看得到。")
    return job
