"""What the pages of tasks show, to whom, at what cost, and what they answer to nonsense."""

import csv
import datetime
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commitments.handover import collecting
from longsha_credit.audit.models import Entry
from longsha_credit.directory.models import Organisation
from longsha_credit.programme.models import StandardTask, Task, TaskEvidence
from longsha_credit.programme.tasking import board, services
from tests import make
from tests.commitments import ledger
from tests.programme import years
from tests.programme.education import making as education
from tests.programme.inspections import making as inspections
from tests.programme.tasking import making
from tests.records import making as records


def at(name, *args, **query):
    return reverse(f"tasks:{name}", args=args, query=query)


def words(response):
    return response.content.decode()


def queries(browser, url):
    browser.get(url)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert browser.get(url).status_code == 200
    return len(found)


@pytest.fixture
def year(cast):
    year = making.year(cast)
    making.issued(cast, year)
    return year


@pytest.mark.parametrize("url", ["list", "board", "standards", "export"])
def test_a_page_costs_the_same_at_any_number_of_units(cast, year, signed_in, url):
    office, address = signed_in(cast.office), at(url, year=2026)
    few = queries(office, address)
    for n in range(4):
        make.organisation("community", f"新社区{n}", cast.street)
    making.issued(cast, year)
    assert queries(office, address) == few


def test_each_sees_the_tasks_of_their_own_units_and_below(cast, year, signed_in):
    counts = {
        who: signed_in(getattr(cast, who)).get(at("list", year=2026)).context["page"].total
        for who in ("office", "clerk", "other_clerk", "community_clerk", "supervisor")
    }
    assert counts == {"office": 34, "clerk": 21, "other_clerk": 13, "community_clerk": 8, "supervisor": 34}


def test_the_board_opens_from_the_district_to_the_street_and_to_the_rows(cast, year, signed_in):
    making.done(cast, making.task(cast))
    office = signed_in(cast.office)
    board = office.get(at("board", year=2026)).context["board"]
    assert [(row.unit.name, row.whole.done, row.whole.total) for row in board.rows] == [
        ("向阳街道", 1, 21), ("临江街道", 0, 13),
    ]  # fmt: skip
    street = office.get(at("board", year=2026, unit=cast.street.pk, by="main")).context["board"]
    assert [(row.unit.name, row.is_own, row.whole.total) for row in street.rows] == [
        ("向阳街道", True, 13), ("新苑社区", False, 8),
    ]  # fmt: skip
    cell = street.rows[0].cells["3"]
    rows = office.get(at("list", year=2026, unit=cast.street.pk, alone=1, main=3)).context["page"]
    assert (cell.total, cell.done) == (rows.total, 1) == (2, 1)


@pytest.mark.parametrize("name", ["export", "board_export"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_taken_out_leaves_an_entry_and_stays_in_scope(cast, year, signed_in, name, kind):
    before = Entry.objects.filter(step="export").count()
    response = signed_in(cast.other_clerk).get(at(name, year=2026, format=kind))
    assert response.status_code == 200 and Entry.objects.filter(step="export").count() == before + 1
    text = b"".join(response.streaming_content)
    if kind == "csv":
        lines = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
        assert "向阳" not in text.decode() and lines[1][0].startswith("临江街道")
    assert signed_in(cast.clerk).get(at(name, year=2026, format="pdf")).status_code == 302


def test_evidence_is_picked_only_from_what_the_unit_may_show(cast, year, signed_in):
    """Neither another unit's work, nor records of persons, nor clues are offered; no hand-made request gets them in."""
    task = making.working(cast)
    personal = records.draft(cast, "S12")
    secret = Entry.objects.about(personal).first()
    clue = Entry.objects.about(ledger.clue(cast, by=cast.reviewer)).first()
    foreign = Entry.objects.about(
        make.in_force(
            cast,
            by=cast.other_clerk,
            lead=cast.other_lead,
            organisation=cast.other_street,
            post=cast.other_post,
        )
    ).first()
    assert secret.organisation_path == clue.organisation_path == cast.street.path != foreign.organisation_path
    clerk = signed_in(cast.clerk)
    page = words(clerk.get(at("evidence", task.pk)))
    for entry in (secret, clue, foreign):
        assert f"entry-{entry.pk}" not in page
        assert clerk.post(at("evidence", task.pk), {"pick": f"entry-{entry.pk}"}).status_code == 404
    assert not TaskEvidence.objects.exists()
    for nonsense in ("entry-", "entry-0", "user-1", "file-99999999999", "x" * 300):
        assert clerk.post(at("evidence", task.pk), {"pick": nonsense}).status_code == 404
    assert clerk.post(at("evidence", task.pk), {}).status_code == 422
    clerk.post(at("evidence", task.pk), {"uploads": make.upload("亮牌照片.txt", "承诺亮牌")})
    row = TaskEvidence.objects.get()
    assert f'<a href="{reverse("file", args=[row.file_id])}">亮牌照片.txt</a>' in words(
        clerk.get(at("page", task.pk))
    )
    assert clerk.get(reverse("file", args=[row.file_id])).status_code == 200
    assert signed_in(cast.other_clerk).get(reverse("file", args=[row.file_id])).status_code == 404
    clerk.post(at("evidence_drop", task.pk, row.pk))
    assert not TaskEvidence.objects.exists()


def test_several_tasks_get_one_owner(cast, year, signed_in):
    mine = list(Task.objects.filter(organisation=cast.street)[:3])
    lead = signed_in(cast.lead)
    asked = {"task": [task.pk for task in mine]}
    assert "给3件任务定责任人" in words(lead.get(at("owners"), asked))
    lead.post(at("owners"), {**asked, "owner": f"person-{cast.clerk.pk}"})
    assert Task.objects.filter(owner=cast.clerk, state="working").count() == 3
    mixed = {"task": [mine[0].pk, Task.objects.filter(organisation=cast.community)[0].pk]}
    assert lead.get(at("owners"), mixed).status_code == 302
    assert lead.post(at("owners"), {**asked, "owner": f"person-{cast.other_clerk.pk}"}).status_code == 422


def test_a_frozen_year_is_shown_and_not_changed(cast, year, signed_in):
    task = making.reported(cast)
    asking = signed_in(cast.office).get(reverse("programme:step", args=[year.pk, "ask_freeze"]))
    assert "还有34件任务没有认定完成" in words(asking)
    years.frozen(cast, year)
    clerk, office = signed_in(cast.clerk), signed_in(cast.office)
    assert "已封存" in words(clerk.get(at("page", task.pk)))
    assert clerk.post(at("note", task.pk, "progress"), {"text": "再写一条"}).status_code == 422
    assert "已封存" in words(office.post(at("step", task.pk, "accept"), follow=True))
    assert (
        office.post(at("issue", year.pk), {"tasks": [making.standards(year, "window")[0].pk]}).status_code
        == 422
    )
    assert Task.objects.get(pk=task.pk).state == "reported" and task.notes.count() == 1
    assert "下达任务</a>" not in words(office.get(at("list", year=2026)))


def test_the_office_edits_the_list_until_it_is_handed_down(cast, year, signed_in):
    office = signed_in(cast.office)
    row, given = making.listed(year, "公开窗口服务承诺", "window"), making.listed(year, "公开四类承诺")
    typed = {
        "main": 3, "title": "窗口承诺上墙", "work": "写清几天办好。", "evidence": "公开的承诺。", "basis": "方案二（三）",
        "stage": "advance", "due_on": "2026-04-30", "level": "window",
    }  # fmt: skip
    assert office.post(at("standard_edit", row.pk), {**typed, "due_on": "2027-01-01"}).status_code == 422
    assert office.post(at("standard_edit", row.pk), typed).status_code == 302
    assert StandardTask.objects.get(pk=row.pk).title == "窗口承诺上墙"
    assert "已经下达，不能再改" in words(office.get(at("standard_edit", given.pk), follow=True))
    assert office.post(at("standard_new", year.pk), typed).status_code == 302
    assert StandardTask.objects.filter(year=year, title="窗口承诺上墙").count() == 2
    office.post(at("standard_retire", given.pk))
    assert StandardTask.objects.get(pk=given.pk).retired_on is not None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "请至少选一项任务"),
        ({"named": "没有的街道"}, "“没有的街道”没有找到"),
        ({"due_on": "2031-01-01"}, "期限要在2026年内"),
        ({"due_on": "明天"}, ""),
        ({"tasks": ["abc"]}, ""),
        ({"streets": ["-1"]}, ""),
        ({"named": "\x00" * 10}, ""),
        ({"key": "../../x"}, ""),
    ],
)
def test_nonsense_is_told_and_hands_nothing_down(cast, year, signed_in, typed, said):
    rows = making.standards(year, "window")
    given = {"tasks": [rows[0].pk]} if typed else {}
    response = signed_in(cast.office).post(at("issue", year.pk), {**given, **typed})
    assert response.status_code == 422 and said in words(response)


@pytest.mark.parametrize(
    "query", ["unit=abc&stage=x&main=99&level=king&job=%00&view=no&page=-1&q=%00", "year=0&unit=999999999"]
)
def test_an_address_somebody_made_up_narrows_nothing(cast, year, signed_in, query):
    office = signed_in(cast.office)
    for name in ("list", "board", "standards", "export"):
        assert office.get(f"{at(name)}?{query}").status_code == 200


def test_two_people_who_share_a_form_do_not_overwrite_each_other(cast, year):
    row = making.listed(year, "公开窗口服务承诺", "window")
    seen = row.saved_at.isoformat()
    services.save_standard(row, by=cast.office)
    with pytest.raises(services.Refused, match="同事刚刚保存过"):
        services.save_standard(row, by=cast.office, seen=seen)


def test_a_task_goes_with_the_handover_of_the_post_that_answers_for_it_and_of_its_unit(cast, year):
    task = making.working(cast)
    services.set_owner(task, by=cast.lead, today=making.TODAY, post=cast.post)
    assert [(f.kind, f.label, f.state) for f in collecting.open_of(cast.street, cast.post)] == [
        ("任务", "公开四类承诺", "办理中")
    ]
    assert sum(f.object_kind == "programme.task" for f in collecting.open_of(cast.street)) == 13
    years.frozen(cast, year)
    assert collecting.open_of(cast.street, cast.post) == []


@pytest.mark.parametrize("step", [making.task, making.working, making.returned, making.reported])
def test_a_task_is_late_from_the_day_after_its_day_until_it_is_reported(cast, step):
    """What came back is late from the day after the five working days it was given again."""
    it = step(cast)
    due = {"returned": making.D(2026, 3, 17)}.get(it.state, it.due_on)
    only, everybody = Task.objects.filter(pk=it.pk), Organisation.objects.all()
    late = [
        board.board_of(cast.street, only, everybody, by="stage", today=day).whole.whole.late
        for day in (due, due + datetime.timedelta(days=1))
    ]
    assert late == ([0, 0] if it.state == "reported" else [0, 1])


def test_what_was_inspected_and_taught_is_evidence_too(cast, year, signed_in):
    task, finding, lesson = making.working(cast), inspections.passed(cast), education.summarised(cast)
    entries = {
        Entry.objects.about(thing).get(step=step).pk
        for thing, step in ((finding.visit, "countersign"), (finding, "pass"), (lesson, "summarise"))
    }
    clerk = signed_in(cast.clerk)
    page = words(clerk.get(at("evidence", task.pk)))
    for pk in entries:
        assert f'value="entry-{pk}"' in page
        clerk.post(at("evidence", task.pk), {"pick": f"entry-{pk}"})
    assert set(task.evidence.values_list("entry", flat=True)) == entries
    assert "复查合格" in words(clerk.get(at("page", task.pk)))


def test_the_whole_list_of_a_level_is_one_step_away(cast, signed_in):
    now, office = timezone.localdate().year, signed_in(cast.office)
    making.year(cast, now)
    page = words(office.get(at("standards", year=now)))
    link = re.search(r'href="([^"]+)">下达街道的全部任务', page)[1].replace("&amp;", "&")
    assert "确认下达26件" in words(office.get(f"{link}due_on={now}-12-31"))
    assert "的全部任务" not in words(signed_in(cast.clerk).get(at("standards", year=now)))
