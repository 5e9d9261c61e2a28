"""Every step of a scene, its revisions and its months, from every state, by everyone, against tables written by hand."""

import pytest

from disclosure.scenes.flows import FLOW, MONTH, REVISION
from tests.disclosure.scenes import making
from tests.flow_matrix import (
    WELL_GIVEN,
    Table,
    buttons_are_the_steps,
    every_step_by_everyone,
    refused,
)

GIVEN = WELL_GIVEN | {"halt_why": "venue"}
UNIT, BOTH = "clerk lead", "clerk lead reviewer office"
CANDIDATE = {
    "submit": ("draft", "in_review", UNIT),
    "recall": ("in_review", "draft", UNIT),
    "discard": ("draft", "discarded", UNIT),
    "gate_return": ("in_review", "draft", ""),
}
SCENE = CANDIDATE | {
    "gate_pass": ("in_review", "published", ""),
    "suspend": ("published", "suspended", UNIT),
    "resume": ("suspended", "published", UNIT),
    "end": ("published suspended", "ended", UNIT),
    "ask_withdrawal": ("published suspended ended", "withdrawing", BOTH),
    "approve_withdrawal": ("withdrawing", "withdrawn", "reviewer office"),
    "refuse_withdrawal": ("withdrawing", "published", "reviewer office"),
}


def taken(flow, obj, step, by, **given):
    flow.take(obj, step, by=by, **given)
    return obj


def sent(flow, obj, c):
    return taken(flow, obj, "submit", c.clerk)


def discarded(flow, obj, c):
    return taken(flow, obj, "discard", c.clerk, reason="写重了")


OF_SCENES = {
    "draft": making.draft,
    "in_review": making.submitted,
    "published": making.public,
    "suspended": making.suspended,
    "ended": making.ended,
    "withdrawing": making.withdrawing,
    "withdrawn": making.withdrawn,
    "discarded": lambda c: discarded(FLOW, making.draft(c), c),
}
OF_REVISIONS = {
    "draft": lambda c: making.revision(c, making.public(c)),
    "in_review": lambda c: sent(REVISION, making.revision(c, making.public(c)), c),
    "adopted": lambda c: making.revised(c, making.public(c)),
    "discarded": lambda c: discarded(REVISION, making.revision(c, making.public(c)), c),
}
OF_MONTHS = {
    "draft": making.month,
    "in_review": lambda c: sent(MONTH, making.month(c), c),
    "published": making.published_month,
    "discarded": lambda c: discarded(MONTH, making.month(c), c),
}
TABLES = {
    table.flow.name: table
    for table in (
        Table(FLOW, SCENE, OF_SCENES, given=GIVEN),
        Table(REVISION, CANDIDATE | {"gate_pass": ("in_review", "adopted", "")}, OF_REVISIONS, given=GIVEN),
        Table(MONTH, CANDIDATE | {"gate_pass": ("in_review", "published", "")}, OF_MONTHS, given=GIVEN),
    )
}
NEED_A_REASON = {"discard", "suspend", "end", "ask_withdrawal", "refuse_withdrawal"}
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


def test_a_halt_says_why_in_words_of_ours(cast):
    it = making.public(cast)
    assert refused(FLOW, it, "suspend", cast.clerk, reason="轮椅送修", halt_why="自己写的")[0] == "guard"
    making.suspended(cast, it)
    assert (it.halt_why, it.halted_on) == ("venue", making.TODAY)
    FLOW.take(it, "resume", by=cast.clerk)
    assert (it.state, it.halt_why, it.halted_on) == ("published", "", None)


@pytest.mark.parametrize("step", [making.suspended, making.ended])
def test_a_refused_withdrawal_leaves_the_scene_where_it_stood(cast, step):
    it = step(cast)
    before = (it.state, it.halted_on, it.halt_why)
    making.withdrawing(cast, it)
    FLOW.take(it, "refuse_withdrawal", by=cast.reviewer, reason="没有错")
    assert (it.state, it.halted_on, it.halt_why) == before


def test_who_asked_for_a_withdrawal_does_not_decide_on_it(cast):
    it = making.public(cast)
    FLOW.take(it, "ask_withdrawal", by=cast.reviewer, reason="依据引用有误")
    for step in ("approve_withdrawal", "refuse_withdrawal"):
        assert refused(FLOW, it, step, cast.reviewer)[0] == "eyes"


def test_what_is_unfinished_goes_with_the_scene(cast):
    it = making.long_public(cast)
    told = making.published_month(cast, it)
    revision, correction = making.revision(cast, it), making.correction(cast, told)
    making.ended(cast, it)
    revision.refresh_from_db()
    assert revision.state == "discarded"
    making.withdrawn(cast, it)
    told.refresh_from_db()
    correction.refresh_from_db()
    assert correction.state == "discarded"
    assert not type(told).objects.public().exists()
