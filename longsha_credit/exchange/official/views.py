"""Desk pages of official documents: what was issued, a draft before it is, the unit's words, the office's templates."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from longsha_credit.audit import stepping
from longsha_credit.audit.history import timeline
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange import sheets
from longsha_credit.exchange.documents import DOCX
from longsha_credit.exchange.models import DocumentTemplate, IssuedDocument
from longsha_credit.exchange.models.templates import KEEPERS
from longsha_credit.exchange.official import kinds, lists, services, word
from longsha_credit.exchange.official.flows import FLOW
from longsha_credit.exchange.official.forms import FilterForm, IssueForm, TemplateForm, WordForm
from longsha_credit.files import services as files
from longsha_credit.web.pages import page_of

FOLDER = "exchange/official"


def _download(data, name):
    response = HttpResponse(data, content_type=DOCX)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.docx")
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def document_list(request):
    user = request.user
    rows = lists.filtered(IssuedDocument.objects.visible_to(user), request.GET).with_names()
    page = page_of(request, rows)
    context = {
        "page": page,
        "rows": [(it, kinds.label_of(it.kind)) for it in page],
        "form": FilterForm(request.GET),
        "narrowed": any(request.GET.get(name) for name in FilterForm.base_fields),
        "sets_words": user.holds(*lists.SETS_WORDS),
        "keeps_templates": user.holds(*KEEPERS),
    }
    return render(request, f"{FOLDER}/list.html", context)


@require_safe
def export(request):
    """The filtered list as CSV or XLSX; too long a list is sent back to be narrowed."""
    user, kind = request.user, request.GET.get("format", "csv")
    rows = lists.filtered(IssuedDocument.objects.visible_to(user), request.GET)
    number = rows.order_by().count()
    if number > sheets.MOST or kind not in sheets.KINDS:
        messages.error(request, f"一次最多导出{sheets.MOST}条，格式是 csv 或 xlsx，请先缩小范围再导出。")
        return redirect("documents:list")
    services.note_export(user, number=number, query=request.GET.urlencode())
    return sheets.download(kind, "文书", lists.COLUMNS, lists.lines(rows), user=user, number=number)


@require_safe
def page(request, pk):
    issued, kind, thing = services.open_issued(request.user, pk)
    context = {
        "it": issued,
        "kind": kind,
        "thing": thing,
        "thing_url": kind.url(thing),
        "paper": services.kept_paper(issued),
        "entries": timeline([issued]),
    }
    return render(request, f"{FOLDER}/page.html", context)


@require_safe
def file(request, pk):
    """The document as it was issued, byte for byte."""
    issued, _, _ = services.open_issued(request.user, pk)
    return files.send(request, issued.file)


@require_safe
def draft(request, kind, pk):
    it, thing = services.thing_of(request.user, kind, pk)
    standing = services.newest(it, thing)
    context = {
        "kind": it,
        "thing": thing,
        "thing_url": it.url(thing),
        "paper": services.draft(it, thing),
        "standing": standing,
        "may_issue": services.may_issue(it, thing, request.user),
        "refusal": services.refusal(it, thing),
        "template": services.template_of(it, it.unit(thing)),
    }
    return render(request, f"{FOLDER}/draft.html", context)


@require_safe
def draft_word(request, kind, pk):
    it, thing = services.thing_of(request.user, kind, pk)
    name = "" if it.quiet(thing) else str(thing)[:80]
    return _download(services.draft_word(it, thing), f"{it.label}（{services.UNNUMBERED}）{name}")


@require_http_methods(["GET", "POST"])
def issue(request, kind, pk):
    it, thing = services.thing_of(request.user, kind, pk)
    require_within(request.user, it.unit(thing), it.roles)
    back, standing = reverse("documents:draft", args=[kind, pk]), services.newest(it, thing)
    if request.method == "GET" and (refusal := services.refusal(it, thing)):
        messages.error(request, refusal)
        return redirect(back)
    initial = {"seen": standing.pk if standing else None}
    form = IssueForm(request.POST or None, again=standing is not None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            issued = services.issue(
                it, thing, by=request.user, today=timezone.localdate(), **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已出具{issued.number}。文件已经存下，不再改动。")
            return redirect("documents:page", issued.pk)
    context = {"kind": it, "thing": thing, "form": form, "back": back, "standing": standing}
    return render(request, f"{FOLDER}/issue.html", context, status=422 if form.is_bound else 200)


@require_safe
def words(request):
    if not request.user.holds(*lists.SETS_WORDS):
        raise Http404
    return render(request, f"{FOLDER}/words.html", {"units": lists.words(request.user)})


@require_http_methods(["GET", "POST"])
def set_word(request, pk, kind):
    unit = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    it = _kind(kind)
    require_within(request.user, unit, lists.SETS_WORDS)
    row = services.word_of(it, unit)
    form = WordForm(request.POST or None, initial={"wanted": row.word, "head": row.head})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_word(it, unit, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error("wanted", str(refused))
        else:
            messages.success(request, f"{it.label}的发文代字已设定；已经出具的不变，序号接着编。")
            return redirect("documents:words")
    context = {"kind": it, "unit": unit, "form": form, "default": services.default_word(it, unit)}
    return render(request, f"{FOLDER}/word.html", context, status=422 if form.is_bound else 200)


def _kind(key):
    if key not in kinds.KINDS:
        raise Http404
    return kinds.KINDS[key]


def _keeper(request):
    """The unit whose templates the reader keeps; nobody else has these pages."""
    kept = (m.organisation for m in request.user.current_memberships if m.role in KEEPERS)
    unit = next(kept, None)
    if unit is None:
        raise Http404
    return unit


@require_safe
def template_list(request):
    _keeper(request)
    return render(request, f"{FOLDER}/templates.html", {"rows": lists.templates(request.user)})


@require_safe
def template_kind(request, kind):
    _keeper(request)
    it = _kind(kind)
    rows = DocumentTemplate.objects.visible_to(request.user).with_names().filter(kind=kind)
    return render(request, f"{FOLDER}/kind.html", {"kind": it, "versions": rows})


@require_safe
def ours(request, kind):
    """Our own layout with the fields in it, to be changed in Word."""
    _keeper(request)
    it = _kind(kind)
    return _download(word.starting_point(it), f"{it.label}模板")


@require_http_methods(["GET", "POST"])
def upload(request, kind):
    """A dry run: what is wrong is listed and nothing is kept; a good one is kept and waits for a second person."""
    unit, it = _keeper(request), _kind(kind)
    form, trial = TemplateForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        trial = word.try_out(it, given["file"].read())
        given["file"].seek(0)
        if trial.is_good:
            try:
                row = services.add_template(
                    it, unit, upload=given["file"], note=given["note"], by=request.user
                )
            except (Refused, word.Unusable) as refused:
                form.add_error("file", str(refused))
            else:
                messages.success(request, "试填通过，已存为新的一版。下载试填的样子看一看，由另一个人启用。")
                return redirect("documents:template", row.pk)
    context = {"kind": it, "form": form, "trial": trial}
    return render(request, f"{FOLDER}/upload.html", context, status=422 if form.is_bound else 200)


def _template(request, pk):
    return get_object_or_404(DocumentTemplate.objects.visible_to(request.user).with_names(), pk=pk)


@require_safe
def template(request, pk):
    row = _template(request, pk)
    context = {
        "row": row,
        "kind": _kind(row.kind),
        "offers": FLOW.available(
            row, request.user, url=lambda step: reverse("documents:template_step", args=[pk, step])
        ),
        "entries": timeline([row]),
    }
    return render(request, f"{FOLDER}/template.html", context)


@require_safe
def template_file(request, pk):
    return files.send(request, _template(request, pk).file)


@require_safe
def trial(request, pk):
    """The template filled with example values."""
    row = _template(request, pk)
    it = _kind(row.kind)
    try:
        data = word.render(row.file.file.read(), it.example)
    except word.Unusable as problem:
        messages.error(request, str(problem))
        return redirect("documents:template", pk)
    return _download(data, f"{it.label}（{row}试填，举例）")


@require_http_methods(["GET", "POST"])
def template_step(request, pk, step):
    back = reverse("documents:template", args=[pk])
    return stepping.take(
        request,
        FLOW,
        _template(request, pk),
        step,
        template=f"{FOLDER}/step.html",
        back=back,
        context={"back": back},
    )
