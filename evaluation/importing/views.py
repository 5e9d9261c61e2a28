"""Desk pages of imported facts: list, one fact with its corrections, one typed, one corrected, a file brought in."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.importing import fields, lists, services
from evaluation.importing.forms import ConfirmForm, CorrectionForm, FactForm, ImportForm
from evaluation.importing.resources import template
from evaluation.importing.services import KEEPERS, PURPOSE, TABLE, Origin
from evaluation.metrics.imported import IMPORTABLE
from evaluation.models import ImportedFact
from longsha_credit.audit.history import timeline
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.exchange import sheets as tables
from longsha_credit.exchange.tables import reading, writing
from longsha_credit.exchange.tables.looks import XLSX
from longsha_credit.exchange.tables.wrong import Unreadable
from longsha_credit.files.checks import Unacceptable
from longsha_credit.web.pages import page_of

FOLDER = "evaluation/importing"
PURPOSES = {"table": TABLE, "document": PURPOSE}
DONE = "已导入{made}条，其中更正{corrected}条；{same}条和已经导入的一样，没有动。"


def _keeper(request):
    """Who brings facts in: the district's office; for all others there is no such address."""
    if not request.user.holds(*KEEPERS):
        raise Http404
    return request.user


def _year_of(request):
    """The year a page is about, of those the user may read."""
    found = lists.years(request.user)
    return lists.chosen_year(found, request.GET.get("year"), timezone.localdate()), found


@require_safe
def facts(request):
    year, years = _year_of(request)
    rows = ImportedFact.objects.visible_to(request.user).filter(year=year)
    page = page_of(request, lists.facts(rows, request.GET))
    lists.named(page)
    context = {
        "year": year,
        "years": years,
        "page": page,
        "views": lists.VIEWS,
        "items": IMPORTABLE.values(),
        "levels": lists.LEVELS,
        "filtered": any(request.GET.get(name) for name in ("q", "metric", "level", "view")),
        "can_keep": request.user.holds(*KEEPERS),
        "lacking": lists.lacking(request.user, year) if year and request.user.holds(*KEEPERS) else [],
    }
    return render(request, f"{FOLDER}/list.html", context)


@require_safe
def page(request, pk):
    fact = get_object_or_404(ImportedFact.objects.visible_to(request.user).with_names(), pk=pk)
    found = lists.history(fact, ImportedFact.objects.visible_to(request.user))
    readable = set(services.readable_documents(request.user).values_list("pk", flat=True).filter(
        pk__in=[row.document_id for row in found]
    ))  # fmt: skip
    context = {
        "fact": next(row for row in found if row.pk == fact.pk),
        "item": IMPORTABLE.get(fact.metric),
        "history": found,
        "readable": readable,
        "can_correct": fact.superseded_at is None
        and not fact.year.is_frozen
        and request.user.role_at(KEEPERS, fact.organisation.path) is not None,
        "entries": timeline(found),
    }
    return render(request, f"{FOLDER}/page.html", context)


@require_http_methods(["GET", "POST"])
def new(request):
    form = FactForm(
        request.POST or None, request.FILES or None, user=_keeper(request), initial=request.GET.dict()
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        origin = Origin(data["source"], data["document_number"], data["document"])
        try:
            outcome = services.bring_in([form.brought], year=data["year"], origin=origin, by=request.user)
        except (Refused, Unacceptable) as refused:
            form.add_error(None, str(refused))
        else:
            if outcome.made:
                messages.success(request, "已导入，下一次取数就用它。")
                return redirect("imported:page", outcome.made[0].pk)
            messages.info(request, "和已经导入的一样，没有动。")
            return redirect("imported:list")
    context = {"form": form, "items": IMPORTABLE.values()}
    return render(request, f"{FOLDER}/edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def correct(request, pk):
    """A new row with the right numbers; the old one stays to be seen."""
    _keeper(request)
    fact = get_object_or_404(ImportedFact.objects.visible_to(request.user).with_names(), pk=pk)
    if fact.superseded_at:
        messages.error(request, "这一条已经更正过，请到现行的那一条里更正。")
        return redirect("imported:page", pk)
    form = CorrectionForm(request.POST or None, request.FILES or None, fact=fact)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        origin = Origin(data["source"], data["document_number"], data["document"] or fact.document)
        try:
            outcome = services.bring_in([form.brought], year=fact.year, origin=origin, by=request.user)
        except (Refused, Unacceptable) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已更正，原来的数留在下面的经过里。")
            return redirect("imported:page", outcome.made[0].pk)
    lists.named([fact])
    context = {"form": form, "fact": fact, "item": IMPORTABLE.get(fact.metric)}
    return render(request, f"{FOLDER}/correct.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def bring_in(request):
    """A file with its document: checked whole, and shown before anything is taken in."""
    form = ImportForm(request.POST or None, request.FILES or None, user=_keeper(request))
    context = {"form": form, "fields": fields.FIELDS, "items": IMPORTABLE.values()}
    if request.method == "POST" and form.is_valid():
        try:
            context["checked"] = checked = _check(form.cleaned_data["file"], form.cleaned_data["year"])
            if not checked.faults:
                context |= _kept(request, form, checked)
                return render(request, f"{FOLDER}/confirm.html", context)
        except (Unreadable, Unacceptable, Refused) as refused:
            form.add_error("file", str(refused))
    return render(request, f"{FOLDER}/import.html", context, status=422 if form.is_bound else 200)


def _check(file, year):
    """The rows of a table against the units and what stands in a year. Raises Unreadable."""
    known = {"units": fields.Units(year.organisation), "standing": fields.Standing(year)}
    with reading.on_disk(file) as path:
        return fields.check(path, file.name, **known)


def _kept(request, form, checked):
    """The files of what was checked, kept until it is taken in, and the form that takes it in."""
    data = form.cleaned_data
    if not checked.new and not checked.changes:
        raise Refused(f"表里{checked.same}条都和已经导入的一样，没有要导入的。", "guard")
    data["file"].seek(0)
    start = {"year": data["year"].pk, "source": data["source"], "document_number": data["document_number"]}
    for name, upload in (("table", data["file"]), ("document", data["document"])):
        start[name] = services.keep(upload, purpose=PURPOSES[name], year=data["year"], by=request.user).pk
    return {"confirm": ConfirmForm(user=request.user, purposes=PURPOSES, initial=start), "given": data}


@require_POST
def confirm(request):
    """Take in what was checked: read once more, all of it or nothing."""
    form = ConfirmForm(request.POST, user=_keeper(request), purposes=PURPOSES)
    if not form.is_valid():
        messages.error(request, "这一次导入已经失效，什么也没有导入。请重新选文件检查。")
        return redirect("imported:import")
    data = form.cleaned_data
    try:
        with data["table"].file.open() as file:
            file.name = data["table"].name
            checked = _check(file, data["year"])
        if checked.faults:
            raise Refused("检查以后有人改过数，现在有对不上的，什么也没有导入。请重新检查。", "state")
        origin = Origin(data["source"], data["document_number"], data["document"])
        outcome = services.bring_in(checked.brought, year=data["year"], origin=origin, by=request.user)
    except (Unreadable, Refused, OSError) as refused:
        messages.error(
            request, str(refused) if not isinstance(refused, OSError) else "文件读不出来，请重新上传。"
        )
        return redirect("imported:import")
    made = {"made": len(outcome.made), "corrected": outcome.corrected, "same": outcome.same}
    messages.success(request, DONE.format(**made))
    return redirect("imported:list")


@require_safe
def workbook(request):
    """The template to fill in, for one indicator with a line for each unit."""
    user = _keeper(request)
    year, _ = _year_of(request)
    if year is None:
        raise Http404
    item = IMPORTABLE.get(request.GET.get("metric", ""))
    response = HttpResponse(template(fields.Units(year.organisation), item).read(), content_type=XLSX)
    name = f"导入模板-{item.title if item else '全部指标'}-{user.username}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_safe
def export(request):
    """The facts that the list shows, in the columns in which they can be brought in."""
    year, _ = _year_of(request)
    if year is None:
        raise Http404
    kind = "csv" if request.GET.get("kind") == "csv" else "xlsx"
    rows = ImportedFact.objects.visible_to(request.user).filter(year=year)
    found = list(lists.facts(rows, request.GET)[: tables.MOST])
    units = fields.Units(year.organisation)
    lines = [(None, fields.values_of(fact, units)) for fact in found]
    record(year, step="export", label="导出导入的事实", by=request.user, reason=f"共{len(lines)}条")
    marks = {"user": request.user, "number": len(lines)}
    return writing.download(kind, f"导入的事实-{year.number}", fields.SHEET, lines, **marks)
