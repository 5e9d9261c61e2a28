"""A list is handed down to all units in one job and taken back in one; nothing is there twice."""

from django.core.exceptions import ObjectDoesNotExist  # noqa: F401

from longsha_credit.audit.models import Entry
from longsha_credit.deadlines.models import Deadline, Reminder
from longsha_credit.programme.models import Task
from tests.programme.tasking import making


def test_one_job_gives_every_unit_the_tasks_of_its_level(cast):
    job = making.issued(cast)
    assert (job.state, job.done, job.total) == ("done", 13 * 2 + 8, 13 * 2 + 8)
    assert job.result["lines"] == ["下达34件。"]
    mine = Task.objects.filter(organisation=cast.street).order_by("standard__number")
    assert mine.count() == 13 and {t.standard.level for t in mine} == {"street"}
    clocks = Deadline.objects.filter(object_kind="programme.task")
    assert clocks.open().count() == 34
    assert Entry.objects.filter(object_kind="programme.task", step="issue").count() == 34
    assert Reminder.objects.filter(deadline__in=clocks).exists()
