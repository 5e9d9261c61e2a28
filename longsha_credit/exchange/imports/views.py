"""Desk pages of imports: the list, a new one, what was found in a file, its confirmation, tables going out."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longsha_credit.audit.workflow import Refused
from longsha_credit.exchange.flows import FLOW
from longsha_credit.exchange.imports import kinds, lists, services, sheet
from longsha_credit.exchange.imports.forms import PurposeForm, UploadForm
from longsha_credit.exchange.models import Import, Stage
from longsha_credit.exchange.tables import template as templates
from longsha_credit.exchange.tables.wrong import Unreadable
from longsha_credit.files.checks import Unacceptable
from longsha_credit.web.pages import page_of

FAULTS_AT_ONCE = 50
CONFIRMABLE = (Stage.READY, Stage.FAULTY)
RECHECKABLE = (
    Stage.READY,
    Stage.FAULTY,
    Stage.NOTHING,
    Stage.BROKEN,
    Stage.STOPPED,
    Stage.EMPTIED,
)
STEERED = (Stage.BRINGING, Stage.DONE, Stage.UNDOING)  # where there is work to stop or to undo


@require_safe
def import_list(request):
    rows = Import.objects.visible_to(request.user)
    page = page_of(request, lists.filtered(rows, request.GET).with_names())
    context = {
        "page": page,
        "rows": lists.with_labels(page),
        "views": lists.views(rows, request.GET),
        "view": request.GET.get("view", ""),
        "kinds": kinds.for_user(request.user),
    }
    return render(request, "exchange/imports/list.html", context)


def _kind(request, key):
    """The kind, for those who may bring it in; for all others there is no such address."""
    kind = kinds.KINDS.get(key)
    if kind is None or not request.user.holds(*kind.roles):
        raise Http404
    return kind


@require_safe
def choose(request):
    offered = kinds.for_user(request.user)
    if not offered:
        raise Http404
    return render(request, "exchange/imports/choose.html", {"kinds": offered})


@require_http_methods(["GET", "POST"])
def new(request, kind):
    kind = _kind(request, kind)
    form = (kind.form or UploadForm)(
        request.POST or None, request.FILES or None, user=request.user, kind=kind
    )
    if request.method == "POST" and form.is_valid():
        try:
            import_ = services.begin(
                form.cleaned_data["file"],
                kind,
                organisation=form.cleaned_data["organisation"],
                by=request.user,
                given=form.given,
            )
        except Unacceptable as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("imports:page", import_.pk)
    fields = [(field, templates.how(field)) for field in kind.sheet().fields]
    context = {"form": form, "kind": kind, "fields": fields, "list_url": reverse(kind.list_name)}
    return render(request, "exchange/imports/new.html", context, status=422 if form.is_bound else 200)


@require_safe
def template(request, kind):
    """The workbook to fill in."""
    kind = _kind(request, kind)
    more = {"lists": sheet.drop_downs(kind, request.user), **kind.prepared(request.user, request.GET)}
    file = templates.workbook(kind.sheet(), **more)
    return FileResponse(file, as_attachment=True, filename=f"{kind.label}导入模板.xlsx")


def _import(request, pk):
    return get_object_or_404(Import.objects.visible_to(request.user).with_names(), pk=pk)


@require_safe
def page(request, pk):
    import_ = _import(request, pk)
    reads = Import.objects.visible_to(request.user).contents_for(request.user).filter(pk=import_.pk).exists()
    found = lists.Faults(import_, request.GET.get("field", ""))
    own = import_.by_id == request.user.pk
    job, kind = import_.bring_job, kinds.KINDS.get(import_.kind)
    context = {
        "import": import_,
        "stage": import_.stage,
        "kind": kind,
        "reads": reads,
        "beside": kind.beside(import_) if kind and reads else [],
        "found": found,
        "faults": page_of(request, found, FAULTS_AT_ONCE) if reads and import_.faulty else None,
        "earlier": services.earlier(import_, request.user),
        "emptied_on": services.emptied_on(import_),
        "can_confirm": own and import_.stage in CONFIRMABLE and import_.good,
        "can_recheck": own and import_.stage in RECHECKABLE,
        "offers": FLOW.available(job, request.user, url=lambda step: reverse("jobs:step", args=[job.pk, step]))
        if job and import_.stage in STEERED else [],
        "front": reverse("front"),
    }  # fmt: skip
    return render(request, "exchange/imports/page.html", context)


@require_POST
def confirm(request, pk):
    try:
        services.confirm(_import(request, pk), by=request.user, skip=request.POST.get("how") == "skip")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("imports:page", pk)


@require_POST
def recheck(request, pk):
    try:
        services.recheck(_import(request, pk), by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("imports:page", pk)


@require_safe
def annotated(request, pk):
    """The file given back with every fault beside its cell."""
    user = request.user
    import_ = get_object_or_404(Import.objects.visible_to(user).contents_for(user).with_names(), pk=pk)
    try:
        file = sheet.annotated(import_)
    except (Unreadable, KeyError):
        messages.error(request, "标注文件做不出来：原文件已经不能读，或者这种导入已经停用。请重新上传。")
        return redirect("imports:page", pk)
    return FileResponse(
        file, as_attachment=True, filename=f"{import_.file.name.rsplit('.', 1)[0]}-要改的地方.xlsx"
    )


@require_http_methods(["GET", "POST"])
def export(request, kind):
    """What a list shows at the same address, in the columns in which it can be brought in again.

    Rows about people are taken out for a purpose, which is asked first and stands in the entry and in the table.
    """
    kind, user = _kind(request, kind), request.user
    asked = PurposeForm(request.POST if request.method == "POST" else None)
    if kind.asks_purpose and not asked.is_valid():
        status = 422 if asked.is_bound else 200
        return render(request, "exchange/imports/purpose.html", {"kind": kind, "form": asked}, status=status)
    purpose = asked.cleaned_data["purpose"] if kind.asks_purpose else ""
    form = request.GET.get("format", "xlsx")
    rows = kind.export(user, request.GET)
    number = rows.order_by().count()
    if number > sheet.MOST or form not in ("csv", "xlsx"):
        messages.error(request, f"一次最多导出{sheet.MOST}行，格式是 csv 或 xlsx。请先缩小范围再导出。")
        return redirect(kind.list_name)
    services.note_export(user, kind, number=number, query=purpose or request.GET.urlencode())
    return sheet.download(kind, form, rows, user=user, number=number, purpose=purpose)
