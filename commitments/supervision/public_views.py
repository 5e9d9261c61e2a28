"""Where residents begin: what is for this desk, whom to write about, and how to find a case again."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from commitments.models import CaseKind
from commitments.supervision.public_reading import number_in, target_of
from commitments.supervision.reference import ABOUT_DISTRICT, CHANNELS
from longsha_credit.directory.models import Organisation
from longsha_credit.publication import reading


@login_not_required
@require_safe
@conditional_page
def start(request):
    units = reading.in_tree_order(Organisation.objects.public().exclude(level="district"))
    for unit in units:
        unit.where = f"u{unit.pk}"
    context = {"section": "supervise", "units": units, "channels": CHANNELS}
    return render(request, "commitments/supervision/public/start.html", context)


@login_not_required
@require_safe
@conditional_page
def begin(request, where):
    target = target_of(where)
    context = {
        "section": "supervise",
        "target": target,
        "about": number_in(request.GET),
        "channels": CHANNELS,
        "kinds": CaseKind.choices,
        "about_district": ABOUT_DISTRICT,
    }
    return render(request, "commitments/supervision/public/begin.html", context)
