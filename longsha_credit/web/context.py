"""What every page knows: the site's own names and columns, its own address, the reading mode and today's date."""

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from longsha_credit.web import sections

ELDER_COOKIE = "mode"


def site(request):
    """`site` (settings.SITE), `columns`, `host`, `origin`, `elder` (cookie mode=elder), `today`, the date in China."""
    host = _host(request)
    return {
        "site": settings.SITE,
        "columns": SimpleLazyObject(sections.drawn),
        "host": host,
        "origin": host and f"{request.scheme}://{host}",
        "elder": request.COOKIES.get(ELDER_COOKIE) == "elder",
        "today": timezone.localdate(),
    }


def _host(request):
    """The address asked for, or nothing when it is not ours: the page that says so is drawn here too."""
    try:
        return request.get_host()
    except DisallowedHost:
        return ""
