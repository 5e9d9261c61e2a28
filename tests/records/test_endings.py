"""A record ends whole: nothing its subject asked is left hanging, and no version of it stays in public."""

import datetime

import pytest

from longsha_credit.audit.workflow import Refused
from longsha_credit.publication.models import Publication
from records import services
from records.flows import FLOW, NOTICE, OBJECTION, REPAIR
from records.models import Record
from tests.records import making

OPEN = "主体的异议或修复申请还没有办结"


def states(it):
    return list(it.notices.order_by("id").values_list("state", flat=True))


@pytest.mark.parametrize("end", ["revoked", "expired", "overturned"])
def test_the_version_before_goes_too_when_its_correction_ends_unpublished(cast, end):
    old = making.public(cast)
    new = making.corrected(cast, old)
    assert list(Record.objects.public()) == [old]
    if end == "revoked":
        making.revoked(cast, new)
    elif end == "overturned":
        making.objected(cast, new, "revoked")
    else:
        services.run_nightly(today=new.effective_until + datetime.timedelta(days=1))
    assert (states(old), states(new)) == (["ended"], ["discarded"])
    assert not Record.objects.public().exists()
    assert not Publication.objects.public().exists()


def test_the_notice_of_a_corrected_version_goes_no_further(cast):
    old = making.confirmed(cast)
    assert states(old) == ["in_review"]
    new = making.corrected(cast, old)
    assert (states(old), states(new)) == (["discarded"], ["in_review"])
    making.noticed(cast, new)
    assert list(Record.objects.public()) == [new]


def test_a_notice_taken_back_is_dropped_when_its_record_is_corrected(cast):
    old = making.confirmed(cast)
    NOTICE.take(old.notices.get(), "recall", by=cast.office)
    making.corrected(cast, old)
    assert states(old) == ["discarded"]


@pytest.mark.parametrize("ask", ["objection", "repair"])
def test_no_correction_takes_a_version_away_under_what_its_subject_asked(cast, ask):
    old = making.confirmed(cast, effective_from=making.LAST_YEAR)
    new = making.correction(cast, old)
    FLOW.take(new, "submit", by=cast.clerk)
    asked = getattr(making, ask)(cast, old)
    with pytest.raises(Refused, match=OPEN):
        FLOW.take(new, "confirm", by=cast.reviewer)
    flow, outcome = (OBJECTION, "corrected") if ask == "objection" else (REPAIR, "refused")
    making.decided(cast, flow, asked, outcome)
    FLOW.take(new, "confirm", by=cast.reviewer)
    old.refresh_from_db()
    assert (old.state, new.state) == ("corrected", "effective")


def test_repair_waits_for_the_objection(cast):
    it = making.confirmed(cast, effective_from=making.LAST_YEAR)
    repair = making.proposed(cast, REPAIR, making.repair(cast, it), "granted")
    objection = making.objection(cast, it)
    with pytest.raises(Refused, match="先办异议"):
        REPAIR.take(repair, "decide", by=cast.office)
    making.decided(cast, OBJECTION, objection, "upheld")
    REPAIR.take(repair, "decide", by=cast.office)
    it.refresh_from_db()
    assert it.state == "repaired"


def test_an_objection_that_is_right_ends_the_request_for_repair(cast):
    it = making.confirmed(cast, effective_from=making.LAST_YEAR)
    repair = making.proposed(cast, REPAIR, making.repair(cast, it), "granted")
    making.objected(cast, it, "revoked")
    repair.refresh_from_db()
    assert (repair.state, repair.outcome) == ("recalled", "")
