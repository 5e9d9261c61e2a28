"""Every step of a record and of what its subject asks for, by everyone from every state, against tables written by hand."""

import datetime
from dataclasses import replace

import pytest

from longsha_credit.directory.models import User
from longsha_credit.directory.roles import Role
from records import services
from records.flows import FLOW, OBJECTION, REPAIR
from tests import make
from tests.audit.rules import rows_of_everything
from tests.flow_matrix import (
    WELL_GIVEN,
    Table,
    buttons_are_the_steps,
    every_step_by_everyone,
    refused,
)
from tests.records import making

LATER = making.TODAY + datetime.timedelta(days=30)
DAY = datetime.timedelta(days=1)

# step: (from these states, to this one, by these roles); without roles it has no button
RECORD = {
    "submit": ("draft returned", "submitted", "clerk lead office"),
    "recall": ("submitted", "draft", "clerk lead office"),
    "discard": ("draft returned", "discarded", "clerk lead office"),
    "confirm": ("submitted", "confirmed", "reviewer office"),
    "send_back": ("submitted", "returned", "reviewer office"),
    "recheck": ("confirmed", "confirmed", "reviewer office"),
    "take_effect": ("confirmed", "effective", ""),
    "ask_revocation": ("confirmed effective", "revoking", "clerk lead reviewer office"),
    "revoke": ("revoking", "revoked", "reviewer office"),
    "keep": ("revoking", "effective", "reviewer office"),
    "overturn": ("confirmed effective expired", "revoked", ""),
    "correct": ("confirmed effective", "corrected", ""),
    "repair": ("effective", "repaired", ""),
    "expire": ("effective", "expired", ""),
}
REQUEST = {
    "accept": ("filed", "handling", "reviewer office"),
    "propose": ("handling", "proposed", "reviewer office"),
    "hand_over": ("handling", "handling", "reviewer office"),
    "decide": ("proposed", "decided", "reviewer office lead@above"),
    "send_back": ("proposed", "handling", "reviewer office lead@above"),
    "recall": ("filed handling", "recalled", "lead official"),
    "drop": ("filed handling proposed", "recalled", ""),
}
NEED_A_REASON = {
    "诚信记录": "discard send_back ask_revocation keep",
    "异议": "hand_over send_back",
    "信用修复": "hand_over send_back",
}


def taken(flow, obj, step, by, **given):
    flow.take(obj, step, by=by, **given)
    return obj


def to_come(c):
    """Submitted, and not in effect on the day it is confirmed."""
    return making.submitted(c, decided_on=making.TODAY, effective_from=LATER)


def expired(c):
    it = making.confirmed(c)
    services.run_nightly(today=it.effective_until + DAY)
    it.refresh_from_db()
    return it


def corrected(c):
    old = making.confirmed(c)
    making.corrected(c, old)
    return old


def repaired(c):
    return making.repaired(c, repairable(c)).record


def repairable(c):
    return making.confirmed(c, effective_from=making.LAST_YEAR)


OF_RECORDS = {
    "draft": making.draft,
    "submitted": to_come,
    "returned": lambda c: taken(FLOW, making.submitted(c), "send_back", c.reviewer, reason="文号不清楚"),
    "confirmed": making.pending,
    "effective": making.confirmed,
    "revoking": lambda c: making.revoking(c, making.confirmed(c)),
    "expired": expired,
    "repaired": repaired,
    "revoked": lambda c: making.revoked(c, making.confirmed(c)),
    "corrected": corrected,
    "discarded": lambda c: taken(FLOW, making.draft(c), "discard", c.clerk, reason="写重了"),
}


def of_requests(flow, asked, outcome):
    return {
        "filed": asked,
        "handling": lambda c: taken(flow, asked(c), "accept", c.reviewer2),
        "proposed": lambda c: making.proposed(c, flow, asked(c), outcome),
        "decided": lambda c: making.decided(c, flow, asked(c), outcome),
        "recalled": lambda c: taken(flow, asked(c), "recall", c.lead),
    }


# Only the handler proposes and only the applicant takes back, whatever the role.
ELSEWHERE = frozenset(
    [("propose", role, "above") for role in ("reviewer", "office")]
    + [("recall", role, place) for role in ("lead", "official") for place in ("own", "above")]
)
FOUND = WELL_GIVEN | {"finding": "查看了供餐记录。"}
TABLES = {
    table.flow.name: table
    for table in (
        Table(FLOW, RECORD, OF_RECORDS, given=WELL_GIVEN | {"next_check_on": LATER}),
        Table(
            OBJECTION,
            REQUEST,
            of_requests(OBJECTION, lambda c: making.objection(c, making.confirmed(c)), "upheld"),
            eyes=ELSEWHERE,
            given=FOUND | {"outcome": "upheld"},
        ),
        Table(
            REPAIR,
            REQUEST,
            of_requests(REPAIR, lambda c: making.repair(c, repairable(c)), "refused"),
            eyes=ELSEWHERE,
            given=FOUND | {"outcome": "refused"},
        ),
    )
}
CASES = [(name, state) for name, table in TABLES.items() for state in table.in_state]


def test_every_step_and_state_stands_in_the_table():
    for table in TABLES.values():
        assert set(table.flow.steps) == set(table.steps)
        assert set(table.flow.states.values) == set(table.in_state)
        asked = {s.name for s in table.flow.steps.values() if s.reason}
        assert asked == set(NEED_A_REASON[table.flow.name].split())


def with_successor(name):
    """The table of a flow, with somebody to whom a request is handed over."""
    table = TABLES[name]
    return replace(table, given={**table.given, "handler": User.objects.get(username="reviewer-above")})


@pytest.mark.parametrize(("name", "state"), CASES, ids=lambda text: text)
def test_only_the_right_person_in_the_right_state_takes_a_step(cast, everyone, name, state):
    table = with_successor(name)
    obj = table.in_state[state](cast)
    every_step_by_everyone(table, obj, state, everyone)
    buttons_are_the_steps(table, obj, state, everyone)


@pytest.fixture
def hats(cast):
    """hats(name): someone who holds every role of the district, so that only four eyes can stop them."""

    return lambda username: with_every_hat(cast, make.user(username))


def with_every_hat(cast, person):
    for role in Role:
        person.memberships.create(organisation=cast.district, role=role, started_on=make.LONG_AGO)
    return person


def stopped(flow, obj, step, *people, **given):
    """Each of these is told it takes another pair of eyes, sees the button closed, and has it on no list of theirs."""
    for person in people:
        before = rows_of_everything()
        code, sentence = refused(flow, obj, step, person, **(given or WELL_GIVEN))
        assert (code, "由" in sentence) == ("eyes", True)
        assert {o.step.name: o.refusal for o in flow.available(obj, person)}[step] == sentence
        waiting = type(obj)._base_manager.filter(flow.waiting_for(person), pk=obj.pk)
        assert not flow.steps[step].todo or not waiting.exists()
        assert rows_of_everything() == before


def test_who_filed_submitted_or_wrote_in_a_record_does_not_confirm_it(cast, hats):
    author, wrote, sent, other = (hats(name) for name in ("author", "wrote", "sent", "other"))
    it = making.draft(cast, by=author)
    services.save_draft(it, by=wrote)
    FLOW.take(it, "submit", by=sent)
    stopped(FLOW, it, "confirm", author, wrote, sent)
    stopped(FLOW, it, "send_back", author, sent)
    FLOW.take(it, "confirm", by=other)
    assert it.confirmed_by == other


def test_who_filed_a_record_does_not_find_its_decision_final(cast, hats):
    author = hats("author")
    again = {"finality": "pending", "next_check_on": LATER}
    it = making.submitted(cast, "X03", by=author, **again)
    FLOW.take(it, "confirm", by=cast.reviewer)
    stopped(FLOW, it, "recheck", author, **again)
    FLOW.take(it, "recheck", by=cast.reviewer, **again)


def test_who_asked_for_a_revocation_does_not_decide_on_it(cast, hats):
    it, asking = making.confirmed(cast), hats("asking")
    FLOW.take(it, "ask_revocation", by=asking, reason="认定书已被撤销")
    for step in ("revoke", "keep"):
        stopped(FLOW, it, step, asking)
    FLOW.take(it, "keep", by=cast.reviewer, reason="认定书没有被撤销")
    assert (it.state, it.revoke_asked_by, it.revoke_reason) == ("effective", None, "")


@pytest.mark.parametrize("kind", ["official", "post"])
def test_nobody_decides_on_the_own_record_whatever_the_role(cast, kind):
    """A reviewer is an official too: as the one named, or as who holds the post the record is about."""
    me = with_every_hat(cast, cast.official)
    post = {"organisation": cast.post, "official": None}
    if kind == "post":
        me.official.postings.create(post=cast.post, started_on=make.LONG_AGO)
    it = making.submitted(cast, "S12", **(post if kind == "post" else {}))
    for step in ("confirm", "send_back"):
        stopped(FLOW, it, step, me)
    FLOW.take(it, "confirm", by=cast.reviewer)
    asked = making.objection(cast, it, by=me)
    stopped(OBJECTION, asked, "accept", me)
    making.proposed(cast, OBJECTION, asked, "revoked")
    for step in ("decide", "send_back"):
        stopped(OBJECTION, asked, step, me)
    making.revoking(cast, it)
    for step in ("revoke", "keep"):
        stopped(FLOW, it, step, me)


@pytest.mark.parametrize("name", ["异议", "信用修复"])
def test_who_had_a_hand_in_the_record_or_asked_or_proposed_does_not_judge(cast, hats, name):
    table = TABLES[name]
    flow, given = table.flow, dict(table.given)
    author, wrote, sent, confirmed = (hats(n) for n in ("author", "wrote", "sent", "confirmed"))
    it = making.draft(cast, by=author, effective_from=making.LAST_YEAR)
    services.save_draft(it, by=wrote)
    FLOW.take(it, "submit", by=sent)
    FLOW.take(it, "confirm", by=confirmed)
    it.refresh_from_db()
    applicant, handler, other = hats("applicant"), hats("handler"), hats("other")
    asked = (making.objection if name == "异议" else making.repair)(cast, it, by=applicant)
    hands = (author, wrote, sent, confirmed, applicant)
    stopped(flow, asked, "accept", *hands)
    flow.take(asked, "accept", by=handler)
    stopped(flow, asked, "propose", *hands, other, **given)
    stopped(flow, asked, "recall", handler, other)
    stopped(flow, asked, "hand_over", *hands, reason="调离", handler=other)
    for person in (*hands, handler, cast.district_lead, cast.clerk):
        code, sentence = refused(flow, asked, "hand_over", other, reason="调离", handler=person)
        assert (code, "另一个没有经手过" in sentence) == ("guard", True)
    flow.take(asked, "hand_over", by=handler, reason="调离", handler=other)
    stopped(flow, asked, "propose", handler, **given)
    flow.take(asked, "hand_over", by=handler, reason="又回来了", handler=handler)
    flow.take(asked, "propose", by=handler, **given)
    for step in ("decide", "send_back"):
        stopped(flow, asked, step, *hands, handler)
    flow.take(asked, "send_back", by=other, reason="没有写明去了哪里")
    flow.take(asked, "propose", by=handler, **given)
    flow.take(asked, "decide", by=other)
    assert (asked.state, asked.handler, asked.decided_by) == ("decided", handler, other)
