"""Desk pages beside the flow: what of a contract stays in the office, and the national template's download."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commitments import national, services
from commitments.contract_forms import ContractForm
from commitments.flows import OFFICE, WRITERS
from commitments.models import Form, Obligation
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange import sheets
from longsha_credit.publication.drafts import explain
from longsha_credit.web.pages import page_of


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
    """How many public commitments fit the national template, and what the others lack."""
    user = request.user
    if not user.holds(*OFFICE):
        raise Http404
    whole, lacking = national.sorted_out(Obligation.objects.visible_to(user).public())
    context = {"number": len(whole), "page": page_of(request, lacking), "columns": national.COLUMNS}
    return render(request, "commitments/national.html", context)


@require_safe
def national_file(request):
    """The commitments that fit, in the national template's form as CSV or XLSX."""
    user, kind = request.user, request.GET.get("format", "xlsx")
    if not user.holds(*OFFICE):
        raise Http404
    whole, _ = national.sorted_out(Obligation.objects.visible_to(user).public())
    if kind not in sheets.KINDS or not whole or len(whole) > sheets.MOST:
        messages.error(request, f"没有可以下载的承诺，或者超过{sheets.MOST}件；格式是 csv 或 xlsx。")
        return redirect("commitments:national")
    services.note_export(user, number=len(whole))
    labels = [column.label for column in national.COLUMNS]
    return sheets.download(kind, "信用承诺", labels, whole, user=user, number=len(whole), marked=False)
