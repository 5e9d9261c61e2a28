"""What the scanner finds holds a review up until it is masked or somebody else says why it may be public."""

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from commitments import services as commitments
from commitments.flows import FLOW, PROGRESS
from commitments.models import Obligation
from disclosure import services as disclosure
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.files.models import StoredFile
from longsha_credit.publication import gate, services
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import FileScan, LedgerContent, PublicFile
from longsha_credit.publication.registry import kind_of
from longsha_credit.publication.services import justify
from tests import make
from tests.disclosure import making as notices
from tests.files import build
from tests.publication.planting import ID, excel_file, word_file
from tests.publication.test_gate import VOID, nothing_is_public, tamper

PHONE, TOLD = "13804520001", "联系人王某，电话13804520001。"
LEFT = "查出的还有 1 处没有处理。请退回打码，或写明为什么可以公开。"


def with_phone(c, **changes) -> Obligation:
    return make.submitted(c, liability=TOLD, **changes)


def with_files(c, *uploads, **changes) -> Obligation:
    obligation = make.draft(c, **changes)
    return commitments.save_draft(obligation, by=c.clerk, upload=commitments.Upload(added=uploads))


def roster(name="低保名单.xlsx"):
    return SimpleUploadedFile(name, excel_file([f"张三 {ID}", "李四", PHONE]))


def told(review):
    return [(found.label, found.where, found.masked) for found in gate.unanswered(review)]


def test_a_finding_holds_every_stage_up_until_one_who_waits_says_why(cast):
    review = make.review_of(with_phone(cast))
    assert told(review) == [("手机号", "违诺责任", "138****0001")]
    with pytest.raises(Refused, match=LEFT):
        GATE.take(review, "pass_first", by=cast.lead)
    justify(review, ["1"], reason="窗口公开的值班手机", by=cast.lead)
    GATE.take(review, "pass_first", by=cast.lead)
    GATE.take(review, "pass_second", by=cast.reviewer)
    GATE.take(review, "pass_secrecy", by=cast.secrecy, **make.ANSWERS)
    assert Obligation.objects.public().count() == 1
    why = review.justifications.get()
    assert (why.by, why.reason, why.key) == (cast.lead, "窗口公开的值班手机", "1")
    entry = Entry.objects.about(review).get(step="justify")
    assert (entry.actor_name, entry.reason) == ("李主任", "1处：窗口公开的值班手机")


def test_a_text_passed_by_one_person_is_held_up_as_well(cast):
    report = make.progress(cast, make.in_force(cast), text=TOLD)
    PROGRESS.take(report, "submit", by=cast.clerk)
    review = make.review_of(report)
    with pytest.raises(Refused, match=LEFT):
        GATE.take(review, "pass_single", by=cast.lead)
    justify(review, ["1"], reason="窗口公开的值班手机", by=cast.lead)
    GATE.take(review, "pass_single", by=cast.lead)
    assert review.state == "passed"


def test_whoever_wrote_or_filed_it_and_whoever_it_does_not_wait_for_gives_no_reason(cast):
    obligation = make.draft(cast, liability=TOLD)
    commitments.save_draft(obligation, by=cast.lead)  # a lead who changed the draft
    second_lead = make.user("second_lead", "lead", cast.street, name="副主任")
    FLOW.take(obligation, "submit", by=cast.clerk)
    review = make.review_of(obligation)
    for person, code in (
        (cast.clerk, "role"),
        (cast.lead, "eyes"),
        (cast.reviewer, "role"),
        (cast.secrecy, "role"),
        (cast.other_lead, "role"),
        (cast.outsider, "role"),
    ):
        with pytest.raises(Refused) as refusal:
            justify(review, ["1"], reason="可以", by=person)
        assert refusal.value.code == code, person
    for keys, reason in (([], "可以"), (["9"], "可以"), (["1"], " 　")):
        with pytest.raises(Refused, match="请"):
            justify(review, keys, reason=reason, by=second_lead)
    assert not review.justifications.exists()
    assert justify(review, ["1"], reason=f"号码{PHONE}是窗口的", by=second_lead) == 1
    assert review.justifications.get().reason == "号码138****0001是窗口的"
    with pytest.raises(Refused, match="已经说明过"):
        justify(review, ["1"], reason="再说一次", by=second_lead)


def test_one_character_changed_after_submission_voids_the_review_and_its_reasons(cast):
    obligation = with_phone(cast)
    review = make.review_of(obligation)
    justify(review, ["1"], reason="窗口公开的值班手机", by=cast.lead)
    tamper("UPDATE commitments_obligation SET liability = liability || '1' WHERE id = %s", obligation.pk)
    with pytest.raises(Refused, match=VOID):
        GATE.take(review, "pass_first", by=cast.lead)
    assert nothing_is_public()


def test_returned_masked_and_submitted_again_it_passes_without_a_word(cast, signed_in):
    obligation = with_files(cast, roster(), liability=TOLD)
    original = obligation.files.get()
    bytes_before = original.file.read()
    FLOW.take(obligation, "submit", by=cast.clerk)
    review = make.review_of(obligation)
    assert told(review) == [
        ("手机号", "违诺责任", "138****0001"),
        ("身份证号", "附件“低保名单.xlsx”名单!B1", f"{ID[:6]}********{ID[14:]}"),
        ("手机号", "附件“低保名单.xlsx”批注", "138****0001"),
    ]
    GATE.take(review, "return_first", by=cast.lead, reason="名单和电话请打码")

    clerk, check = (
        signed_in(cast.clerk),
        reverse("reviews:check", args=["commitments.obligation", obligation.pk]),
    )
    page = clerk.get(check).content.decode()
    assert f"<mark>{PHONE}</mark>" in page
    assert "查出 3 处个人信息" in page
    assert "名单!B1" in page
    answer = clerk.post(f"{check}mask/", {"what": "all"}, follow=True)
    assert [str(m) for m in get_messages(answer.wsgi_request)] == [
        "已打码：违诺责任、附件“低保名单.xlsx”。原来的附件留在系统里，不公开。"
    ]
    assert "没有查出身份证号、手机号、银行卡号、住址" in answer.content.decode()

    obligation.refresh_from_db()
    assert obligation.liability == TOLD.replace(PHONE, "138****0001")
    copy = obligation.files.get()
    assert (copy.name, copy.made_from, copy.uploaded_by) == ("低保名单（打码）.xlsx", original, cast.clerk)
    FLOW.take(obligation, "submit", by=cast.clerk)
    assert make.review_of(obligation).findings == []
    make.passed(cast, obligation)

    assert [public.file for public in PublicFile.objects.public()] == [copy]
    kept = StoredFile.objects.get(pk=original.pk)
    assert (kept.sha256, kept.file.read()) == (original.sha256, bytes_before)
    public_page = Client().get(f"/commitments/{obligation.code}/").content.decode()
    for secret in (PHONE, ID, original.sha256[:12]):
        assert secret not in public_page
        assert not LedgerContent.objects.filter(text__contains=secret).exists()
    assert Client().get(reverse("file", args=[original.pk])).status_code == 302  # to the sign-in


def test_what_cannot_be_read_is_looked_at_by_a_person_who_says_so(cast):
    obligation = with_files(cast, SimpleUploadedFile("现场.png", build.png()))
    FLOW.take(obligation, "submit", by=cast.clerk)
    review = make.review_of(obligation)
    (found,) = gate.unanswered(review)
    assert (found.label, found.where) == ("没有检查的内容", "附件“现场.png”")
    with pytest.raises(Refused, match=LEFT):
        GATE.take(review, "pass_first", by=cast.lead)
    justify(review, ["1"], reason="看过，没有个人信息", by=cast.lead)
    GATE.take(review, "pass_first", by=cast.lead)


def test_a_file_is_read_once_and_no_number_is_kept_of_it(cast):
    obligation = with_files(cast, roster(f"名单{PHONE}.xlsx"))
    for _ in range(2):
        FLOW.take(obligation, "submit", by=cast.clerk)
        FLOW.take(obligation, "recall", by=cast.clerk)
    scan = FileScan.objects.get()
    review = make.review_of(obligation)
    for secret in (ID, PHONE):
        assert secret not in f"{scan.hits}{scan.unread}{review.findings}"
    assert ("手机号", "附件名称", "名单138****0001.xlsx") in told(review)


def test_a_long_list_is_one_finding_of_a_kind(cast):
    rows = [f"{PHONE[:7]}{n:04}" for n in range(700)]
    obligation = with_files(cast, SimpleUploadedFile("名单.xlsx", excel_file(rows)))
    FLOW.take(obligation, "submit", by=cast.clerk)
    (found,) = gate.unanswered(make.review_of(obligation))
    assert (found.kind, found.number, found.masked.count("、")) == ("phone", 700, 4)


def test_the_text_of_a_notice_is_masked_inside_its_html(cast):
    body = f"<h2>名单</h2><p>张三 <strong>{ID[:9]}</strong>{ID[9:]}</p>"
    notice = notices.notice(cast, body=body)
    kind = kind_of("disclosure.notice")
    did = services.mask_draft(kind, notice, by=cast.clerk, texts=["body"], files=[])
    notice.refresh_from_db()
    assert (did.done, ID[9:14] in notice.body) == (["正文"], False)
    assert notice.body == f"<h2>名单</h2><p>张三 <strong>{ID[:6]}***</strong>*****{ID[14:]}</p>"
    assert disclosure.pictures_of(notice) == {}


def test_a_draft_is_masked_by_who_may_submit_it_and_nobody_else(cast, signed_in):
    obligation = make.draft(cast, liability=TOLD)
    check = reverse("reviews:check", args=["commitments.obligation", obligation.pk])
    page = signed_in(cast.reviewer).get(check).content.decode()
    assert f"<mark>{PHONE}</mark>" in page
    assert "/mask/" not in page
    assert signed_in(cast.other_clerk).get(check).status_code == 404
    signed_in(cast.reviewer).post(f"{check}mask/", {"what": "all"})
    obligation.refresh_from_db()
    assert obligation.liability == TOLD
    FLOW.take(obligation, "submit", by=cast.clerk)
    assert signed_in(cast.clerk).get(check).status_code == 302


def test_a_file_that_cannot_be_masked_stays_and_the_page_says_what_to_do(cast, signed_in):
    row = f'<ofd:Page xmlns:ofd="x"><ofd:TextObject><ofd:TextCode>{PHONE}</ofd:TextCode></ofd:TextObject></ofd:Page>'
    data = build.package({"OFD.xml": '<ofd:OFD xmlns:ofd="x"/>', "Doc_0/Pages/Page_0/Content.xml": row})
    word = SimpleUploadedFile("说明.docx", word_file([f"电话{PHONE}"]))
    obligation = with_files(cast, SimpleUploadedFile("公告.ofd", data), word)
    check = reverse("reviews:check", args=["commitments.obligation", obligation.pk])
    answer = signed_in(cast.clerk).post(f"{check}mask/", {"what": "all"}, follow=True)
    assert [str(m) for m in get_messages(answer.wsgi_request)] == [
        "已打码：附件“说明.docx”。原来的附件留在系统里，不公开。",
        "“公告.ofd”不能自动打码：系统改不了这种文件。请在原来的软件里打码，另存后换上新的文件。",
    ]
    assert {file.name for file in obligation.files.all()} == {"公告.ofd", "说明（打码）.docx"}


def test_a_review_from_before_the_scanner_is_scanned_before_it_passes(cast):
    obligation = with_phone(cast)
    review = make.review_of(obligation)
    tamper("UPDATE publication_review SET findings = NULL WHERE id = %s", review.pk)
    review.refresh_from_db()
    with pytest.raises(Refused, match="提交时还没有自动检查，现在查出 1 处"):
        GATE.take(review, "pass_first", by=cast.lead)
    clean = make.review_of(make.submitted(cast))
    tamper("UPDATE publication_review SET findings = NULL WHERE id = %s", clean.pk)
    clean.refresh_from_db()
    GATE.take(clean, "pass_first", by=cast.lead)
    assert clean.state == "second"


def test_the_reviewer_sees_each_finding_and_who_justified_it(cast, signed_in):
    review = make.review_of(with_phone(cast))
    sheet = reverse("reviews:page", args=[review.pk])
    page = signed_in(cast.lead).get(sheet).content.decode()
    assert "联系人王某，电话138****0001。" in page
    assert reverse("reviews:justify", args=[review.pk]) in page
    assert (
        reverse("reviews:justify", args=[review.pk])
        not in signed_in(cast.reviewer).get(sheet).content.decode()
    )
    answer = signed_in(cast.lead).post(reverse("reviews:justify", args=[review.pk]), {"keys": ["1"]})
    assert (answer.status_code, "请填写" in answer.content.decode()) == (422, True)
    given = {"keys": ["1"], "reason": "窗口公开的值班手机"}
    signed_in(cast.lead).post(reverse("reviews:justify", args=[review.pk]), given)
    GATE.take(review, "pass_first", by=cast.lead)
    page = signed_in(cast.reviewer).get(sheet).content.decode()
    assert "写明：窗口公开的值班手机" in page
    assert "都已写明为什么可以公开" in page
