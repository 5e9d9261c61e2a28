"""What every page knows: the site's own names, the reading mode and today's date."""

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.utils import timezone

ELDER_COOKIE = "mode"


def site(request):
    """`site` (settings.SITE), `host`, `elder` (cookie mode=elder) and `today`, the date in China."""
    return {
        "site": settings.SITE,
        "host": _host(request),
        "elder": request.COOKIES.get(ELDER_COOKIE) == "elder",
        "today": timezone.localdate(),
    }


def _host(request):
    """The address asked for, or nothing when it is not ours: the page that says so is drawn here too."""
    try:
        return request.get_host()
    except DisallowedHost:
        return ""
