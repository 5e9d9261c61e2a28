"""The whole schema tried out by schemathesis against a running portal, as anybody, as a clerk, as the office."""

import re
import subprocess
import sys

import pytest

from tests.browser.conftest import ROOT, running_portal

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance"
)
MAKE = """
import datetime
from django.utils import timezone
from longsha_credit.directory import tokens
from longsha_credit.directory.models import User
today = timezone.localdate()
for name in ("street1", "office"):
    by, until = User.objects.get(username=name), today + datetime.timedelta(days=1)
    made = tokens.make_token(name="试验", may_read=True, may_file=True, expires_on=until, by=by, today=today)
    print(name, made[1])
"""


@pytest.fixture(scope="module")
def portal(monkeypatch_module):
    """A portal with demo data whose rates stop nobody, and the keys of a clerk and of the office."""
    monkeypatch_module.setenv("OPEN_DATA_RATE", "1000000/min")
    monkeypatch_module.setenv("API_TOKEN_RATE", "1000000/min")
    with running_portal("--demo") as (address, env):
        shell = [sys.executable, "manage.py", "shell", "-v", "0", "-c", MAKE]
        said = subprocess.run(shell, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout
        yield address, dict(re.findall(r"(\w+) (longsha_\S+)", said)) | {"anybody": ""}


@pytest.fixture(scope="module")
def monkeypatch_module():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.mark.prove
@pytest.mark.parametrize("who", ["anybody", "street1", "office"])
def test_nothing_breaks_and_no_answer_is_undocumented(portal, who):
    address, keys = portal
    sent = ["-H", f"Authorization: Bearer {keys[who]}"] if keys[who] else []
    command = [
        "run",
        f"{address}/api/v1/schema/",
        "-c",
        CHECKS,
        "--phases",
        "examples,coverage,fuzzing",
        "-n",
        "40",
    ]
    script = "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())"
    ran = subprocess.run(
        [sys.executable, "-c", script, *command, "--continue-on-failure", "--warnings", "off", *sent],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    summary = ran.stdout.partition("SUMMARY")[2]
    tested = re.search(r"Tested: (\d+)", summary)
    cases = re.search(r"(\d+) generated", summary)
    assert tested and cases, ran.stdout[-3000:] + ran.stderr[-2000:]
    print(f"{who}: {tested[1]} operations, {cases[1]} requests")
    assert ran.returncode == 0, ran.stdout[-6000:]
    assert int(tested[1]) >= 40 and int(cases[1]) > 1000
