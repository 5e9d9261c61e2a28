"""Every step of a proposal, from every state, by everyone, against a table written by hand."""

import pytest

from disclosure.catalogue.flows import FLOW
from tests.disclosure.catalogue import making
from tests.flow_matrix import Table, buttons_are_the_steps, every_step_by_everyone, people_of

TABLE = Table(
    FLOW,
    {"adopt": ("pending", "adopted", "office"), "drop": ("pending", "dropped", "office")},
    {"pending": making.proposal, "adopted": making.adopted, "dropped": making.dropped},
)


def test_every_step_and_state_stands_in_the_table():
    assert set(FLOW.steps) == set(TABLE.steps)
    assert set(FLOW.states.values) == set(TABLE.in_state)
    assert {s.name for s in FLOW.steps.values() if s.reason} == {"drop"}


@pytest.mark.parametrize("state", TABLE.in_state)
def test_only_the_right_person_in_the_right_state_takes_a_step(cast, state):
    everyone = people_of(cast)
    obj = TABLE.in_state[state](cast, unit=cast.street)
    every_step_by_everyone(TABLE, obj, state, everyone)
    buttons_are_the_steps(TABLE, obj, state, everyone)
