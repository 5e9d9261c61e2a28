"""Whether a snapshot still comes to what was made of it: points from its facts once more, and its facts from today's rows."""

from typing import Any

from django.db.models import Count, Q

from evaluation import computing, facts
from evaluation.checks import in_points
from evaluation.metrics import METRICS
from evaluation.models import IndicatorSet, Snapshot, SnapshotState
from evaluation.models.facts import READS_POSTS
from evaluation.scoring import Sheet, Value
from evaluation.snapshots import TAKES_FACTS
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.directory.scope import require_within, within
from longsha_credit.exchange import jobs
from longsha_credit.exchange.models import Job

KIND = "recheck_evaluation"
SHOWN = 500  # differences that are kept to be read; how many there are is counted all the same


def register() -> None:
    """Make the work known."""
    jobs.register(KIND, label="考评核对", run=run, chunk=computing.CHUNK)


def begin(snapshot: Snapshot, *, by: Any, key: str) -> Job:
    """Check a snapshot in the background, that of a frozen year as well; under one `key` it is one job.

    Raises Http404 for who may not, Refused for a snapshot that is not there or was dropped.
    """
    require_within(by, snapshot.organisation, TAKES_FACTS)
    if snapshot.state != SnapshotState.TAKEN:
        raise Refused(f"{snapshot}现在是“{snapshot.get_state_display()}”，没有可以核对的。", "state")
    sets = IndicatorSet.objects.filter(results__snapshot=snapshot).distinct().order_by("id")
    return jobs.start(
        KIND, by=by, organisation=snapshot.organisation, title=f"核对{snapshot}", key=f"{snapshot.pk} {key}",
        arguments={
            "snapshot": snapshot.pk, "sets": list(sets.values_list("pk", flat=True)),
            "metrics": [metric.key for metric in facts.comparable(snapshot)],
            "units": snapshot.results.count(),
        },
    )  # fmt: skip


def run(job: Job, chunk: int) -> bool:
    """The next chunk of units, or the next metric; see exchange.kinds.Kind. Nothing but the job is written."""
    asked = job.arguments
    at = job.position or {"set": 0, "after": "", "metric": 0}
    found = job.result or {"results": [], "facts": [], "unlike": 0, "parted": 0, "units": 0, "lines": []}
    snapshot = Snapshot.objects.select_related("year").get(pk=asked["snapshot"])
    if at["set"] < len(asked["sets"]):
        at = _replayed(snapshot, asked, at, found, chunk)
    elif at["metric"] < len(asked["metrics"]):
        at = _rederived(snapshot, asked, at, found)
    more = at["set"] < len(asked["sets"]) or at["metric"] < len(asked["metrics"])
    job.position, job.done = at, found["units"] + at["metric"]
    job.total = max(job.done, asked["units"] + len(asked["metrics"])) if more else job.done
    if not more:
        found |= {"lines": _lines(found, asked), "link": _link(snapshot)}
    job.result = found
    return more


def _link(snapshot: Snapshot) -> dict[str, str]:
    return {"path": f"desk/evaluation/snapshots/{snapshot.pk}/check/", "label": "看核对结果"}


def _lines(found: dict[str, Any], asked: dict[str, Any]) -> list[str]:
    points = f"有{found['unlike']}个和存下的不一样" if found["unlike"] else "和存下的完全一样"
    rows = f"有{found['parted']}处和取数时不同" if found["parted"] else "和取数时完全一样"
    return [
        f"重放：用取数时记下的数再算一遍{found['units']}个单位的得分，{points}。",
        f"复核：按现在的明细把{len(asked['metrics'])}项指标再数一遍，{rows}。",
    ]


def _replayed(
    snapshot: Snapshot, asked: dict[str, Any], at: dict[str, Any], found: dict[str, Any], chunk: int
) -> dict[str, Any]:
    row = IndicatorSet.objects.select_related("year").get(pk=asked["sets"][at["set"]])
    number, unlike, after = computing.replay_chunk(snapshot, row, after=at["after"], limit=chunk)
    codes = [indicator.code for indicator in computing.indicators_of(row)] if unlike else []
    for unit, stored, sheet in unlike:
        if len(found["results"]) < SHOWN:
            found["results"].append(_unlike(unit, stored, sheet, codes))
    found["unlike"] += len(unlike)
    found["units"] += number
    return at | ({"after": after} if after else {"set": at["set"] + 1, "after": ""})


def _unlike(unit: int, stored: Any, sheet: Sheet, codes: list[str]) -> dict[str, Any]:
    """{unit, result, stored, fresh, where}: totals in hundredths, and the indicators that part."""
    if stored is None:
        return {"unit": unit, "result": None, "stored": None, "fresh": sheet.total, "where": []}
    pairs = zip(codes, zip(stored.earned, stored.worth, strict=False), zip(sheet.earned, sheet.worth, strict=True), strict=False)  # fmt: skip
    where = [code for code, before, now in pairs if before != now]
    return {
        "unit": unit,
        "result": stored.pk,
        "stored": stored.total,
        "fresh": sheet.total,
        "where": where,
    }


def _rederived(
    snapshot: Snapshot, asked: dict[str, Any], at: dict[str, Any], found: dict[str, Any]
) -> dict[str, Any]:
    key = asked["metrics"][at["metric"]]
    if key in METRICS:
        number, rows = facts.parted(snapshot, METRICS[key], most=SHOWN - len(found["facts"]))
        found["parted"] += number
        found["facts"] += [
            {"unit": row.organisation, "metric": key, "stored": _pair(row.stored), "fresh": _pair(row.fresh)}
            for row in rows
        ]
    return at | {"metric": at["metric"] + 1}


def _pair(value: Value | None) -> list[int] | None:
    return None if value is None else [value.numerator, value.denominator]


def latest(snapshot: Snapshot, user: Any) -> Job | None:
    """The last check of a snapshot that this user reads."""
    rows = Job.objects.visible_to(user).filter(kind=KIND, arguments__snapshot=snapshot.pk)
    return rows.with_names().order_by("-id").first()


def shown(job: Job, user: Any) -> dict[str, Any]:
    """What a check found, for this reader: {results, facts, hidden, capped}; what is said of a post is for few.

    A row has unit, title, stored, fresh (in words) and what leads on; a fact has `entries` too: how many steps were
    noted down for its unit since it was taken. Three queries.
    """
    found = job.result
    rows = [*found.get("results", []), *found.get("facts", [])]
    units = _units({row["unit"] for row in rows}, user)
    since = _noted(Snapshot.objects.get(pk=job.arguments["snapshot"]), units)
    return {
        "results": [
            row | {"unit": units[row["unit"]], "stored": in_points(row["stored"]), "fresh": in_points(row["fresh"])}
            for row in found.get("results", []) if row["unit"] in units
        ],
        "facts": [
            row | {
                "unit": units[row["unit"]], "title": METRICS[row["metric"]].title, "stored": _words(row["stored"]),
                "fresh": _words(row["fresh"]), "entries": since.get(units[row["unit"]].path, 0),
            }
            for row in found.get("facts", []) if row["unit"] in units and row["metric"] in METRICS
        ],
        "hidden": sum(row["unit"] not in units for row in rows),
        "capped": found.get("unlike", 0) + found.get("parted", 0) - len(rows),
    }  # fmt: skip


def _units(ids: set[int], user: Any) -> dict[int, Organisation]:
    """The units among these of which this reader may be told."""
    posts = within(user, READS_POSTS, "path") | ~Q(level=Level.POST)
    rows = Organisation.objects.visible_to(user).filter(posts, pk__in=ids).select_related("parent")
    return {row.pk: row for row in rows}


def _noted(snapshot: Snapshot, units: dict[int, Organisation]) -> dict[str, int]:
    """{path: how many steps were noted down since the facts were taken}."""
    rows = Entry.objects.filter(
        organisation_path__in=[unit.path for unit in units.values()], at__gt=snapshot.taken_at
    )
    return dict(rows.order_by().values("organisation_path").annotate(n=Count("pk")).values_list("organisation_path", "n"))  # fmt: skip


def _words(value: list[int] | None) -> str:
    return f"{in_points(value[0])} ÷ {value[1]}" if value else "没有"
