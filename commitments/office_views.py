"""Desk pages beside the flow: what of a contract stays in the office, and the national template's download."""

from itertools import islice

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commitments import lists, national, services
from commitments.contract_forms import ContractForm
from commitments.flows import OFFICE, WRITERS
from commitments.models import Form, Obligation
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange import sheets
from longsha_credit.publication.drafts import explain
from longsha_credit.web.pages import page_of

CELLS = 1000  # of what keeps commitments out, on the page; the table has all


@require_http_methods(["GET", "POST"])
def contract(request, pk):
    """The other side, the sum and the payments of a contract; they change at any stage and need no review."""
    obligation = get_object_or_404(Obligation.objects.visible_to(request.user).with_names(), pk=pk)
    require_within(request.user, obligation.organisation, WRITERS)
    if obligation.form != Form.CONTRACT:
        raise Http404
    form = ContractForm(request.POST or None, obligation=obligation, user=request.user)
    if request.method == "POST" and form.is_valid():
        today = timezone.localdate()
        try:
            services.save_contract(obligation, form.contract_given(), by=request.user, today=today)
        except Refused as refusal:
            explain(form, refusal)
        else:
            messages.success(request, "合同内部栏目已保存，付款的期限和提醒已经跟着改。")
            return redirect("commitments:page", pk)
    context = {"form": form, "obligation": obligation}
    return render(request, "commitments/contract.html", context, status=422 if form.is_bound else 200)


@require_safe
def national_page(request):
    """How many public commitments of what the list showed fit the national template, and what the others lack."""
    whole, lacking, cells = national.summed_up(_for_the_template(request), CELLS)
    context = {
        "number": whole,
        "lacking": lacking,
        "page": page_of(request, cells),
        "columns": national.HEADS,
        "years": Obligation.objects.visible_to(request.user).public().years_made(),
        "year": _year(request),
        "narrowed": request.GET.get("q") or request.GET.get("view"),
    }
    return render(request, "commitments/national.html", context)


def _for_the_template(request):
    """What is public of what the list shows at the same address, of one year where it is asked for."""
    user = request.user
    if not user.holds(*OFFICE):
        raise Http404
    rows = lists.filtered(Obligation.objects.visible_to(user).public(), request.GET, user)
    return rows.filter(made_on__year=int(year)) if (year := _year(request)) else rows


def _year(request):
    year = request.GET.get("year", "")
    return year if year.isascii() and year.isdigit() and len(year) == 4 else ""


@require_safe
def national_file(request):
    """The commitments that fit, in the national template's form as CSV, XLSX or JSON.

    They are gone through twice, once to count them: all of them at once would fill the memory.
    """
    user, kind = request.user, request.GET.get("format", "xlsx")
    rows = _for_the_template(request)
    number = sum(1 for _ in islice(national.fitting(rows), sheets.MOST + 1))
    if kind not in (*sheets.KINDS, "json") or not number or number > sheets.MOST:
        messages.error(request, f"没有可以下载的承诺，或者超过{sheets.MOST}件；格式是 csv、xlsx 或 json。")
        return redirect("commitments:national")
    services.note_export(user, number=number)
    lines = (row.texts for row in national.fitting(rows))
    if kind == "json":
        return sheets.json_download("信用承诺", national.HEADS, lines, user=user)
    return sheets.download(kind, "信用承诺", national.HEADS, lines, user=user, number=number, marked=False)


@require_safe
def national_report(request):
    """What keeps commitments out of the template, cell by cell, as a workbook to go through."""
    user = request.user
    _, lacking, cells = national.summed_up(_for_the_template(request), sheets.MOST)
    lines = [
        (it.code, it.title, it.organisation.name, fault.label, fault.given, fault.sentence, fault.fix)
        for it, fault in cells
    ]
    heads = ("承诺编码", "承诺名称", "单位", "栏目", "现在写的", "哪里不对", "建议改成")
    services.note_export(user, number=lacking)
    return sheets.download("xlsx", "信用承诺不合模板的地方", heads, lines, user=user, number=len(lines))
