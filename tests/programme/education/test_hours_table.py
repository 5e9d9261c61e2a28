"""Training hours from a table: entered as on the desk, confirmed by another, sent back while nobody has confirmed them."""

import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from longsha_credit.audit.models import Entry
from longsha_credit.exchange.flows import FLOW as JOBS
from longsha_credit.exchange.imports.staging import faults
from longsha_credit.programme.education.flows import HOURS
from longsha_credit.programme.models import TrainingHours
from tests.exchange.imports import making as importing
from tests.programme.education import making


@pytest.fixture
def source(cast):
    """An activity and a course of the year, and two people of the first street."""
    people = [making.official(cast, "沈一", "901"), making.official(cast, "沈二", "902")]
    return making.held(cast), making.course(cast), *people


def row(number="901", **changes):
    return {
        "单位": "向阳街道",
        "工号": number,
        "姓名": "",
        "活动编号": "",
        "课程": "",
        "学习日期": "",
        "学时": "",
    } | changes


def checked(c, *rows, by=None, unit=None):
    return importing.checked(c, *rows, kind="hours", by=by or c.clerk, unit=unit)


def said(import_):
    return sorted((number, field) for number, field, *_ in faults(import_))


def test_hours_come_in_and_wait_for_another_person(cast, source):
    activity, course, one, two = source
    rows = [
        row(活动编号=activity.code, 学时="1.5学时"),
        row("902", 课程=course.title, 学习日期=str(making.AGO)),
    ]
    done = importing.brought_in(cast, *rows, kind="hours", by=cast.clerk)
    assert done.made == 2
    first, second = TrainingHours.objects.order_by("pk")
    assert (first.official, first.activity, first.day, first.hours) == (
        one,
        activity,
        activity.held_on,
        Decimal("1.5"),
    )
    assert (second.official, second.course, second.hours, second.state) == (
        two,
        course,
        Decimal(2),
        "entered",
    )
    assert Entry.objects.about(first).get().step == "enter"
    again = checked(cast, *rows)
    assert (again.known, again.faulty) == (2, 0)
    HOURS.take(first, "confirm", by=cast.lead)
    JOBS.take(done.bring_job, "undo", by=cast.clerk, reason="表拿错了")
    importing.run(done.bring_job)
    assert [it.state for it in TrainingHours.objects.order_by("pk")] == ["confirmed", "returned"]


def test_what_cannot_be_entered_is_told_by_its_cell(cast, source):
    activity, course, one, _ = source
    making.entered(cast, one, activity=activity)
    found = checked(
        cast,
        row("902", 活动编号=activity.code),
        row("902", 活动编号=activity.code),
        row("902"),
        row("902", 活动编号=activity.code, 课程=course.title, 学习日期=str(making.AGO)),
        row("902", 课程=course.title),
        row("902", 课程="没有的课", 学习日期=str(making.AGO)),
        row("999", 活动编号=activity.code),
        row(活动编号=activity.code, 学时="9"),
        row("902", 姓名="沈三", 课程=course.title, 学习日期="2099-01-01"),
        row(单位="临江街道", 活动编号=activity.code),
    )
    assert {
        (3, "staff_number"), (4, "activity"), (5, "activity"), (6, "day"), (7, "course"), (8, "staff_number"),
        (9, "staff_number"), (10, "name"), (10, "course"), (11, "unit"),
    } <= set(said(found))  # fmt: skip
    assert not [fault for fault in said(found) if fault[0] == 2]


def test_the_district_brings_in_only_its_own_people(cast, source):
    making.official(cast, "区人", "801", unit=cast.district)
    rows = [row(活动编号=source[0].code), row("801", 单位=cast.district.name, 活动编号=source[0].code)]
    assert said(checked(cast, *rows, by=cast.district_lead, unit=cast.district)) == [(2, "unit")]


def test_hours_go_out_for_a_purpose_and_come_back_as_nothing_new(cast, source, signed_in):
    making.entered(cast, source[2], activity=source[0])
    making.outside(cast, source[3])
    answer = signed_in(cast.clerk).post("/desk/imports/export/hours/", {"purpose": "年度核对"})
    data = b"".join(answer.streaming_content)
    assert len(list(load_workbook(io.BytesIO(data)).active)) == 3  # heads, one row, who took it
    back = importing.checked_file(cast, data, kind="hours", by=cast.clerk)
    assert (back.rows, back.known, back.faulty) == (1, 1, 0), list(faults(back))
