"""A list is handed down to all units in one job and taken back in one; nothing is there twice, nothing begun is lost."""

import datetime

import pytest
from django.db import connection
from django.http import Http404

from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines import services as deadlines
from longsha_credit.deadlines.models import Deadline, Reminder
from longsha_credit.programme.models import StandardTask, Task
from longsha_credit.programme.tasking import issuing, services
from tests import make
from tests.programme import years
from tests.programme.tasking import making

D = datetime.date
CLOCKS = Deadline.objects.filter(object_kind="programme.task")


def test_one_job_gives_every_unit_the_tasks_of_its_level_each_with_its_clock_and_entry(cast):
    job = making.issued(cast)
    assert (job.state, job.done, job.total, job.result["lines"]) == ("done", 34, 34, ["下达34件。"])
    mine = Task.objects.filter(organisation=cast.street)
    assert mine.count() == 13 and {task.standard.level for task in mine} == {"street"}
    assert CLOCKS.open().count() == 34
    task = mine.get(standard__title="公开四类承诺")
    entry = Entry.objects.about(task).get()
    assert (entry.actor, entry.acting_as, entry.to_state) == (
        cast.office,
        "示例区 · 区信用办管理员",
        "issued",
    )
    assert (entry.object_label, entry.organisation_path) == (str(task), cast.street.path)


def test_a_clock_made_in_the_set_is_the_clock_the_service_would_have_started(cast):
    task = making.task(cast)
    made = CLOCKS.get(object_id=task.pk)
    twin = deadlines.start(
        cast.street, "programme_task", organisation=cast.street, title=task.standard.title, path=made.path,
        starts_on=making.TODAY, due_on=task.due_on, today=making.TODAY,
    )  # fmt: skip
    same = (
        "rule_id",
        "title",
        "starts_on",
        "given_on",
        "due_on",
        "original_due_on",
        "explanation",
        "extend_limit",
    )
    assert [getattr(made, name) for name in same] == [getattr(twin, name) for name in same]
    told = ("send_on", "kind", "slip", "role", "place", "days_before")
    assert list(made.reminders.values_list(*told)) == list(twin.reminders.values_list(*told))
    assert made.path == f"desk/tasks/{task.pk}/" and made.events.count() == 1


def test_the_summary_report_is_due_on_the_report_day_and_reminds_from_the_friday_before(cast):
    task = making.task(cast, "报送年度工作情况总结")
    clock = CLOCKS.get(object_id=task.pk)
    assert (clock.rule_key, clock.due_on, clock.extend_limit) == ("summary_report", D(2026, 11, 15), 0)
    before = clock.reminders.filter(kind="before", role="clerk").order_by("send_on")
    assert [(r.days_before, r.send_on) for r in before] == [
        (30, D(2026, 10, 14)), (15, D(2026, 10, 29)), (7, D(2026, 11, 6)), (3, D(2026, 11, 10)), (1, D(2026, 11, 12)),
    ]  # fmt: skip


def test_handing_down_twice_makes_nothing_twice(cast):
    year = making.year(cast)
    job = making.issued(cast, year, key="a" * 32)
    assert making.ordered(cast, year, key="a" * 32) == job
    with pytest.raises(Refused, match="都已经有这些任务"):
        making.ordered(cast, year)
    new = make.organisation("street", "新设街道", cast.district)
    again = making.issued(cast, year)
    assert (again.done, Task.objects.count()) == (13, 34 + 13)
    assert set(Task.objects.filter(job=again).values_list("organisation", flat=True)) == {new.pk}
    assert issuing.hand_down(again, again.arguments["units"]) == 0


def test_undoing_takes_back_what_nobody_began_and_names_the_rest(cast):
    job = making.issued(cast)
    begun, asked = making.working(cast), making.task(cast, "建齐诚信档案")
    deadlines.ask_extension(
        CLOCKS.get(object_id=asked.pk), reason="人手不够", by=cast.clerk, today=making.TODAY
    )
    making.undone(cast, job)
    assert (job.state, job.done) == ("undone", 32)
    assert job.result["lines"] == [
        "收回32件。", f"有2件已经有人办理，没有收回：{begun}；{asked}。",
    ]  # fmt: skip
    assert set(Task.objects.standing()) == {begun, asked}
    assert set(CLOCKS.open().values_list("object_id", flat=True)) == {begun.pk, asked.pk}
    assert set(Reminder.objects.values_list("deadline__object_id", flat=True)) == {begun.pk, asked.pk}
    gone = Task.objects.filter(state="withdrawn").first()
    entry = Entry.objects.about(gone).first()
    assert (entry.step, entry.actor, entry.from_state, entry.to_state) == (
        "withdraw",
        cast.office,
        "issued",
        "withdrawn",
    )


def test_what_was_taken_back_can_be_handed_down_again(cast):
    year = making.year(cast)
    making.undone(cast, making.issued(cast, year))
    assert making.issued(cast, year).done == 34
    assert Task.objects.standing().count() == 34 and Task.objects.count() == 68


def test_only_the_office_hands_down_and_never_what_is_past_or_in_a_frozen_year(cast):
    year = making.year(cast)
    rows = making.standards(year, "street")
    units = services.units_for(rows, year)
    for who in (cast.reviewer, cast.lead, cast.clerk, cast.outsider):
        with pytest.raises(Http404):
            issuing.begin(year, rows, units, by=who, today=making.TODAY, key="x")
    with pytest.raises(Refused, match="有1项任务的期限已经过了（明确专人、写出细化措施）"):
        making.ordered(cast, year, which=rows, today=D(2026, 4, 1))
    job = making.issued(cast, year, which=rows, today=D(2026, 4, 1), due_on=D(2026, 12, 1))
    assert set(Task.objects.filter(job=job).values_list("due_on", flat=True)) == {D(2026, 12, 1)}
    waiting = making.ordered(cast, year, which=making.standards(year, "community"))
    years.frozen(cast, year)
    with pytest.raises(Refused, match="2026年度已封存"):
        making.ordered(cast, year, which=making.standards(year, "window"))
    making.jobs.advance(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.done) == ("failed", 0) and "2026年度已封存" in waiting.error
    assert not CLOCKS.open().exists(), "nobody is reminded of a frozen year"


def test_a_copied_year_has_the_list_with_its_days_moved_and_nothing_of_what_was_done(cast):
    year = making.year(cast)
    making.done(cast, making.task(cast, of=year))
    services.retire_standard(making.standards(year, "post")[0], by=cast.office, today=making.TODAY)
    copy = years.copied(cast, 2027, year)
    moved = StandardTask.objects.filter(year=copy)
    assert moved.count() == StandardTask.objects.filter(year=year).count() - 1
    report = moved.get(rule_key="summary_report")
    assert (report.due_on, moved.get(title="公开四类承诺").due_on) == (D(2027, 11, 15), D(2027, 4, 30))
    assert not Task.objects.filter(year=copy).exists()


def test_the_report_day_moves_the_standing_task_until_it_is_handed_down(cast):
    from tests.programme.test_years import change

    year = making.year(cast)
    change(year, cast.office, report_on=D(2026, 11, 19))
    assert StandardTask.objects.get(year=year, rule_key="summary_report").due_on == D(2026, 11, 19)
    task = making.task(cast, "报送年度工作情况总结", of=year)
    line = CLOCKS.get(object_id=task.pk).explanation[0]
    assert line["day"] == "2026-11-19" and "年度安排定为11月19日" in line["note"]
    with pytest.raises(Refused, match="报送日不能再改"):
        change(year, cast.office, report_on=D(2026, 11, 20))


def test_no_row_pays_for_a_setting_that_is_missing(db):
    """Each trigger asks whether it is switched off: where nothing answers, that is a caught exception for every row."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW pgtrigger.ignore")
        assert cursor.fetchone() == ("{}",)
