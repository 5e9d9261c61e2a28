"""Desk pages of integrity records: list, one record with its steps, its forms, the catalogue, the files."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longsha_credit.audit import stepping
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange import sheets
from longsha_credit.exchange.imports import services as imports
from longsha_credit.files.checks import Unacceptable
from longsha_credit.publication.drafts import explain, stamp_of
from longsha_credit.web.pages import page_of
from records import checks, dossier, lists, reading, services, sheet
from records.flows import FLOW, NOTICE, OBJECTION, REPAIR
from records.forms import FilterForm, ItemForm, ObjectionForm, RecordForm, RepairForm, WhyForm
from records.models import CONFIRMERS, FILERS, CatalogueItem, Notice, Objection, Record, Repair
from records.step_forms import STEP_FORMS, RecordStepForm

OWN_PURPOSE = "本人查阅"


@require_safe
def record_list(request):
    user = request.user
    rows = lists.records_of(user)
    found = lists.filtered(rows, request.GET, user)
    context = {
        "page": page_of(request, found),
        "views": lists.views(lists.narrowed(rows, request.GET, user), request.GET, user),
        "statistics": lists.statistics(found),
        "form": FilterForm(request.GET),
        "narrowed": any(request.GET.get(name) for name in FilterForm.base_fields),
        "view": request.GET.get("view", ""),
        "can_write": user.holds(*FILERS),
        "own_file": user.official_id,
        "of_import": imports.asked(request.GET),
        "issues_opinions": user.holds(*CONFIRMERS),
    }
    for it in context["page"]:
        it.shown_subject = checks.subject_of(it)
    return render(request, "records/list.html", context)


@require_safe
def export(request):
    """The filtered list as CSV or XLSX; too long a list is sent back to be narrowed."""
    user, kind = request.user, request.GET.get("format", "csv")
    rows = lists.filtered(lists.records_of(user), request.GET, user)
    number = rows.order_by().count()
    if number > sheets.MOST or kind not in sheets.KINDS:
        messages.error(request, f"一次最多导出{sheets.MOST}条，格式是 csv 或 xlsx，请先缩小范围再导出。")
        return redirect("records:list")
    services.note_export(user, number=number, query=request.GET.urlencode())
    return sheets.download(kind, "诚信记录", sheet.COLUMNS, sheet.lines(rows), user=user, number=number)


@require_safe
def page(request, pk):
    it = services.open_record(request.user, pk)
    return _show(request, it)


def _show(request, it, revealed="", why=None, status=200):
    context = reading.context(it, request.user, revealed) | {"why": why or WhyForm()}
    return render(request, "records/page.html", context, status=status)


@require_POST
def reveal(request, pk):
    """The page with the name on it, once; the reason stands in an entry."""
    it = services.open_record(request.user, pk)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _show(request, it, why=form, status=422)
    try:
        name = services.reveal(it, by=request.user, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("records:page", pk)
    return _show(request, it, revealed=name)


@require_http_methods(["GET", "POST"])
def new(request):
    if not request.user.holds(*FILERS):
        raise Http404
    item = _item_asked_for(request)
    if item is None:
        return _pick(request, "填报诚信记录")
    form = _form(request, Record(item=item), **reading.start(request.user, item))
    return _edit(request, form, f"填报{item.get_kind_display()}记录")


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    it = services.open_record(request.user, pk)
    if closed := _closed(request, it, it.state in services.EDITABLE):
        return closed
    if "pick" in request.GET and request.method == "GET":
        return _pick(request, "换一个事项", it)
    it.item = _item_asked_for(request) or it.item
    return _edit(request, _form(request, it, it.files.all()), "修改记录草稿")


@require_http_methods(["GET", "POST"])
def correct(request, pk):
    old = services.open_record(request.user, pk)
    standing = reading.rights(old, request.user, timezone.localdate())["can_correct"]
    if closed := _closed(request, old, standing):
        return closed
    return _edit(request, _form(request, services.new_correction(old), old.files.all()), "更正记录")


def _closed(request, it, is_open):
    """The way back when a form makes no sense to open; what was typed goes on to the service's own refusal."""
    require_within(request.user, it.organisation, FILERS)
    if is_open or request.method == "POST":
        return None
    messages.error(request, f"现在是“{it.get_state_display()}”，或已有一份更正在办理，不能这样改。")
    return redirect("records:page", it.pk)


def _item_asked_for(request):
    """The item in use that ?item= names, or None."""
    code = request.GET.get("item", "").replace("\x00", "")[:8]
    return CatalogueItem.objects.visible_to(request.user).in_use().filter(code=code).first() if code else None


def _pick(request, heading, it=None):
    items = CatalogueItem.objects.visible_to(request.user).in_use()
    context = {"heading": heading, "it": it, "groups": lists.grouped(list(items))}
    return render(request, "records/pick.html", context)


def _form(request, it, existing=(), **initial):
    """The form over a draft with its files; it carries along which saved version the writer started from."""
    return RecordForm(
        request.POST or None,
        request.FILES or None,
        instance=it,
        user=request.user,
        existing=existing,
        initial={"seen": stamp_of(it), **initial},
    )


def _edit(request, form, heading):
    """Show the form, or save it and go to the record; what the service refuses stands above the input."""
    it, pk = form.instance, form.instance.pk
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_draft(
                it, by=request.user, upload=form.upload(), seen=form.cleaned_data.get("seen", "")
            )
        except (Refused, Unacceptable) as refusal:
            it.pk = pk  # nothing was saved
            explain(form, refusal)
        else:
            messages.success(request, "草稿已保存，还没有提交核实。核对后点“提交核实”。")
            return redirect("records:page", saved.pk)
    context = {
        "heading": heading,
        "form": form,
        "it": it,
        "item": form.item,
        "flagged": reading.flagged_lines(it),
    }
    return render(request, "records/edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    it = services.open_record(request.user, pk)
    return _take(request, FLOW, it, step, it)


@require_http_methods(["GET", "POST"])
def take_notice_step(request, pk, step):
    notice = get_object_or_404(Notice.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, NOTICE, notice, step, services.open_record(request.user, notice.record_id))


@require_http_methods(["GET", "POST"])
def take_objection_step(request, pk, step):
    objection = get_object_or_404(Objection.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, OBJECTION, objection, step, services.open_record(request.user, objection.record_id))


@require_http_methods(["GET", "POST"])
def take_repair_step(request, pk, step):
    repair = get_object_or_404(Repair.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, REPAIR, repair, step, services.open_record(request.user, repair.record_id))


def _take(request, flow, obj, name, it):
    return stepping.take(
        request,
        flow,
        obj,
        name,
        template="records/step.html",
        back=reverse("records:page", args=[it.pk]),
        form_class=STEP_FORMS.get((flow.name, name), RecordStepForm),
        form_kwargs={"it": it},
        context={
            "it": it,
            **reading.names_on(it, request.user),
            **reading.asked_texts(obj, it, request.user),
        },
        follows=reading.what_follows(flow, name, obj),
        after=lambda: reading.after_step(request.user, it),
    )


@require_http_methods(["GET", "POST"])
def object_to(request, pk):
    it = services.open_record(request.user, pk)
    form = ObjectionForm(request.POST or None, request.FILES or None)
    return _ask(request, it, form, services.object_to, "objection_refusal", "提出异议", ("wanted", "reason"))


@require_http_methods(["GET", "POST"])
def ask_repair(request, pk):
    it = services.open_record(request.user, pk)
    form = RepairForm(request.POST or None, request.FILES or None)
    return _ask(
        request, it, form, services.ask_repair, "repair_refusal", "申请信用修复", ("reason", "letter")
    )


def _ask(request, it, form, file, refusal_name, heading, names):
    """What the subject of a record asks for; nobody else has this page."""
    rights = reading.rights(it, request.user, timezone.localdate())
    if not rights["is_subject"]:
        raise Http404
    if rights[refusal_name]:
        messages.error(request, rights[refusal_name])
        return redirect("records:page", it.pk)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in names}
        try:
            asked = file(it, by=request.user, today=timezone.localdate(), upload=form.upload(), **given)
        except (Refused, Unacceptable) as refusal:
            explain(form, refusal)
        else:
            messages.success(request, f"已提出，编号{asked.number}。{reading.ASKED[type(asked)]}")
            return redirect("records:page", it.pk)
    context = {"form": form, "it": it, "heading": heading, **reading.names_on(it, request.user)}
    return render(request, "records/ask.html", context, status=422 if request.method == "POST" else 200)


@require_safe
def objection_letter(request, pk):
    objection = services.decided_request(request.user, Objection, pk)
    return render(request, "records/letter.html", reading.letter(objection, request.user))


@require_safe
def repair_letter(request, pk):
    repair = services.decided_request(request.user, Repair, pk)
    return render(request, "records/letter.html", reading.letter(repair, request.user))


@require_safe
def catalogue(request):
    items = lists.catalogue(request.user)
    context = {"groups": lists.grouped(items), "can_keep": request.user.holds(*services.KEEPERS)}
    return render(request, "records/catalogue.html", context)


@require_http_methods(["GET", "POST"])
def new_item(request):
    return _keep(request, CatalogueItem(), "新增清单事项")


@require_http_methods(["GET", "POST"])
def edit_item(request, pk):
    item = get_object_or_404(CatalogueItem.objects.visible_to(request.user), pk=pk)
    return _keep(request, item, "修改清单事项")


def _keep(request, item, heading):
    if not request.user.holds(*services.KEEPERS):
        raise Http404
    pk = item.pk
    form = ItemForm(request.POST or None, instance=item, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_item(item, by=request.user)
        except Refused as refusal:
            item.pk = pk
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{saved}已保存为第{saved.version}版，新填报的记录按这一版。")
            return redirect("records:catalogue")
    context = {"form": form, "item": item, "heading": heading}
    return render(request, "records/item.html", context, status=422 if form.is_bound else 200)


@require_safe
def unit_file(request, pk):
    unit = get_object_or_404(
        Organisation.objects.visible_to(request.user).where(request.user, SEES_WORK), pk=pk
    )
    rows = list(lists.records_of(request.user).filter(organisation=unit, official=None))
    context = {
        "name": unit.name,
        "unit": unit,
        "groups": lists.by_dimension_and_year(rows),
        "total": len(rows),
    }
    return render(request, "records/file.html", context)


@require_http_methods(["GET", "POST"])
def official_file(request, pk):
    """First the purpose, then the file; the official opens the own one without."""
    official, user = dossier.official_to_open(request.user, pk), request.user
    own = user.official_id == official.pk
    form = WhyForm(request.POST or None)
    if not own and not (request.method == "POST" and form.is_valid()):
        return _purpose(request, official, form)
    purpose = OWN_PURPOSE if own else form.cleaned_data["reason"]
    rows = list(dossier.read(official, by=user, purpose=purpose))
    context = {"official": official, "unit": official.organisation, "name": official.name}
    context["form"] = WhyForm(initial={"reason": purpose})
    context |= {"groups": lists.by_dimension_and_year(rows), "total": len(rows)}
    return render(request, "records/file.html", context)


@require_POST
def official_export(request, pk):
    """An official's file as a table, for a purpose that stands in it and in an entry."""
    official, user = dossier.official_to_open(request.user, pk), request.user
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _purpose(request, official, form, "导出")
    purpose = form.cleaned_data["reason"]
    rows = dossier.take_out(official, by=user, purpose=purpose)
    lines = sheet.lines(rows.order_by("-decided_on", "-id"), official.name)
    marks = {"user": user, "number": rows.count(), "purpose": purpose}
    return sheets.download("xlsx", f"诚信档案-{official.staff_number}", sheet.COLUMNS, lines, **marks)


def _purpose(request, official, form, verb="查阅"):
    context = {"official": official, "unit": official.organisation, "form": form, "verb": verb}
    context["name"] = checks.masked(official.name)
    return render(request, "records/purpose.html", context, status=422 if form.is_bound else 200)
