"""The story of a wrong record, walked in a browser: filed, made public, objected to, revoked, and said so in public."""

import datetime

import pytest
from django.utils import timezone

from tests.browser.test_story import click, finds, let_out, open_from_todo, pass_it

TITLE = "楼道清洁没有按承诺每周两次"


@pytest.fixture
def decision(tmp_path):
    file = tmp_path / "认定书.txt"
    file.write_text("经核实，没有按承诺每周清洁两次。", encoding="utf-8")
    return file


def test_a_wrong_record_is_filed_objected_to_revoked_and_the_public_is_told(visitor, decision):
    clerk, lead, resident = visitor("community11", width=360), visitor("community11lead"), visitor(width=360)
    reviewer, reviewer2 = visitor("reviewer"), visitor("reviewer2")

    file_it(clerk, decision)
    open_from_todo(reviewer, TITLE)
    click(reviewer, "核实确认")
    assert finds(resident, TITLE) is False
    pass_it(lead, "初审通过", TITLE)
    pass_it(reviewer, "审核通过", TITLE)
    let_out(visitor("secrecy"), TITLE)

    assert finds(resident, TITLE)
    resident.get_by_role("link", name=TITLE).first.click()
    text = resident.locator("main").inner_text()
    assert "失信记录" in text and "与公开账一致" in text
    assert "林芳" not in text and "认定书.txt" not in text
    address = resident.url

    object_to(lead, decision)
    resident.reload()
    assert "异议处理中" in resident.locator("main").inner_text()

    open_from_todo(reviewer2, TITLE)
    take(reviewer2, "受理")
    reviewer2.get_by_role("link", name="提出处理意见").first.click()
    reviewer2.get_by_label("撤销").check()
    reviewer2.get_by_label("核查情况").fill("清洁记录齐全，每周两次都做到了，认定书看错了楼号。")
    click(reviewer2, "提出处理意见")
    assert "异议处理中" in resident.locator("main").inner_text()
    office = visitor("office")
    open_from_todo(office, TITLE)
    click(office, "批准处理意见")

    assert resident.goto(address).status == 410
    said = resident.locator("main").inner_text()
    assert "已撤销" in said and "看错了楼号" in said
    assert TITLE not in said
    resident.goto("/corrections/")
    assert "看错了楼号" in resident.locator("main").inner_text()
    assert finds(resident, TITLE) is False
    lead.goto(f"/desk/records/?q={TITLE}")
    lead.get_by_role("link", name=TITLE).first.click()
    lead.get_by_role("link", name="看告知书").click()
    assert "看错了楼号" in lead.locator("main").inner_text()


def take(page, name):
    """A step that may ask something first."""
    button = page.get_by_role("button", name=name, exact=True)
    if button.count() == 0:
        page.get_by_role("link", name=name, exact=True).first.click()
    click(page, name)


def file_it(page, decision):
    day = (timezone.localdate() - datetime.timedelta(days=3)).isoformat()
    page.goto("/desk/records/")
    page.get_by_role("link", name="填报记录").first.click()
    page.get_by_role("link", name="X06").first.click()
    page.get_by_label("标题").fill(TITLE)
    page.get_by_label("事实").fill("社区承诺每周清洁楼道两次，抽查时连续两周只做到一次。")
    page.get_by_label("文号").fill("示信认〔2026〕9号")
    page.get_by_label("作出机关").fill("示例区信用办")
    page.get_by_label("作出日期").fill(day)
    page.get_by_label("生效日期").fill(day)
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_url("**/desk/records/*/")
    assert "没有证据文件" in page.locator("main").inner_text()
    page.get_by_role("link", name="修改草稿").first.click()
    page.locator("input[type=file]").first.set_input_files(str(decision))
    click(page, "保存草稿")
    click(page, "提交核实")
    assert "待核实" in page.locator("main").inner_text()


def object_to(page, proof):
    page.goto(f"/desk/records/?q={TITLE}")
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("link", name="提出异议").click()
    page.get_by_label("撤销").check()
    page.get_by_label("理由").fill("两周都清洁了两次，有清洁记录。")
    page.locator("input[type=file]").first.set_input_files(str(proof))
    click(page, "提出异议")
    assert "异议处理中" in page.locator("main").inner_text()
