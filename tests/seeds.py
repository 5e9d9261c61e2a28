"""The database of a worker is a copy of one that was migrated once, and is migrated anew only for other migrations."""

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from longsha_credit.embedded_places import lock, own_folder

OURS = re.compile(
    r"^(?:from|import) ((?:longsha_credit|records|commitments|disclosure|evaluation)[.\w]*)", re.M
)


def copy_for(worker: str) -> str:
    """A migrated database of this run's own, to which the connection leads from now on; gives its name."""
    own_folder(settings.VAR_DIR)
    with lock(settings.VAR_DIR / "seed.lock", fcntl.LOCK_EX):  # nobody copies what another one makes
        seed, name = _seed(), f"test_{worker}_{os.getpid()}"
        for left in _left_behind():
            _drop(left)
        _run(f'CREATE DATABASE "{name}" TEMPLATE "{seed}"')
    lead_to(name)
    return name


def lead_to(name: str) -> None:
    """From now on the connection is one to this database."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _left_behind() -> list[str]:
    """Databases of runs that were killed: nobody of their number lives."""
    names = _names(r"test\_%")
    return [name for name in names if not Path(f"/proc/{name.rpartition('_')[2]}").exists()]


def drop(name: str) -> None:
    connection.close()
    _drop(name)


def _drop(name: str) -> None:
    """FORCE would be refused where the server's own cleaning is at work; without it that gives way."""
    with connection._nodb_cursor() as cursor:
        ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user"
        cursor.execute(ours, [name])
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _seed() -> str:
    """The name of the migrated database; made where there is none yet of just these migrations."""
    name = f"seed_{_fingerprint()}"
    there = _names(r"seed\_%")
    if name not in there:
        for old in there:
            _drop(old)
        _run("CREATE DATABASE seed_new")
        lead_to("seed_new")
        call_command("migrate", interactive=False, verbosity=0)
        connection.close()
        _run(
            f'ALTER DATABASE seed_new RENAME TO "{name}"'
        )  # a killed run leaves no half of one under this name
    return name


def _fingerprint() -> str:
    """Changes with every migration of any app and with whatever of ours it imports."""
    digest = hashlib.sha256(repr(settings.INSTALLED_APPS).encode())
    for path in sorted(set(_sources())):
        digest.update(f"{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    for migration in MigrationLoader(None, ignore_no_migrations=True).disk_migrations.values():
        path = Path(find_spec(type(migration).__module__).origin)
        yield path
        for module in OURS.findall(path.read_text(encoding="utf-8")):
            yield Path(find_spec(module).origin)


def _names(like: str) -> list[str]:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [like])
        return [row[0] for row in cursor.fetchall()]


def _run(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
