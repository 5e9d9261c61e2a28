"""Units, people and postings come in as the one-by-one pages would make them, and go out in the same columns."""

import io

import pytest
from openpyxl import load_workbook

from longsha_credit.audit.models import Entry
from longsha_credit.directory.models import Official, Organisation, Posting
from longsha_credit.exchange.flows import FLOW as JOBS
from longsha_credit.exchange.imports.kinds import KINDS
from longsha_credit.exchange.imports.staging import faults
from tests.exchange.imports import making

UNIT = {
    "上级单位": "向阳街道",
    "层级": "社区",
    "名称": "新桥社区",
    "区划代码": "",
    "监督电话": "0452-2345678",
}
PERSON = {"单位": "向阳街道", "姓名": "王新", "工号": "N001"}


def units(c, *rows):
    return making.checked(c, *rows, by=c.office, unit=c.district, kind="organisations")


def people(c, *rows, by=None):
    return making.checked(c, *rows, by=by or c.lead, kind="officials")


def brought(c, *rows, kind, by, unit=None):
    return making.brought_in(c, *rows, kind=kind, by=by, unit=unit or c.street)


def said(import_):
    """(row, field) of every fault."""
    return sorted((row, field) for row, field, *_ in faults(import_))


def undo(import_, by):
    JOBS.take(import_.bring_job, "undo", by=by, reason="导错了")
    making.run(import_.bring_job)


def test_the_office_brings_units_in_each_with_its_lead_post_and_entries(cast):
    window = UNIT | {"层级": "窗口", "名称": "便民窗口"}
    post = UNIT | {"层级": "岗位", "名称": "档案岗", "监督电话": "/"}
    done = brought(cast, UNIT, window, post, kind="organisations", by=cast.office, unit=cast.district)
    assert done.made == 3
    unit = Organisation.objects.get(name="新桥社区")
    assert (unit.parent, unit.path, unit.taking_part) == (cast.street, f"{cast.street.path}{unit.pk}/", True)
    lead = Organisation.objects.posts_of(unit).get()
    assert (lead.name, lead.is_lead_post) == ("主任岗", True)
    told = [(entry.step, entry.actor) for one in (unit, lead) for entry in Entry.objects.about(one)]
    assert told == [("add", cast.office)] * 2
    again = units(cast, UNIT, window, post)
    assert (again.rows, again.known, again.faulty) == (3, 3, 0)


def test_what_a_unit_may_not_be_is_told_by_its_cell(cast):
    taken = Organisation.objects.in_force().exclude(division_code="").first().division_code
    found = units(
        cast,
        UNIT | {"区划代码": taken},
        UNIT | {"名称": "甲", "上级单位": "没有的街道"},
        UNIT | {"名称": "乙", "层级": "街道"},
        UNIT | {"名称": "丙", "层级": "窗口", "区划代码": "990101001777"},
        UNIT | {"名称": "丁"},
        UNIT | {"名称": "丁", "监督电话": "0452-1"},
        UNIT | {"名称": "<戊>"},
    )
    assert said(found) == [
        (2, "division_code"), (3, "unit"), (4, "level"), (5, "division_code"), (7, "name"), (8, "name"),
    ]  # fmt: skip


def test_units_brought_in_are_taken_back_only_while_nobody_used_them(cast):
    done = brought(
        cast, UNIT, UNIT | {"名称": "用过的社区"}, kind="organisations", by=cast.office, unit=cast.district
    )
    used = Organisation.objects.get(name="用过的社区")
    Official.objects.create(name="甲", staff_number="1", organisation=used)
    undo(done, cast.office)
    unit = Organisation.objects.get(name="新桥社区")
    assert unit.valid_to is not None
    assert not Organisation.objects.posts_of(unit).exists()
    used.refresh_from_db()
    assert used.valid_to is None
    assert Organisation.objects.posts_of(used).exists()


def test_a_lead_registers_people_of_the_own_unit_and_of_no_other(cast):
    found = people(
        cast,
        PERSON,
        PERSON | {"单位": cast.other_street.name},
        PERSON | {"姓名": "李四"},
        PERSON | {"工号": "11010519491231002X"},
        PERSON | {"工号": "N002", "姓名": ""},
    )
    assert said(found) == [(3, "unit"), (4, "staff_number"), (5, "staff_number"), (6, "name")]
    done = brought(cast, PERSON, kind="officials", by=cast.lead)
    official = Official.objects.get(staff_number="N001")
    assert (official.name, official.organisation, done.made) == ("王新", cast.street, 1)
    assert Entry.objects.about(official).get().actor == cast.lead
    assert said(people(cast, PERSON | {"姓名": "李四"})) == [(2, "staff_number")]
    undo(done, cast.lead)
    assert not Official.objects.filter(staff_number="N001").exists()


def test_a_person_who_holds_a_post_stays_when_the_import_is_taken_back(cast):
    done = brought(cast, PERSON, PERSON | {"工号": "N002"}, kind="officials", by=cast.lead)
    post = Organisation.objects.posts_of(cast.street).exclude(is_lead_post=True).first() or making.post(cast)
    row = {
        "单位": cast.street.name,
        "岗位": post.name,
        "工号": "N001",
        "姓名": "王新",
        "到任日期": "2026.3.1",
    }
    posted = brought(cast, row, kind="postings", by=cast.lead)
    posting = Posting.objects.get(official__staff_number="N001")
    assert (posting.post, str(posting.started_on)) == (post, "2026-03-01")
    assert Entry.objects.about(posting).get().organisation_name == cast.street.name
    undo(done, cast.lead)
    assert set(
        Official.objects.filter(staff_number__startswith="N00").values_list("staff_number", flat=True)
    ) == {"N001"}
    undo(posted, cast.lead)
    assert not Posting.objects.filter(official__staff_number="N001").exists()


def test_a_posting_needs_a_vacant_post_a_known_person_and_a_day_that_has_come(cast):
    brought(cast, PERSON, kind="officials", by=cast.lead)
    post = making.post(cast)
    lead_post = Organisation.objects.posts_of(cast.street).get(is_lead_post=True)
    good = {
        "单位": cast.street.name,
        "岗位": post.name,
        "工号": "N001",
        "姓名": "王新",
        "到任日期": "2026-03-01",
    }
    rows = [
        good, good | {"工号": "N001"}, good | {"岗位": "没有的岗"}, good | {"工号": "X9"}, good | {"姓名": "王旧"},
        good | {"到任日期": "2099-01-01"}, good | {"岗位": lead_post.name},
    ]  # fmt: skip
    found = making.checked(cast, *rows, kind="postings", by=cast.lead)
    assert {
        (3, "post"),
        (4, "post"),
        (5, "staff_number"),
        (6, "name"),
        (7, "started_on"),
        (8, "post"),
    } <= set(said(found))
    assert not [fault for fault in said(found) if fault[0] == 2]


@pytest.mark.parametrize("kind", ["officials", "postings"])
def test_people_go_out_for_a_purpose_only(cast, signed_in, kind):
    brought(cast, PERSON, kind="officials", by=cast.lead)
    browser = signed_in(cast.lead)
    url = f"/desk/imports/export/{kind}/"
    assert "先写用途" in browser.get(url).content.decode()
    assert browser.post(url, {"purpose": " "}).status_code == 422
    data = browser.post(url, {"purpose": "核对人员"}).getvalue()
    last = list(load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))[-1]
    assert "用途：核对人员" in last[0]
    assert Entry.objects.filter(step="export", actor=cast.lead, reason__endswith="核对人员").exists()
    assert signed_in(cast.clerk).get(url).status_code == 404


def test_a_lead_takes_out_only_the_own_people_and_the_office_all_units(cast, signed_in):
    Official.objects.create(name="金丝雀", staff_number="077", organisation=cast.other_street)
    assert not KINDS["officials"].export(cast.lead, {}).filter(name="金丝雀").exists()
    answer = signed_in(cast.office).get("/desk/imports/export/organisations/")
    back = making.checked_file(
        cast, answer.getvalue(), kind="organisations", by=cast.office, unit=cast.district
    )
    assert back.rows == KINDS["organisations"].export(cast.office, {}).count() > 3
    assert (back.known, back.faulty) == (back.rows, 0), list(faults(back))
