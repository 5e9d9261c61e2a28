"""A record ends whole: nothing its subject asked is left hanging, and no version of it stays in public."""

import datetime

import pytest

from longsha_credit.audit.workflow import Refused
from longsha_credit.publication.models import Correction, Publication
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


def expires(it):
    services.run_nightly(today=it.effective_until + datetime.timedelta(days=1))
    it.refresh_from_db()
    assert it.state == "expired"
    return it


@pytest.mark.parametrize("taken_up", ["filed", "handling", "proposed"])
def test_an_objection_outlives_the_expiry_of_its_record_and_may_still_be_right(cast, taken_up):
    it = making.public(cast)
    objection = making.objection(cast, it)
    if taken_up != "filed":
        OBJECTION.take(objection, "accept", by=cast.reviewer2)
    if taken_up == "proposed":
        OBJECTION.take(objection, "propose", by=cast.reviewer2, outcome="revoked", finding="看错了楼号。")
    expires(it)
    objection.refresh_from_db()
    assert objection.state == taken_up
    if taken_up == "filed":
        OBJECTION.take(objection, "accept", by=cast.reviewer2)
    if taken_up != "proposed":
        OBJECTION.take(objection, "propose", by=cast.reviewer2, outcome="revoked", finding="看错了楼号。")
    OBJECTION.take(objection, "decide", by=cast.office)
    it.refresh_from_db()
    assert (it.state, it.revoke_asked_by, states(it)) == ("revoked", cast.reviewer2, ["ended"])
    actions = Correction.objects.order_by("id").values_list("action", "asked_by", "approved_by")
    assert list(actions) == [
        ("withdraw", cast.clerk.pk, cast.reviewer.pk),
        ("outcome", cast.reviewer2.pk, cast.office.pk),
    ]


def test_an_objection_that_fails_after_the_expiry_leaves_the_record_expired(cast):
    it = making.public(cast)
    objection = making.objection(cast, it)
    expires(it)
    making.decided(cast, OBJECTION, objection, "upheld")
    assert (it.state, objection.state) == ("expired", "decided")
    assert Correction.objects.get().action == "withdraw"


def test_what_was_never_public_is_cleared_without_a_word_in_public(cast):
    it = making.confirmed(cast, "X05")
    objection = making.objection(cast, it)
    expires(it)
    making.decided(cast, OBJECTION, objection, "revoked")
    it.refresh_from_db()
    assert (it.state, Correction.objects.count()) == ("revoked", 0)


def test_an_expired_record_is_not_corrected_any_more(cast):
    it = making.confirmed(cast)
    before, after = making.objection(cast, it), "记录已经到期，不能再更正"
    making.proposed(cast, OBJECTION, before, "corrected")
    expires(it)
    with pytest.raises(Refused, match=after):
        OBJECTION.take(before, "decide", by=cast.office)
    OBJECTION.take(before, "send_back", by=cast.office, reason="已经到期")
    with pytest.raises(Refused, match="请选择处理意见"):
        OBJECTION.take(before, "propose", by=cast.reviewer2, outcome="corrected", finding="日期写错。")
    OBJECTION.take(before, "propose", by=cast.reviewer2, outcome="revoked", finding="日期写错。")


def test_nobody_objects_to_what_has_expired_and_no_repair_outlives_it(cast):
    it = making.confirmed(cast, effective_from=making.LAST_YEAR)
    repair = making.repair(cast, it)
    expires(it)
    repair.refresh_from_db()
    assert repair.state == "recalled"
    with pytest.raises(Refused, match="不用提异议"):
        making.objection(cast, it)


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
