"""The year of a task: handed down in March, reminded of before 15 November, done by one street, late at the other."""

import datetime

from django.urls import reverse
from django.utils import timezone

from longsha_credit.audit.models import Entry
from longsha_credit.deadlines import services as deadlines
from longsha_credit.deadlines.flows import EXTENSION
from longsha_credit.deadlines.models import Deadline, Notification
from longsha_credit.deadlines.sending import send_due
from longsha_credit.directory.models import Organisation
from longsha_credit.exchange import jobs
from longsha_credit.exchange.models import Job
from longsha_credit.home.todo import numbers
from longsha_credit.programme.models import Task
from longsha_credit.programme.tasking import board, services
from longsha_credit.programme.tasking.flows import FLOW
from tests import make
from tests.programme.tasking import making

D = datetime.date


def at(name, *args, **query):
    return reverse(f"tasks:{name}", args=args, query=query)


def words(response):
    return response.content.decode()


def lived(first, last):
    """Every day's reminders go out on that day."""
    day = first
    while day <= last:
        send_due(today=day, now=timezone.make_aware(datetime.datetime.combine(day, datetime.time(8))))
        day += datetime.timedelta(days=1)


def told(user):
    """The days on which somebody was told of something, with the colour of the slip."""
    rows = Notification.objects.filter(user=user).order_by("at")
    return [(timezone.localdate(row.at), row.slip) for row in rows]


def test_the_report_is_reminded_of_on_working_days_and_the_late_street_goes_up(cast):
    year = making.year(cast)
    making.issued(cast, year, which=making.standards(year, "street")[-1:], today=D(2026, 3, 10))
    good = making.task(cast, "报送年度工作情况总结", cast.street)
    late = making.task(cast, "报送年度工作情况总结", cast.other_street)
    lived(D(2026, 10, 10), D(2026, 11, 12))
    services.add_note(good, kind="progress", text="总结已写好。", by=cast.clerk, today=D(2026, 11, 13))
    FLOW.take(Task.objects.get(pk=good.pk), "report", by=cast.clerk, report="已报送。", today=D(2026, 11, 13))
    lived(D(2026, 11, 13), D(2026, 11, 30))
    before = [D(2026, 10, 14), D(2026, 10, 29), D(2026, 11, 6), D(2026, 11, 10), D(2026, 11, 12)]
    assert told(cast.clerk) == [(day, "") for day in before]
    assert told(cast.other_clerk) == [
        *((day, "") for day in before), (D(2026, 11, 16), "blue"), (D(2026, 11, 20), "yellow"),
    ]  # fmt: skip
    assert told(cast.other_lead) == told(cast.other_clerk)
    up = Notification.objects.filter(user=cast.district_lead, slip="red").get()
    assert timezone.localdate(up.at) == D(2026, 11, 27) and up.path == f"desk/tasks/{late.pk}/"
    assert not Deadline.objects.get(object_id=good.pk, rule_key="summary_report").was_met_late
    whole = board.board_of(
        cast.district,
        board.tasks_of(year, cast.office),
        Organisation.objects.all(),
        by="stage",
        today=D(2026, 11, 30),
    ).whole.cells["conclude"]
    assert (whole.total, whole.done, whole.reported, whole.late) == (2, 0, 1, 1)


def test_more_time_asked_for_before_the_day_moves_the_task_and_its_reminders(cast):
    year = making.year(cast)
    making.issued(cast, year, today=D(2026, 3, 10))
    task = making.task(cast, "公开权责清单和执法程序")
    clock = Deadline.objects.get(object_kind="programme.task", object_id=task.pk)
    extension = deadlines.ask_extension(clock, reason="等区里统一目录。", by=cast.clerk, today=D(2026, 5, 29))
    EXTENSION.take(extension, "approve", by=cast.district_lead, today=D(2026, 5, 29))
    clock.refresh_from_db()
    assert (clock.given_on, clock.due_on, task.due_on) == (D(2026, 5, 31), D(2026, 6, 12), D(2026, 5, 31))
    assert "延期：10个工作日" in [line["label"] for line in clock.explanation]
    rows = Task.objects.filter(pk=task.pk).with_clock()
    assert not rows.late(D(2026, 6, 12)).exists() and rows.late(D(2026, 6, 15)).exists()


def test_a_task_goes_through_the_pages_from_the_office_to_done(cast, signed_in):
    today = timezone.localdate()
    year = making.year(cast, today.year)
    office, clerk, lead = signed_in(cast.office), signed_in(cast.clerk), signed_in(cast.lead)
    chosen = [row.pk for row in making.standards(year, "street")]
    asked = {"tasks": chosen, "due_on": f"{year.number}-12-31", "named": "向阳街道\n990100002000"}
    preview = office.get(at("issue", year.pk), asked)
    assert "确认下达26件" in words(preview)
    key = preview.context["key"]
    sent = office.post(at("issue", year.pk), {**asked, "key": key})
    job = Job.objects.get(kind="issue_tasks")
    assert sent.url == reverse("jobs:page", args=[job.pk])
    assert (
        office.post(at("issue", year.pk), {**asked, "key": key}).url == sent.url and Job.objects.count() == 1
    )
    while jobs.advance(job.pk):
        pass
    assert "下达26件。" in words(office.get(sent.url))

    task = Task.objects.get(standard__title="公开四类承诺", organisation=cast.street)
    promise = make.in_force(cast)
    page = at("page", task.pk)
    assert "本单位的细化措施" in words(clerk.get(page))
    clerk.post(at("note", task.pk, "measures"), {"text": "四月中旬以前写好。"})
    lead.post(at("owner", task.pk), {"owner": f"post-{cast.post.pk}"})
    offered = words(clerk.get(at("evidence", task.pk), {"q": "坡道"}))
    assert f'value="publication-{promise.publication_id}"' in offered
    clerk.post(at("evidence", task.pk), {"pick": f"publication-{promise.publication_id}"})
    seen = words(clerk.get(page))
    assert promise.title in seen and "四月中旬以前写好" in seen and "主任岗" in seen
    assert clerk.post(at("step", task.pk, "report"), {"report": ""}).status_code == 422
    clerk.post(at("step", task.pk, "report"), {"report": "四类承诺都已公开。"})
    assert numbers(cast.reviewer).of_kind["task_reports"] == 1
    assert "不能认定" in words(lead.post(at("step", task.pk, "accept"), follow=True))
    reviewer = signed_in(cast.reviewer)
    reviewer.post(at("step", task.pk, "send_back"), {"reason": "阳光信访的一件没有量化指标。"})
    assert "阳光信访的一件没有量化指标" in words(clerk.get(page))
    assert numbers(cast.clerk).of_kind["tasks"] >= 1
    clerk.post(at("step", task.pk, "report"), {"report": "已补上量化指标。"})
    reviewer.post(at("step", task.pk, "accept"))
    task.refresh_from_db()
    assert (task.state, task.decided_by, task.owner_post) == ("done", cast.reviewer, cast.post)
    shown = words(office.get(at("board", year=year.number)))
    assert "1/12" in shown or "1/13" in shown
    steps = list(Entry.objects.about(task).order_by("id").values_list("step", flat=True))
    assert steps == [
        *("issue", "begin", "measures", "set_owner", "pick_evidence", "report", "send_back", "report", "accept"),
    ]  # fmt: skip
