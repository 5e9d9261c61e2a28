"""Desk pages of the annual evaluation: its board, one unit's outcome, the league table, exports, officials as counts."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.annual import counting, lists, papers, reading, services
from evaluation.annual import fields as tables
from evaluation.annual.flows import FLOW, KEEPS, LEADS, OFFICE, OUTCOME
from evaluation.annual.forms import OUTCOME_FORMS, DecideManyForm, PurposeForm
from evaluation.annual.reference import LEAST_COUNTED, LEAST_UNITS
from evaluation.models import AnnualEvaluation, AnnualOutcome, OutcomeState
from longsha_credit.audit import stepping
from longsha_credit.audit.forms import StepForm
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.models import Level
from longsha_credit.exchange import documents, sheets
from longsha_credit.exchange.official import services as official
from longsha_credit.programme.models import Year
from longsha_credit.web.pages import page_of


def _today():
    return timezone.localdate()


def _evaluation(request, pk):
    return get_object_or_404(AnnualEvaluation.objects.visible_to(request.user).with_names(), pk=pk)


def _outcome(request, pk):
    return get_object_or_404(AnnualOutcome.objects.visible_to(request.user).with_names(), pk=pk)


@require_safe
def years(request):
    return render(request, "evaluation/annual/list.html", {"rows": lists.years(request.user)})


@require_POST
def open_year(request, number):
    year = get_object_or_404(
        Year.objects.visible_to(request.user).select_related("organisation"), number=number
    )
    try:
        evaluation = services.open_evaluation(year, by=request.user, today=_today())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("annual:list")
    messages.success(request, "年度考评已启动。核对得分以后告知单位，听取陈述申辩。")
    return redirect("annual:page", evaluation.pk)


@require_safe
def page(request, pk):
    """The board: every unit in reach with its points and how far it is."""
    evaluation, user = _evaluation(request, pk), request.user
    base = lists.outcomes(user, evaluation)
    rows, views = lists.viewed(base, request.GET, user, _today())
    page = page_of(request, rows.with_names().order_by(*lists.IN_ORDER))
    for row in page:
        row.words, row.grade_words = counting.words(counting.total_of(row)), counting.grade_of(row)
    works = user.role_at(OFFICE, evaluation.organisation.path) is not None
    context = {
        "evaluation": evaluation,
        "page": page,
        "views": views,
        "level": request.GET.get("level", ""),
        "levels": [(Level.STREET, "街道"), (Level.COMMUNITY, "社区")],
        "chart": lists.street_chart(user, evaluation),
        "to_tell": base.filter(state=OutcomeState.PENDING, result__awaiting=0).count() if works else 0,
        "to_decide": lists.undisputed(user, evaluation, _today()).count()
        if _decides(request, evaluation)
        else 0,
        "offers": FLOW.available(evaluation, user, url=lambda step: reverse("annual:step", args=[pk, step])),
        "today": _today(),
    }
    return render(request, "evaluation/annual/page.html", context)


@require_POST
def tell_many(request, pk):
    evaluation = _evaluation(request, pk)
    told, left = services.tell_many(evaluation, by=request.user, today=_today())
    messages.success(request, f"已告知{told}个单位。" + (f"还有{left}个没有告知。" if left else ""))
    return redirect("annual:page", pk)


@require_http_methods(["GET", "POST"])
def decide_many(request, pk):
    """Outcomes nobody spoke against, one by one in view, decided with one opinion."""
    evaluation, today = _evaluation(request, pk), _today()
    if not _decides(request, evaluation):
        raise Http404
    waiting = lists.undisputed(request.user, evaluation, today)
    form = DecideManyForm(request.POST or None, waiting=waiting)
    if request.method == "POST" and form.is_valid():
        picked = form.cleaned_data["outcomes"][: services.AT_ONCE]
        number, why = services.decide_many(
            picked, by=request.user, today=today, reason=form.cleaned_data["reason"]
        )
        if number:
            messages.success(request, f"已审定{number}个单位。")
        if why:
            messages.error(request, why)
        return redirect("annual:page", pk)
    rows = list(waiting.prefetch_related("defences")[: services.AT_ONCE])
    for row in rows:
        row.words, row.grade_words = counting.words(counting.total_of(row)), counting.grade_of(row)
    picked = set(form["outcomes"].value() or ()) if form.is_bound else {str(row.pk) for row in rows}
    context = {"evaluation": evaluation, "form": form, "rows": rows, "picked": picked}
    return render(
        request, "evaluation/annual/decide.html", context, status=422 if request.method == "POST" else 200
    )


def _decides(request, evaluation):
    """Who decides outcomes: the office and the leads of the district."""
    return request.user.role_at(KEEPS | LEADS, evaluation.organisation.path) is not None


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    back = reverse("annual:page", args=[pk])
    return _take(request, FLOW, _evaluation(request, pk), step, back, {})


def _take(request, flow, row, step, back, forms, **more):
    return stepping.take(
        request, flow, row, step, template="evaluation/annual/step.html", back=back,
        form_class=forms.get(step, StepForm), context={"back": back, **more},
    )  # fmt: skip


@require_safe
def league(request, pk):
    evaluation = _evaluation(request, pk)
    level = request.GET.get("level")
    level = level if level in (Level.STREET, Level.COMMUNITY) else Level.STREET
    rows = lists.outcomes(request.user, evaluation).filter(organisation__level=level)
    ranked, unranked = counting.league(
        list(counting.with_sample(rows.with_names()).order_by(*lists.IN_ORDER))
    )
    context = {
        "evaluation": evaluation,
        "ranked": ranked,
        "unranked": unranked,
        "level": level,
        "levels": [(Level.STREET, "街道"), (Level.COMMUNITY, "社区")],
        "least_counted": LEAST_COUNTED,
        "least_units": LEAST_UNITS,
    }
    return render(request, "evaluation/annual/league.html", context)


@require_safe
def exports(request, pk):
    evaluation = _evaluation(request, pk)
    found = tables.exports(counting.names_of_headings(evaluation.street_set))
    context = {"evaluation": evaluation, "exports": [(one, tables.notes(one)) for one in found.values()]}
    return render(request, "evaluation/annual/exports.html", context)


@require_safe
def export(request, pk, key):
    """One table as CSV or XLSX, or the notes on its columns."""
    evaluation, user, query = _evaluation(request, pk), request.user, request.GET
    found = tables.exports(counting.names_of_headings(evaluation.street_set)).get(key)
    kind = query.get("format", "csv")
    if found is None:
        raise Http404
    if kind not in sheets.KINDS:
        messages.error(request, "下载的格式是 csv 或 xlsx。")
        return redirect("annual:exports", pk)
    name = f"{found.title}{evaluation.year.number}"
    if query.get("part") == "notes":
        return sheets.download(kind, f"{name}字段说明", tables.NOTES, tables.notes(found))
    rows = tables.rows_of(evaluation, lists.outcomes(user, evaluation))[: sheets.MOST]
    record(evaluation, step="export", label=f"导出{found.title}", by=user, reason=f"{len(rows)}条")
    columns = [column.title for column in found.columns]
    lines = tables.lines(found, rows)
    return sheets.download(kind, name, columns, lines, user=user, number=len(rows), marked=False)


@require_safe
def outcome(request, pk):
    context = reading.page_context(_outcome(request, pk), request.user, _today())
    return render(request, "evaluation/annual/outcome.html", context)


@require_http_methods(["GET", "POST"])
def take_outcome_step(request, pk, step):
    row = _outcome(request, pk)
    back = reverse("annual:outcome", args=[pk])
    shown = reading.before_step(row, request.user)
    return _take(request, OUTCOME, row, step, back, OUTCOME_FORMS, **shown)


@require_POST
def take_anew(request, pk):
    row = _outcome(request, pk)
    try:
        services.take_anew(row, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已换成新的取数，人工评分带了过来。请核对以后审定。")
    return redirect("annual:outcome", pk)


def _told_paper(request, pk):
    row = _outcome(request, pk)
    if row.state == OutcomeState.PENDING:
        raise Http404
    return row, papers.told(row)


@require_safe
def paper(request, pk):
    row, paper = _told_paper(request, pk)
    return render(request, "evaluation/annual/paper.html", {"outcome": row, "paper": paper})


@require_safe
def word(request, pk):
    row, paper = _told_paper(request, pk)
    response = HttpResponse(official.word_now(row), content_type=documents.DOCX)
    response["Content-Disposition"] = content_disposition_header(
        True, f"{row.organisation.name}{paper.title}.docx"
    )
    return response


@require_http_methods(["GET", "POST"])
def officials(request, pk):
    """Counts and facts of the unit's officials, opened for a purpose that stands in an entry."""
    row = _outcome(request, pk)
    if request.user.role_at(services.READS_OFFICIALS, row.organisation.path) is None:
        raise Http404
    form, people = PurposeForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        opened = services.open_officials(row, by=request.user, purpose=form.cleaned_data["purpose"])
        people = reading.officials(opened, row.year, request.user)
    context = {"outcome": row, "form": form, "people": people}
    return render(
        request,
        "evaluation/annual/officials.html",
        context,
        status=422 if form.is_bound and people is None else 200,
    )
