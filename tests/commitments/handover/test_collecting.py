"""What is open at a unit or a post, and what a unit must not learn from its own handover."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments.handover import collecting
from commitments.models import (
    Case,
    CaseKind,
    ClueSource,
    Domain,
    Problem,
    Rectification,
)
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.models import Level
from tests import make
from tests.commitments.handover import making
from tests.records import making as records

TZ = "TZ-990100-2026-000"


def case(about, organisation, number) -> Case:
    return Case.objects.create(
        kind=CaseKind.COMPLAINT, about=about, organisation=organisation, number=number, filed_on=making.TODAY
    )


def ledger_item(c, unit, number, post=None) -> Rectification:
    return Rectification.objects.create(
        number=number, organisation=unit, source=ClueSource.AUDIT, title="拖欠工程款", problem=Problem.ARREARS,
        domain=Domain.PROJECT, post_now=post, created_by=c.office, registered_on=making.TODAY,
    )  # fmt: skip


def listed(found):
    return {(one.kind, one.label) for one in found}


def test_a_lead_hands_over_everything_of_the_unit_and_another_post_what_names_it(cast):
    second = make.organisation(Level.POST, "民生岗", cast.street)
    promise = make.in_force(cast, title="修路灯", post=second)
    make.amendment(cast, promise)
    make.draft(cast, title="写了一半")
    make.reported(cast, make.in_force(cast, title="报过结果"))
    make.ended(cast, make.in_force(cast, title="办完了"))
    ledger_item(cast, cast.street, f"{TZ}1", post=second)
    case(cast.community, cast.street, "LJ1")
    record = records.confirmed(cast)
    records.objection(cast, record)
    make.draft(
        cast, by=cast.other_clerk, organisation=cast.other_street, post=cast.other_post, title="别处的"
    )
    assert listed(collecting.open_of(cast.street)) == {
        ("公开承诺", "修路灯"),
        ("承诺变更", "承诺变更：修路灯"),
        ("公开承诺", "写了一半"),
        ("公开承诺", "报过结果"),
        ("治理台账", f"{TZ}1 拖欠工程款"),
        ("来件", "投诉 LJ1"),
        ("异议", f"异议：{record.title}"),
        ("公开审查", f"公开审查：{record.title}"),
    }
    assert listed(collecting.open_of(cast.street, second)) == {
        ("公开承诺", "修路灯"),
        ("承诺变更", "承诺变更：修路灯"),
        ("治理台账", f"{TZ}1 拖欠工程款"),
    }


def test_a_unit_does_not_learn_of_complaints_about_it_nor_of_persons_records(cast):
    case(cast.street, cast.district, "LJ7")
    person = records.confirmed(cast, "S12")
    records.objection(cast, person, by=cast.official)
    found = collecting.open_of(cast.street)
    assert not [one for one in found if "LJ7" in one.label or one.object_kind.startswith("records.")]
    assert ("来件", "投诉 LJ7") in listed(collecting.open_of(cast.district))


def test_each_thing_is_one_row_and_the_handovers_own_clock_none(cast):
    make.in_force(cast)
    handover = making.started(cast)
    assert handover.items.count() == 1
    assert Deadline.objects.filter(organisation=cast.street).open().count() == 3
    assert listed(collecting.open_of(cast.street)) == {("公开承诺", handover.items.get().label)}


def test_where_nothing_is_open_that_is_signed_too(cast):
    handover = making.started(cast)
    assert handover.items.get().label == "没有未办结的事项"
    make.draft(cast, title="刚写的")
    making.services.refresh(handover, today=making.TODAY)
    rows = {item.label: item.ended_on for item in handover.items.all()}
    assert rows == {"没有未办结的事项": making.TODAY, "刚写的": None}


def test_the_number_of_questions_does_not_grow_with_the_list(cast):
    def asked():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            collecting.open_of(cast.street)
        return len(queries)

    make.in_force(cast)
    ledger_item(cast, cast.street, f"{TZ}1")
    case(cast.community, cast.street, "LJ1")
    first = asked()
    for number in range(3):
        make.in_force(cast, title=f"第{number}件")
        ledger_item(cast, cast.street, f"{TZ}{number + 2}")
        case(cast.community, cast.street, f"LJ{number + 2}")
    assert asked() == first <= 12
