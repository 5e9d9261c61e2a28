"""The demo's story can be told on any day of the year."""

import datetime

import pytest

from longsha_credit.home.demo import _Story
from longsha_credit.home.demo_demonstration import _Rounds


@pytest.mark.django_db
def test_the_facts_of_a_round_are_taken_after_its_self_assessment_on_whatever_day_the_demo_is_loaded():
    story = _Story({}, {})
    rounds, last = _Rounds(story), story.today
    for back in range(366):
        story.today = last - datetime.timedelta(days=back)
        for ends, taken in ((14, 13), (185, 183)):
            assert rounds.end(ends) < rounds.day(story.worked(taken)), story.today
