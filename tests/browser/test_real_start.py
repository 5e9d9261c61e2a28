"""The first day: the real streets come into an empty portal by the README's commands, and one makes a promise."""

import re
import subprocess
import sys

import pytest

from tests.browser.conftest import ROOT, running_portal
from tests.browser.test_story import TITLE, click, finds, let_out, pass_it, write_draft
from tests.directory.test_divisions import OFFICIAL

# OFFICIAL: the street-level codes as the statistics bureau published them in 2023; the last one is not a street.
PEOPLE = {
    "admin": ("王明", "sysadmin", "230202"),
    "wulong": ("张经办", "clerk", "230202001"),
    "wulonglead": ("刘主任", "lead", "230202001"),
    "shenhe": ("陈审核", "reviewer", "230202"),
    "baomi": ("周保密", "secrecy", "230202"),
}


@pytest.mark.prove
def test_a_real_street_makes_a_promise_in_a_portal_that_was_empty_this_morning(visitor, tmp_path):
    with running_portal() as (address, env):

        def command(*arguments):
            done = subprocess.run(
                [sys.executable, "manage.py", *arguments],
                cwd=ROOT,
                env=env,
                capture_output=True,
                text=True,
                check=True,
            )
            return done.stdout

        names = tmp_path / "名单.csv"
        names.write_text(OFFICIAL, encoding="utf-8")
        first = command("import_divisions", str(names), "--parent-name", "龙沙区")
        again = command("import_divisions", str(names), "--parent-name", "龙沙区")
        assert "8 新增" in first
        assert not re.search(r"[1-9]\d* 新增", again)
        passwords = {
            who: re.search(
                "初始密码：(.+)", command("add_user", who, "--name", n, "--role", r, "--organisation", o)
            )[1]
            for who, (n, r, o) in PEOPLE.items()
        }

        def at_work(who, width=1280):
            return visitor(who, width=width, at=address, password=passwords[who])

        resident = visitor(at=address, width=360)
        resident.goto("/units/")
        assert "五龙街道" in resident.locator("main").inner_text()
        assert "齐齐哈尔局直" not in resident.content()

        set_phone(at_work("admin"), "五龙街道", "0452-0000000")
        clerk = at_work("wulong")
        write_draft(clerk, post="主任岗")
        click(clerk, "提交审查")
        pass_it(at_work("wulonglead"), "初审通过")
        pass_it(at_work("shenhe"), "审核通过")
        let_out(at_work("baomi"))

        assert finds(resident, TITLE)
        resident.get_by_role("link", name=TITLE).first.click()
        text = resident.locator("main").inner_text()
        assert "五龙街道" in text
        assert re.search(r"230202\d{8}000001", text)
        assert "0452-0000000" in text
        assert "与公开账一致" in text


def set_phone(page, unit, phone):
    page.goto("/desk/organisations/")
    page.get_by_role("link", name=unit, exact=True).first.click()
    page.locator("main").get_by_role("link", name=re.compile("修改")).first.click()
    page.get_by_label("监督电话").fill(phone)
    click(page, "保存")
