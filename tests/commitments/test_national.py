"""Public commitments in the national template, for the district office; and the letter for the notice board."""

import csv
import io
import json

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from commitments import national
from commitments.models import Obligation
from longsha_credit.directory.models import Organisation
from tests import make
from tests.commitments import owed, reader

STREET, DISTRICT = "11990100MB0000001T", "11990100MB0000002X"
FILE = reverse("commitments:national_file")


@pytest.fixture
def coded(cast):
    Organisation.objects.filter(pk=cast.street.pk).update(uscc=STREET)
    Organisation.objects.filter(pk=cast.district.pk).update(uscc=DISTRICT)
    return cast


def table(browser, kind):
    response = browser.get(FILE, {"format": kind})
    body = b"".join(response)
    if kind == "csv":
        return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    return [list(row) for row in load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True)]


def test_a_verified_commitment_fills_the_template(coded, signed_in):
    broken = make.in_force(coded, title="坡道")
    make.ended(coded, broken, "partly")
    owed.standing(coded, owed.contract_draft(coded))
    make.submitted(coded)
    for kind in ("csv", "xlsx"):
        heads, *rows = table(signed_in(coded.reviewer), kind)
        assert heads == list(national.HEADS)
        (row,) = [dict(zip(heads, row, strict=True)) for row in rows]
        assert {k: v for k, v in row.items() if v} == {
            "承诺编码": broken.code, "承诺人名称": "向阳街道", "承诺人类别": "法人及非法人组织",
            "承诺人代码": STREET, "承诺类型": "主动型", "承诺事由": "坡道", "承诺内容": broken.content,
            "违诺责任": broken.liability, "承诺作出日期": str(broken.made_on), "承诺有效期": str(broken.due_on),
            "承诺受理单位": "示例区", "承诺受理单位代码": DISTRICT, "公开类型": "可向社会公开",
            "承诺履行状态": "部分履行", "未履行的承诺内容": "还差两处没有建成。",
            "违诺责任追究内容": "公开说明原因，列入治理台账。", "履行状态认定日期": str(broken.verified_on),
            "履行状态认定单位": "示例区", "履行状态认定单位代码": DISTRICT, "监管状态": "监管完成",
            "过期状态": "未过期",
        }  # fmt: skip
        assert all(isinstance(value, str) for value in rows[0] if value is not None)


def test_no_cell_is_a_formula(coded, signed_in):
    make.in_force(coded, title="=1+1", content="＋cmd|' /C calc'!A0")
    for kind in ("csv", "xlsx"):
        _, row = table(signed_in(coded.office), kind)
        assert row[5] == "'=1+1" and row[6].startswith("'＋cmd")


def test_what_does_not_fit_is_named_and_left_out(coded, signed_in):
    make.in_force(coded, title="齐全的")
    Organisation.objects.filter(pk=coded.community.pk).update(uscc="12345")
    own = {"organisation": coded.community, "post": coded.community_post, "title": "缺代码的"}
    make.in_force(coded, by=coded.community_clerk, **own)
    rows = Obligation.objects.all().public()
    assert [row.values["title"] for row in national.fitting(rows)] == ["齐全的"]
    whole, lacking, cells = national.summed_up(rows, 10)
    assert (whole, lacking) == (1, 1)
    said = "“12345”有5位，统一社会信用代码应为18位。请对照登记证书核对。"
    assert [(it.title, fault.sentence) for it, fault in cells] == [("缺代码的", said)]
    browser = signed_in(coded.reviewer)
    page = browser.get(reverse("commitments:national")).content.decode()
    assert "另有 <strong>1</strong> 件不合" in page and said in page
    assert f"/desk/commitments/{cells[0][0].pk}/" in page
    book = load_workbook(io.BytesIO(browser.get(reverse("commitments:national_report")).getvalue())).active
    row = [cell.value for cell in book[2]]
    assert row[1:6] == ["缺代码的", "新苑社区", "承诺人代码", "12345", said]


def test_the_export_is_of_what_the_list_showed(coded, signed_in):
    one, other = make.in_force(coded, title="坡道"), make.in_force(coded, title="路灯")
    browser = signed_in(coded.office)
    rows = json.loads(b"".join(browser.get(FILE, {"format": "json", "q": "路灯"})))
    assert [row["承诺编码"] for row in rows] == [other.code] and list(rows[0]) == list(national.HEADS)
    rows = json.loads(b"".join(browser.get(FILE, {"format": "json", "year": str(one.made_on.year)})))
    assert len(rows) == 2
    page = browser.get(reverse("commitments:national"), {"year": "1999"}).content.decode()
    assert "还没有公开的承诺" in page


def test_without_a_code_there_is_nothing_to_download(cast, signed_in):
    make.in_force(cast)
    page = signed_in(cast.office).get(FILE, follow=True).content.decode()
    assert "没有可以下载的承诺" in page and page.count("没有填，模板要求必填。") == 2


# The letter


def test_the_letter_says_what_was_published_on_the_page_and_in_word(cast, client):
    it = owed.standing(cast, owed.parted_draft(cast))
    page = client.get(f"/commitments/{it.code}/letter/")
    word = client.get(f"/commitments/{it.code}/letter.docx")
    document = Document(io.BytesIO(word.content))
    lines = [p.text for p in document.paragraphs]
    for said in (
        "向阳街道承诺书",
        f"承诺编码 {it.code}",
        it.content,
        it.standard,
        it.liability,
        "一、承诺内容",
    ):
        assert said in lines and said in reader.words(page)
    assert any(f"1. 一期（{make.soon(30)}前）" in line for line in lines)
    assert "监督电话 0000-2。" in " ".join(lines)
    assert len(document.inline_shapes) == 1 and f"http://testserver/commitments/{it.code}/" in str(
        page.context["paper"].qr
    )


def test_the_letter_is_of_the_version_that_stands(cast, client):
    it = make.in_force(cast)
    make.submitted(cast)
    make.amended(cast, it, content="改为建成26处。")
    assert "改为建成26处。" in reader.words(client.get(f"/commitments/{it.code}/letter/"))
    reader.past_triggers("UPDATE commitments_obligation SET content = '篡改' WHERE id = %s", it.pk)
    assert "篡改" not in reader.words(client.get(f"/commitments/{it.code}/letter/"))


def test_only_what_stands_published_and_is_a_commitment_has_a_letter(cast, client):
    gone, contract = make.withdrawn(cast, make.in_force(cast)), owed.standing(cast, owed.contract_draft(cast))
    hidden = make.submitted(cast)
    for tail in ("letter/", "letter.docx"):
        assert client.get(f"/commitments/{gone.code}/{tail}").url == f"/commitments/{gone.code}/"
        for it in (contract, hidden):
            assert client.get(f"/commitments/{it.code}/{tail}").status_code == 404
