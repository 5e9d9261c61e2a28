"""What residents read of the programme: this year's stages, the day of the report, and the years before."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from longsha_credit.programme.models import Year


@login_not_required
@require_safe
@conditional_page
def arrangements(request):
    today = timezone.localdate()
    # A year arranged in advance is still being worked on; it shows when it comes.
    years = list(Year.objects.public().with_stages().filter(number__lte=today.year))
    year = next((year for year in years if year.number == today.year), None)
    stage = year and year.stage_on(today)
    context = {
        "section": "programme",
        "year": year,
        "stage": stage,
        "days_left": stage and stage.days_left(today),
        "earlier": [one for one in years if one is not year],
    }
    return render(request, "programme/public/arrangements.html", context)
