"""Desk pages of commitments: list, one commitment with its next steps, its forms."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from commitments import lists, services
from commitments.flows import AMENDMENT, FLOW, OFFICE, PROGRESS, RESULT, VERDICT, WRITERS
from commitments.forms import (
    DRAFT_FORMS,
    AmendmentForm,
    ProgressForm,
    ResultForm,
    VerificationForm,
)
from commitments.models import (
    Amendment,
    AmendmentState,
    Form,
    Obligation,
    ObligationState,
    ProgressState,
    ProgressUpdate,
    ResultReport,
    ResultState,
    Verification,
    VerificationState,
)
from commitments.wording import WORDINGS
from longsha_credit.audit import stepping
from longsha_credit.audit.history import changes, timeline
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange.imports import services as imports
from longsha_credit.files.checks import Unacceptable
from longsha_credit.publication.drafts import explain, stamp_of
from longsha_credit.publication.forms import TakingDownForm
from longsha_credit.publication.gate import pointed_out
from longsha_credit.publication.services import warning_about
from longsha_credit.publication.sheet import flagged_words
from longsha_credit.web.pages import page_of


@require_safe
def commitment_list(request):
    rows = lists.of_form(Obligation.objects.visible_to(request.user).with_names(), request.GET)
    rows = imports.only(rows, "commitments", request.GET, request.user)
    found = lists.filtered(rows, request.GET, request.user)
    context = {
        "page": page_of(request, found),
        "views": lists.views(rows, request.GET, request.user),
        "q": request.GET.get("q", ""),
        "can_write": request.user.holds(*WRITERS),
        "exports": request.user.holds(*OFFICE),
        "forms": lists.forms(),
        "form": request.GET.get("form", ""),
        "of_import": imports.asked(request.GET),
    }
    return render(request, "commitments/list.html", context)


@require_safe
def page(request, pk):
    user = request.user
    obligation = get_object_or_404(Obligation.objects.visible_to(user).with_names().with_origin(), pk=pk)
    parts = lists.readable(services.parts_of(obligation), user)
    reviews = lists.openable(services.reviews_about(parts), user)
    can_write = user.role_at(WRITERS, obligation.organisation.path) is not None
    context = {
        "obligation": obligation,
        "wording": WORDINGS[obligation.form],
        "offers": FLOW.available(obligation, user, url=_step_url("commitments:step", obligation)),
        "can_write": can_write,
        "can_change": can_write and obligation.state == ObligationState.IN_FORCE,
        **_in_groups(parts, user),
        **lists.ending(obligation, parts, user),
        **lists.inside(obligation, parts, user),
        **lists.in_the_ledger(obligation, user),
        "clocks": lists.clocks_of(obligation, user),
        "reviews": reviews,
        "entries": timeline([*parts, *reviews]),
        "returned": pointed_out(obligation),
        **lists.origin(obligation, user),
        "changes": changes(obligation),
        "files": lists.desk_files(obligation),
    }
    return render(request, "commitments/page.html", context)


# The rows under a promise: where the page lists them, which flow they take, how their addresses begin.
GROUPS = {
    Amendment: ("amendments", AMENDMENT, "amendment"),
    ProgressUpdate: ("progress", PROGRESS, "progress"),
    ResultReport: ("results", RESULT, "result"),
    Verification: ("verdicts", VERDICT, "verdict"),
}


def _in_groups(parts, user):
    """The rows under a promise, each with what `user` may do about it."""
    groups = {key: [] for key, _, _ in GROUPS.values()}
    for part in parts:
        if type(part) in GROUPS:
            key, flow, name = GROUPS[type(part)]
            groups[key].append(_with_offers(part, flow, user, name))
    return groups


def _step_url(name, obj):
    return lambda step: reverse(name, args=[obj.pk, step])


def _with_offers(part, flow, user, name):
    path, refusal = part.organisation.path, flow.refusal(part, flow.steps["submit"], user)
    # whoever could submit it once it is complete may change it; a unit's own report is not the district's to change
    edits = part.state == "draft" and (refusal is None or refusal.code == "guard")
    return {
        "it": part,
        "offers": flow.available(part, user, url=_step_url(f"commitments:{name}_step", part)),
        "edit_url": reverse(f"commitments:{name}_edit", args=[part.pk]) if edits else "",
        # the district's own evidence opens to the district; once published, everybody has it on the public page
        "files": lists.desk_files(part) if user.role_at(SEES_WORK, path) else [],
        "returned": pointed_out(part),
    }


@require_http_methods(["GET", "POST"])
def new(request):
    if not request.user.holds(*WRITERS):
        raise Http404
    asked = request.GET.get("form")
    form = Form(asked) if asked in Form.values else Form.COMMITMENT
    filled = _form(request, DRAFT_FORMS[form], Obligation(form=form), **lists.start(request.user))
    return _edit(request, filled, services.save_draft, WORDINGS[form].write)


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    obligation = get_object_or_404(Obligation.objects.visible_to(request.user).with_names(), pk=pk)
    if closed := _closed(request, obligation, ObligationState.DRAFT):
        return closed
    form = _form(request, DRAFT_FORMS[obligation.form], obligation, obligation.files.all())
    return _edit(request, form, services.save_draft, f"修改{WORDINGS[obligation.form].noun}草稿")


@require_http_methods(["GET", "POST"])
def amend(request, pk):
    obligation = get_object_or_404(Obligation.objects.visible_to(request.user).with_names(), pk=pk)
    if closed := _closed(request, obligation, ObligationState.IN_FORCE):
        return closed
    form = _form(request, AmendmentForm, services.new_amendment(obligation), obligation.files.all())
    return _edit(request, form, services.save_amendment, f"变更{WORDINGS[obligation.form].noun}")


@require_http_methods(["GET", "POST"])
def edit_amendment(request, pk):
    amendment = get_object_or_404(Amendment.objects.visible_to(request.user).with_names(), pk=pk)
    if closed := _closed(request, amendment, AmendmentState.DRAFT):
        return closed
    form = _form(request, AmendmentForm, amendment, amendment.files.all())
    return _edit(request, form, services.save_amendment, "修改变更草稿")


@require_http_methods(["GET", "POST"])
def report_progress(request, pk):
    obligation = get_object_or_404(Obligation.objects.visible_to(request.user).with_names(), pk=pk)
    if closed := _closed(request, obligation, ObligationState.IN_FORCE):
        return closed
    progress = ProgressUpdate(obligation=obligation, organisation=obligation.organisation)
    form = _form(request, ProgressForm, progress, as_of=timezone.localdate())
    return _edit(request, form, services.save_progress, "报进展", "commitments/progress.html")


@require_http_methods(["GET", "POST"])
def edit_progress(request, pk):
    progress = get_object_or_404(ProgressUpdate.objects.visible_to(request.user).with_names(), pk=pk)
    if closed := _closed(request, progress, ProgressState.DRAFT):
        return closed
    form = _form(request, ProgressForm, progress, progress.files.all())
    return _edit(request, form, services.save_progress, "修改进展", "commitments/progress.html")


@require_http_methods(["GET", "POST"])
def report_result(request, pk):
    obligation = get_object_or_404(Obligation.objects.visible_to(request.user).with_names(), pk=pk)
    if closed := _closed(request, obligation, ObligationState.IN_FORCE, WRITERS | OFFICE):
        return closed
    form = _form(request, ResultForm, services.new_result(obligation, request.user))
    return _edit(request, form, _save_result, "报结果", "commitments/result.html")


@require_http_methods(["GET", "POST"])
def edit_result(request, pk):
    result = get_object_or_404(ResultReport.objects.visible_to(request.user).with_names(), pk=pk)
    if closed := _closed(request, result, ResultState.DRAFT, WRITERS | OFFICE):
        return closed
    form = _form(request, ResultForm, result, result.files.all())
    return _edit(request, form, _save_result, "修改结果报告", "commitments/result.html")


def _save_result(result, **given):
    return services.save_result(result, today=timezone.localdate(), **given)


@require_http_methods(["GET", "POST"])
def verify(request, pk):
    obligation = get_object_or_404(Obligation.objects.visible_to(request.user).with_names(), pk=pk)
    if closed := _closed(request, obligation, ObligationState.REPORTED, OFFICE):
        return closed
    try:
        found = services.new_verification(obligation)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("commitments:page", pk)
    form = _form(request, VerificationForm, found)
    return _edit(request, form, services.save_verification, "核验认定", "commitments/verify.html")


@require_http_methods(["GET", "POST"])
def edit_verification(request, pk):
    found = get_object_or_404(Verification.objects.visible_to(request.user).with_names(), pk=pk)
    if closed := _closed(request, found, VerificationState.DRAFT, OFFICE):
        return closed
    form = _form(request, VerificationForm, found, found.files.all())
    return _edit(request, form, services.save_verification, "修改核验结论", "commitments/verify.html")


def _form(request, form_class, instance, existing=(), **initial):
    """The form over a row with its files; it carries along which saved version the writer started from."""
    return form_class(
        request.POST or None,
        request.FILES or None,
        instance=instance,
        user=request.user,
        existing=existing,
        initial={"seen": stamp_of(instance), **initial},
    )


def _closed(request, obj, state, roles=WRITERS):
    """The way back when a form for `state` makes no sense to open; 404 for who may not write here.

    What was already typed is not thrown away: a POST goes on, and the service's refusal stands above the input.
    """
    require_within(request.user, obj.organisation, roles)
    if obj.state == state or request.method == "POST":
        return None
    messages.error(request, f"现在是“{obj.get_state_display()}”，不能这样改。")
    return redirect("commitments:page", getattr(obj, "obligation_id", obj.pk))


def _edit(request, form, save, heading, template="commitments/edit.html"):
    """Show the form, or save it and go to the commitment; what the service refuses stands above the input."""
    if request.method == "POST" and form.is_valid():
        try:
            more = form.more() if hasattr(form, "more") else {}
            seen = form.cleaned_data.get("seen", "")
            saved = save(form.instance, by=request.user, upload=form.upload(), seen=seen, **more)
        except (Refused, Unacceptable) as refusal:
            explain(form, refusal)
        else:
            messages.success(
                request, "草稿已保存，还没有提交审查。还差什么，写在“可办步骤”里；都齐了就点“提交审查”。"
            )
            return redirect("commitments:page", getattr(saved, "obligation_id", saved.pk))
    obligation = getattr(form.instance, "obligation", form.instance)
    returned = pointed_out(form.instance)
    context = {
        "heading": heading,
        "form": form,
        "obligation": obligation,
        "wording": WORDINGS[obligation.form],
        "forms": lists.forms(),
        "returned": returned,
        "flagged": flagged_words(returned),
    }
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    obligation = get_object_or_404(Obligation.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, FLOW, obligation, step, obligation)


@require_http_methods(["GET", "POST"])
def take_amendment_step(request, pk, step):
    amendment = get_object_or_404(Amendment.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, AMENDMENT, amendment, step, amendment.obligation)


@require_http_methods(["GET", "POST"])
def take_progress_step(request, pk, step):
    progress = get_object_or_404(ProgressUpdate.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, PROGRESS, progress, step, progress.obligation)


@require_http_methods(["GET", "POST"])
def take_result_step(request, pk, step):
    result = get_object_or_404(ResultReport.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, RESULT, result, step, result.obligation)


@require_http_methods(["GET", "POST"])
def take_verdict_step(request, pk, step):
    found = get_object_or_404(Verification.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, VERDICT, found, step, found.obligation)


def _what_follows(flow, name):
    """The sentence after a step was taken: who goes on, and what holds until then."""
    if name == "submit":
        if flow is VERDICT:
            return "接下来由区里的负责人复核，通过后公布。"
        if flow in (PROGRESS, RESULT):
            return "接下来由负责人复核，通过后公开。"
        return "接下来由初审、审核、审发三个人依次审查，通过后公开。"
    return {
        "recall": "改好后请重新提交。",
        "send_back": "承诺单位会收到理由，补充后重新报告。",
        "ask_revocation": "接下来由另一个人批准，批准以前认定照常公开。",
        "ask_withdrawal": "接下来由区审核员或区信用办批准，批准以前承诺照常公开。",
    }.get(name, "")


def _take(request, flow, obj, name, obligation):
    return stepping.take(
        request,
        flow,
        obj,
        name,
        template="commitments/step.html",
        back=reverse("commitments:page", args=[obligation.pk]),
        form_class=TakingDownForm,
        context={"it": obj, "obligation": obligation},
        follows=_what_follows(flow, name),
        warns=warning_about if name == "submit" else None,
    )
