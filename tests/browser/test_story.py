"""The main job, walked in a browser: a promise goes from a clerk's desk to the public page, is kept and counted."""

import datetime
import re
import time

import pytest
from django.utils import timezone

from longsha_credit.deadlines.calendar import Calendar
from tests.browser.conftest import sign_in

TITLE = "综合窗口每周四延时服务到19点"
KEPT = "滨河社区活动室周末开放"


@pytest.fixture
def files(tmp_path):
    evidence = tmp_path / "值班表.txt"
    evidence.write_text("周四值班：两人。", encoding="utf-8")
    return evidence


def test_a_promise_goes_from_the_clerks_desk_to_the_public_page(visitor, files):
    clerk, lead = visitor(width=360), visitor("street1lead")
    reviewer, secrecy, resident = visitor("reviewer"), visitor("secrecy"), visitor(width=360)

    sign_in(clerk, "street1")
    write_draft(clerk)
    click(clerk, "提交审查")
    assert "审查中" in clerk.locator("main").inner_text()
    assert finds(resident, TITLE) is False

    return_it(lead, "写清延时办理哪些事项。")
    open_from_todo(clerk, TITLE)
    assert "写清延时办理哪些事项。" in clerk.locator("main").inner_text()
    clerk.get_by_role("link", name="修改草稿").first.click()
    clerk.get_by_label("承诺内容").fill("每周四便民服务综合窗口延时到19点，受理社保、医保、民政事项。")
    click(clerk, "保存草稿")
    click(clerk, "提交审查")

    pass_it(lead, "初审通过")
    assert finds(resident, TITLE) is False
    pass_it(reviewer, "审核通过")
    let_out(secrecy)

    assert finds(resident, TITLE)
    resident.get_by_role("link", name=TITLE).first.click()
    text = resident.locator("main").inner_text()
    assert "受理社保、医保、民政事项" in text
    assert "街道办事处主任" in text
    assert "周岚" not in text
    assert resident.locator(".seal").count() == 1

    report_progress(clerk, lead, files)
    resident.reload()
    assert "已延时8次" in resident.locator("main").inner_text()
    with resident.expect_download() as download:
        resident.get_by_role("link", name="值班表.txt").first.click()
    assert download.value.path().read_text(encoding="utf-8") == "周四值班：两人。"

    amend(clerk)
    resident.reload()
    assert "延时到19点" in resident.locator(".promise").inner_text()
    pass_it(lead, "初审通过")
    pass_it(reviewer, "审核通过")
    let_out(secrecy)
    resident.reload()
    assert "延时到20点" in resident.locator(".promise").inner_text()
    assert resident.locator("ins", has_text="20").count() > 0

    address = resident.url
    take_down(clerk, reviewer)
    assert resident.goto(address).status == 410
    assert "延时到20点" not in resident.content()
    resident.goto("/corrections/")
    assert "窗口调整，改由政务大厅统一安排" in resident.locator("main").inner_text()


def test_a_promise_is_reminded_of_reported_verified_and_counted(visitor, files):
    """From filing to the organisation page's figure, with the real beat and worker sending the reminder."""
    due = day_that_is_reminded_of_today()
    clerk, lead, resident = visitor("street2"), visitor("street2lead"), visitor(width=360)
    reviewer, secrecy, district = visitor("reviewer"), visitor("secrecy"), visitor("officelead")
    before = kept_of(resident, "临江街道")

    write_draft(clerk, title=KEPT, due=due.isoformat())
    click(clerk, "提交审查")
    pass_it(lead, "初审通过", KEPT)
    pass_it(reviewer, "审核通过", KEPT)
    let_out(secrecy, KEPT)
    assert finds(resident, KEPT, by="活动室 周末")
    assert reminded(clerk, KEPT)

    open_promise(clerk, KEPT)
    clerk.get_by_role("link", name="报结果").first.click()
    clerk.get_by_label("全部履行").check()
    clerk.get_by_label("完成日期").fill(timezone.localdate().isoformat())
    clerk.get_by_label("做了什么").fill("周末两天都开放，值班表贴在门口。")
    clerk.get_by_label("佐证材料").set_input_files(str(files))
    click(clerk, "保存草稿")
    click(clerk, "提交审查")
    pass_it(lead, "复核通过并公开", f"{KEPT}：结果报告")

    finds(resident, KEPT)
    resident.get_by_role("link", name=KEPT, exact=True).first.click()
    assert "等待核验" in resident.locator("main").inner_text()
    open_promise(reviewer, KEPT)
    reviewer.get_by_role("link", name="核验认定").click()
    reviewer.get_by_label("认定说明").fill("周六现场看过，按时开放。")
    click(reviewer, "保存草稿")
    click(reviewer, "提交审查")
    resident.reload()
    assert "现场看过" not in resident.content()
    pass_it(district, "复核通过并公开", f"{KEPT}：核验结论")

    resident.reload()
    assert "全部履行" in resident.locator("#verdict").inner_text()
    assert "现场看过" in resident.locator("#verdict").inner_text()
    assert "与公开账一致" in resident.locator("main").inner_text()
    if due.year == timezone.localdate().year:
        after = kept_of(resident, "临江街道")
        assert after["全部履行"] == before["全部履行"] + 1
        resident.get_by_role("link", name="全部履行").first.click()
        assert resident.get_by_role("link", name=KEPT).count() == 1


def day_that_is_reminded_of_today() -> datetime.date:
    """A working day so many days ahead that its first reminder goes out today."""
    today, calendar = timezone.localdate(), Calendar({})
    days = (today + datetime.timedelta(days=n) for n in (1, 3, 7, 15, 30))
    return next(day for day in days if calendar.is_workday(day))


def kept_of(page, unit) -> dict[str, int]:
    """The kept rate of a unit opened from its page: how many promises are in each part."""
    page.goto("/units/")
    page.get_by_role("link", name=unit, exact=True).first.click()
    page.get_by_role("link", name="怎样算出来的").click()
    rows = page.locator(".count-table tbody tr").all()
    cells = [
        (row.locator("th").inner_text().split("\n")[0], row.locator("td").first.inner_text()) for row in rows
    ]
    return {label: int(number) for label, number in cells}


def reminded(page, title) -> bool:
    """Whether the reminder reaches the clerk's notices; the beat comes round every minute."""
    for _ in range(60):
        if title in page.request.get("/desk/notifications/", max_retries=3).text():
            page.goto("/desk/notifications/")
            return title in page.locator("main").inner_text()
        time.sleep(2)
    return False


def open_promise(page, title):
    page.goto(f"/desk/commitments/?q={title}")
    page.get_by_role("link", name=title).first.click()


def click(page, name):
    """Press a button and arrive at the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def write_draft(page, post="街道办事处主任", title=TITLE, due="2099-12-30"):
    page.goto("/desk/")
    page.get_by_role("link", name="写承诺").first.click()
    page.get_by_label("承诺名称").fill(title)
    page.get_by_label("承诺内容").fill("每周四便民服务综合窗口延时到19点。")
    page.get_by_label("服务对象").fill("平时上班的居民")
    page.get_by_label("认定标准").fill("每周四都延时为全部履行。")
    page.get_by_label("完成期限").fill(due)
    page.get_by_label("责任岗位").select_option(label=post)
    page.get_by_label("违诺责任").fill("公开说明原因。")
    page.get_by_role("group", name="承诺类别").get_by_label("便民服务").check()
    page.get_by_role("group", name="所属方面").get_by_label("其他").check()
    page.get_by_label("公共服务领域").select_option(label="便民服务")
    click(page, "保存草稿")
    assert "草稿已保存" in page.locator("main").inner_text()


def finds(page, title, by=None):
    page.goto("/")
    page.get_by_role("searchbox").first.fill(by or title)
    page.get_by_role("searchbox").first.press("Enter")
    page.wait_for_url("**/search/?*")
    return page.get_by_role("link", name=title).count() > 0


def open_from_todo(page, title):
    page.goto("/desk/")
    page.get_by_role("link", name=title, exact=True).first.click()


def open_review(page, title=TITLE):
    page.goto("/desk/reviews/")
    page.get_by_role("link", name=title, exact=True).first.click()


def return_it(page, reason):
    open_review(page)
    page.get_by_text("退回修改").first.click()
    page.get_by_label("退回理由").fill(reason)
    page.get_by_label("承诺内容").check()
    click(page, "退回")


def pass_it(page, button, title=TITLE):
    open_review(page, title)
    click(page, button)


def let_out(page, title=TITLE):
    """The secrecy reviewer's three answers and the last pass."""
    open_review(page, title)
    for question in ("是否涉及国家秘密", "是否涉及商业秘密", "是否涉及个人隐私"):
        page.get_by_role("group", name=question).get_by_label("不涉及").check()
    click(page, "审发通过并公开")


def report_progress(clerk, lead, evidence):
    clerk.goto("/desk/commitments/?q=" + TITLE)
    clerk.get_by_role("link", name=TITLE).first.click()
    clerk.get_by_role("link", name="报进展").first.click()
    clerk.get_by_label("进展情况").fill("已延时8次，受理43件。")
    clerk.get_by_label("佐证材料").set_input_files(str(evidence))
    click(clerk, "保存草稿")
    click(clerk, "提交审查")
    lead.goto("/desk/reviews/")
    lead.get_by_role("link", name=re.compile(TITLE)).first.click()
    click(lead, "复核通过并公开")


def amend(clerk):
    clerk.get_by_role("link", name="变更承诺").click()
    clerk.get_by_label("变更理由").fill("居民提议再晚一小时。")
    clerk.get_by_label("承诺内容").fill("每周四便民服务综合窗口延时到20点，受理社保、医保、民政事项。")
    click(clerk, "保存草稿")
    click(clerk, "提交审查")


def take_down(clerk, reviewer):
    clerk.goto("/desk/commitments/?q=" + TITLE)
    clerk.get_by_role("link", name=TITLE).first.click()
    clerk.get_by_role("link", name="申请撤下").first.click()
    clerk.get_by_label("申请撤下的理由").fill("窗口调整，改由政务大厅统一安排。")
    click(clerk, "申请撤下")
    open_from_todo(reviewer, TITLE)
    reviewer.get_by_role("link", name="批准撤下").first.click()
    click(reviewer, "批准撤下")
