"""Every step of a round, an application, a seat, a notice, an objection and an award, by everyone, from every state."""

from types import SimpleNamespace

import pytest

from evaluation.demonstration.flows import AWARD, CYCLE, FLOW, NOTICE, OBJECTION, SEAT
from evaluation.models import Application
from tests.evaluation.demonstration import making
from tests.flow_matrix import (
    WELL_GIVEN,
    Table,
    buttons_are_the_steps,
    every_step_by_everyone,
)

GIVEN = WELL_GIVEN | {"finding": "rejected", "reply": "逐件核对过。"}
UNIT, BOTH = "clerk lead", "reviewer office"
ABOVE = ("above",)
OF_A_ROUND = {
    "open": ("draft", "open", BOTH),
    "drop": ("draft", "dropped", BOTH),
    "close": ("open", "closed", "office"),
}
# A street's own: nobody stands between it and the district, so that the street's first check never comes.
OF_AN_APPLICATION = {
    "submit": ("draft", "check", UNIT),
    "pass_street": ("street", "check", "lead"),
    "return_street": ("street", "draft", "lead"),
    "pass_check": ("check", "panel", "reviewer"),
    "return_check": ("check", "draft", "reviewer"),
    "withdraw": ("draft street check", "withdrawn", UNIT),
    "summarise": ("panel", "scored", "office"),
    "nominate": ("scored", "candidate", "office"),
    "finish": ("panel scored candidate publicity", "finished", "office"),
    "publicise": ("candidate", "publicity", ""),
    "unpublicise": ("publicity", "candidate", ""),
    "award": ("publicity", "awarded", ""),
}
OF_A_SEAT = {
    "send": ("assigned", "sent", "panel"),
    "recuse": ("assigned", "recused", "panel"),
    "relieve": ("assigned", "relieved", "office"),
}
PUBLISHED = {
    "submit": ("draft", "in_review", "office"),
    "recall": ("in_review", "draft", "office"),
    "discard": ("draft", "discarded", "office"),
    "gate_return": ("in_review", "draft", ""),
    "gate_pass": ("in_review", "published", ""),
    "ask_withdrawal": ("published", "withdrawing", BOTH),
    "approve_withdrawal": ("withdrawing", "withdrawn", BOTH),
    "refuse_withdrawal": ("withdrawing", "published", BOTH),
}
OF_AN_OBJECTION = {
    "accept": ("filed", "accepted", BOTH),
    "propose": ("accepted", "proposed", BOTH),
    "approve": ("proposed", "decided", BOTH),
    "rework": ("proposed", "accepted", BOTH),
}


def of_street(c) -> dict:
    return {"of": making.cycle(c, "street"), "unit": c.street, "by": c.clerk}


def fresh(it):
    return Application.objects.with_names().get(pk=it.pk)


def taken(flow, obj, step, by, **given):
    flow.take(obj, step, by=by, **given)
    return obj


def candidate(c):
    """On its notice, as it is when the notice goes out."""
    return fresh(making.notice(c, making.candidate(c, **of_street(c))).applications.get())


def in_panel(c):
    return fresh(making.panel_done(c, **of_street(c)))


def seat(c, sent=False):
    it = making.in_panel(c, **of_street(c))
    found = making.seats(c, it.cycle)[0]
    if sent:
        making.scored_by(c, found)
    return found


def shown(c):
    return making.shown(c, c.ready)


def over(c):
    return making.over(c, c.ready)


def withdrawing(c, flow, obj):
    return taken(flow, obj, "ask_withdrawal", c.office, reason="依据引用有误")


def published(flow, draft, out):
    """How a notice or an award comes into each state."""
    return {
        "draft": draft,
        "in_review": lambda c: taken(flow, draft(c), "submit", c.office),
        "published": out,
        "withdrawing": lambda c: withdrawing(c, flow, out(c)),
        "withdrawn": lambda c: taken(flow, withdrawing(c, flow, out(c)), "approve_withdrawal", c.reviewer),
        "discarded": lambda c: taken(flow, draft(c), "discard", c.office, reason="写重了"),
    }


IN_STATE = {
    CYCLE: {
        "draft": making.drafted_cycle,
        "open": making.cycle,
        "closed": lambda c: taken(CYCLE, making.cycle(c), "close", c.office),
        "dropped": lambda c: taken(CYCLE, making.drafted_cycle(c), "drop", c.office, reason="不办了"),
    },
    FLOW: {
        "draft": lambda c: making.assessed(c, **of_street(c)),
        "check": lambda c: making.submitted(c, **of_street(c)),
        "panel": in_panel,
        "scored": lambda c: making.marked(c, **of_street(c)),
        "candidate": candidate,
        "publicity": lambda c: fresh(making.shown(c, making.candidate(c, **of_street(c))).applications.get()),
        "awarded": lambda c: fresh(making.awarded(c, making.over(c, making.candidate(c, **of_street(c)))).application),
        "finished": lambda c: making.finished(c, **of_street(c)),
        "withdrawn": lambda c: taken(FLOW, making.assessed(c, **of_street(c)), "withdraw", c.clerk, reason="不报了"),
    },
    SEAT: {
        "assigned": seat,
        "sent": lambda c: seat(c, sent=True),
        "recused": lambda c: _recused(seat(c)),
        "relieved": lambda c: taken(SEAT, seat(c), "relieve", c.office, reason="出差"),
    },
    NOTICE: published(NOTICE, lambda c: making.notice(c, c.ready), shown),
    AWARD: published(AWARD, lambda c: making.award(c, over(c)), lambda c: making.awarded(c, over(c))),
    OBJECTION: {
        "filed": lambda c: making.objection(c, shown(c))[0],
        "accepted": lambda c: making.accepted(c, shown(c)),
        "proposed": lambda c: making.proposed(c, shown(c)),
        "decided": lambda c: making.decided(c, shown(c)),
    },
}  # fmt: skip


def _recused(it):
    return taken(SEAT, it, "recuse", it.reviewer, reason="亲属在那里任职")


OTHERS_SEATS = frozenset({("send", "panel", "above"), ("recuse", "panel", "above")})
NOT_THE_HANDLER = frozenset({("propose", "reviewer", "above"), ("propose", "office", "above")})
TABLES = {
    table.flow.name: table
    for table in (
        Table(CYCLE, OF_A_ROUND, IN_STATE[CYCLE], places=ABOVE),
        Table(FLOW, OF_AN_APPLICATION, IN_STATE[FLOW]),
        Table(SEAT, OF_A_SEAT, IN_STATE[SEAT], eyes=OTHERS_SEATS),
        Table(NOTICE, PUBLISHED, IN_STATE[NOTICE], places=ABOVE),
        Table(AWARD, PUBLISHED, IN_STATE[AWARD], places=ABOVE),
        Table(
            OBJECTION, OF_AN_OBJECTION, IN_STATE[OBJECTION], places=ABOVE, eyes=NOT_THE_HANDLER, given=GIVEN
        ),
    )
}
CASES = [(name, state) for name, table in TABLES.items() for state in table.in_state]
REASONS = {
    "评价轮次": {"drop"},
    "申报": {"return_street", "return_check", "withdraw", "finish"},
    "评审席位": {"recuse", "relieve"},
    "评定公示": {"discard", "ask_withdrawal", "refuse_withdrawal"},
    "评定结果": {"discard", "ask_withdrawal", "refuse_withdrawal"},
    "公示异议": {"rework"},
}


def test_every_step_and_state_stands_in_the_tables():
    for table in TABLES.values():
        assert set(table.flow.steps) == set(table.steps)
        assert set(table.flow.states.values) - {"street"} == set(table.in_state)
    assert {n: {s.name for s in t.flow.steps.values() if s.reason} for n, t in TABLES.items()} == REASONS


@pytest.fixture(scope="module")
def candidate_once(module_cast):
    """The window's way to a candidate, gone once: every notice, award and objection begins with it."""
    return making.candidate(module_cast, making.cycle(module_cast, "window"), unit=module_cast.window, by=module_cast.clerk)  # fmt: skip


@pytest.mark.parametrize(("name", "state"), CASES, ids=lambda text: text)
def test_only_the_right_person_in_the_right_state_takes_a_step(
    module_cast, candidate_once, everyone, db, name, state
):
    table = TABLES[name]
    obj = table.in_state[state](SimpleNamespace(**vars(module_cast), ready=fresh(candidate_once)))
    every_step_by_everyone(table, obj, state, everyone)
    buttons_are_the_steps(table, obj, state, everyone)
