"""Every step of a task from every state, by everyone, against a table written by hand."""

import pytest

from longsha_credit.programme.tasking.flows import FLOW
from tests.flow_matrix import (
    Table,
    buttons_are_the_steps,
    every_step_by_everyone,
)
from tests.programme.tasking import making

DECIDE = "lead reviewer office"
TABLE = Table(
    FLOW,
    {
        "begin": ("issued", "working", "clerk lead"),
        "report": ("working returned", "reported", "clerk lead"),
        "accept": ("reported", "done", DECIDE),
        "send_back": ("reported", "returned", DECIDE),
        "withdraw": ("issued working returned", "withdrawn", "office"),
    },
    {
        "issued": making.task,
        "working": making.working,
        "reported": making.reported,
        "returned": making.returned,
        "done": making.done,
        "withdrawn": making.withdrawn,
    },
    # the unit's own lead does not decide on the unit's own task
    eyes=frozenset({("accept", "lead", "own"), ("send_back", "lead", "own")}),
    given={"reason": "理由写得清楚", "report": "四类承诺都已公开。"},
)


def test_these_steps_want_a_reason():
    assert {s.name for s in TABLE.flow.steps.values() if s.reason} == {"send_back", "withdraw"}


@pytest.mark.parametrize("state", TABLE.in_state)
def test_only_the_right_person_takes_a_step(cast, everyone, state):
    it = TABLE.in_state[state](cast)
    every_step_by_everyone(TABLE, it, state, everyone)
    buttons_are_the_steps(TABLE, it, state, everyone)
