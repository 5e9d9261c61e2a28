"""Desk pages of the ledger: list, one item with its steps and forms, its documents, the board of the sweep."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from commitments.models import (
    Case,
    Obligation,
    Postponement,
    Rectification,
    RectificationProgress,
    RectificationSheet,
    RectificationSlip,
    Sweep,
)
from commitments.rectification import checks, lists, papers, reading, services, sheet
from commitments.rectification.flows import FLOW, POSTPONEMENT, PROGRESS, SHEET, SUPERIORS, SWEEP
from commitments.rectification.forms import (
    STEP_FORMS,
    ClosingForm,
    ClueForm,
    FilterForm,
    LedgerStepForm,
    PlanForm,
    PostponeForm,
    ProgressForm,
    SheetForm,
    SlipForm,
)
from commitments.rectification.services import HANDLES
from longsha_credit.audit import stepping
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange import documents, sheets
from longsha_credit.exchange.official import services as official
from longsha_credit.files.checks import Unacceptable
from longsha_credit.programme.models import Finding
from longsha_credit.publication.drafts import explain, stamp_of
from longsha_credit.publication.gate import WRITERS
from longsha_credit.web.pages import page_of

LIST, PAGE = "rectification:list", "rectification:page"


def _item(request, pk):
    return get_object_or_404(Rectification.objects.visible_to(request.user).with_names(), pk=pk)


def _today():
    return timezone.localdate()


@require_safe
def ledger(request):
    user = request.user
    rows = lists.items_of(user)
    found = lists.filtered(rows, request.GET, user)
    context = {
        "page": page_of(request, found),
        "views": lists.views(lists.narrowed(rows, request.GET), request.GET, user),
        "form": FilterForm(request.GET),
        "narrowed": any(request.GET.get(name) for name in FilterForm.base_fields),
        "view": request.GET.get("view", ""),
        "can_write": user.holds(*HANDLES),
        "today": _today(),
    }
    return render(request, "commitments/rectification/list.html", context)


@require_safe
def export(request):
    """The filtered list as CSV or XLSX; too long a list is sent back to be narrowed."""
    user, kind = request.user, request.GET.get("format", "csv")
    rows = lists.filtered(lists.items_of(user), request.GET, user)
    number = rows.order_by().count()
    if number > sheets.MOST or kind not in sheets.KINDS:
        messages.error(request, f"一次最多导出{sheets.MOST}条，格式是 csv 或 xlsx，请先缩小范围再导出。")
        return redirect(LIST)
    services.note_export(user, number=number, query=request.GET.urlencode())
    return sheets.download(kind, "失信治理台账", sheet.COLUMNS, sheet.lines(rows), user=user, number=number)


@require_safe
def page(request, pk):
    item = _item(request, pk)
    context = reading.context(item, request.user) | {"today": _today()}
    return render(request, "commitments/rectification/page.html", context)


@require_http_methods(["GET", "POST"])
def new(request):
    if not request.user.holds(*HANDLES):
        raise Http404
    return _clue(request, Rectification(found_on=_today()), "登记线索")


@require_http_methods(["GET", "POST"])
def from_obligation(request, pk):
    promise = get_object_or_404(Obligation.objects.visible_to(request.user).with_names(), pk=pk)
    return _prefilled(request, checks.new_from_obligation, promise, promise.organisation)


@require_http_methods(["GET", "POST"])
def from_case(request, pk):
    case = get_object_or_404(Case.objects.visible_to(request.user).with_names(), pk=pk)
    return _prefilled(request, checks.new_from_case, case, case.organisation)


@require_http_methods(["GET", "POST"])
def from_sweep(request, pk):
    sweep = get_object_or_404(Sweep.objects.visible_to(request.user).with_names(), pk=pk)
    require_within(request.user, sweep.organisation, WRITERS)
    return _prefilled(request, checks.new_from_sweep, sweep, sweep.organisation)


@require_http_methods(["GET", "POST"])
def from_finding(request, pk):
    found = get_object_or_404(Finding.objects.visible_to(request.user).with_names(), pk=pk)
    return _prefilled(request, checks.new_from_finding, found, found.organisation)


def _prefilled(request, start, source, place):
    """A clue with what its source knows; where it makes no sense, the way back with the reason."""
    require_within(request.user, place, HANDLES)
    try:
        item = start(source, today=_today())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(LIST)
    return _clue(request, item, "登记线索")


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    item = _item(request, pk)
    if not reading.may_correct(item, request.user):
        raise Http404
    return _closed(request, item, "edit") or _clue(request, item, "修改登记")


def _clue(request, item, heading):
    form = _form(request, ClueForm, item)
    return _save(
        request, form, services.save_clue, heading, "clue", "已登记，编号{0.number}。", today=_today()
    )


@require_http_methods(["GET", "POST"])
def plan(request, pk):
    item = _writable(request, pk)
    if closed := _closed(request, item, "plan"):
        return closed
    form = _form(request, PlanForm, item)
    return _save(
        request, form, services.save_plan, "整改方案", "plan", "方案已保存，核对后点“报送整改方案”。"
    )


@require_http_methods(["GET", "POST"])
def closing(request, pk):
    item = _writable(request, pk)
    if closed := _closed(request, item, "closing"):
        return closed
    form = _form(request, ClosingForm, item, existing=item.files.all())
    told = "销号材料已保存，核对后点“申请销号”。"
    return _save(request, form, services.save_closing, "销号材料", "closing", told, paper=True)


@require_http_methods(["GET", "POST"])
def tell(request, pk):
    item = _writable(request, pk)
    if closed := _closed(request, item, "progress"):
        return closed
    told = RectificationProgress(rectification=item, organisation=item.organisation, as_of=_today())
    return _progress(request, told, (), "记进展")


@require_http_methods(["GET", "POST"])
def edit_progress(request, pk):
    told = get_object_or_404(RectificationProgress.objects.visible_to(request.user).with_names(), pk=pk)
    require_within(request.user, told.organisation, WRITERS)
    return _progress(request, told, told.files.all(), "修改进展")


def _progress(request, told, existing, heading):
    form = _form(request, ProgressForm, told, existing=existing)
    saved = "进展已记录；要公开的，再点“提交审查”。"
    return _save(request, form, services.save_progress, heading, "progress", saved, settled=True)


@require_http_methods(["GET", "POST"])
def show(request, pk):
    item = _item(request, pk)
    require_within(request.user, item.organisation, SUPERIORS | WRITERS)
    if item.state in (*services.EARLY, "unfounded") and request.method == "GET":
        messages.error(request, "核实属实以后才起草公开稿。")
        return redirect(PAGE, pk)
    return _sheet(request, services.new_sheet(item), "起草公开稿")


@require_http_methods(["GET", "POST"])
def edit_sheet(request, pk):
    text = get_object_or_404(RectificationSheet.objects.visible_to(request.user).with_names(), pk=pk)
    require_within(request.user, text.organisation, SUPERIORS | WRITERS)
    return _sheet(request, text, "修改公开稿")


def _sheet(request, text, heading):
    form = _form(request, SheetForm, text)
    saved = "公开稿已保存，还没有公开。核对后点“提交审查”。"
    return _save(request, form, services.save_sheet, heading, "sheet", saved)


def _writable(request, pk):
    item = _item(request, pk)
    require_within(request.user, item.organisation, WRITERS)
    return item


def _closed(request, item, name):
    """The way back when a form makes no sense to open; what was typed goes on to the service's own refusal."""
    refusal = reading.closed_form(item, name)
    if refusal is None or request.method == "POST":
        return None
    messages.error(request, refusal)
    return redirect(PAGE, item.pk)


def _form(request, form_class, instance, **more):
    """The form over a row; it carries along which saved version the writer started from."""
    return form_class(
        request.POST or None,
        request.FILES or None,
        instance=instance,
        user=request.user,
        initial={"seen": stamp_of(instance)},
        **more,
    )


def _save(request, form, save, heading, name, told, *, paper=False, settled=False, **given):
    """Show the form, or save it and go to the item; what the service refuses stands above the input."""
    obj, pk = form.instance, form.instance.pk
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        given |= {"upload": form.upload()} if hasattr(form, "upload") else {}
        given |= {"holders_paper": data.get("holders_paper")} if paper else {}
        given |= {"settled": data.get("settled")} if settled else {}
        try:
            saved = save(obj, by=request.user, seen=data.get("seen", ""), **given)
        except (Refused, Unacceptable) as refusal:
            obj.pk = pk  # nothing was saved
            explain(form, refusal)
        else:
            messages.success(request, told.format(saved))
            return redirect(PAGE, getattr(saved, "rectification_id", saved.pk))
    context = {"form": form, "heading": heading, "item": getattr(obj, "rectification", obj), "name": name}
    status = 422 if form.is_bound else 200
    return render(request, "commitments/rectification/edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    item = _item(request, pk)
    return _take(request, FLOW, item, step, PAGE, item)


@require_http_methods(["GET", "POST"])
def take_progress_step(request, pk, step):
    told = get_object_or_404(RectificationProgress.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, PROGRESS, told, step, PAGE, told.rectification)


@require_http_methods(["GET", "POST"])
def take_sheet_step(request, pk, step):
    text = get_object_or_404(RectificationSheet.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, SHEET, text, step, PAGE, text.rectification)


@require_http_methods(["GET", "POST"])
def take_postponement_step(request, pk, step):
    asked = get_object_or_404(Postponement.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, POSTPONEMENT, asked, step, PAGE, asked.rectification)


@require_http_methods(["GET", "POST"])
def take_sweep_step(request, pk, step):
    sweep = get_object_or_404(Sweep.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, SWEEP, sweep, step, "rectification:sweep", sweep)


def _take(request, flow, obj, name, back, whose):
    return stepping.take(
        request,
        flow,
        obj,
        name,
        template="commitments/rectification/step.html",
        back=reverse(back, args=[whose.pk]),
        form_class=STEP_FORMS.get((flow.name, name), LedgerStepForm),
        context={"back": back, "whose": whose},
        follows=reading.WHAT_FOLLOWS.get(name, ""),
    )


@require_http_methods(["GET", "POST"])
def new_slip(request, pk):
    item = _item(request, pk)
    if not reading.may_write_to(item, request.user):
        raise Http404
    if closed := _closed(request, item, "slip"):
        return closed
    form = SlipForm(request.POST or None, initial=reading.slip_of(item, request.user))
    if request.method == "POST" and form.is_valid():
        try:
            slip = services.issue_slip(item, by=request.user, today=_today(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{slip}已发出，责任单位在台账里可以看到。")
            return redirect("rectification:slip", slip.pk)
    context = {"form": form, "heading": "发督办文书", "item": item, "name": "slip"}
    status = 422 if form.is_bound else 200
    return render(request, "commitments/rectification/edit.html", context, status=status)


@require_safe
def slip(request, pk):
    found = get_object_or_404(RectificationSlip.objects.visible_to(request.user).with_names(), pk=pk)
    context = {"slip": found, "item": found.rectification, "paper": papers.paper_of(found)}
    return render(request, "commitments/rectification/slip.html", context)


@require_safe
def slip_word(request, pk):
    """The document as a Word file, to be sealed and sent."""
    found = get_object_or_404(RectificationSlip.objects.visible_to(request.user).with_names(), pk=pk)
    response = HttpResponse(official.word_now(found), content_type=documents.DOCX)
    response["Content-Disposition"] = content_disposition_header(True, f"{found}.docx")
    return response


@require_http_methods(["GET", "POST"])
def postpone(request, pk):
    item = _writable(request, pk)
    if (refusal := checks.postponement_refusal(item, _today())) and request.method == "GET":
        messages.error(request, refusal)
        return redirect(PAGE, pk)
    form = PostponeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_postponement(item, by=request.user, today=_today(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "延期申请已报上级，批准以前原期限照算。")
            return redirect(PAGE, pk)
    context = {"form": form, "heading": "申请延期", "item": item, "name": "postpone"}
    status = 422 if form.is_bound else 200
    return render(request, "commitments/rectification/edit.html", context, status=status)


@require_safe
def sweeps(request):
    """Who has reported for a quarter, who has not, and what was found."""
    user = request.user
    quarters = lists.quarters(user)
    wanted = lists.quarter_of(request.GET.get("quarter", ""), quarters)
    rows = lists.board(user, *wanted) if wanted else []
    context = {
        "quarters": [(f"{y}-{q}", f"{y}年第{q}季度", (y, q) == wanted) for y, q in quarters],
        "rows": rows,
        "reported": sum(row.state == "reported" for row in rows),
        "zero": sum(row.zero is True for row in rows),
        "found": sum(row.found for row in rows),
        "today": _today(),
    }
    return render(request, "commitments/rectification/sweeps.html", context)


@require_safe
def sweep(request, pk):
    found = get_object_or_404(Sweep.objects.visible_to(request.user).with_names(), pk=pk)
    context = reading.sweep_context(found, request.user) | {"today": _today()}
    return render(request, "commitments/rectification/sweep.html", context)
