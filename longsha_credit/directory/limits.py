"""How often one address may file, rate, look up or take part: counted for a while under a hash that changes daily, never stored.

Settings RESIDENT_LIMITS and QUESTION_AFTER hold the numbers. Where the counter does not answer, people get through.
"""

import hashlib
import hmac
import ipaddress
import logging
import time

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def wait_of(what: str, who: str) -> int:
    """Count one more of `what` by `who` (an address, a code); 0, or the seconds to wait when that is too many."""
    most, seconds = settings.RESIDENT_LIMITS[what]
    number, left = _count(what, who, seconds)
    return left if number > most else 0


def is_asked_a_question(address: str) -> bool:
    """Whether this address has filed so often lately that the next one answers a question first."""
    most, seconds = settings.QUESTION_AFTER
    try:
        return int(cache.get(_key("question", address, seconds)[0]) or 0) >= most
    except (RedisError, OSError):
        return False


def note_filed(address: str) -> None:
    _count("question", address, settings.QUESTION_AFTER[1])


def _count(what: str, who: str, seconds: int) -> tuple[int, int]:
    key, left = _key(what, who, seconds)
    try:
        cache.add(key, 0, timeout=seconds)
        return cache.incr(key), left
    except (RedisError, OSError, ValueError):
        log.warning("the counter of what residents send does not answer")
        return 0, left


def _key(what: str, who: str, seconds: int) -> tuple[str, int]:
    now = int(time.time())
    window, day = now // seconds, timezone.localdate().isoformat()
    mark = hmac.new(settings.SECRET_KEY.encode(), f"{day}:{what}:{_whole(who)}".encode(), hashlib.sha256)
    return f"limit:{what}:{window}:{mark.hexdigest()[:32]}", seconds - now % seconds


def _whole(who: str) -> str:
    """An address of version 6 belongs to a line of 64 bits, all of which one household has."""
    try:
        address = ipaddress.ip_address(who)
    except ValueError:
        return who
    if address.version == 6:
        return str(ipaddress.ip_network((who, 64), strict=False))
    return str(address)
