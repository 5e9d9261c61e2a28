"""The office's ledger over time for everybody: by organisation and term, without names."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import conditional_page, require_safe

from commitments.handover import metrics, reading
from commitments.handover.lists import chosen
from longsha_credit.directory.models import Organisation


@login_not_required
@require_safe
@conditional_page
def terms(request, pk):
    unit = get_object_or_404(Organisation.objects.public(), pk=pk)
    found = metrics.terms_of(unit, reading.public_promises(unit))
    context = {"section": "units", "unit": unit, "terms": found, **chosen(found, request.GET)}
    return render(request, "commitments/handover/public/terms.html", context)
