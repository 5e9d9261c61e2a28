"""What the lists of results and rulings offer, and what waits for somebody there."""

from typing import Any

from django.db.models import Count, Q

from evaluation.checks import in_points
from evaluation.flows import RULING
from evaluation.models import Mark, Result, Ruling, RulingKind, RulingState, Snapshot
from evaluation.reference import TITLES
from evaluation.scoring import GRADES
from longsha_credit.directory.models import Level

LEVELS = [(level.value, level.label) for level in Level if level in TITLES]
GRADE_CHOICES = [*GRADES.items(), ("waiting", "还没有等级")]
MOST_SNAPSHOTS = 50


def snapshots(user: Any) -> list[Snapshot]:
    """The snapshots that stand, the newest first; for who works for no unit those with a result of the own post."""
    rows = Snapshot.objects.visible_to(user).taken().select_related("year")
    found = list(rows.order_by("-taken_on", "-id")[:MOST_SNAPSHOTS])
    if found:
        return found
    own = Result.objects.visible_to(user).filter(snapshot__state="taken").select_related("snapshot__year")
    mine = [row.snapshot for row in own.order_by("snapshot_id", "pk").distinct("snapshot_id")]
    return sorted(mine, key=lambda row: (row.taken_on, row.pk), reverse=True)[:MOST_SNAPSHOTS]


def chosen(query: Any, user: Any) -> dict[str, Any]:
    """What the address asks for; what makes no sense counts as not asked. Without a snapshot it is the newest."""
    rows = snapshots(user)
    by_id = {str(row.pk): row for row in rows}
    return {
        "snapshot": by_id.get(query.get("snapshot", "")) or next(iter(rows), None),
        "level": query.get("level") if query.get("level") in dict(LEVELS) else "",
        "grade": query.get("grade") if query.get("grade") in dict(GRADE_CHOICES) else "",
        "q": query.get("q", "").strip().replace("\x00", "")[:60],
    }


def results(rows: Any, chosen: dict[str, Any]) -> Any:
    """Results of one snapshot by the level and the name of the unit: no ranking."""
    rows = rows.filter(snapshot=chosen["snapshot"]).with_names().select_related("organisation__parent")
    if chosen["level"]:
        rows = rows.filter(set__level=chosen["level"])
    if chosen["grade"]:
        rows = rows.filter(grade="" if chosen["grade"] == "waiting" else chosen["grade"])
    if chosen["q"]:
        rows = rows.filter(organisation__name__icontains=chosen["q"])
    return rows.order_by("organisation__path")


def marks(result: Any, indicator: Any, user: Any) -> list[Mark]:
    """The marks so far, the newest first: only the first counts."""
    rows = Mark.objects.visible_to(user).filter(
        snapshot=result.snapshot, organisation=result.organisation, indicator=indicator
    )
    found = list(rows.select_related("by", "seconded_by").order_by("-id"))
    for row in found:
        row.words = in_points(row.points)
    return found


def asked(user: Any) -> Any:
    """The rulings on which `user` has a step to take."""
    return Ruling.objects.visible_to(user).with_names().filter(RULING.waiting_for(user)).order_by("id")


def _conditions(user: Any) -> list[tuple[str, str, Q]]:
    return [
        ("todo", "待我认定", RULING.waiting_for(user)),
        ("proposed", "待认定", Q(state=RulingState.PROPOSED)),
        *((kind.value, kind.label, Q(kind=kind)) for kind in RulingKind),
        ("standing", "已认定", Q(state=RulingState.STANDING)),
        ("over", "不予认定和撤销", Q(state__in=[RulingState.REFUSED, RulingState.LIFTED])),
    ]


def rulings(rows: Any, query: Any, user: Any) -> Any:
    found = {key: condition for key, _, condition in _conditions(user)}.get(query.get("view", ""))
    return (rows if found is None else rows.filter(found)).with_names().order_by("-id")


def ruling_views(rows: Any, query: Any, user: Any) -> list[dict[str, Any]]:
    """Every view with its number of rows, counted in one query."""
    conditions = _conditions(user)
    numbers = rows.order_by().aggregate(
        all=Count("pk"), **{f"n_{key}": Count("pk", filter=condition) for key, _, condition in conditions}
    )
    named = [
        ("", "全部", numbers["all"]),
        *((key, label, numbers[f"n_{key}"]) for key, label, _ in conditions),
    ]
    current = query.get("view", "")
    return [{"key": k, "label": label, "count": n, "current": k == current} for k, label, n in named]
