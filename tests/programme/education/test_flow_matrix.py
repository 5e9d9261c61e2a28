"""Every step of an activity, its texts, a material and somebody's hours, by everyone, against tables written by hand."""

import datetime

import pytest

from longsha_credit.programme.education.flows import EDITION, FLOW, HOURS, SHEET
from tests import make
from tests.flow_matrix import (
    WELL_GIVEN,
    Table,
    buttons_are_the_steps,
    every_step_by_everyone,
    refused,
)
from tests.programme.education import making

GIVEN = WELL_GIVEN | making.HELD | {"cancel_why": "venue"}
UNIT, BOTH, DISTRICT = "clerk lead", "clerk lead reviewer office", "reviewer office"
ACTIVITY = {
    "hold": ("planned", "held", UNIT),
    "summarise": ("held", "summarised", UNIT),
    "reopen": ("summarised", "held", UNIT),
    "file": ("summarised", "filed", UNIT),
    "share": ("filed", "summarised", UNIT),
    "cancel": ("planned", "cancelled", UNIT),
}
CANDIDATE = {
    "submit": ("draft", "in_review", UNIT),
    "recall": ("in_review", "draft", UNIT),
    "discard": ("draft", "discarded", UNIT),
    "gate_return": ("in_review", "draft", ""),
    "gate_pass": ("in_review", "published", ""),
    "ask_withdrawal": ("published", "withdrawing", BOTH),
    "approve_withdrawal": ("withdrawing", "ended", DISTRICT),
    "refuse_withdrawal": ("withdrawing", "published", DISTRICT),
}
MATERIAL = CANDIDATE | {
    "offer": ("draft", "offered", UNIT),
    "issue": ("offered", "internal", "lead office"),
    "decline": ("offered", "draft", "clerk lead office"),
    "retire": ("internal", "retired", BOTH),
    "replace": ("published internal", "replaced", ""),
}
TRAINING = {
    "confirm": ("entered", "confirmed", "lead"),
    "send_back": ("entered", "returned", UNIT),
    "revoke": ("confirmed", "revoked", "lead"),
}


def taken(flow, obj, step, by, **given):
    flow.take(obj, step, by=by, **given)
    return obj


def replaced_sheet(c):
    first = making.shown(c)
    making.shown(c, first.activity, reason="换了房间")
    first.refresh_from_db()
    return first


def replaced_edition(c):
    first = making.public_edition(c)
    new = making.revised(c, first)
    EDITION.take(new, "submit", by=c.clerk)
    make.passed(c, new)
    first.refresh_from_db()
    return first


OF_TEXTS = {
    "draft": making.sheet,
    "in_review": making.sent_sheet,
    "published": making.shown,
    "withdrawing": lambda c: making.withdrawing(SHEET, making.shown(c), c),
    "ended": lambda c: making.ended(SHEET, making.shown(c), c),
    "discarded": lambda c: taken(SHEET, making.sheet(c), "discard", c.clerk, reason="写重了"),
    "replaced": replaced_sheet,
}
OF_MATERIALS = {
    "draft": making.edition,
    "in_review": lambda c: taken(EDITION, making.edition(c), "submit", c.clerk),
    "published": making.public_edition,
    "offered": making.offered,
    "internal": making.internal,
    "withdrawing": lambda c: making.withdrawing(EDITION, making.public_edition(c), c),
    "ended": lambda c: making.ended(EDITION, making.public_edition(c), c),
    "discarded": lambda c: taken(EDITION, making.edition(c), "discard", c.clerk, reason="写重了"),
    "retired": lambda c: taken(EDITION, making.internal(c), "retire", c.clerk, reason="旧了"),
    "replaced": replaced_edition,
}
OF_ACTIVITIES = {
    "planned": making.planned,
    "held": making.told,
    "summarised": making.summarised,
    "filed": making.filed,
    "cancelled": making.cancelled,
}
OF_HOURS = {
    "entered": making.entered,
    "confirmed": making.confirmed,
    "returned": lambda c: taken(HOURS, making.entered(c), "send_back", c.lead, reason="重了"),
    "revoked": lambda c: taken(HOURS, making.confirmed(c), "revoke", c.lead, reason="登记错了人"),
}
TABLES = {
    table.flow.name: table
    for table in (
        Table(FLOW, ACTIVITY, OF_ACTIVITIES, given=GIVEN),
        Table(SHEET, CANDIDATE | {"replace": ("published", "replaced", "")}, OF_TEXTS, given=GIVEN),
        Table(EDITION, MATERIAL, OF_MATERIALS, given=GIVEN),
        Table(HOURS, TRAINING, OF_HOURS, given=GIVEN),
    )
}
NEED_A_REASON = {
    *("discard", "reopen", "file", "cancel", "ask_withdrawal", "refuse_withdrawal", "decline", "retire"),
    *("send_back", "revoke"),
}
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


def test_four_eyes_are_two_people(cast):
    row = making.entered(cast, by=cast.lead)
    assert refused(HOURS, row, "confirm", cast.lead)[0] == "eyes"
    own = making.official(cast, "李主任", "900")
    cast.lead.official = own
    cast.lead.save()
    mine = making.entered(cast, own)
    assert refused(HOURS, mine, "confirm", cast.lead) == (
        "eyes",
        "自己的学时由别人确认，可请上级单位的负责人办理。",
    )
    HOURS.take(mine, "confirm", by=cast.district_lead)
    offered = making.offered(cast)
    cast.clerk.memberships.update(role="lead")
    del cast.clerk.current_memberships
    assert refused(EDITION, offered, "issue", cast.clerk)[0] == "eyes"
    text = making.shown(cast)
    SHEET.take(text, "ask_withdrawal", by=cast.reviewer, reason="写错了地点")
    for step in ("approve_withdrawal", "refuse_withdrawal"):
        assert refused(SHEET, text, step, cast.reviewer)[0] == "eyes"


def test_the_day_and_the_number_of_people_make_sense(cast):
    it = making.planned(cast)
    for given in (
        {"held_on": None, "attendance": 3},
        {"held_on": making.AGO, "attendance": None},
        {"held_on": making.TODAY + (making.SOON - making.AGO), "attendance": 3},
        {"held_on": datetime.date(2021, 6, 1), "attendance": 3},
    ):
        assert refused(FLOW, it, "hold", cast.clerk, **given)[0] == "guard"
    assert refused(FLOW, it, "cancel", cast.clerk, reason="因为", cancel_why="自己写的")[0] == "guard"
