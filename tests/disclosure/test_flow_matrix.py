"""Every step of a notice and of its revision, from every state, by every role in every place."""

import pytest

from disclosure.flows import FLOW, REVISION
from tests.disclosure import making
from tests.flow_matrix import (
    Table,
    buttons_are_the_steps,
    every_step_by_everyone,
)

WRITERS, OFFICE = "clerk lead", "reviewer office"


def in_review_revision(c):
    it = making.revision(c, making.published(c))
    REVISION.take(it, "submit", by=c.clerk)
    return it


def adopted(c):
    return making.revised(c, making.published(c)).revisions.get()


def dropped(c, flow, it):
    flow.take(it, "discard", by=c.clerk, reason="写重了")
    return it


def asked_down(c):
    it = making.published(c)
    FLOW.take(it, "ask_withdrawal", by=c.clerk, reason="引用的依据有误")
    return it


THROUGH_THE_GATE = {
    "submit": ("draft", "in_review", WRITERS),
    "recall": ("in_review", "draft", WRITERS),
    "discard": ("draft", "discarded", WRITERS),
    "gate_return": ("in_review", "draft", ""),
}
TABLES = [
    Table(
        FLOW,
        {
            **THROUGH_THE_GATE,
            "gate_pass": ("in_review", "published", ""),
            "ask_withdrawal": ("published", "withdrawing", f"{WRITERS} {OFFICE}"),
            "approve_withdrawal": ("withdrawing", "withdrawn", OFFICE),
            "refuse_withdrawal": ("withdrawing", "published", OFFICE),
        },
        {
            "draft": making.notice,
            "in_review": lambda c: making.submitted(c, making.notice(c)),
            "published": making.published,
            "withdrawing": asked_down,
            "withdrawn": lambda c: making.withdrawn(c, making.published(c)),
            "discarded": lambda c: dropped(c, FLOW, making.notice(c)),
        },
    ),
    Table(
        REVISION,
        {**THROUGH_THE_GATE, "gate_pass": ("in_review", "adopted", "")},
        {
            "draft": lambda c: making.revision(c, making.published(c)),
            "in_review": in_review_revision,
            "adopted": adopted,
            "discarded": lambda c: dropped(c, REVISION, making.revision(c, making.published(c))),
        },
    ),
]
BY_STATE = [(table, state) for table in TABLES for state in table.in_state]


def test_every_step_and_every_state_is_in_the_table():
    for table in TABLES:
        assert table.steps.keys() == table.flow.steps.keys()
        assert table.in_state.keys() == set(table.flow.states.values)
    asked = {s.name for table in TABLES for s in table.flow.steps.values() if s.reason}
    assert asked == {"discard", "ask_withdrawal", "refuse_withdrawal"}


@pytest.mark.parametrize(("table", "state"), BY_STATE, ids=lambda v: v if isinstance(v, str) else v.flow.name)
def test_only_the_right_person_takes_a_step(cast, everyone, table, state):
    it = table.in_state[state](cast)
    every_step_by_everyone(table, it, state, everyone)
    buttons_are_the_steps(table, it, state, everyone)
