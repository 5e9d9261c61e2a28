"""Every step of a handover and of a signed paper, from every state, by everyone, against a table written by hand."""

import pytest

from commitments.handover.flows import FLOW, PAPER
from commitments.models import Party
from longsha_credit.directory.roles import Role
from tests import make
from tests.commitments.handover import making
from tests.flow_matrix import (
    Table,
    buttons_are_the_steps,
    every_step_by_everyone,
    refused,
)

STEPS = {
    "complete": ("open", "complete", "lead office"),
    "ask_override": ("open", "asked", "reviewer office"),
    "override": ("asked", "overridden", "reviewer office"),
    "refuse_override": ("asked", "open", "reviewer office"),
    "cancel": ("open", "cancelled", "office"),
}
NEED_A_REASON = {"ask_override", "refuse_override", "cancel"}


def cancelled(c):
    handover = making.started(c)
    FLOW.take(handover, "cancel", by=c.office, reason="登记错了人")
    return handover


HANDOVER = Table(
    flow=FLOW,
    steps=STEPS,
    in_state={
        "open": lambda c: making.confirmed(c, making.started(c)),
        "asked": making.asked,
        "complete": making.complete,
        "overridden": making.overridden,
        "cancelled": cancelled,
    },
    # the unit's own lead is no superior of itself
    eyes=frozenset({("complete", "lead", "own")}),
)


def asked_paper(c):
    return making.paper(c, making.started(c))


def refused_paper(c):
    it = asked_paper(c)
    PAPER.take(it, "refuse", by=c.office, reason="没有签日期")
    return it


PAPERS = Table(
    flow=PAPER,
    steps={
        "approve": ("asked", "approved", "reviewer office"),
        "refuse": ("asked", "refused", "reviewer office"),
    },
    in_state={
        "asked": asked_paper,
        "approved": lambda c: making.approved(c, asked_paper(c)),
        "refused": refused_paper,
    },
)
CASES = [(table, state) for table in (HANDOVER, PAPERS) for state in table.in_state]


def test_the_tables_know_every_step():
    assert set(STEPS) == set(FLOW.steps)
    assert set(PAPERS.steps) == set(PAPER.steps)
    assert {s.name for s in FLOW.steps.values() if s.reason} == NEED_A_REASON


@pytest.mark.parametrize(
    ("table", "state"), CASES, ids=lambda it: it if isinstance(it, str) else it.flow.name
)
def test_only_the_right_person_in_the_right_state_takes_a_step(cast, everyone, table, state):
    it = table.in_state[state](cast)
    every_step_by_everyone(table, it, state, everyone)
    buttons_are_the_steps(table, it, state, everyone)


def test_a_party_of_the_handover_decides_nothing_about_it(cast):
    """The district's own people may be those who leave or come; then others decide."""
    making.lead_change(cast)
    making.User.objects.filter(pk=cast.lead.pk).update(official=None)
    making.User.objects.filter(pk=cast.office.pk).update(official=cast.old)
    cast.office.refresh_from_db()
    handover = making.started(cast, by=cast.district_lead)
    for step in ("complete", "ask_override", "cancel"):
        assert refused(FLOW, handover, step, cast.office)[0] == "eyes"
    second = make.user("office2", Role.OFFICE, cast.district)
    FLOW.take(handover, "ask_override", by=second, reason="急")
    assert refused(FLOW, handover, "override", second)[0] == "eyes"
    assert refused(FLOW, handover, "override", cast.office)[0] == "eyes"
    paper = making.paper(cast, handover, Party.TAKER)
    assert refused(PAPER, paper, "approve", cast.office)[0] == "eyes"
