"""The programs on the page of the API run as they stand there: a client written from the docs files and reads back."""

import os
import subprocess
import sys

import pytest

from commitments.models import Obligation
from longsha_credit.home import api_examples
from longsha_credit.publication.models import Publication
from tests import make
from tests.api.calling import key_of


def run(program, server, **env) -> str:
    text = program.replace("https://本站地址", server.url)
    kept = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"}
    ran = subprocess.run([sys.executable, "-I", "-c", text], capture_output=True, text=True, env=kept | env)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.django_db(transaction=True)
def test_the_examples_read_follow_and_file(cast, live_server):
    it = make.in_force(cast)
    make.withdrawn(cast, make.in_force(cast, title="撤下的"))
    assert run(api_examples.READ, live_server).split() == [it.code, it.title, "正在履行"]
    assert run(api_examples.CHECK, live_server).splitlines()[-3:] == [
        "向阳街道 到期兑现率 还没有可算的",
        "临江街道 到期兑现率 还没有可算的",
        "None",
    ]
    assert run(api_examples.FOLLOW, live_server).startswith(f"{Publication.objects.public().count()} 件")
    own = f'"organisation": {cast.street.pk}, "post": {cast.post.pk},'
    filing = api_examples.FILE.replace('"organisation": 2, "post": 6,', own)
    key = key_of(cast.clerk)
    said = [run(filing, live_server, LONGSHA_TOKEN=key) for _ in range(2)]
    draft = Obligation.objects.get(state="draft")
    assert said[0] == said[1] == f"{live_server.url}/desk/commitments/{draft.pk}/\n"
    wrong = filing.replace('"area": "service"', '"area": "x"').replace("promise-2026-0001", "promise-2")
    with pytest.raises(AssertionError, match="area"):
        run(wrong, live_server, LONGSHA_TOKEN=key)
