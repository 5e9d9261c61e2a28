"""Every item of the catalogue goes its whole way: filed, confirmed, objected to, repaired or lifted."""

import datetime

import pytest

from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines.calendar import add_months
from longsha_credit.publication.models import Correction, Publication
from records import services
from records.flows import FLOW
from records.models import Record
from records.reference import CATALOGUE
from tests.records import making

CODES = [row["code"] for row in CATALOGUE]


def months_ago(number):
    return add_months(making.TODAY, -number)


@pytest.mark.parametrize("code", CODES)
def test_every_item_can_be_filed_confirmed_objected_to_and_repaired_or_lifted(cast, code):
    c, item = cast, making.item(code)
    it = making.confirmed(c, code, effective_from=months_ago(item.repair_min_months))
    assert (it.state, it.number[:2], it.version) == ("effective", "JL", 1)
    subject = c.official if it.official_id else c.lead
    upheld = making.objected(c, it, "upheld", by=subject)
    assert (upheld.state, upheld.outcome, it.state) == ("decided", "upheld", "effective")
    if item.repairable:
        making.decided(c, making.REPAIR, making.repair(c, it), "granted")
        it.refresh_from_db()
        assert it.state == "repaired"
    else:
        with pytest.raises(Refused, match="不适用信用修复"):
            making.repair(c, it, by=subject)
        after = it.effective_until + datetime.timedelta(days=1)
        services.run_nightly(today=it.effective_until)
        it.refresh_from_db()
        assert it.state == "effective"
        services.run_nightly(today=after)
        it.refresh_from_db()
        assert it.state == "expired"


def test_a_public_record_is_sent_into_review_at_once_and_passes_by_three(cast):
    it = making.public(cast)
    assert list(Record.objects.public()) == [it]
    assert Publication.objects.get().path == f"records/{it.number}/"


def test_a_revoked_record_leaves_the_public_and_stands_in_the_log(cast):
    it = making.revoked(cast, making.public(cast))
    assert it.state == "revoked"
    assert not Record.objects.public().exists()
    assert "认定书已被撤销" in Correction.objects.get().reason


def test_an_objection_that_is_right_revokes_and_takes_down(cast):
    it = making.public(cast)
    making.objected(cast, it, "revoked")
    it.refresh_from_db()
    assert (it.state, Record.objects.public().count()) == ("revoked", 0)


def test_a_correction_takes_the_place_of_the_version_before(cast):
    old = making.public(cast)
    new = making.corrected(cast, old)
    assert (old.state, new.state, new.number, new.version) == ("corrected", "effective", old.number, 2)
    assert list(Record.objects.public()) == [old]
    making.noticed(cast, new)
    assert list(Record.objects.public()) == [new]
    assert Publication.objects.get().version == 2


def test_a_decision_that_is_not_final_waits_for_its_recheck(cast):
    it = making.pending(cast)
    assert it.state == "confirmed"
    with pytest.raises(Refused, match="下次复查日期"):
        FLOW.take(it, "recheck", by=cast.reviewer2)
    FLOW.take(it, "recheck", by=cast.reviewer2, finality="final")
    it.refresh_from_db()
    assert it.state == "effective"


def test_the_guard_names_every_missing_thing(cast):
    it = services.save_draft(
        Record(**making.fields(cast) | {"document_number": "", "issuing_body": "", "decided_on": None}),
        by=cast.clerk,
    )
    with pytest.raises(Refused) as refusal:
        FLOW.take(it, "submit", by=cast.clerk)
    for missing in ("文号", "作出机关", "作出日期", "证据文件"):
        assert missing in str(refusal.value)
