"""Desk pages of results and rulings: what a unit was given, for what, and who decided."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from evaluation import lists, reading, services
from evaluation.facts import period_of
from evaluation.flows import DECIDES, RULING
from evaluation.forms import RULING_FORMS, mark_form
from evaluation.metrics import METRICS
from evaluation.models import Cycle, Indicator, Result, Ruling, RulingKind, Way
from evaluation.models.facts import reads_figures
from longsha_credit.audit import stepping
from longsha_credit.audit.history import timeline
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.scope import require_within
from longsha_credit.files.checks import Unacceptable
from longsha_credit.web.pages import page_of


@require_safe
def result_list(request):
    rows = Result.objects.visible_to(request.user)
    chosen = lists.chosen(request.GET, request.user)
    context = {
        "page": page_of(request, lists.results(rows, chosen)),
        "chosen": chosen,
        "snapshots": lists.snapshots(request.user),
        "levels": lists.LEVELS,
        "grades": lists.GRADE_CHOICES,
    }
    for row in context["page"]:
        row.state, row.words = reading.grade_words(row)
        row.points = reading.in_points(row.total)
    return render(request, "evaluation/results.html", context)


def _result(request, pk):
    return get_object_or_404(Result.objects.visible_to(request.user).with_names(), pk=pk)


def _decides(request, result):
    return request.user.role_at(DECIDES, result.snapshot.year.organisation.path) is not None


@require_safe
def result(request, pk):
    row = _result(request, pk)
    state, words = reading.grade_words(row)
    asked = Ruling.objects.visible_to(request.user).filter(
        snapshot=row.snapshot, organisation=row.organisation, state="proposed"
    )
    context = {
        "result": row,
        "parts": reading.sheet_of(row),
        "grade_state": state,
        "grade": words,
        "total": reading.in_points(row.total),
        "bonus": reading.in_points(row.bonus),
        "rulings": reading.standing_rulings(row),
        "asked": list(asked.with_names()),
        "can_rule": _decides(request, row) and not row.snapshot.year.is_frozen,
        "can_mark": _decides(request, row) and not services.closed_to_marks(row),
        "blind": Cycle.objects.visible_to(request.user).filter(snapshot=row.snapshot, set=row.set).first(),
    }
    return render(request, "evaluation/result.html", context)


@require_safe
def fact(request, pk, key):
    """The fact behind a measure as it was taken, and its own rows, as of that day, as they are now."""
    row = _result(request, pk)
    value = reading.values_of(row.snapshot, row.organisation).get(key)
    asked = [i for i in reading.computing.indicators_of(row.set) if key in [m["metric"] for m in i.measures]]
    if value is None or not asked:
        raise Http404
    metric = METRICS.get(key)
    told = metric is not None and (not metric.quiet or reading.is_above(request.user, row.organisation))
    context = {
        "result": row,
        "title": reading.metric_title(key),
        "metric": metric,
        "numerator": reading.in_points(value.numerator),
        "denominator": value.denominator,
        "indicators": asked,
        "version": row.snapshot.formulas.get(key),
        "imports": reading.imports_of(row, key, request.user),
        "told": told,
        **(_rows_behind(request, row, metric) if told else {}),
    }
    return render(request, "evaluation/fact.html", context)


def _rows_behind(request, row, metric):
    """The unit's own rows of a fact, a page of them, and whether the reader may open its figure too."""
    unit = row.organisation
    page = page_of(request, metric.own_rows(unit, period_of(row.snapshot)))
    return {
        "page": page,
        "rows": [reading.in_a_row(one, metric) for one in page],
        "root": reverse("front"),
        "opens_figure": request.user.role_at(reads_figures(unit), unit.path) is not None,
    }


@require_http_methods(["GET", "POST"])
def mark(request, pk, indicator):
    """Points by a person; of what is measured, or where a whole heading does not apply, a second one has to agree."""
    row = _result(request, pk)
    require_within(request.user, row.snapshot.year.organisation, DECIDES)
    one = get_object_or_404(
        Indicator.objects.visible_to(request.user).filter(heading__set=row.set), pk=indicator
    )
    if request.method == "GET" and (closed := services.closed_to_marks(row) or _not_here(row, one)):
        messages.error(request, closed)
        return redirect("evaluation:result", pk)
    form = mark_form(one)(request.POST if request.method == "POST" else None, indicator=one)
    if form.is_bound and form.is_valid():
        give = services.mark if one.way == Way.HUMAN else services.propose_mark
        try:
            give(row, one, by=request.user, **form.given())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            told = "已评分，得分已重新计算。" if one.way == Way.HUMAN else "已提出，另一个人认定以后生效。"
            messages.success(request, f"{one.code}：{told}")
            return redirect("evaluation:result", pk)
    context = {"result": row, "indicator": one, "form": form, "points": reading.in_points(one.points)}
    context["given"] = lists.marks(row, one, request.user)
    return render(request, "evaluation/mark.html", context, status=422 if form.is_bound else 200)


def _not_here(row, one):
    """What stands against any points for this indicator, said before somebody writes them down."""
    if services.is_for_the_panel(row, one):
        return services.FOR_THE_PANEL
    if one.way == Way.AUTO and not services.nothing_applies(row, one):
        return services.MEASURED_ALONE
    return ""


@require_safe
def ruling_list(request):
    rows = Ruling.objects.visible_to(request.user)
    context = {
        "page": page_of(request, lists.rulings(rows, request.GET, request.user)),
        "views": lists.ruling_views(rows, request.GET, request.user),
        "can_propose": request.user.holds(*DECIDES),
    }
    return render(request, "evaluation/rulings.html", context)


@require_safe
def ruling(request, pk):
    row = get_object_or_404(Ruling.objects.visible_to(request.user).with_names(), pk=pk)
    row.words = reading.in_points(row.points) if row.points is not None else "不适用"
    offers = RULING.available(
        row, request.user, url=lambda step: reverse("evaluation:ruling_step", args=[pk, step])
    )
    context = {"ruling": row, "offers": offers, "entries": timeline([row])}
    return render(request, "evaluation/ruling.html", context)


@require_http_methods(["GET", "POST"])
def propose(request, kind):
    if not request.user.holds(*DECIDES):
        raise Http404
    sent = request.method == "POST"
    form = RULING_FORMS[kind](
        request.POST if sent else None,
        request.FILES if sent else None,
        user=request.user,
        initial={"organisation": request.GET.get("organisation")},
    )
    if sent and form.is_valid():
        try:
            row = services.propose(kind, by=request.user, **form.cleaned_data)
        except (Refused, Unacceptable) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已提出。另一个人认定以后才生效。")
            return redirect("evaluation:ruling", row.pk)
    context = {"form": form, "label": RulingKind(kind).label}
    return render(request, "evaluation/propose.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def ruling_step(request, pk, step):
    row = get_object_or_404(Ruling.objects.visible_to(request.user).with_names(), pk=pk)
    back = reverse("evaluation:ruling", args=[pk])
    return stepping.take(
        request, RULING, row, step, template="evaluation/step.html", back=back, context={"back": back},
        follows="得分已重新计算。" if step in ("agree", "lift") else "",
    )  # fmt: skip
