"""Every step of an evaluation, an outcome and a proposal, from every state, by everyone, against tables written by hand."""

import pytest

from evaluation.annual.flows import FLOW, OUTCOME, PROPOSAL
from evaluation.models import AnnualOutcome
from tests.evaluation.annual import making
from tests.flow_matrix import (
    WELL_GIVEN,
    Table,
    buttons_are_the_steps,
    every_step_by_everyone,
)

TELL = {"tell": ("pending", "told", "reviewer office")}
DEFEND = {"defend": ("told", "defended", "lead")}
DECIDE = {"decide": ("told defended", "decided", "office lead@above")}
EYES = frozenset({("defend", "lead", "above")})  # the district does not speak for a unit


def all_decided(c):
    evaluation = making.opened(c)
    for outcome in AnnualOutcome.objects.with_names().filter(evaluation=evaluation):
        making.decided(c, making.told(c, outcome, today=making.LONG_AGO))
    return evaluation


def closed(c):
    evaluation = all_decided(c)
    FLOW.take(evaluation, "close", by=c.office)
    return evaluation


def ended(step):
    def made(c):
        row = making.proposed(c)
        PROPOSAL.take(row, step, by=c.office, reason="核对后决定。")
        return row

    return made


def silent(c):
    return making.told(c, today=making.LONG_AGO)


GIVEN = WELL_GIVEN | making.DEFENCE
# While the days run the unit is heard; when they are over it is decided on.
TABLES = {
    "evaluation": Table(
        FLOW,
        {"close": ("open", "closed", "office")},
        {"open": all_decided, "closed": closed},
        places=("above",),
    ),
    "heard": Table(
        OUTCOME,
        TELL | DEFEND,
        {"pending": making.outcome, "told": making.told},
        eyes=EYES,
        given=GIVEN,
    ),
    "decided": Table(
        OUTCOME,
        TELL | DECIDE,
        {"told": silent, "defended": making.defended, "decided": making.decided},
        given=GIVEN,
    ),
    "proposal": Table(
        PROPOSAL,
        {
            "propose": ("draft", "proposed", "reviewer office"),
            "approve": ("proposed", "approved", "office lead@above"),
            "refuse": ("proposed", "refused", "office lead@above"),
            "drop": ("draft proposed", "dropped", "reviewer office"),
        },
        {
            "draft": making.proposal,
            "proposed": making.proposed,
            "approved": making.approved,
            "refused": ended("refuse"),
            "dropped": ended("drop"),
        },
    ),
}
CASES = [(name, state) for name, table in TABLES.items() for state in table.in_state]


def test_every_step_and_state_stands_in_the_tables():
    for flow in (FLOW, OUTCOME, PROPOSAL):
        tables = [table for table in TABLES.values() if table.flow is flow]
        assert {step for table in tables for step in table.steps} == set(flow.steps)
        assert {state for table in tables for state in table.in_state} == set(flow.states.values)
    reasons = {s.name for f in (FLOW, OUTCOME, PROPOSAL) for s in f.steps.values() if s.reason}
    assert reasons == {"decide", "refuse", "drop"}


@pytest.mark.parametrize(("name", "state"), CASES, ids=lambda text: text)
def test_only_the_right_person_in_the_right_state_takes_a_step(cast, everyone, name, state):
    table = TABLES[name]
    obj = table.in_state[state](cast)
    every_step_by_everyone(table, obj, state, everyone)
    if (name, state) != (
        "decided",
        "told",
    ):  # past its days the button to speak is gone, the row waits no more
        buttons_are_the_steps(table, obj, state, everyone)
