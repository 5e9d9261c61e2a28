"""The cast stands in the database of every test: made once for each worker, and again after what a flush takes away.

Beside it a worker has a database in which one of each thing of the portal stands too.
"""

import contextlib
import copy
import io
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import TransactionTestCase, override_settings

from tests import make, seeds
from tests.audit.rules import our_models, past_triggers

_settled = SimpleNamespace(cast=None, rows={}, things=None, elsewhere=None)


def settle() -> None:
    """Make the cast for good, and keep its rows."""
    _settled.cast = make.cast()
    with connection.cursor() as cursor:
        _settled.rows = {table: _copied(cursor, table) for table in _tables()}


def _tables() -> list[str]:
    return [connection.ops.quote_name(model._meta.db_table) for model in our_models()]


def _copied(cursor: Any, table: str) -> str:
    text = io.StringIO()
    cursor.copy_expert(f"COPY {table} TO STDOUT", text)
    return text.getvalue()


def settle_again() -> None:
    """The rows of the cast as they were, into emptied tables: half of what making it anew takes."""
    with past_triggers(), connection.cursor() as cursor:
        for table, rows in _settled.rows.items():
            if rows:
                cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO(rows))


def cast() -> SimpleNamespace:
    """Objects of the test's own, as `make.cast` gave them; what it does to their rows is undone with it."""
    return copy.deepcopy(_settled.cast)


@contextlib.contextmanager
def among_things(worker: str, folder: Path) -> Iterator[SimpleNamespace]:
    """The other database: the cast with what `tests.url_table.things` gives, whose files lie in `folder`.

    It is made when it is first asked for; whoever is there undoes what he does to it.
    """
    from tests.url_table import things  # it knows every app

    home, of_home = connection.settings_dict["NAME"], _settled.cast
    if _settled.things:
        seeds.lead_to(_settled.elsewhere)
    else:
        _settled.elsewhere = seeds.copy_for(f"{worker}-things")
        with uploads_in(folder), transaction.atomic():
            c = make.cast()
            _settled.cast_of_things = copy.deepcopy(c)
            _settled.things = things(c)
            connection.run_on_commit.clear()  # nobody works on what would be sent now
    _settled.cast = _settled.cast_of_things
    try:
        with uploads_in(folder):
            yield copy.deepcopy(_settled.things)
    finally:
        _settled.cast = of_home
        seeds.lead_to(home)


def leave() -> None:
    """The other database is not needed any more."""
    if _settled.elsewhere:
        seeds.drop(_settled.elsewhere)


def empty() -> None:
    """No row of ours is left, for the length of the test."""
    tables = [model._meta.db_table for model in our_models()]
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables, allow_cascade=True))


@contextlib.contextmanager
def uploads_in(folder: Path) -> Iterator[None]:
    """What is uploaded goes to this folder."""
    default = settings.STORAGES["default"]
    moved = {**default, "OPTIONS": {**default["OPTIONS"], "location": folder}}
    with override_settings(
        MEDIA_ROOT=folder, SENDFILE_ROOT=folder, STORAGES={**settings.STORAGES, "default": moved}
    ):
        yield


# A test with real commits ends with a flush.
_flush = TransactionTestCase._fixture_teardown


def _flush_and_settle(self) -> None:
    _flush(self)
    settle_again()


TransactionTestCase._fixture_teardown = _flush_and_settle
