"""Search over everything public, the log of corrections and withdrawals, the files of published versions."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from longsha_credit.directory.models import Organisation
from longsha_credit.files.services import send
from longsha_credit.publication import reading
from longsha_credit.publication import search as finding
from longsha_credit.publication.models import Correction, PublicFile, ServiceField
from longsha_credit.publication.models.ledger import Action
from longsha_credit.web.pages import page_of

SHOWN = {Action.AMEND.value: "变更", Action.WITHDRAW.value: "撤下"}
MONTHS = 12
CODE = re.compile("[0-9]{6}", re.ASCII)


@login_not_required
@require_safe
@conditional_page
def search(request):
    units = reading.in_tree_order(Organisation.objects.public())
    fields = list(ServiceField.objects.public())
    asked = finding.asked(request.GET, units, fields)
    context = {
        "section": "search",
        "asked": asked,
        "units": units,
        "fields": fields,
        "kinds": finding.kind_labels().items(),
        "sorts": finding.SORTS.items(),
    }
    if not asked.is_empty:
        found = finding.results(request, asked)
        finding.show(found, asked)
        named = finding.units_named(asked, units)
        context |= {
            "found": found,
            "taken": _taken_down(asked.q),
            "page": found.page,
            "named": named[: finding.MOST_UNITS],
            "more_named": len(named) - finding.MOST_UNITS,
        }
    return render(request, "publication/public/search.html", context)


@login_not_required
@require_safe
@conditional_page
def corrections(request):
    units = reading.in_tree_order(Organisation.objects.public())
    unit = next((u for u in units if str(u.pk) == request.GET.get("unit")), None)
    action = request.GET.get("action") if request.GET.get("action") in SHOWN else ""
    of_unit = Correction.objects.public()
    if unit:
        of_unit = of_unit.below(unit)
    rows = of_unit.with_names().order_by("-id")
    if action:
        rows = rows.filter(action=action)
    context = {
        "section": "corrections",
        "page": page_of(request, rows),
        "months": _by_month(of_unit),
        "units": units,
        "unit": unit,
        "actions": SHOWN.items(),
        "action": action,
    }
    return render(request, "publication/public/corrections.html", context)


def _taken_down(text):
    """What had this number and was taken down; a question without a number is none."""
    if not CODE.search(text):
        return []
    return Correction.objects.public().withdrawals().filter(reference=text.upper())[:1]


def _by_month(rows):
    """The newest twelve months in which anything was corrected, with the number of each action."""
    months = {}
    for count in rows.counted_by_month()[: MONTHS * len(Action.choices)]:
        months.setdefault(count["month"], {})[count["action"]] = count["number"]
    return [
        {"month": month, "amended": n.get(Action.AMEND, 0), "withdrawn": n.get(Action.WITHDRAW, 0)}
        for month, n in list(months.items())[:MONTHS]
    ]


@login_not_required
@require_safe
def public_file(request, token):
    """A file of a version that stands; once its publication is down the address says so and gives nothing."""
    token = token.replace("\x00", "")
    found = PublicFile.objects.public().select_related("file").filter(token=token).first()
    if found:
        return send(request, found.file, public=True)
    taken = Correction.objects.public().withdrawals()
    correction = taken.filter(publication__ledger__files__token=token).first()
    if correction is None:
        raise Http404
    context = {"reason": correction.reason, "at": correction.at}
    return render(request, "errors/410.html", context, status=410)
