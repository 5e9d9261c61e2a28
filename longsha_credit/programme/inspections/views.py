"""Desk pages of inspections: plans, visits on the spot, findings until they are put right, notices, figures."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longsha_credit.audit import stepping
from longsha_credit.audit.forms import StepForm
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange import documents, sheets
from longsha_credit.exchange.official import services as official
from longsha_credit.files.checks import Unacceptable
from longsha_credit.programme.inspections import lists, papers, reading, services
from longsha_credit.programme.inspections.conditions import INSPECTS
from longsha_credit.programme.inspections.flows import APPROVES, FINDING, FLOW, UNIT, VISIT
from longsha_credit.programme.inspections.forms import (
    STEP_FORMS,
    FilterForm,
    FindingForm,
    PeopleForm,
    PlanForm,
    PointForm,
    ReportForm,
)
from longsha_credit.programme.models import (
    Finding,
    FindingState,
    Inspection,
    InspectionNotice,
    InspectionState,
    Visit,
    VisitPoint,
)
from longsha_credit.publication.drafts import stamp_of
from longsha_credit.web.pages import page_of


def _today():
    return timezone.localdate()


def _listed(request, name, rows, base, named, path="", **more):
    """A list of inspections, visits or findings with its views and filters."""
    query = request.GET
    narrowed = lists.narrowed(base, query, path)
    found = lists.viewed(lists.narrowed(rows, query, path), query, named)
    form = FilterForm(query, headings=name == "findings")
    context = {
        "tab": name,
        "page": page_of(request, found.order_by("-id")),
        "views": lists.counted(narrowed, query, named),
        "form": form,
        "narrowed": any(query.get(field) for field in (*form.fields, "unit", "year")),
        "view": query.get("view", ""),
        "organisers": lists.organisers(request.user, INSPECTS),
        "today": _today(),
    }
    return render(request, f"programme/inspections/{name}.html", context | more)


@require_safe
def plans(request):
    user = request.user
    base = Inspection.objects.visible_to(user)
    return _listed(request, "list", lists.inspections(user), base, lists.inspection_views(user))


@require_safe
def visits(request):
    user = request.user
    base, named = Visit.objects.visible_to(user), lists.visit_views(user)
    return _listed(request, "visits", lists.visits(user), base, named, "inspection__")


@require_safe
def findings(request):
    user = request.user
    rows = lists.findings(user)
    return _listed(request, "findings", rows, rows, lists.finding_views(user), "visit__inspection__")


@require_safe
def figures(request):
    """How each unit and each of the nine tasks stands in a year."""
    user, known = request.user, lists.years(request.user)
    year = lists.year_of(request.GET.get("year", ""), known, _today())
    streets = list(lists.streets(user))
    asked = lists.number_of(request.GET.get("street", ""))
    street = next((one for one in streets if one.pk == asked), None)
    context = {
        "tab": "figures",
        "year": year,
        "years": known,
        "streets": streets,
        "street": street,
        "units": lists.by_unit(user, year, street),
        "headings": lists.by_heading(user, year, street),
    }
    return render(request, "programme/inspections/figures.html", context)


@require_safe
def export(request):
    """The figures by unit as CSV or XLSX."""
    user, kind = request.user, request.GET.get("format", "csv")
    if kind not in sheets.KINDS:
        messages.error(request, "下载的格式是 csv 或 xlsx。")
        return redirect("inspections:figures")
    year = lists.year_of(request.GET.get("year", ""), lists.years(user), _today())
    asked = lists.number_of(request.GET.get("street", ""))
    street = lists.streets(user).filter(pk=asked).first() if asked else None
    rows = lists.by_unit(user, year, street)
    services.note_export(user, number=len(rows), query=request.GET.urlencode())
    name = f"督导检查统计{year}"
    return sheets.download(kind, name, lists.COLUMNS, lists.lines(rows), user=user, number=len(rows))


# plans


@require_safe
def page(request, pk):
    inspection = get_object_or_404(Inspection.objects.visible_to(request.user).with_names(), pk=pk)
    return render(request, "programme/inspections/page.html", reading.of_inspection(inspection, request.user))


@require_http_methods(["GET", "POST"])
def new(request):
    place = lists.organisers(request.user, INSPECTS).first()
    if place is None:
        raise Http404
    return _plan(request, Inspection(organisation=place, from_on=_today()), "拟定检查")


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    inspection = get_object_or_404(Inspection.objects.visible_to(request.user).with_names(), pk=pk)
    require_within(request.user, inspection.organisation, INSPECTS)
    if inspection.state != InspectionState.DRAFT and request.method == "GET":
        messages.error(request, f"现在是“{inspection.get_state_display()}”，不能再改。")
        return redirect("inspections:page", pk)
    return _plan(request, inspection, "修改检查")


def _plan(request, inspection, heading):
    pk = inspection.pk
    form = PlanForm(
        request.POST or None,
        instance=inspection,
        user=request.user,
        initial={"seen": stamp_of(inspection)},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        given = {"units": data["units"], "people": data["people"], "seen": data["seen"]}
        try:
            services.save_plan(inspection, by=request.user, **given)
        except Refused as refusal:
            inspection.pk = pk  # nothing was saved
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已保存。核对后由另一个人批准，批准以前单位看不到。")
            return redirect("inspections:page", inspection.pk)
    context = {"form": form, "heading": heading, "inspection": inspection if pk else None}
    return render(request, "programme/inspections/edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def add_people(request, pk):
    inspection = get_object_or_404(Inspection.objects.visible_to(request.user).with_names(), pk=pk)
    require_within(request.user, inspection.organisation, APPROVES)
    if inspection.state != InspectionState.GOING and request.method == "GET":
        messages.error(request, f"现在是“{inspection.get_state_display()}”，不能增加检查人员。")
        return redirect("inspections:page", pk)
    form = PeopleForm(request.POST or None, inspection=inspection)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_inspectors(inspection, form.cleaned_data["people"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已增加检查人员。")
            return redirect("inspections:page", pk)
    context = {"form": form, "inspection": inspection}
    return render(request, "programme/inspections/people.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    inspection = get_object_or_404(Inspection.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, FLOW, inspection, step, reverse("inspections:page", args=[pk]))


def _take(request, flow, obj, name, back):
    return stepping.take(
        request,
        flow,
        obj,
        name,
        template="programme/inspections/step.html",
        back=back,
        form_class=STEP_FORMS.get((flow.name, name), StepForm),
        context={"back": back},
        follows=reading.WHAT_FOLLOWS.get(name, ""),
    )


# visits


def _visit(request, pk):
    return get_object_or_404(Visit.objects.visible_to(request.user).with_names(), pk=pk)


@require_safe
def visit(request, pk):
    context = reading.of_visit(_visit(request, pk), request.user) | {"today": _today()}
    if not context["writes"]:
        return render(request, "programme/inspections/visit.html", context)
    for one in context["points"]:
        one.form = PointForm(point=one)
    return render(request, "programme/inspections/onsite.html", context)


@require_http_methods(["GET", "POST"])
def take_visit_step(request, pk, step):
    return _take(request, VISIT, _visit(request, pk), step, reverse("inspections:visit", args=[pk]))


@require_POST
def point(request, pk, position):
    """One point is stored by itself: the page's script takes the answer as a piece of the page, a plain form goes on."""
    found = _visit(request, pk)
    it = get_object_or_404(VisitPoint.objects.visible_to(request.user), visit=found, position=position)
    if not services.may_write(found, request.user):
        raise Http404
    form = PointForm(request.POST, request.FILES, point=it)
    if form.is_valid():
        try:
            services.save_point(it, by=request.user, upload=form.upload(), **form.given())
        except Refused as refusal:  # a bad file is one of them
            form.add_error(None, str(refusal))
    if not form.errors and "X-Part" not in request.headers:
        return redirect(f"{reverse('inspections:visit', args=[pk])}#point-{position}")
    return _point_again(request, found, it, form)


def _point_again(request, found, it, form):
    """The point as it is stored now; what could not be stored stays in its boxes with the reason."""
    status = 422 if form.errors else 200
    if "X-Part" not in request.headers:
        context = reading.of_visit(found, request.user)
        if not context["writes"]:
            messages.error(request, "".join(form.non_field_errors()) or "没有存上，请核对。")
            return redirect("inspections:visit", found.pk)
        for one in context["points"]:
            one.form = form if one.pk == it.pk else PointForm(point=one)
        return render(request, "programme/inspections/onsite.html", context, status=status)
    it.photos = reading.with_addresses(it.files.all())
    it.form = form if form.errors else PointForm(point=it)
    offers = VISIT.available(found, request.user, url=reading.step_url("visit_step", found))
    context = {"point": it, "visit": found, "offers": offers}
    return render(request, "programme/inspections/_saved.html", context, status=status)


# findings and notices


def _finding(request, pk):
    return get_object_or_404(Finding.objects.visible_to(request.user).with_names().with_clock(), pk=pk)


@require_safe
def finding(request, pk):
    context = reading.of_finding(_finding(request, pk), request.user) | {"today": _today()}
    return render(request, "programme/inspections/finding.html", context)


@require_http_methods(["GET", "POST"])
def edit_finding(request, pk):
    it = _finding(request, pk)
    require_within(request.user, it.visit.inspection.organisation, INSPECTS)
    form = FindingForm(
        request.POST or None, instance=it, days=reading.last_days(), initial={"seen": stamp_of(it)}
    )
    return _save(request, it, form, FindingState.DRAFT, "写整改要求", services.save_finding, "已保存。")


@require_http_methods(["GET", "POST"])
def report(request, pk):
    it = _finding(request, pk)
    require_within(request.user, it.organisation, UNIT)
    form = ReportForm(request.POST or None, request.FILES or None, finding=it, initial={"seen": stamp_of(it)})
    told = "已保存，核对后点“报告整改完成”。"
    return _save(request, it, form, FindingState.OPEN, "写整改情况", services.save_report, told)


def _save(request, it, form, state, heading, save, told):
    """Show the form of a finding, or save it; what the service refuses stands above the input."""
    if it.state != state and request.method == "GET":
        messages.error(request, f"现在是“{it.get_state_display()}”，不能这样办。")
        return redirect("inspections:finding", it.pk)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        given = {"report": data["report"], "upload": form.upload()} if "report" in data else {}
        try:
            save(it, by=request.user, seen=data.get("seen", ""), **given)
        except (Refused, Unacceptable) as refusal:
            form.add_error("uploads" if isinstance(refusal, Unacceptable) else None, str(refusal))
        else:
            messages.success(request, told)
            return redirect("inspections:finding", it.pk)
    context = {"form": form, "heading": heading, "finding": it}
    status = 422 if form.is_bound else 200
    return render(request, "programme/inspections/finding_edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
def take_finding_step(request, pk, step):
    back = reverse("inspections:finding", args=[pk])
    return _take(request, FINDING, _finding(request, pk), step, back)


@require_POST
def send_notice(request, pk):
    found = _visit(request, pk)
    require_within(request.user, found.inspection.organisation, INSPECTS)
    try:
        sent = services.send_notice(found, by=request.user, today=_today())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("inspections:visit", pk)
    messages.success(request, f"{sent}已发出，整改期限开始计算，单位在工作台可以看到。")
    return redirect("inspections:notice", sent.pk)


@require_safe
def notice(request, pk):
    found = get_object_or_404(InspectionNotice.objects.visible_to(request.user).with_names(), pk=pk)
    context = {"notice": found, "visit": found.visit, "paper": papers.paper_of(found)}
    return render(request, "programme/inspections/notice.html", context)


@require_safe
def notice_word(request, pk):
    """The notice as a Word file, to be sealed and sent."""
    found = get_object_or_404(InspectionNotice.objects.visible_to(request.user).with_names(), pk=pk)
    response = HttpResponse(official.word_now(found), content_type=documents.DOCX)
    response["Content-Disposition"] = content_disposition_header(True, f"{found}.docx")
    return response
