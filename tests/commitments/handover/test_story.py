"""A street's leader changes: nothing lapses, and the successor inherits an overdue promise."""

import datetime

import pytest

from commitments.flows import FLOW as PROMISE
from commitments.handover import services
from commitments.handover.flows import FLOW
from commitments.models import Party
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.models import Membership, Posting
from longsha_credit.directory.roles import Role
from tests import make
from tests.commitments.handover import making
from tests.commitments.handover.making import TODAY

DAY = datetime.timedelta(days=1)


def labels(handover):
    return [(i.kind, i.label, i.due_on) for i in handover.items.all()]


def test_a_streets_leader_changes_and_the_successor_inherits_an_overdue_promise(cast):
    overdue_on = TODAY - 20 * DAY
    overdue = make.in_force(cast, title="修好北门路灯", due_on=overdue_on, today=TODAY - 90 * DAY)
    making.lead_change(cast)
    handover = making.started(cast)
    assert [label for _, label, _ in labels(handover)] == ["修好北门路灯"]
    assert handover.items.get().due_on == overdue_on
    # what comes up while it goes on joins the list, what ends is marked and stays
    draft = make.draft(cast, title="新写的草稿")
    services.refresh(handover, today=TODAY)
    assert [label for _, label, _ in labels(handover)] == ["修好北门路灯", "新写的草稿"]
    PROMISE.take(draft, "discard", by=cast.clerk, reason="写重了")
    services.refresh(handover, today=TODAY)
    assert [i.label for i in handover.items.filter(ended_on=TODAY)] == ["新写的草稿"]

    making.confirmed(cast, handover, Party.GIVER, Party.TAKER)
    with pytest.raises(Refused, match="还有1件没有监交人的确认。"):
        FLOW.take(handover, "complete", by=cast.district_lead, today=TODAY)
    making.confirmed(cast, handover, Party.WITNESS)
    FLOW.take(handover, "complete", by=cast.district_lead, today=TODAY)

    old, new = Posting.objects.get(pk=cast.posting.pk), Posting.objects.current().get(post=cast.post)
    assert (old.ended_on, new.official, new.started_on) == (TODAY, cast.new, TODAY)
    assert not Membership.objects.current().filter(user=cast.lead).exists()
    (given,) = Membership.objects.current().filter(user=cast.comer)
    assert (given.role, given.organisation, given.posting) == (Role.LEAD, cast.street, new)
    item = handover.items.get(ended_on=None)
    assert (item.outgoing_name, item.incoming_name) == ("李主任", "孙主任")
    overdue.refresh_from_db()
    assert (overdue.state, overdue.due_on, overdue.post) == ("in_force", overdue_on, cast.post)
    assert Deadline.objects.of(overdue).open().count() == 2
    assert Deadline.objects.of(handover).get().met_on == TODAY
    said = list(Entry.objects.about(handover).order_by("id").values_list("step", "actor_name"))
    assert said == [
        ("start", "区办"),
        ("confirm_giver", "李主任"),
        ("confirm_taker", "孙主任"),
        ("confirm_witness", "区主任"),
        ("complete", "区主任"),
    ]
