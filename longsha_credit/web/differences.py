"""The difference of two Chinese texts in runs a person can read."""

import re
import time

from diff_match_patch import diff_match_patch

# Dates, numbers with their unit, and words in Latin letters change as a whole.
TOKEN = re.compile(
    r"\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}月\d{1,2}日|\d{4}-\d{2}-\d{2}|\d[\d.,:]*[%％]?[\u4e00-\u9fff]?|[A-Za-z][\w-]*|.",
    re.S,
)
SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]|[^。！？；\n]+")
NEAR = 120  # characters that stay on either side of a change
SECONDS = 1.0  # for both texts together; what is not compared by then counts as replaced
KINDS = {0: "same", -1: "removed", 1: "added"}


def runs(old, new):
    """Pairs of ("same" | "removed" | "added", text) that together hold both texts.

    Whole sentences are matched first: it is quick, and what was not touched stays whole.
    """
    deadline = time.time() + SECONDS
    result, removed, added = [], "", ""
    for kind, text in [*_compare(SENTENCE.findall(old), SENTENCE.findall(new), deadline), ("same", "")]:
        if kind == "removed":
            removed += text
        elif kind == "added":
            added += text
        else:
            result += _compare(TOKEN.findall(removed), TOKEN.findall(added), deadline)
            result.append((kind, text))
            removed = added = ""
    return _joined(result)


def folded(parts):
    """The runs, long stretches that are the same cut to what stands near a change: ("left_out", their number)."""
    for place, (kind, text) in enumerate(parts):
        before = NEAR if place else 0
        after = NEAR if place < len(parts) - 1 else 0
        cut = len(text) - before - after
        if kind != "same" or cut < NEAR or len(parts) == 1:
            yield kind, text
            continue
        yield from [("same", text[:before]), ("left_out", cut), ("same", text[len(text) - after :])]


def _compare(old, new, deadline):
    """Compare two lists of pieces by giving every piece a character of its own."""
    pieces = list(dict.fromkeys([*old, *new]))
    # beyond the surrogates, which are no characters
    character = {piece: chr(0xE000 + number) for number, piece in enumerate(pieces)}
    engine = diff_match_patch()
    found = engine.diff_main(
        "".join(map(character.get, old)), "".join(map(character.get, new)), False, deadline
    )
    engine.diff_cleanupSemantic(found)
    return [(KINDS[kind], "".join(pieces[ord(c) - 0xE000] for c in text)) for kind, text in found]


def _joined(parts):
    joined = []
    for kind, text in parts:
        if joined and joined[-1][0] == kind:
            joined[-1] = (kind, joined[-1][1] + text)
        elif text:
            joined.append((kind, text))
    return joined
