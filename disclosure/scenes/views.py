"""Desk pages of scenes: list, one scene with its steps and months, its forms."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from disclosure.models import MonthState, RevisionState, Scene, SceneMonth, SceneRevision, SceneState
from disclosure.scenes import conditions, guard, lists, reading, services
from disclosure.scenes.flows import FLOW, MONTH, REVISION, WRITERS
from disclosure.scenes.forms import DraftForm, MonthForm, RevisionForm, StepForm
from disclosure.scenes.wording import CONSENT, LEAVING
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.scope import require_within
from longsha_credit.files.checks import Unacceptable
from longsha_credit.publication.drafts import explain, stamp_of
from longsha_credit.publication.gate import pointed_out
from longsha_credit.publication.services import warning_about
from longsha_credit.publication.sheet import flagged_words
from longsha_credit.web.pages import page_of


@require_safe
def scene_list(request):
    rows = Scene.objects.visible_to(request.user).with_names()
    context = {
        "page": page_of(request, lists.filtered(rows, request.GET, request.user)),
        "views": lists.views(rows, request.GET, request.user),
        "q": request.GET.get("q", ""),
        "can_write": request.user.holds(*WRITERS),
    }
    return render(request, "disclosure/scenes/list.html", context)


@require_safe
def page(request, pk):
    scene = get_object_or_404(Scene.objects.visible_to(request.user).with_names(), pk=pk)
    context = reading.page_context(scene, request.user, timezone.localdate())
    return render(request, "disclosure/scenes/page.html", context)


@require_http_methods(["GET", "POST"])
def new(request):
    if not request.user.holds(*WRITERS):
        raise Http404
    start = {"consent": CONSENT, "leaving": LEAVING, **lists.start(request.user)}
    form = _form(request, DraftForm, Scene(), **start)
    return _edit(request, form, services.save_scene, "写场景")


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    scene = get_object_or_404(Scene.objects.visible_to(request.user).with_names(), pk=pk)
    if closed := _closed(request, scene, SceneState.DRAFT):
        return closed
    form = _form(request, DraftForm, scene, scene.files.all())
    return _edit(request, form, services.save_scene, "修改场景草稿")


@require_http_methods(["GET", "POST"])
def revise(request, pk):
    scene = get_object_or_404(Scene.objects.visible_to(request.user).with_names(), pk=pk)
    if closed := _closed(request, scene, SceneState.PUBLISHED):
        return closed
    form = _form(request, RevisionForm, services.new_revision(scene), scene.files.all())
    return _edit(request, form, services.save_revision, "修改场景")


@require_http_methods(["GET", "POST"])
def edit_revision(request, pk):
    revision = get_object_or_404(SceneRevision.objects.visible_to(request.user).with_names(), pk=pk)
    if closed := _closed(request, revision, RevisionState.DRAFT):
        return closed
    form = _form(request, RevisionForm, revision, revision.files.all())
    return _edit(request, form, services.save_revision, "接着修改场景")


@require_http_methods(["GET", "POST"])
def report_month(request, pk):
    scene = get_object_or_404(Scene.objects.visible_to(request.user).with_names(), pk=pk)
    if closed := _closed(request, scene, *conditions.OUT):
        return closed
    months = services.open_months(scene, timezone.localdate())
    if not months and request.method == "GET":
        messages.error(request, "现在没有要填的月份：过完一个月才能填，填过的月份用“更正”。")
        return redirect("scenes:page", pk)
    form = _month_form(request, services.new_month(scene), months=months)
    return _edit_month(request, form, "报月度数字")


@require_http_methods(["GET", "POST"])
def edit_month(request, pk):
    month = get_object_or_404(SceneMonth.objects.visible_to(request.user).with_names(), pk=pk)
    if closed := _closed(request, month, MonthState.DRAFT):
        return closed
    return _edit_month(request, _month_form(request, month), "修改月度数字")


@require_http_methods(["GET", "POST"])
def correct_month(request, pk):
    month = get_object_or_404(SceneMonth.objects.visible_to(request.user).first_reports().with_names(), pk=pk)
    if closed := _closed(request, month, MonthState.PUBLISHED):
        return closed
    return _edit_month(request, _month_form(request, services.new_correction(month)), "更正月度数字")


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


def _month_form(request, month, months=()):
    return MonthForm(request.POST or None, instance=month, months=months, initial={"seen": stamp_of(month)})


def _scene_of(row):
    return getattr(row, "of", None) or getattr(row, "scene", None) or row


def _closed(request, obj, *states):
    """The way back when a form makes no sense to open; 404 for who may not write here.

    What was already typed is not thrown away: a POST goes on, and the service's refusal stands above the input.
    """
    require_within(request.user, obj.organisation, WRITERS)
    if obj.state in states or request.method == "POST":
        return None
    messages.error(request, f"现在是“{obj.get_state_display()}”，不能这样改。")
    return redirect("scenes:page", _scene_of(obj).pk)


def _edit(request, form, save, heading):
    """Show the form, or save it and go to the scene; what the service refuses stands above the input."""
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data.get("seen", "")
            saved = save(form.instance, by=request.user, upload=form.upload(), seen=seen)
        except (Refused, Unacceptable) as refusal:
            explain(form, refusal)
        else:
            _tell_saved(request, saved)
            return redirect("scenes:page", _scene_of(saved).pk)
    returned = pointed_out(form.instance)
    context = {
        "heading": heading,
        "form": form,
        "scene": _scene_of(form.instance),
        "returned": returned,
        "flagged": flagged_words(returned),
        "rules": guard.RULES,
    }
    return render(request, "disclosure/scenes/edit.html", context, status=422 if form.is_bound else 200)


def _edit_month(request, form, heading):
    month = form.instance
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_month(month, by=request.user, seen=form.cleaned_data.get("seen", ""))
        except Refused as refusal:
            explain(form, refusal)
        else:
            _tell_saved(request, saved)
            return redirect("scenes:page", month.scene_id)
    context = {
        "heading": heading,
        "form": form,
        "scene": month.scene,
        "month": month,
        "returned": pointed_out(month),
    }
    return render(request, "disclosure/scenes/month.html", context, status=422 if form.is_bound else 200)


def _tell_saved(request, row):
    """A draft is kept whatever it says; what would stand against it is told at once."""
    messages.success(
        request, "草稿已保存，还没有提交审查。还差什么，写在“可办步骤”里；都齐了就点“提交审查”。"
    )
    if found := len(conditions.breaches(row)):
        messages.warning(
            request, f"有{found}处写法不符合“只有便利、没有惩戒”，改好以前不能提交。每一处都列在本页。"
        )


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    scene = get_object_or_404(Scene.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, FLOW, scene, step)


@require_http_methods(["GET", "POST"])
def take_revision_step(request, pk, step):
    revision = get_object_or_404(SceneRevision.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, REVISION, revision, step)


@require_http_methods(["GET", "POST"])
def take_month_step(request, pk, step):
    month = get_object_or_404(SceneMonth.objects.visible_to(request.user).with_names(), pk=pk)
    return _take(request, MONTH, month, step)


def _what_follows(flow, name):
    """The sentence after a step was taken: who goes on, and what holds until then."""
    if name == "submit":
        return (
            "接下来由负责人复核，通过后公开。"
            if flow is MONTH
            else "接下来由初审、审核、审发三个人依次审查，通过后公开。"
        )
    return {
        "recall": "改好后请重新提交。",
        "suspend": "公开页面已经写明暂停。",
        "resume": "公开页面已经写明恢复。",
        "end": "公开页面已经写明结束；以前各月的数字还可以补报、更正。",
        "ask_withdrawal": "接下来由区审核员或区信用办批准，批准以前场景照常公开。",
    }.get(name, "")


def _take(request, flow, obj, name):
    """Take a step: at once, or after asking for what it needs; a refusal is told on the scene's page."""
    step, scene = flow.steps.get(name), _scene_of(obj)
    if step is None or not step.button:
        raise Http404
    form = StepForm(request.POST or None, step=step)
    asks = step.reason or step.asks
    if request.method == "GET" or (asks and not form.is_valid()):
        if refusal := flow.refusal(obj, step, request.user):
            messages.error(request, str(refusal))
            return redirect("scenes:page", scene.pk)
        context = {"form": form, "step": step, "it": obj, "scene": scene}
        status = 422 if request.method == "POST" else 200
        return render(request, "disclosure/scenes/step.html", context, status=status)
    try:
        flow.take(obj, name, by=request.user, **(form.cleaned_data if asks else {}))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{step.label}：已办理。{_what_follows(flow, name)}")
        if warning := name == "submit" and warning_about(obj):
            messages.warning(request, warning)
    return redirect("scenes:page", scene.pk)
