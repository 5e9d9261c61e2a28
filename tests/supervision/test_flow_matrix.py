"""Every step of a resident's case, of the slip and of an opening, by everyone from every state, against tables."""

import pytest

from commitments.supervision import services
from commitments.supervision.flows import FLOW, OPENING, SLIP
from longsha_credit.directory.models import Membership
from longsha_credit.directory.roles import Role
from tests import make
from tests.flow_matrix import (
    WELL_GIVEN,
    Table,
    buttons_are_the_steps,
    every_step_by_everyone,
    refused,
)
from tests.supervision import filing

HANDLERS, APPROVERS = "clerk lead reviewer office", "lead reviewer office"

# step: (from these states, to this one, by these roles); without roles it has no button
CASE = {
    "accept": ("filed", "accepted", HANDLERS),
    "refuse": ("filed", "refused", HANDLERS),
    "note": ("filed", "closed", HANDLERS),
    "propose": ("accepted", "proposed", HANDLERS),
    "approve": ("proposed", "replied", APPROVERS),
    "rework": ("proposed", "accepted", APPROVERS),
    "again": ("replied", "rehandling", ""),
    "repropose": ("rehandling", "reproposed", "reviewer office"),
    "reapprove": ("reproposed", "replied", "reviewer office"),
    "rework_again": ("reproposed", "rehandling", "reviewer office"),
    "close": ("replied", "closed", ""),
}
# Praise, so that "note" is open too; the rest of the flow is the same for every kind.
IN_STATE = {
    "filed": lambda c: filing.case(c, kind="praise"),
    "accepted": filing.accepted,
    "proposed": filing.proposed,
    "replied": filing.replied,
    "rehandling": filing.rehandling,
    "reproposed": filing.reproposed,
    "closed": filing.closed,
    "refused": filing.refused,
}
SLIPS = {"answer": ("sent", "answered", "clerk lead"), "recall": ("sent", "recalled", "")}


def recalled(c):
    it = filing.slip(c, filing.accepted(c, about=c.street, by=c.reviewer), by=c.reviewer)
    services.recall_slip(it, by=c.reviewer, today=filing.TODAY)
    it.refresh_from_db()
    return it


def street_slip(c):
    return filing.slip(c, filing.accepted(c, about=c.street, by=c.reviewer), by=c.reviewer)


def answered_slip(c):
    it = street_slip(c)
    SLIP.take(it, "answer", by=c.clerk, answer="每周巡查一次。")
    return it


OPENINGS = {
    "grant": ("asked", "granted", APPROVERS),
    "deny": ("asked", "refused", APPROVERS),
    "open": ("granted", "opened", HANDLERS),
    "lapse": ("asked granted", "lapsed", ""),
}


def opened(c):
    it = filing.granted(c, filing.accepted(c))
    services.open_identity(it, by=c.clerk)
    return it


def lapsed(c):
    it = filing.opening(c, filing.replied(c))
    services.answer(it.case, level="good", today=filing.TODAY)
    it.refresh_from_db()
    return it


def denied(c):
    it = filing.opening(c, filing.accepted(c))
    OPENING.take(it, "deny", by=c.lead, reason="不需要知道是谁")
    return it


# Only who asked opens, whatever the role.
ONLY_ASKER = frozenset(("open", role, place) for role in HANDLERS.split() for place in ("own", "above"))
REPLY = {
    "finding": "true",
    "reply": filing.REPLY,
    "refusal": "no_facts",
    "channel": "",
    "answer": "每周巡查。",
}
CLOSING = {"closing": "satisfied"}
TABLES = {
    table.flow.name: table
    for table in (
        Table(FLOW, CASE, IN_STATE, given=WELL_GIVEN | REPLY | CLOSING),
        Table(
            SLIP,
            SLIPS,
            {"sent": street_slip, "answered": answered_slip, "recalled": recalled},
            given=WELL_GIVEN | REPLY,
        ),
        Table(
            OPENING,
            OPENINGS,
            {
                "asked": lambda c: filing.opening(c, filing.accepted(c)),
                "granted": lambda c: filing.granted(c, filing.accepted(c)),
                "refused": denied,
                "opened": opened,
                "lapsed": lapsed,
            },
            eyes=ONLY_ASKER,
        ),
    )
}
EVERY_STATE = [(name, state) for name, table in TABLES.items() for state in table.in_state]


@pytest.mark.parametrize(("name", "state"), EVERY_STATE)
def test_only_the_right_person_takes_a_step_and_the_buttons_say_so(cast, everyone, name, state):
    table = TABLES[name]
    obj = table.in_state[state](cast)
    every_step_by_everyone(table, obj, state, everyone)
    buttons_are_the_steps(table, obj, state, everyone)


def test_the_tables_name_every_step_and_state():
    for table in TABLES.values():
        assert set(table.steps) == set(table.flow.steps)
        assert set(table.in_state) == set(table.flow.states.values)
    asked = {s.name for table in TABLES.values() for s in table.flow.steps.values() if s.reason}
    assert asked == {"rework", "rework_again", "deny"}


def test_who_handled_does_not_approve_and_who_took_part_does_not_handle_again(cast):
    it = filing.proposed(cast, by=cast.lead)
    assert refused(FLOW, it, "approve", cast.lead)[0] == "eyes"
    assert refused(FLOW, it, "rework", cast.lead)[0] == "eyes"
    again = filing.rehandling(cast, by=cast.reviewer, approver=cast.office, about=cast.street)
    for first in (cast.reviewer, cast.office):
        assert refused(FLOW, again, "repropose", first)[0] == "eyes"
    filing.take(again, "repropose", cast.reviewer2, finding="true", reply=filing.REPLY)
    for person in (cast.reviewer2, cast.reviewer):
        assert refused(FLOW, again, "reapprove", person)[0] == "eyes"
    filing.take(again, "reapprove", cast.office)
    assert again.state == "replied"


def test_who_sent_the_slip_does_not_answer_it_for_the_unit(cast):
    it = filing.slip(cast, filing.accepted(cast))
    assert refused(SLIP, it, "answer", cast.clerk)[0] == "eyes"


def test_who_sits_in_the_unit_complained_of_takes_no_step_whatever_else_he_is(cast):
    """利害关系回避: a clerk of the street who is also a clerk of the community."""
    Membership.objects.create(
        user=cast.clerk, organisation=cast.community, role=Role.CLERK, started_on=make.LONG_AGO
    )
    it = filing.case(cast)
    code, sentence = refused(FLOW, it, "accept", cast.clerk)
    assert (code, "回避" in sentence) == ("eyes", True)
    other = filing.case(cast, about=cast.window)
    FLOW.take(other, "accept", by=cast.clerk)
    assert other.state == "accepted"
