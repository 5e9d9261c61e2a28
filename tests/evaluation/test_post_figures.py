"""The indicators of table four against examples worked out by hand: what is counted of one post, and of no other."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from commitments.models import Obligation, Verdict
from commitments.supervision import services as supervision
from evaluation.metrics import METRICS, Period
from evaluation.metrics.imported import IMPORTABLE
from longsha_credit.directory.models import Level, Official, Posting, User
from longsha_credit.programme.contests import taking
from longsha_credit.programme.models import HoursMinimum
from tests import make
from tests.audit.rules import past_triggers
from tests.commitments.handover import making as handing
from tests.disclosure import making as publishing
from tests.evaluation.counted import NOW
from tests.evaluation.hand import TODAY, parts, points, value, values
from tests.evaluation.importing import making
from tests.programme.contests import making as contests
from tests.programme.education import making as teaching
from tests.records import making as recording
from tests.supervision import filing

AGO = TODAY - datetime.timedelta(days=100)
AWAITED = {"missing": "await"}


@pytest.fixture
def aid(cast):
    """The official of the cast at the post 民生岗 of the street, since a hundred days."""
    cast.aid_post = make.organisation(Level.POST, "民生岗", cast.street)
    cast.person = Official.objects.get(staff_number="001")
    cast.posting = Posting.objects.create(official=cast.person, post=cast.aid_post, started_on=AGO)
    return cast


def succeeded(c, started_on=TODAY):
    """The holder left the post and somebody else came; handovers have tests of their own."""
    comer = Official.objects.create(name="孙民生", staff_number="777", organisation=c.street)
    with past_triggers() as cursor:
        cursor.execute(
            "UPDATE directory_posting SET ended_on = %s, cleared_at = now() WHERE id = %s",
            [started_on, c.posting.pk],
        )
    Posting.objects.create(official=comer, post=c.aid_post, started_on=started_on)
    return comer


RATES = [
    ("handling-errors", 0, 320, "minus", 10, {"unit": 200, **AWAITED}, 10),
    ("handling-errors", 3, 320, "minus", 10, {"unit": 200, **AWAITED}, 4),  # 10 − 2 × 3
    ("handling-errors", 6, 0, "minus", 10, {"unit": 200, **AWAITED}, 0),  # never below nothing
    ("duties-shown", 1, 2, "rate", 4, {}, 0),  # half is under the floor of 60
    ("duties-shown", 2, 2, "rate", 4, {}, 4),
    ("post-handled-in-time", 285, 300, "rate", 4, AWAITED, 3.8),  # 95%
    ("post-scenes", 1, 3, "each", 4, {"unit": 200}, 2),
    ("post-scenes", 3, 3, "each", 4, {"unit": 200}, 4),  # two are enough
    ("annual-appraisal", 2, 1, "steps", 3, {"steps": [[1, 200], [2, 300]], "missing": "none"}, 3),  # 优秀
    ("annual-appraisal", 1, 1, "steps", 3, {"steps": [[1, 200], [2, 300]], "missing": "none"}, 2),  # 称职
    ("annual-appraisal", 0, 1, "steps", 3, {"steps": [[1, 200], [2, 300]], "missing": "none"}, 0),  # 其他
]


@pytest.mark.parametrize(("key", "n", "of", "style", "worth", "how", "came"), RATES)
def test_what_comes_from_outside_becomes_points(cast, key, n, of, style, worth, how, came):
    making.brought(cast, cast.post, key, n, of)
    found = value(key, cast.post)
    assert found == (n * 100, of)
    assert points(found, style, worth, **how) == came


def test_what_was_not_brought_in_is_awaited_or_not_applicable(cast):
    assert points(value("handling-errors", cast.post), "minus", 10, unit=200, missing="await") == "awaited"
    assert points(value("post-scenes", cast.post), "each", 4, unit=200) == 0
    assert points(None, "steps", 3, steps=[[1, 200], [2, 300]], missing="none") is None


# 二


def test_a_breach_of_the_holder_or_of_the_post_takes_all_points(aid):
    assert points(value("no-dishonesty", aid.aid_post), "minus", 6, unit=600) == 6
    recording.confirmed(aid, "X18")
    assert value("no-dishonesty", aid.aid_post) == (100, 1)
    recording.confirmed(aid, "X18", organisation=aid.aid_post, official=None)
    found = value("no-dishonesty", aid.aid_post)
    assert found == (200, 2)
    assert points(found, "minus", 6, unit=600) == 0
    assert aid.post.pk not in values("no-dishonesty")


def test_a_breach_revoked_expired_or_of_the_one_before_counts_no_more(aid):
    recording.revoked(aid, recording.confirmed(aid, "X18"))
    over = recording.confirmed(aid, "X11")
    with past_triggers() as cursor:
        cursor.execute(
            "UPDATE records_record SET state = 'expired', effective_until = %s WHERE id = %s",
            [TODAY - datetime.timedelta(days=1), over.pk],
        )
    assert value("no-dishonesty", aid.aid_post) is None
    recording.confirmed(aid, "X18")
    assert value("no-dishonesty", aid.aid_post) == (100, 1)
    succeeded(aid)
    assert value("no-dishonesty", aid.aid_post) is None  # it is the one's who left, not the post's


HONOURS = [
    ("龙沙区人民政府", 1), ("齐齐哈尔市龙沙区总工会", 1), ("向阳街道办事处", 1), ("某县人民政府", 1),
    ("齐齐哈尔市人民政府", 2), ("黑龙江省齐齐哈尔市委组织部", 2),
    ("黑龙江省人民政府", 3), ("内蒙古自治区人民政府", 3),
    ("国务院", 4), ("全国和谐社区建设部际联席会议", 4), ("人力资源和社会保障部", 1),
]  # fmt: skip
STEPS = {"steps": [[1, 100], [2, 200], [3, 300], [4, 400]]}


def test_the_level_of_an_honour_is_read_from_who_gave_it_and_the_highest_counts(aid):
    it = recording.confirmed(aid, "S14", issuing_body="龙沙区人民政府")
    for body, level in HONOURS:
        with past_triggers() as cursor:
            cursor.execute("UPDATE records_record SET issuing_body = %s WHERE id = %s", [body, it.pk])
        assert value("honours", aid.aid_post) == (100 * level, 1), body
    recording.confirmed(aid, "S13", issuing_body="黑龙江省总工会")
    found = value("honours", aid.aid_post)
    assert found == (300, 1)
    assert points(found, "steps", 4, **STEPS) == 3
    assert parts("honours", aid.aid_post) == ["other", "province"]


def test_without_an_honour_there_are_no_points_and_an_appraisal_is_none(aid):
    recording.confirmed(aid, "S12", issuing_body="龙沙区人民政府")
    recording.submitted(aid, "S14", issuing_body="国务院")
    assert value("honours", aid.aid_post) is None
    assert points(None, "steps", 4, **STEPS) == 0


# 三


def test_a_post_is_shown_by_a_commitment_that_names_it(cast):
    assert value("post-shown", cast.post) == (0, 1)
    draft = make.draft(cast)
    assert value("post-shown", cast.post) == (0, 1)
    make.in_force(cast)
    found = value("post-shown", cast.post)
    assert (found, points(found, "rate", 4)) == ((100, 1), 4)
    assert parts("post-shown", cast.post) == ["shown"] and draft.post == cast.post
    assert value("post-shown", cast.other_post) == (0, 1)


def test_a_commitment_taken_down_shows_a_post_no_more(cast):
    make.withdrawn(cast, make.in_force(cast))
    assert value("post-shown", cast.post) == (0, 1)


MADE, DUE = datetime.date(2026, 3, 2), datetime.date(2026, 6, 30)
REPORTED, LATE = datetime.date(2026, 6, 29), datetime.date(2026, 7, 8)
THEN = Period.of_year(2026, datetime.date(2026, 9, 1))


def promise(c, **more):
    return make.in_force(c, today=MADE, due_on=DUE, **more)


def test_what_a_post_promised_is_kept_by_the_post_whoever_holds_it(aid):
    """Two kept, one half kept, one silent, one late: 2.5/5 is under the floor; with one more kept 3.5/6 too."""
    mine = {"post": aid.aid_post}
    for verdict in (Verdict.FULL, Verdict.FULL, Verdict.PARTLY):
        make.ended(aid, promise(aid, **mine), verdict, today=REPORTED)
    promise(aid, **mine)
    make.reported(aid, promise(aid, **mine), today=LATE)
    make.reported(aid, promise(aid, **mine), today=REPORTED)  # in time, waits for the district: left out
    make.ended(aid, promise(aid), Verdict.NONE, today=REPORTED)  # of another post
    found = value("post-kept-rate", aid.aid_post, THEN)
    assert found == (250, 5)
    assert points(found, "rate", 12) == 0
    succeeded(aid)
    assert value("post-kept-rate", aid.aid_post, THEN) == (250, 5)
    assert parts("post-kept-rate", aid.aid_post, THEN) == [
        "full",
        "full",
        "late",
        "partly",
        "pending",
        "silent",
    ]
    waiting = Obligation.objects.get(post=aid.aid_post, reported_in_time=True, verdict="")
    make.verified(aid, waiting, Verdict.FULL, today=LATE)
    found = value("post-kept-rate", aid.aid_post, THEN)
    assert found == (350, 6)
    assert points(found, "rate", 12) == 0  # 58.3% is under the floor of 60
    assert points(found, "rate", 12, floor=0) == 7


def test_a_post_without_a_promise_that_fell_due_has_no_rate(aid):
    make.in_force(aid, post=aid.aid_post)
    assert value("post-kept-rate", aid.aid_post) is None
    assert points(None, "rate", 12) is None


# 四


def drafted(c, days_ago):
    """A notice the clerk drafts as the official at the post, formed so many days ago, public today."""
    return publishing.published(c, formed_on=TODAY - datetime.timedelta(days=days_ago))


def test_what_the_holder_drafted_is_the_posts_even_after_he_left(aid):
    """Two of three in time: 2/3 × 4 = 2.67."""
    User.objects.filter(pk=aid.official.pk).update(official=None)
    User.objects.filter(pk=aid.clerk.pk).update(official=aid.person)
    for days in (3, 5, 90):
        drafted(aid, days)
    found = value("post-published-in-time", aid.aid_post)
    assert found == (200, 3)
    assert points(found, "rate", 4) == 2.67
    succeeded(aid, started_on=TODAY + datetime.timedelta(days=1))
    assert value("post-published-in-time", aid.aid_post) == (200, 3)


def test_what_somebody_without_a_post_drafted_is_no_posts(aid):
    drafted(aid, 3)
    assert values("post-published-in-time") == {}


# 五


def test_complaints_about_a_promise_are_the_responsible_posts(cast):
    """6 − 3 × (1 + 0.5) = 1.5."""
    mine = make.in_force(cast, organisation=cast.community, post=cast.community_post)
    for finding in ("true", "partly", "untrue"):
        filing.replied(cast, obligation=mine, finding=finding)
    filing.replied(cast, finding="true")  # about the community, no promise
    found = value("post-complaints-upheld", cast.community_post)
    assert found == (150, 3)
    assert points(found, "minus", 6, unit=300) == 1.5
    assert value("post-complaints-upheld", cast.post) is None


def test_a_handover_is_whole_once_all_is_confirmed_and_none_without_a_change(cast):
    assert value("handover-lists", cast.post, NOW) is None
    assert points(None, "rate", 2) is None
    handing.complete(cast)
    found = value("handover-lists", cast.post, NOW)
    assert (found, points(found, "rate", 2)) == ((100, 1), 2)


def test_who_left_before_all_was_confirmed_left_a_list_that_is_not_whole(cast):
    handing.overridden(cast)
    assert value("handover-lists", cast.post, NOW) == (0, 1)
    assert points((value("handover-lists", cast.post, NOW)), "rate", 2) == 0


def test_a_handover_that_still_has_time_is_not_counted(cast):
    handing.started(cast)
    assert value("handover-lists", cast.post, NOW) is None


# 八


def test_hours_follow_the_person_and_only_confirmed_ones_count(aid):
    """2.5 of 4 hours: 62.5% of 6 is 3.75."""
    teaching.confirmed(aid, aid.person, hours=Decimal("2.5"), outside="市委党校", certificate=make.upload())
    teaching.entered(aid, aid.person, hours=Decimal(2), outside="网课", certificate=make.upload())
    found = value("training-hours", aid.aid_post)
    assert found == (250, 4)
    assert points(found, "rate", 6, floor=0) == 3.75
    assert parts("training-hours", aid.aid_post) == ["counted"]
    succeeded(aid)
    assert value("training-hours", aid.aid_post) == (0, 4)
    assert points(value("training-hours", aid.aid_post), "rate", 6, floor=0) == 0


def test_a_vacant_post_has_neither_hours_nor_tests(cast):
    assert cast.post.pk not in values("training-hours")
    assert cast.post.pk not in values("test-score")


def test_more_hours_than_asked_are_as_good_as_those_asked(aid):
    teaching.confirmed(aid, aid.person, hours=Decimal(9), outside="市委党校", certificate=make.upload())
    found = value("training-hours", aid.aid_post)
    assert (found, points(found, "rate", 6, floor=0)) == ((400, 4), 6)


def test_the_least_hours_may_be_no_whole_number(aid):
    year = teaching.year(aid)
    HoursMinimum.objects.create(
        organisation=aid.district, year=year, hours=Decimal("4.5"), basis="通知", basis_kind="advice"
    )
    teaching.confirmed(aid, aid.person, hours=Decimal(3), outside="党校", certificate=make.upload())
    found = values("training-hours")[aid.aid_post.pk]
    assert found == (3000, 45)
    assert points(found, "rate", 6, floor=0) == 4


def a_test(c, right=None, **changes):
    """A test for officials of the street that is over; the paper has 100 points in four questions."""
    contest = contests.public(c, units={c.street: (None, 10)}, audience="officials", **changes)
    if right is not None:
        entrant = taking.enter_official(contest, c.official, now=contests.timezone.now())
        contests.sat(contest, entrant, right=right)
    return contests.over(contest)


def test_scores_of_tests_add_up_and_who_did_not_sit_has_none(aid):
    """Of two papers of 100 points one was not sat: what was reached is out of 200."""
    sat = a_test(aid, right=4)
    assert value("test-score", aid.aid_post) == (10000, 100)
    assert points(value("test-score", aid.aid_post), "rate", 6, floor=0) == 6
    a_test(aid, title="没有参加的测试")
    found = value("test-score", aid.aid_post)
    assert found == (10000, 200)
    assert points(found, "rate", 6, floor=0) == 3
    assert parts("test-score", aid.aid_post) == ["counted", "rest"]
    assert sat.paper.questions.count() == 4


def test_a_test_for_others_withdrawn_or_before_the_holder_came_counts_nowhere(aid):
    contests.over(contests.public(aid, units={aid.community: (100, None)}, audience="residents"))
    contests.withdrawn(aid, contests.public(aid, units={aid.street: (None, 10)}, audience="officials"))
    a_test(aid, right=2)
    assert value("test-score", aid.aid_post)[1] == 100
    succeeded(aid, started_on=TODAY)
    assert value("test-score", aid.aid_post) == (0, 100)  # closed today, on the comer's first day
    with past_triggers() as cursor:
        cursor.execute("UPDATE directory_posting SET started_on = started_on + 1 WHERE ended_on IS NULL")
    assert value("test-score", aid.aid_post) is None


# 九


def test_ratings_of_cases_and_those_from_outside_are_added_up(cast):
    """9 of 10 from outside and 1 of 2 of ours: 10/12 × 5 = 4.17."""
    mine = make.in_force(cast, organisation=cast.community, post=cast.community_post)
    filing.closed(cast, obligation=mine)
    making.brought(cast, cast.community_post, "post-satisfaction", 9, 10)
    assert value("post-satisfaction", cast.community_post) == (1000, 11)
    again = filing.replied_again(cast, obligation=mine)
    supervision.answer(again, level="bad", today=TODAY)
    found = value("post-satisfaction", cast.community_post)
    assert found == (1000, 12)
    assert points(found, "rate", 5, sample=10) == 4.17


def test_a_small_sample_is_none(cast):
    making.brought(cast, cast.post, "post-satisfaction", 9, 9)
    assert points(value("post-satisfaction", cast.post), "rate", 5, sample=10) is None


def test_every_indicator_of_posts_has_its_figure_and_none_is_public():
    own = {
        *("no-dishonesty", "honours", "post-shown", "post-kept-rate", "post-published-in-time"),
        *("post-complaints-upheld", "handover-lists", "training-hours", "test-score", "post-satisfaction"),
    }
    brought = {key for key, item in IMPORTABLE.items() if "post" in item.levels}
    assert all(not METRICS[key].is_public for key in own | brought)


def test_what_is_counted_of_a_post_is_read_by_few(aid, signed_in):
    """Its clerk, supervisors and the secrecy reviewer read the unit's figures, not those of one person."""
    page = reverse("facts:figure", args=[aid.aid_post.pk, "no-dishonesty"])
    opened = {
        who: signed_in(getattr(aid, who)).get(page).status_code
        for who in (
            "lead",
            "reviewer",
            "office",
            "district_lead",
            "clerk",
            "secrecy",
            "supervisor",
            "sysadmin",
            "other_lead",
        )
    }
    assert {who for who, status in opened.items() if status == 200} == {
        "lead", "reviewer", "office", "district_lead"
    }  # fmt: skip
    assert set(opened.values()) == {200, 404}
