"""Real servers for the tests, and the cast everyone knows."""

import gc
import itertools
import os
import shutil
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import override_settings

from longsha_credit import embedded
from longsha_credit.home import menu, todo
from tests import seeds, settled


def pytest_configure(config):
    """One set of servers for the whole run; the workers of xdist find them by the same folder."""
    from django.conf import settings

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    if not hasattr(config, "workerinput") and not settings.ON_SERVERS:
        config.servers = embedded.ensure_servers(settings.VAR_DIR, fast=True)


def pytest_unconfigure(config):
    if servers := getattr(config, "servers", None):
        servers.leave()


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items):
    """A world is made once: what looks at it stays on one worker."""
    for item in items:
        if "world_once" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))


def pytest_collection_finish():
    """What has been read in by now stays to the end: collecting garbage among it, again and again, finds none."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _flush_past_triggers(self, style, tables, **options):
    """Empties what holds rows, past the rules that forbid it; truncating every table would take five times as long."""
    quoted = [self.quote_name(table) for table in tables]
    asked = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in quoted)
    with self.connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        emptied = [f"DELETE FROM {table}" for (table,) in cursor.fetchall()]
    return ["SET session_replication_role = replica", *emptied, "SET session_replication_role = DEFAULT"]


DatabaseOperations.sql_flush = _flush_past_triggers  # after a test with real commits


WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--lang=zh-CN",
    # Only the last list of features counts: what Playwright switches off, and then what Chromium draws around a page
    # that nobody sees: parts of its own window are pages with a process each, half of what a new window costs.
    "--disable-features=AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,"
    "AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,PreconnectToSearch,"
    "WebUIReloadButton,WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup,InitialWebUI,"
    "PreloadTopChromeWebUI,SpareRendererForSitePerProcess",
]


@pytest.fixture(scope="session")
def chromium():
    """One real browser for all tests of a worker; where none is installed they say so."""
    if not CHROMIUM:
        pytest.skip(
            "没有找到 Chromium，浏览器测试没有运行（Debian：apt-get install chromium fonts-noto-cjk）"
        )
    from playwright.sync_api import sync_playwright

    # its loop runs in the worker's own thread, where tests with the database come after it
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def numbers_of_folders():
    return itertools.count()


@pytest.fixture(autouse=True)
def files_of_this_test(tmp_path_factory, numbers_of_folders):
    """Uploads go to a folder of the test's own, which the first of them makes: few tests have any."""
    with settled.uploads_in(tmp_path_factory.getbasetemp() / "files" / str(next(numbers_of_folders))):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """The database of a worker: a copy of the migrated one, the reference data loaded, the cast in it."""
    with django_db_blocker.unblock():
        name = seeds.copy_for(WORKER)
        settled.settle()
    yield
    with django_db_blocker.unblock():
        seeds.drop(name)
        settled.leave()


@pytest.fixture(scope="module")
def module_cast(django_db_setup, django_db_blocker, tmp_path_factory):
    """The cast, in a transaction that lasts as long as the module.

    A module's fixtures give it more, once; each test then undoes only what it does itself.
    """
    folder = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), transaction.atomic(), settled.uploads_in(folder):
        yield settled.cast()
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def folder_of_things(tmp_path_factory):
    return tmp_path_factory.mktemp("things")


@pytest.fixture
def among_things(django_db_setup, django_db_blocker, files_of_this_test, folder_of_things):
    """One of each thing of the portal beside the cast, in a database of theirs: to be asked for before any other row."""
    with django_db_blocker.unblock(), settled.among_things(WORKER, folder_of_things) as things:
        yield things


@pytest.fixture(scope="module")
def module_things(django_db_setup, django_db_blocker, folder_of_things):
    """The same for all of a module, which is one transaction; its tests open no folder of their own."""
    with (
        django_db_blocker.unblock(),
        settled.among_things(WORKER, folder_of_things) as things,
        transaction.atomic(),
    ):
        yield things
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world_once(module_cast):
    """The rows that `tests.audit.rules.world` gives."""
    from tests.audit.rules import everything_by_id

    ids = everything_by_id(module_cast)
    connection.check_constraints()  # once here, or each statement that is tried would check all of it anew
    return ids


@pytest.fixture(scope="module")
def everyone(module_cast):
    """{(role, place): a fresh person}, made once for the matrices of a module; see tests/flow_matrix.py."""
    from tests.flow_matrix import people_of

    return people_of(module_cast)


@pytest.fixture
def cast(db) -> SimpleNamespace:
    """Two streets with clerk and lead, the district's people, an outsider; see tests/make.py."""
    # Every page asks it and keeps the answer for a minute: asked here and kept for longer than a slow machine takes,
    # it is one query in no test's count.
    cache.delete("is_demo")
    menu.is_demo()
    cache.touch("is_demo", 3600)
    return settled.cast()


@pytest.fixture
def empty_portal(db) -> None:
    """Nothing in the portal, not even the reference data: as it is before its first start."""
    settled.empty()


@pytest.fixture(scope="module")
def menu_counted_once():
    """For modules that ask for thousands of pages and not for what stands around them: half of their time.

    The menu is drawn and the numbers at it are counted once for each person, and a page does not renew the session;
    these are tried in tests/home/test_desk.py and tests/directory/test_sign_in.py.
    """
    counted, drawn = {}, set()

    def numbers(user, count=todo.numbers):
        if user.pk not in counted:
            counted[user.pk] = count(user)
        return counted[user.pk]

    def navigation(request, user, at, draw=menu.navigation):
        if user.pk in drawn:
            return []
        drawn.add(user.pk)
        return draw(request, user, at)

    with pytest.MonkeyPatch.context() as patch, override_settings(SESSION_SAVE_EVERY_REQUEST=False):
        patch.setattr(todo, "numbers", numbers)
        patch.setattr(menu, "navigation", navigation)
        yield


@pytest.fixture
def signed_in(client):
    """signed_in(user) gives a browser in which this user has signed in."""
    from django.test import Client

    def sign_in(user) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return sign_in
