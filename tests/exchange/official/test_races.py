"""Two people issue at the same moment: one number each, no gap; one thing is issued once."""

import functools

import pytest

from longsha_credit.audit.workflow import Refused
from longsha_credit.exchange.models import IssuedDocument
from tests.commitments import ledger
from tests.commitments.test_races import at_once
from tests.exchange.official import making

pytestmark = pytest.mark.django_db(transaction=True)


def test_at_once_two_things_get_neighbouring_numbers_and_one_thing_gets_one(cast):
    item = ledger.rectifying(cast)
    slips = [ledger.slip(cast, item) for _ in range(3)]
    issue = [functools.partial(making.issued, cast, slip, today=making.DAY) for slip in slips]
    outcomes = at_once(issue[0], issue[0], issue[1], issue[2])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [*["IssuedDocument"] * 3, "Refused"]
    assert "刚刚已经出具" in str(next(outcome for outcome in outcomes if isinstance(outcome, Refused)))
    assert sorted(IssuedDocument.objects.values_list("serial", flat=True)) == [1, 2, 3]
