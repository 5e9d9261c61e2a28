"""Texts sealed with a key that is not in the database.

A sealed text is bound to what it is and whose (its place): moved to another row it does not open. VAULT_KEY may hold
several keys, the newest first: it seals, all of them open.
"""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = "1:"
NONCE = 12


class Sealed(Exception):
    """A text that none of the keys opens: the key is missing or the row was tampered with."""


def seal(text: str, place: str) -> str:
    nonce = secrets.token_bytes(NONCE)
    closed = AESGCM(keys("seal")[0]).encrypt(nonce, text.encode(), place.encode())
    return VERSION + base64.b64encode(nonce + closed).decode()


def open_sealed(token: str, place: str) -> str:
    """The text; raises Sealed."""
    raw = base64.b64decode(token.removeprefix(VERSION))
    for key in keys("seal"):
        try:
            return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], place.encode()).decode()
        except InvalidTag:
            continue
    raise Sealed("没有能打开它的密钥，请核对 VAULT_KEY。")


def keys(purpose: str) -> list[bytes]:
    """The keys of one purpose, the newest first."""
    return [
        HKDF(hashes.SHA256(), 32, None, f"longsha:{purpose}".encode()).derive(key.strip().encode())
        for key in settings.VAULT_KEY.split(",")
    ]
