"""Desk pages of a panel member: one seat, its points, its steps, and a word on what lies far from the others."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from evaluation.demonstration import panels, reading
from evaluation.demonstration.answering import FOLDER, shown
from evaluation.demonstration.flows import SEAT
from evaluation.demonstration.forms import ExplainForm, ScoreForm
from evaluation.models import PanelScore, Seat
from longsha_credit.audit import stepping
from longsha_credit.audit.workflow import Refused


@require_http_methods(["GET", "POST"])
def seat(request, pk):
    """The own points, kept as often as one likes until they are sent."""
    it = get_object_or_404(
        Seat.objects.visible_to(request.user).with_names().filter(reviewer=request.user.pk), pk=pk
    )
    indicators, kept = panels.human_indicators(it), {row.indicator_id: row for row in it.scores.all()}
    form = ScoreForm.of(indicators, kept, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            panels.score(it, form.given(), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "评分已保存，还没有提交。提交以后不能再改，也才看得到别人的评分。")
            return redirect("demonstration:seat", pk)
    context = {"form": form, **reading.seat_page(it, request.user)}
    return render(request, f"{FOLDER}/seat.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def take_seat_step(request, pk, step):
    it = get_object_or_404(Seat.objects.visible_to(request.user).with_names(), pk=pk)
    own = it.reviewer_id == request.user.pk
    back = (
        reverse("demonstration:seat", args=[pk])
        if own
        else reverse("demonstration:page", args=[it.application_id])
    )
    context = {"back": back, "about": it}

    def after():
        return reverse("demonstration:list") if own and step != "send" else back

    return stepping.take(
        request, SEAT, it, step, template=f"{FOLDER}/step.html", back=back, context=context, after=after
    )


@require_http_methods(["GET", "POST"])
def explain(request, pk):
    """A word on a sent score; the score itself stays."""
    row = get_object_or_404(PanelScore.objects.visible_to(request.user).of(request.user).with_names(), pk=pk)
    back = reverse("demonstration:seat", args=[row.seat_id])
    form = ExplainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            panels.explain(row, form.cleaned_data["explanation"], by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已说明。")
            return redirect(back)
    lead = "您的评分离中位数较远。分数不改，请写明理由，区信用办汇总时会看到。"
    return shown(request, form, f"说明评分：{row.indicator}", back, lead=lead)
