"""The calendar page of the desk: a month as a list on the phone and as a grid on a wide screen."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.home import month


@require_safe
def page(request):
    if not request.user.holds(*SEES_WORK):
        raise Http404
    today, own = timezone.localdate(), request.GET.get("view") == "own"
    first = month.month_of(request.GET.get("month", ""), today)
    before, after = month.around(first)
    found = month.days(request.user, first, own=own)
    context = {
        "first": first,
        "before": before,
        "after": after,
        "days": found,
        "number": sum(len(day.clocks) + day.more for day in found),
        "is_empty": all(day.is_empty for day in found),
        "own": own,
        "today": today,
    }
    return render(request, "home/month.html", context)
