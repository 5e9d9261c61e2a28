"""What evaluation may ask of scenes: how many went on with their rules, and how much of their target was taken up.

A scene counts once it is public: then the database has seen to its rules, its beneficiaries, its legal review and
its right answers. One that was taken down counts nowhere.
"""

import datetime
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Greatest, Least, TruncDate
from django.utils import timezone

from disclosure.models import MonthState, Scene, SceneMonth, SceneState
from disclosure.scenes.wording import told
from longsha_credit.audit.models import Entry
from longsha_credit.directory import counting
from longsha_credit.directory.counting import Days, Sql, Tally

S = SceneState

# Where a scene that went on in a period stood on its last day that is over.
RUNNING_PARTS = ("running", "suspended", "ended")
# Of the participations aimed at: how many came, how many did not.
TAKEN_PARTS = ("taken", "missing")


def _going(days: Days) -> Any:
    """Public scenes that went on in these days, ended ones too, each with its last day where it has one."""
    ended = Case(When(Q(state=S.ENDED) | Q(state=S.WITHDRAWING, stood_as=S.ENDED), then=F("halted_on")))
    rows = Scene.objects.public().order_by().annotate(last_on=Least(ended, F("ends_on")))
    rows = rows.filter(begins_on__lte=days.last, publication__first_published_at__date__lte=days.last)
    return rows.filter(Q(last_on=None) | Q(last_on__gte=days.start))


def _running(days: Days) -> Any:
    """The same scenes with the part in which each stood on the last day that is over, from the steps taken by then."""
    last = days.last
    steps = Entry.objects.filter(
        object_kind=Scene._meta.label_lower, object_id=Cast(OuterRef("pk"), CharField()),
        step__in=["suspend", "resume"], at__date__lte=last,
    )  # fmt: skip
    rows = _going(days)
    rows = rows.annotate(newest=Subquery(steps.order_by("-id").values("step")[:1]))
    whens = (When(last_on__lte=last, then=Value("ended")), When(newest="suspend", then=Value("suspended")))
    return rows.annotate(stands_=Case(*whens, default=Value("running"), output_field=CharField()))


def running(days: Days) -> list[Tally]:
    parts = {part: Q(stands_=part) for part in RUNNING_PARTS}
    return [Tally(_running(days), parts, said="title", code="code", day="begins_on", link="desk/scenes/")]


def running_of_all(days: Days) -> dict[int, dict[str, int]]:
    """For every unit with a scene in these days how many are in each part: one query."""
    return counting.of_all(running(days))


def running_below(organisation: Any, days: Days) -> dict[str, int]:
    """The same for one organisation and the units under it."""
    return counting.within(running(days), organisation)


def scenes_behind(organisation: Any, days: Days, part: str = "") -> list[dict[str, Any]]:
    """The scenes counted: rows of code, said, unit_name, beneficiaries, legal_review, part."""
    rows = _running(days).filter(organisation__path__startswith=organisation.path).with_names()
    return [
        {
            "code": scene.code,
            "said": scene.title,
            "unit_name": scene.organisation.name,
            "beneficiaries": scene.beneficiaries,
            "legal_review": scene.legal_review_number,
            "part": scene.stands_,
        }
        for scene in rows.order_by("organisation__path", "id")
        if not part or part == scene.stands_
    ]


def _months(days: Days) -> list[datetime.date]:
    """The first days of the months that lie in these days and are over."""
    found, month = [], days.start.replace(day=1)
    if month < days.start:
        month = _next(month)
    while _next(month) - datetime.timedelta(days=1) <= days.last:
        found.append(month)
        month = _next(month)
    return found


def _next(month: datetime.date) -> datetime.date:
    return (month.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)


# A month is due where the scene went on from its first day to its last, without being suspended on any of them. One
# without public numbers counts with the target of the rules in force and no participation. More than the target of
# all months together is as good as the target.
PER_SCENE = """
SELECT s.id, s.organisation_id, count(*) AS months, count(*) FILTER (WHERE r.id IS NULL) AS silent,
  sum(coalesce(r.target, s.target)) AS target, coalesce(sum(r.participations), 0) AS came
FROM ({scenes}) AS s (id, organisation_id, first_day, last_day, target)
JOIN (SELECT d AS first, (d + interval '1 month')::date - 1 AS last FROM unnest(%s::date[]) d) AS month
  ON s.first_day <= month.first AND (s.last_day IS NULL OR s.last_day >= month.last)
LEFT JOIN ({reports}) AS r (id, scene_id, month, target, participations)
  ON r.scene_id = s.id AND r.month = month.first
WHERE NOT EXISTS (
  SELECT FROM audit_entry e
  WHERE e.object_kind = 'disclosure.scene' AND e.object_id = s.id::text AND e.step = 'suspend'
    AND (e.at AT TIME ZONE %s)::date <= month.last
    AND coalesce((SELECT (n.at AT TIME ZONE %s)::date FROM audit_entry n WHERE n.object_kind = e.object_kind
      AND n.object_id = e.object_id AND n.step IN ('resume', 'end') AND n.id > e.id ORDER BY n.id LIMIT 1),
      'infinity') > month.first)
GROUP BY s.id, s.organisation_id
"""


def _per_scene(days: Days, below: str = "") -> Sql:
    """Per scene with a month due: the months, how many without numbers, the target and who came in all of them."""
    first_day = Greatest("begins_on", TruncDate("publication__first_published_at"))
    scenes = _going(days).annotate(first_day=first_day)
    if below:
        scenes = scenes.filter(organisation__path__startswith=below)
    reports = SceneMonth.objects.public().order_by().filter(state=MonthState.PUBLISHED, corrects=None)
    found = counting.compiled(
        scenes.values_list("pk", "organisation_id", "first_day", "last_on", "monthly_target")
    )
    told_of = counting.compiled(reports.values_list("pk", "scene_id", "month", "target", "participations"))
    zone = timezone.get_current_timezone_name()
    sql = PER_SCENE.format(scenes=found[0], reports=told_of[0])
    return sql, (*found[1], _months(days), *told_of[1], zone, zone)


def taken(days: Days, below: str = "") -> Sql:
    """参与人次: one statement of (organisation_id, numerator in hundredths, denominator) for every unit."""
    sql, params = _per_scene(days, below)
    return (
        "SELECT organisation_id, 100 * sum(least(came, target))::bigint AS numerator, sum(target)::int AS denominator"
        f" FROM ({sql}) AS scene GROUP BY organisation_id HAVING sum(target) > 0",
        params,
    )


def _rows(sql: Sql) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(*sql)
        return cursor.fetchall()


def taken_of_all(days: Days) -> dict[int, dict[str, int]]:
    """For every unit with a month due the participations that came of those aimed at: one query."""
    return {
        unit: {"taken": came // 100, "missing": target - came // 100}
        for unit, came, target in _rows(taken(days))
    }


def taken_below(organisation: Any, days: Days) -> dict[str, int]:
    """The same for one organisation and the units under it."""
    counts = dict.fromkeys(TAKEN_PARTS, 0)
    for _, came, target in _rows(taken(days, organisation.path)):
        counts["taken"] += came // 100
        counts["missing"] += target - came // 100
    return counts


def targets_behind(organisation: Any, days: Days) -> list[dict[str, Any]]:
    """The scenes counted: rows of code, said, unit_name, months, silent, target, came (few are not told apart)."""
    counted = {row[0]: row[2:] for row in _rows(_per_scene(days, organisation.path))}
    scenes = Scene.objects.filter(pk__in=counted).with_names().order_by("organisation__path", "id")
    return [
        {
            "code": scene.code,
            "said": scene.title,
            "unit_name": scene.organisation.name,
            "months": months,
            "silent": silent,
            "target": target,
            "came": told(came),
        }
        for scene in scenes
        for months, silent, target, came in [counted[scene.pk]]
    ]
