"""Long work goes on chunk by chunk, stops and comes back, and nothing of it is lost or done twice."""

import threading

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from longsha_credit.audit.workflow import Refused
from longsha_credit.celery import app
from longsha_credit.directory.models import Official
from longsha_credit.exchange import flows, jobs
from longsha_credit.exchange.flows import FLOW
from longsha_credit.exchange.kinds import KINDS
from longsha_credit.exchange.models import Job, JobState
from tests import make
from tests.exchange import working
from tests.exchange.processes import empty_queue, waiting
from tests.exchange.working import finished, people, silent, started


def names(job):
    return list(people(job).values_list("name", flat=True))


def everyone(number):
    return [f"人{n}" for n in range(number)]


def test_it_does_everything_once_and_says_what_became_of_it(cast):
    job = finished(cast)
    assert names(job) == everyone(25)
    assert (job.state, job.done, job.total, job.lines) == ("done", 25, 25, ["写了25人。"])
    assert job.ended_at
    assert jobs.advance(job.pk) is False
    assert names(job) == everyone(25)


def test_a_second_click_is_the_first_ones_job_until_it_is_undone(cast):
    first = started(cast)
    assert started(cast, rows=9) == first
    assert finished(cast) == first
    assert started(cast, key="另一次") != first
    FLOW.take(first := Job.objects.get(pk=first.pk), "undo", by=cast.clerk)
    assert started(cast) == first
    jobs.advance(first.pk)
    assert started(cast) != first


def test_what_was_stopped_before_anything_was_done_may_be_started_anew(cast):
    first = started(cast)
    FLOW.take(first, "cancel", by=cast.clerk)
    assert started(cast) != first


def test_nobody_starts_work_for_a_unit_of_others(cast):
    with pytest.raises(Http404):
        started(cast, by=cast.other_clerk)
    assert not Job.objects.exists()


def test_the_sentence_of_a_refusal_stands_on_the_job_and_it_goes_on_from_there(cast):
    job = finished(cast, refuse_at=17)
    assert (job.state, job.error, job.done) == ("failed", "第七行的单位已经撤并，请核对。", 10)
    assert names(job) == everyone(10), "of the chunk that failed nothing stays"
    FLOW.take(job, "resume", by=cast.clerk)
    assert (job.state, job.error) == ("running", "")
    jobs.advance(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done) == ("failed", 10)


def test_a_fault_of_ours_is_a_sentence_too_and_keeps_what_was_done(cast):
    job = finished(cast, break_at=12)
    assert (job.state, job.done, names(job)) == ("failed", 10, everyone(10))
    assert job.error == jobs.OURS.format(job.pk, "ZeroDivisionError")


def test_stopping_holds_between_two_chunks_and_what_was_done_can_be_undone(cast):
    job = started(cast)
    assert jobs.advance(job.pk, seconds=0)
    job.refresh_from_db()
    FLOW.take(job, "cancel", by=cast.clerk)
    assert not jobs.advance(job.pk)
    job.refresh_from_db()
    assert (job.state, names(job)) == ("cancelled", everyone(10))
    FLOW.take(job, "undo", by=cast.lead)
    assert (job.total, job.done, job.position) == (10, 0, {})
    jobs.advance(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, names(job)) == ("undone", 10, [])


def test_undoing_goes_chunk_by_chunk_and_survives_a_stop_in_the_middle(cast):
    job = finished(cast)
    FLOW.take(job, "undo", by=cast.clerk)
    assert jobs.advance(job.pk, seconds=0)
    assert names(job) == everyone(25)[10:]
    silent(job)
    assert jobs.put_back() == [job.pk]
    assert not jobs.advance(job.pk)
    job.refresh_from_db()
    assert (job.state, names(job)) == ("undone", [])


def test_what_others_built_upon_is_not_undone(cast):
    job = finished(cast)
    Official.objects.filter(pk=people(job)[3].pk).update(name="改了名")
    with pytest.raises(Refused, match="已经有人改过名字，不能撤销。"):
        FLOW.take(job, "undo", by=cast.clerk)
    nothing = finished(cast, key="无", rows=0)
    with pytest.raises(Refused, match="不用撤销"):
        FLOW.take(nothing, "undo", by=cast.clerk)


def test_work_that_kills_its_worker_every_time_comes_to_an_end(cast):
    job = started(cast)
    for _ in range(jobs.MOST_TRIES):
        silent(job, taken_up=True)
        assert jobs.put_back() == [job.pk], "a worker had it, and was killed before its chunk was through"
    assert jobs.advance(job.pk) is False
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", jobs.TOO_OFTEN.format(5, job.pk))


def test_work_that_only_waits_its_turn_for_long_is_not_given_up(cast):
    job = started(cast)
    for _ in range(3 * jobs.MOST_TRIES):
        silent(job)
        jobs.put_back()
    jobs.advance(job.pk)
    assert names(job) == everyone(25)


def test_work_nobody_knows_any_more_says_so(cast, monkeypatch):
    job = started(cast)
    monkeypatch.delitem(KINDS, working.KIND)
    assert jobs.advance(job.pk) is False
    job.refresh_from_db()
    assert job.error == "系统里已经没有这种任务的程序，请联系系统管理员。"


def test_the_beat_queues_what_is_silent_once_in_two_minutes(cast):
    waiting, busy, over = started(cast), started(cast, key="忙"), finished(cast, key="完")
    assert jobs.put_back() == []
    silent(waiting), silent(over)
    assert jobs.put_back() == [waiting.pk]
    assert jobs.put_back() == []
    silent(busy)
    assert jobs.put_back(now=timezone.now() + jobs.SILENCE * 2) == [waiting.pk, busy.pk]


@pytest.mark.django_db(transaction=True)
def test_three_workers_at_one_job_do_each_thing_once(cast):
    job = started(cast, rows=200)
    gun, outcomes = threading.Barrier(3), []

    def work():
        try:
            connection.ensure_connection()
            gun.wait(timeout=20)
            while Job.objects.filter(pk=job.pk, state__in=["queued", "running"]).exists():
                outcomes.append(jobs.advance(job.pk, seconds=0))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 200)
    assert sorted(names(job)) == sorted(everyone(200))


# step: who takes it on a job of the street that its clerk began
STEERS = {"clerk", "lead", "district_lead", "office"}


@pytest.mark.parametrize("state", [s for s in JobState.values if s not in ("undone",)])
def test_only_who_began_it_and_who_leads_takes_its_steps(cast, state):
    job = _in_state(cast, state)
    expected = {
        "queued": {"cancel"}, "running": {"cancel"}, "done": {"undo"}, "failed": {"resume", "undo"},
        "cancelled": {"undo"}, "undoing": set(),
    }[state]  # fmt: skip
    for name, person in vars(cast).items():
        if isinstance(person, make.User):
            offers = FLOW.available(job, person)
            assert {o.step.name for o in offers if o.refusal is None} == (
                expected if name in STEERS else set()
            ), name


def _in_state(c, state):
    if state == "failed":
        return finished(c, refuse_at=17)
    job = started(c)
    if state != "queued":
        jobs.advance(job.pk, seconds=99 if state in ("done", "undoing") else 0)
        job.refresh_from_db()
    for step in {"cancelled": ["cancel"], "undoing": ["undo"]}.get(state, []):
        FLOW.take(job, step, by=c.clerk)
    assert job.state == state
    return job


def test_the_pages_show_how_far_it_came_and_take_the_steps(cast, signed_in):
    job, browser = started(cast), signed_in(cast.clerk)
    page, back = reverse("jobs:page", args=[job.pk]), reverse("jobs:list")
    waiting = browser.get(page).content.decode()
    assert "正在排队" in waiting
    assert 'http-equiv="refresh"' in waiting
    jobs.advance(job.pk, seconds=0)
    assert "已做 10 / 25 件" in browser.get(page).content.decode()
    assert "写二十五个人" in browser.get(back, {"view": "work"}).content.decode()
    assert "写二十五个人" not in browser.get(back, {"view": "failed"}).content.decode()
    cancel = reverse("jobs:step", args=[job.pk, "cancel"])
    assert "已经做好的10件留着" in browser.get(cancel).content.decode()
    assert browser.post(cancel).status_code == 302
    over = browser.get(page).content.decode()
    assert "已停止" in over
    assert "http-equiv" not in over
    assert "看单位" in over


def test_what_failed_waits_on_the_list_of_who_began_it_and_of_the_lead(cast, signed_in):
    finished(cast, refuse_at=17)
    for person, waits in (
        (cast.clerk, True),
        (cast.lead, True),
        (cast.other_clerk, False),
        (cast.office, False),
    ):
        page = signed_in(person).get(reverse("desk")).content.decode()
        assert ("写二十五个人" in page) is waits, person


def test_the_list_costs_as_many_queries_at_any_length(cast, signed_in):
    browser, address, counts = signed_in(cast.clerk), reverse("jobs:list"), []
    for number in (1, 12):
        for n in range(number):
            started(cast, key=f"{number}-{n}")
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).context["page"].total >= number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_worker_knows_everything_the_beat_calls_for(settings):
    app.loader.import_default_modules()
    called = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} | {flows.TASK}
    assert called <= set(app.tasks)


def test_undoing_and_going_on_are_sent_to_a_worker_at_once(cast, django_capture_on_commit_callbacks):
    """Not two minutes later, when the beat finds the job silent."""
    job = finished(cast)
    empty_queue()
    with django_capture_on_commit_callbacks(execute=True):
        FLOW.take(job, "undo", by=cast.clerk)
    assert waiting() == [job.pk]
    empty_queue()
    job = finished(cast, key="另一次", refuse_at=17)
    with django_capture_on_commit_callbacks(execute=True):
        FLOW.take(job, "resume", by=cast.clerk)
    assert job.pk in waiting()
