"""What kinds of long work there are; each is registered by the app that knows how to do it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

CHUNK = 500

Part = Callable[[Any, int], bool]


@dataclass(frozen=True)
class Kind:
    """One kind of long work.

    `run(job, chunk)` does at most `chunk` things and is True while there is more. It is called in a transaction that
    holds the job's row, sets `job.done`, `job.total` and `job.position` (JSON), and may set `job.result`: `lines`
    (sentences to show) and `link` (`path` below the mount point, `label`). What it did and how far it came are saved
    together or not at all. It may raise Refused with a sentence: the job stops with it.
    `undo` is the same the other way round; it begins with an empty position, with what was done as `total`, and with
    the result of the run. `untouched(job)` gives the sentences that stand against undoing.
    """

    key: str
    label: str
    run: Part
    undo: Part | None = None
    untouched: Callable[[Any], list[str]] = lambda job: []
    chunk: int = CHUNK


KINDS: dict[str, Kind] = {}


def register(
    key: str,
    *,
    label: str,
    run: Part,
    undo: Part | None = None,
    untouched: Callable[[Any], list[str]] = lambda job: [],
    chunk: int = CHUNK,
) -> None:
    """Make a kind of work known, in the `ready()` of the app that does it; see Kind. The last registration counts."""
    KINDS[key] = Kind(key, label, run, undo, untouched, chunk)


def label_of(key: str) -> str:
    return KINDS[key].label if key in KINDS else key
