"""What residents read of the ledger, and what they never do: right-holder, amount, case, names, texts of the desk."""

import pytest
from django.urls import reverse

from commitments.models import Case, Rectification, RectificationProgress, RectificationSheet
from commitments.rectification import services
from commitments.rectification.flows import FLOW, PROGRESS, SHEET
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Organisation
from longsha_credit.files.models import StoredFile
from tests import make
from tests.commitments import ledger
from tests.commitments.reader import body_of
from tests.url_table import TABLE

WORD, AMOUNT = "金丝雀", "87654321"
CANARIES = (WORD, AMOUNT)
PEOPLE = ("周岚", "李主任", "韩叙", "秦川", "严密")
TEXTS = {
    "title": f"{WORD}标题",
    "details": f"{WORD}细节",
    "holder_label": f"{WORD}公司",
    "instrument": f"{WORD}合同",
    "duty_then": f"{WORD}原职务",
    "duty_now": f"{WORD}现职务",
    "amount": AMOUNT,
}


def page(client, item):
    return client.get(reverse("public_rectification:page", args=[item.number]))


def test_each_state_is_told_in_a_plain_sentence_and_the_settled_come_first(cast, client):
    c = cast
    open_, done = ledger.shown(c), ledger.closed(c, ledger.rectifying(c, ledger.shown(c)))
    late = ledger.rectifying(
        c, ledger.shown(c), today=ledger.TODAY - 30 * ledger.DAY, due_on=ledger.TODAY - ledger.DAY
    )
    refused = ledger.refused(c, ledger.rectifying(c, ledger.shown(c)))
    rows = list(client.get(reverse("public_rectification:list")).context["page"])
    assert rows[0] == done and set(rows) == {open_, done, late, refused}
    told = {row.pk: (row.standing[1], row.standing[2]) for row in rows}
    assert told[open_.pk] == (
        "属实，待整改",
        "核实属实，向阳街道正在定整改方案：做什么、谁牵头、什么时候办完。",
    )
    assert told[done.pk][0] == "已销号" and "经没有经手的人自验、区里另一个人复核" in told[done.pk][1]
    assert told[late.pk] == ("整改超期", f"整改期限{late.due_on:%Y-%m-%d}已经过了，区里正在督办。")
    assert (
        told[refused.pk][0] == "拒不整改" and "是否记入诚信记录，由另外的人核实后决定" in told[refused.pk][1]
    )
    for item in rows:
        text = page(client, item).content.decode()
        assert "本页内容与公开账一致" in text and item.standing[2] in text
    by_state = client.get(reverse("public_rectification:list") + "?state=closed").context["page"]
    assert [row.pk for row in by_state] == [done.pk]
    unit = client.get(reverse("unit", args=[c.street.pk])).context
    assert [row.pk for row in unit["rectifications"]][0] == done.pk
    assert {f["key"]: f["number"] for f in unit["rectification_figures"]}["closed"] == 1


def test_nothing_is_public_without_review_and_progress_not_without_the_item(cast, client):
    c = cast
    item = ledger.rectifying(c, ledger.found(c, public=True))
    told = ledger.progress(c, item)
    assert page(client, item).status_code == 404
    with pytest.raises(Refused, match="还没有公开"):
        PROGRESS.take(told, "submit", by=c.clerk)
    ledger.passed(c, item.sheets.get())
    assert told.text not in page(client, item).content.decode()
    PROGRESS.take(told, "submit", by=c.clerk)
    make.passed(c, told)
    assert told.text in page(client, item).content.decode()


def test_a_new_version_stands_beside_the_old_one_with_its_reason(cast, client):
    first = ledger.replaced(cast)
    item = first.rectification
    text = page(client, item).content.decode()
    assert "分两批移交。" in text and "补写措施" in text
    old = client.get(reverse("public_rectification:version", args=[item.number, 1])).content.decode()
    assert first.text in old and "分两批移交" not in old


def test_what_is_withdrawn_goes_with_its_progress_and_its_reason_stands_in_the_log(cast, client):
    c = cast
    item = ledger.rectifying(c, ledger.shown(c))
    told = ledger.told(c, item)
    sheet = item.sheets.get()
    SHEET.take(sheet, "ask_withdrawal", by=c.reviewer, reason="引用文号有误")
    assert page(client, item).status_code == 200
    with pytest.raises(Refused, match="由另一个人批准"):
        SHEET.take(sheet, "approve_withdrawal", by=c.reviewer)
    SHEET.take(sheet, "approve_withdrawal", by=c.reviewer2)
    answer = page(client, item)
    assert answer.status_code == 410 and "引用文号有误" in answer.content.decode()
    assert not RectificationProgress.objects.public().exists()
    assert "引用文号有误" in client.get(reverse("corrections")).content.decode()
    assert told.text not in client.get("/search/?q=摊位").content.decode()
    with pytest.raises(Refused, match="不再公开"):
        SHEET.take(ledger.sheet(c, item), "submit", by=c.office)


def test_the_promise_and_its_item_lead_to_each_other(cast, client):
    c = cast
    promise = make.ended(c, make.in_force(c), "none")
    item = ledger.shown(c, obligation=promise, source="overdue")
    of_promise = client.get(reverse("public_commitments:page", args=[promise.code])).content.decode()
    assert reverse("public_rectification:page", args=[item.number]) in of_promise
    assert reverse("public_commitments:page", args=[promise.code]) in page(client, item).content.decode()


def plant(c):
    """Canaries in every text of the desk, in items of every kind; what is public of them has none."""
    case = ledger.case(c)
    of_case = ledger.found(c, by=c.office, public=True, case=case, source="complaint", **TEXTS)
    ledger.passed_by(c, of_case.sheets.get(), c.reviewer2)
    ledger.clue(c, **TEXTS)
    ledger.unfounded(c, **TEXTS)
    item = ledger.rectifying(c, ledger.shown(c, **TEXTS))
    services.save_progress(
        RectificationProgress(
            rectification=item, organisation=c.street, as_of=ledger.TODAY, text=f"{WORD}没有公开的进展"
        ),
        by=c.clerk,
        upload=services.Upload(added=(make.upload(f"{WORD}.txt", WORD),)),
        settled=1,
    )
    ledger.slip(c, item)
    ledger.sheet(c, item, text=f"{WORD}新稿")
    ledger.asked_for_time(c, item)
    closed = ledger.closed(c, ledger.rectifying(c, ledger.shown(c, **TEXTS)), done_text=f"{WORD}做了")
    FLOW.take(closed, "follow_up", by=c.reviewer, follow_up=f"{WORD}回访")
    FLOW.take(closed, "reopen", by=c.reviewer, reason=f"{WORD}回潮")
    refused = ledger.rectifying(c, ledger.shown(c, **TEXTS))
    ledger.slip(c, refused)
    FLOW.take(refused, "ask_refusal", by=c.reviewer, reason=f"{WORD}拒绝")
    FLOW.take(refused, "refuse", by=c.office)
    return of_case, item, closed, refused


def addresses(c):
    """Every public address without a thing in it, and all that may be asked about the items, units and files."""
    for name, address in TABLE.items():
        if "stranger" in address.opens and "GET" in address.methods.split() and not address.args:
            yield reverse(name)
    yield from (
        "/rectification/?state=refused",
        "/rectification/?domain=livelihood",
        "/search/?kind=rectification",
    )
    yield from ("/sitemap-publications.xml", "/sitemap-units.xml")
    yield from ("/search/?q=摊位", "/search/?q=TZ-990100", "/api/v1/records/", "/corrections/?page=2")
    for pk in Organisation.objects.values_list("pk", flat=True):
        yield from (f"/units/{pk}/", f"/rectification/?unit={pk}", f"/feeds/units/{pk}/")
    for number in Rectification.objects.values_list("number", flat=True):
        yield from (f"/rectification/{number}/", f"/rectification/{number}/versions/1/")
    for pk in Rectification.objects.values_list("pk", flat=True):
        yield from (f"/rectification/{pk}/", f"/desk/rectification/{pk}/")
    for file in StoredFile.objects.all():
        yield from (f"/desk/files/{file.pk}/", f"/files/{file.sha256}/")


def test_no_canary_and_no_name_is_on_any_public_address(cast, client):
    planted = plant(cast)
    assert RectificationSheet.objects.public().count() == 4
    asked, leaks = 0, []
    hidden = (*CANARIES, *Case.objects.values_list("number", flat=True))
    for address in addresses(cast):
        response = client.get(address)
        body = b"".join(response) if response.streaming else response.content
        text, asked = body.decode("utf-8", "replace"), asked + 1
        assert response.status_code in (200, 301, 302, 404, 410), address
        leaks += [(address, word) for word in hidden if word in text]
        if address.startswith(("/rectification/", "/units/", "/search/", "/feeds/")):
            leaks += [(address, name) for name in PEOPLE if name in text]
    assert leaks == [] and asked > 80
    for item in planted:
        assert page(client, item).status_code == 200


def test_a_canary_that_is_public_is_found(cast, client):
    """The walk would see one: in a text that truly passed the gate."""
    item = ledger.found(cast)
    sheet = ledger.sheet(cast, item, text=f"{WORD}公开", reason="")
    SHEET.take(sheet, "submit", by=cast.office)
    ledger.passed(cast, sheet)
    assert {a for a in addresses(cast) if WORD in body_of(client.get(a))} >= {
        f"/rectification/{item.number}/",
        f"/rectification/{item.number}/versions/1/",
    }
