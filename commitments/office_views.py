"""Desk pages beside the flow: what of a contract stays in the office, and the national template's download."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from commitments import services
from commitments.contract_forms import ContractForm
from commitments.flows import WRITERS
from commitments.models import Form, Obligation
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.scope import require_within


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
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "合同内部栏目已保存，付款的期限和提醒已经跟着改。")
            return redirect("commitments:page", pk)
    context = {"form": form, "obligation": obligation}
    return render(request, "commitments/contract.html", context, status=422 if form.is_bound else 200)
