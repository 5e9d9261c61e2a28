"""Every step of a question, a contest and its result, from every state, by everyone, against tables written by hand."""

import pytest

from longsha_credit.programme.contests.flows import FLOW, QUESTION, RESULT, REVISION
from tests.flow_matrix import (
    Table,
    buttons_are_the_steps,
    every_step_by_everyone,
    refused,
)
from tests.programme.contests import making

UNIT, CHECKS = "clerk lead office", "clerk lead office reviewer"
DECIDES = "reviewer office"
CANDIDATE = {
    "submit": ("draft", "in_review", UNIT),
    "recall": ("in_review", "draft", UNIT),
    "discard": ("draft", "discarded", UNIT),
    "gate_return": ("in_review", "draft", ""),
}
CONTEST = CANDIDATE | {
    "gate_pass": ("in_review", "published", ""),
    "finish": ("published", "finished", ""),
    "ask_withdrawal": ("published finished", "withdrawing", CHECKS),
    "approve_withdrawal": ("withdrawing", "withdrawn", DECIDES),
    "refuse_withdrawal": ("withdrawing", "published", DECIDES),
}
ITEM = {
    "confirm": ("draft", "ready", CHECKS),
    "discard": ("draft", "discarded", UNIT),
    "retire": ("ready", "retired", UNIT),
    "give_way": ("ready", "retired", ""),
}


def taken(flow, obj, step, by, **given):
    flow.take(obj, step, by=by, **given)
    return obj


def drafted(c):
    making.bank(c)
    return making.draft(c)


OF_CONTESTS = {
    "draft": drafted,
    "in_review": making.submitted,
    "published": making.public,
    "finished": lambda c: making.published_result(c).contest,
    "withdrawing": making.withdrawing,
    "withdrawn": making.withdrawn,
    "discarded": lambda c: taken(FLOW, drafted(c), "discard", c.clerk, reason="写重了"),
}
OF_QUESTIONS = {
    "draft": making.question,
    "ready": making.ready,
    "retired": lambda c: taken(QUESTION, making.ready(c), "retire", c.clerk, reason="过时了"),
    "discarded": lambda c: taken(QUESTION, making.question(c), "discard", c.clerk, reason="写重了"),
}
OF_RESULTS = {
    "draft": making.result,
    "in_review": lambda c: taken(RESULT, making.result(c), "submit", c.clerk),
    "published": making.published_result,
    "discarded": lambda c: taken(RESULT, making.result(c), "discard", c.clerk, reason="重新统计"),
}
OF_REVISIONS = {
    "draft": making.revision,
    "in_review": making.revising,
    "adopted": making.revised,
    "discarded": lambda c: taken(REVISION, making.revision(c), "discard", c.clerk, reason="不改了"),
}
TABLES = {
    table.flow.name: table
    for table in (
        Table(FLOW, CONTEST, OF_CONTESTS),
        Table(QUESTION, ITEM, OF_QUESTIONS),
        Table(REVISION, CANDIDATE | {"gate_pass": ("in_review", "adopted", "")}, OF_REVISIONS),
        Table(RESULT, CANDIDATE | {"gate_pass": ("in_review", "published", "")}, OF_RESULTS),
    )
}
NEED_A_REASON = {"discard", "retire", "ask_withdrawal", "refuse_withdrawal"}
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


def test_who_asked_for_a_withdrawal_does_not_decide_on_it_and_refused_it_stands_as_before(cast):
    it = making.published_result(cast).contest
    taken(FLOW, it, "ask_withdrawal", cast.reviewer, reason="题目有误")
    for step in ("approve_withdrawal", "refuse_withdrawal"):
        assert refused(FLOW, it, step, cast.reviewer)[0] == "eyes"
    taken(FLOW, it, "refuse_withdrawal", cast.office, reason="题目没有错")
    assert (it.state, it.withdraw_reason) == ("finished", "")
