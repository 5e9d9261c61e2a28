"""Real workers and beats for the slow proofs: started, killed without warning, started again."""

import base64
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds


def _celery(folder: str, *words: str, **env: str) -> subprocess.Popen:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "DJANGO"))}
    ours = {"VAR_DIR": str(settings.VAR_DIR), "TEST_DATABASE": connection.settings_dict["NAME"]}
    with (Path(folder) / f"{words[0]}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "tests.exchange.worker_app:app", *words],
            cwd=ROOT, env=kept | ours | env, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip


def kill(process: subprocess.Popen) -> None:
    """Without warning, and all its children with it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(20)


@contextlib.contextmanager
def office(beats: int = 1, **env: str):
    """So many beats, and a function that starts one worker more; whatever still runs in the end is killed."""
    running: list[subprocess.Popen] = []
    with tempfile.TemporaryDirectory() as folder:

        def worker() -> subprocess.Popen:
            words = (
                "worker",
                "--concurrency",
                "2",
                "--loglevel",
                "WARNING",
                "--without-gossip",
                "--without-mingle",
            )
            running.append(_celery(folder, *words, **env))
            return running[-1]

        for number in range(beats):
            schedule = f"{folder}/schedule-{number}"
            running.append(
                _celery(folder, "beat", "--pidfile=", "--schedule", schedule, "--loglevel", "WARNING", **env)
            )
        try:
            yield worker
        finally:
            for process in running:
                kill(process)
            for log in Path(folder).glob("*.log"):
                print(log.name, log.read_text(errors="replace")[-1500:])


def empty_queue() -> None:
    """Redis loses everything it held."""
    redis.Redis.from_url(settings.REDIS_URL).flushdb()


def wait_until(true, what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.05)


def waiting() -> list[int]:
    """The jobs that the queue holds for a worker, in the order in which they came."""
    sent = redis.Redis.from_url(settings.REDIS_URL).lrange("celery", 0, -1)
    return [json.loads(base64.b64decode(json.loads(one)["body"]))[0][0] for one in reversed(sent)]
