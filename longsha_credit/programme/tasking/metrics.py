"""What evaluation may ask of tasks: reported in time, put right after a return, late, missing."""

from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from longsha_credit.deadlines.joining import with_newest
from longsha_credit.directory.counting import Days, Tally
from longsha_credit.programme.models import SUMMARY, UNIT_CLOCKS, Task, TaskState

PARTS = ("in_time", "redone", "waiting", "late", "missing")
REDO = "task_redo"
FIRST_CLOCKS = [rule for rule in UNIT_CLOCKS if rule != REDO]


def _due(days: Days, **which: Any) -> QuerySet[Task]:
    """Tasks of the unit whose first clock ran out in these days, or was met before.

    Reported in time, sent back and reported anew in the rule's days is `redone`; while those days run, it waits.
    """
    rows = Task.objects.order_by().exclude(state=TaskState.WITHDRAWN).filter(**which)
    rows = with_newest(rows, "first", *FIRST_CLOCKS, cancelled_at=None)
    rows = rows.filter(first__rule_key=F("standard__rule_key"))  # the one of its own rule
    rows = with_newest(rows, "again", REDO, cancelled_at=None)
    rows = rows.annotate(
        limit=F("first__due_on"),
        met=F("first__met_on"),
        again_by=F("again__due_on"),
        again_on=F("again__met_on"),
    )
    rows = rows.filter(limit__gte=days.start, limit__lte=days.end)
    rows = rows.filter(Q(limit__lte=days.over) | Q(met__isnull=False))
    whens = (
        (Q(met=None), "missing"),
        (Q(met__gt=F("limit")), "late"),
        (Q(again_by=None), "in_time"),
        (Q(again_on__lte=F("again_by")), "redone"),
        (Q(again_on=None, again_by__gt=days.over), "waiting"),
    )
    stands = Case(
        *(When(condition, then=Value(part)) for condition, part in whens),
        default=Value("late"),
        output_field=CharField(),
    )
    return rows.annotate(stands=stands)


def _tally(rows: QuerySet[Task]) -> list[Tally]:
    parts = {part: Q(stands=part) for part in PARTS}
    return [Tally(rows, parts, said="standard__title", day="limit", link="desk/tasks/")]


def summaries(days: Days) -> list[Tally]:
    """The report on the year's work."""
    return _tally(_due(days, standard__rule_key=SUMMARY))


def materials(days: Days) -> list[Tally]:
    """Everything the unit was asked to report in the year."""
    return _tally(_due(days))
