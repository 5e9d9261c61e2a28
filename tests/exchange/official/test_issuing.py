"""A document is numbered once, without gaps, and kept as it was issued; a later one names it."""

import datetime
import hashlib
import io

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404
from docx import Document
from docx.oxml.ns import qn

from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused
from longsha_credit.exchange.models import IssuedDocument
from longsha_credit.exchange.official import services
from longsha_credit.exchange.official.kinds import KINDS, of
from tests import make
from tests.commitments import ledger
from tests.disclosure import making as publishing
from tests.exchange.official import making
from tests.records import making as records

DAY = making.DAY


def words_of(data):
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    box = [
        "".join(t.text for t in p.iter(qn("w:t"))).strip("　")
        for p in document.element.iterfind(f".//{qn('w:txbxContent')}/*")
    ]
    return [*(p.text for p in document.paragraphs if p.text), *cells, *box]


@pytest.mark.django_db
def test_numbers_run_without_a_gap_by_kind_year_and_unit_and_the_word_is_the_office_s(cast):
    item = ledger.rectifying(cast)
    slips = [ledger.slip(cast, item) for _ in range(4)]
    kind = KINDS[making.KIND]
    first = making.issued(cast, slips[0], today=DAY)
    services.set_word(kind, cast.district, wanted="龙信办督", head="", by=cast.office)
    second = making.issued(cast, slips[1], today=DAY)
    other = making.issued(cast, ledger.slip(cast, item, kind="notice"), today=DAY)
    next_year = making.issued(cast, slips[2], today=datetime.date(2027, 1, 4))
    assert [d.number for d in (first, second, other, next_year)] == [
        "示例区信办督〔2026〕1号",
        "龙信办督〔2026〕2号",
        "示例区信办改〔2026〕1号",
        "龙信办督〔2027〕1号",
    ]
    assert next_year.values["signed_on"] == "2027-01-04"  # the year of the number, not of the slip
    with pytest.raises(Refused, match="已经用在别的文书"):
        services.set_word(
            KINDS["rectification-talk"], cast.district, wanted="龙信办督", head="", by=cast.office
        )
    with pytest.raises(Refused, match="默认代字"):
        services.set_word(kind, cast.district, wanted="示例区信办谈", head="", by=cast.office)


@pytest.mark.django_db
def test_what_is_issued_stays_byte_for_byte_and_only_its_readers_open_it(cast, client):
    it = making.issued(cast, today=DAY, copy_to="区纪委监委机关")
    with it.file.file.open("rb") as kept:
        data = kept.read()
    assert hashlib.sha256(data).hexdigest() == it.file.sha256
    said = words_of(data)
    assert it.number in said and "抄送：区纪委监委机关。" in said
    assert "（办理编号：信治督〔2026〕0001号）" in [line.replace("2027", "2026") for line in said]
    entry = Entry.objects.about(it).get()
    assert (entry.step_label, entry.content_hash) == ("出具失信治理督办单", it.file.sha256)
    client.force_login(cast.clerk)
    answer = client.get(f"/desk/documents/{it.pk}/file/")
    assert b"".join(answer.streaming_content if answer.streaming else [answer.content]) in (data, b"")
    assert it.title in client.get("/desk/documents/").content.decode()
    client.force_login(cast.other_clerk)
    assert it.title not in client.get("/desk/documents/").content.decode()
    assert {client.get(f"/desk/documents/{it.pk}/{end}").status_code for end in ("", "file/")} == {404}
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        IssuedDocument.objects.filter(pk=it.pk).update(title="改了")


@pytest.mark.django_db
def test_a_draft_has_no_number_and_says_so(cast):
    slip = ledger.slip(cast, ledger.rectifying(cast))
    kind = of(slip)[0]
    said = words_of(services.draft_word(kind, slip))
    assert "（未编号，仅供核对）" in said
    header = Document(io.BytesIO(services.draft_word(kind, slip))).sections[0].header.paragraphs[0].text
    assert header == "草稿　未编号，仅供核对"
    assert not IssuedDocument.objects.exists()


@pytest.mark.django_db
def test_a_second_click_issues_no_second_and_a_change_makes_one_that_names_the_first(cast):
    notice = publishing.published(cast, kind="circular")
    kind = of(notice)[0]
    first = making.issued(cast, notice, by=cast.lead, today=DAY)
    with pytest.raises(Refused, match="刚刚已经出具"):
        making.issued(cast, notice, by=cast.lead, today=DAY)
    with pytest.raises(Refused, match="内容没有变化"):
        making.issued(cast, notice, by=cast.lead, today=DAY, seen=first.pk, reason="再来一份")
    publishing.revised(cast, notice, basis="新的依据")
    notice.refresh_from_db()
    with pytest.raises(Refused, match="为什么另出一份"):
        making.issued(cast, notice, by=cast.lead, today=DAY, seen=first.pk)
    second = making.issued(cast, notice, by=cast.lead, today=DAY, seen=first.pk, reason="补写依据")
    assert (second.replaces, services.newest(kind, notice), second.serial) == (first, second, 2)
    with second.file.file.open("rb") as kept:
        assert any(f"本件代替2026年12月1日{first.number}文书" in line for line in words_of(kept.read()))


@pytest.mark.django_db
def test_only_the_issuing_unit_issues_and_only_when_the_thing_is_ready(cast):
    slip = ledger.slip(cast, ledger.rectifying(cast))
    with pytest.raises(Http404):
        making.issued(cast, slip, by=cast.clerk)  # the unit it is written to
    promise = make.draft(cast)
    with pytest.raises(Refused, match="公开以后才能出具承诺书"):
        making.issued(cast, promise, by=cast.lead)
    letter = making.issued(cast, make.in_force(cast), by=cast.lead, today=DAY)
    assert letter.number == "向阳街道承〔2026〕1号"


@pytest.mark.django_db
def test_a_paper_on_a_person_is_for_few_each_look_is_an_entry_and_lists_do_not_name_them(cast, client):
    record = records.confirmed(cast, "X18", official=cast.official.official)
    objection = records.objected(cast, record, by=cast.official)
    it = making.issued(cast, objection, by=cast.reviewer, today=DAY)
    assert (it.to, it.object_label) == ("", objection.number)
    client.force_login(cast.lead)
    assert client.get(f"/desk/documents/{it.pk}/").status_code == 404
    client.force_login(cast.reviewer2)
    assert "公职人员：" in client.get(f"/desk/documents/{it.pk}/").content.decode()
    assert Entry.objects.about(record).filter(step="reveal", actor=cast.reviewer2).count() == 1


@pytest.mark.django_db
def test_the_way_from_a_slip_to_its_document_by_the_pages(cast, client):
    slip = ledger.slip(cast, ledger.rectifying(cast))
    client.force_login(cast.office)
    page = client.get(f"/desk/rectification/slips/{slip.pk}/").content.decode()
    assert "核对并出具" in page
    draft = f"/desk/documents/of/{making.KIND}/{slip.pk}/"
    assert "未编号，仅供核对" in client.get(draft).content.decode()
    answer = client.post(f"{draft}issue/", {"copy_to": "区纪委监委机关", "seen": ""}, follow=True)
    it = IssuedDocument.objects.get()
    assert it.number in answer.content.decode() and it.values["copy_to"] == "区纪委监委机关"
    again = client.post(f"{draft}issue/", {"copy_to": "", "seen": ""})
    assert again.status_code == 422 and IssuedDocument.objects.count() == 1
    assert client.get("/desk/documents/export/?format=csv").status_code == 200
