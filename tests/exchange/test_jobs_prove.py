"""A real worker is killed in the middle of a job, again and again, and the queue emptied: everything is done once."""

import time

import pytest

from longsha_credit.exchange.models import Job
from tests.exchange.processes import empty_queue, kill, office, wait_until
from tests.exchange.working import people, started

pytestmark = pytest.mark.prove
ROWS, KILLS = 600, 4


@pytest.mark.django_db(transaction=True)
def test_a_job_survives_its_workers(cast):
    empty_queue()
    job, begun = started(cast, rows=ROWS, pause=0.1), time.monotonic()

    def now():
        return Job.objects.get(pk=job.pk)

    left = []
    with office() as worker:
        for _ in range(KILLS):
            process, before = worker(), now().done
            wait_until(lambda before=before: now().done >= before + 50, "work to go on")
            kill(process)
            left.append(now().done)
            assert people(job).count() == left[-1], "what is written and how far it came are the same"
            empty_queue()
        worker()
        wait_until(lambda: now().state not in ("queued", "running"), "the end")
    assert (now().state, now().done, now().error) == ("done", ROWS, "")
    numbers = sorted(int(name.removeprefix("人")) for name in people(job).values_list("name", flat=True))
    assert numbers == list(range(ROWS))
    assert 0 < left[0] < left[-1] < ROWS, "no worker was killed in the middle"
    print(
        f"{KILLS} workers killed at {left} of {ROWS}, the queue emptied each time; {time.monotonic() - begun:.0f} s"
    )
