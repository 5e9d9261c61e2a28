"""The desk of records: filed by the form, sent back with codes, read by the right ones, listed and taken out safely."""

import io

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from longsha_credit.audit.models import Entry
from records.flows import FLOW, OBJECTION
from records.models import CatalogueItem, Objection, Record
from tests import make
from tests.records import making


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
def test_a_list_takes_as_many_queries_for_twelve_rows_as_for_one(cast, signed_in, what):
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
    for n in range(11):
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
