"""Pages about the site itself: its map, help, what is checked for accessibility, how to subscribe."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from longsha_credit.directory.models import Level, Organisation
from longsha_credit.home import guide
from longsha_credit.publication import reading
from longsha_credit.publication.models import ServiceField
from longsha_credit.web import sections


@login_not_required
@require_safe
@conditional_page
def site_map(request):
    units = reading.in_tree_order(Organisation.objects.public())
    context = {
        "section": "site_map",
        "groups": sections.grouped(),
        "streets": [_with_parts(one, units) for one in units if one.level == Level.STREET],
    }
    return render(request, "home/public/site_map.html", context)


def _with_parts(street, units):
    return street, [one for one in units if one.path.startswith(street.path) and one.pk != street.pk]


@login_not_required
@require_safe
@conditional_page
def help_page(request):
    return render(request, "home/public/help.html", {"section": "help"})


@login_not_required
@require_safe
@conditional_page
def accessibility(request):
    context = {"section": "accessibility", **guide.statement()}
    return render(request, "home/public/accessibility.html", context)


@login_not_required
@require_safe
@conditional_page
def subscribe(request):
    context = {
        "section": "subscribe",
        "units": reading.in_tree_order(Organisation.objects.public()),
        "fields": ServiceField.objects.public(),
    }
    return render(request, "home/public/subscribe.html", context)
