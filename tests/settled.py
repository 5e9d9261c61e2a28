"""The cast stands in the database of every test: made once for each worker, and again after what a flush takes away."""

import contextlib
import copy
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection
from django.test import TransactionTestCase, override_settings

from tests import make
from tests.audit.rules import our_models

_settled = SimpleNamespace(cast=None)


def settle() -> None:
    """Make the cast for good."""
    _settled.cast = make.cast()


def cast() -> SimpleNamespace:
    """Objects of the test's own, as `make.cast` gave them; what it does to their rows is undone with it."""
    return copy.deepcopy(_settled.cast)


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
    settle()


TransactionTestCase._fixture_teardown = _flush_and_settle
