"""What an office owes outlives who sits in it, walked in a browser: handed over, complained of, put right, told."""

import os
import re
import subprocess
import sys

import pytest
from django.utils import timezone

from longsha_credit.deadlines.calendar import Calendar
from tests.browser.conftest import ROOT, running_portal
from tests.browser.test_story import click, let_out, pass_it

STREET, NEW_LEAD = "青松街道", "许宁（演示）"
WHO, PHONE = "欧阳金丝雀", "13912345678"
WORDS = "坡道从去年起就没有修，推着轮椅出不了门，希望早点修好。"
TOLD = "街道答应的坡道没有按期建成"
NAMES = (WHO, PHONE, "赵峰", "许宁", "陈雪", "秦川", "韩叙", "沈默", "江岚")


@pytest.fixture
def paper(tmp_path):
    file = tmp_path / "验收单.txt"
    file.write_text("坡道已经建成，现场验收合格。", encoding="utf-8")
    return str(file)


@pytest.mark.prove
def test_a_leader_goes_nothing_lapses_and_what_a_resident_says_is_put_right(visitor, paper):
    with running_portal("--demo") as (address, env):

        def person(name=None, width=1280):
            return visitor(name, width=width, at=address)

        clerk, new_lead, old_lead = person("street3"), person("official2"), person("street3lead")
        office, district, secrecy = person("office"), person("officelead"), person("secrecy")
        reviewer, reviewer2 = person("reviewer"), person("reviewer2")
        resident = person(width=360)

        promise = overdue_promise(resident)
        hand_over(office, old_lead, new_lead, district)
        inherits(new_lead, promise)
        assert old_lead.goto("/desk/commitments/") and promise not in old_lead.content()

        code, phrase = complain(resident, promise)
        new_lead.goto("/desk/cases/")
        assert WORDS not in new_lead.content() and promise not in new_lead.locator("main").inner_text()
        accept_and_reply(reviewer, reviewer2, promise)
        item = enter_the_ledger(office, reviewer)
        pass_it(district, "初审通过", TOLD)
        pass_it(reviewer2, "审核通过", TOLD)
        let_out(secrecy, TOLD)

        due = plan(clerk, district, item)
        remind(env, days_after(due, 5))
        clerk.goto(item)
        assert "黄色督办单" in clerk.locator("main").inner_text()
        put_right(clerk, new_lead, office, reviewer, item, paper)

        answer(resident, code, phrase)
        resident.goto("/rectification/")
        resident.get_by_role("link", name=TOLD).first.click()
        page = resident.locator("main").inner_text()
        assert "已销号" in page and "回访过" in page and "与公开账一致" in page
        for public in (resident.url, *places(resident, promise)):
            resident.goto(public)
            text = resident.content()
            assert not [name for name in NAMES if name in text] and WORDS not in text


def overdue_promise(page) -> str:
    """The title of the street's own promise whose day is over, from the street's public page."""
    to_unit(page)
    own = page.locator("#past-due li").filter(has_text=f"{STREET} · ")
    return own.locator(".dated-title").first.inner_text().strip()


def to_unit(page):
    page.goto("/units/")
    page.get_by_role("link", name=STREET, exact=True).first.click()


def places(page, promise) -> list[str]:
    """Where the public reads of it: the unit, its terms, the promise."""
    to_unit(page)
    unit = page.url
    page.goto(f"/commitments/?q={promise}")
    page.get_by_role("link", name=promise).first.click()
    assert page.get_by_role("link", name=TOLD).count() == 1
    return [unit, f"{unit}terms/", page.url]


def hand_over(office, old_lead, new_lead, district):
    office.goto("/desk/organisations/")
    office.get_by_role("link", name=STREET, exact=True).first.click()
    office.get_by_role("link", name=re.compile("岗位和任职|岗位")).first.click()
    row = office.locator("tr, li, article").filter(has_text="街道办事处主任").first
    row.get_by_role("link", name=re.compile("登记离任|离任")).click()
    office.get_by_label("离任日期").fill(timezone.localdate().isoformat())
    office.get_by_label("换届").check()
    comes = office.get_by_label("接交人")
    comes.select_option(comes.locator("option", has_text=NEW_LEAD).first.get_attribute("value"))
    office.locator("form button[data-kind=main]").first.click()
    office.wait_for_url(re.compile(r"/desk/handovers/\d+/$"))
    page = office.url
    for party in (old_lead, new_lead, district):
        party.goto(page)
        party.get_by_label("我已逐件看过").check()
        click(party, "全部确认")
    click(district, "完成交接")
    assert "交接完成" in district.locator("main").inner_text()


def inherits(page, promise):
    page.goto("/desk/")
    text = page.locator("main").inner_text()
    assert "接手的事项" in text and promise in text


def complain(page, promise) -> tuple[str, str]:
    page.goto(f"/commitments/?q={promise}")
    page.get_by_role("link", name=promise).first.click()
    page.get_by_role("link", name="投诉、建议、表扬").first.click()
    page.get_by_role("link", name="投诉", exact=True).click()
    page.get_by_label("什么事？").fill(WORDS)
    page.get_by_text("想留姓名、电话").click()
    page.get_by_label("怎么称呼您").fill(WHO)
    page.get_by_label("电话或其他联系方式").fill(PHONE)
    click(page, "提交投诉")
    code, phrase = (it.inner_text() for it in page.locator(".code-sample b").all())
    return code, phrase


def accept_and_reply(reviewer, reviewer2, promise):
    reviewer.goto("/desk/cases/")
    reviewer.locator("main tr").filter(has_text=promise).get_by_role("link").first.click()
    click(reviewer, "受理")
    click(reviewer, "看原文")
    assert WORDS in reviewer.locator("main").inner_text()
    reviewer.go_back()
    reviewer.get_by_role("link", name="提出答复").first.click()
    reviewer.get_by_label("属实", exact=True).check()
    reviewer.get_by_label("答复").fill("现场看过，坡道没有建成，已列入台账整改。")
    click(reviewer, "提出答复")
    reviewer2.goto(reviewer.url)
    reviewer2.get_by_role("link", name="审签答复").first.click()
    click(reviewer2, "审签答复")
    assert "待回访" in reviewer2.locator("main").inner_text()


def enter_the_ledger(office, reviewer) -> str:
    office.goto(reviewer.url)
    office.get_by_role("link", name="列入治理台账").click()
    office.get_by_label("事项").first.fill("坡道没有按期建成")
    office.get_by_label("诱因").select_option(label="换届")
    office.get_by_label("群众").check()
    office.get_by_label("权利人代称").fill("居民代表")
    office.get_by_label("现责任人职务").fill("街道办主任")
    office.locator("form button[data-kind=main]").first.click()
    office.wait_for_url(re.compile(r"/desk/rectification/\d+/$"))
    item = office.url
    reviewer.goto(item)
    click(reviewer, "开始核实")
    reviewer.get_by_role("link", name="认定属实").first.click()
    reviewer.get_by_label("核实结论").fill("现场查看，坡道没有建成。")
    reviewer.get_by_label("公开的标题").fill(TOLD)
    reviewer.get_by_label("公开的内容").fill("街道公开承诺建成坡道，到期没有建成。")
    click(reviewer, "认定属实")
    return item


def plan(clerk, district, item):
    due = timezone.localdate() + timezone.timedelta(days=1)
    clerk.goto(item)
    clerk.get_by_role("link", name="填写整改方案").first.click()
    clerk.get_by_label("整改措施").fill("一周内开工，月底前建成。")
    clerk.get_by_label("包案领导职务").fill("街道办副主任")
    clerk.get_by_label("整改期限").fill(due.isoformat())
    clerk.locator("form button[data-kind=main]").first.click()
    clerk.wait_for_url(item)
    click(clerk, "报送整改方案")
    district.goto(item)
    click(district, "批准方案")
    return due


def days_after(day, workdays):
    calendar = Calendar({})
    while workdays:
        day += timezone.timedelta(days=1)
        workdays -= calendar.is_workday(day)
    return day


def remind(env, on):
    """What the beat does on a day that is still to come."""
    command = [sys.executable, "manage.py", "send_due_reminders", "--on", on.isoformat()]
    subprocess.run(command, cwd=ROOT, env=os.environ | env, check=True, capture_output=True)


def put_right(clerk, new_lead, office, reviewer, item, paper):
    clerk.goto(item)
    clerk.get_by_role("link", name="填写销号材料").first.click()
    clerk.get_by_label("事项已经履行").check()
    clerk.get_by_label("做了什么").fill("坡道建成，扶手装好。")
    clerk.get_by_label("佐证材料").set_input_files(paper)
    clerk.get_by_label(re.compile("签字")).first.check()
    clerk.get_by_label("权利人确认材料").set_input_files(paper)
    clerk.locator("form button[data-kind=main]").first.click()
    clerk.wait_for_url(item)
    click(clerk, "申请销号")
    new_lead.goto(item)
    click(new_lead, "自验通过")
    office.goto(item)
    office.get_by_role("link", name="复核销号").first.click()
    office.get_by_label("区级复核情况").fill("现场看过，坡道可以用。")
    click(office, "复核销号")
    reviewer.goto(item)
    reviewer.get_by_role("link", name="登记回访").first.click()
    reviewer.get_by_label("回访情况").fill("回访居民代表，坡道能用，没有再犯。")
    click(reviewer, "登记回访")
    assert "已回访" in reviewer.locator("main").inner_text()


def answer(page, code, phrase):
    page.goto("/supervise/track/")
    page.get_by_label("查询码").fill(code)
    page.get_by_label("口令").fill(phrase)
    page.locator("form.supervise button, form button[data-kind=main]").first.click()
    page.get_by_label("满意", exact=True).check()
    click(page, "提交评价")
    assert "您的评价已记下" in page.locator("main").inner_text()
