"""The desk of records: filed by the form, sent back with codes, read by the right ones, listed and taken out safely."""

import datetime
import io

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from longsha_credit.audit.models import Entry
from records import services
from records.flows import FLOW, OBJECTION
from records.models import CatalogueItem, Objection, Record
from tests import make
from tests.records import making
from tests.records.test_scope import item_at


def given(c, code="X06", **changes):
    """What the form of an item sends."""
    fields = making.fields(c, code, **changes)
    del fields["item"], fields["effective_until"]
    fields["organisation"] = fields["organisation"].pk
    if "official" in fields:
        fields["official"] = fields["official"].pk
        del fields["organisation"]
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in fields.items()} | {
        "part": "party",
        "uploads": [make.upload("认定书.txt", "认定书")],
    }  # fmt: skip


def text(response):
    return response.content.decode()


def test_a_clerk_files_a_record_by_the_form_and_the_reviewer_confirms_it(cast, signed_in):
    clerk, reviewer = signed_in(cast.clerk), signed_in(cast.reviewer)
    assert "X06" in text(clerk.get(reverse("records:new")))
    url = reverse("records:new") + "?item=X06"
    assert "认定书" in text(clerk.get(url))
    saved = clerk.post(url, given(cast))
    it = Record.objects.get()
    page = reverse("records:page", args=[it.pk])
    assert (saved.status_code, saved.url, it.state, it.files.count()) == (302, page, "draft", 1)
    assert it.effective_until == making.fields(cast)["effective_until"]  # left empty is the longest
    done = clerk.post(reverse("records:step", args=[it.pk, "submit"]), follow=True)
    assert "核实" in text(done)
    assert it.title in text(reviewer.get(reverse("records:list") + "?view=todo"))
    reviewer.post(reverse("records:step", args=[it.pk, "confirm"]))
    it.refresh_from_db()
    assert it.state == "effective"
    for who in (cast.clerk, cast.lead, cast.reviewer, cast.secrecy):
        shown = signed_in(who).get(page)
        assert it.facts in text(shown)
        assert it.item.basis in text(shown)


@pytest.mark.parametrize("code", ["S02", "S12", "X03", "X11", "X16"])
def test_the_form_changes_with_the_item_and_takes_its_record(cast, signed_in, code):
    item = making.item(code)
    clerk, url = signed_in(cast.clerk), reverse("records:new") + f"?item={code}"
    form = text(clerk.get(url))
    assert ('name="official"' in form) == ("official" in item.subjects)
    assert ('name="organisation"' in form) == (item.subjects != ["official"])
    assert ('name="finality"' in form) == item.may_be_pending
    assert ('name="effective_until"' in form) == (item.effect_rule == "up_to")
    assert clerk.post(url, given(cast, code) | {"finality": "final"}).status_code == 302
    it = Record.objects.get()
    assert it.effective_until == making.fields(cast, code)["effective_until"]
    FLOW.take(it, "submit", by=cast.clerk)


def test_a_mistake_in_the_form_is_a_sentence_and_nothing_is_saved(cast, signed_in):
    clerk, url = signed_in(cast.clerk), reverse("records:new") + "?item=X03"
    wrong = given(cast, "X03") | {
        "decided_on": "2099-01-01",
        "effective_from": "",
        "effective_until": "2099-02-01",
        "finality": "pending",
    }
    answer = clerk.post(url, wrong)
    assert answer.status_code == 422
    for sentence in ("作出日期不能晚于今天", "请写上生效日期", "请写明哪一天再看"):
        assert sentence in text(answer)
    too_long = given(cast, "X03") | {"effective_until": "2090-01-01", "finality": "final"}
    assert "最长到" in text(clerk.post(url, too_long))
    stranger = given(cast, "X03") | {"organisation": cast.other_street.pk, "finality": "final"}
    assert clerk.post(url, stranger).status_code == 422
    assert not Record.objects.exists()


def test_the_reviewer_sends_back_with_codes_and_the_clerk_sees_them(cast, signed_in):
    it = making.submitted(cast)
    url = reverse("records:step", args=[it.pk, "send_back"])
    reviewer, clerk = signed_in(cast.reviewer), signed_in(cast.clerk)
    assert reviewer.get(url).status_code == 200
    assert reviewer.post(url, {"reason": ""}).status_code == 422
    reviewer.post(url, {"reason": "文号对不上", "flag_document_number": "mismatch", "flag_title": ""})
    it.refresh_from_db()
    assert (it.state, it.flagged) == ("returned", {"document_number": "mismatch"})
    for address in ("records:page", "records:edit"):
        shown = text(clerk.get(reverse(address, args=[it.pk])))
        assert "文号：和证据不一致" in shown
        assert "文号对不上" in shown


def test_who_may_not_read_a_persons_record_gets_404_and_an_entry(cast, signed_in):
    it = making.confirmed(cast, "X11")
    for address in ("page", "edit", "reveal", "object"):
        args = [reverse(f"records:{address}", args=[it.pk])]
        browser = signed_in(cast.other_lead)
        assert (browser.post if address == "reveal" else browser.get)(*args).status_code == 404
    assert Entry.objects.filter(step="refused", actor=cast.other_lead).count() == 4
    assert signed_in(cast.reviewer).get(reverse("records:page", args=[it.pk])).status_code == 200
    assert Entry.objects.filter(step="read", actor=cast.reviewer).count() == 1


def renamed(c):
    """A name that stands nowhere else on a page."""
    c.official.official.name = "欧阳海"
    c.official.official.save()
    return c.official.official.name


def test_a_name_is_hidden_until_a_reason_is_given_and_shown_once(cast, signed_in):
    name = renamed(cast)
    it = making.confirmed(cast, "X11", facts=f"给予{name}警告处分。")
    page, url = (reverse(f"records:{a}", args=[it.pk]) for a in ("page", "reveal"))
    reviewer = signed_in(cast.reviewer)
    hidden = text(reviewer.get(page))
    assert name not in hidden
    assert "给予欧某警告" in hidden
    assert reviewer.post(url, {"reason": ""}).status_code == 422
    shown = reviewer.post(url, {"reason": "核对处分决定书"})
    assert f"给予{name}警告" in text(shown)
    assert f"给予{name}警告" not in text(reviewer.get(page))
    assert Entry.objects.get(step="reveal").reason == "核对处分决定书"
    assert f"给予{name}警告" in text(signed_in(cast.official).get(page))


def test_the_official_stays_unnamed_where_others_wrote_the_name(cast, signed_in):
    name = renamed(cast)
    cast.official.name = name
    cast.official.save()
    it = making.confirmed(cast, "X11")
    objection = making.objection(cast, it, by=cast.official)
    making.OBJECTION.take(objection, "accept", by=cast.reviewer2)
    finding = f"找{name}谈过。"
    making.OBJECTION.take(objection, "propose", by=cast.reviewer2, outcome="upheld", finding=finding)
    FLOW.take(it, "ask_revocation", by=cast.office, reason=f"{name}的处分已撤销")
    page = reverse("records:page", args=[it.pk])
    hidden = text(signed_in(cast.reviewer).get(page))
    assert name not in hidden
    assert "欧某的处分已撤销" in hidden
    step = reverse("records:objection_step", args=[objection.pk, "send_back"])
    assert "找欧某谈过" in text(signed_in(cast.office).get(step))
    # what is only proposed is not the applicant's to read; what is decided is, with the name
    assert "谈过" not in text(signed_in(cast.official).get(page))
    FLOW.take(it, "keep", by=cast.reviewer, reason="处分没有撤销")
    making.OBJECTION.take(objection, "decide", by=cast.office)
    assert finding in text(signed_in(cast.official).get(page))


def lists(c):
    return {
        "list": (reverse("records:list"), c.reviewer),
        "lead": (reverse("records:list") + "?view=todo", c.lead),
        "csv": (reverse("records:export") + "?format=csv", c.reviewer),
        "file": (reverse("records:file", args=[c.street.pk]), c.reviewer),
    }


@pytest.mark.parametrize("what", ["list", "lead", "csv", "file"])
def test_a_list_takes_as_many_queries_for_six_rows_as_for_one(cast, signed_in, what):
    url, who = lists(cast)[what]
    browser = signed_in(who)
    cache.clear()

    def count():
        b"".join(browser.get(url))
        with CaptureQueriesContext(connection) as seen:
            response = browser.get(url)
            b"".join(response)
        assert response.status_code == 200
        return len(seen)

    making.objection(cast, making.public(cast))
    making.draft(cast)
    one = count()
    for n in range(5):
        making.draft(cast, title=f"第{n}条") if n % 2 else making.objection(cast, making.public(cast))
    assert count() == one


def test_an_export_neutralises_formulas_and_masks_names(cast, signed_in):
    name = renamed(cast)
    making.confirmed(cast, "X11", title=f"{name}受到警告", facts=f"{name}的事")
    making.draft(cast, title='=HYPERLINK("http://x")', document_number="@SUM(1)")
    browser = signed_in(cast.office)
    url = reverse("records:export")
    raw = b"".join(browser.get(url + "?format=csv").streaming_content)
    assert raw.startswith(b"\xef\xbb\xbf")
    table = raw.decode("utf-8-sig")
    assert name not in table
    assert "欧某" in table
    assert "'=HYPERLINK" in table
    assert ",'@SUM(1)," in table
    book = load_workbook(io.BytesIO(b"".join(browser.get(url + "?format=xlsx").streaming_content)))
    cells = [str(cell) for row in book.active.iter_rows(values_only=True) for cell in row]
    assert "'@SUM(1)" in cells
    assert not any(name in cell for cell in cells)
    assert Entry.objects.filter(step="export", actor=cast.office).count() == 2


def test_the_subject_objects_and_asks_for_repair_by_the_forms(cast, signed_in):
    it = making.public(cast, effective_from=making.LAST_YEAR, decided_on=making.LAST_YEAR)
    lead, second, office = signed_in(cast.lead), signed_in(cast.reviewer2), signed_in(cast.office)
    assert signed_in(cast.clerk).get(reverse("records:object", args=[it.pk])).status_code == 404
    url = reverse("records:object", args=[it.pk])
    assert lead.get(url).status_code == 200
    asked = lead.post(url, {"wanted": "revoked", "reason": "已经恢复供餐"}, follow=True)
    assert "异议处理中" in text(asked)
    objection = Objection.objects.get()
    second.post(reverse("records:objection_step", args=[objection.pk, "accept"]), {"needs_check": "on"})
    propose = reverse("records:objection_step", args=[objection.pk, "propose"])
    assert second.post(propose, {"outcome": "upheld"}).status_code == 422
    second.post(propose, {"outcome": "upheld", "finding": "供餐没有恢复"})
    office.post(reverse("records:objection_step", args=[objection.pk, "decide"]))
    objection.refresh_from_db()
    assert (objection.state, objection.outcome) == ("decided", "upheld")
    letter = lead.get(reverse("records:objection_letter", args=[objection.pk]))
    assert "异议处理告知书" in text(letter)
    assert "供餐没有恢复" in text(letter)

    url = reverse("records:ask_repair", args=[it.pk])
    assert lead.get(url).status_code == 200
    assert lead.post(url, {"reason": "改好了"}).status_code == 422
    files = {"letter": make.upload("承诺书.txt", "承诺"), "uploads": [make.upload("证明.txt", "证明")]}
    assert lead.post(url, {"reason": "改好了", **files}).status_code == 302
    repair = it.repairs.get()
    second.post(reverse("records:repair_step", args=[repair.pk, "accept"]))
    second.post(
        reverse("records:repair_step", args=[repair.pk, "propose"]),
        {"outcome": "granted", "finding": "看过了"},
    )
    office.post(reverse("records:repair_step", args=[repair.pk, "decide"]))
    it.refresh_from_db()
    assert it.state == "repaired"
    assert "修复证明" in text(lead.get(reverse("records:repair_letter", args=[repair.pk])))
    page = text(lead.get(reverse("records:page", args=[it.pk])))
    assert page.index("已修复") < page.index("facts-title")


def test_a_record_is_corrected_by_the_form(cast, signed_in):
    old = making.public(cast)
    clerk, url = signed_in(cast.clerk), reverse("records:correct", args=[old.pk])
    assert 'name="organisation"' not in text(clerk.get(url))
    data = given(cast, title="换了标题") | {"correction_kind": "material", "correction_reason": "标题写错"}
    assert clerk.post(url, data).status_code == 302
    new = Record.objects.get(corrects=old)
    assert (new.title, new.version, new.files.count()) == ("换了标题", 2, 2)
    assert "历次版本" in text(clerk.get(reverse("records:page", args=[old.pk])))


def test_a_recheck_asks_for_what_it_needs(cast, signed_in):
    it = making.pending(cast)
    url, reviewer = reverse("records:step", args=[it.pk, "recheck"]), signed_in(cast.reviewer2)
    assert reviewer.post(url, {"finality": "pending"}).status_code == 422
    assert reviewer.post(url, {"finality": "final"}).status_code == 302
    it.refresh_from_db()
    assert it.state == "effective"


def test_the_office_keeps_the_catalogue_and_says_why(cast, signed_in):
    office, item = signed_in(cast.office), making.item("S02")
    url = reverse("records:item_edit", args=[item.pk])
    assert signed_in(cast.reviewer).get(url).status_code == 404
    data = {
        f: getattr(item, f) for f in ("title", "kind", "dimension", "source", "subjects", "basis", "evidence")
    }
    data |= {"disclosure": "internal", "severity": "", "effect_rule": "fixed", "effect_months": 18}
    data |= {"effect_basis": item.effect_basis, "repair_min_months": 0, "change_reason": ""}
    assert office.post(url, data).status_code == 422
    assert office.post(url, data | {"change_reason": "会议纪要"}).status_code == 302
    now = making.item("S02")
    assert (now.version, now.effect_months, now.changed_by) == (2, 18, cast.office)
    assert "会议纪要" in text(signed_in(cast.clerk).get(reverse("records:catalogue")))
    new = data | {"code": "S21", "title": "新的事项", "change_reason": "新增"}
    assert office.post(reverse("records:item_new"), new | {"severity": "minor"}).status_code == 422
    assert office.post(reverse("records:item_new"), new).status_code == 302
    assert CatalogueItem.objects.get(code="S21").version == 1


def test_an_officials_file_asks_for_the_purpose_and_keeps_it(cast, signed_in):
    making.confirmed(cast, "X11")
    official = cast.official.official
    url = reverse("records:official_file", args=[official.pk])
    for who in (cast.clerk, cast.other_lead, cast.supervisor):
        assert signed_in(who).get(url).status_code == 404
    assert Entry.objects.filter(step="refused").count() == 3
    lead = signed_in(cast.lead)
    assert "政务处分" not in text(lead.get(url))
    assert lead.post(url, {"reason": ""}).status_code == 422
    assert "政务处分" in text(lead.post(url, {"reason": "年度考核"}))
    assert Entry.objects.get(step="read_file").reason == "年度考核"
    assert "政务处分" in text(signed_in(cast.official).get(url))


def workbook(response):
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return [[str(cell or "") for cell in row] for row in book.active.iter_rows(values_only=True)]


def test_an_officials_file_is_taken_out_for_a_purpose_by_those_who_read_it(cast, signed_in):
    name = renamed(cast)
    it = making.confirmed(cast, "X11", title="标题金丝雀")
    official = cast.official.official
    page, url = (reverse(f"records:official_{a}", args=[official.pk]) for a in ("file", "export"))
    for who in (cast.clerk, cast.other_lead, cast.supervisor):
        assert signed_in(who).post(url, {"reason": "想看看"}).status_code == 404
    assert Entry.objects.filter(step="refused").count() == 3
    lead = signed_in(cast.lead)
    assert url in text(lead.post(page, {"reason": "年度考核"}))
    refused = lead.post(url, {"reason": " "})
    assert refused.status_code == 422 and "导出诚信档案" in text(refused)
    table = workbook(lead.post(url, {"reason": "年度考核"}))
    assert [row[0] for row in table][1:-1] == [it.number]
    assert name in table[1] and "金丝雀" not in str(table)
    assert "李主任 于" in table[-1][0] and "用途：年度考核" in table[-1][0]
    entry = Entry.objects.get(step="export_file")
    assert (entry.actor, entry.reason) == (cast.lead, "年度考核")
    own = signed_in(cast.official)
    assert "本人查阅" in text(own.get(page))
    assert workbook(own.post(url, {"reason": "本人查阅"}))[1][0] == it.number


def test_what_is_to_be_corrected_waits_for_its_writers_until_a_correction_is_under_way(cast, signed_in):
    it = making.confirmed(cast)
    making.objected(cast, it, "corrected", wanted="corrected")
    clerk, page = signed_in(cast.clerk), reverse("records:page", args=[it.pk])
    due = clerk.get(page).context["correct_by"].due_on
    shown = text(clerk.get(page))
    assert "这条记录应当更正" in shown and f"{due:%Y-%m-%d}" in shown and "更正中" in shown

    def waits_for(who):
        return it.title in text(signed_in(who).get(reverse("desk") + "?kind=corrections"))

    writers = [cast.clerk, cast.lead, cast.other_clerk, cast.community_clerk, cast.office, cast.reviewer]
    assert [waits_for(who) for who in writers] == [True, True, False, False, False, False]
    todo = reverse("records:list") + "?view=todo"
    assert it.title in text(clerk.get(todo))
    new = making.correction(cast, it, title="更正后的标题")
    assert not waits_for(cast.clerk)
    FLOW.take(new, "discard", by=cast.clerk, reason="写错了")
    assert waits_for(cast.clerk)
    making.corrected(cast, it)
    assert not waits_for(cast.clerk)
    shown = text(clerk.get(page))
    assert "这条记录应当更正" not in shown and "更正中" not in shown


def test_a_request_is_handed_over_by_the_form_and_what_nobody_handles_is_on_the_lists(cast, signed_in):
    objection = making.objection(cast, making.confirmed(cast))
    OBJECTION.take(objection, "accept", by=cast.reviewer2)
    office, url = signed_in(cast.office), reverse("records:objection_step", args=[objection.pk, "hand_over"])
    todo = reverse("desk") + "?kind=objections"
    assert objection.record.title not in text(office.get(todo))
    cast.reviewer2.memberships.update(ended_on=making.TODAY)
    assert objection.record.title in text(office.get(todo))
    assert objection.record.title not in text(signed_in(cast.reviewer).get(todo))  # confirmed the record
    form = text(office.get(url))
    assert "区办" in form and "秦川" not in form and "韩叙" not in form
    assert office.post(url, {"handler": cast.reviewer.pk, "reason": "调离"}).status_code == 422
    assert office.post(url, {"handler": cast.office.pk, "reason": ""}).status_code == 422
    told = office.post(url, {"handler": cast.office.pk, "reason": "原承办人调离"}, follow=True)
    assert "由新的承办人核查" in text(told)
    objection.refresh_from_db()
    assert (objection.state, objection.handler) == ("handling", cast.office)


def test_where_nobody_else_is_left_the_districts_lead_approves(cast, signed_in):
    """The office filed it, one reviewer confirmed it, the other one looked into it."""
    it = making.submitted(cast, by=cast.office)
    FLOW.take(it, "confirm", by=cast.reviewer)
    objection = making.proposed(cast, OBJECTION, making.objection(cast, it), "upheld")
    title = objection.record.title
    for who in (cast.office, cast.reviewer, cast.reviewer2, cast.lead):
        assert not OBJECTION.available(objection, who) or all(
            offer.refusal for offer in OBJECTION.available(objection, who)
        )
    lead = signed_in(cast.district_lead)
    assert title in text(lead.get(reverse("desk") + "?kind=objections"))
    lead.post(reverse("records:objection_step", args=[objection.pk, "decide"]))
    objection.refresh_from_db()
    assert (objection.state, objection.decided_by) == ("decided", cast.district_lead)


def test_nobody_may_be_left_to_handle_and_the_page_says_what_to_do(cast, signed_in):
    objection = making.objection(cast, making.confirmed(cast))
    OBJECTION.take(objection, "accept", by=cast.reviewer2)
    cast.office.memberships.update(ended_on=making.TODAY)
    page = text(signed_in(cast.reviewer2).get(reverse("records:page", args=[objection.record_id])))
    assert "区里没有别的人可以承办" in page and "增加一名区审核员" in page


@pytest.mark.parametrize("level", ["handler", "office"])
def test_the_lead_reads_and_objects_to_what_is_kept_from_the_unit(cast, signed_in, level):
    it = making.confirmed(cast, item_at(level, "street"))
    lead, page = signed_in(cast.lead), reverse("records:page", args=[it.pk])
    assert it.facts in text(lead.get(page)) and it.title in text(lead.get(reverse("records:list")))
    asked = lead.post(reverse("records:object", args=[it.pk]), {"wanted": "revoked", "reason": "不实"})
    assert asked.status_code == 302 and it.objections.get().filed_by == cast.lead
    assert signed_in(cast.clerk).get(page).status_code == 404


def test_an_expired_record_under_an_objection_is_answered_on_its_page(cast, signed_in):
    it = making.confirmed(cast)
    objection = making.objection(cast, it)
    services.run_nightly(today=it.effective_until + datetime.timedelta(days=1))
    second, page = signed_in(cast.reviewer2), reverse("records:page", args=[it.pk])
    assert "异议处理中" in text(second.get(page))
    second.post(reverse("records:objection_step", args=[objection.pk, "accept"]), {"needs_check": ""})
    url = reverse("records:objection_step", args=[objection.pk, "propose"])
    assert 'value="corrected"' not in text(second.get(url))
    second.post(url, {"outcome": "revoked", "finding": "看错了楼号。"})
    signed_in(cast.office).post(reverse("records:objection_step", args=[objection.pk, "decide"]))
    lead = signed_in(cast.lead)
    assert "看错了楼号" in text(lead.get(reverse("records:objection_letter", args=[objection.pk])))
    shown = text(lead.get(page))
    assert shown.index("已撤销") < shown.index("facts-title") and "已到期" not in shown


def test_a_step_that_is_not_ones_own_says_why(cast, signed_in):
    it = making.submitted(cast)
    answer = signed_in(cast.lead).post(reverse("records:step", args=[it.pk, "confirm"]), follow=True)
    assert "不在您的职责内" in text(answer)
    objection = making.objection(cast, making.confirmed(cast, title="另一条"))
    OBJECTION.take(objection, "accept", by=cast.reviewer2)
    answer = signed_in(cast.office).get(
        reverse("records:objection_step", args=[objection.pk, "propose"]), follow=True
    )
    assert "由承办人提出处理意见" in text(answer)
