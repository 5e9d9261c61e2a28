"""What residents write and who they are: sealed with a key that is not in the database, and codes kept only as hashes.

A sealed text is bound to what it is and whose (its place): moved to another row it does not open. VAULT_KEY may hold
several keys, the newest first: it seals, all of them open.
"""

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = "1:"
NONCE = 12
# Without 0, O, 1, I and L, which are read wrong from paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH, PHRASE_LENGTH = 12, 8


class Sealed(Exception):
    """A text that none of the keys opens: the key is missing or the row was tampered with."""


def seal(text: str, place: str) -> str:
    nonce = secrets.token_bytes(NONCE)
    closed = AESGCM(_keys("seal")[0]).encrypt(nonce, text.encode(), place.encode())
    return VERSION + base64.b64encode(nonce + closed).decode()


def open_sealed(token: str, place: str) -> str:
    """The text; raises Sealed."""
    raw = base64.b64decode(token.removeprefix(VERSION))
    for key in _keys("seal"):
        try:
            return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], place.encode()).decode()
        except InvalidTag:
            continue
    raise Sealed("没有能打开它的密钥，请核对 VAULT_KEY。")


def code_and_phrase(form_token: str) -> tuple[str, str]:
    """The query code and the pass phrase of one submission.

    They follow from the form's own random token, which is not kept: who pressed the button twice gets the same pair,
    and nobody can work it out from the database.
    """
    letters = _stream("code", form_token)
    code = "".join(ALPHABET[n % len(ALPHABET)] for n in letters[:CODE_LENGTH])
    digits = _stream("phrase", form_token)
    return code, "".join(str(n % 10) for n in digits[:PHRASE_LENGTH])


def _stream(purpose: str, token: str) -> list[int]:
    """Numbers of 32 bits, so that the remainder favours no letter that matters."""
    raw = HKDF(hashes.SHA256(), 4 * CODE_LENGTH, None, purpose.encode()).derive(
        _oldest("codes") + token.encode()
    )
    return [int.from_bytes(raw[at : at + 4], "big") for at in range(0, len(raw), 4)]


def code_hash(code: str) -> str:
    """What is kept of a query code, to look it up by."""
    return _hash("code", code)


def form_hash(token: str) -> str:
    """What is kept of one submission, so that it counts once."""
    return _hash("form", token)


def _hash(purpose: str, text: str) -> str:
    return hmac.new(_oldest("hash"), f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def _oldest(purpose: str) -> bytes:
    """Hashes stay comparable when a newer key is put in front."""
    return _keys(purpose)[-1]


def _keys(purpose: str) -> list[bytes]:
    return [
        HKDF(hashes.SHA256(), 32, None, f"longsha:{purpose}".encode()).derive(key.strip().encode())
        for key in settings.VAULT_KEY.split(",")
    ]
