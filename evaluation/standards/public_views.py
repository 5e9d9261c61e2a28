"""What residents read of the standards: by what streets, communities, windows and posts are measured this year."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import conditional_page, require_safe

from evaluation.models import Circumstance, IndicatorSet
from evaluation.standards import reading

SECTION = "standards"


@login_not_required
@require_safe
@conditional_page
def overview(request):
    rows = list(IndicatorSet.objects.public().with_names().in_order())
    newest = max((row.year.number for row in rows if row.is_in_force), default=None)
    now = [row for row in rows if row.is_in_force and row.year.number == newest]
    context = {
        "section": SECTION,
        "year": newest,
        "now": [(row, reading.parts_of(row)) for row in now],
        "earlier": [row for row in rows if row not in now],
    }
    return render(request, "evaluation/standards/public/list.html", context)


@login_not_required
@require_safe
@conditional_page
def page(request, pk):
    row = get_object_or_404(IndicatorSet.objects.public().with_names(), pk=pk)
    parts = reading.parts_of(row)
    context = {
        "section": SECTION,
        "set": row,
        "parts": parts,
        "shares": reading.shares(parts),
        "lines": reading.lines_of(row),
        "bonus": reading.bonus_of(row),
        "cap": reading.in_points(row.bonus_cap),
        "circumstances": Circumstance.objects.public().filter(set=row).order_by("number"),
    }
    return render(request, "evaluation/standards/public/page.html", context)
