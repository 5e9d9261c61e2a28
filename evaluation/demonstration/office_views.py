"""Desk pages of the district: rounds, notices of candidates, objections to them, awards and their papers."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.demonstration import awards, objections, panels, papers, reading, services
from evaluation.demonstration.answering import FOLDER, shown
from evaluation.demonstration.flows import AWARD, CYCLE, DISTRICT, NOTICE, OBJECTION, OFFICE
from evaluation.demonstration.forms import (
    ApprovalForm,
    AwardForm,
    CycleForm,
    NoticeForm,
    ObjectionStepForm,
    PanelForm,
    RecheckForm,
    TakeDownForm,
)
from evaluation.models import Application, Award, CandidateNotice, Cycle, NoticeObjection
from longsha_credit.audit import stepping
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange import documents, sheets
from longsha_credit.files.checks import Unacceptable
from longsha_credit.publication.drafts import explain, stamp_of


def _cycle(request, pk, roles=None):
    cycle = get_object_or_404(Cycle.objects.visible_to(request.user).with_names(), pk=pk)
    if roles:
        require_within(request.user, cycle.organisation, roles)
    return cycle


@require_http_methods(["GET", "POST"])
def new_cycle(request):
    user = request.user
    units = Organisation.objects.visible_to(user).where(user, DISTRICT)
    district = units.filter(level=Level.DISTRICT).first()
    if district is None:
        raise Http404
    return _edit_cycle(request, Cycle(organisation=district), "拟定轮次")


@require_http_methods(["GET", "POST"])
def edit_cycle(request, pk):
    cycle = _cycle(request, pk, DISTRICT)
    if cycle.state != "draft" and request.method == "GET":
        messages.error(request, f"现在是“{cycle.get_state_display()}”，不能再改。")
        return redirect("demonstration:cycle", pk)
    return _edit_cycle(request, cycle, "修改轮次")


def _edit_cycle(request, cycle, heading):
    form = CycleForm(
        request.POST or None, instance=cycle, user=request.user, initial={"seen": stamp_of(cycle)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.save_cycle(form.instance, by=request.user, seen=form.cleaned_data.get("seen", ""))
        except Refused as refusal:
            explain(form, refusal)
        else:
            messages.success(request, "已保存。由另一个人核对后启用。")
            return redirect("demonstration:cycle", form.instance.pk)
    back = reverse("demonstration:cycle", args=[cycle.pk]) if cycle.pk else reverse("demonstration:list")
    return shown(request, form, heading, back)


@require_safe
def cycle(request, pk):
    return render(request, f"{FOLDER}/cycle.html", reading.cycle_page(_cycle(request, pk), request.user))


@require_http_methods(["GET", "POST"])
def take_cycle_step(request, pk, step):
    it, back = _cycle(request, pk), reverse("demonstration:cycle", args=[pk])
    context = {"back": back, "about": it}
    return stepping.take(request, CYCLE, it, step, template=f"{FOLDER}/step.html", back=back, context=context)


@require_http_methods(["GET", "POST"])
def approval(request, pk):
    it, form = _cycle(request, pk, OFFICE), ApprovalForm(request.POST or None)
    back = reverse("demonstration:cycle", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            services.register_approval(it, **form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已登记批准文号，这一轮可以命名、授牌。")
            return redirect(back)
    lead = "《创建示范活动管理办法（试行）》：没有经批准的，不命名、不授牌，只能叫“试点对标评价”。登记一次，不能再改。"
    return shown(request, form, "登记批准文号", back, lead=lead, button="登记")


@require_POST
def facts(request, pk):
    it = _cycle(request, pk, OFFICE)
    try:
        services.take_facts(it, by=request.user, today=timezone.localdate())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已取数并计分。以后的变化不影响这一次的数。")
    return redirect("demonstration:cycle", pk)


@require_http_methods(["GET", "POST"])
def panel(request, pk):
    """One panel for every application of the round at once."""
    it, back = _cycle(request, pk, OFFICE), reverse("demonstration:cycle", args=[pk])
    form = PanelForm(request.POST or None, members=panels.members(it))
    if request.method == "POST" and form.is_valid():
        try:
            begun, away = panels.assign(it, form.chosen(), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已分派{begun}个席位。{'；'.join(away)}")
            return redirect(back)
    lead = f"{it.title}。评审员给每一条人工评审的指标打分；自己的分全部提交以前，看不到别人的分、合计和排序。"
    return shown(request, form, "分派评审员", back, lead=lead, button="分派")


@require_safe
def scores(request, pk):
    """The panel's points as a table, of what the reader may see."""
    it, kind = _cycle(request, pk, DISTRICT), request.GET.get("format", "csv")
    lines = reading.score_lines(it, request.user)
    if kind not in sheets.KINDS:
        return redirect("demonstration:cycle", pk)
    record(it, step="export", label="导出评审分", by=request.user, roles=DISTRICT, reason=f"{len(lines)}行")
    return sheets.download(kind, "评审分", reading.SCORE_COLUMNS, lines, user=request.user, number=len(lines))


# --- notices ---------------------------------------------------------------------------------------------------------


def _notice(request, pk):
    return get_object_or_404(CandidateNotice.objects.visible_to(request.user).with_names(), pk=pk)


@require_http_methods(["GET", "POST"])
def new_notice(request, pk):
    return _edit_notice(request, awards.new_notice(_cycle(request, pk, OFFICE)), "写公示")


@require_http_methods(["GET", "POST"])
def edit_notice(request, pk):
    it = _notice(request, pk)
    require_within(request.user, it.organisation, OFFICE)
    if it.state != "draft" and request.method == "GET":
        messages.error(request, f"现在是“{it.get_state_display()}”，不能这样改。")
        return redirect("demonstration:notice", pk)
    return _edit_notice(request, it, "修改公示")


def _edit_notice(request, it, heading):
    rows = Application.objects.visible_to(request.user).with_names().filter(cycle=it.cycle, state="candidate")
    offered = [row for row in rows if row.notice_id in (None, it.pk)]
    existing = it.files.all() if it.pk else ()
    form = NoticeForm(
        request.POST or None, request.FILES or None, instance=it, offered=offered, existing=existing,
        initial={"seen": stamp_of(it)},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            awards.save_notice(
                it, form.chosen(), by=request.user, seen=form.cleaned_data["seen"], upload=form.upload()
            )
        except (Refused, Unacceptable) as refusal:
            explain(form, refusal)
        else:
            messages.success(request, "草稿已保存。提交以后由三个人依次审查，通过当天起公示。")
            return redirect("demonstration:notice", it.pk)
    back = (
        reverse("demonstration:notice", args=[it.pk])
        if it.pk
        else reverse("demonstration:cycle", args=[it.cycle_id])
    )
    return shown(request, form, heading, back, lead=it.cycle.title, button="保存草稿")


@require_safe
def notice(request, pk):
    return render(request, f"{FOLDER}/notice.html", reading.notice_page(_notice(request, pk), request.user))


@require_http_methods(["GET", "POST"])
def take_notice_step(request, pk, step):
    it, back = _notice(request, pk), reverse("demonstration:notice", args=[pk])
    return stepping.take(
        request, NOTICE, it, step, template=f"{FOLDER}/step.html", back=back, form_class=TakeDownForm,
        context={"back": back, "about": it},
    )  # fmt: skip


# --- objections ------------------------------------------------------------------------------------------------------


def _objection(request, pk):
    return get_object_or_404(NoticeObjection.objects.visible_to(request.user).with_names(), pk=pk)


@require_safe
def objection(request, pk):
    return render(
        request, f"{FOLDER}/objection.html", reading.objection_page(_objection(request, pk), request.user)
    )


@require_POST
def read_objection(request, pk):
    """The sealed words; each reading is an entry."""
    it = _objection(request, pk)
    said = objections.read(it, by=request.user)
    context = reading.objection_page(it, request.user) | {"said": said}
    return render(request, f"{FOLDER}/objection.html", context)


@require_http_methods(["GET", "POST"])
def take_objection_step(request, pk, step):
    it, back = _objection(request, pk), reverse("demonstration:objection", args=[pk])
    return stepping.take(
        request, OBJECTION, it, step, template=f"{FOLDER}/step.html", back=back, form_class=ObjectionStepForm,
        context={"back": back, "about": it, "reply": objections.reply_of(it)},
    )  # fmt: skip


# --- awards ----------------------------------------------------------------------------------------------------------


def _award(request, pk):
    return get_object_or_404(Award.objects.visible_to(request.user).with_names().with_suspension(), pk=pk)


@require_http_methods(["GET", "POST"])
def new_award(request, pk):
    it = get_object_or_404(Application.objects.visible_to(request.user).with_names(), pk=pk)
    require_within(request.user, it.cycle.organisation, OFFICE)
    if (
        existing := Award.objects.visible_to(request.user)
        .filter(application=it)
        .exclude(state="discarded")
        .first()
    ):
        return redirect("demonstration:award", existing.pk)
    return _edit_award(request, awards.new_award(it), "写评定结果")


@require_http_methods(["GET", "POST"])
def edit_award(request, pk):
    it = _award(request, pk)
    require_within(request.user, it.organisation, OFFICE)
    if it.state != "draft" and request.method == "GET":
        messages.error(request, f"现在是“{it.get_state_display()}”，不能这样改。")
        return redirect("demonstration:award", pk)
    return _edit_award(request, it, "修改评定结果")


def _edit_award(request, it, heading):
    form = AwardForm(
        request.POST or None, request.FILES or None, instance=it, existing=it.files.all() if it.pk else (),
        initial={"seen": stamp_of(it)},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            awards.save_award(it, by=request.user, seen=form.cleaned_data["seen"], upload=form.upload())
        except (Refused, Unacceptable) as refusal:
            explain(form, refusal)
        else:
            messages.success(request, "草稿已保存。提交以后由三个人依次审查，通过当天起生效并公开。")
            return redirect("demonstration:award", it.pk)
    back = reverse("demonstration:page", args=[it.application_id])
    return shown(request, form, heading, back, lead=str(it.application), button="保存草稿")


@require_safe
def award(request, pk):
    return render(request, f"{FOLDER}/award.html", reading.award_page(_award(request, pk), request.user))


@require_http_methods(["GET", "POST"])
def take_award_step(request, pk, step):
    it, back = _award(request, pk), reverse("demonstration:award", args=[pk])
    return stepping.take(
        request, AWARD, it, step, template=f"{FOLDER}/step.html", back=back, form_class=TakeDownForm,
        context={"back": back, "about": it},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def recheck(request, pk):
    it, form = _award(request, pk), RecheckForm(request.POST or None)
    require_within(request.user, it.organisation, DISTRICT)
    back = reverse("demonstration:award", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            awards.recheck(it, **form.cleaned_data, by=request.user, today=timezone.localdate())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已登记年度复核。")
            return redirect(back)
    return shown(request, form, "年度复核", back, lead=str(it), button="登记")


def _paper(request, it):
    return papers.paper_of(it, request.build_absolute_uri(reverse("public_demonstration:verify")))


@require_safe
def paper(request, pk):
    it = get_object_or_404(Award.objects.visible_to(request.user).with_names().exclude(number=""), pk=pk)
    return render(request, f"{FOLDER}/paper.html", {"award": it, "paper": _paper(request, it)})


@require_safe
def paper_word(request, pk):
    """The certificate or the letter as a Word file, to be sealed and handed over."""
    it = get_object_or_404(Award.objects.visible_to(request.user).with_names().exclude(number=""), pk=pk)
    response = HttpResponse(documents.docx(_paper(request, it)), content_type=documents.DOCX)
    response["Content-Disposition"] = content_disposition_header(True, f"{it.number}.docx")
    return response
