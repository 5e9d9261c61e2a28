"""Two people at the same handover at the same moment: it is written once, and nothing slips past the end."""

import functools

import pytest

from commitments.handover import services
from commitments.handover.flows import FLOW
from commitments.models import HandoverConfirmation, Party
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Posting
from tests import make
from tests.commitments.handover import making
from tests.commitments.test_races import at_once, fresh, taking

pytestmark = pytest.mark.django_db(transaction=True)


def test_confirmed_twice_at_once_is_confirmed_once(cast):
    make.in_force(cast)
    handover = making.started(cast)
    items = list(handover.items.values_list("pk", flat=True))
    say = functools.partial(services.confirm, handover, party=Party.TAKER, items=items, by=cast.comer)
    outcomes = at_once(say, say)
    assert {type(o) for o in outcomes} == {int, Refused}
    assert HandoverConfirmation.objects.filter(item__handover=handover).count() == 1


def test_completed_by_one_of_two_witnesses_and_the_post_passes_on_once(cast):
    make.in_force(cast)
    handover = making.confirmed(cast, making.started(cast))
    outcomes = at_once(
        taking(FLOW, handover, "complete", cast.district_lead, today=making.TODAY),
        taking(FLOW, handover, "complete", cast.office, today=making.TODAY),
    )
    assert {type(o) for o in outcomes} == {Entry, Refused}
    assert Posting.objects.current().get(post=cast.post).official == cast.new
    assert Posting.objects.filter(post=cast.post).count() == 2


def test_a_dispute_and_the_takers_word_at_once_never_end_in_a_complete_handover_with_a_dispute(cast):
    make.in_force(cast)
    handover = making.confirmed(cast, making.started(cast), Party.GIVER, Party.WITNESS)
    item = handover.items.get()
    at_once(
        functools.partial(services.confirm, handover, party=Party.TAKER, items=[item.pk], by=cast.comer),
        functools.partial(services.dispute, item, party=Party.TAKER, text="不对", by=cast.comer),
        taking(FLOW, handover, "complete", cast.district_lead, today=making.TODAY),
    )
    disputed = item.notes.exists()
    said = item.confirmations.filter(party=Party.TAKER).exists()
    assert said != disputed
    assert fresh(handover).state == "open" or not disputed
