"""Desk pages of residents' cases: list, one case with its steps, slips to the units, opening an identity."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.models import Case, IdentityOpening, TransferSlip
from commitments.supervision import lists, reading, services
from commitments.supervision.flows import FLOW, OPENING, SLIP
from commitments.supervision.forms import STEP_FORMS, FilterForm, IdentityForm, ReasonForm, SlipForm
from longsha_credit.audit import stepping
from longsha_credit.audit.workflow import Refused
from longsha_credit.web.pages import page_of

FOLDER = "commitments/supervision"


@require_safe
def case_list(request):
    user = request.user
    rows = lists.cases_of(user)
    page = page_of(request, lists.filtered(rows, request.GET, user))
    page.object_list = lists.with_due_days(page.object_list, user)
    context = {
        "page": page,
        "views": lists.views(lists.narrowed(rows, request.GET), request.GET, user),
        "form": FilterForm(request.GET),
        "narrowed": any(request.GET.get(name) for name in FilterForm.base_fields),
        "view": request.GET.get("view", ""),
    }
    return render(request, f"{FOLDER}/list.html", context)


def _case(request, pk):
    return get_object_or_404(Case.objects.visible_to(request.user).with_names(), pk=pk)


@require_safe
def page(request, pk):
    return _show(request, _case(request, pk))


def _show(request, case, **shown):
    context = reading.case_page(case, request.user) | shown
    return render(request, f"{FOLDER}/page.html", context)


@require_POST
def read_words(request, pk):
    """The page with what the resident wrote, this once; the reading stands in an entry."""
    case = _case(request, pk)
    words = services.read_words(case, by=request.user)
    return _show(request, case, words=words)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    case = _case(request, pk)
    context = {"it": case, "replies": []}
    if reading.needs_words(step) and reading.handles(case, request.user):
        context["replies"] = services.replies_of(case, sent_only=False)[-1:]
    return _take(request, FLOW, case, step, ("supervision:page", pk), context)


@require_http_methods(["GET", "POST"])
def take_slip_step(request, pk, step):
    slip = get_object_or_404(TransferSlip.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, SLIP, slip, step, ("supervision:slip", pk), {"slip": slip})


@require_http_methods(["GET", "POST"])
def take_opening_step(request, pk, step):
    """Consent or not; and the asker's one look, which is shown and not led away from."""
    opening = get_object_or_404(IdentityOpening.objects.visible_to(request.user).with_names(), pk=pk)
    case = _case(request, opening.case_id)
    if step != "open" or request.method != "POST":
        return _take(
            request, OPENING, opening, step, ("supervision:page", case.pk), {"it": case, "opening": opening}
        )
    try:
        identity = services.open_identity(opening, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("supervision:page", case.pk)
    return _show(request, case, identity=identity)


def _take(request, flow, obj, name, back, context):
    page, pk = back
    return stepping.take(
        request,
        flow,
        obj,
        name,
        template=f"{FOLDER}/step.html",
        back=reverse(page, args=[pk]),
        form_class=STEP_FORMS.get(name, ReasonForm),
        context={**context, "back": back},
        follows=reading.FOLLOWS.get(name, ""),
    )


def _ask(request, case, form, heading, act):
    """A page of one form about a case: the service's refusal stands above what was typed."""
    if not reading.handles(case, request.user):
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            said = act(form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, said)
            return redirect("supervision:page", case.pk)
    context = {"it": case, "form": form, "heading": heading}
    return render(request, f"{FOLDER}/ask.html", context, status=422 if form.is_bound else 200)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def send_slip(request, pk):
    case = _case(request, pk)

    def act(data):
        slip = services.send_slip(case, text=data["text"], by=request.user, today=timezone.localdate())
        return f"转办单 {slip.number} 已发给{slip.organisation.name}。"

    return _ask(request, case, SlipForm(request.POST or None), "发转办单", act)


@require_http_methods(["GET", "POST"])
def ask_identity(request, pk):
    case = _case(request, pk)

    def act(data):
        services.ask_identity(case, by=request.user, reason=data["reason"], today=timezone.localdate())
        return "申请已提出，由另一个人决定同不同意。"

    return _ask(request, case, IdentityForm(request.POST or None), "申请查看反映人的身份", act)


@require_safe
def slip_list(request):
    context = {"page": page_of(request, lists.slips_of(request.user))}
    return render(request, f"{FOLDER}/slips.html", context)


@require_safe
def slip(request, pk):
    found = get_object_or_404(TransferSlip.objects.visible_to(request.user).with_names(), pk=pk)
    return render(request, f"{FOLDER}/slip.html", reading.slip_page(found, request.user))


@require_POST
def recall_slip(request, pk):
    found = get_object_or_404(TransferSlip.objects.visible_to(request.user).with_names(), pk=pk)
    try:
        services.recall_slip(found, by=request.user, today=timezone.localdate())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "转办单已收回。")
    return redirect("supervision:slip", pk)
