"""Desk pages of applications: the list, one application with its items, steps, visits, and an objection of a unit."""

import secrets

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.demonstration import lists, objections, public_reading, reading, services
from evaluation.demonstration.answering import FOLDER, shown
from evaluation.demonstration.flows import DISTRICT, FLOW, WRITERS
from evaluation.demonstration.forms import ApplyForm, ItemForm, ReasonForm, VisitForm
from evaluation.demonstration.step_forms import UnitObjectionForm
from evaluation.demonstration.wording import words
from evaluation.models import Application, ApplicationState, CandidateNotice, Cycle, SelfItem, SiteVisit
from longsha_credit.audit import stepping
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.scope import require_within
from longsha_credit.files.checks import Unacceptable
from longsha_credit.publication.drafts import explain
from longsha_credit.web.pages import page_of

CLOSED = "现在不能改：申报已经提交，或者已经办完。"


@require_safe
def application_list(request):
    rows = Application.objects.visible_to(request.user).with_names()
    context = {
        "page": page_of(request, lists.filtered(rows, request.GET, request.user)),
        "views": lists.views(rows, request.GET, request.user),
        "cycles": lists.cycles(request.user)[:10],
        "seats": lists.seats_asked(request.user)[:50],
        "running": CandidateNotice.objects.public().with_names().running(timezone.localdate()),
        "to_apply": {cycle.pk for cycle in lists.to_apply(request.user)},
        "q": request.GET.get("q", ""),
        "writes": request.user.holds(*WRITERS),
        "can_start": request.user.holds(*DISTRICT),
    }
    return render(request, f"{FOLDER}/list.html", context)


@require_http_methods(["GET", "POST"])
def apply(request, pk):
    cycle = get_object_or_404(Cycle.objects.visible_to(request.user).with_names(), pk=pk)
    if not request.user.holds(*WRITERS):
        raise Http404
    form = ApplyForm(request.POST or None, user=request.user, cycle=cycle)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            it = services.apply(
                cycle, data["unit"], reason=data["reason"], copy=data["copy"], by=request.user, today=timezone.localdate()
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已开始申报。请逐条自评，都填好以后提交。")
            return redirect("demonstration:page", it.pk)
    back = reverse("demonstration:cycle", args=[cycle.pk])
    return shown(request, form, "申报", back, lead=f"{cycle.title}。{words(cycle).note}", button="开始申报")


@require_safe
def page(request, pk):
    it = get_object_or_404(Application.objects.visible_to(request.user).with_names(), pk=pk)
    return render(request, f"{FOLDER}/page.html", reading.page(it, request.user))


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    it = get_object_or_404(Application.objects.visible_to(request.user).with_names(), pk=pk)
    back = reverse("demonstration:page", args=[pk])
    context = {"back": back, "about": it}
    return stepping.take(request, FLOW, it, step, template=f"{FOLDER}/step.html", back=back, context=context)


@require_http_methods(["GET", "POST"])
def edit_reason(request, pk):
    it = get_object_or_404(Application.objects.visible_to(request.user).with_names(), pk=pk)
    back = reverse("demonstration:page", args=[pk])
    if closed := _closed(request, it, back):
        return closed
    form = ReasonForm(request.POST or None, initial={"reason": it.reason})
    if request.method == "POST" and form.is_valid():
        try:
            services.save_reason(it, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已保存。")
            return redirect(back)
    return shown(request, form, "修改申报理由", back, lead=str(it))


def _closed(request, it, back):
    """The way back when nothing may be written any more; 404 for who may not write here."""
    require_within(request.user, it.organisation, WRITERS)
    if it.state == ApplicationState.DRAFT or request.method == "POST":
        return None
    messages.error(request, CLOSED)
    return redirect(back)


@require_http_methods(["GET", "POST"])
def item(request, pk):
    """One indicator of the self-assessment."""
    it = get_object_or_404(SelfItem.objects.visible_to(request.user).with_names(), pk=pk)
    back = reverse("demonstration:page", args=[it.application_id])
    if closed := _closed(request, it.application, back):
        return closed
    offered = reading.offered(it, request.user)
    form = ItemForm(request.POST or None, request.FILES or None, item=it, offered=offered)
    if request.method == "POST" and form.is_valid():
        try:
            services.assess(it, by=request.user, **form.given())
        except (Refused, Unacceptable) as refusal:
            explain(form, refusal, of=it)
        else:
            messages.success(request, f"{it.indicator}：已保存。")
            return redirect(f"{back}#item-{it.pk}")
    context = {"item": it, "evidence": it.evidence.all()}
    return shown(request, form, f"自评：{it.indicator}", back, template="item", **context)


@require_http_methods(["GET", "POST"])
def visit(request, pk):
    it = get_object_or_404(Application.objects.visible_to(request.user).with_names(), pk=pk)
    require_within(request.user, it.cycle.organisation, DISTRICT)
    form = VisitForm(
        request.POST or None, request.FILES or None, instance=SiteVisit(application=it), user=request.user,
        unit=it.organisation,
    )  # fmt: skip
    back = reverse("demonstration:page", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            services.register_visit(form.instance, by=request.user, upload=form.upload())
        except (Refused, Unacceptable) as refusal:
            explain(form, refusal)
        else:
            messages.success(request, "已登记现场核查。")
            return redirect(back)
    return shown(
        request, form, "登记现场核查", back, lead=f"{it}。登记以后不能改，再去一次再登记。", button="登记"
    )


@require_http_methods(["GET", "POST"])
def object_to(request, pk):
    """An objection of an office to a candidate, while the notice runs; it gets its code like everybody."""
    today = timezone.localdate()
    notice = get_object_or_404(CandidateNotice.objects.public().with_names().running(today), pk=pk)
    if not request.user.holds(*WRITERS):
        raise Http404
    start = {"token": secrets.token_urlsafe(24)}
    given = {"user": request.user, "candidates": public_reading.candidates(notice), "initial": start}
    form = UnitObjectionForm(request.POST or None, **given)
    if request.method == "POST" and form.is_valid():
        try:
            receipt = objections.file(notice, form.about(), today=today, by=request.user, **form.told())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            context = {"receipt": receipt, "about": form.about()}
            return render(request, f"{FOLDER}/receipt.html", context)
    lead = (
        f"{notice.publication.title}，公示到{notice.until:%Y-%m-%d}。由没有参与评审的人核实，另一个人审定。"
    )
    return shown(request, form, "代表单位提异议", reverse("demonstration:list"), lead=lead, button="提交异议")
