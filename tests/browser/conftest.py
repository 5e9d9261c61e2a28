"""The real portal as `make run` starts it, and a real browser in front of it."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Locator

from longsha_credit.home.demo import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = re.compile(
    "status of 4|ERR_BLOCKED_BY_CLIENT"
)  # pages that are not there; what a test itself keeps away
TOLD = """
import json, sys
for line in sys.stdin:
    exec(json.loads(line), {})
    print("done", flush=True)
"""


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items):
    """One portal serves them all: they stay on one worker."""
    for item in items:
        if item.path.is_relative_to(ROOT / "tests" / "browser"):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("portal"))


@pytest.fixture(scope="session", autouse=True)
def arrive_before_looking():
    """A click that leads to another page is over once that page is read: what is counted then is not half a page."""
    click = Locator.click

    def click_and_arrive(self, **options):
        click(self, **options)
        self.page.wait_for_load_state()

    Locator.click = click_and_arrive
    yield
    Locator.click = click


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running_portal(*options, at=None):
    """A portal of its own as `manage.py portal` starts it; gives its address and the environment of its commands.

    `at`: the moment at which its clock starts; `set_clock` moves it.
    """
    port = free_port()
    # Not below pytest's folder: every pytest that starts closes it to the account PostgreSQL runs as.
    with tempfile.TemporaryDirectory(prefix="门户 ") as folder:
        log = Path(folder) / "out.log"
        kept = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith(("PYTEST", "DATABASE", "REDIS", "DJANGO"))
            if k != "PYTHONDONTWRITEBYTECODE"  # a portal is many processes: the first compiles for all
        }
        env = kept | {"VAR_DIR": f"{folder}/var", "PORT": str(port)}
        if at:
            env |= {"PYTHONPATH": str(ROOT / "tests" / "clock"), "PORTAL_CLOCK": f"{folder}/clock"}
            Path(env["PORTAL_CLOCK"]).touch()
            set_clock(env, at)
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "portal", *options],
                cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(address, process, log)
            yield address, env
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


@contextlib.contextmanager
def process_of(env):
    """tell(code) runs code in a process of a portal: one for all of a story, as starting one takes seconds."""
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", TOLD]
    with subprocess.Popen(
        command, cwd=ROOT, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:

        def tell(code):
            process.stdin.write(f"{json.dumps(code)}\n")
            process.stdin.flush()
            assert any(line == "done\n" for line in process.stdout), code

        yield tell
        process.stdin.close()


def set_clock(env, moment):
    """From now on it is `moment` for every process of a portal started with `at`, and for its commands."""
    os.utime(env["PORTAL_CLOCK"], (moment.timestamp(), moment.timestamp()))


@pytest.fixture(scope="session")
def running():
    """A portal with demo data, PostgreSQL, Redis, web server, worker and beat: its address and its environment."""
    with running_portal("--demo") as found:
        yield found


@pytest.fixture(scope="session")
def portal(running):
    return running[0]


@pytest.fixture(scope="session")
def mounted(running):
    """The address of the same portal below a path of the district's site: one more web server on the same data."""
    port = free_port()
    command = (
        f"gunicorn longsha_credit.wsgi:application --bind 127.0.0.1:{port} --threads 2 --no-control-socket"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", *command.split()],
        cwd=ROOT, env=running[1] | {"URL_PREFIX": "/cxcj/"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}/cxcj"
        _wait(address, process)
        yield f"{address}/"
    finally:
        process.terminate()
        process.wait(30)


def _wait(address, process, log=None):
    for _ in range(3000):
        if process.poll() is not None:
            break
        try:
            if urllib.request.urlopen(f"{address}/healthz", timeout=2).status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"门户没有启动：{log.read_text(errors='replace')[-2000:] if log else address}")


@pytest.fixture
def visitor(chromium, request):
    """visitor(username=None, width=1280, elder=False, at=the demo portal) gives a page; anything that goes wrong in it fails the test."""
    contexts, faults = [], []

    def open_page(username=None, width=1280, elder=False, at=None, password=PASSWORD):
        portal = at or request.getfixturevalue("portal")
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, base_url=portal, locale="zh-CN"
        )
        contexts.append(context)
        if elder:
            context.add_cookies([{"name": "mode", "value": "elder", "url": portal}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on(
            "console",
            lambda m: faults.append(m.text) if m.type == "error" and not EXPECTED.search(m.text) else None,
        )
        page.on("pageerror", lambda e: faults.append(str(e)))
        page.on(
            "request",
            lambda r: faults.append(f"foreign: {r.url}") if not r.url.startswith((portal, "data:")) else None,
        )
        page.on("response", lambda r: faults.append(f"{r.status} {r.url}") if r.status >= 500 else None)
        if username:
            assert is_signed_in(context, username, password), username
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def sign_in(page, username, password=PASSWORD):
    """As a person does it; leads to the desk."""
    page.goto("/login/")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/desk/")


def is_signed_in(context, username, password):
    """Asks what the form asks, with no page drawn: a story has ten people, and tests/browser/test_story.py walks in by the form."""
    context.request.get("/login/")
    token = next(one["value"] for one in context.cookies() if one["name"] == "longsha_csrf")
    form = {"username": username, "password": password, "csrfmiddlewaretoken": token}
    return context.request.post("/login/", form=form, max_redirects=0).status == 302
