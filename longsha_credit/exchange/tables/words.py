"""Texts of cells: how much of one a sentence shows, and one without spaces, its marks of one width."""

import unicodedata


def shown(text: str, most: int = 24) -> str:
    """A cell's text short enough to stand in a sentence."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most]}…"


def squeezed(text: str) -> str:
    """A name or number without spaces and with marks of one width."""
    if text.isascii():
        return "".join(text.split())
    return unicodedata.normalize("NFKC", "".join(unicodedata.normalize("NFKC", text).split()))
