"""The board: what counts as fresh, due, stale and empty, for whom, and how many queries it takes."""

import csv
import io

import pytest
from django.urls import reverse

from disclosure.coverage import board, lists, services
from disclosure.models import Duty, Notice
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.deadlines.models import Deadline, Notification
from longsha_credit.directory.models import Level
from longsha_credit.home import todo
from tests import make
from tests.disclosure import making
from tests.disclosure.coverage import owing
from tests.disclosure.coverage.owing import TODAY, days


def state(unit, key="elderly-care", today=TODAY) -> str:
    return cell(unit, key, today).state


def cell(unit, key="elderly-care", today=TODAY):
    (found,) = board.cells(Duty.objects.filter(organisation=unit, topic__key=key), today)
    return found


def test_a_cell_is_empty_then_fresh_then_due_then_stale(cast):
    owing.all_duties()
    assert state(cast.street) == "empty"
    making.published(cast)
    assert state(cast.street) == state(cast.street, today=days(149)) == "fresh"
    assert state(cast.street, today=days(150)) == state(cast.street, today=days(180)) == "due"
    assert state(cast.street, today=days(181)) == "stale"
    assert (cell(cast.street).number, cell(cast.street).newest_on) == (1, TODAY)


def test_due_begins_with_the_rules_own_first_reminder(cast):
    owing.all_duties()
    making.published(cast, topic=making.topic("news"))
    assert [state(cast.street, "news", days(n)) for n in (6, 7, 14, 15)] == ["fresh", "due", "due", "stale"]


def test_what_changes_only_with_its_matter_is_fresh_or_empty_and_has_no_clock(cast):
    owing.all_duties()
    assert state(cast.street, "organisation-duties") == "empty"
    making.published(cast, topic=making.topic("organisation-duties"))
    assert state(cast.street, "organisation-duties", days(4000)) == "fresh"
    assert cell(cast.street, "organisation-duties").due_on is None


def test_drafts_and_what_is_withdrawn_expired_or_superseded_do_not_count(cast):
    owing.all_duties()
    making.notice(cast)
    making.submitted(cast, making.notice(cast))
    assert cell(cast.street).number == 0
    old = making.published(cast, valid_until=days(5))
    assert cell(cast.street).number == 1
    assert (cell(cast.street, today=days(6)).number, state(cast.street, today=days(6))) == (0, "empty")
    new = making.published(cast, supersedes=old, topic=making.topic("housing"))
    assert (state(cast.street), state(cast.street, "housing")) == ("empty", "fresh")
    making.withdrawn(cast, new)
    assert (state(cast.street), state(cast.street, "housing")) == ("fresh", "empty")


def test_another_streets_cells_never_count(cast, signed_in):
    owing.all_duties()
    making.published(cast)
    mine, theirs = (board.totals(lists.duties_of(one), TODAY) for one in (cast.clerk, cast.other_clerk))
    assert (mine.total, mine.fresh) == (44, 1)
    assert (theirs.total, theirs.fresh) == (24, 0)
    assert board.totals(lists.duties_of(cast.office), TODAY).total == 74
    assert board.cells(lists.duties_of(cast.outsider), TODAY) == []
    page = signed_in(cast.other_clerk).get(reverse("coverage:board")).content.decode()
    assert "向阳街道" not in page
    assert "应公开 <b>24</b>项" in page
    foreign = {"unit": cast.street.pk, "by": "cells"}
    assert (
        "向阳街道" not in signed_in(cast.other_clerk).get(reverse("coverage:board"), foreign).content.decode()
    )


def test_the_counts_by_unit_and_by_topic_add_up_to_the_totals(cast):
    owing.all_duties()
    making.published(cast)
    making.published(
        cast, topic=making.topic("housing"), organisation=cast.community, by=cast.community_clerk
    )
    duties = lists.duties_of(cast.office)
    total = board.totals(duties, TODAY)
    for rows in (board.by_unit(duties, TODAY), board.by_topic(duties, TODAY)):
        for code in (*board.STATES, "total", "late"):
            assert sum(getattr(row, code) for row in rows) == getattr(total, code)
    assert (total.fresh, total.empty, total.filled) == (2, 72, 2)


@pytest.mark.parametrize("by", ["", "topic", "cells"])
def test_the_board_asks_as_often_for_one_unit_as_for_many(cast, signed_in, django_assert_max_num_queries, by):
    owing.all_duties()
    browser, url = signed_in(cast.office), reverse("coverage:board")
    browser.get(url, {"by": by})
    with django_assert_max_num_queries(60) as before:
        browser.get(url, {"by": by})
    for number in range(12):
        make.organisation(Level.COMMUNITY, f"第{number}社区", cast.street)
    owing.all_duties()
    with django_assert_max_num_queries(60) as after:
        page = browser.get(url, {"by": by})
    assert len(after) == len(before)
    assert page.status_code == 200


def test_bad_filters_narrow_nothing_and_are_no_error(cast, signed_in):
    owing.all_duties()
    browser, url = signed_in(cast.office), reverse("coverage:board")
    for query in ("by=x&unit=x&level=x&group=x&topic=x&state=x&page=x", "by=cells&page=99999&unit=²", "topic=" + "9" * 30,
                  "by=cells&state=stale&page=0", "unit=99999999"):  # fmt: skip
        assert browser.get(f"{url}?{query}").status_code == 200


def test_what_goes_out_is_what_was_asked_for_and_leaves_an_entry(cast, signed_in):
    owing.all_duties()
    make.renamed(cast.community, "=新苑社区", cast.office)
    browser, url = signed_in(cast.clerk), reverse("coverage:export")
    response = browser.get(url, {"format": "csv", "level": "community", "state": "empty"})
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert len(rows) == 1 + 19 + 1
    assert rows[1][:6] == ["'=新苑社区", "社区", "1", "就业", "每半年", "还没有内容"]
    entry = Entry.objects.filter(step="export").latest("id")
    assert (entry.actor_name, entry.step_label, entry.reason[:3]) == ("周岚", "导出公开情况", "19条")
    assert browser.get(url, {"format": "xlsx"}).status_code == 200
    refused = browser.get(url, {"format": "exe"}, follow=True)
    assert "格式是 csv 或 xlsx" in refused.content.decode()


def test_the_clerk_is_reminded_now_and_only_once_a_day(cast, signed_in):
    owing.all_duties()
    duty = owing.duty(cast.community)
    url = reverse("coverage:remind", args=[duty.pk])
    page = signed_in(cast.lead).post(url, follow=True).content.decode()
    assert "已提醒社区经办。" in page
    told = Notification.objects.get(path=f"desk/disclosure/coverage/{duty.pk}/")
    assert (told.user, told.title) == (cast.community_clerk, "请公开：养老")
    assert told.text == "新苑社区的“养老”还没有内容，李主任提醒您办理。"
    assert "今天已经提醒过" in signed_in(cast.office).post(url, follow=True).content.decode()
    assert Notification.objects.count() == 1
    assert Entry.objects.about(duty).get().reason == "提醒社区经办"


def test_a_unit_without_a_clerk_is_reminded_through_the_one_above_it(cast):
    owing.all_duties()
    assert services.responsible_for(cast.window) == [cast.clerk]
    with pytest.raises(Refused, match="没有经办账号"):
        services.remind(owing.duty(cast.window, "organisation-duties"), state="empty", by=cast.clerk)


def test_nobody_is_reminded_of_what_is_fresh(cast):
    owing.all_duties()
    with pytest.raises(Refused, match="在更新期内"):
        services.remind(owing.duty(cast.street), state="fresh", by=cast.lead)


def test_the_writer_finds_on_the_desk_what_is_near_or_past(cast):
    owing.all_duties()

    def waits(person, today):
        return [row.topic.key for row in lists.waiting_for(person, today)]

    assert waits(cast.clerk, TODAY) == []
    assert waits(cast.clerk, days(7)) == ["news"]
    assert waits(cast.community_clerk, days(80)) == ["community-accounts", "community-affairs"]
    assert waits(cast.reviewer, days(400)) == []
    making.published(cast, topic=making.topic("news"))
    Deadline.objects.of(owing.duty(cast.street, "news")).open().update(due_on=days(3))
    kind = next(
        kind for kind in todo.waiting(cast.clerk, todo.numbers(cast.clerk)) if kind["key"] == "duties"
    )
    assert [(item["title"], item["due"]) for item in kind["items"]] == [("工作动态", days(3))]


def test_a_cell_shows_its_notices_its_clock_and_who_writes(cast, signed_in):
    owing.all_duties()
    making.published(cast)
    making.notice(cast, title="下一季的草稿")
    url = reverse("coverage:cell", args=[owing.duty(cast.street).pk])
    page = signed_in(cast.clerk).get(url).content.decode()
    assert "高龄津贴发放办法和第三季度发放结果" in page
    assert "下一季的草稿" in page
    assert "通知公告和政策文件更新：180日" in page
    assert f"?unit={cast.street.pk}&amp;topic=elderly-care" in page
    assert "提醒经办" not in page
    seen = signed_in(cast.supervisor).get(url).content.decode()
    assert "写一份" not in seen
    assert Notice.objects.count() == 2
    assert signed_in(cast.other_clerk).get(url).status_code == 404
