"""Carries the caller's address to entries and the caller's name to the row history."""

import ipaddress
import re

import pghistory.middleware
from django.conf import settings
from django.utils.cache import patch_cache_control

from longsha_credit.audit.context import from_address

WITH_PORT = re.compile(r"\[([0-9a-fA-F:.]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+")


def client_ip(request) -> str:
    """The caller's address; behind PROXY_COUNT proxies of ours, the one the outermost of them saw.

    Some proxies write a port beside it; what is no address at all counts as not written.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    behind = settings.PROXY_COUNT and len(forwarded) >= settings.PROXY_COUNT
    written = _address(forwarded[-settings.PROXY_COUNT].strip()) if behind else ""
    return written or _address(request.META.get("REMOTE_ADDR", ""))


def _address(text: str) -> str:
    if found := WITH_PORT.fullmatch(text):
        text = found[1] or found[2]
    try:
        return str(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return ""


class RequestContextMiddleware(pghistory.middleware.HistoryMiddleware):
    def __call__(self, request):
        token = from_address.set(client_ip(request))
        try:
            response = super().__call__(request)
        finally:
            from_address.reset(token)
        _keep_private(request, response)
        return response


def _keep_private(request, response):
    """What was shown after signing in stays in no browser or proxy: the next person at this computer may go back."""
    match = request.resolver_match
    if match and getattr(match.func, "login_required", True) and "Cache-Control" not in response:
        patch_cache_control(response, private=True, no_store=True)
    elif "Cache-Control" not in response:
        # what is taken down must not go on from a cache in between; the ETag keeps a check cheap
        patch_cache_control(response, no_cache=True)
