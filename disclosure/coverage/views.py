"""Desk pages of the board and the self-inspection: the whole, one cell, what goes out as a table."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from disclosure.coverage import board, inspection, lists, services, sheet
from disclosure.coverage.forms import FilterForm
from disclosure.flows import WRITERS
from disclosure.models import Duty, Frequency
from longsha_credit.audit.history import timeline
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.exchange import sheets
from longsha_credit.web.pages import LAST_PAGE, Page, page_of

CELLS_ON_A_PAGE, UNITS_ON_A_PAGE = 50, 50
TOO_MANY = f"一次最多导出{sheets.MOST}条，格式是 csv 或 xlsx，请先缩小范围再导出。"


@require_safe
def overview(request):
    """The board: totals, then by unit, by topic or cell by cell."""
    today, query = timezone.localdate(), request.GET
    duties = lists.narrowed(lists.duties_of(request.user), query, request.user)
    ways = lists.ways(query)
    by = next(way["key"] for way in ways if way["current"])
    units = list(lists.units_of(request.user))
    totals = board.totals(duties, today)
    context = {
        "totals": totals,
        "ways": ways,
        "by": by,
        "form": FilterForm(query, units=units, with_state=by == "cells"),
        "narrowed": any(query.get(name) for name in ("unit", "level", "group", "topic", "state")),
        "today": today,
        **_rows(request, duties, by, totals, today),
    }
    return render(request, "disclosure/coverage/board.html", context)


def _rows(request, duties, by, totals, today):
    """What the chosen way shows: a page of units, of a single one with its cells, all topics, or a page of cells."""
    if by == "topic":
        return {"topics": board.by_topic(duties, today)}
    if by == "cells":
        return {"page": _cells_page(request, duties, totals, today)}
    page = page_of(request, board.by_unit(duties, today), UNITS_ON_A_PAGE)
    return {"page": page, "cells": board.cells(duties, today) if page.total == 1 else []}


def _cells_page(request, duties, totals, today):
    state, text = lists.state_asked(request.GET), request.GET.get("page", "")
    number = (
        min(int(text), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 7 and int(text) else 1
    )
    total = getattr(totals, state) if state else totals.total
    number = min(number, max(1, -(-total // CELLS_ON_A_PAGE)))
    rows, more = board.page_of(duties, today, state=state, number=number, size=CELLS_ON_A_PAGE)
    return Page(rows, number, CELLS_ON_A_PAGE, total, more)


@require_safe
def export(request):
    """The cells that the filters leave, as CSV or XLSX; too many are sent back to be narrowed."""
    user, kind, today = request.user, request.GET.get("format", "csv"), timezone.localdate()
    if not user.holds(*SEES_WORK):
        raise Http404
    duties = lists.narrowed(lists.duties_of(user), request.GET, user)
    state = lists.state_asked(request.GET)
    cells = board.cells(duties, today, state=state, most=sheets.MOST + 1)
    if len(cells) > sheets.MOST or kind not in sheets.KINDS:
        messages.error(request, TOO_MANY)
        return redirect("coverage:board")
    services.note_export(user, what="公开情况", number=len(cells), query=request.GET.urlencode())
    lines = sheet.lines(cells, dict(lists.LEVELS), dict(Frequency.choices))
    return sheets.download(kind, "公开情况", sheet.COLUMNS, lines, user=user, number=len(cells))


def _duty(request, pk):
    return get_object_or_404(Duty.objects.visible_to(request.user).current().with_names(), pk=pk)


def _cell(duty, today):
    """How the cell of one duty stands."""
    return board.cells(Duty.objects.public().filter(pk=duty.pk), today)[0]


@require_safe
def cell(request, pk):
    """One unit and one topic: what is published, until when it is fresh, who writes the next."""
    duty, today, user = _duty(request, pk), timezone.localdate(), request.user
    context = {
        "duty": duty,
        "cell": _cell(duty, today),
        "notices": lists.notices_in(duty, user),
        "clock": lists.clock_of(duty, user),
        "people": services.responsible_for(duty.organisation),
        "can_write": user.role_at(WRITERS, duty.organisation.path) is not None,
        "can_remind": services.may_remind(duty, user),
        "entries": timeline([duty]),
        "today": today,
    }
    return render(request, "disclosure/coverage/cell.html", context)


@require_POST
def remind(request, pk):
    duty = _duty(request, pk)
    try:
        told = services.remind(duty, state=_cell(duty, timezone.localdate()).state, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已提醒{'、'.join(str(person) for person in told)}。")
    return redirect("coverage:cell", pk)


def _unit(request):
    """The unit that is inspected: the one asked for, or the highest the user works in."""
    if not request.user.holds(*SEES_WORK):
        raise Http404
    asked = lists.unit_asked(request.user, request.GET.get("unit", ""))
    if unit := asked or lists.own_unit(request.user):
        return unit
    raise Http404


@require_safe
def self_inspection(request):
    """The inspectors' checks of one unit, with the rows behind each, and the units under it."""
    unit, today = _unit(request), timezone.localdate()
    findings = inspection.inspect(unit, request.user, today)
    context = {
        "unit": unit,
        "units": lists.units_of(request.user),
        "findings": findings,
        "failing": sum(finding.state == "broken" for finding in findings),
        "page": page_of(request, inspection.units_below(unit, request.user, today), 50),
        "today": today,
    }
    return render(request, "disclosure/coverage/inspection.html", context)


@require_safe
def self_inspection_file(request):
    unit, kind, today = _unit(request), request.GET.get("format", "csv"), timezone.localdate()
    if kind not in sheets.KINDS:
        messages.error(request, TOO_MANY)
        return redirect("coverage:inspection")
    lines = list(sheet.check_lines(inspection.inspect(unit, request.user, today)))
    services.note_export(request.user, what="自查结果", number=len(lines), query=request.GET.urlencode())
    name = f"自查{unit.name}"
    return sheets.download(kind, name, sheet.CHECK_COLUMNS, lines, user=request.user, number=len(lines))
