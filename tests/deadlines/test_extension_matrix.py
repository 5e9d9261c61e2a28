"""Every step of a request for more time, from every state, by every role in every place, against a table by hand."""

import pytest
from django.db import transaction
from django.utils import timezone

from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines import services
from longsha_credit.deadlines.flows import EXTENSION
from longsha_credit.directory.roles import DISTRICT_ONLY, Role
from tests import make
from tests.deadlines.clocks import start

# step: (from these states, to this one, by these roles of the unit above or of one above that, needs a reason)
EXPECTED = {
    "approve": ({"asked"}, "approved", {"lead", "office"}, False),
    "refuse": ({"asked"}, "refused", {"lead", "office"}, True),
}
STATES = ("asked", "approved", "refused")


def a_request(c, state):
    today = timezone.localdate()
    deadline = start(c.community, "foi_reply", on=today.isoformat())
    extension = services.ask_extension(deadline, reason="材料多", by=c.community_clerk, today=today)
    if state != "asked":
        step = "approve" if state == "approved" else "refuse"
        EXTENSION.take(extension, step, by=c.lead, reason="情况属实")
    return extension


def everybody(c):
    """One person per role and place: the community, its street, the district, the other street."""
    for where in (c.community, c.street, c.district, c.other_street):
        for role in Role:
            if role not in DISTRICT_ONLY or where == c.district:
                yield make.user(f"{where.pk}{role}", role, where), role, where


def test_the_table_names_every_step_and_state():
    assert set(EXPECTED) == set(EXTENSION.steps)
    assert set(STATES) == set(EXTENSION.states.values)


@pytest.mark.parametrize("state", STATES)
def test_each_step_by_everybody_from_each_state(cast, state):
    extension, tried = a_request(cast, state), 0
    above = {cast.street.pk, cast.district.pk}
    for person, role, where in everybody(cast):
        for name, (states, to, roles, _) in EXPECTED.items():
            tried += 1
            allowed = role in roles and where.pk in above
            refusal = EXTENSION.refusal(extension, EXTENSION.steps[name], person)
            code = refusal.code if refusal else None
            assert code == (None if allowed and state in states else "state" if allowed else "role"), (
                name, role, where,
            )  # fmt: skip
            if code is None:
                with transaction.atomic():
                    EXTENSION.take(extension, name, by=person, reason="情况属实")
                    assert extension.state == to
                    assert Entry.objects.about(extension)[0].to_state == to
                    transaction.set_rollback(True)
                extension.refresh_from_db()
    assert tried == 2 * (10 + 3 * 4)


def test_nobody_decides_on_his_own_request(cast):
    """The district's reviewer may also be its office: another one decides."""
    both = make.user("both", Role.REVIEWER, cast.district)
    make.Membership.objects.create(
        user=both, organisation=cast.district, role=Role.OFFICE, started_on=make.LONG_AGO
    )
    today = timezone.localdate()
    verify = start(cast.district, "result_verify", on=today.isoformat())
    extension = services.ask_extension(verify, reason="材料多", by=both, today=today)
    for step in EXPECTED:
        with pytest.raises(Refused, match="您是申请人，须由另一个人决定。"):
            EXTENSION.take(extension, step, by=both, reason="同意")
    EXTENSION.take(extension, "approve", by=cast.office)


def test_a_refusal_is_given_a_reason(cast):
    for name, (_, _, _, needs) in EXPECTED.items():
        assert EXTENSION.steps[name].reason is needs
    with pytest.raises(Refused, match="请写明不同意延期的理由。"):
        EXTENSION.take(a_request(cast, "asked"), "refuse", by=cast.lead, reason=" ")


def test_the_request_waits_on_the_list_of_who_decides(cast):
    extension = a_request(cast, "asked")
    waits = {
        name
        for name, person in vars(cast).items()
        if isinstance(person, make.User)
        and type(extension).objects.filter(EXTENSION.waiting_for(person)).exists()
    }
    assert waits == {"lead", "district_lead", "office"}
