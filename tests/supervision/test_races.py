"""Two at the same case at the same moment, on two connections: it is filed, accepted and answered once."""

import functools

import pytest

from commitments.models import Case, CaseSecret, Rating
from commitments.supervision import services
from commitments.supervision.flows import FLOW
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines.models import Deadline
from tests import make
from tests.commitments.test_races import assert_one_won, at_once, fresh, taking
from tests.supervision import filing

ROUNDS = 6
pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_form_sent_twice_at_once_is_one_case_with_one_receipt(cast):
    for number in range(ROUNDS):
        sent = functools.partial(
            services.file_case, kind="complaint", about=cast.community, obligation=None, words=filing.SENTENCE,
            name="", contact="", token=f"form {number}", today=filing.TODAY,
        )  # fmt: skip
        first, second = at_once(sent, sent)
        assert first == second
    assert Case.objects.count() == CaseSecret.objects.count() == ROUNDS
    assert Deadline.objects.count() == ROUNDS
    numbers = sorted(Case.objects.values_list("number", flat=True))
    assert [int(number[6:]) for number in numbers] == list(range(1, ROUNDS + 1))


def test_of_two_handlers_one_accepts_and_one_is_told(cast):
    for _ in range(ROUNDS):
        it = filing.case(cast)
        assert_one_won(at_once(taking(FLOW, it, "accept", cast.clerk), taking(FLOW, it, "accept", cast.lead)))
        entry = Entry.objects.about(it).get(step="accept")
        assert (fresh(it).state, fresh(it).handler_id) == ("accepted", entry.actor_id)


def test_an_answer_sent_twice_counts_once_and_the_night_does_not_close_it_too(cast):
    for _ in range(ROUNDS):
        it = filing.replied(cast)
        mine = [Case.objects.with_names().get(pk=it.pk) for _ in range(2)]
        outcomes = at_once(
            *[functools.partial(services.answer, one, level="good", today=filing.TODAY) for one in mine],
            functools.partial(services.close_unanswered, today=make.soon(60)),
        )
        assert sum(isinstance(o, Refused) for o in outcomes[:2]) in (1, 2), outcomes
        closed = Entry.objects.about(it).filter(step="close")
        assert closed.count() == 1
        assert Rating.objects.filter(case=it).count() == (fresh(it).closing == "satisfied")


def test_two_slips_at_once_are_one(cast):
    for _ in range(ROUNDS):
        it = filing.accepted(cast)
        outcomes = at_once(*[functools.partial(filing.slip, cast, it) for _ in range(2)])
        assert sum(isinstance(o, Refused) for o in outcomes) == 1, outcomes
        assert it.slips.count() == 1
