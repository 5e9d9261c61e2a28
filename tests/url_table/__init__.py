"""Every address of the portal by name: what stands in it, which methods it takes, who may open it."""

from collections.abc import Iterator
from types import SimpleNamespace

from django.urls import URLResolver, get_resolver

from tests.url_table import (
    commitments,
    deadlines,
    directory,
    disclosure,
    evaluation,
    exchange,
    home,
    interfaces,
    programme,
    public,
    records,
)
from tests.url_table.people import EVERYBODY, SIGNED_IN, Address
from tests.url_table.things import things

__all__ = ["EVERYBODY", "SIGNED_IN", "TABLE", "Address", "names", "things", "values"]

PARTS = (
    public,
    interfaces,
    home,
    directory,
    deadlines,
    exchange,
    programme,
    records,
    commitments,
    disclosure,
    evaluation,
)
TABLE = {name: address for part in PARTS for name, address in part.TABLE.items()}


def values(address: Address, c: SimpleNamespace) -> list:
    """The parts of the address: an id, a text of a thing, or the word itself."""
    named = [getattr(c, word, word) for word in address.args.split()]
    return [getattr(value, "pk", value) for value in named]


def names(urlconf: str | None = None) -> Iterator[str]:
    """The name of every pattern; one without a name by its text, which no table has."""
    yield from _below(get_resolver(urlconf), "")


def _below(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _below(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        else:
            yield f"{prefix}{pattern.name}" if pattern.name else f"{prefix}{pattern.pattern} (no name)"
