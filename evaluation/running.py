"""The evaluation of a year as background work: facts metric by metric, then results by runs of divisions."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils import timezone

from evaluation import computing, facts
from evaluation.models import IndicatorSet, Snapshot, SnapshotState
from longsha_credit.exchange import jobs
from longsha_credit.exchange.models import Job

COMPUTE = "compute_results"
PARTS = facts.PARTS


def register() -> None:
    """Make both kinds of work known."""
    jobs.register(facts.KIND, label="考评取数", run=take, chunk=1)
    jobs.register(COMPUTE, label="考评计分", run=compute, chunk=computing.CHUNK)


def take(job: Job, chunk: int) -> bool:
    """The facts of the next metrics; the last part starts the computing."""
    if facts.run(job, chunk):
        return True
    snapshot = Snapshot.objects.select_related("year__organisation").get(pk=job.arguments["snapshot"])
    if started := start_computing(snapshot, by=job.by, parts=job.arguments["parts"]):
        job.result["lines"].append(f"接着由{len(started)}个任务计分。")
    return False


def start_computing(snapshot: Snapshot, *, by: Any, parts: int = PARTS) -> list[Job]:
    """The jobs that write the results of a taken snapshot under the year's sets in force, a run of divisions each."""
    sets = list(IndicatorSet.objects.in_force().filter(year=snapshot.year_id).order_by("id"))
    if not sets:
        return []
    stamp = timezone.now().isoformat()
    return [
        jobs.start(
            COMPUTE, by=by, organisation=snapshot.organisation, title=f"{snapshot}计分（{n}/{parts}）",
            key=f"{snapshot.pk} {n}/{parts} {stamp}",
            arguments={
                "snapshot": snapshot.pk, "sets": [row.pk for row in sets], "after": after, "until": until, "rows": rows,
            },
        )
        for n, (after, until, rows) in enumerate(runs(parts, [row.level for row in sets]), 1)
    ]  # fmt: skip


# Cut between units in the order of their paths, so that what stands under one unit mostly falls into one run.
CUTS = """
SELECT max(path COLLATE "C"), count(*) FROM (
  SELECT path, ntile(%s) OVER (ORDER BY path USING ~<~) AS run FROM directory_organisation WHERE level = ANY (%s)
) o GROUP BY run ORDER BY run
"""


def runs(parts: int, levels: list[str]) -> Iterator[tuple[str, str, int]]:
    """(after, until, how many units) for each of so many runs of about the same length; the last has no end."""
    with connection.cursor() as cursor:
        cursor.execute(CUTS, [max(1, parts), levels])
        rows = cursor.fetchall()
    after = ""
    for n, (last, number) in enumerate(rows, 1):
        yield after, "" if n == len(rows) else last, number
        after = last


def compute(job: Job, chunk: int) -> bool:
    """One chunk of units of one set; what was done before a stop stays, the rest goes on from there."""
    asked, at = job.arguments, job.position or {"set": 0, "after": job.arguments["after"]}
    snapshot = Snapshot.objects.select_related("year").get(pk=asked["snapshot"])
    indicator_set = IndicatorSet.objects.select_related("year").get(pk=asked["sets"][at["set"]])
    made, after = computing.compute_chunk(
        snapshot, indicator_set, after=at["after"], until=asked["until"], limit=chunk
    )
    job.done += made
    job.position = at = (
        {"set": at["set"], "after": after} if after else {"set": at["set"] + 1, "after": asked["after"]}
    )
    more = at["set"] < len(asked["sets"])
    job.total = max(job.done, asked["rows"]) if more else job.done
    if not more:
        job.result = {"lines": [f"计分{job.done}个单位。"]}
    return more


def work_off(snapshot: Snapshot) -> Iterator[Job]:
    """Do the jobs of a snapshot here and now, as a worker would; each is given when it has ended."""
    while rows := list(_open_jobs(snapshot)):
        for job in rows:
            while jobs.advance(job.pk):
                pass
            job.refresh_from_db()
            yield job


def _open_jobs(snapshot: Snapshot) -> Any:
    return (
        Job.objects.at_work()
        .filter(kind__in=[facts.KIND, COMPUTE], arguments__snapshot=snapshot.pk)
        .order_by("id")
    )


def units_at_work(snapshot: Snapshot) -> bool:
    """Whether any job still takes or computes this snapshot."""
    return snapshot.state == SnapshotState.TAKING or _open_jobs(snapshot).exists()
