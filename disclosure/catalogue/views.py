"""Desk pages of proposals for the catalogue, and the files in the standard catalogue's columns."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from disclosure import lists as notices
from disclosure.catalogue import lists, sheet
from disclosure.catalogue.flows import FLOW
from disclosure.coverage.services import note_export
from disclosure.models import Notice, ProposalState, Topic, TopicProposal
from disclosure.services import KEEPERS
from longsha_credit.audit import stepping
from longsha_credit.audit.history import timeline
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.exchange import sheets
from longsha_credit.exchange.imports import services as imports
from longsha_credit.web.pages import page_of

FOLDER = "disclosure/catalogue"


@require_safe
def proposal_list(request):
    user = request.user
    if not user.holds(*KEEPERS):
        raise Http404
    rows = lists.filtered(TopicProposal.objects.visible_to(user).with_names(), request.GET, user)
    page = page_of(request, rows)
    context = {
        "page": page,
        "rows": lists.differences(list(page), timezone.localdate()),
        "states": ProposalState.choices,
        "state": request.GET.get("state", ""),
        "of_import": imports.asked(request.GET),
    }
    return render(request, f"{FOLDER}/list.html", context)


def _proposal(request, pk):
    return get_object_or_404(TopicProposal.objects.visible_to(request.user).with_names(), pk=pk)


@require_safe
def proposal(request, pk):
    it = _proposal(request, pk)
    ((_, changes),) = lists.differences([it], timezone.localdate())
    context = {
        "it": it,
        "changes": changes,
        "offers": FLOW.available(
            it, request.user, url=lambda step: reverse("proposals:step", args=[pk, step])
        ),
        "entries": timeline([it]),
    }
    return render(request, f"{FOLDER}/page.html", context)


@require_http_methods(["GET", "POST"])
def step(request, pk, step):
    it, back = _proposal(request, pk), reverse("proposals:page", args=[pk])
    follows = "公开目录已经更新，读者看得到改了什么和理由。" if step == "adopt" else ""
    return stepping.take(
        request, FLOW, it, step, template=f"{FOLDER}/step.html", back=back, context={"back": back},
        follows=follows,
    )  # fmt: skip


def _format(request):
    kind = request.GET.get("format", "xlsx")
    if not request.user.holds(*SEES_WORK) or kind not in sheets.KINDS:
        raise Http404
    return kind


@require_safe
def standard_file(request):
    """The topics in use: as a workbook with the real catalogue's head of two rows, as csv with one."""
    kind, user = _format(request), request.user
    rows = sheet.lines(Topic.objects.public().in_use().order_by("number"))
    note_export(user, what="公开目录", number=len(rows), query=request.GET.urlencode())
    if kind == "csv":
        return sheets.download(kind, sheet.NAME, sheet.FLAT, rows, user=user, marked=False)
    name = f"{sheet.NAME}-{timezone.localtime():%Y%m%d%H%M}-{user.username}.xlsx"
    return FileResponse(sheet.workbook(rows), as_attachment=True, filename=name)


@require_safe
def disclosed_file(request):
    """What the list of notices shows at the same address of what is public, each with the columns of its topic."""
    kind, user = _format(request), request.user
    rows = notices.filtered(Notice.objects.visible_to(user).public(), request.GET, user)
    number = rows.order_by().count()
    if number > sheets.MOST:
        messages.error(request, f"一次最多导出{sheets.MOST}条，请先缩小范围再导出。")
        return redirect("disclosure:list")
    note_export(user, what="公开内容（标准目录栏目）", number=number, query=request.GET.urlencode())
    rows = rows.select_related("topic", "organisation", "publication").order_by("topic__number", "-id")
    heads = (*sheet.FLAT, *sheet.DISCLOSED)
    lines = sheet.disclosed(rows.iterator(500))
    return sheets.download(
        kind, "公开内容（标准目录栏目）", heads, lines, user=user, number=number, marked=False
    )
