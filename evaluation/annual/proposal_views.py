"""Desk pages of what is proposed after an outcome: drafted by the district, decided by another person."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.annual import papers, reading, services
from evaluation.annual.conditions import heard
from evaluation.annual.flows import OFFICE, PROPOSAL
from evaluation.annual.forms import PROPOSAL_FORMS, ProposalForm
from evaluation.models import AnnualOutcome, AnnualProposal
from longsha_credit.audit import stepping
from longsha_credit.audit.forms import StepForm
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange import documents
from longsha_credit.publication import drafts


def _proposal(request, pk):
    return get_object_or_404(AnnualProposal.objects.visible_to(request.user).with_names(), pk=pk)


@require_http_methods(["GET", "POST"])
def new(request, pk):
    outcome = get_object_or_404(AnnualOutcome.objects.visible_to(request.user).with_names(), pk=pk)
    require_within(request.user, outcome.year.organisation, OFFICE)
    if problems := heard(outcome, timezone.localdate()):
        messages.error(request, "".join(problems))
        return redirect("annual:outcome", pk)
    return _edit(request, AnnualProposal(outcome=outcome, organisation=outcome.organisation), "拟处理建议")


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    proposal = _proposal(request, pk)
    require_within(request.user, proposal.organisation.district(), OFFICE)
    if request.method == "GET" and proposal.state != "draft":
        messages.error(request, f"现在是“{proposal.get_state_display()}”，不能再改。")
        return redirect("annual:proposal", pk)
    return _edit(request, proposal, "修改处理建议")


def _edit(request, proposal, heading):
    pk = proposal.pk
    form = ProposalForm(
        request.POST or None, instance=proposal, initial={"seen": drafts.stamp_of(proposal) if pk else ""}
    )
    if request.method == "POST" and form.is_valid():
        given = {"by": request.user, "today": timezone.localdate(), "seen": form.cleaned_data["seen"]}
        try:
            services.save_proposal(proposal, **given)
        except Refused as refusal:
            proposal.pk = pk
            drafts.explain(form, refusal)
        else:
            messages.success(request, "已保存。核对后提请审批，由另一个人决定。")
            return redirect("annual:proposal", proposal.pk)
    context = {"form": form, "heading": heading, "proposal": proposal, "outcome": proposal.outcome}
    return render(
        request, "evaluation/annual/proposal_edit.html", context, status=422 if form.is_bound else 200
    )


@require_safe
def page(request, pk):
    proposal = _proposal(request, pk)
    context = reading.proposal_context(proposal, request.user) | {"paper": papers.proposal(proposal)}
    return render(request, "evaluation/annual/proposal.html", context)


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    proposal = _proposal(request, pk)
    back = reverse("annual:proposal", args=[pk])
    follows = {
        "approve": "通报批评已转成公开内容草稿，走三个人的公开审查；追责建议请打印后送有管理权限的机关。"
    }
    return stepping.take(
        request, PROPOSAL, proposal, step, template="evaluation/annual/step.html", back=back,
        form_class=PROPOSAL_FORMS.get(step, StepForm), context={"back": back}, follows=follows.get(step, ""),
    )  # fmt: skip


@require_safe
def word(request, pk):
    proposal = _proposal(request, pk)
    response = HttpResponse(documents.docx(papers.proposal(proposal)), content_type=documents.DOCX)
    response["Content-Disposition"] = content_disposition_header(True, f"{proposal}.docx")
    return response
