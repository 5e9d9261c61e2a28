"""The pages of a handover: what each party sees, the document, the successor's first day."""

import datetime
import io

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from docx import Document

from commitments.models import Handover, Party
from longsha_credit.directory.models import Official, Posting
from tests import make
from tests.commitments.handover import making
from tests.commitments.handover.making import TODAY


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def text(response):
    return response.content.decode()


@pytest.fixture
def handover(cast):
    make.in_force(cast, title="修好北门路灯", due_on=make.soon(5))
    make.in_force(cast, title="增设座椅", due_on=make.soon(50))
    return making.started(cast)


def test_the_story_through_the_pages_from_registering_a_person_to_the_successors_first_day(cast, signed_in):
    make.in_force(cast, title="修好北门路灯", due_on=make.soon(5))
    old = making.official(cast.street, "李主任", "101", cast.lead)
    comer = make.user("comer", name="孙主任")
    office, lead, witness = (signed_in(who) for who in (cast.office, cast.lead, cast.district_lead))
    posts = reverse("organisations:posts", args=[cast.street.pk])
    office.post(
        reverse("organisations:official_new", args=[cast.street.pk]),
        {"name": "孙主任", "staff_number": "102"},
    )
    new = Official.objects.get(staff_number="102")
    start = {"post": cast.post.pk, "official": old.pk, "started_on": "2026-01-05"}
    assert office.post(reverse("organisations:posting_new", args=[cast.street.pk]), start).url == posts
    comer.memberships.create(organisation=cast.street, role="official", started_on=make.LONG_AGO)
    sysadmin = signed_in(cast.sysadmin)
    sysadmin.post(reverse("accounts:official", args=[comer.pk]), {"official": new.pk})
    comer.refresh_from_db()
    assert comer.official == new
    held = Posting.objects.get()
    assert "李主任" in text(lead.get(posts))
    given = {"leaves_on": TODAY, "cause": "election", "incoming": new.pk}
    page = office.post(reverse("handovers:start", args=[held.pk]), given).url
    taker = signed_in(comer)
    assert "等您确认" in text(taker.get(reverse("desk")))
    for browser, party in ((lead, "giver"), (taker, "taker"), (witness, "witness")):
        shown = text(browser.get(page))
        assert "还有1件等您确认" in shown
        assert ('href="/desk/commitments/' in shown) == (browser is not taker)
        item = Handover.objects.get().items.get().pk
        browser.post(f"{page}confirm/", {"party": party, "all": 1, "shown": [item]})
        assert "还有1件等您确认" in text(browser.get(page)), "全部确认以前要先勾选已看过"
        browser.post(f"{page}confirm/", {"party": party, "all": 1, "read": 1, "shown": [item]})
    done = witness.post(f"{page}steps/complete/")
    assert said(done)[-1:] == ["交接完成。原任职已经结束，接任的人已到任，清单上的事项由接任的人负责。"]
    first_day = text(taker.get(reverse("desk")))
    assert "接手的事项" in first_day and "修好北门路灯" in first_day and "还有5天" in first_day
    promise = Handover.objects.get().items.get().object_id
    assert "由前任移交，接手日期" in text(taker.get(reverse("commitments:page", args=[promise])))
    assert lead.get(reverse("commitments:page", args=[promise])).status_code == 404


def test_the_document_and_the_printed_page_name_each_item_and_three_signatures(cast, signed_in, handover):
    making.confirmed(cast, handover, Party.GIVER)
    browser = signed_in(cast.lead)
    answer = browser.get(reverse("handovers:document", args=[handover.pk]))
    document = Document(io.BytesIO(answer.content))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert [row[0] for row in rows] == ["序号", "1", "2"]
    assert rows[1][1].startswith("修好北门路灯（公开承诺") and rows[1][3].startswith("李主任")
    assert rows[1][4] == "未确认"
    lines = [p.text for p in document.paragraphs]
    assert sum("（签字）" in line for line in lines) == 3
    page = text(browser.get(reverse("handovers:sheet", args=[handover.pk])))
    assert all(line in page for line in lines if "（签字）" in line)


def test_a_dispute_goes_through_its_pages(cast, signed_in, handover):
    item = handover.items.first()
    taker, witness = signed_in(cast.comer), signed_in(cast.district_lead)
    address = reverse("handovers:dispute", args=[item.pk])
    assert taker.post(address, {"text": ""}).status_code == 422
    taker.post(address, {"text": "没有看到合同"})
    note = item.notes.get()
    assert "没有看到合同" in text(witness.get(reverse("handovers:page", args=[handover.pk])))
    witness.post(reverse("handovers:settle", args=[note.pk]), {"text": "合同已补齐"})
    note.refresh_from_db()
    assert note.settled_by == cast.district_lead


def test_a_paper_is_brought_approved_and_open_to_read(cast, signed_in, handover):
    witness, reviewer = signed_in(cast.district_lead), signed_in(cast.reviewer)
    address = reverse("handovers:paper", args=[handover.pk])
    two = {"party": "giver", "reason": "已调离", "uploads": [make.upload("一.txt"), make.upload("二.txt")]}
    assert "请上传一个文件" in text(witness.post(address, two))
    witness.post(address, two | {"uploads": [make.upload("签字页.txt")]})
    paper = handover.papers.get()
    reviewer.post(reverse("handovers:paper_step", args=[paper.pk, "approve"]))
    assert handover.items.filter(confirmations__party="giver").count() == 2
    assert reviewer.get(reverse("file", args=[paper.file_id])).status_code == 200
    assert signed_in(cast.other_lead).get(reverse("file", args=[paper.file_id])).status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"party": "taker", "item": "x"},
        {"party": "taker", "item": "9" * 30},
        {"party": "king", "item": "1"},
        {"party": "taker", "all": "1", "read": "1", "shown": "-1"},
    ],
)
def test_a_spoilt_confirmation_is_refused_in_words(cast, signed_in, handover, sent):
    answer = signed_in(cast.comer).post(reverse("handovers:confirm", args=[handover.pk]), sent)
    assert answer.status_code == 302
    assert said(answer)
    assert not handover.items.filter(confirmations__isnull=False).exists()


def test_terms_show_names_at_the_desk_and_none_in_public(cast, signed_in, client):
    make.in_force(cast, title="修好北门路灯", today=TODAY - datetime.timedelta(days=30))
    making.complete(cast)
    desk = text(signed_in(cast.office).get(reverse("handovers:terms", args=[cast.street.pk])))
    assert "李主任" in desk and "孙主任" in desk
    address = reverse("public_terms:unit", args=[cast.street.pk])
    for query in ("", "?term=2&side=inherited", "?term=2&side=inherited&fate=open", "?term=x&side=y&fate=z"):
        public = client.get(address + query)
        assert public.status_code == 200
        assert "主任" not in text(public)
    assert "修好北门路灯" in text(client.get(f"{address}?term=2&side=inherited"))
    assert "修好北门路灯" not in text(client.get(f"{address}?term=2&side=made"))


def test_the_list_finds_and_narrows(cast, signed_in, handover):
    browser = signed_in(cast.office)
    address = reverse("handovers:list")
    for query, found in (("", True), ("?view=open", True), ("?view=done", False), ("?view=witness", True),
                         ("?q=孙主任", True), ("?q=没有这人", False), ("?view=nonsense", True)):  # fmt: skip
        assert (handover.number in text(browser.get(address + query))) == found, query
    assert handover.number not in text(signed_in(cast.other_lead).get(address))
