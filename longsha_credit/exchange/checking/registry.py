"""What forms of others a file can be held against; each is registered by the app that exchanges it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from longsha_credit.exchange.tables.cleaning import Fault
from longsha_credit.exchange.tables.fields import Sheet


@dataclass(frozen=True)
class Form:
    """A form: its columns as they are now, and what its cells only say together (`together(values)`).

    No two rows share what stands in the column `once`, where the form has it.
    `back` is the name of the page it belongs to, `source` says in a sentence where the form comes from.
    """

    key: str
    label: str
    sheet: Callable[[], Sheet]
    roles: frozenset[str]
    together: Callable[[dict[str, Any]], list[Fault]]
    back: str
    source: str
    once: str = "code"


FORMS: dict[str, Form] = {}


def register(form: Form) -> None:
    """Make a form known, in the `ready()` of its app. The last registration counts."""
    FORMS[form.key] = form
