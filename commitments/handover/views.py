"""Desk pages of handovers: the list, one handover item by item, its document, the office's ledger over time."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commitments.handover import conditions, lists, metrics, reading, services, sheet
from commitments.handover.flows import FLOW, PAPER
from commitments.handover.forms import (
    IncomingForm,
    MergerForm,
    PaperForm,
    ReasonForm,
    RenameForm,
    StartForm,
    TextForm,
)
from commitments.models import Cause, Handover, HandoverItem, HandoverNote, Party, SignedPaper
from longsha_credit.audit.history import timeline
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory import postings
from longsha_credit.directory.models import Organisation, Posting
from longsha_credit.directory.roles import READS_TERMS, SEES_WORK
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange.documents import DOCX
from longsha_credit.exchange.official import services as official
from longsha_credit.files.checks import Unacceptable
from longsha_credit.web.pages import page_of


@require_safe
def handover_list(request):
    rows = Handover.objects.visible_to(request.user).with_names()
    context = {
        "page": page_of(request, lists.filtered(rows.with_tally(), request.GET, request.user)),
        "views": lists.views(rows, request.GET, request.user),
        "q": request.GET.get("q", ""),
    }
    return render(request, "commitments/handover/list.html", context)


def _handover(request, pk):
    """One in scope, its list brought up to date."""
    found = get_object_or_404(Handover.objects.visible_to(request.user).with_names(), pk=pk)
    if services.refresh(found, today=timezone.localdate()):
        found.refresh_from_db()
    return found


@require_safe
def page(request, pk):
    handover, user, today = _handover(request, pk), request.user, timezone.localdate()
    parties = conditions.parties_of(handover, user)
    items = reading.items_of(handover, user, parties)
    papers = list(SignedPaper.objects.visible_to(user).filter(handover=handover).select_related("file"))
    url = lambda step: reverse("handovers:step", args=[handover.pk, step])  # noqa: E731
    witness = handover.is_open and Party.WITNESS in parties
    context = {
        "handover": handover,
        "items": items,
        "tally": reading.tally(items),
        "party": Party(parties[0]) if parties else None,
        "waits": sum(item.waits and not item.waits_for_settling for item in items),
        "problems": reading.problems(handover, today),
        "offers": FLOW.available(handover, user, url=url),
        "papers": [_with_offers(it, user) for it in papers],
        "witnesses": witness,
        "names_successor": handover.is_open and reading.names_successor(handover, user),
        "clock": reading.clock_of(handover),
        "works_here": user.role_at(SEES_WORK, handover.organisation.path) is not None,
        "entries": timeline([handover, *papers]),
    }
    return render(request, "commitments/handover/page.html", context)


def _with_offers(paper, user):
    url = lambda step: reverse("handovers:paper_step", args=[paper.pk, step])  # noqa: E731
    paper.file.url = reverse("file", args=[paper.file_id])
    return {"it": paper, "offers": PAPER.available(paper, user, url=url)}


@require_http_methods(["GET", "POST"])
def start(request, posting):
    held = get_object_or_404(
        Posting.objects.visible_to(request.user).select_related("official", "post__parent"), pk=posting
    )
    require_within(request.user, held.unit, postings.KEEPS_POSTS)
    begun = Handover.objects.visible_to(request.user).filter(posting=held).not_cancelled().first()
    if begun:
        return redirect("handovers:page", begun.pk)
    form = StartForm(_sent(request), user=request.user, posting=held)
    context = {"form": form, "posting": held}
    return _asked(request, form, "commitments/handover/start.html", context, _start, held)


def _start(posting, *, by, leaves_on, cause, incoming):
    today = timezone.localdate()
    return services.start_handover(
        posting, leaves_on=leaves_on, cause=cause, incoming=incoming, by=by, today=today
    )


@require_http_methods(["GET", "POST"])
def merge(request, pk):
    unit = _unit(request, pk, postings.NAMES_UNITS)
    form = MergerForm(_sent(request), user=request.user, unit=unit)
    context = {"form": form, "unit": unit}
    return _asked(request, form, "commitments/handover/merge.html", context, _merge, unit)


def _merge(unit, *, by, successor, leaves_on, basis):
    given = {"cause": Cause.REORGANISATION, "basis": basis, "by": by, "today": timezone.localdate()}
    return services.start_merger(unit, successor, leaves_on=leaves_on, **given)


def _unit(request, pk, roles):
    """A unit in scope of one of these roles; posts have no such pages."""
    unit = get_object_or_404(
        Organisation.objects.visible_to(request.user).units().select_related("parent", "successor"), pk=pk
    )
    require_within(request.user, unit, roles)
    return unit


@require_http_methods(["GET", "POST"])
def rename(request, pk):
    unit = _unit(request, pk, postings.NAMES_UNITS)
    form = RenameForm(_sent(request), initial={"until": timezone.localdate()})
    context = {"form": form, "unit": unit}
    back = reverse("organisations:page", args=[unit.pk])
    return _asked(request, form, "commitments/handover/rename.html", context, _rename, unit, to=back)


def _rename(unit, *, by, **given):
    return services.rename_unit(unit, by=by, today=timezone.localdate(), **given)


@require_http_methods(["GET", "POST"])
def incoming(request, pk):
    handover = _handover(request, pk)
    if not reading.names_successor(handover, request.user):
        messages.error(request, "接交人由本单位负责人、监交人或区信用办管理员登记，请联系他们。")
        return redirect("handovers:page", handover.pk)
    form = IncomingForm(_sent(request), user=request.user, handover=handover)
    context = {"form": form, "handover": handover, "heading": "登记接交人"}
    return _asked(request, form, "commitments/handover/form.html", context, services.name_successor, handover)


@require_POST
def confirm(request, pk):
    handover = _handover(request, pk)
    sent = request.POST.getlist("item")
    items = [int(one) for one in sent if one.isascii() and one.isdigit() and len(one) < 19]
    if request.POST.get("all") and not request.POST.get("read"):
        messages.error(request, "全部确认以前，请先逐件看过清单，并勾选“已逐件看过”。")
        return redirect("handovers:page", handover.pk)
    if request.POST.get("all"):
        shown = request.POST.getlist("shown")
        items = [int(one) for one in shown if one.isascii() and one.isdigit() and len(one) < 19]
    try:
        number = services.confirm(handover, party=request.POST.get("party", ""), items=items, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已确认{number}件。")
    return redirect("handovers:page", handover.pk)


@require_http_methods(["GET", "POST"])
def dispute(request, pk):
    item = get_object_or_404(HandoverItem.objects.visible_to(request.user).select_related("handover"), pk=pk)
    parties = conditions.parties_of(item.handover, request.user)
    if not parties:
        messages.error(request, "异议由移交人、接交人、监交人提出，您不是这次交接的一方。")
        return redirect("handovers:page", item.handover_id)
    hint = "哪里对不上、您认为应当怎样。监交人处理以前，这一件不能完成交接。"
    form = TextForm(_sent(request), label="异议", hint=hint)
    context = {"form": form, "handover": item.handover, "heading": f"提出异议：{item}"}

    def save(item, *, by, text):
        services.dispute(item, party=parties[0], text=text, by=by)
        return item.handover

    return _asked(request, form, "commitments/handover/form.html", context, save, item)


@require_http_methods(["GET", "POST"])
def settle(request, pk):
    note = get_object_or_404(
        HandoverNote.objects.visible_to(request.user).select_related("item__handover"), pk=pk
    )
    handover = note.item.handover
    if Party.WITNESS not in conditions.parties_of(handover, request.user):
        messages.error(request, "异议由监交人处理，请联系上级单位的负责人。")
        return redirect("handovers:page", handover.pk)
    form = TextForm(_sent(request), label="怎样处理", hint="写明核对的情况和处理的办法，印在交接书上。")
    context = {"form": form, "handover": handover, "heading": f"处理异议：{note.item}", "note": note}

    def save(note, *, by, text):
        services.settle(note, text=text, by=by)
        return handover

    return _asked(request, form, "commitments/handover/form.html", context, save, note)


@require_http_methods(["GET", "POST"])
def paper(request, pk):
    handover = _handover(request, pk)
    if Party.WITNESS not in conditions.parties_of(handover, request.user):
        messages.error(request, "签字件由监交人上传，请联系上级单位的负责人。")
        return redirect("handovers:page", handover.pk)
    form = PaperForm(_sent(request), request.FILES or None)
    context = {"form": form, "handover": handover, "heading": "上传签字件"}
    return _asked(request, form, "commitments/handover/form.html", context, _bring_paper, handover)


def _bring_paper(handover, *, by, party, uploads, reason):
    services.bring_paper(
        handover, party=party, upload=uploads[0], reason=reason, by=by, today=timezone.localdate()
    )


def _sent(request):
    """What a form was sent with, even when that is nothing at all."""
    return request.POST if request.method == "POST" else None


def _asked(request, form, template, context, save, obj, to=None):
    """Show a form, or save it and go on to the handover; what the service refuses stands above the input."""
    if request.method == "POST" and form.is_valid():
        try:
            saved = save(obj, by=request.user, **form.cleaned_data)
        except (Refused, ValidationError) as fault:
            form.add_error(None, fault if isinstance(fault, ValidationError) else str(fault))
        except Unacceptable as fault:
            form.add_error("uploads", str(fault))
        else:
            messages.success(request, "已保存。")
            return redirect(to or reverse("handovers:page", args=[(saved or context["handover"]).pk]))
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    handover = _handover(request, pk)
    return _take(request, FLOW, handover, step, handover)


@require_http_methods(["GET", "POST"])
def take_paper_step(request, pk, step):
    it = get_object_or_404(
        SignedPaper.objects.visible_to(request.user).select_related("handover", "organisation"), pk=pk
    )
    return _take(request, PAPER, it, step, it.handover)


DONE = {
    "complete": "交接完成。原任职已经结束，接任的人已到任，清单上的事项由接任的人负责。",
    "override": "已批准先离任。没有确认完的事项仍在单位名下，期限照算。",
}


def _take(request, flow, obj, name, handover):
    """Take a step: at once, or after asking for its reason; a refusal is told on the handover's page."""
    step = flow.steps.get(name)
    if step is None or not step.button:
        raise Http404
    form = ReasonForm(_sent(request), step=step) if step.reason else None
    if request.method == "GET" or (form and not form.is_valid()):
        if refusal := flow.refusal(obj, step, request.user):
            messages.error(request, str(refusal))
            return redirect("handovers:page", handover.pk)
        context = {"form": form, "step": step, "handover": handover, "problems": []}
        status = 422 if request.method == "POST" else 200
        return render(request, "commitments/handover/step.html", context, status=status)
    try:
        flow.take(obj, name, by=request.user, **(form.cleaned_data if form else {}))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, DONE.get(name, f"{step.label}：已办理。"))
    return _after(request, handover)


def _after(request, handover):
    """Back to the page, where the reader may still open it."""
    if Handover.objects.visible_to(request.user).filter(pk=handover.pk).exists():
        return redirect("handovers:page", handover.pk)
    return redirect("desk")


@require_safe
def sheet_page(request, pk):
    handover = _handover(request, pk)
    context = {"handover": handover, "paper": _paper_of(request, handover)}
    return render(request, "commitments/handover/sheet.html", context)


def _paper_of(request, handover):
    items = reading.items_of(handover, request.user, [])
    return sheet.paper_of(handover, items, list(reading.disputes_of(handover)))


@require_safe
def document(request, pk):
    handover = _handover(request, pk)
    response = HttpResponse(official.word_now(handover), content_type=DOCX)
    name = f"{handover.organisation.name}交接书{handover.number}.docx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


@require_safe
def terms(request, pk):
    """What was promised under whom: by person, for the unit's lead and those above."""
    unit = _unit(request, pk, READS_TERMS)
    found = metrics.terms_of(unit, reading.desk_promises(unit))
    context = {"unit": unit, "terms": found, **lists.chosen(found, request.GET)}
    return render(request, "commitments/handover/terms.html", context)
