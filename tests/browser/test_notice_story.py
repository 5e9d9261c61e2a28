"""The story of a Word file with a name list: brought in, caught, masked, reviewed, public, taken down."""

import io
import re
import zipfile

import pytest
from docx import Document
from openpyxl import Workbook
from PIL import Image

from tests.browser.test_story import click, finds, let_out, open_from_todo, pass_it

TITLE = "关于公布第三季度困难家庭取暖补助发放情况的通报"
IDS = ["11010519491231002X", "440524188001010014", "11010119900307803X"]
PHONE = "13812345678"


@pytest.fixture
def word_file(tmp_path):
    """As a street writes it: title, number, numbered headings, a table with merged cells, a picture, a list of people."""
    document = Document()
    document.add_heading(TITLE, 0)
    document.add_paragraph("向街发〔2026〕31号")
    document.add_paragraph("一、发放情况")
    document.add_paragraph("补助 3 户，每户 600 元，已全部到账。")
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "社区"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "户数和金额"
    for column, text in ((1, "户数"), (2, "金额")):
        table.cell(1, column).text = text
    for column, text in enumerate(("新苑社区", "3", "1800元")):
        table.cell(2, column).text = text
    picture = io.BytesIO()
    Image.new("RGB", (200, 80), "#1a56a0").save(picture, "PNG")
    picture.seek(0)
    shape = document.add_picture(picture)
    shape._inline.docPr.set("descr", "三个社区补助户数的柱形图")
    document.add_paragraph("二、名单")
    people = document.add_table(rows=3, cols=3)
    for row, number in zip(people.rows, IDS, strict=True):
        for cell, text in zip(row.cells, ("张某某", number, PHONE), strict=True):
            cell.text = text
    file = tmp_path / "通报.docx"
    document.save(file)
    return file


@pytest.fixture
def list_file(tmp_path):
    """The same people in a workbook, beside the text."""
    book = Workbook()
    for row, number in enumerate(IDS, start=1):
        book.active.cell(row, 1, "张某某")
        book.active.cell(row, 2, number)
    file = tmp_path / "发放名单.xlsx"
    book.save(file)
    return file


def test_a_list_of_people_in_a_word_file_is_caught_masked_and_never_public(visitor, word_file, list_file):
    clerk, lead, resident = visitor("street1"), visitor("street1lead"), visitor(width=360)
    reviewer, reviewer2, secrecy = visitor("reviewer"), visitor("reviewer2"), visitor("secrecy")

    bring_in(clerk, word_file, list_file)
    said = clerk.locator("main").inner_text()
    assert "三个社区补助户数的柱形图" in clerk.content() and "向街发〔2026〕31号" in said
    assert clerk.locator("main td[rowspan='2'], main th[rowspan='2']").count() == 1
    draft, original = clerk.url, clerk.get_by_role("link", name="下载原件").get_attribute("href")

    clerk.get_by_role("link", name="公开前自查").first.click()
    found = clerk.locator("main").inner_text()
    assert all(number in found for number in IDS) and "发放名单.xlsx" in found
    click(clerk, "全部打码")
    assert "没有查出身份证号" in clerk.locator("main").inner_text()

    clerk.goto(draft)
    click(clerk, "提交审查")
    look_at_the_picture(lead)
    pass_it(lead, "初审通过", TITLE)
    pass_it(reviewer, "审核通过", TITLE)
    let_out(secrecy, TITLE)

    assert finds(resident, TITLE)
    resident.get_by_role("link", name=TITLE).first.click()
    page = resident.content()
    assert "补助 3 户" in page and "与公开账一致" in page
    picture = resident.locator("main .rich img").first
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    assert not any(number in page for number in (*IDS, PHONE))
    assert re.search(r"110105\*{8}002X|110105\*+", page)
    for link in resident.get_by_role("link", name=re.compile("xlsx")).all():
        body = resident.request.get(link.get_attribute("href")).body()
        assert body.startswith(b"PK") and not any(number.encode() in unpacked(body) for number in IDS)
    assert resident.request.get(original, max_redirects=0).status != 200
    public, file = resident.url, resident.locator("main .rich img").first.get_attribute("src")

    clerk.goto(draft)
    clerk.get_by_role("link", name="申请撤下").click()
    clerk.get_by_label("申请撤下的理由").fill("发放数字有误，核对后重新公布。")
    click(clerk, "申请撤下")
    open_from_todo(reviewer2, TITLE)
    reviewer2.get_by_role("link", name="批准撤下").click()
    click(reviewer2, "批准撤下")
    assert resident.goto(public).status == 410
    assert "发放数字有误" in resident.locator("main").inner_text()
    assert resident.request.get(file).status == 410


def look_at_the_picture(page):
    """No machine reads a picture: whoever passes it says that it was looked at."""
    page.goto("/desk/reviews/")
    page.get_by_role("link", name=TITLE, exact=True).first.click()
    assert "没有检查的内容" in page.locator("main").inner_text()
    form = page.locator("form[action$='/justify/']")
    form.get_by_role("checkbox").first.check()
    form.get_by_label("为什么可以公开").fill("图片是柱形图，没有个人信息。")
    with page.expect_navigation():
        form.get_by_role("button").first.click()


def bring_in(page, word_file, list_file):
    page.goto("/desk/disclosure/new/?kind=circular")
    page.get_by_label("Word 文件").set_input_files(word_file)
    page.get_by_label("公开事项").select_option(label="通知公告")
    page.get_by_role("textbox", name="依据").fill("困难家庭冬季取暖补助办法")
    page.get_by_label("添加附件").set_input_files(list_file)
    click(page, "保存草稿")
    assert "已从 Word 文件带入正文" in page.locator("main").inner_text()


def unpacked(data):
    """All that is inside a workbook, one after the other."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return b"".join(package.read(name) for name in package.namelist())
