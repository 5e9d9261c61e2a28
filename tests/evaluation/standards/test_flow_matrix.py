"""Every step of a set, a snapshot and a ruling, from every state, by everyone, against tables written by hand."""

import pytest

from evaluation import facts
from evaluation.flows import RULING, SET
from evaluation.snapshots import FLOW as SNAPSHOT
from tests.evaluation.standards import making
from tests.flow_matrix import (
    Table,
    buttons_are_the_steps,
    every_step_by_everyone,
)

DISTRICT = "reviewer office"


def taken(flow, obj, step, by, **given):
    flow.take(obj, step, by=by, **given)
    return obj


def taking(c):
    return facts.opened(making.year(c), "trial", by=c.office, today=making.DAY)


OF_SETS = {
    "draft": making.draft,
    "in_force": making.in_force,
    "retired": lambda c: taken(SET, making.in_force(c), "retire", c.office, reason="要换新的"),
}
OF_SNAPSHOTS = {
    "taking": taking,
    "taken": making.snapshot,
    "dropped": lambda c: taken(SNAPSHOT, taking(c), "drop", c.office, reason="取错了日子"),
}
OF_RULINGS = {
    "proposed": making.ruling,
    "standing": lambda c: making.agreed(c, making.ruling(c)),
    "refused": lambda c: taken(RULING, making.ruling(c), "refuse", c.reviewer, reason="文书没有生效"),
    "lifted": lambda c: taken(
        RULING, making.agreed(c, making.ruling(c)), "lift", c.reviewer, reason="已经履行"
    ),
}
TABLES = {
    table.flow.name: table
    for table in (
        Table(
            SET,
            {
                "put_in_force": ("draft", "in_force", DISTRICT),
                "give_way": ("in_force", "retired", ""),
                "retire": ("in_force", "retired", DISTRICT),
            },
            OF_SETS,
        ),
        Table(
            SNAPSHOT,
            {"finish": ("taking", "taken", ""), "drop": ("taking taken", "dropped", "office")},
            OF_SNAPSHOTS,
        ),
        Table(
            RULING,
            {
                "agree": ("proposed", "standing", DISTRICT),
                "refuse": ("proposed", "refused", DISTRICT),
                "lift": ("standing", "lifted", DISTRICT),
            },
            OF_RULINGS,
        ),
    )
}
NEED_A_REASON = {"retire", "drop", "refuse", "lift"}
CASES = [(name, state) for name, table in TABLES.items() for state in table.in_state]


def test_every_step_and_state_stands_in_the_tables():
    for table in TABLES.values():
        assert set(table.flow.steps) == set(table.steps)
        assert set(table.flow.states.values) == set(table.in_state)
    reasons = {s.name for table in TABLES.values() for s in table.flow.steps.values() if s.reason}
    assert reasons == NEED_A_REASON


@pytest.mark.parametrize(("name", "state"), CASES, ids=lambda text: text)
def test_only_the_right_person_in_the_right_state_takes_a_step(cast, everyone, name, state):
    table = TABLES[name]
    obj = table.in_state[state](cast)
    every_step_by_everyone(table, obj, state, everyone)
    buttons_are_the_steps(table, obj, state, everyone)
