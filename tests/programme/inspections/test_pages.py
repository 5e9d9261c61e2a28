"""The pages of inspections: who sees what, one point stored by itself, bad files, figures, exports, constant queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from longsha_credit.files.models import StoredFile
from longsha_credit.programme.flows import FLOW as FREEZING
from longsha_credit.programme.models import Visit, VisitPoint
from tests import make
from tests.programme import years
from tests.programme.inspections import making


def point_url(visit, position=1):
    return reverse("inspections:point", args=[visit.pk, position])


def test_a_point_is_stored_by_itself_and_comes_back_as_a_piece_of_the_page(cast, signed_in):
    visit = making.begun(cast)
    browser = signed_in(cast.reviewer)
    sent = {
        "result": "no",
        "note": "公示过期",
        "photos": [making.photo("一.jpg"), making.photo("二.jpg", "red")],
    }
    answer = browser.post(point_url(visit), sent, headers={"X-Part": "point"})
    text = answer.content.decode()
    assert (answer.status_code, text.count("<img"), 'data-result="no"' in text) == (200, 2, True)
    assert "<html" not in text
    assert "第2、3项还没有记结果" in text  # what may be done next comes along
    page = browser.get(reverse("inspections:visit", args=[visit.pk])).content.decode()
    assert "公示过期" in page  # leaving the page lost nothing
    point = VisitPoint.objects.get(visit=visit, position=1)
    browser.post(point_url(visit), {"result": "no", "note": "公示过期", "removed": point.files.first().pk})
    assert point.files.count() == 1


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"result": "no", "photos": make.upload("现场.txt")}, "不是照片"),
        ({"result": "no", "photos": make.upload("现场.jpg", "不是图片")}, "现场.jpg"),
        ({"result": "maybe"}, "请从列出的选项里选择结果"),
        ({"result": "no", "note": "长" * 301}, "最多 300 个字"),
        ({"result": "no", "removed": "x"}, "照片要写整数"),
    ],
)
def test_what_cannot_be_stored_is_told_and_nothing_is_stored_by_half(cast, signed_in, sent, told):
    visit = making.begun(cast)
    files = StoredFile.objects.count()
    for headers in ({}, {"X-Part": "point"}):
        answer = signed_in(cast.reviewer).post(point_url(visit), sent, headers=headers)
        assert answer.status_code == 422
        assert told in answer.content.decode()
        if "photos" in sent:
            sent["photos"].seek(0)
    point = VisitPoint.objects.get(visit=visit, position=1)
    assert (point.result, point.note, StoredFile.objects.count()) == ("", "", files)


def test_two_phones_at_one_record_do_not_undo_each_other(cast, signed_in):
    """What a phone still shows from before is not sent over what the other one wrote meanwhile."""
    visit = making.begun(cast)
    signed_in(cast.office).post(point_url(visit), {"result": "no", "note": "公示过期"})
    as_shown_before = {"was_result": "", "was_note": "", "note": "", "photos": making.photo()}
    signed_in(cast.reviewer).post(point_url(visit), as_shown_before)
    point = VisitPoint.objects.get(visit=visit, position=1)
    assert (point.result, point.note, point.files.count()) == ("no", "公示过期", 1)


def test_a_finished_record_takes_nothing_more(cast, signed_in):
    visit = making.finished(cast)
    answer = signed_in(cast.reviewer).post(point_url(visit, 2), {"result": "no", "note": "补写"}, follow=True)
    assert "记录不能再改" in answer.content.decode()
    assert VisitPoint.objects.get(visit=visit, position=2).result == "yes"


def test_only_its_inspectors_write_a_record(cast, signed_in):
    visit = making.begun(cast)
    for person in (cast.reviewer2, cast.clerk, cast.other_clerk, cast.supervisor):
        assert signed_in(person).post(point_url(visit), {"result": "yes"}).status_code == 404
    assert signed_in(cast.supervisor).get(reverse("inspections:visit", args=[visit.pk])).status_code == 200


def test_a_spot_check_is_known_to_the_unit_only_when_it_begins(cast, signed_in):
    visit = making.planned(cast, making.going(cast, making.plan(cast, kind="spot")))
    here, clerk = reverse("inspections:visit", args=[visit.pk]), signed_in(cast.clerk)
    assert clerk.get(here).status_code == 404
    assert clerk.get(reverse("inspections:visits")).context["page"].total == 0
    assert signed_in(cast.office).get(here).status_code == 200
    making.begun(cast, visit)
    assert clerk.get(here).status_code == 200


def test_a_unit_sees_its_own_visits_and_findings_and_nobody_elses(cast, signed_in):
    finding = making.noticed(cast)
    mine = {"clerk": 1, "community_clerk": 0, "other_clerk": 0, "supervisor": 1, "official": 0}
    for name, number in mine.items():
        browser = signed_in(getattr(cast, name))
        assert browser.get(reverse("inspections:findings")).context["page"].total == number, name
        status = browser.get(reverse("inspections:finding", args=[finding.pk])).status_code
        assert status == (200 if number else 404), name
        photo = browser.get(reverse("file", args=[finding.files.get().pk])).status_code
        assert photo == (200 if number else 404), name


def test_a_plan_with_nothing_to_look_at_or_one_inspector_is_sent_back_whole(cast, signed_in):
    making.this_year(cast)
    sent = {"kind": "special", "title": "专项", "basis": "方案", "from_on": "2026-13-01", "to_on": "x"}
    answer = signed_in(cast.office).post(reverse("inspections:new"), sent | {"people": [cast.office.pk]})
    text = answer.content.decode()
    assert answer.status_code == 422
    for sentence in (
        "检查内容至少写一项。",
        "检查人员至少选两个人。",
        "请选择被检查单位。",
        "要写成 2026-11-30",
    ):
        assert sentence in text


def test_figures_are_exported_with_an_entry(cast, signed_in):
    making.passed(cast)
    for kind, start in (("csv", "\ufeff单位".encode()), ("xlsx", b"PK")):
        answer = signed_in(cast.office).get(reverse("inspections:export"), {"format": kind})
        assert b"".join(answer.streaming_content).startswith(start)
    assert signed_in(cast.office).get(reverse("inspections:export"), {"format": "pdf"}).status_code == 302


LISTS = ("list", "visits", "findings", "figures", "new")


def test_lists_and_figures_ask_the_same_number_of_questions_at_any_length(cast, signed_in):
    browser = signed_in(cast.office)

    def asked(name):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browser.get(reverse(f"inspections:{name}")).status_code == 200
        return len(queries)

    making.noticed(cast)
    few = {name: asked(name) for name in LISTS}
    making.failed(cast)
    making.noticed(
        cast,
        making.found(
            cast, making.signed(cast, making.begun(cast, making.planned(cast, unit=cast.community)))
        ),
    )
    assert {name: asked(name) for name in LISTS} == few
    assert max(few.values()) < 25, few


def test_a_form_on_the_spot_asks_the_same_number_of_questions_however_many_points(cast, signed_in):
    def asked(points):
        visit = making.begun(cast, making.planned(cast, making.going(cast, making.plan(cast, points=points))))
        with CaptureQueriesContext(connection) as queries:
            signed_in(cast.reviewer).get(reverse("inspections:visit", args=[visit.pk]))
        return len(queries)

    assert asked(making.POINTS[:1]) == asked(making.POINTS * 6)
    assert Visit.objects.filter(state="on_site").count() == 2


def test_who_freezes_a_year_is_told_which_visits_nobody_has_signed(cast, signed_in):
    making.begun(cast)
    making.plan(cast, title="窗口专项检查")
    year = years.closing(cast, making.this_year(cast))
    for step, by in (("freeze", cast.reviewer), ("ask_freeze", cast.office)):
        if step == "ask_freeze":
            FREEZING.take(year, "refuse_freeze", by=cast.reviewer, reason="检查没有办完")
        text = signed_in(by).get(reverse("programme:step", args=[year.pk, step])).content.decode()
        assert "：向阳街道</a>，正在检查" in text and "：新苑社区</a>，待检查" in text
        assert "现场检查共2次没有签完字" in text and "窗口专项检查</a>，拟定中" in text
