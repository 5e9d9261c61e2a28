"""Desk pages of imported facts: list, one fact with its corrections, one typed, one corrected; tables by the import."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.importing import lists, services
from evaluation.importing.forms import CorrectionForm, FactForm
from evaluation.importing.services import KEEPERS, Origin
from evaluation.metrics.imported import IMPORTABLE
from evaluation.models import ImportedFact
from longsha_credit.audit.history import timeline
from longsha_credit.audit.workflow import Refused
from longsha_credit.exchange.imports import services as imports
from longsha_credit.files.checks import Unacceptable
from longsha_credit.web.pages import page_of

FOLDER = "evaluation/importing"


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
    page = page_of(request, lists.listed(request.user, request.GET, timezone.localdate()))
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
        "of_import": imports.asked(request.GET),
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
        and fact.withdrawn_at is None
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
    if fact.superseded_at or fact.withdrawn_at:
        messages.error(request, "这一条已经更正过或者随导入撤回，请到现行的那一条里更正。")
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
