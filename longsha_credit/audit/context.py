"""Where the current request comes from, for the entries written during it."""

from contextvars import ContextVar

from_address: ContextVar[str] = ContextVar("from_address", default="")
