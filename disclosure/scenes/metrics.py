"""What evaluation may ask of scenes: how many went on with their rules, and how much of their target was taken up.

A scene counts once it is public: then the database has seen to its rules, its beneficiaries, its legal review and
its right answers. One that was taken down counts nowhere.
"""

import datetime
from collections import defaultdict
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from commitments.metrics import Days
from disclosure.models import MonthState, Scene, SceneMonth
from disclosure.scenes.wording import told
from longsha_credit.audit.models import Entry

# Where a scene that went on in a period stood on its last day that is over.
RUNNING_PARTS = ("running", "suspended", "ended")
# Of the participations aimed at: how many came, how many did not.
TAKEN_PARTS = ("taken", "missing")

Halt = tuple[datetime.date, datetime.date]
FOR_EVER = datetime.date.max


def _scenes(days: Days, below: Any = None) -> list[Scene]:
    """Public scenes that went on in these days, ended ones too, in the order of their units."""
    last = min(days.end, days.over)
    rows: QuerySet = Scene.objects.public().with_names()
    if below is not None:
        rows = rows.filter(organisation__path__startswith=below.path)
    found = rows.filter(begins_on__lte=last, publication__first_published_at__date__lte=last)
    return [s for s in found.order_by("organisation__path", "id") if (s.last_day or FOR_EVER) >= days.start]


def _halts(scenes: list[Scene]) -> dict[int, list[Halt]]:
    """When each scene was suspended, from the steps that were taken: from this day up to that one, itself not included."""
    ids = [str(scene.pk) for scene in scenes]
    steps = Entry.objects.filter(
        object_kind=Scene._meta.label_lower, object_id__in=ids, step__in=["suspend", "resume", "end"]
    )
    found: dict[int, list[Halt]] = defaultdict(list)
    for pk, step, at in steps.order_by("id").values_list("object_id", "step", "at"):
        halts, day = found[int(pk)], timezone.localdate(at)
        if step == "suspend":
            halts.append((day, FOR_EVER))
        elif halts and halts[-1][1] == FOR_EVER:
            halts[-1] = (halts[-1][0], day)
    return found


def _part(scene: Scene, halts: list[Halt], day: datetime.date) -> str:
    if scene.last_day and scene.last_day <= day:
        return "ended"
    return "suspended" if any(start <= day < end for start, end in halts) else "running"


def _standing(days: Days, below: Any = None) -> list[tuple[Scene, str]]:
    scenes = _scenes(days, below)
    halts, last = _halts(scenes), min(days.end, days.over)
    return [(scene, _part(scene, halts[scene.pk], last)) for scene in scenes]


def running_of_all(days: Days) -> dict[int, dict[str, int]]:
    """For every unit with a scene in these days how many are in each part: two queries."""
    found: dict[int, dict[str, int]] = {}
    for scene, part in _standing(days):
        found.setdefault(scene.organisation_id, dict.fromkeys(RUNNING_PARTS, 0))[part] += 1
    return found


def running_below(organisation: Any, days: Days) -> dict[str, int]:
    """The same for one organisation and the units under it."""
    counts = dict.fromkeys(RUNNING_PARTS, 0)
    for _, part in _standing(days, organisation):
        counts[part] += 1
    return counts


def scenes_behind(organisation: Any, days: Days, part: str = "") -> list[dict[str, Any]]:
    """The scenes counted: rows of code, said, unit_name, beneficiaries, legal_review, part."""
    return [
        {
            "code": scene.code,
            "said": scene.title,
            "unit_name": scene.organisation.name,
            "beneficiaries": scene.beneficiaries,
            "legal_review": scene.legal_review_number,
            "part": stood,
        }
        for scene, stood in _standing(days, organisation)
        if not part or part == stood
    ]


def _months_due(scene: Scene, halts: list[Halt], days: Days) -> list[datetime.date]:
    """The months that are over and in which the scene went on from the first day to the last."""
    found, month = [], days.start.replace(day=1)
    if month < days.start:
        month = _next(month)
    while (last := _next(month) - datetime.timedelta(days=1)) <= min(days.end, days.over):
        whole = scene.first_day <= month and (scene.last_day or FOR_EVER) >= last
        if whole and not any(start <= last and end > month for start, end in halts):
            found.append(month)
        month = _next(month)
    return found


def _next(month: datetime.date) -> datetime.date:
    return (month.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)


def _taken(days: Days, below: Any = None) -> list[dict[str, Any]]:
    """Per scene: the months due, the sum of their targets, and of the participations told in them; three queries.

    A month without public numbers counts with the target of the rules in force and no participation. More than the
    target of all months together is as good as the target.
    """
    scenes = _scenes(days, below)
    halts = _halts(scenes)
    reports: dict[int, dict[datetime.date, SceneMonth]] = defaultdict(dict)
    public = SceneMonth.objects.public().filter(scene__in=scenes, state=MonthState.PUBLISHED, corrects=None)
    for row in public:
        reports[row.scene_id][row.month] = row
    found = []
    for scene in scenes:
        months = _months_due(scene, halts[scene.pk], days)
        rows = [reports[scene.pk].get(month) for month in months]
        target = sum(row.target if row else scene.monthly_target for row in rows)
        came = sum(row.participations for row in rows if row)
        found.append(
            {
                "scene": scene,
                "months": len(months),
                "silent": rows.count(None),
                "target": target,
                "came": came,
            }
        )
    return [row for row in found if row["months"]]


def _counts(row: dict[str, Any]) -> dict[str, int]:
    taken = min(row["came"], row["target"])
    return {"taken": taken, "missing": row["target"] - taken}


def taken_of_all(days: Days) -> dict[int, dict[str, int]]:
    """For every unit with a month due the participations that came of those aimed at: three queries."""
    found: dict[int, dict[str, int]] = {}
    for row in _taken(days):
        counts = found.setdefault(row["scene"].organisation_id, dict.fromkeys(TAKEN_PARTS, 0))
        for part, number in _counts(row).items():
            counts[part] += number
    return found


def taken_below(organisation: Any, days: Days) -> dict[str, int]:
    """The same for one organisation and the units under it."""
    counts = dict.fromkeys(TAKEN_PARTS, 0)
    for row in _taken(days, organisation):
        for part, number in _counts(row).items():
            counts[part] += number
    return counts


def targets_behind(organisation: Any, days: Days) -> list[dict[str, Any]]:
    """The scenes counted: rows of code, said, unit_name, months, silent, target, came (few are not told apart)."""
    return [
        {
            "code": row["scene"].code,
            "said": row["scene"].title,
            "unit_name": row["scene"].organisation.name,
            "months": row["months"],
            "silent": row["silent"],
            "target": row["target"],
            "came": told(row["came"]),
        }
        for row in _taken(days, organisation)
    ]
