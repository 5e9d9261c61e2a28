"""Every step of the ledger, from every state, by every role in every place, against a table written by hand."""

import pytest

from commitments.rectification.flows import FLOW, POSTPONEMENT, SWEEP
from tests.commitments import ledger
from tests.flow_matrix import (
    WELL_GIVEN,
    Table,
    buttons_are_the_steps,
    every_step_by_everyone,
)

SUPERIORS, OFFICE = "lead reviewer office", "reviewer office"
GIVEN = {
    **WELL_GIVEN,
    "finding": "事项属实。",
    "recheck": "走访核实。",
    "follow_up": "权利人满意。",
    "text": "逐份核对。",
    "zero": True,
}
# What the unit's own lead has the role for, and still leaves to those above.
OF_THE_UNIT = frozenset(
    (step, "lead", "own")
    for step in (
        "take_up",
        "find",
        "dismiss",
        "approve_plan",
        "return_plan",
        "follow_up",
        "approve",
        "refuse",
    )
)


def with_papers(c):
    return ledger.papers(c, ledger.rectifying(c))


def warned(c, item):
    """The unit was written to, so that a refusal may be found."""
    ledger.slip(c, item)
    item.refresh_from_db()
    return item


def asked_for_time(c):
    return ledger.asked_for_time(c)


TABLES = [
    Table(
        FLOW,
        {
            "take_up": ("clue", "checking", SUPERIORS),
            "find": ("checking", "found", SUPERIORS),
            "dismiss": ("checking", "unfounded", SUPERIORS),
            "check_again": ("unfounded", "checking", OFFICE),
            "submit_plan": ("found", "planned", "clerk lead"),
            "approve_plan": ("planned", "rectifying", SUPERIORS),
            "return_plan": ("planned", "found", SUPERIORS),
            "ask_close": ("rectifying", "closing", "clerk lead"),
            "accept_own": ("closing", "accepting", "lead"),
            "accept": ("accepting", "closed", OFFICE),
            "send_back": ("closing accepting", "rectifying", SUPERIORS),
            "follow_up": ("closed", "followed", SUPERIORS),
            "reopen": ("closed followed", "found", OFFICE),
            "ask_refusal": ("found planned rectifying", "refusing", OFFICE),
            "refuse": ("refusing", "refused", "office"),
            "spare": ("refusing", "rectifying", OFFICE),
            "resume": ("refused", "rectifying", OFFICE),
        },
        {
            "clue": ledger.clue,
            "checking": ledger.checking,
            "unfounded": ledger.unfounded,
            "found": lambda c: warned(c, ledger.plan(c, ledger.found(c))),
            "planned": lambda c: warned(c, ledger.planned(c)),
            "rectifying": lambda c: warned(c, with_papers(c)),
            "closing": ledger.closing,
            "accepting": ledger.accepting,
            "closed": ledger.closed,
            "followed": ledger.followed,
            "refusing": ledger.refusing,
            "refused": ledger.refused,
        },
        eyes=OF_THE_UNIT - {("refuse", "lead", "own")},
        given=GIVEN,
    ),
    Table(
        POSTPONEMENT,
        {
            "approve": ("asked", "approved", SUPERIORS),
            "refuse": ("asked", "refused", SUPERIORS),
            "drop": ("asked", "refused", ""),
        },
        {
            "asked": asked_for_time,
            "approved": ledger.granted,
            "refused": ledger.denied,
        },
        eyes=OF_THE_UNIT & {("approve", "lead", "own"), ("refuse", "lead", "own")},
        given=GIVEN,
    ),
    Table(
        SWEEP,
        {"hand_in": ("due", "reported", "clerk lead")},
        {"due": ledger.sweep, "reported": ledger.reported_zero},
        given=GIVEN,
    ),
]
CASES = [(table, state) for table in TABLES for state in table.in_state]
NAMED = [f"{table.flow.name}-{state}" for table, state in CASES]
NEED_A_REASON = {
    *("dismiss", "check_again", "return_plan", "send_back", "reopen", "ask_refusal", "spare", "resume"),
    "refuse",
}


def test_every_step_and_state_stands_in_the_table():
    for table in TABLES:
        assert set(table.steps) == set(table.flow.steps)
        assert set(table.in_state) == set(table.flow.states.values)
    asked = {s.name for table in TABLES for s in table.flow.steps.values() if s.reason}
    assert asked == NEED_A_REASON


@pytest.mark.parametrize(("table", "state"), CASES, ids=NAMED)
def test_only_the_right_person_in_the_right_state_takes_a_step(cast, everyone, table, state):
    obj = table.in_state[state](cast)
    every_step_by_everyone(table, obj, state, everyone)
    buttons_are_the_steps(table, obj, state, everyone)
