"""The catalogue of what must be published, as residents read, print and take it along, and what changed in it."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from disclosure import public_reading as reading
from disclosure.models import CatalogueChange, Topic
from longsha_credit.directory.models import Level
from longsha_credit.exchange.sheets import download
from longsha_credit.web.pages import page_of

LEVELS = [choice for choice in Level.choices if choice[0] != Level.POST]
PER_PAGE = 10


@login_not_required
@require_safe
@conditional_page
def catalogue(request):
    level, today = _level(request), timezone.localdate()
    log = CatalogueChange.objects.public()
    page = page_of(request, log.revisions().newest(), PER_PAGE)
    page.object_list = reading.told(page, today)
    context = {
        "section": "topics",
        "groups": reading.catalogue(_topics(level), today),
        "levels": LEVELS,
        "level": level,
        "level_name": dict(LEVELS).get(level, ""),
        "page": page,
        "began": log.order_by("at").first(),
    }
    return render(request, "disclosure/public/catalogue.html", context)


@login_not_required
@require_safe
def catalogue_file(request, kind):
    """The standard columns and nothing else: what offices put into their own catalogue."""
    limits = reading.rule_words(timezone.localdate())
    lines = [reading.columns(topic, limits) for topic in _topics(_level(request))]
    return download(kind, "政务公开标准目录", reading.HEADS, lines, number=len(lines))


def _level(request):
    asked = request.GET.get("level", "")
    return asked if asked in dict(LEVELS) else ""


def _topics(level):
    """The topics in use, of one level where it is asked for."""
    rows = Topic.objects.public()
    return rows.owed_by(level) if level else rows.in_use()
