"""Every step of an office's Word template, from every state, by everyone, against a table written by hand."""

import pytest

from longsha_credit.exchange.official.flows import FLOW
from tests.exchange.official import making
from tests.flow_matrix import Table, buttons_are_the_steps, every_step_by_everyone

KEEPERS = "reviewer office"
TABLE = Table(
    FLOW,
    {
        "enforce": ("tried", "in_force", KEEPERS),
        "drop": ("tried", "dropped", KEEPERS),
        "retire": ("in_force", "retired", KEEPERS),
        "restore": ("retired", "in_force", KEEPERS),
        "give_way": ("in_force", "retired", ""),
    },
    {
        "tried": making.template,
        "in_force": making.in_force,
        "retired": making.retired,
        "dropped": making.dropped,
    },
)


def test_every_step_and_state_stands_in_the_table():
    assert set(FLOW.steps) == set(TABLE.steps)
    assert set(FLOW.states.values) == set(TABLE.in_state)
    assert {s.name for s in FLOW.steps.values() if s.reason} == {"drop", "retire"}


@pytest.mark.parametrize("state", TABLE.in_state)
def test_only_the_right_person_in_the_right_state_takes_a_step(cast, everyone, state):
    obj = TABLE.in_state[state](cast, unit=cast.street)
    every_step_by_everyone(TABLE, obj, state, everyone)
    buttons_are_the_steps(TABLE, obj, state, everyone)
