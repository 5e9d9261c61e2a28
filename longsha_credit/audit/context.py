"""Where the current request comes from, for the entries written during it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from_address: ContextVar[str] = ContextVar("from_address", default="")


@contextmanager
def nobody_in_particular() -> Iterator[None]:
    """What a resident does leaves no address behind: whoever complains must not be found by it."""
    token = from_address.set("")
    try:
        yield
    finally:
        from_address.reset(token)
