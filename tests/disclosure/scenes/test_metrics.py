"""What evaluation asks of scenes, reckoned by hand: which went on, and how much of the target was taken up."""

import datetime

import pytest
from django.utils import timezone

from commitments.metrics import Days
from disclosure.scenes import metrics
from disclosure.scenes.flows import FLOW
from longsha_credit.audit.models import Entry
from tests.audit.rules import past_triggers
from tests.disclosure.scenes import making
from tests.evaluation import counted

YEAR = making.TODAY.year - 1  # a year that is over, so that every day of it is
D = datetime.date
WHOLE = Days(D(YEAR, 1, 1), D(YEAR, 12, 31), D(YEAR, 12, 31))
SPRING = Days(D(YEAR, 1, 1), D(YEAR, 12, 31), D(YEAR, 4, 15))


def scene(c, since, **changes):
    return making.public(c, since=since, begins_on=since, **changes)


def taken_on(it, step, day, by, **given):
    """A step as if it had been taken on that day."""
    FLOW.take(it, step, by=by, today=day, **given)
    at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))
    with past_triggers() as cursor:
        last = Entry.objects.about(it).order_by("-id")[0]
        cursor.execute("UPDATE audit_entry SET at = %s WHERE id = %s", [at, last.pk])


def halted(c, it, start, end=None):
    taken_on(it, "suspend", start, c.clerk, reason="维修", halt_why="venue")
    if end:
        taken_on(it, "resume", end, c.clerk)


def numbers(c, it, **months):
    for name, participations in months.items():
        month = D(YEAR, int(name[1:]), 1)
        making.published_month(c, it, month=month, participations=participations, served=0)


@pytest.fixture
def c(cast):
    cast.long = scene(cast, D(YEAR - 1, 6, 1))
    cast.of_community = scene(
        cast, D(YEAR, 3, 10), organisation=cast.community, kind="community", monthly_target=10
    )
    cast.over = scene(cast, D(YEAR, 1, 1))
    taken_on(cast.over, "end", D(YEAR, 3, 31), cast.clerk, reason="做完了", halt_why="done")
    return cast


def test_what_went_on_is_counted_where_it_stood_on_the_last_day_that_is_over(c):
    halted(c, c.long, D(YEAR, 4, 10), D(YEAR, 5, 2))
    making.draft(c)
    making.submitted(c)
    making.withdrawn(c, scene(c, D(YEAR, 1, 1)))
    street = {"running": 1, "suspended": 0, "ended": 1}
    assert metrics.running_of_all(WHOLE) == {
        c.street.pk: street,
        c.community.pk: {"running": 1, "suspended": 0, "ended": 0},
    }
    assert metrics.running_below(c.street, WHOLE) == {"running": 2, "suspended": 0, "ended": 1}
    assert metrics.running_below(c.street, SPRING) == {"running": 1, "suspended": 1, "ended": 1}
    assert metrics.running_below(c.other_street, WHOLE) == {"running": 0, "suspended": 0, "ended": 0}
    rows = metrics.scenes_behind(c.street, WHOLE)
    assert [(row["code"], row["part"]) for row in rows] == [
        (c.long.code, "running"),
        (c.over.code, "ended"),
        (c.of_community.code, "running"),
    ]
    assert rows[0]["beneficiaries"] and rows[0]["legal_review"]
    assert [row["code"] for row in metrics.scenes_behind(c.street, WHOLE, "ended")] == [c.over.code]
    before = Days(D(YEAR - 2, 1, 1), D(YEAR - 2, 12, 31), D(YEAR - 2, 12, 31))
    assert metrics.running_of_all(before) == {}


def test_participations_are_held_against_the_target_of_whole_months(c):
    """The street's scene aims at 20 a month, suspended from April to the 2nd of May; the community's at 10."""
    halted(c, c.long, D(YEAR, 4, 10), D(YEAR, 5, 2))
    numbers(c, c.long, m1=25, m2=10, m3=4, m4=30, m6=200)
    numbers(c, c.of_community, m4=3)
    # until the 15th of April: January to March of the long one (25 + 10 + 4 of 60), and of the one that ended (0 of 60)
    assert metrics.taken_of_all(SPRING) == {c.street.pk: {"taken": 39, "missing": 81}}
    # the whole year: the long one has ten months without April and May, 25 + 10 + 4 + 200 of 200 is all of it;
    # the community's has April to December, 3 of 90
    assert metrics.taken_of_all(WHOLE) == {
        c.street.pk: {"taken": 200, "missing": 60},
        c.community.pk: {"taken": 3, "missing": 87},
    }
    assert metrics.taken_below(c.street, WHOLE) == {"taken": 203, "missing": 147}
    # the same as facts, in hundredths; what one scene has over its target makes up for no other
    facts = {c.street.pk: (20000, 260), c.community.pk: (300, 90)}
    assert counted.told("scene-participation", WHOLE) == facts
    assert counted.told("scene-participation", WHOLE, c.community.path) == {c.community.pk: (300, 90)}
    assert counted.told("scenes-running", WHOLE) == {c.street.pk: (100, 2), c.community.pk: (100, 1)}
    rows = {row["code"]: row for row in metrics.targets_behind(c.street, WHOLE)}
    assert rows[c.of_community.code] == {
        "code": c.of_community.code,
        "said": c.of_community.title,
        "unit_name": "新苑社区",
        "months": 9,
        "silent": 8,
        "target": 90,
        "came": "少于5",
    }
    assert (rows[c.long.code]["months"], rows[c.long.code]["came"]) == (10, "239")
    assert (rows[c.over.code]["months"], rows[c.over.code]["target"], rows[c.over.code]["came"]) == (
        3,
        60,
        "0",
    )


def test_a_correction_counts_with_its_numbers_and_a_draft_with_none(c):
    numbers(c, c.long, m1=5)
    first = c.long.months.get()
    making.corrected(c, first, participations=15)
    making.month(c, c.long, month=D(YEAR, 2, 1), participations=19, served=0)
    january = Days(D(YEAR, 1, 1), D(YEAR, 2, 28), D(YEAR, 2, 28))
    assert metrics.taken_below(c.street, january)["taken"] == 15


def test_the_figures_take_as_many_queries_for_few_as_for_many(c, django_assert_num_queries):
    for more in (0, 3):
        for _ in range(more):
            scene(c, D(YEAR, 1, 1))
        with django_assert_num_queries(1):
            metrics.running_of_all(WHOLE)
        with django_assert_num_queries(1):
            metrics.taken_of_all(WHOLE)
