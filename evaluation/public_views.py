"""Each public figure opened up: how it is counted, and the very rows behind it."""

import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from evaluation.metrics import METRICS, Period
from longsha_credit.directory.models import Organisation
from longsha_credit.programme.reference import FIRST_YEAR
from longsha_credit.web.pages import page_of


@login_not_required
@require_safe
@conditional_page
def figure(request, pk, key):
    """One metric of one unit in one year, with the rows of all its parts or of the one asked for."""
    metric = METRICS.get(key)
    if metric is None or not metric.is_public:
        raise Http404
    unit = get_object_or_404(Organisation.objects.public(), pk=pk)
    today = timezone.localdate()
    period = Period.of_year(_year(request.GET.get("year"), today), today)
    part = request.GET.get("part")
    part = part if part in {p.key for p in metric.parts} else ""
    figure = metric.for_unit(unit, period)
    context = {
        "section": "units",
        "unit": unit,
        "figure": figure,
        "lead": metric.lead_of(period, figure.total),
        "rows_as": f"evaluation/public/_{metric.rows_as}.html",
        "period": period,
        "years": range(today.year, max(FIRST_YEAR, today.year - 4) - 1, -1),
        "part": part,
        "page": page_of(request, metric.rows(unit, period, part)),
    }
    for row in context["page"]:
        row["stands"] = metric.part(row["part"])
    return render(request, "evaluation/public/figure.html", context)


def _year(asked, today: datetime.date) -> int:
    """The year asked for where it makes sense, else this one."""
    known = asked and len(asked) == 4 and asked.isascii() and asked.isdigit()
    if known and FIRST_YEAR <= int(asked) <= today.year:
        return int(asked)
    return today.year
