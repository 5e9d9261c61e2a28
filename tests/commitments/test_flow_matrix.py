"""Every step of every flow, from every state, by every role in every place, against a table written by hand."""

import re

import pytest

from commitments.flows import AMENDMENT, FLOW, PROGRESS, RESULT, VERDICT
from commitments.rectification.flows import PROGRESS as STEP
from commitments.rectification.flows import SHEET
from longsha_credit.directory.roles import Role
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import Review
from longsha_credit.publication.registry import kinds
from records.flows import NOTICE
from tests import make
from tests.audit.rules import rows_of_everything
from tests.commitments import ledger
from tests.flow_matrix import (
    BOTH,
    WELL_GIVEN,
    Table,
    buttons_are_the_steps,
    every_step_by_everyone,
    refused,
)
from tests.records import making

# step: (from these states, to this one, by these roles of the unit or of a unit above it)
# A step without roles has no button: only another step's effect takes it.
CANDIDATE = {
    "submit": ("draft", "in_review", "clerk lead"),
    "recall": ("in_review", "draft", "clerk lead"),
    "discard": ("draft", "discarded", "clerk lead"),
    "gate_return": ("in_review", "draft", ""),
}
EXPECTED = {
    "承诺": CANDIDATE
    | {
        "gate_pass": ("in_review", "in_force", ""),
        "report": ("in_force", "reported", ""),
        "unreport": ("reported", "in_force", ""),
        "verify": ("reported", "verified", ""),
        "unverify": ("verified", "reported", ""),
        "ask_withdrawal": ("in_force reported verified", "withdrawing", "clerk lead reviewer office"),
        "approve_withdrawal": ("withdrawing", "withdrawn", "reviewer office"),
        "refuse_withdrawal": ("withdrawing", "in_force", "reviewer office"),
    },
    "承诺变更": CANDIDATE | {"gate_pass": ("in_review", "adopted", "")},
    "进展": CANDIDATE | {"gate_pass": ("in_review", "published", "")},
    "结果报告": {
        "submit": ("draft", "in_review", "clerk lead"),
        "recall": ("in_review", "draft", "clerk lead"),
        "discard": ("draft", "discarded", "clerk lead"),
        "gate_return": ("in_review", "draft", ""),
        "gate_pass": ("in_review", "published", ""),
        "send_back": ("published", "returned", "reviewer office"),
    },
    "核验结论": {
        "submit": ("draft", "in_review", "reviewer office"),
        "recall": ("in_review", "draft", "reviewer office"),
        "discard": ("draft", "discarded", "reviewer office"),
        "gate_return": ("in_review", "draft", ""),
        "gate_pass": ("in_review", "published", ""),
        "ask_revocation": ("published", "withdrawing", "reviewer office"),
        "revoke": ("withdrawing", "withdrawn", "reviewer office lead"),
        "keep": ("withdrawing", "published", "reviewer office lead"),
    },
    "治理公开稿": {
        "submit": ("draft", "in_review", "clerk lead reviewer office"),
        "recall": ("in_review", "draft", "reviewer office"),
        "discard": ("draft", "discarded", "reviewer office"),
        "gate_return": ("in_review", "draft", ""),
        "gate_pass": ("in_review", "published", ""),
        "ask_withdrawal": ("published", "withdrawing", "reviewer office"),
        "approve_withdrawal": ("withdrawing", "ended", "reviewer office"),
        "refuse_withdrawal": ("withdrawing", "published", "reviewer office"),
        "replace": ("published", "replaced", ""),
    },
    "整改进展": CANDIDATE | {"gate_pass": ("in_review", "published", "")},
    "记录公示": {
        "submit": ("draft", "in_review", "clerk lead office"),
        "recall": ("in_review", "draft", "office"),
        "discard": ("draft", "discarded", "office"),
        "gate_return": ("in_review", "draft", ""),
        "gate_pass": ("in_review", "published", ""),
        "end": ("published", "ended", ""),
        "replace": ("published", "replaced", ""),
    },
    "公开审查": {
        "pass_first": ("first", "second", "lead"),
        "return_first": ("first", "returned", "lead"),
        "pass_second": ("second", "secrecy", "reviewer"),
        "return_second": ("second", "returned", "reviewer"),
        "pass_secrecy": ("secrecy", "passed", "secrecy"),
        "return_secrecy": ("secrecy", "returned", "secrecy"),
        "pass_single": ("single", "passed", "lead"),
        "return_single": ("single", "returned", "lead"),
        "recall": ("first second secrecy single", "recalled", ""),
    },
}
NEED_A_REASON = {
    *("discard", "ask_withdrawal", "refuse_withdrawal", "send_back", "ask_revocation", "keep"),
} | {s for s in EXPECTED["公开审查"] if "return" in s}


def in_withdrawing(c):
    obligation = make.in_force(c)
    FLOW.take(obligation, "ask_withdrawal", by=c.clerk, reason="引用依据有误")
    return obligation


def taken(flow, obj, step, by, **given):
    flow.take(obj, step, by=by, **given)
    return obj


def discarded(flow, obj, c, by=None):
    return taken(flow, obj, "discard", by or c.clerk, reason="写重了")


def sent(flow, obj, c, by=None):
    return taken(flow, obj, "submit", by or c.clerk)


def waiting(c):
    """A promise whose result is reported."""
    obligation = make.in_force(c)
    make.reported(c, obligation)
    return obligation


def sent_back(result, c):
    return taken(RESULT, result, "send_back", c.reviewer, reason="照片看不出净宽")


def revoking(c):
    found = make.verified(c, waiting(c))
    return taken(VERDICT, found, "ask_revocation", c.reviewer, reason="看错了楼号")


def review(c, *passes):
    of = make.review_of(make.submitted(c))
    for step, by in passes:
        GATE.take(of, step, by=by, **(make.ANSWERS if step == "pass_secrecy" else {}))
    return of


def single_review(c):
    return make.review_of(sent(PROGRESS, make.progress(c, make.in_force(c)), c))


def ended(step):
    def make_it(c):
        of = review(c)
        if step == "recall":
            GATE.take(of, "recall", by=None)
        else:
            GATE.take(of, step, by=c.lead, reason="期限不清楚")
        return of

    return make_it


def notice(c):
    """Sent into review by itself when its record takes effect."""
    return making.confirmed(c).notices.get()


def replaced(c):
    old = making.public(c)
    making.noticed(c, making.corrected(c, old))
    return old.notices.get()


def told(c):
    """A step of work noted down for an item that residents read of."""
    return ledger.progress(c, ledger.rectifying(c, ledger.shown(c)))


# How an object comes into each state, by real steps.
IN_STATE = {
    "承诺": {
        "draft": make.draft,
        "in_review": make.submitted,
        "in_force": make.in_force,
        "reported": waiting,
        "verified": lambda c: make.ended(c, make.in_force(c)),
        "withdrawing": in_withdrawing,
        "withdrawn": lambda c: make.withdrawn(c, make.in_force(c)),
        "discarded": lambda c: discarded(FLOW, make.draft(c), c),
    },
    "承诺变更": {
        "draft": lambda c: make.amendment(c, make.in_force(c)),
        "in_review": lambda c: sent(AMENDMENT, make.amendment(c, make.in_force(c)), c),
        "adopted": lambda c: make.amended(c, make.in_force(c)),
        "discarded": lambda c: discarded(AMENDMENT, make.amendment(c, make.in_force(c)), c),
    },
    "进展": {
        "draft": lambda c: make.progress(c, make.in_force(c)),
        "in_review": lambda c: sent(PROGRESS, make.progress(c, make.in_force(c)), c),
        "published": lambda c: make.published_progress(c, make.in_force(c)),
        "discarded": lambda c: discarded(PROGRESS, make.progress(c, make.in_force(c)), c),
    },
    "结果报告": {
        "draft": lambda c: make.result(c, make.in_force(c)),
        "in_review": lambda c: sent(RESULT, make.result(c, make.in_force(c)), c),
        "published": lambda c: make.reported(c, make.in_force(c)),
        "returned": lambda c: sent_back(make.reported(c, make.in_force(c)), c),
        "discarded": lambda c: discarded(RESULT, make.result(c, make.in_force(c)), c),
    },
    "核验结论": {
        "draft": lambda c: make.verification(c, waiting(c)),
        "in_review": lambda c: sent(VERDICT, make.verification(c, waiting(c)), c, by=c.reviewer),
        "published": lambda c: make.verified(c, waiting(c)),
        "withdrawing": lambda c: revoking(c),
        "withdrawn": lambda c: taken(VERDICT, revoking(c), "revoke", c.district_lead),
        "discarded": lambda c: discarded(VERDICT, make.verification(c, waiting(c)), c, by=c.reviewer),
    },
    "治理公开稿": {
        "draft": lambda c: ledger.sheet(c, ledger.found(c), reason=""),
        "in_review": lambda c: ledger.found(c, public=True).sheets.get(),
        "published": lambda c: ledger.shown(c).sheets.get(),
        "withdrawing": ledger.withdrawing,
        "ended": lambda c: taken(SHEET, ledger.withdrawing(c), "approve_withdrawal", c.reviewer2),
        "replaced": ledger.replaced,
        "discarded": lambda c: discarded(SHEET, ledger.sheet(c, ledger.found(c), reason=""), c, by=c.office),
    },
    "整改进展": {
        "draft": told,
        "in_review": lambda c: sent(STEP, told(c), c),
        "published": lambda c: make.passed(c, sent(STEP, told(c), c)),
        "discarded": lambda c: discarded(STEP, told(c), c),
    },
    "记录公示": {
        "draft": lambda c: taken(NOTICE, notice(c), "recall", c.office),
        "in_review": notice,
        "published": lambda c: making.public(c).notices.get(),
        "replaced": replaced,
        "ended": lambda c: making.revoked(c, making.public(c)).notices.get(),
        "discarded": lambda c: discarded(
            NOTICE, taken(NOTICE, notice(c), "recall", c.office), c, by=c.office
        ),
    },
    "公开审查": {
        "first": review,
        "second": lambda c: review(c, ("pass_first", c.lead)),
        "secrecy": lambda c: review(c, ("pass_first", c.lead), ("pass_second", c.reviewer)),
        "single": single_review,
        "passed": lambda c: make.review_of(make.in_force(c)),
        "returned": ended("return_first"),
        "recalled": ended("recall"),
    },
}

# The district writes reports of its own in place of a silent unit, and leaves the unit's alone.
OF_THE_UNIT = frozenset(
    (step, role, "above") for step in ("submit", "recall", "discard") for role in ("reviewer", "office")
)
EYES_OF = {"结果报告": OF_THE_UNIT}
# In the unit the thing belongs to and above; verdicts are the district's.
PLACES = {"核验结论": ("above",)}

# What is disclosed and what the programme asks for have tables of their own: tests/disclosure, tests/programme; evaluation too.
ELSEWHERE = ("disclosure", "programme", "evaluation")
HERE = [kind.flow for kind in kinds() if kind.model._meta.app_label not in ELSEWHERE]
FLOWS = {flow.name: flow for flow in [GATE, *HERE]}


def table(name):
    return Table(
        FLOWS[name], EXPECTED[name], IN_STATE[name], PLACES.get(name, BOTH), EYES_OF.get(name, frozenset())
    )


def test_every_flow_and_step_stands_in_the_table():
    assert {name: set(flow.steps) for name, flow in FLOWS.items()} == {n: set(t) for n, t in EXPECTED.items()}
    assert {name: set(flow.states.values) for name, flow in FLOWS.items()} == {
        name: set(states) for name, states in IN_STATE.items()
    }


def test_only_these_steps_ask_for_a_reason():
    assert {s.name for flow in FLOWS.values() for s in flow.steps.values() if s.reason} == NEED_A_REASON


CASES = [(name, state) for name, states in IN_STATE.items() for state in states]


@pytest.mark.parametrize(("name", "state"), CASES, ids=lambda text: text)
def test_only_the_right_person_in_the_right_state_takes_a_step(cast, everyone, name, state):
    it = IN_STATE[name][state](cast)
    every_step_by_everyone(table(name), it, state, everyone)
    buttons_are_the_steps(table(name), it, state, everyone)


# Four eyes: who has had a hand in it takes no later step, whatever roles they hold.
EYES = {
    "pass_first": {"author": "经办人", "submitted_by": "提交人"},
    "return_first": {"author": "经办人", "submitted_by": "提交人"},
    "pass_second": {"author": "经办人", "submitted_by": "提交人", "first_by": "初审"},
    "return_second": {"author": "经办人", "submitted_by": "提交人", "first_by": "初审"},
    "pass_secrecy": {"author": "经办人", "submitted_by": "提交人", "first_by": "初审", "second_by": "审核"},
    "return_secrecy": {"author": "经办人", "submitted_by": "提交人", "first_by": "初审", "second_by": "审核"},
    "pass_single": {"author": "经办人", "submitted_by": "提交人"},
    "return_single": {"author": "经办人", "submitted_by": "提交人"},
}


@pytest.fixture
def hats(cast):
    """hats(name): someone who holds every role of the district, so that only four eyes can stop them."""

    def someone(username):
        person = make.user(username)
        for role in Role:
            person.memberships.create(organisation=cast.district, role=role, started_on=make.LONG_AGO)
        return person

    return someone


def test_four_eyes_covers_every_step_with_a_button_at_the_gate():
    assert set(EYES) == {name for name, step in GATE.steps.items() if step.button}


@pytest.mark.parametrize("step", EYES)
def test_who_has_had_a_hand_in_it_takes_no_later_step(cast, hats, step):
    people = {a: hats(a) for a in ("author", "submitted_by", "first_by", "second_by")}
    it = make.draft(cast, by=people["author"])
    if "single" in step:
        it = make.progress(cast, make.in_force(cast), by=people["author"])
    flow = PROGRESS if "single" in step else FLOW
    flow.take(it, "submit", by=people["submitted_by"])
    of = make.review_of(it)
    if of.state != GATE.steps[step].from_:
        for passing, by in (("pass_first", people["first_by"]), ("pass_second", people["second_by"])):
            if of.state not in GATE.steps[step].from_:
                GATE.take(of, passing, by=by)
    before = rows_of_everything()
    for attribute, word in EYES[step].items():
        code, sentence = refused(GATE, of, step, people[attribute])
        assert code == "eyes"
        assert re.fullmatch(f"您.*{word}，须由另一个人.*。", sentence)
        closed = {o.step.name: o.refusal for o in GATE.available(of, people[attribute])}
        assert closed[step] == sentence
        assert not Review.objects.filter(GATE.waiting_for(people[attribute])).exists()
    assert rows_of_everything() == before
    GATE.take(of, step, by=hats("somebody_else"), **WELL_GIVEN)
    assert of.state == EXPECTED["公开审查"][step][1]


@pytest.mark.parametrize("step", ["approve_withdrawal", "refuse_withdrawal"])
def test_who_asked_for_a_withdrawal_does_not_decide_on_it(cast, hats, step):
    obligation, asking = make.in_force(cast), hats("asking")
    FLOW.take(obligation, "ask_withdrawal", by=asking, reason="引用依据有误")
    before = rows_of_everything()
    code, sentence = refused(FLOW, obligation, step, asking)
    assert code == "eyes"
    assert sentence.startswith("您是撤下申请人，须由另一个人")
    assert rows_of_everything() == before
    FLOW.take(obligation, step, by=cast.reviewer, reason="还在履行")
    assert obligation.state == EXPECTED["承诺"][step][1]
