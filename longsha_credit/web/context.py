"""What every page knows: the site's own names, the reading mode and today's date."""

from django.conf import settings
from django.utils import timezone

ELDER_COOKIE = "mode"


def site(request):
    """`site` (settings.SITE), `elder` (cookie mode=elder) and `today`, the date in China."""
    return {
        "site": settings.SITE,
        "elder": request.COOKIES.get(ELDER_COOKIE) == "elder",
        "today": timezone.localdate(),
    }
