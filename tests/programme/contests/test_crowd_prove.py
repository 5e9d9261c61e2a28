"""500 people answer at once on the real web server, whose processes are killed in the middle: no answer is lost."""

import asyncio
import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.browser.conftest import ROOT, running_portal

pytestmark = pytest.mark.prove
PEOPLE, QUESTIONS, OPEN_AT_ONCE = 500, 10, 120
START_WITHIN = 30.0  # seconds in which everybody begins
THINK = (1.0, 8.0)  # seconds over a question

SET_UP = """
import datetime, json
from django.utils import timezone
from longsha_credit.directory.models import Membership, Organisation, User
from longsha_credit.programme.contests import services
from longsha_credit.programme.contests.flows import FLOW, QUESTION
from longsha_credit.programme.models import Contest, ContestDraw, ContestUnit, Question
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import Review
DAY = datetime.date(2026, 1, 1)
def unit(level, name, parent=None, code=""):
    made = Organisation.objects.create(level=level, name=name, parent=parent, division_code=code, valid_from=DAY)
    made.refresh_from_db()
    return made
district = unit("district", "演练区", code="990100000000")
street = unit("street", "演练街道", district, "990100001000")
for n in range(1, 10):
    unit("community", f"第{n}社区", street, f"99010000100{n}")
people = {}
for name, role in (("office", "office"), ("officelead", "lead"), ("reviewer", "reviewer"), ("secrecy", "secrecy")):
    people[name] = User.objects.create_user(name, "Longsha-Prove-2026", name=name)
    Membership.objects.create(user=people[name], organisation=district, role=role, started_on=DAY)
    people[name] = User.objects.get(pk=people[name].pk)
for kind, options, right in (("truth", ["对", "错"], "A"), ("single", ["一", "二", "三"], "B"), ("multiple", ["一", "二", "三"], "AB")):
    for n in range(12):
        q = Question(organisation=district, kind=kind, category="law", text=f"{kind}{n}", options=options, right=right, explanation="解析", source="依据")
        services.save_question(q, by=people["office"])
        QUESTION.take(q, "confirm", by=people["reviewer"])
now = timezone.now()
contest = Contest(organisation=district, title="五百人同时答题", about="考一考。", audience="residents",
    opens_at=now - datetime.timedelta(hours=1), closes_at=now + datetime.timedelta(hours=2), minutes=60, attempts=1, counts="first",
    ranked_by="rate", tie="other", min_sample=5, pass_percent=60, shows_answers=True)
units = [ContestUnit(organisation=u, residents=1500) for u in Organisation.objects.filter(level="community")]
draws = [ContestDraw(kind="truth", number=3, points=10), ContestDraw(kind="single", number=6, points=10), ContestDraw(kind="multiple", number=1, points=10)]
services.save_contest(contest, by=people["office"], units=units, draws=draws)
FLOW.take(contest, "submit", by=people["office"])
review = Review.objects.of(contest).first()
NO = {"state_secret": "no", "trade_secret": "no", "privacy": "no"}
for step, who, given in (("pass_first", "officelead", {}), ("pass_second", "reviewer", {}), ("pass_secrecy", "secrecy", NO)):
    GATE.take(review, step, by=people[who], **given)
contest.refresh_from_db()
print(json.dumps([contest.code, [u.pk for u in contest.units.all()]]))
"""

KEPT = """
import json
from longsha_credit.programme.models import Attempt, Contest
contest = Contest.objects.get(title="五百人同时答题")
print(json.dumps([
    [a.entrant.secret, a.submitted_at is not None, {a.order.index(g.item.position) + 1: g.choice for g in a.answers.select_related("item")}]
    for a in Attempt.objects.filter(entrant__contest=contest).select_related("entrant").prefetch_related("answers__item")
]))
"""


def run(script, env):
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", script],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=180, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


class Lost(Exception):
    """The line broke; nobody knows whether it was heard."""


class Crowd:
    """What happened to everybody: times, statuses, broken lines."""

    def __init__(self, address, code, units):
        self.where, self.code, self.units = urlsplit(address), code, units
        self.door = asyncio.Semaphore(OPEN_AT_ONCE)  # as many lines as a proxy in front would keep
        self.seconds, self.statuses, self.broken = [], [], 0
        self.saved: dict[str, dict[int, str]] = {}
        self.handed_in = set()


class Person:
    """One phone with its cookies and an address of its own, as the proxy in front writes it."""

    def __init__(self, crowd, number):
        self.crowd, self.number, self.cookies = crowd, number, {}
        self.secret, self.answers = "", {}

    async def ask(self, method, path, form=(), **headers):
        """One request; the status, the headers' `Location` and the text. Raises Lost."""
        crowd, began = self.crowd, time.monotonic()
        body = urlencode(form).encode()
        head = {
            "Host": "127.0.0.1", "Connection": "close", "X-Forwarded-For": f"10.{self.number // 250}.{self.number % 250}.7",
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **headers,
        }  # fmt: skip
        if method == "POST":
            head |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
        lines = [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in head.items()), "", ""]
        try:
            async with crowd.door:
                read, write = await asyncio.open_connection(crowd.where.hostname, crowd.where.port)
                write.write("\r\n".join(lines).encode() + body)
                await write.drain()
                raw = await asyncio.wait_for(read.read(), 60)
                write.close()
        except (OSError, TimeoutError) as broken:
            crowd.broken += 1
            raise Lost from broken
        top, _, text = raw.partition(b"\r\n\r\n")
        if not top.startswith(b"HTTP/1.1 "):
            crowd.broken += 1
            raise Lost
        crowd.seconds.append(time.monotonic() - began)
        status = int(top[9:12])
        crowd.statuses.append(status)
        for name, value in re.findall(rb"(?im)^Set-Cookie: ([^=]+)=([^;\r]*)", top):
            self.cookies[name.decode()] = value.decode()
        location = re.search(rb"(?im)^Location: (\S+)", top)
        return status, location and location[1].decode(), text.decode(errors="replace")

    async def until_heard(self, *what, **headers):
        """As the page's script does it: again after a moment, until the server answers."""
        for _ in range(60):
            try:
                found = await self.ask(*what, **headers)
                if found[0] < 500:
                    return found
            except Lost:
                pass
            await asyncio.sleep(random.uniform(0.5, 1.5))
        raise AssertionError(f"nobody answered {what[:2]}")

    async def take_part(self):
        base = f"/contests/{self.crowd.code}"
        await asyncio.sleep(random.uniform(0, START_WITHIN))
        _, _, page = await self.until_heard("GET", f"{base}/start/")
        form = [
            ("csrfmiddlewaretoken", self._field(page, "csrfmiddlewaretoken")),
            ("token", self._field(page, "token")),
            ("unit", random.choice(self.crowd.units)),
        ]
        status, place, page = await self.until_heard("POST", f"{base}/start/", form)
        assert (status, place) == (302, f"{base}/answer/1/"), page[:500]
        self.secret = next(value for name, value in self.cookies.items() if name.startswith("contest_"))
        saved = self.crowd.saved.setdefault(self.secret, {})
        for number in range(1, QUESTIONS + 1):
            _, _, page = await self.until_heard("GET", f"{base}/answer/{number}/")
            token = self._field(page, "csrfmiddlewaretoken")
            await asyncio.sleep(random.uniform(*THINK))
            for letter in random.sample("AB", random.choice((1, 1, 1, 2))):  # some change their mind
                sent = [("csrfmiddlewaretoken", token), ("choice", letter)]
                _, _, told = await self.until_heard(
                    "POST", f"{base}/answer/{number}/", sent, **{"X-Answer": "now"}
                )
                assert json.loads(told)["saved"], told
                saved[number] = letter
        _, _, page = await self.until_heard("GET", f"{base}/hand-in/")
        form = [("csrfmiddlewaretoken", self._field(page, "csrfmiddlewaretoken"))]
        status, place, _ = await self.until_heard("POST", f"{base}/hand-in/", form)
        assert (status, place) == (302, f"{base}/mine/")
        self.crowd.handed_in.add(self.secret)

    @staticmethod
    def _field(page, name):
        tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
        assert tag, page[:800]
        return re.search(r'value="([^"]*)"', tag[0])[1]


def web_processes(folder):
    """The numbers of this portal's web server and its workers."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
            own = (entry / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if "gunicorn longsha_credit.wsgi" in line and f"VAR_DIR={folder}" in own:
            found.append(int(entry.name))
    return found


async def everybody(crowd, kill=None):
    crowds = [Person(crowd, number).take_part() for number in range(PEOPLE)]
    if kill:
        crowds.append(kill())
    await asyncio.gather(*crowds)


def told(crowd, env, name, seconds):
    kept = {secret: (done, answers) for secret, done, answers in run(KEPT, env)}
    from_db = {}
    times = sorted(crowd.seconds)
    errors = sum(status >= 500 for status in crowd.statuses)
    print(
        f"\n{name}: {len(crowd.saved)} people, {sum(map(len, crowd.saved.values()))} answers said to be saved, "
        f"{len(times)} requests in {seconds:.0f} s ({len(times) / seconds:.0f}/s), "
        f"median {times[len(times) // 2] * 1000:.0f} ms, p95 {times[int(len(times) * 0.95)] * 1000:.0f} ms, "
        f"slowest {times[-1] * 1000:.0f} ms, server errors {errors}, broken lines {crowd.broken}"
    )
    contest = run(
        "import json\nfrom longsha_credit.programme.models import Contest\n"
        "print(json.dumps(Contest.objects.get(title='五百人同时答题').pk))", env,
    )  # fmt: skip
    for secret in crowd.saved:
        mark = hashlib.sha256(f"contest {contest} {secret}".encode()).hexdigest()
        from_db[secret] = kept[mark]
    lost = [
        (secret, number)
        for secret, answers in crowd.saved.items()
        for number, letter in answers.items()
        if from_db[secret][1].get(str(number)) != letter
    ]
    undone = [secret for secret in crowd.handed_in if not from_db[secret][0]]
    print(
        f"{name}: answers lost {len(lost)}, papers handed in and lost {len(undone)}, attempts kept {len(kept)}"
    )
    assert (lost, undone, errors) == ([], [], 0)
    assert len(crowd.handed_in) == PEOPLE
    return kept


def test_five_hundred_answer_at_once_and_nothing_is_lost():
    os.environ["PROXY_COUNT"] = "1"
    try:
        with running_portal() as (address, env):
            code, units = run(SET_UP, env)
            crowd = Crowd(address, code, units)
            began = time.monotonic()
            asyncio.run(everybody(crowd))
            kept = told(crowd, env, "undisturbed", time.monotonic() - began)
            assert len(kept) == PEOPLE
            assert crowd.broken == 0
            crowd = Crowd(address, code, units)

            async def kill():
                """-9 for the web server with all its workers, twice, in the thick of it."""
                for _ in range(2):
                    await asyncio.sleep(22)
                    for pid in web_processes(env["VAR_DIR"]):
                        os.kill(pid, signal.SIGKILL)
                    print(f"killed the web server after {time.monotonic() - began:.0f} s")

            began = time.monotonic()
            asyncio.run(everybody(crowd, kill))
            told(crowd, env, "killed twice", time.monotonic() - began)
            assert crowd.broken > 0
    finally:
        del os.environ["PROXY_COUNT"]
