"""Every step of a year from every state by every role, against a table written by hand; four eyes."""

import contextlib

import pytest
from django.db import transaction

from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.roles import DISTRICT_ONLY, Role
from longsha_credit.programme.flows import FLOW
from longsha_credit.programme.models import Year
from tests import make
from tests.programme import years

# step: (from, to, roles of the district, needs a reason)
EXPECTED = {
    "ask_freeze": ("open", "closing", "office", True),
    "freeze": ("closing", "frozen", "office reviewer", False),
    "refuse_freeze": ("closing", "open", "office reviewer", True),
}
IN_STATE = {"open": years.plan, "closing": years.closing, "frozen": years.frozen}


class _Undo(Exception):
    pass


@pytest.fixture
def everyone(cast):
    """A fresh person for each role in the district and in a street."""
    people = {(role.value, "district"): make.user(f"d-{role.value}", role, cast.district) for role in Role}
    for role in set(Role) - DISTRICT_ONLY:
        people[role.value, "street"] = make.user(f"s-{role.value}", role, cast.street)
    return people


def test_every_step_and_state_stands_in_the_table():
    assert set(FLOW.steps) == set(EXPECTED)
    assert set(FLOW.states.values) == set(IN_STATE)
    assert {name: step.reason for name, step in FLOW.steps.items()} == {n: e[3] for n, e in EXPECTED.items()}


@pytest.mark.parametrize("state", IN_STATE)
@pytest.mark.parametrize("step", EXPECTED)
def test_only_the_right_person_in_the_right_state_takes_a_step(cast, everyone, state, step):
    year = IN_STATE[state](cast)
    from_, to, roles, _ = EXPECTED[step]
    for (role, place), user in everyone.items():
        right = place == "district" and role in roles.split()
        if right and state == from_:
            with contextlib.suppress(_Undo), transaction.atomic():
                FLOW.take(year, step, by=user, reason="理由写得清楚")
                assert year.state == to
                assert Entry.objects.about(year).filter(step=step, actor=user).count() == 1
                raise _Undo
            year.refresh_from_db()
            continue
        with pytest.raises(Refused) as refusal:
            FLOW.take(year, step, by=user, reason="理由写得清楚")
        assert refusal.value.code == ("state" if right else "role"), (role, place)
    year.refresh_from_db()
    assert year.state == state


@pytest.mark.parametrize("step", ["ask_freeze", "refuse_freeze"])
def test_a_step_that_needs_a_reason_is_refused_without_one(cast, step):
    year = IN_STATE[EXPECTED[step][0]](cast)
    by = cast.office if step == "ask_freeze" else cast.reviewer
    with pytest.raises(Refused, match="请写明.*的理由。"):
        FLOW.take(year, step, by=by, reason=" ")


@pytest.mark.parametrize("step", ["freeze", "refuse_freeze"])
def test_who_asked_does_not_decide(cast, step):
    """Not even with every role of the district; a second person of the same office may."""
    asking = make.user("asking")
    for role in (Role.OFFICE, Role.REVIEWER):
        asking.memberships.create(organisation=cast.district, role=role, started_on=make.LONG_AGO)
    year = years.plan(cast)
    FLOW.take(year, "ask_freeze", by=asking, reason="年度工作已经结束")
    with pytest.raises(Refused, match="您是封存申请人，须由另一个人") as refused:
        FLOW.take(year, step, by=asking, reason="可以")
    assert refused.value.code == "eyes"
    assert not Year.objects.filter(FLOW.waiting_for(asking)).exists()
    assert Year.objects.filter(FLOW.waiting_for(cast.office)).exists()
    FLOW.take(year, step, by=cast.office, reason="可以")
    assert year.state == EXPECTED[step][1]
