"""Desk pages of the gate: the queue, one candidate with its checks, the steps."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from longsha_credit.audit.workflow import Refused
from longsha_credit.publication import gate, services, sheet
from longsha_credit.publication.forms import AnswersForm, JustifyForm, ReturnForm
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import Review
from longsha_credit.web.pages import page_of


@require_safe
def queue(request):
    page, mine = page_of(request, listed(request.user, request.GET)), request.GET.get("view") != "all"
    for review in page:
        review.kind_label = sheet.kind_label(review)
    return render(request, "publication/queue.html", {"page": page, "mine": mine})


def listed(user, query):
    """The reviews that wait for the user, or all, as an address asks."""
    rows = Review.objects.visible_to(user).with_people()
    return rows.order_by("-id") if query.get("view") == "all" else rows.filter(GATE.waiting_for(user))


@require_safe
def page(request, pk):
    review = get_object_or_404(Review.objects.visible_to(request.user).with_people(), pk=pk)
    return _page(request, review)


def _page(request, review, answers=None, sending_back=None, justifying=None, status=200):
    offers = GATE.available(
        review, request.user, url=lambda step: reverse("reviews:step", args=[review.pk, step])
    )
    kind = gate.kind_of_review(review)
    context = {
        "review": review,
        "kind_label": sheet.kind_label(review),
        "passes": [o for o in offers if not o.step.reason],
        "returns": [o for o in offers if o.step.reason and not o.refusal],
        "answers": answers or AnswersForm(),
        "sending_back": sending_back or ReturnForm(labels=sheet.field_labels(review)),
        "rows": sheet.rows(review),
        "files": sheet.files(review),
        "people": sheet.people(review, request.user),
        "checks": sheet.checks(review),
        "findings": sheet.findings(review),
        "justifying": justifying or _justify_form(review, request.user),
        "object_url": kind.desk_url(gate.reviewed_object(review)),
        "waiting": _waiting(request.user).count(),
        "following": _following(review, request.user),
    }
    return render(request, "publication/review.html", context, status=status)


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    """Take a step at the gate and go on to the next thing that waits.

    A GET comes from a sign-in after the session ended: the sheet is shown again.
    """
    review = get_object_or_404(Review.objects.visible_to(request.user).with_people(), pk=pk)
    if request.method == "GET":
        return redirect("reviews:page", review.pk)
    declared = GATE.steps.get(step)
    if declared is None or not declared.button:
        raise Http404
    form = _form_for(declared, review, request.POST)
    if form is not None and not form.is_valid():
        which = "sending_back" if declared.reason else "answers"
        return _page(request, review, status=422, **{which: form})
    try:
        GATE.take(review, step, by=request.user, **(form.cleaned_data if form else {}))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("reviews:page", review.pk)
    messages.success(request, f"{declared.label}：{review.title}")
    following = _following(review, request.user)
    return redirect("reviews:page", following.pk) if following else redirect("reviews:list")


def _waiting(user):
    return Review.objects.visible_to(user).filter(GATE.waiting_for(user))


def _following(review, user):
    """What waits after this one, or else before it: what cannot be passed yet holds nothing up."""
    rest = _waiting(user).exclude(pk=review.pk).order_by("pk")
    return rest.filter(pk__gt=review.pk).first() or rest.first()


@require_http_methods(["GET", "POST"])
def justify(request, pk):
    """Say why what the scanner found may become public; a GET comes from a sign-in after the session ended."""
    review = get_object_or_404(Review.objects.visible_to(request.user).with_people(), pk=pk)
    if request.method == "GET":
        return redirect("reviews:page", review.pk)
    form = _justify_form(review, request.user, request.POST)
    if form is not None and not form.is_valid():
        return _page(request, review, justifying=form, status=422)
    given = form.cleaned_data if form else {"keys": [], "reason": ""}
    try:
        number = services.justify(review, given["keys"], reason=given["reason"], by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{number} 处已写明可以公开的理由，后面的审查人会看到。")
    return redirect("reviews:page", review.pk)


def _justify_form(review, user, data=None):
    """The form for who may justify now what is left; None for everybody else."""
    left = gate.unanswered(review) if review.findings else []
    if not left or services.justifier_refusal(review, user):
        return None
    return JustifyForm(data, left=left)


def _form_for(step, review, data):
    if step.reason:
        return ReturnForm(data, labels=sheet.field_labels(review))
    return AnswersForm(data) if step.asks else None
