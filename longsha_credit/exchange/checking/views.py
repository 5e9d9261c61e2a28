"""A page that holds a file against a form of others; nothing of the file is kept."""

from dataclasses import replace
from pathlib import PurePath

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from longsha_credit.exchange.checking import services
from longsha_credit.exchange.checking.forms import CheckForm
from longsha_credit.exchange.checking.registry import FORMS
from longsha_credit.exchange.tables import reading
from longsha_credit.exchange.tables import template as templates
from longsha_credit.exchange.tables.wrong import Unreadable

MOST_ROWS, MOST_SHOWN = 5000, 200


def _form_of(request, key):
    """The form, for those whose work it is; for all others there is no such address."""
    form = FORMS.get(key)
    if form is None or not request.user.holds(*form.roles):
        raise Http404
    sheet = form.sheet()
    sheet = replace(sheet, most_rows=min(sheet.most_rows, MOST_ROWS))
    return replace(form, sheet=lambda: sheet)


@require_http_methods(["GET", "POST"])
def check(request, key):
    """What is wrong in a file, cell by cell; by the second button the file itself with its faults marked."""
    held = _form_of(request, key)
    brought = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CheckForm(*brought, most_rows=held.sheet().most_rows)
    report, name = None, ""
    if request.method == "POST" and form.is_valid():
        name = PurePath(str(form.cleaned_data["file"].name)).name[:100]
        try:
            report = _looked_at(form.cleaned_data["file"], held, name, request.POST.get("answer"))
        except Unreadable as problem:
            form.add_error("file", str(problem))
    if isinstance(report, FileResponse):
        return report
    context = {
        "form": form,
        "held": held,
        "report": report,
        "name": name,
        "cells": report.cells[:MOST_SHOWN] if report else [],
        "fields": [(field, templates.how(field)) for field in held.sheet().fields],
        "back": reverse(held.back),
    }
    return render(request, "exchange/checking/check.html", context, status=422 if form.errors else 200)


def _looked_at(file, held, name, answer):
    """The report of a file, or the answer that saves it with its faults marked. Raises Unreadable."""
    with reading.on_disk(file) as path:
        if answer != "workbook":
            return services.check(path, held, name)
        told = f"{PurePath(name).stem}-检查结果.xlsx"
        return FileResponse(services.marked(path, held, name), as_attachment=True, filename=told)


@require_safe
def template(request, key):
    """The form as a workbook to fill in."""
    held = _form_of(request, key)
    book = templates.workbook(held.sheet())
    return FileResponse(book, as_attachment=True, filename=f"{held.label}.xlsx")
