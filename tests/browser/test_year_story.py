"""The programme's year, walked in a browser under a clock that moves: handed down, inspected, reminded of, late, told above."""

import datetime
import re

import pytest
from django.utils import timezone
from PIL import Image

from longsha_credit.home.demo import PASSWORD
from tests.browser.conftest import is_signed_in, process_of, running_portal, set_clock
from tests.browser.test_story import click

STREETS = "code,name\n230202001,五龙街道\n230202002,湖滨街道\n"
PEOPLE = {
    "office": ("王信用", "office", "230202"),
    "arealead": ("何区长", "lead", "230202"),
    "shenhe": ("陈审核", "reviewer", "230202"),
    "fucha": ("高复查", "reviewer", "230202"),
    "wulong": ("张经办", "clerk", "230202001"),
    "wulonglead": ("刘主任", "lead", "230202001"),
    "hubin": ("李经办", "clerk", "230202002"),
    "hubinlead": ("赵主任", "lead", "230202002"),
}
PROMISES, SUMMARY = "公开四类承诺", "报送年度工作情况总结"
# 15 November 2026 is a Sunday: reminders count back from Friday the 13th.
REMINDED = ["2026-10-14", "2026-10-29", "2026-11-06", "2026-11-10", "2026-11-12"]
LATE = [("2026-11-16", "蓝色督办单"), ("2026-11-20", "黄色督办单")]


def eight(day):
    """Eight in the morning of a day."""
    at = datetime.datetime.combine(datetime.date.fromisoformat(str(day)), datetime.time(8))
    return timezone.make_aware(at)


class Portal:
    """The portal of the story: its day, its commands, its people, who sign in anew each morning."""

    def __init__(self, visitor, address, env, tell):
        self.visitor, self.address, self.env, self.tell, self.windows = visitor, address, env, tell, {}

    def command(self, *arguments):
        self.tell(f"from django.core.management import call_command; call_command(*{arguments!r})")

    def morning(self, day):
        set_clock(self.env, eight(day))
        self.signed_in = set()

    def remind(self, first, last):
        """What the beat does on each morning from the first day to the last."""
        day, end = (datetime.date.fromisoformat(text) for text in (first, last))
        while day <= end:
            self.morning(day)
            self.command("send_due_reminders")
            day += datetime.timedelta(days=1)

    def person(self, name, width=1280):
        """A window of their own, kept from day to day."""
        if (name, width) not in self.windows:
            self.windows[name, width] = self.visitor(width=width, at=self.address)
        page = self.windows[name, width]
        if (name, width) not in self.signed_in:
            page.context.clear_cookies()
            assert is_signed_in(page.context, name, PASSWORD), name
            self.signed_in.add((name, width))
        return page

    def told(self, name, width=1280):
        """(day, slip) of what somebody was told about the summary, as the notices show it, the oldest first."""
        page = self.person(name, width)
        page.goto("/desk/notifications/?view=all")
        rows = page.locator("main tbody tr").filter(has_text=SUMMARY).all_inner_texts()
        found = [
            (re.search(r"2026-\d\d-\d\d(?= \d\d:)", row)[0], re.search(".色督办单|$", row)[0]) for row in rows
        ]
        return found[::-1]


@pytest.fixture
def portal_in_march(visitor, tmp_path):
    """The real district with two streets and its people, before anything of this year is arranged."""
    names, password = tmp_path / "名单.csv", tmp_path / "password"
    names.write_text(STREETS, encoding="utf-8")
    password.write_text(PASSWORD, encoding="utf-8")
    with running_portal(at=eight("2026-03-10")) as (address, env), process_of(env) as tell:
        portal = Portal(visitor, address, env, tell)
        portal.morning("2026-03-10")
        portal.command("import_divisions", str(names), "--parent-name", "龙沙区")
        portal.command("load_reference")
        for who, (name, role, unit) in PEOPLE.items():
            options = f"--name {name} --role {role} --organisation {unit} --password-file {password}"
            portal.command("add_user", who, *options.split())
        yield portal


@pytest.fixture
def photo(tmp_path):
    file = tmp_path / "现场.jpg"
    Image.new("RGB", (640, 480), "navy").save(file, "JPEG")
    return str(file)


def test_the_year_is_handed_down_inspected_and_told_above_where_a_street_is_late(portal_in_march, photo):
    portal = portal_in_march
    arrange_and_hand_down(portal.person("office"))
    task = measures(portal.person("wulong", 360))

    portal.morning("2026-06-16")
    visit = plan_inspection(portal)
    on_the_spot(portal.person("shenhe", 360), visit, photo)
    finding = sign_and_ask(portal, visit)
    portal.morning("2026-06-22")
    put_right(portal.person("wulong", 360), finding, photo)
    portal.morning("2026-06-25")
    recheck(portal, finding)

    since = "2026-10-12"
    for number, day in enumerate(REMINDED, start=1):
        portal.remind(since, day)
        since = day
        assert portal.told("wulong", 360) == [(one, "") for one in REMINDED[:number]]
    report(portal, task)
    portal.remind("2026-11-13", "2026-11-27")
    before = [(day, "") for day in REMINDED]
    assert portal.told("wulong") == before
    assert portal.told("hubin", 360) == portal.told("hubinlead") == before + LATE
    escalated(portal)


def arrange_and_hand_down(page):
    """The office copies the plan's year, gives two tasks to every street and watches the job."""
    page.goto("/desk/programme/")
    page.get_by_role("link", name="复制到新年度").click()
    page.get_by_label("新年度").fill("2026")
    page.locator("form button[data-kind=main]").click()
    assert "2026-11-15（周日）" in page.locator("main").inner_text()
    page.get_by_role("link", name="任务清单").first.click()
    page.get_by_role("link", name="下达任务").click()
    for title in (PROMISES, SUMMARY):
        page.get_by_label(title, exact=True).check()
    page.get_by_role("button", name="看下达多少件").click()
    click(page, "确认下达4件")
    page.get_by_text("下达4件。").wait_for()
    assert "已做 4 / 4 件" in page.locator("main").inner_text()


def measures(page):
    """The street's clerk finds both tasks and writes how the street will go about one; gives the other one's page."""
    page.goto("/desk/tasks/")
    page.get_by_role("link", name=PROMISES).click()
    page.get_by_role("link", name="写措施").click()
    page.get_by_label("细化措施").fill("三月底各科室各报一件，四月定下来。")
    page.locator("form button[data-kind=main]").click()
    assert "四月定下来" in page.locator("main").inner_text()
    page.goto("/desk/tasks/")
    page.get_by_role("link", name=SUMMARY).click()
    assert "2026-11-15（周日）" in page.locator("main").inner_text()
    return page.url


def plan_inspection(portal):
    """Planned by one, approved by another; gives the page of the street's visit."""
    office = portal.person("office")
    office.goto("/desk/inspections/")
    office.get_by_role("link", name="拟定检查").first.click()
    office.get_by_label("半年检查").check()
    office.get_by_label("名称", exact=True).fill("上半年创建工作督导检查")
    office.get_by_label("依据").fill("试点工作方案四（一）")
    office.get_by_label("结束日期").fill("2026-06-19")
    office.get_by_label("五龙街道").check()
    for name in ("王信用", "陈审核"):
        office.get_by_label(name).check()
    boxes = office.get_by_role(
        "textbox", name=re.compile("^(依法履职|诚信|政务公开|失信治理|示范创建|信用.场景|信用考评)")
    )
    for box in boxes.all():
        box.fill("")
    click(office, "保存")
    lead = portal.person("arealead")
    lead.goto(office.url)
    click(lead, "批准检查")
    lead.get_by_role("link", name="五龙街道").click()
    return lead.url


def on_the_spot(page, visit, photo):
    """The inspector's phone: one point conforms, the other does not and is photographed."""
    page.goto(visit)
    click(page, "开始检查")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.locator("#point-1 label.choice", has_text="符合").first.click()
    page.locator("#point-2 label.choice", has_text="不符合").click()
    page.locator("#point-2 textarea").fill("抽查的三件里有一件到期没有报告结果。")
    # taken while the note is still being stored
    page.locator("#point-2 input[type=file]").first.set_input_files(photo)
    page.locator("#point-2 .photos img").wait_for()
    click(page, "检查完了，请单位确认")
    assert "待单位确认" in page.locator("main").inner_text()


def sign_and_ask(portal, visit):
    """The unit answers, two people sign, what does not conform becomes a notice; gives the page of the finding."""
    clerk = portal.person("wulong")
    clerk.goto(visit)
    clerk.get_by_role("link", name="单位表态").click()
    clerk.get_by_label("没有异议").check()
    clerk.get_by_label("在场人员职务").fill("分管副主任")
    click(clerk, "单位表态")
    first, office = portal.person("shenhe", 360), portal.person("office")
    first.goto(visit)
    click(first, "签字")
    office.goto(visit)
    click(office, "第二人签字")
    office.locator("#findings-title + ul a").click()
    finding = office.url
    office.get_by_role("link", name="写整改要求").click()
    office.get_by_label("整改要求").fill("补报结果；没有办完的写明补救期限并公开。")
    office.get_by_label(re.compile("立行立改")).check()
    office.locator("form button[data-kind=main]").click()
    office.goto(visit)
    click(office, "发整改通知书")
    paper = office.locator("main").inner_text()
    assert "信督改〔2026〕0001号" in paper and "2026年6月24日" in paper  # 19 June is a day off
    return finding


def put_right(page, finding, photo):
    page.goto("/desk/")
    page.get_by_role("link", name=re.compile("抽查的三件里有一件")).first.click()
    assert page.url == finding
    page.get_by_role("link", name="写整改情况").click()
    page.get_by_label("整改情况").fill("已补报结果并公开。")
    page.get_by_label("整改证明").set_input_files(photo)
    page.locator("form button[data-kind=main]").click()
    click(page, "报告整改完成")
    assert "待复查" in page.locator("main").inner_text()


def recheck(portal, finding):
    """Not by who found it; another one sees it put right."""
    finder = portal.person("shenhe", 360)
    finder.goto(finding)
    assert "须由另一个人复查" in finder.locator("main").inner_text()
    page = portal.person("fucha")
    page.goto(finding)
    page.get_by_role("link", name="复查合格").click()
    page.get_by_label("复查情况").fill("看过公开页面，结果已经报告。")
    click(page, "复查合格")
    text = page.locator("main").inner_text()
    assert "已整改" in text and "第1轮" in text


def report(portal, task):
    """One street reports in time and the district agrees; the other does nothing."""
    clerk, reviewer = portal.person("wulong", 360), portal.person("shenhe")
    clerk.goto(task)
    clerk.get_by_role("link", name="写进展").click()
    clerk.get_by_label("办理进展").fill("总结已写好。")
    clerk.locator("form button[data-kind=main]").click()
    clerk.get_by_role("link", name="报完成").click()
    clerk.get_by_label("完成情况").fill("总结已报送。")
    click(clerk, "报完成")
    reviewer.goto(task)
    reviewer.get_by_role("link", name="认定完成").or_(reviewer.get_by_role("button", name="认定完成")).click()
    assert "已完成" in reviewer.locator("main").inner_text()


def escalated(portal):
    """The district's lead has a red slip for the street that did not report, and the board shows which it is."""
    assert portal.told("arealead")[-1] == ("2026-11-27", "红色督办单")
    page = portal.person("arealead")
    page.goto("/desk/notifications/")
    row = page.locator("main tbody tr").filter(has_text="红色督办单").filter(has_text=SUMMARY)
    assert "湖滨街道" in row.inner_text()
    row.get_by_role("button", name=re.compile("打开")).click()
    page.wait_for_url("**/desk/tasks/*/")
    assert "湖滨街道" in page.locator("main").inner_text()
    page.goto("/desk/tasks/board/?year=2026")
    page.get_by_role("row", name=re.compile("湖滨街道")).get_by_text("超期").first.wait_for()
