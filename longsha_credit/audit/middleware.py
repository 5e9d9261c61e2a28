"""Carries the caller's address to entries and the caller's name to the row history."""

import pghistory.middleware
from django.conf import settings

from longsha_credit.audit.context import from_address


def client_ip(request) -> str:
    """The caller's address; behind PROXY_COUNT proxies of ours, the one the outermost of them saw."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if settings.PROXY_COUNT and len(forwarded) >= settings.PROXY_COUNT:
        return forwarded[-settings.PROXY_COUNT].strip()[:45]
    return request.META.get("REMOTE_ADDR", "")[:45]


class RequestContextMiddleware(pghistory.middleware.HistoryMiddleware):
    def __call__(self, request):
        token = from_address.set(client_ip(request))
        try:
            return super().__call__(request)
        finally:
            from_address.reset(token)
