"""Desk pages of activities: list, one activity with its steps, its forms, the figures of all units."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from longsha_credit.audit import stepping
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange import sheets
from longsha_credit.files.checks import Unacceptable
from longsha_credit.programme.education import lists, reading, services
from longsha_credit.programme.education.flows import FLOW, SHEET, WRITERS
from longsha_credit.programme.education.forms import (
    ActivityForm,
    EducationStepForm,
    SheetForm,
    SummaryForm,
)
from longsha_credit.programme.models import Activity, ActivitySheet, ActivityState
from longsha_credit.publication.drafts import stamp_of
from longsha_credit.publication.gate import pointed_out
from longsha_credit.publication.sheet import flagged_words
from longsha_credit.web.pages import page_of


@require_safe
def activity_list(request):
    years, user = lists.years_of(request.user), request.user
    year = lists.chosen_year(years, request.GET)
    context = {
        "tab": "activities",
        "years": years,
        "year": year,
        "page": page_of(request, lists.activities(user, year, request.GET)),
        "views": lists.activity_views(user, year, request.GET),
        "q": request.GET.get("q", ""),
        "can_write": user.holds(*WRITERS),
    }
    return render(request, "programme/education/list.html", context)


def _activity(request, pk):
    return get_object_or_404(Activity.objects.visible_to(request.user).with_names(), pk=pk)


@require_safe
def page(request, pk):
    context = reading.activity_context(_activity(request, pk), request.user)
    return render(request, "programme/education/page.html", context | {"today": timezone.localdate()})


@require_http_methods(["GET", "POST"])
def new(request):
    if not request.user.holds(*WRITERS):
        raise Http404
    own = next(m.organisation for m in request.user.current_memberships if m.role in WRITERS)
    return _plan(request, Activity(), "计划活动", organisation=own, place=own.address)


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    activity = _activity(request, pk)
    if closed := _closed(request, activity, activity, ActivityState.PLANNED):
        return closed
    return _plan(request, activity, "修改计划")


def _plan(request, activity, heading, **start):
    initial = {"seen": stamp_of(activity), **start}
    form = ActivityForm(request.POST or None, instance=activity, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_activity(activity, by=request.user, seen=form.cleaned_data["seen"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "计划已保存。要让居民提前知道，请写预告；办完以后来登记。")
            return redirect("education:page", saved.pk)
    context = {"form": form, "heading": heading, "activity": activity if activity.pk else None}
    return render(request, "programme/education/edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def summary(request, pk):
    activity = _activity(request, pk)
    if closed := _closed(request, activity, activity, ActivityState.HELD):
        return closed
    form = SummaryForm(
        request.POST or None,
        request.FILES or None,
        instance=activity,
        existing=activity.files.all(),
        initial={"seen": stamp_of(activity)},
    )
    if request.method == "POST" and form.is_valid():
        saved = _saved(form, services.save_summary, request.user)
        if saved:
            messages.success(request, "总结已保存。照片和材料齐了，点“完成总结”。")
            return redirect("education:page", pk)
    context = {"form": form, "heading": "写总结", "activity": activity}
    return render(request, "programme/education/summary.html", context, status=422 if form.is_bound else 200)


def _saved(form, save, user, **more):
    """Save the form's row; what the service refuses stands above the input, and nothing is given back."""
    try:
        return save(
            form.instance, by=user, upload=form.upload(), seen=form.cleaned_data.get("seen", ""), **more
        )
    except (Refused, Unacceptable) as refusal:
        form.add_error("uploads" if isinstance(refusal, Unacceptable) else None, str(refusal))
        return None


def _closed(request, row, activity, *states):
    """The way back when a form makes no sense to open; 404 for who may not write here.

    What was already typed is not thrown away: a POST goes on, and the service's refusal stands above the input.
    """
    require_within(request.user, row.organisation, WRITERS)
    if row.state in states or request.method == "POST":
        return None
    messages.error(request, f"现在是“{row.get_state_display()}”，不能这样改。")
    return redirect("education:page", activity.pk)


# --- the public text --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def sheet(request, pk):
    activity = _activity(request, pk)
    require_within(request.user, activity.organisation, WRITERS)
    if (refusal := services.sheet_refusal(activity)) and request.method == "GET":
        messages.error(request, refusal)
        return redirect("education:page", pk)
    heading = "写预告" if services.stage_now(activity) == "announcement" else "写活动情况"
    return _edit_sheet(request, services.new_sheet(activity), heading)


def _sheet(request, pk):
    return get_object_or_404(ActivitySheet.objects.visible_to(request.user).with_names(), pk=pk)


@require_http_methods(["GET", "POST"])
def edit_sheet(request, pk):
    row = _sheet(request, pk)
    if closed := _closed(request, row, row.activity, "draft"):
        return closed
    return _edit_sheet(request, row, f"修改{row.get_stage_display()}")


def _edit_sheet(request, row, heading):
    activity = row.activity
    form = SheetForm(
        request.POST or None,
        request.FILES or None,
        instance=row,
        own=list(activity.files.all()),
        existing=list(row.files.all()) if row.pk else [],
        has_earlier=activity.sheets.filter(state__in=services.SHOWN).exists(),
        initial={"seen": stamp_of(row)},
    )
    if request.method == "POST" and form.is_valid():
        saved = _saved(form, services.save_sheet, request.user, picked=form.chosen())
        if saved:
            messages.success(request, "草稿已保存，还没有提交审查。核对后点“提交审查”。")
            return redirect("education:page", activity.pk)
    returned = pointed_out(row)
    context = {"form": form, "heading": heading, "activity": activity, "sheet": row, "returned": returned}
    context["flagged"] = flagged_words(returned)
    return render(request, "programme/education/sheet.html", context, status=422 if form.is_bound else 200)


# --- steps ------------------------------------------------------------------------------------------------------------

FOLLOWS = {
    "hold": "接下来写总结，附照片或材料。",
    "summarise": "要公开的，写“活动情况”送审；不公开的，选“只留内部”。",
    "submit": "接下来由初审、审核、审发三个人依次审查，通过后公开。",
    "recall": "改好后请重新提交。",
    "cancel": "公开过预告的，页面上已经写明取消。",
    "ask_withdrawal": "接下来由区审核员或区信用办批准，批准以前照常公开。",
}


def _take(request, flow, row, step, activity):
    return stepping.take(
        request,
        flow,
        row,
        step,
        template="programme/education/step.html",
        back=reverse("education:page", args=[activity.pk]),
        form_class=EducationStepForm,
        context={"activity": activity},
        follows=FOLLOWS.get(step, ""),
    )


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    activity = _activity(request, pk)
    return _take(request, FLOW, activity, step, activity)


@require_http_methods(["GET", "POST"])
def take_sheet_step(request, pk, step):
    row = _sheet(request, pk)
    return _take(request, SHEET, row, step, row.activity)


# --- figures ----------------------------------------------------------------------------------------------------------


def _statistics(user, year):
    units = Organisation.objects.visible_to(user).where(user, SEES_WORK).taking_part().units()
    return reading.statistics(list(units.in_tree_order()), year, timezone.localdate())


@require_safe
def statistics(request):
    years = lists.years_of(request.user)
    year = lists.chosen_year(years, request.GET)
    context = {"tab": "statistics", "years": years, "year": year}
    if year and request.user.holds(*SEES_WORK):
        context |= _statistics(request.user, year)
    return render(request, "programme/education/statistics.html", context)


@require_safe
def export_statistics(request):
    """The figures as CSV or XLSX."""
    kind, user = request.GET.get("format", "csv"), request.user
    year = lists.chosen_year(lists.years_of(user), request.GET)
    if not user.holds(*SEES_WORK) or year is None:
        raise Http404
    if kind not in sheets.KINDS:
        messages.error(request, "导出的格式是 csv 或 xlsx，请重新选择。")
        return redirect("education:statistics")
    lines = reading.statistics_lines(_statistics(user, year))
    return sheets.download(
        kind, f"诚信教育{year.number}", reading.COLUMNS, lines, user=user, number=len(lines)
    )
