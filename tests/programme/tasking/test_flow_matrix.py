"""Every step of a task from every state, by everyone, against a table written by hand."""

import pytest

from longsha_credit.programme.tasking.flows import FLOW
from tests.flow_matrix import (
    Table,
    buttons_are_the_steps,
    every_step_by_everyone,
    no_reason_no_step,
    people_of,
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


@pytest.fixture
def everyone(cast):
    return people_of(cast)


@pytest.mark.parametrize("state", TABLE.in_state)
def test_only_the_right_person_takes_a_step(cast, everyone, state):
    every_step_by_everyone(TABLE, TABLE.in_state[state](cast), state, everyone)


@pytest.mark.parametrize("state", TABLE.in_state)
def test_the_buttons_and_the_list_are_the_steps(cast, everyone, state):
    buttons_are_the_steps(TABLE, TABLE.in_state[state](cast), state, everyone)


@pytest.mark.parametrize("step", ["send_back", "withdraw"])
def test_no_reason_no_step(cast, everyone, step):
    no_reason_no_step(TABLE, cast, everyone, step)
