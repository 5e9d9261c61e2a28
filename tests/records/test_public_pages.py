"""What residents read of records: each state in words, what became of one taken down, the list and its figures."""

import datetime
import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from longsha_credit.deadlines.calendar import add_months
from longsha_credit.directory.models import Level
from records import services
from records.models import Record
from tests import make
from tests.audit.rules import past_triggers
from tests.records import making


def words(response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", response.content.decode())))


def behind_the_door(sql, *values):
    with past_triggers() as cursor:
        cursor.execute(sql, values)


def page(client, it, status=200):
    response = client.get(f"/records/{it.number}/")
    assert response.status_code == status
    return words(response)


def shown(client, **asked):
    return [row.title for row in client.get("/records/", asked).context["page"]]


# --- one record ------------------------------------------------------------------------------------------------------


def test_a_record_says_what_happened_on_what_basis_and_for_how_long(client, cast):
    it = making.public(cast)
    text = page(client, it)
    for said in (
        "失信记录 向阳街道 · 守信践诺 · 核实的投诉举报", it.title, it.facts, it.document_number, it.issuing_body,
        "X06 未兑现惠民利企承诺，经核实", "发改财金〔2023〕1103号", f"到 {it.effective_until} 为止", "与公开账一致",
        f"{add_months(it.effective_from, 3)} 起，当事单位纠正失信",
    ):  # fmt: skip
        assert said in text
    for unsaid in ("异议处理中", "更正中", "修复申请办理中", "不一致", "撤销申请"):
        assert unsaid not in text


def test_a_good_record_speaks_of_no_repair(client, cast):
    text = page(client, making.public(cast, "S04", title="依法行政先进街道"))
    assert "守信记录 向阳街道 · 依法行政 · 表彰奖励" in text and "修复" not in text


def test_an_objection_is_marked_at_once_and_its_words_stay_inside(client, cast):
    it = making.public(cast)
    said = making.objection(cast, it)
    text = page(client, it)
    assert text.count("异议处理中") == 2 and f"{said.filed_on} 提出异议" in text
    assert said.reason not in text and "照片" not in text
    assert "异议处理中" in words(client.get("/records/"))
    for listed in ("/", f"/units/{cast.street.pk}/", "/search/?q=老年食堂", "/search/?kind=record"):
        assert "异议处理中" in words(client.get(listed)), listed
    assert "异议处理中" in words(client.get(f"/records/{it.number}/versions/1/"))


def test_an_objection_that_failed_leaves_its_day(client, cast):
    it = making.public(cast)
    making.objected(cast, it, "upheld")
    text = page(client, it)
    assert f"{making.TODAY} 办结：维持" in text and "异议处理中" not in text
    assert "查看了供餐记录" not in text


def test_a_recalled_objection_leaves_nothing(client, cast):
    it = making.public(cast)
    before = page(client, it)
    said = making.objection(cast, it)
    making.OBJECTION.take(said, "recall", by=cast.lead)
    assert page(client, it) == before


def test_what_is_to_be_corrected_says_so_until_the_corrected_version_stands(client, cast):
    it = making.public(cast)
    making.objected(cast, it, "corrected", wanted="corrected")
    assert f"{making.TODAY} 办结：这条记录应当更正。更正后的内容核实、审查以后" in page(client, it)
    for listed in ("/records/", f"/records/{it.number}/versions/1/", "/", "/search/?kind=record"):
        assert "更正中" in words(client.get(listed)), listed
    new = making.corrected(cast, it)
    text = page(client, it)
    assert it.title in text and new.title not in text
    assert "更正后的内容已经核实，正在审查" in text and text.count("更正中") == 2
    making.noticed(cast, new)
    response = client.get(f"/records/{it.number}/")
    text = words(response)
    assert new.title in text and "更正中" not in text and "理由：日期写错" in text
    assert [version.number for version in response.context["versions"]] == [2, 1]
    assert shown(client) == [new.title]


def test_versions_can_be_read_and_compared(client, cast):
    it = making.public(cast)
    new = making.noticed(cast, making.corrected(cast, it))
    old = words(client.get(f"/records/{it.number}/versions/1/"))
    assert f"{it.title}（第1版）" in old and "这是旧版，已经更正" in old
    now = words(client.get(f"/records/{it.number}/versions/2/"))
    assert f"{new.title}（第2版）" in now and "实质更正，理由：日期写错" in now
    assert client.get(f"/records/{it.number}/versions/3/").status_code == 404


def test_a_request_for_repair_is_told_and_its_words_stay_inside(client, cast):
    it = making.public(cast, effective_from=making.LAST_YEAR)
    asked = making.repair(cast, it)
    for listed in ("/records/", f"/records/{it.number}/versions/1/", "/", "/search/?kind=record"):
        assert "修复申请办理中" in words(client.get(listed)), listed
    text = page(client, it)
    assert text.count("修复申请办理中") == 2 and f"{asked.filed_on} 申请信用修复" in text
    assert asked.reason not in text


def test_a_request_to_revoke_is_nobodys_business_yet(client, cast):
    it = making.public(cast)
    addresses = ("/records/", f"/records/{it.number}/", f"/units/{cast.street.pk}/")
    before = [words(client.get(address)) for address in addresses]
    making.revoking(cast, it)
    assert [words(client.get(address)) for address in addresses] == before


# --- one that is no more ---------------------------------------------------------------------------------------------


def gone(client, it, word):
    response = client.get(f"/records/{it.number}/")
    text = words(response)
    assert response.status_code == 410
    assert f"<h1>{word}</h1>" in response.content.decode()
    for content in (it.title, it.facts, it.document_number, it.item.title):
        assert content not in text
    assert client.get(f"/records/{it.number}/versions/1/").status_code == 410
    assert shown(client) == []
    return text


def test_a_revoked_one_says_so_as_large_as_it_stood(client, cast):
    text = gone(client, making.revoked(cast, making.public(cast)), "已撤销")
    assert "记录已撤销：认定书已被撤销" in text and "向阳街道" in text


def test_one_revoked_by_an_objection_says_so(client, cast):
    it = making.public(cast)
    making.objected(cast, it, "revoked")
    assert "异议成立" in gone(client, it, "已撤销")


def test_a_repaired_one_says_so(client, cast):
    it = making.public(cast, effective_from=making.LAST_YEAR)
    making.repaired(cast, it)
    assert "信用修复，修复〔" in gone(client, it, "已修复")


def test_an_expired_one_says_so(client, cast):
    it = making.public(cast)
    services.run_nightly(today=it.effective_until + datetime.timedelta(days=1))
    assert "有效期满（" in gone(client, it, "有效期满")


def expired_under_an_objection(c):
    it = making.public(c)
    said = making.objection(c, it)
    services.run_nightly(today=it.effective_until + datetime.timedelta(days=1))
    return it, said


def test_an_expired_one_whose_objection_is_open_says_so_until_it_is_answered(client, cast):
    it, said = expired_under_an_objection(cast)
    text = gone(client, it, "有效期满")
    assert text.count("异议处理中") == 2 and f"{said.filed_on} 提出异议" in text
    assert said.reason not in text
    making.decided(cast, making.OBJECTION, said, "upheld")
    type(it).objects.filter(pk=it.pk).update(ended_on=making.TODAY)  # the night came before its day
    text = gone(client, it, "有效期满")
    assert f"{making.TODAY} 办结：维持" in text and "异议处理中" not in text


def test_an_expired_one_that_was_wrong_is_called_revoked_as_large_and_in_the_log(client, cast):
    it, said = expired_under_an_objection(cast)
    making.decided(cast, making.OBJECTION, said, "revoked")
    text = gone(client, it, "已撤销")
    assert f"结论记录已撤销：异议成立（{said.number}）" in text and "停止公示的理由有效期满（" in text
    assert "异议处理中" not in text
    log = words(client.get("/corrections/"))
    assert "撤下后的结论：记录已撤销：异议成立" in log and it.title not in log
    answer = client.get(f"/api/v1/records/{it.number}/")
    assert (answer.status_code, answer.json()["outcome"]) == (410, "已撤销")
    assert "异议成立" in answer.json()["reason"]
    assert client.get("/corrections/").context["page"].total == 2


def test_one_whose_correction_is_internal_tells_nothing_of_it(client, cast):
    old = making.public(cast)
    new = making.corrected(cast, old, item=making.item("X05"), title="只在内部的更正")
    text = gone(client, old, "更正后不再公示")
    assert "只在内部" not in text
    making.revoked(cast, new)
    assert gone(client, old, "更正后不再公示") == text


def test_a_corrected_one_that_is_revoked_before_its_review_ends_is_gone(client, cast):
    old = making.public(cast)
    making.revoked(cast, making.corrected(cast, old))
    gone(client, old, "已撤销")


@pytest.mark.parametrize("number", ["JL2026999999", "JL20260001", "XX2026000001", "JL２０２６000001"])
def test_a_number_nobody_gave_is_not_found(client, cast, number):
    assert client.get(f"/records/{number}/").status_code == 404


def test_a_record_that_never_was_public_is_not_found(client, cast):
    for it in (making.submitted(cast), making.confirmed(cast), making.confirmed(cast, "X05")):
        assert client.get(f"/records/{it.number}/").status_code == 404
        assert client.get(f"/records/{it.number}/versions/1/").status_code == 404


# --- the ledger ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", ["facts = '改过的事实'", "title = '改过的标题'", "effective_until = effective_until - 1",
               "document_number = '假1号'", "subject_name = '别的街道'"]
)  # fmt: skip
def test_what_somebody_changed_behind_the_door_is_called_out(client, cast, change):
    it = making.public(cast)
    behind_the_door(f"UPDATE records_record SET {change} WHERE id = %s", it.pk)
    text = page(client, it)
    assert "本页内容与公开账不一致" in text and "与公开账一致。" not in text


def test_a_spoilt_ledger_is_called_out(client, cast):
    it = making.public(cast)
    behind_the_door("UPDATE publication_ledgercontent SET text = replace(text, '餐', '饭')")
    assert "本页内容与公开账不一致" in page(client, it)
    assert "不一致" in words(client.get(f"/records/{it.number}/versions/1/"))


# --- the list --------------------------------------------------------------------------------------------------------


@pytest.fixture
def several(cast):
    c = cast
    making.public(c, title="未兑现")
    making.public(c, "S04", title="受表彰", decided_on=datetime.date(2025, 3, 1))
    community = {"organisation": c.community, "by": c.community_clerk}
    it = making.submitted(c, "X08", title="社区没有公开", **community)
    making.FLOW.take(it, "confirm", by=c.reviewer)
    make.passed(c, it.notices.get())
    theirs = making.submitted(
        c, "X01", title="判决", organisation=c.other_street, by=c.other_clerk, part="involved"
    )
    making.FLOW.take(theirs, "confirm", by=c.reviewer)
    make.passed(c, theirs.notices.get(), lead=c.other_lead)
    return c


def test_the_list_can_be_narrowed(client, several):
    assert sorted(shown(client)) == ["判决", "受表彰", "未兑现", "社区没有公开"]
    assert sorted(shown(client, unit=several.street.pk)) == ["受表彰", "未兑现", "社区没有公开"]
    assert shown(client, unit=several.community.pk) == ["社区没有公开"]
    assert shown(client, kind="trust") == ["受表彰"] == shown(client, year="2025")
    assert shown(client, dimension="open") == ["社区没有公开"]
    assert len(shown(client, unit="x", kind="\x00", dimension="no", year="0", page="-1")) == 4
    assert "没有这样的记录" in words(client.get("/records/", {"kind": "trust", "dimension": "open"}))


def test_the_figures_count_by_dimension_and_leave_out_what_others_did(client, several):
    figures = client.get("/records/").context["figures"]
    assert (figures["trust"], figures["breach"], figures["mentioned"]) == (1, 2, 1)
    lawful = next(line for line in figures["lines"] if line["key"] == "lawful")
    assert (lawful["trust"], lawful["breach"]) == (1, 0)
    text = words(client.get(f"/units/{several.street.pk}/"))
    assert "守信 1条 · 失信 2条" in text and "社区没有公开" in text and "判决" not in text


def test_an_empty_list_says_what_will_be_here(client, cast):
    assert "现在没有公示的记录" in words(client.get("/records/"))
    assert "现在没有公示的记录" in words(client.get(f"/units/{cast.street.pk}/"))


def test_officials_are_counted_for_the_whole_district_and_never_under_five(client, cast):
    def told(**asked):
        return client.get("/records/", asked).context["officials"]

    assert told() == {"trust": "少于5", "breach": "少于5"}
    for _ in range(4):
        making.confirmed(cast, "X11")
    making.submitted(cast, "X11")
    assert told() == {"trust": "少于5", "breach": "少于5"}
    making.confirmed(cast, "X11")
    assert told() == told(unit=cast.other_street.pk) == {"trust": "少于5", "breach": "5"}
    assert shown(client) == []


def test_the_catalogue_lists_what_is_in_use_and_names_nobody(client, cast):
    item = making.item("X06")
    item.title, item.change_reason = "未兑现承诺（改）", "内部理由"
    services.save_item(item, by=cast.office)
    retired = making.item("X08")
    retired.is_retired, retired.change_reason = True, "停用"
    services.save_item(retired, by=cast.office)
    text = words(client.get("/records/catalogue/"))
    assert "未兑现承诺（改）" in text and "未兑现惠民利企承诺，经核实" not in text and "X08" not in text
    assert "内部理由" not in text and "区办" not in text
    assert "X11" in text and "《公职人员政务处分法》第八条、第二十六条" in text


def queries(client, address):
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_a_longer_list_asks_no_more_queries(client, cast):
    first = making.public(cast, title="第1件")
    addresses = ("/records/", f"/records/{first.number}/", f"/units/{cast.street.pk}/", "/records/catalogue/")
    queries(client, "/records/")  # the mark of the demo is kept for a while
    before = [queries(client, address) for address in addresses]
    for n in range(6):
        it = making.public(cast, title=f"再1件{n}")
        if n % 2:
            making.objection(cast, it)
    assert [queries(client, address) for address in addresses] == before
    assert len(shown(client)) == 7
    assert Record.objects.public().filter(organisation__level=Level.STREET).count() == 7
