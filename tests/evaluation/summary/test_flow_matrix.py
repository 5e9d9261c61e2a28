"""Every step of a summary report, from every state, by everyone, against a table written by hand."""

import pytest

from evaluation.summary.flows import FLOW
from tests.evaluation.summary import making
from tests.flow_matrix import (
    WELL_GIVEN,
    Table,
    buttons_are_the_steps,
    every_step_by_everyone,
)

TABLE = Table(
    FLOW,
    {
        "submit": ("draft returned", "submitted", "lead"),
        "accept": ("submitted", "accepted", "reviewer office"),
        "send_back": ("submitted", "returned", "reviewer office"),
    },
    {
        "draft": making.written,
        "submitted": making.sent,
        "returned": making.returned,
        "accepted": making.accepted,
    },
    given=WELL_GIVEN | {"flagged": ["problems"]},
)


def test_every_step_and_state_stands_in_the_table():
    assert set(FLOW.steps) == set(TABLE.steps)
    assert set(FLOW.states.values) == set(TABLE.in_state)
    assert {s.name for s in FLOW.steps.values() if s.reason} == {"send_back"}


@pytest.mark.parametrize("state", TABLE.in_state)
def test_only_the_right_person_in_the_right_state_takes_a_step(cast, everyone, state):
    obj = TABLE.in_state[state](cast)
    every_step_by_everyone(TABLE, obj, state, everyone)
    buttons_are_the_steps(TABLE, obj, state, everyone)
