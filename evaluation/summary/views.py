"""Desk pages of summary reports: who has reported, one report section by section, its figures, its receipts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.models import SectionKey, SummaryReceipt, SummaryReport, SummarySection
from evaluation.summary import counting, lists, papers, reading, services, wording
from evaluation.summary.flows import FLOW, WRITERS
from evaluation.summary.forms import STEP_FORMS, SectionForm
from longsha_credit.audit import stepping
from longsha_credit.audit.forms import StepForm
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange import documents, sheets
from longsha_credit.programme.models import Year
from longsha_credit.publication import drafts


def _today():
    return timezone.localdate()


def _report(request, pk):
    return get_object_or_404(SummaryReport.objects.visible_to(request.user).with_names(), pk=pk)


@require_safe
def board(request):
    """Who has reported and who is late."""
    today, view = _today(), request.GET.get("view", "")
    year, years = lists.year_asked(request.user, request.GET.get("year", ""), today)
    rows = lists.board(request.user, year, today) if year else []
    shown, views = lists.viewed(rows, view)
    context = {"year": year, "years": years, "rows": shown, "views": views, "all": rows, "today": today}
    context["sent"] = sum(row["first"] is not None for row in rows if row["due_on"])
    context["owing"] = sum(row["due_on"] is not None for row in rows)
    return render(request, "evaluation/summary/list.html", context)


@require_safe
def export(request):
    user, kind, today = request.user, request.GET.get("format", "csv"), _today()
    year, _ = lists.year_asked(user, request.GET.get("year", ""), today)
    if kind not in sheets.KINDS or year is None:
        messages.error(request, "没有可以下载的：请先选年度，格式是 csv 或 xlsx。")
        return redirect("summaries:list")
    rows = lists.board(user, year, today)
    record(
        year,
        step="export",
        label="导出总结报送情况",
        by=user,
        reason=f"{len(rows)}条 {request.GET.urlencode()}",
    )
    name = f"{year.number}年总结报送情况"
    return sheets.download(kind, name, lists.COLUMNS, lists.lines(rows), user=user, number=len(rows))


@require_POST
def begin(request, year, unit):
    year = get_object_or_404(
        Year.objects.visible_to(request.user).select_related("organisation"), number=year
    )
    unit = get_object_or_404(Organisation.objects.visible_to(request.user), pk=unit)
    try:
        report = services.begin(year, unit, by=request.user, today=_today())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("summaries:list")
    messages.success(request, "已经按现在的数字起草，请逐部分核对、改写。")
    return redirect("summaries:page", report.pk)


@require_safe
def page(request, pk):
    report = _report(request, pk)
    return render(
        request, "evaluation/summary/page.html", reading.page_context(report, request.user, _today())
    )


@require_http_methods(["GET", "POST"])
def section(request, pk, key):
    report = _report(request, pk)
    require_within(request.user, report.organisation, WRITERS)
    it = get_object_or_404(SummarySection.objects.visible_to(request.user), report=report, key=key)
    if request.method == "GET" and not report.is_open:
        messages.error(request, f"现在是“{report.get_state_display()}”，不能再改。")
        return redirect("summaries:page", pk)
    form = SectionForm(request.POST or None, instance=it, initial={"seen": drafts.stamp_of(it)})
    if request.method == "POST" and form.is_valid():
        given = {"text": form.cleaned_data["text"], "seen": form.cleaned_data["seen"]}
        try:
            services.save_section(it, by=request.user, **given)
        except Refused as refusal:
            drafts.explain(form, refusal)
        else:
            messages.success(request, f"“{it.get_key_display()}”已保存。")
            return redirect(f"{reverse('summaries:page', args=[pk])}#{key}")
    drafted = wording.drafted(report.organisation.name, report.year.number, report.figures)
    context = {"report": report, "section": it, "form": form, "drafted": drafted[SectionKey(it.key)]}
    return render(request, "evaluation/summary/section.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def draw(request, pk):
    """What has changed since the figures were taken; sent, the new ones are taken into the report."""
    report, today = _report(request, pk), _today()
    require_within(request.user, report.organisation, WRITERS)
    if not report.is_open:
        messages.error(request, f"现在是“{report.get_state_display()}”，数字不能再改。")
        return redirect("summaries:page", pk)
    if request.method == "POST":
        try:
            changed = services.draw_anew(report, by=request.user, today=today)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"已取今天的数字，{len(changed)}个有变化。请核对正文里写的数字。")
        return redirect("summaries:page", pk)
    now = counting.draw(report.organisation, report.year, today)
    context = {"report": report, "changed": counting.differences(report.figures, now), "today": today}
    return render(request, "evaluation/summary/draw.html", context)


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    back = reverse("summaries:page", args=[pk])
    follows = {
        "submit": "回执在“报送回执”里。",
        "send_back": "报送单位在期限以内改好重报。",
        "accept": "对应的年度任务已认定完成。",
    }
    return stepping.take(
        request, FLOW, _report(request, pk), step, template="evaluation/summary/step.html", back=back,
        form_class=STEP_FORMS.get(step, StepForm), context={"back": back}, follows=follows.get(step, ""),
    )  # fmt: skip


@require_safe
def paper(request, pk):
    report = _report(request, pk)
    context = {
        "report": report,
        "paper": papers.paper_of(report),
        "word": reverse("summaries:word", args=[pk]),
    }
    return render(request, "evaluation/summary/paper.html", context)


def _word(paper):
    response = HttpResponse(documents.docx(paper), content_type=documents.DOCX)
    response["Content-Disposition"] = content_disposition_header(True, f"{paper.title}.docx")
    return response


@require_safe
def word(request, pk):
    return _word(papers.paper_of(_report(request, pk)))


def _receipt(request, pk):
    return get_object_or_404(SummaryReceipt.objects.visible_to(request.user).with_names(), pk=pk)


@require_safe
def receipt(request, pk):
    """What was sent, when, under which number; as it was then."""
    it = _receipt(request, pk)
    context = {"receipt": it, "report": it.report, "paper": papers.paper_of(it.report, it)}
    return render(request, "evaluation/summary/receipt.html", context)


@require_safe
def receipt_word(request, pk):
    it = _receipt(request, pk)
    return _word(papers.paper_of(it.report, it))
