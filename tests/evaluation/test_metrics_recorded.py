"""Figures of integrity records against examples worked by hand: late, corrected, revoked, repaired, under appeal."""

import datetime

import pytest

from evaluation.metrics import METRICS
from longsha_credit.deadlines import planning
from longsha_credit.deadlines.models import Holiday
from longsha_credit.deadlines.services import current_rule
from tests import make
from tests.commitments import ledger
from tests.evaluation.counted import DAY, NOW, TODAY, agrees
from tests.programme.education.making import official
from tests.records import making


def test_what_is_in_store_and_what_was_found_of_a_unit(cast):
    c = cast
    corrected = making.confirmed(c, effective_from=TODAY - 3 * DAY)
    making.objected(c, corrected, outcome="corrected")
    making.corrected(c, corrected)
    making.confirmed(c, "X01", effective_from=TODAY - 30 * DAY, title="许可决定被判决撤销")
    making.repaired(c, making.confirmed(c, effective_from=TODAY - 150 * DAY))
    making.revoked(c, making.confirmed(c, effective_from=TODAY - 2 * DAY))
    making.pending(c)  # decided twenty days ago, may still be appealed
    making.confirmed(c, "S02", effective_from=TODAY - 3 * DAY)
    making.confirmed(c, "X11", effective_from=TODAY - 3 * DAY)  # of the official: not the unit's
    making.draft(c)
    street, other, community, district = (u.pk for u in (c.street, c.other_street, c.community, c.district))
    # first versions that stand: 3 days, 30, 150, 20, 3 and 3 days after their document; seven working days are given
    assert agrees(c, "records-timely") == {street: (300, 6)}
    # the corrected version, the judgment, the repaired one; not the revoked, the pending, the official's
    assert agrees(c, "new-dishonesty") == {street: (300, 3)}
    assert agrees(c, "cases-lost") == {street: (100, 1)}
    # the district decided the objection and the street corrected its record, both at once
    assert agrees(c, "objections-in-time") == {street: (100, 1), district: (100, 1)}
    # the street and its official have files, the new colleague, the other street and the community none
    official(c)
    assert agrees(c, "files-kept") == {street: (200, 3), other: (0, 1), community: (0, 1)}
    rows = METRICS["files-kept"].own_rows(c.street, NOW, "missing")
    assert [(row["said"], row["ref"]) for row in rows] == [("公职人员的诚信档案", "")]
    ledger.relapsed(c, ledger.closed(c))
    assert agrees(c, "new-dishonesty") == {street: (400, 4)}
    assert METRICS["new-dishonesty"].own(c.street, NOW).counts == {"found": 3, "relapsed": 1}


def test_where_nothing_happened_there_is_no_fact(cast):
    making.draft(cast)
    make.draft(cast)
    for key in ("records-timely", "new-dishonesty", "cases-lost", "objections-in-time"):
        assert agrees(cast, key) == {}


@pytest.mark.parametrize("key", ["record_entry", "disclosure_publish", "topic_monthly"])
def test_the_list_of_due_days_is_what_each_clock_alone_would_say(cast, key):
    rule, calendar = current_rule(key, on=TODAY), Holiday.objects.calendar()
    first = datetime.date(2026, 1, 20)  # the Spring Festival and its made-up days lie ahead
    days = planning.due_days(rule, first, first + 45 * DAY, calendar=calendar)
    assert days == [planning.compute(rule, first + n * DAY, calendar=calendar).due_on for n in range(46)]
