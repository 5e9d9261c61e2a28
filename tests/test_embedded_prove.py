"""The whole portal from a fresh copy in an awkward folder: started, stopped, killed in every way, and started again."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from longsha_credit import embedded
from longsha_credit.embedded_places import socket_folder

pytestmark = pytest.mark.prove
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def clone():
    with tempfile.TemporaryDirectory(prefix="longsha-prove-") as folder:
        yield copy_to(Path(folder) / "目录 有 空格" / "clone")


def copy_to(place):
    leave = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache")
    return Path(shutil.copytree(ROOT, place, ignore=leave))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**more):
    kept = {key: value for key, value in os.environ.items() if key not in ("VAR_DIR", "URL_PREFIX")}
    return kept | {"DJANGO_SETTINGS_MODULE": "longsha_credit.settings"} | more


class Portal:
    """`manage.py portal --demo` as a person starts it, until it says that it is ready."""

    def __init__(self, folder, **more):
        self.folder, self.port, self.began = folder, free_port(), time.monotonic()
        self.output = (folder.parent / f"output-{self.port}").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "portal", "--demo"],
            cwd=folder,
            env=environment(PORT=str(self.port), **more),
            stdout=self.output,
            stderr=self.output,
            start_new_session=True,
        )
        assert eventually(lambda: "门户已就绪" in self.said() or self.process.poll() is not None, 120), (
            self.said()
        )
        self.seconds = time.monotonic() - self.began
        assert self.process.poll() is None, self.said()

    def said(self):
        return Path(self.output.name).read_text()

    def get(self, path):
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(client):
            client.request("GET", path)
            answer = client.getresponse()
            return answer.status, answer.read()

    def is_healthy(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            status, body = self.get("/healthz")
            return status == 200 and json.loads(body)["worker_seen_seconds"] is not None
        return False

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        assert self.process.wait(60) == 0, self.said()
        self.output.close()


def eventually(question, seconds=60):
    until = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < until:
        time.sleep(0.2)
    return answer


def processes_of(folder):
    """Every process that was started with the folder or stands in it, by number."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            line = (entry / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
            if str(folder) in line or os.readlink(entry / "cwd").startswith(str(folder)):
                found[int(entry.name)] = line
    return found


def kill_like(folder, words):
    pids = [pid for pid, line in processes_of(folder).items() if words in line]
    assert pids, words
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_fresh_copy_answers_and_ctrl_c_leaves_nothing(clone):
    first = Portal(clone)
    print(f"first start: {first.seconds:.1f} s")
    assert "Longsha-Demo-2026" in first.said()
    assert first.get("/")[0] == 200
    assert eventually(first.is_healthy), first.said()
    assert "意外退出" not in first.said()
    first.stop()
    assert processes_of(clone) == {}
    assert not socket_folder(clone / "var").exists()

    second = Portal(clone)
    print(f"second start: {second.seconds:.1f} s")
    assert "正在载入演示数据" not in second.said()
    assert "正在更新数据库结构" not in second.said()
    second.stop(signal.SIGTERM)
    assert processes_of(clone) == {}


def test_second_portal_in_the_same_folder_is_refused(clone):
    portal = Portal(clone)
    done = subprocess.run(
        [sys.executable, "manage.py", "portal"],
        cwd=clone,
        env=environment(PORT=str(free_port())),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "本目录的门户已经在运行" in done.stderr
    portal.stop()


def test_a_command_shares_the_servers_of_a_running_portal_and_else_starts_its_own(clone):
    def count():
        code = (
            "from longsha_credit.directory.models import Organisation as O; print('units', O.objects.count())"
        )
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "-c", code],
            cwd=clone,
            env=environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.splitlines()[-1]

    portal = Portal(clone)
    beside = count()
    assert beside.startswith("units ")
    portal.stop()
    assert count() == beside
    assert processes_of(clone) == {}


def test_two_clones_run_side_by_side(clone):
    other = copy_to(clone.with_name("second"))
    one, two = Portal(clone), Portal(other)
    assert one.get("/")[0] == two.get("/")[0] == 200
    one.stop()
    assert two.get("/")[0] == 200
    two.stop()
    assert processes_of(clone.parent) == {}


@pytest.mark.parametrize(
    "words", ["gunicorn", "worker --concurrency", " beat ", "pginstall18", "redis-server"]
)
def test_what_is_killed_comes_back(clone, words):
    portal = Portal(clone)
    assert eventually(portal.is_healthy)
    kill_like(clone, words)
    time.sleep(1)
    assert eventually(portal.is_healthy), portal.said()
    assert eventually(lambda: any(words in line for line in processes_of(clone).values()))
    portal.stop()
    assert processes_of(clone) == {}


def test_killed_keeper_is_replaced(clone):
    portal = Portal(clone)
    kill_like(clone, "embedded_keeper")
    assert eventually(lambda: "已重新启动" in portal.said()), portal.said()
    assert eventually(lambda: portal.get("/")[0] == 200)
    portal.stop()
    assert processes_of(clone) == {}


def test_killed_portal_takes_everything_along(clone):
    portal = Portal(clone)
    portal.process.kill()
    portal.process.wait()
    assert eventually(lambda: processes_of(clone) == {}), processes_of(clone)


def test_start_after_everything_was_killed_at_once(clone):
    portal = Portal(clone)
    for pid in processes_of(clone):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    portal.process.wait()
    again = Portal(clone)
    print(f"start after kill -9: {again.seconds:.1f} s")
    assert "正在载入演示数据" not in again.said()
    again.stop()
    assert processes_of(clone) == {}


def test_second_ctrl_c_does_not_wait(clone):
    portal = Portal(clone)
    portal.process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    began = time.monotonic()
    portal.stop()
    assert time.monotonic() - began < 8
    assert processes_of(clone) == {}


def test_portal_lives_under_a_path_of_another_site(clone):
    portal = Portal(clone, URL_PREFIX="/credit")
    assert f":{portal.port}/credit/" in portal.said()
    status, page = portal.get("/credit/")
    assert status == 200
    assert b'href="/credit/' in page
    assert b'href="/static/' not in page
    sheet = page.split(b".css")[0].rsplit(b'"', 1)[1].decode() + ".css"
    assert portal.get(sheet)[0] == 200
    portal.stop()


def test_first_start_killed_in_the_middle_is_made_good():
    with tempfile.TemporaryDirectory(prefix="longsha-prove-") as folder:
        for wait in (0.4, 0.8, 1.2, 1.6):
            code = "import sys\nfrom longsha_credit import embedded\nembedded.ensure_servers(sys.argv[1])"
            starter = subprocess.Popen([sys.executable, "-c", code, folder], cwd=ROOT, start_new_session=True)
            time.sleep(wait)
            for pid in [starter.pid, *processes_of(folder)]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            starter.wait()
        with embedded.running(folder):
            assert (Path(folder) / "postgres" / "PG_VERSION").read_text() == "18\n"
        assert eventually(lambda: processes_of(folder) == {})
