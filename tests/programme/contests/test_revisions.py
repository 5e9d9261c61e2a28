"""After a contest is public its words and more time go through the gate; rules, paper and announced time stay."""

import datetime

import pytest
from django.utils import timezone

from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines import services as deadlines
from longsha_credit.deadlines.models import Deadline
from longsha_credit.home import month, todo
from longsha_credit.programme.contests import clocks, taking
from longsha_credit.programme.contests.flows import FLOW, REVISION
from longsha_credit.programme.models import ContestRevision
from longsha_credit.publication.models import Correction
from tests import make
from tests.programme.contests import making
from tests.programme.contests.test_contests import INTACT, words

HOUR, DAY = making.HOUR, datetime.timedelta(days=1)


def typed(contest, **changes) -> dict:
    local = timezone.localtime
    return {
        "reason": "停电半天，延长一天",
        "title": contest.title,
        "about": contest.about,
        "opens_at": f"{local(contest.opens_at):%Y-%m-%dT%H:%M}",
        "closes_at": f"{local(contest.closes_at + DAY):%Y-%m-%dT%H:%M}",
    } | changes


def test_more_time_goes_through_the_gate_and_the_old_version_stays_readable(signed_in, cast, client):
    contest = making.public(cast)
    making.sat(contest, making.resident(contest))
    browser = signed_in(cast.clerk)
    assert browser.get(f"/desk/contests/{contest.pk}/amend/").status_code == 200
    browser.post(f"/desk/contests/{contest.pk}/amend/", typed(contest, title="诚信知识大赛"))
    revision = ContestRevision.objects.get()
    before = words(client.get(f"/contests/{contest.code}/"))
    browser.post(f"/desk/contests/revisions/{revision.pk}/steps/submit/")
    assert words(client.get(f"/contests/{contest.code}/")) == before  # until it passes
    make.passed(cast, ContestRevision.objects.get())
    ends = contest.closes_at
    contest.refresh_from_db()
    assert (contest.title, contest.version, contest.closes_at.date()) == (
        "诚信知识大赛",
        2,
        (ends + DAY).date(),
    )
    text = words(client.get(f"/contests/{contest.code}/"))
    for said in (INTACT, "第2版", "停电半天，延长一天", "历次版本", "诚信知识大赛"):
        assert said in text
    old = words(client.get(f"/contests/{contest.code}/versions/1/"))
    assert "诚信知识竞赛" in old
    assert client.get(f"/contests/{contest.code}/versions/3/").status_code == 404
    assert Correction.objects.get().reason == "停电半天，延长一天"
    making.sat(contest, making.resident(contest, "later"))  # it goes on


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"closes_at": "2020-01-01T09:00"}, "结束时间只能延后"),
        ({"reason": ""}, "请填"),
        ({"closes_at": "明天"}, "要写成"),
        ({"title": ""}, "请填"),
    ],
)
def test_what_takes_time_from_people_is_told_at_the_field(signed_in, cast, changes, said):
    contest = making.public(cast)
    page = signed_in(cast.clerk).post(f"/desk/contests/{contest.pk}/amend/", typed(contest, **changes))
    assert (page.status_code, said in page.content.decode()) == (422, True)
    assert not ContestRevision.objects.exists()


def test_the_beginning_is_put_off_only_with_the_end(signed_in, cast):
    ahead = making.public(cast, opens_at=timezone.now() + DAY, closes_at=timezone.now() + 3 * DAY)
    at = f"{timezone.localtime(ahead.opens_at + 2 * DAY):%Y-%m-%dT%H:%M}"
    page = signed_in(cast.clerk).post(f"/desk/contests/{ahead.pk}/amend/", typed(ahead, opens_at=at))
    assert "参加的时间不能变短" in page.content.decode()
    making.revised(cast, ahead, opens_at=ahead.opens_at + DAY, closes_at=ahead.closes_at + DAY)
    begins = ahead.opens_at + DAY
    ahead.refresh_from_db()
    assert ahead.opens_at == begins


def test_a_revision_of_what_is_over_or_gone_does_not_pass(cast):
    contest = making.public(cast)
    late = making.revising(cast, contest)
    making.over(contest)
    with pytest.raises(Refused, match="竞赛已经结束"):
        make.passed(cast, late)
    leaving = making.public(cast, title="要撤的")
    open_one = making.revising(cast, leaving)
    making.withdrawn(cast, leaving)
    open_one.refresh_from_db()
    assert open_one.state == "discarded"
    with pytest.raises(Refused, match="不能更正"):
        making.revision(cast, leaving)


def test_nothing_changed_is_no_revision_and_one_at_a_time(cast):
    contest = making.public(cast)
    same = making.revision(cast, contest, closes_at=contest.closes_at)
    with pytest.raises(Refused, match="没有可更正的"):
        REVISION.take(same, "submit", by=cast.clerk)
    with pytest.raises(Refused, match="已有一份更正在办理"):
        making.revision(cast, contest)


# --- its clocks -------------------------------------------------------------------------------------------------------


def open_clocks(contest):
    """Rule: (unit, due day) of the open clocks of a contest and of its units."""
    units = contest.units.values("pk")
    rows = deadlines.open_of(contest) | Deadline.objects.open().filter(
        object_kind="programme.contestunit", object_id__in=units
    )
    return sorted(
        (row.rule_key, row.organisation.name, row.due_on) for row in rows.select_related("organisation")
    )


def test_a_contest_has_its_clocks_from_draft_to_result(cast):
    now, today = timezone.now(), timezone.localdate()
    opens, closes = now - HOUR, now + 9 * DAY
    making.bank(cast)
    contest = making.draft(cast, opens_at=opens, closes_at=closes)
    assert open_clocks(contest) == [("contest_open", "向阳街道", timezone.localdate(opens))]
    FLOW.take(contest, "submit", by=cast.clerk)
    make.passed(cast, contest)
    due = deadlines.due_day_of("contest_result", starts_on=today + 9 * DAY, today=today)
    assert open_clocks(contest) == [
        ("contest_result", "向阳街道", due),
        ("contest_take_part", "向阳街道", today + 9 * DAY),
        ("contest_take_part", "新苑社区", today + 9 * DAY),
    ]
    making.revised(cast, contest, closes_at=closes + DAY)
    assert [day for rule, _, day in open_clocks(contest) if rule == "contest_take_part"] == [
        today + 10 * DAY
    ] * 2
    days = {it.day: it for first in {(today + 10 * DAY).replace(day=1)}
            for it in month.days(cast.community_clerk, first, own=True)}  # fmt: skip
    assert [clock.title for clock in days[today + 10 * DAY].clocks] == ["诚信知识竞赛"]
    result = making.result(cast, contest)
    assert clocks.end_those_over(now=timezone.now()) == 2
    making.RESULT.take(result, "submit", by=cast.clerk)
    make.passed(cast, result)
    assert open_clocks(contest) == []
    assert Deadline.objects.of(contest).exclude(met_on=None).count() == 2  # published in time, and its result


def test_what_is_thrown_away_or_taken_down_has_no_clock(cast):
    contest = making.draft(cast)
    FLOW.take(contest, "discard", by=cast.clerk, reason="写重了")
    gone = making.withdrawn(cast)
    assert (open_clocks(contest), open_clocks(gone)) == ([], [])


def test_the_clocks_of_the_districts_contests_are_the_offices(cast):
    units = {cast.community: (100, None)}
    making.draft(cast, by=cast.office, organisation=cast.district, audience="residents", units=units)
    (clock,) = Deadline.objects.open().filter(rule_key="contest_open_district")
    assert list(Deadline.objects.owed_by(cast.office)) == [clock]
    assert not Deadline.objects.owed_by(cast.clerk).exists()


def test_whoever_has_a_test_to_take_finds_it_on_the_desk(signed_in, cast):
    contest = making.public(cast)
    kinds = {
        kind["key"]: kind for kind in todo.waiting(cast.community_clerk, todo.numbers(cast.community_clerk))
    }
    assert [item["title"] for item in kinds["contest_units"]["items"]] == ["诚信知识竞赛"]
    browser = signed_in(cast.official)
    assert "诚信知识竞赛等您参加" in browser.get("/desk/").content.decode()
    making.sat(contest, taking.enter_official(contest, cast.official, now=timezone.now()))
    assert "等您参加" not in browser.get("/desk/").content.decode()
