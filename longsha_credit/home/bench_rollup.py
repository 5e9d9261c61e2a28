"""The roll-up measured on the rows that are there: the facts of a metric beside the bare GROUP BY over the same rows."""

import contextlib
import datetime
import resource
import statistics
import time
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from evaluation import facts
from evaluation.computing import compute, replay
from evaluation.metrics import METRICS
from evaluation.models import IndicatorSet, Snapshot
from longsha_credit.directory.models import Organisation, User
from longsha_credit.home import demo_scale
from longsha_credit.home.bench_tables import Say
from longsha_credit.programme.models import Year

# metric: the tables its rows lie in, and which of them fall into days %s to %s
BEHIND = {
    "kept-rate": ("commitments_obligation t", "form = 'commitment' AND counts_on BETWEEN %s AND %s"),
    "records-timely": ("records_record t", "decided_on BETWEEN %s AND %s"),
    "published-in-time": (
        """disclosure_notice t JOIN publication_publication p ON p.id = t.publication_id
           JOIN deadlines_deadline d ON d.object_kind = 'disclosure.notice' AND d.object_id = t.id""",
        "d.met_on BETWEEN %s AND %s",
    ),
    "materials-in-time": (
        """programme_task t JOIN deadlines_deadline d ON d.object_kind = 'programme.task' AND d.object_id = t.id
           AND d.rule_key IN ('programme_task', 'summary_report')""",
        "d.due_on BETWEEN %s AND %s",
    ),
}
BARE = "CREATE TEMP TABLE bare ON COMMIT DROP AS SELECT t.organisation_id, count(*) AS n FROM {} WHERE {} GROUP BY 1"


class _Undone(Exception):
    """What was written for measuring is taken back."""


def growing(scales: Sequence[int], *, rounds: int, say: Say) -> None:
    """The roll-up at one size after the other, made-up units being added in between, and how much longer each takes.

    Only for a portal with the demo and nothing else. Raises ValueError for any other, and for sizes that do not grow.
    """
    if Organisation.objects.filter(is_demo=False).exists() or not Organisation.objects.exists():
        raise ValueError("只能在只有演示数据的门户里测：先用 load_demo 载入。")
    before, took = demo_scale.made_up(), 0.0
    for units in scales:
        if units < before or (took and units == before):
            raise ValueError(f"已有{before}个测速用的单位，--scales 要从小到大，也不能比现有的小。")
        if units > before:
            demo_scale.multiply(units - before, say=lambda line: None)
        say(f"—— {units} 个单位")
        _ratios(rounds, say)
        seconds = _whole_year(timezone.localdate(), say)
        if took:
            say(f"单位是上一次的 {units / before:.1f} 倍，全年用时是 {seconds / took:.1f} 倍。")
        before, took = units, seconds
    _memory(say)


def rollup(*, rows: int, rounds: int, say: Say) -> float:
    """The facts of whole years, written and taken back, against the bare roll-up; gives the worst ratio of medians.

    `rows` is what other measurements make; this one takes what is there.
    """
    today = timezone.localdate()
    if not Year.objects.filter(number=today.year).exists() or not User.objects.exists():
        say("还没有今年的年度安排和账号，没有可以测的。先载入数据。")
        return 0
    found = _ratios(rounds, say)
    _whole_year(today, say)
    _memory(say)
    return max(found)


def _memory(say: Say) -> None:
    say(f"Python 进程内存最高 {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB。")


def _ratios(rounds: int, say: Say) -> list[float]:
    """The facts of each of the metrics, written and taken back, against the bare roll-up of their rows."""
    today, found = timezone.localdate(), []
    for key, (table, condition) in BEHIND.items():
        portal: list[float] = []
        bare: list[float] = []
        groups = 0
        for number in range(rounds):
            pair = [
                (bare, lambda t=table, c=condition: _bare(t, c, today)),
                (portal, lambda k=key: _facts(k, today)),
            ]
            for times, action in pair if number % 2 else reversed(pair):
                seconds, written = action()
                times.append(seconds)
                groups = max(groups, written)
        ratio = statistics.median(portal) / statistics.median(bare)
        found.append(ratio)
        say(
            f"{METRICS[key].title}：{groups} 个单位，事实 {statistics.median(portal):.3f} 秒，"
            f"只有 GROUP BY {statistics.median(bare):.3f} 秒，比值 {ratio:.2f}（中位数，都写进表里）。"
        )
    return found


def _whole_year(today: datetime.date, say: Say) -> float:
    """All facts of all units, then the points under every set in force, as one evaluation does it; nothing stays.

    Gives the seconds both took.
    """
    with contextlib.suppress(_Undone), transaction.atomic():
        year = Year.objects.get(number=today.year)
        snapshot = facts.opened(year, "trial", by=User.objects.order_by("pk")[0], today=today)
        began = time.perf_counter()
        number = facts.take_all(snapshot)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE evaluation_fact")
        taken = time.perf_counter()
        sets = list(IndicatorSet.objects.in_force().filter(year=year))
        units = sum(compute(snapshot, one) for one in sets)
        ended = time.perf_counter()
        say(
            f"全年：{len(METRICS)} 项指标、{number} 个事实 {taken - began:.1f} 秒；{units} 个单位计分 {ended - taken:.1f} 秒"
            f"（每秒 {units / (ended - taken):,.0f} 个）；合计 {ended - began:.1f} 秒，一个进程。"
        )
        _looked_at_again(snapshot, sets, say)
        raise _Undone
    return ended - began


def _looked_at_again(snapshot: Snapshot, sets: list[IndicatorSet], say: Say) -> None:
    """What `check_evaluation` does: the points from the stored facts once more, the facts from today's rows."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE evaluation_result")
    began = time.perf_counter()
    unlike = sum(1 for one in sets for _ in replay(snapshot, one))
    replayed = time.perf_counter()
    parted = sum(facts.parted(snapshot, metric, most=1)[0] for metric in facts.comparable(snapshot))
    ended = time.perf_counter()
    say(
        f"核对：重放 {replayed - began:.1f} 秒，{unlike} 个不同；复核 {ended - replayed:.1f} 秒，{parted} 处不同。"
    )


def _timed(write: Any) -> tuple[float, int]:
    """How long it takes to write so many rows, checks at the end included; nothing of it stays."""
    seconds, written = 0.0, 0
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            prepared = write(cursor)
            began = time.perf_counter()
            written = prepared()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            seconds = time.perf_counter() - began
            raise _Undone
    except _Undone:
        with connection.cursor() as cursor:  # or the database clears it away while the next one is timed
            cursor.execute("VACUUM evaluation_fact")
        return seconds, written


def _bare(table: str, condition: str, today: datetime.date) -> tuple[float, int]:
    def write(cursor: Any) -> Any:
        def run() -> int:
            days = [datetime.date(today.year, 1, 1), today - datetime.timedelta(days=1)]
            cursor.execute(BARE.format(table, condition), days)
            return cursor.rowcount

        return run

    return _timed(write)


def _facts(key: str, today: datetime.date) -> tuple[float, int]:
    def write(cursor: Any) -> Any:
        year = Year.objects.get(number=today.year)
        by = User.objects.order_by("pk")[0]
        snapshot = Snapshot.objects.create(year=year, purpose="trial", taken_on=today, by=by)
        return lambda: facts.take(snapshot, metrics=[METRICS[key]])

    return _timed(write)
