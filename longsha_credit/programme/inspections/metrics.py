"""What evaluation may ask of inspections: how much of what was found amiss has been put right."""

from django.db.models import F, Q

from longsha_credit.directory.counting import Days, Tally
from longsha_credit.programme.models import Finding
from longsha_credit.programme.models.findings import NOTICED


def fixes(days: Days) -> list[Tally]:
    """Findings with a notice whose day lies in these days, over or put right; what was reported in time waits."""
    rows = Finding.objects.order_by().filter(state__in=NOTICED, due_on__gte=days.start, due_on__lte=days.end)
    rows = rows.filter(Q(due_on__lte=days.over) | Q(state="closed"))
    in_time = Q(reported_on__lte=F("due_on"))
    parts = {
        "done": Q(state="closed"),
        "waiting": Q(state="reported") & in_time,
        "open": Q(state="open") | Q(state="reported") & ~in_time,
    }
    return [Tally(rows, parts, said="facts", day="due_on")]
