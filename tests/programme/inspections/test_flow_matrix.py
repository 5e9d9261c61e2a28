"""Every step of an inspection, a visit and a finding, from every state, by everyone, against tables written by hand."""

import pytest

from longsha_credit.programme.inspections.flows import FINDING, FLOW, VISIT
from longsha_credit.programme.models import Inspector
from tests.flow_matrix import (
    WELL_GIVEN,
    Table,
    buttons_are_the_steps,
    every_step_by_everyone,
)
from tests.programme.inspections import making

OURS = "clerk lead reviewer office"
INSPECTION = {
    "announce": ("draft", "going", "lead office"),
    "close": ("going", "closed", OURS),
    "cancel": ("draft going", "cancelled", OURS),
}
ON_THE_SPOT = {
    "begin": ("planned", "on_site", OURS),
    "call_off": ("planned", "called_off", OURS),
    "finish": ("on_site", "answering", OURS),
    "answer": ("answering", "signing", OURS),
    "write_on": ("answering signing", "on_site", OURS),
    "sign": ("signing", "countersigning", OURS),
    "countersign": ("countersigning", "signed", OURS),
    "end_with": ("planned", "called_off", ""),
}
TO_PUT_RIGHT = {
    "issue": ("draft", "open", ""),
    "drop": ("draft", "dropped", OURS),
    "report": ("open", "reported", "clerk lead"),
    "pass": ("reported", "closed", OURS),
    "fail": ("reported", "open", OURS),
}


def closable(c):
    """Nobody is left to visit; what may be closed may be cancelled too."""
    inspection = making.going(c, making.of_the_street(c))
    visit = making.planned(c, inspection, c.community)
    VISIT.take(visit, "call_off", by=c.lead, reason="街道统一安排")
    return inspection


def after(step, by):
    def made(c):
        inspection = closable(c)
        FLOW.take(inspection, step, by=getattr(c, by), reason="查完了，没有大问题。")
        return inspection

    return made


OF_INSPECTIONS = {
    "draft": making.of_the_street,
    "going": closable,
    "closed": after("close", "lead"),
    "cancelled": after("cancel", "lead"),
}
OF_VISITS = {
    "planned": making.planned,
    "on_site": making.noted,
    "answering": making.finished,
    "signing": making.answered,
    "countersigning": making.half_signed,
    "signed": making.signed,
    "called_off": making.called_off,
}
OF_FINDINGS = {
    "draft": making.found,
    "open": making.written,
    "reported": making.reported,
    "closed": making.passed,
    "dropped": making.dropped,
}
# The unit's own people have the role, but neither inspect nor judge what was found with them.
OWN = [("clerk", "own"), ("lead", "own")]
NOT_THEIRS = frozenset(
    (step, *hat) for step in ON_THE_SPOT if step not in ("answer", "end_with") for hat in OWN
)
NOT_JUDGED_BY_THEM = frozenset((step, *hat) for step in ("drop", "pass", "fail") for hat in OWN)
TABLES = {
    table.flow.name: table
    for table in (
        Table(FLOW, INSPECTION, OF_INSPECTIONS),
        Table(VISIT, ON_THE_SPOT, OF_VISITS, eyes=NOT_THEIRS, given=WELL_GIVEN | making.ANSWER),
        Table(FINDING, TO_PUT_RIGHT, OF_FINDINGS, eyes=NOT_JUDGED_BY_THEM, given=WELL_GIVEN),
    )
}
NEED_A_REASON = {"close", "cancel", "call_off", "drop"}
CASES = [(name, state) for name, table in TABLES.items() for state in table.in_state]


def made(cast, everyone, name, state):
    """A row in the state; of a visit all the district's people are inspectors, so that only their role decides."""
    obj = TABLES[name].in_state[state](cast)
    if name == VISIT.name:
        above = [user for (_, place), user in everyone.items() if place == "above"]
        Inspector.objects.bulk_create(Inspector(inspection=obj.inspection, user=user) for user in above)
    return obj


def test_every_step_and_state_stands_in_the_tables():
    for table in TABLES.values():
        assert set(table.flow.steps) == set(table.steps)
        assert set(table.flow.states.values) == set(table.in_state)
    reasons = {s.name for table in TABLES.values() for s in table.flow.steps.values() if s.reason}
    assert reasons == NEED_A_REASON


@pytest.mark.parametrize(("name", "state"), CASES, ids=lambda text: text)
def test_only_the_right_person_in_the_right_state_takes_a_step(cast, everyone, name, state):
    obj = made(cast, everyone, name, state)
    every_step_by_everyone(TABLES[name], obj, state, everyone)
    buttons_are_the_steps(TABLES[name], obj, state, everyone)
