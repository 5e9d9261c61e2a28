"""Figures of the year's work against examples worked by hand: in time, put right, late, missing; reached or short."""

import datetime
from decimal import Decimal

from django.utils import timezone

from evaluation.metrics import Period
from longsha_credit.programme.contests import taking
from longsha_credit.programme.models import Task
from longsha_credit.programme.tasking import services
from longsha_credit.programme.tasking.flows import FLOW
from tests import make
from tests.disclosure.scenes import making as scenes
from tests.evaluation.counted import DAY, TODAY, agrees
from tests.programme.contests import making as contests
from tests.programme.education import making as teaching
from tests.programme.inspections import making as inspecting
from tests.programme.tasking import making as tasking

D = datetime.date
SUMMARY = "报送年度工作情况总结"


def reported(it: Task, by, day: D) -> Task:
    services.add_note(it, kind="progress", text="已经写好。", by=by, today=day)
    it.refresh_from_db()
    FLOW.take(it, "report", by=by, report="已报送。", today=day)
    return it


def test_a_report_counts_whole_in_time_half_when_put_right_and_nothing_late(cast):
    c = cast
    of = tasking.year(c)
    community = tasking.standards(of, "community")[:3]
    tasking.issued(c, of, which=[tasking.listed(of, SUMMARY), *community])
    mine, others = (tasking.task(c, SUMMARY, unit, of) for unit in (c.street, c.other_street))
    reported(mine, c.clerk, D(2026, 11, 13))
    returned = reported(others, c.other_clerk, D(2026, 11, 10))
    FLOW.take(returned, "send_back", by=c.office, reason="没有写问题。", today=D(2026, 11, 11))
    street, other, below = c.street.pk, c.other_street.pk, c.community.pk
    early = Period.of_year(2026, D(2026, 11, 13))
    assert agrees(c, "summary-in-time", early) == {street: (100, 1)}  # the other has five working days more
    late = Period.of_year(2026, D(2026, 12, 20))
    assert agrees(c, "summary-in-time", late) == {street: (100, 1), other: (0, 1)}
    reported(returned, c.other_clerk, D(2026, 11, 16))
    assert agrees(c, "summary-in-time", late) == {street: (100, 1), other: (50, 1)}
    first, second, third = (tasking.task(c, row.title, c.community, of) for row in community)
    reported(first, c.community_clerk, first.due_on)
    reported(second, c.community_clerk, second.due_on + DAY)
    FLOW.take(third, "withdraw", by=c.office, reason="下达错了。", today=D(2026, 3, 11))
    # one of two: the third was taken back
    assert agrees(c, "materials-in-time", late)[below] == (100, 2)


def test_what_was_found_amiss_counts_once_it_is_checked_or_its_day_has_passed(cast):
    c = cast
    inspecting.passed(c)
    inspecting.noticed(c, today=TODAY - 60 * DAY)
    inspecting.noticed(c)  # there is time yet
    inspecting.reported(c)  # in time, waits for the second look
    assert agrees(c, "fixes-done") == {c.street.pk: (100, 2)}


def test_people_are_trained_when_they_reach_the_hours_and_activities_count_when_they_are_summed_up(cast):
    c = cast
    diligent, slow = teaching.official(c, "沈一"), teaching.official(c, "沈二")
    away = {"outside": "市委党校信用专题班", "certificate": make.upload("证书.txt", "结业")}
    teaching.confirmed(c, diligent, hours=Decimal(2), **away)
    teaching.confirmed(
        c, diligent, hours=Decimal(2), outside="网络学院", certificate=make.upload("网.txt", "结业")
    )
    teaching.confirmed(c, slow, hours=Decimal("3.5"), **away | {"certificate": make.upload("证.txt", "结业")})
    teaching.outside(c, slow, hours=Decimal(2), outside="还没有确认的班")
    teaching.summarised(c)  # 86 came, 80 were expected
    teaching.summarised(c, teaching.held(c, attendance=20))
    teaching.held(c)  # no summary yet
    teaching.planned(c, planned_on=teaching.SOON)
    street = c.street.pk
    assert agrees(c, "activities-held") == {street: (200, 2)}
    assert agrees(c, "activity-attendance") == {street: (10600, 160)}
    # four hours reached by one of three; who sits in no unit's list is not asked
    assert agrees(c, "trained", Period.of_year(TODAY.year, TODAY + DAY)) == {street: (100, 3)}


def test_tests_and_contests_are_held_against_those_meant_to_take_part(cast):
    c = cast
    contest = contests.public(c)
    official = taking.enter_official(contest, c.official, now=timezone.now())
    contests.sat(contest, official)
    for number in "12":
        contests.sat(contest, contests.resident(contest, number), right=1)
    contests.over(contest)
    contests.withdrawn(c, contests.over(contests.public(c, title="撤下的竞赛")))
    contests.public(c, title="还在进行的竞赛", closes_at=timezone.now() + 9 * DAY)
    street, community = c.street.pk, c.community.pk
    assert agrees(c, "tests-taken") == {street: (100, 10)}
    assert agrees(c, "tests-passed") == {street: (100, 1)}
    # a contest aims at five of a hundred residents
    assert agrees(c, "contest-participation") == {community: (200, 5)}


def test_scenes_count_while_they_run(cast):
    c = cast
    scenes.public(c, begins_on=TODAY - DAY)
    scenes.suspended(c, scenes.public(c, begins_on=TODAY - DAY))
    scenes.withdrawn(c)
    assert agrees(c, "scenes-running") == {c.street.pk: (100, 2)}
