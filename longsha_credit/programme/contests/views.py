"""Desk pages of contests: list, one contest with its steps, numbers and result, its forms."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from longsha_credit.audit.stepping import take
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.scope import require_within
from longsha_credit.programme.contests import lists, reading, services
from longsha_credit.programme.contests.flows import FLOW, HOLDS, RESULT, REVISION
from longsha_credit.programme.contests.forms import (
    ContestForm,
    ContestStepForm,
    DrawFormSet,
    ResultForm,
    RevisionForm,
    own_units,
)
from longsha_credit.programme.models import (
    Contest,
    ContestResult,
    ContestRevision,
    ContestState,
    ResultState,
)
from longsha_credit.publication.drafts import explain, stamp_of
from longsha_credit.publication.gate import pointed_out
from longsha_credit.publication.sheet import flagged_words
from longsha_credit.web.pages import page_of

FOLDER = "programme/contests"


@require_safe
def contest_list(request):
    rows = Contest.objects.visible_to(request.user).with_names()
    context = {
        "page": page_of(request, lists.contests(rows, request.GET, request.user)),
        "views": lists.contest_views(rows, request.GET, request.user),
        "can_write": request.user.holds(*HOLDS),
    }
    return render(request, f"{FOLDER}/list.html", context)


@require_safe
def page(request, pk):
    contest = get_object_or_404(Contest.objects.visible_to(request.user).with_names(), pk=pk)
    return render(request, f"{FOLDER}/page.html", reading.page_context(contest, request.user))


START = {
    "minutes": 20,
    "attempts": 2,
    "counts": "best",
    "ranked_by": "rate",
    "tie": "other",
    "min_sample": 10,
}


@require_http_methods(["GET", "POST"])
def new(request):
    if not request.user.holds(*HOLDS):
        raise Http404
    contest = Contest(organisation=own_units(request.user)[0], **START)
    return _edit(request, contest, "办竞赛")


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    contest = get_object_or_404(Contest.objects.visible_to(request.user).with_names(), pk=pk)
    require_within(request.user, contest.organisation, HOLDS)
    if contest.state != ContestState.DRAFT and request.method == "GET":
        messages.error(
            request,
            f"竞赛现在是“{contest.get_state_display()}”，不能再改草稿；公开以后要改名称、说明或者延长时间，用“更正”。",
        )
        return redirect("contests:page", pk)
    return _edit(request, contest, "修改竞赛草稿")


def _edit(request, contest, heading):
    """Show the form with its lines, or save all of it; what the service refuses stands above the input."""
    form = ContestForm(
        request.POST or None, user=request.user, instance=contest, initial={"seen": stamp_of(contest)}
    )
    lines = DrawFormSet(request.POST or None, prefix="draws", initial=_lines(contest))
    if request.method == "POST" and all([form.is_valid(), lines.is_valid()]):
        given = {"units": form.chosen(), "draws": lines.draws(), "seen": form.cleaned_data["seen"]}
        try:
            saved = services.save_contest(form.instance, by=request.user, **given)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "草稿已保存，还没有提交审查。核对后点“提交审查”。")
            return redirect("contests:page", saved.pk)
    returned = pointed_out(contest)
    context = {"heading": heading, "form": form, "lines": lines, "contest": contest}
    context |= {"returned": returned, "flagged": flagged_words(returned)}
    return render(request, f"{FOLDER}/edit.html", context, status=422 if form.is_bound else 200)


def _lines(contest):
    names = ("kind", "category", "number", "points")
    return (
        [{name: getattr(draw, name) for name in names} for draw in contest.draws.all()] if contest.pk else []
    )


@require_http_methods(["GET", "POST"])
def amend(request, pk):
    """The next version of a public contest: its words, more time."""
    contest = get_object_or_404(Contest.objects.visible_to(request.user).with_names(), pk=pk)
    require_within(request.user, contest.organisation, HOLDS)
    if request.method == "GET" and (refusal := services.revision_refusal(contest)):
        messages.error(request, refusal)
        return redirect("contests:page", pk)
    return _amend(request, services.new_revision(contest))


@require_http_methods(["GET", "POST"])
def edit_revision(request, pk):
    revision = get_object_or_404(ContestRevision.objects.visible_to(request.user).with_names(), pk=pk)
    require_within(request.user, revision.organisation, HOLDS)
    if revision.state != "draft" and request.method == "GET":
        messages.error(request, f"更正现在是“{revision.get_state_display()}”，不能再改。")
        return redirect("contests:page", revision.of_id)
    return _amend(request, revision)


def _amend(request, revision):
    form = RevisionForm(request.POST or None, instance=revision, initial={"seen": stamp_of(revision)})
    if request.method == "POST" and form.is_valid():
        try:
            services.save_revision(form.instance, by=request.user, seen=form.cleaned_data["seen"])
        except Refused as refused:
            explain(form, refused)
        else:
            messages.success(request, "更正已保存，还没有提交审查。核对后在本页“更正”里点“提交审查”。")
            return redirect("contests:page", revision.of_id)
    returned = pointed_out(revision)
    context = {"form": form, "contest": revision.of, "revision": revision, "returned": returned}
    context["flagged"] = flagged_words(returned)
    return render(request, f"{FOLDER}/amend.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    contest = get_object_or_404(Contest.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, FLOW, contest, step, contest)


@require_http_methods(["GET", "POST"])
def take_result_step(request, pk, step):
    result = get_object_or_404(ContestResult.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, RESULT, result, step, result.contest)


@require_http_methods(["GET", "POST"])
def take_revision_step(request, pk, step):
    revision = get_object_or_404(ContestRevision.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, REVISION, revision, step, revision.of)


def _take(request, flow, row, step, contest):
    follows = {
        "submit": "接下来由初审、审核、审发三个人依次审查，通过后公开。" if flow is not RESULT else "接下来由负责人复核，通过后公布。"
    }.get(step, "")  # fmt: skip
    return take(
        request, flow, row, step, template=f"{FOLDER}/step.html", back=reverse("contests:page", args=[contest.pk]),
        form_class=ContestStepForm, context={"contest": contest}, follows=follows,
    )  # fmt: skip


@require_POST
def count(request, pk):
    """Count the figures of a contest that is over."""
    contest = get_object_or_404(Contest.objects.visible_to(request.user).with_names(), pk=pk)
    require_within(request.user, contest.organisation, HOLDS)
    try:
        result = services.draw_up_result(contest, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("contests:page", pk)
    messages.success(request, "结果已统计。核对数字，写上说明，再提交复核。")
    return redirect("contests:result_edit", result.pk)


@require_http_methods(["GET", "POST"])
def edit_result(request, pk):
    result = get_object_or_404(ContestResult.objects.visible_to(request.user).with_names(), pk=pk)
    require_within(request.user, result.organisation, HOLDS)
    if result.state != ResultState.DRAFT and request.method == "GET":
        messages.error(request, f"结果现在是“{result.get_state_display()}”，不能再改。")
        return redirect("contests:page", result.contest_id)
    form = ResultForm(request.POST or None, instance=result, initial={"seen": stamp_of(result)})
    if request.method == "POST" and form.is_valid():
        try:
            services.save_result(form.instance, by=request.user, seen=form.cleaned_data["seen"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "说明已保存。核对后点“提交审查”，由负责人复核。")
            return redirect("contests:page", result.contest_id)
    context = {"form": form, "result": result, "contest": result.contest}
    return render(request, f"{FOLDER}/result.html", context, status=422 if form.is_bound else 200)
