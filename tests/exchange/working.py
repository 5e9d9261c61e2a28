"""Long work for the tests: a kind that writes people one by one, so that a lost or a doubled one shows."""

import datetime

from django.utils import timezone

from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Official
from longsha_credit.exchange import jobs
from longsha_credit.exchange.flows import FLOW
from longsha_credit.exchange.models import Job

KIND = "test_people"


def run(job, chunk):
    """Write the people `done`, `done` + 1 … of a unit; refuse or break at the number the arguments name."""
    job.total = job.arguments["rows"]
    last = min(job.done + chunk, job.total)
    for number in range(job.done, last):
        if number == job.arguments.get("refuse_at"):
            raise Refused("第七行的单位已经撤并，请核对。", "guard")
        if number == job.arguments.get("break_at"):
            raise ZeroDivisionError
        Official.objects.create(
            name=f"人{number}", staff_number=f"j{job.pk}-{number}", organisation=job.organisation
        )
    job.done, job.position = last, {"last": last}
    job.result = {
        "lines": [f"写了{last}人。"],
        "link": {"path": "desk/organisations/", "label": "看单位"},
    }
    return last < job.total


def undo(job, chunk):
    for person in people(job)[:chunk]:
        person.delete()
        job.done += 1
    return job.done < job.total


def untouched(job):
    return ["已经有人改过名字，不能撤销。"] if people(job).exclude(name__startswith="人").exists() else []


def people(job):
    return Official.objects.filter(staff_number__startswith=f"j{job.pk}-").order_by("pk")


def registered():
    jobs.register(KIND, label="写人员", run=run, undo=undo, untouched=untouched, chunk=10)


registered()


def started(c, by=None, key="一次", organisation=None, **arguments) -> Job:
    given = {"rows": 25, **arguments}
    unit = organisation or c.street
    return jobs.start(
        KIND, by=by or c.clerk, organisation=unit, title="写二十五个人", key=key, arguments=given
    )


def finished(c, **more) -> Job:
    job = started(c, **more)
    while jobs.advance(job.pk):
        pass
    job.refresh_from_db()
    return job


def of_every_kind(c) -> dict[str, Job]:
    """A job in the queue, one under way, one done, one that failed."""
    running = started(c, key="二")
    FLOW.take(running, "begin", by=None)
    done, failed = finished(c, key="三"), finished(c, key="四", refuse_at=15)
    cancelled = started(c, key="五")
    FLOW.take(cancelled, "cancel", by=c.clerk)
    return {"job": started(c), "job_running": running, "job_done": done, "job_failed": failed, "job_cancelled": cancelled}  # fmt: skip


def silent(job, taken_up=False) -> None:
    """Nobody was at it for three minutes, though somebody may have begun a little after it was queued."""
    then = timezone.now() - datetime.timedelta(minutes=3)
    heard = then + datetime.timedelta(seconds=int(taken_up))
    Job.objects.filter(pk=job.pk).update(heartbeat_at=heard, queued_at=then)
