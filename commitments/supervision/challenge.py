"""A question anybody who hears or reads Chinese can answer, signed, good for half an hour and once."""

import secrets

from django.core import signing
from django.core.cache import cache
from django.utils.crypto import constant_time_compare, salted_hmac

NUMERALS = "零一二三四五六七八九十"
GOOD_FOR = 1800
SALT = "supervision.question"


def ask() -> tuple[str, str]:
    """A question and its token; the token tells the answer to nobody."""
    kind, a, b = secrets.choice(["sum", "less", "more"]), secrets.randbelow(8) + 2, secrets.randbelow(8) + 1
    a, b = (a, b) if a != b else (a + 1, b)
    words = f"“{NUMERALS[a]}”和“{NUMERALS[b]}”"
    question, answer = {
        "sum": (f"把{words}加起来是几？请写数字。", a + b),
        "less": (f"{words}，哪个小？请写数字。", min(a, b)),
        "more": (f"{words}，哪个大？请写数字。", max(a, b)),
    }[kind]
    nonce = secrets.token_urlsafe(9)
    return question, signing.dumps([question, nonce, _mark(nonce, str(answer))], salt=SALT)


def question_of(token: str) -> str:
    """The question a token belongs to, or nothing when it is too old or not ours."""
    parts = _parts(token)
    return parts[0] if parts else ""


def is_answered(token: str, answer: str) -> bool:
    """Whether the answer is right, in time, and given for the first time."""
    parts = _parts(token)
    if not parts or not constant_time_compare(parts[2], _mark(parts[1], answer)):
        return False
    return cache.add(f"question:{parts[1]}", 1, timeout=GOOD_FOR)


def _parts(token: str) -> list[str]:
    try:
        return signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return []


def _mark(nonce: str, answer: str) -> str:
    return salted_hmac(SALT, f"{nonce}:{answer}").hexdigest()
