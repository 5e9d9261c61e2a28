"""What the rounds of demonstration give to the evaluation: counted by hand, each number in the test."""

import datetime

from evaluation.metrics import METRICS
from longsha_credit.directory.counting import Days
from tests import make
from tests.evaluation.demonstration import making

LATER = making.TODAY + datetime.timedelta(days=30)
ROUND = Days(start=making.TODAY, end=LATER, over=LATER)
THAT_YEAR = Days(datetime.date(making.YEAR, 1, 1), datetime.date(making.YEAR, 12, 31), making.TODAY)


def test_who_sent_its_self_assessment_by_the_day_was_in_time(cast):
    of = making.cycle(cast)
    making.submitted(cast, of)  # sent today, due in twenty days
    silent = make.organisation("community", "江畔社区", cast.street)
    making.application(cast, of, unit=silent, by=cast.clerk)  # never sent
    found = METRICS["self-assessed-in-time"].of_all(ROUND)
    assert found[cast.community.pk] == {"in_time": 1, "late": 0}
    assert found[silent.pk] == {"in_time": 0, "late": 1}
    before_it_is_due = Days(ROUND.start, ROUND.end, over=making.TODAY)
    assert METRICS["self-assessed-in-time"].of_all(before_it_is_due) == {}


def test_a_street_is_told_how_many_below_it_reach_the_line(cast):
    making.candidate(cast)
    found = METRICS["units-reaching"].of_all(THAT_YEAR)
    assert found == {cast.street.pk: {"reached": 1, "below": 0}}
