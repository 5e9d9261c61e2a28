"""Taking the facts of a day: metric by metric, for all units at once, in SQL that no row leaves; reading them, and taking them anew."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from evaluation.metrics import METRICS, Metric, Period
from evaluation.models import Fact, Purpose, Snapshot, SnapshotState
from evaluation.scoring import Value
from evaluation.snapshots import FLOW, TAKES_FACTS
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange import jobs
from longsha_credit.exchange.models import Job
from longsha_credit.programme.models import Year
from longsha_credit.programme.services import require_open

KIND = "take_facts"
PARTS = 2  # jobs that compute side by side, when nothing else is asked for

# Counted into a table of its own first, in the order of the index: only then may the database count with all its
# workers, which it does where it is told that rows handed between them cost nothing (measured: 0.9 instead of 1.5
# seconds for the kept promises of 660,000 units).
WITH_ALL_WORKERS = "SET LOCAL parallel_tuple_cost = 0"
COUNT = "CREATE TEMP TABLE counted_now ON COMMIT DROP AS SELECT * FROM ({facts}) AS counted ORDER BY organisation_id"
INSERT = """
INSERT INTO evaluation_fact (snapshot_id, organisation_id, metric, numerator, denominator)
SELECT %s, organisation_id, %s, numerator, denominator FROM counted_now
"""
# Facts from outside join what the portal counted itself, where the metric takes any.
WITH_IMPORTS = """
SELECT organisation_id, sum(numerator)::bigint AS numerator, sum(denominator)::int AS denominator
FROM (({facts}) UNION ALL (
  SELECT f.organisation_id, f.numerator, f.denominator FROM evaluation_importedfact f
  JOIN directory_organisation o ON o.id = f.organisation_id
  WHERE f.year_id = %s AND f.metric = %s AND f.superseded_at IS NULL AND f.withdrawn_at IS NULL
    AND o.path LIKE %s
)) AS known GROUP BY organisation_id
"""


def period_of(snapshot: Snapshot) -> Period:
    """The snapshot's year as its day looks at it: the day before is the last that is over."""
    return Period.of_year(snapshot.year.number, snapshot.taken_on)


@transaction.atomic
def begin(
    year: Year, purpose: str, *, by: Any, today: datetime.date, key: str, parts: int = PARTS
) -> tuple[Snapshot, Job]:
    """A snapshot of today and the job that fills it; twice under one `key` (a double click) it is the same.

    `parts`: how many jobs compute side by side once the facts are there. Raises Http404 where `by` is not of the
    office of the year's district, Refused where the year is frozen or has not begun.
    """
    require_within(by, year.organisation, TAKES_FACTS)
    require_open(year)
    started = Job.objects.filter(kind=KIND, key=key, by=by).first()
    if started is not None:
        return Snapshot.objects.get(pk=started.arguments["snapshot"]), started
    snapshot = opened(year, purpose, by=by, today=today)
    job = jobs.start(
        KIND, by=by, organisation=year.organisation, title=str(snapshot), key=key,
        arguments={"snapshot": snapshot.pk, "metrics": list(METRICS), "parts": parts},
    )  # fmt: skip
    return snapshot, job


def opened(year: Year, purpose: str, *, by: Any, today: datetime.date) -> Snapshot:
    """An empty snapshot of today, with its entry. Raises Refused where the year has not begun."""
    if today.year < year.number:
        raise Refused(f"{year}还没有开始，到{year.number}年才能取数。", "guard")
    snapshot = Snapshot.objects.create(year=year, purpose=Purpose(purpose), taken_on=today, by=by)
    record(snapshot, step="begin", label="开始取数", by=by, roles=TAKES_FACTS, to_state=SnapshotState.TAKING)
    return snapshot


def run(job: Job, chunk: int) -> bool:
    """The facts of the next metrics; see exchange.kinds.Kind. A part is one metric of all units: no memory of ours."""
    keys, start = job.arguments["metrics"], job.position.get("metric", 0)
    snapshot = (
        Snapshot.objects.select_for_update(of=("self",))
        .select_related("year")
        .get(pk=job.arguments["snapshot"])
    )
    part = keys[start : start + chunk]
    facts = job.position.get("facts", 0) + take(
        snapshot, metrics=[METRICS[key] for key in part if key in METRICS]
    )
    job.position = {"metric": start + len(part), "facts": facts}
    job.done, job.total = start + len(part), len(keys)
    if job.done < job.total:
        return True
    FLOW.take(snapshot, "finish", by=None)
    job.result = {
        "lines": [f"{job.total}项指标，{facts}个事实。"],
        "link": {"path": f"desk/evaluation/snapshots/{snapshot.pk}/", "label": "看这次取数"},
    }
    return False


def take_all(snapshot: Snapshot) -> int:
    """All facts of a snapshot at once, and the snapshot is taken: for commands, demo data and tests."""
    number = take(snapshot)
    FLOW.take(snapshot, "finish", by=None)
    return number


@transaction.atomic
def take(snapshot: Snapshot, *, metrics: Iterable[Metric] | None = None, below: str = "") -> int:
    """Insert the facts of these metrics (all where none are named), of the units below a path; gives how many.

    Each metric is counted in one statement. Raises Refused where the snapshot is not being taken any more, and IntegrityError
    where a fact is there already: a part is taken once.
    """
    state = Snapshot.objects.filter(pk=snapshot.pk).values_list("state", flat=True).get()
    if state != SnapshotState.TAKING:
        raise Refused(f"{snapshot}现在是“{SnapshotState(state).label}”，不能再取数，请重新取一次。", "state")
    chosen, period, number = list(METRICS.values() if metrics is None else metrics), period_of(snapshot), 0
    with connection.cursor() as cursor:
        cursor.execute(WITH_ALL_WORKERS)
        for metric in chosen:
            facts, params = statement(metric, snapshot.year, period, below)
            cursor.execute(COUNT.format(facts=facts), params)
            cursor.execute(INSERT, [snapshot.pk, metric.key])
            number += cursor.rowcount
            cursor.execute("DROP TABLE counted_now")
    snapshot.formulas |= {metric.key: metric.version for metric in chosen}
    Snapshot.objects.filter(pk=snapshot.pk).update(formulas=snapshot.formulas)
    return number


def statement(metric: Metric, year: Year, period: Period, below: str = "") -> tuple[str, tuple[Any, ...]]:
    """The facts of a metric with those from outside: one statement and its parameters."""
    facts, params = metric.facts(period, below)
    if not metric.takes_imports:
        return facts, params
    return WITH_IMPORTS.format(facts=facts), (*params, year.pk, metric.key, f"{below}%")


def values_of(snapshot: Snapshot, organisation: Any) -> dict[str, Value]:
    """The facts of one organisation: {metric: (numerator in hundredths, denominator)}; one query."""
    rows = Fact.objects.filter(snapshot=snapshot, organisation=organisation)
    return {key: Value(n, d) for key, n, d in rows.values_list("metric", "numerator", "denominator")}


@dataclass(frozen=True)
class Difference:
    """Where a stored fact and one taken anew part; None where there is none."""

    organisation: int
    metric: str
    stored: Value | None
    fresh: Value | None


# The database compares: what is the same never leaves it, nor what is more than anybody reads.
REDERIVED = """
SELECT coalesce(f.organisation_id, n.organisation_id), f.numerator, f.denominator, n.numerator, n.denominator,
  count(*) OVER ()
FROM (SELECT organisation_id, numerator, denominator FROM evaluation_fact
      WHERE snapshot_id = %s AND metric = %s) f
FULL JOIN ({fresh}) n (organisation_id, numerator, denominator) ON n.organisation_id = f.organisation_id
WHERE (f.numerator, f.denominator) IS DISTINCT FROM (n.numerator, n.denominator)
ORDER BY 1 LIMIT %s
"""


def parted(snapshot: Snapshot, metric: Metric, *, most: int) -> tuple[int, list[Difference]]:
    """The facts of a metric from today's rows, as of the snapshot's own day, against the stored ones.

    How many part, and the first `most` of them. They are taken as they were taken then, with what was brought in from
    outside and stands today.
    """
    fresh, params = statement(metric, snapshot.year, period_of(snapshot))
    with connection.cursor() as cursor:
        cursor.execute(
            REDERIVED.replace("{fresh}", fresh), [snapshot.pk, metric.key, *params, max(1, most)]
        )  # the first row says how many
        rows = cursor.fetchall()
    found = [Difference(row[0], metric.key, _value(*row[1:3]), _value(*row[3:5])) for row in rows[:most]]
    return rows[0][-1] if rows else 0, found


def comparable(snapshot: Snapshot) -> list[Metric]:
    """The metrics that were taken then and are counted today, whether by the same formula or not."""
    return [metric for key, metric in METRICS.items() if key in snapshot.formulas]


def _value(numerator: int | None, denominator: int | None) -> Value | None:
    return None if numerator is None or denominator is None else Value(numerator, denominator)
