"""The clocks of many rows as one join: the newest of each, and never another object's."""

from django.db.models import F

from longsha_credit.deadlines import services
from longsha_credit.deadlines.joining import with_newest
from longsha_credit.programme.models import Task
from tests.deadlines.clocks import day, start
from tests.programme.tasking import making

REDO = "task_redo"


def due_days(rows):
    """The day each row's clock runs out, by row."""
    return dict(rows.annotate(due=F("one__due_on")).values_list("pk", "due"))


def test_each_row_stands_once_with_the_clock_that_was_asked_for(cast):
    making.issued(cast)
    twice, once, *_ = Task.objects.order_by("pk")
    start(cast.street, REDO, on="2026-05-06", obj=twice)
    services.meet(twice, REDO, on=day("2026-05-08"))
    second = start(cast.street, REDO, on="2026-06-08", obj=twice)
    only = start(cast.street, REDO, on="2026-07-06", obj=once)
    start(cast.street, REDO, on="2026-01-05", obj=cast.street)  # a unit may have the number of a task
    rest = dict.fromkeys(Task.objects.values_list("pk", flat=True))
    tasks = Task.objects.order_by("pk")
    assert due_days(with_newest(tasks, "one", REDO)) == rest | {twice.pk: second.due_on, once.pk: only.due_on}
    assert due_days(with_newest(tasks, "one", REDO, met_on=None)) == rest | {
        twice.pk: second.due_on,
        once.pk: only.due_on,
    }
