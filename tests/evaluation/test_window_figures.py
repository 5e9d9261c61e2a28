"""The indicators of table three against examples worked out by hand: what only windows have."""

import datetime
from decimal import Decimal

import pytest

from disclosure.models import NoticeRevision
from evaluation.metrics import METRICS
from evaluation.metrics.imported import IMPORTABLE
from tests import make
from tests.audit.rules import past_triggers
from tests.disclosure import making as publishing
from tests.disclosure.scenes import making as scenes
from tests.evaluation.counted import NOW
from tests.evaluation.hand import TODAY, YEAR, parts, points, value, values
from tests.evaluation.importing import making
from tests.programme.education import making as teaching
from tests.records import making as recording
from tests.supervision import filing

AWAITED = {"missing": "await"}
# key, numerator, denominator, style, points, how, what it comes to
RATES = [
    ("handled-in-legal-time", 188, 200, "rate", 8, AWAITED, 7.52),  # 94% of 8
    ("handled-in-legal-time", 119, 200, "rate", 8, AWAITED, 0),  # 59.5% is under the floor of 60
    ("handled-in-promised-time", 187, 200, "rate", 12, AWAITED, 11.22),  # 93.5% of 12
    ("guide-completeness", 171, 180, "rate", 6, AWAITED, 5.7),  # 95% of 6
    ("bad-reviews-fixed", 2, 3, "rate", 4, AWAITED, 2.67),  # two thirds, a half going up
    ("bad-reviews-fixed", 0, 0, "rate", 4, AWAITED, None),  # no bad review: not applicable, not zero
    ("good-reviews", 192, 200, "linear", 8, {"low": 80, "high": 95}, 8),  # 96%
    ("good-reviews", 178, 200, "linear", 8, {"low": 80, "high": 95}, 4.8),  # 89%: 9 of 15 steps
    ("good-reviews", 160, 200, "linear", 8, {"low": 80, "high": 95}, 0),  # 80%
    ("reviews-per-case", 12, 200, "linear", 2, {"low": 0, "high": 10}, 1.2),  # 6%
    ("reviews-per-case", 30, 200, "linear", 2, {"low": 0, "high": 10}, 2),  # 15%: no more than all
    ("improper-demands", 0, 0, "minus", 5, {"unit": 500}, 5),
    ("improper-demands", 1, 0, "minus", 5, {"unit": 500}, 0),  # one found takes five
]


@pytest.mark.parametrize(("key", "n", "of", "style", "worth", "how", "came"), RATES)
def test_what_comes_from_outside_becomes_points(cast, key, n, of, style, worth, how, came):
    making.brought(cast, cast.window, key, n, of)
    found = value(key, cast.window)
    assert found == (n * 100, of)
    assert points(found, style, worth, **how) == came
    assert METRICS[key].is_imported


def test_what_was_not_brought_in_is_awaited_and_never_taken_for_nothing(cast):
    assert value("handled-in-legal-time", cast.window) is None
    assert points(None, "rate", 8, missing="await") == "awaited"
    assert points(None, "minus", 5, unit=500) == 5  # nothing was found against it


def test_a_correction_counts_alone_and_another_year_not_at_all(cast):
    fact = making.brought(cast, cast.window, "handled-in-legal-time", 180, 200)
    making.brought(cast, cast.window, "handled-in-legal-time", 1, 2, of=making.year(cast, TODAY.year - 1))
    making.corrected(cast, fact, 190, 210)
    assert values("handled-in-legal-time") == {cast.window.pk: (19000, 210)}
    assert METRICS["handled-in-legal-time"].for_unit(cast.street, YEAR).denominator == 210


def test_a_complaint_found_partly_true_counts_half(cast):
    """5 − 2.5 × (1 + 0.5) = 1.25."""
    for finding in ("true", "partly", "untrue"):
        filing.replied(cast, about=cast.window, finding=finding)
    filing.accepted(cast, about=cast.window)
    filing.refused(cast, about=cast.window)
    filing.replied(cast, about=cast.window, kind="praise", finding="")
    found = value("complaints-upheld", cast.window)
    assert found == (150, 3)
    assert points(found, "minus", 5, unit=250) == 1.25
    assert parts("complaints-upheld", cast.window) == ["partly", "true", "untrue"]
    assert {row["ref"] for row in METRICS["complaints-upheld"].own_rows(cast.window, YEAR)} == {""}


def test_a_complaint_handled_again_has_no_finding_until_that_is_done(cast):
    filing.rehandling(cast, about=cast.window)
    assert value("complaints-upheld", cast.window) is None
    assert points(None, "minus", 5, unit=250) == 5
    filing.replied_again(cast, about=cast.window)
    assert value("complaints-upheld", cast.window) == (100, 1)


def test_complaints_about_others_and_of_other_years_count_nowhere(cast):
    last_year = datetime.date(TODAY.year - 1, 12, 20)
    filing.replied(cast, about=cast.window, today=last_year)
    filing.replied(cast)
    assert cast.window.pk not in values("complaints-upheld")


def guide(c, **changes):
    """The window's guide, public since today, written by the street."""
    given = {"organisation": c.window, "topic": publishing.topic("organisation-duties")}
    return publishing.published(c, **given | changes)


def since(notice, days):
    """The notice became public so many days ago; the server's own clock says when, and nothing else can."""
    with past_triggers() as cursor:
        cursor.execute(
            "UPDATE publication_publication SET first_published_at = first_published_at - make_interval(days => %s)"
            " WHERE id = %s",
            [days, notice.publication_id],
        )


def test_what_changed_is_published_within_the_limit_of_its_topic(cast):
    """Four changes: three in time, one of them by a notice that takes the old one's place; one late: 3/4 × 3 = 2.25."""
    ago = TODAY - datetime.timedelta(days=60)
    for days in (3, 20, 50):  # twenty working days are over after some 28 days
        notice = guide(cast)
        since(notice, 90)
        publishing.revised(cast, notice, formed_on=TODAY - datetime.timedelta(days=days))
    guide(cast, supersedes=guide(cast))
    only_words = guide(cast)
    since(only_words, 30)
    publishing.revised(cast, only_words, formed_on=ago)
    found = value("changes-published-in-time", cast.window)
    assert found == (300, 4)
    assert points(found, "rate", 3) == 2.25
    assert parts("changes-published-in-time", cast.window) == ["in_time", "in_time", "in_time", "late"]


def test_the_same_change_put_right_twice_is_one_change(cast):
    notice, day = guide(cast), TODAY - datetime.timedelta(days=4)
    since(notice, 30)
    publishing.revised(cast, notice, formed_on=day)
    publishing.revised(cast, notice, formed_on=day, title="改了错字")
    assert NoticeRevision.objects.filter(state="adopted").count() == 2
    assert value("changes-published-in-time", cast.window) == (100, 1)


def test_without_a_change_there_is_no_rate(cast):
    guide(cast)
    assert value("changes-published-in-time", cast.window) is None
    assert points(None, "rate", 3) is None


# What windows share with the others, counted for a window.


def test_promises_of_a_window_are_shown_while_they_stand(cast):
    """Two stand, one was taken down: 2/3 × 4 = 2.67."""
    type(cast.window).objects.filter(pk=cast.window.pk).update(supervision_phone="0000-9")
    desk = make.organisation("post", "首席代表岗", cast.window, is_lead_post=True)
    of_the_window = {"organisation": cast.window, "post": desk}
    for _ in range(2):
        make.in_force(cast, **of_the_window)
    make.withdrawn(cast, make.in_force(cast, **of_the_window))
    found = value("promises-shown", cast.window)
    assert found == (200, 3)
    assert points(found, "rate", 4) == 2.67


def staff(c, number):
    """People on the list of the window."""
    return [teaching.official(c, f"窗口{n}", f"9{n}", unit=c.window) for n in range(number)]


def test_the_files_of_a_window_are_those_of_its_people(cast):
    """Two of three have a record: 2/3 × 3 = 2."""
    first, second, _ = staff(cast, 3)
    for who in (first, second):
        recording.confirmed(cast, "S12", organisation=cast.window, official=who)
    found = value("files-kept", cast.window)
    assert found == (200, 3)
    assert points(found, "rate", 3) == 2


def test_records_of_a_window_are_entered_in_seven_working_days(cast):
    """One of two late: half is under the floor; two of three: 2."""
    for days in (3, 20):
        day = TODAY - datetime.timedelta(days=days)
        recording.confirmed(cast, "X06", organisation=cast.window, effective_from=day)
    assert value("records-timely", cast.window, NOW) == (100, 2)
    assert points(value("records-timely", cast.window, NOW), "rate", 3) == 0
    day = TODAY - datetime.timedelta(days=2)
    recording.confirmed(cast, "X06", organisation=cast.window, effective_from=day)
    assert points(value("records-timely", cast.window, NOW), "rate", 3) == 2


def test_a_window_answers_for_what_it_was_asked_about_a_complaint(cast):
    """It never handles one: the street does, and asks it by a slip."""
    clerk = make.user("window_clerk", "clerk", cast.window)
    filing.slip_answered(cast, filing.accepted(cast, about=cast.window), by=clerk)
    filing.slip(cast, filing.accepted(cast, about=cast.window))  # still has time
    found = value("complaints-in-time", cast.window, NOW)
    assert (found, points(found, "rate", 5)) == ((100, 1), 5)


def test_a_scene_of_a_window_counts_while_it_runs(cast):
    mine = {"organisation": cast.window, "kind": "service"}
    scenes.public(cast, **mine)
    scenes.ended(cast, scenes.public(cast, **mine))
    found = value("scenes-running", cast.window, NOW)
    assert found[0] == 100
    assert points(found, "each", 4, unit=200) == 2


def test_who_works_at_a_window_learns_and_is_tested(cast):
    """Two of three reach four hours: 2/3 × 4 = 2.67; nobody sat a test: not applicable."""
    for who, hours in zip(staff(cast, 3), (4, 5, 2), strict=True):
        given = {"outside": "窗口礼仪", "certificate": make.upload()}
        teaching.confirmed(cast, who, hours=Decimal(hours), **given)
    found = value("trained", cast.window)
    assert (found, points(found, "rate", 4)) == ((200, 3), 2.67)
    assert points(value("tests-passed", cast.window), "rate", 4) is None


def test_every_indicator_of_windows_has_its_figure():
    own = {"complaints-upheld", "changes-published-in-time"}
    brought = {key for key, item in IMPORTABLE.items() if "window" in item.levels}
    shared = {
        *("files-kept", "records-timely", "promises-shown", "complaints-in-time", "self-assessed-in-time"),
        *("fixes-done", "scenes-running", "trained", "tests-passed"),
    }
    assert own | brought | shared <= METRICS.keys()
