"""How complete and how fresh what each street and community publishes is, for residents."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from disclosure.coverage import public_reading as reading


@login_not_required
@require_safe
@conditional_page
def overview(request):
    context = {"section": "disclosure", "now": timezone.now(), **reading.overview(timezone.localdate())}
    return render(request, "disclosure/coverage/public/overview.html", context)
