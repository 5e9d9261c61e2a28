"""Two people at the same record at the same moment: one goes through, the other is told, and it is written once."""

import datetime
import functools

import pytest

from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines import services as deadlines
from longsha_credit.publication.models import Publication
from records import services
from records.flows import FLOW, OBJECTION, REPAIR
from records.models import Objection, Record
from tests.commitments.test_races import assert_one_won, at_once, fresh, taking
from tests.records import making

ROUNDS = 8
DAY = datetime.timedelta(days=1)
pytestmark = pytest.mark.django_db(transaction=True)


def steps_of(it, *names):
    return list(Entry.objects.about(it).filter(step__in=names).values_list("step", flat=True))


def test_of_two_confirmers_one_confirms_and_one_is_told(cast):
    for _ in range(ROUNDS):
        it = making.submitted(cast)
        assert_one_won(
            at_once(taking(FLOW, it, "confirm", cast.reviewer), taking(FLOW, it, "confirm", cast.reviewer2))
        )
        now = fresh(it)
        entry = Entry.objects.about(it).get(step="confirm")
        assert (now.state, now.confirmed_by_id) == ("effective", entry.actor_id)
        assert now.notices.get().state == "in_review"


def test_confirmed_or_returned_but_never_both(cast):
    for _ in range(ROUNDS):
        it = making.submitted(cast)
        assert_one_won(
            at_once(
                taking(FLOW, it, "confirm", cast.reviewer),
                taking(FLOW, it, "send_back", cast.reviewer2, reason="文号不清楚"),
            )
        )
        now = fresh(it)
        assert (now.state, now.notices.count()) in {("effective", 1), ("returned", 0)}


def test_records_submitted_at_once_have_different_numbers(cast):
    for _ in range(5):
        drafts = [making.draft(cast) for _ in range(3)]
        at_once(*[taking(FLOW, draft, "submit", cast.clerk) for draft in drafts])
    numbers = sorted(Record.objects.values_list("number", flat=True))
    assert [int(number[6:]) for number in numbers] == list(range(1, 16))


def test_an_objection_sent_twice_is_filed_once(cast):
    for _ in range(ROUNDS):
        it = making.confirmed(cast)
        outcomes = at_once(*[functools.partial(making.objection, cast, it) for _ in range(2)])
        assert {type(o) for o in outcomes} == {Objection, Refused}, outcomes
        refused = next(o for o in outcomes if isinstance(o, Refused))
        assert str(refused) == "已有一份异议在办理。"
        assert it.objections.count() == 1


def test_an_objection_raised_while_the_record_is_repaired_or_corrected_is_not_left_hanging(cast):
    for _ in range(ROUNDS):
        it = making.confirmed(cast, effective_from=making.LAST_YEAR)
        repair = making.proposed(cast, REPAIR, making.repair(cast, it), "granted")
        outcomes = at_once(
            taking(REPAIR, repair, "decide", cast.office), functools.partial(making.objection, cast, it)
        )
        assert sum(isinstance(o, Refused) for o in outcomes) == 1, outcomes
        assert (fresh(it).state, it.objections.open().count()) in {("repaired", 0), ("effective", 1)}
    for _ in range(ROUNDS):
        old = making.confirmed(cast)
        new = making.correction(cast, old)
        FLOW.take(new, "submit", by=cast.clerk)
        outcomes = at_once(
            taking(FLOW, new, "confirm", cast.reviewer), functools.partial(making.objection, cast, old)
        )
        assert sum(isinstance(o, Refused) for o in outcomes) == 1, outcomes
        found = (fresh(old).state, fresh(new).state, old.objections.open().count())
        assert found in {("corrected", "effective", 0), ("effective", "submitted", 1)}


@pytest.mark.parametrize("step", ["ask_revocation", "revoke", "keep"])
def test_a_record_ends_once_when_it_expires_while_its_revocation_is_decided(cast, step):
    ends = {
        "ask_revocation": ("revoking", "expired"),
        "revoke": ("revoked",),
        "keep": ("effective", "expired"),
    }
    for number in range(4):
        it = making.public(cast) if number == 0 else making.confirmed(cast)
        after = it.effective_until + DAY
        if step != "ask_revocation":
            making.revoking(cast, it)
        outcomes = at_once(
            taking(FLOW, it, step, cast.reviewer2, reason="认定书已被撤销", today=after),
            lambda after=after: services.run_nightly(today=after),
        )
        assert {type(o) for o in outcomes} <= {Entry, Refused, dict}, outcomes
        assert fresh(it).state in ends[step]
        if fresh(it).state == "effective":
            services.run_nightly(today=after)
        if fresh(it).state == "revoking":
            FLOW.take(fresh(it), "revoke", by=cast.office)
        assert len(steps_of(it, "expire", "revoke")) == 1
        assert it.notices.get().state in ("ended", "discarded")
        assert not Publication.objects.public().exists()


def test_two_nights_at_once_do_the_days_work_once(cast):
    start = making.TODAY + DAY
    waiting = [
        making.confirmed(cast, decided_on=making.TODAY, effective_from=start, title=f"第{n}件")
        for n in range(4)
    ]
    nights = [functools.partial(services.run_nightly, today=start) for _ in range(2)]
    first, second = at_once(*nights)
    assert first["effective"] + second["effective"] == len(waiting)
    for it in waiting:
        assert (fresh(it).state, steps_of(it, "take_effect")) == ("effective", ["take_effect"])


def test_a_record_revoked_while_an_objection_is_decided_is_revoked_once(cast):
    for _ in range(ROUNDS):
        it = making.confirmed(cast)
        asked = making.proposed(cast, OBJECTION, making.objection(cast, it), "revoked")
        outcomes = at_once(
            taking(OBJECTION, asked, "decide", cast.office),
            taking(FLOW, it, "ask_revocation", cast.clerk, reason="认定书已被撤销"),
        )
        assert sum(isinstance(o, Entry) for o in outcomes) == 1, outcomes
        assert (fresh(it).state, fresh(asked).state) in {("revoked", "decided"), ("revoking", "proposed")}


def test_what_expires_while_its_correction_is_decided_owes_none(cast):
    for _ in range(ROUNDS):
        it = making.confirmed(cast)
        asked = making.proposed(cast, OBJECTION, making.objection(cast, it), "corrected")
        at_once(taking(OBJECTION, asked, "decide", cast.office), taking(FLOW, it, "expire", None))
        assert fresh(it).state == "expired"
        assert not deadlines.open_of(it).exists()
        assert fresh(asked).state in {"decided", "proposed"}
