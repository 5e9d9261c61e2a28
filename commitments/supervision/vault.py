"""What residents write and who they are: sealed, and codes kept only as hashes."""

import hashlib
import hmac

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from longsha_credit.audit.sealing import Sealed, keys, open_sealed, seal

__all__ = ["Sealed", "code_and_phrase", "code_hash", "form_hash", "open_sealed", "seal"]

# Without 0, O, 1, I and L, which are read wrong from paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH, PHRASE_LENGTH = 12, 8


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
    return keys(purpose)[-1]
