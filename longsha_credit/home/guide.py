"""What the accessibility statement may claim: each sentence names the test that holds it, figures come from its record."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from longsha_credit.home.guide_criteria import PRINCIPLES

# Written by the crawl of tests/browser/test_looks.py, which fails when it no longer agrees with what is there.
RECORD = Path(__file__).with_name("accessibility.json")


@dataclass(frozen=True)
class Check:
    """A sentence of the statement and the tests (`file::function` below tests/) without which it may not be said."""

    label: str
    said: str
    tests: tuple[str, ...]

    def with_figures(self, figures: dict[str, Any]) -> str:
        return self.said.format(**figures)


PEOPLE = ("street1", "secrecy", "sysadmin", "auditor")  # whose desks are walked through
LOOKS = "browser/test_looks.py::"
KEYS = "browser/test_keyboard.py::"
CRAWL = LOOKS + "test_every_public_page_is_accessible_and_small_at_every_width"
DESK = LOOKS + "test_every_page_of_the_desk_is_accessible_at_every_width"
MOUNTED = LOOKS + "test_every_public_page_reads_large_without_scripts_below_a_path"

CHECKS = (
    Check("自动检查", "用 axe-core {axe}（{rules}条规则，含 WCAG 2.2 AA 的目标尺寸）检查了{public}种公开页面和{desk}种工作台页面，没有发现问题。", (CRAWL, DESK)),
    Check("不同宽度", "公开页面在{widths}像素三种宽度下、工作台在手机和电脑两种宽度下都不用左右滚动，公开页面在 320 像素宽、字距行距加大时也不用。自动检查在电脑宽度下做。", (CRAWL, DESK, MOUNTED)),
    Check("长者模式", "公开页面在长者模式下又检查了一遍：字号、对比度、布局。工作台在长者模式的手机宽度下检查了布局。", (MOUNTED, DESK)),
    Check("不用脚本", "关掉脚本，{plain}种公开页面都能读、能填。", (MOUNTED,)),
    Check("只用键盘", "第一下 Tab 是“跳到正文”；每个链接、按钮、输入框都到得了、看得见焦点、不被遮挡、走得出去；折叠的内容用回车打开。", (KEYS + "test_a_page_is_walked_through_with_the_tab_key",)),
    Check("颜色和大小", "文字与底色的对比度、点按目标不小于 24 像素（或有足够间隔）；状态除了颜色还有文字和形状。", (CRAWL, "web/test_tags.py::test_state_says_the_word_and_shows_the_shape")),
    Check("填错了怎样说", "错误写明是什么、怎样改，读屏时与输入框一起读出；先列在页首，点一下就到那一项。", ("web/test_forms.py::test_field_links_hint_and_fault",)),
    Check("帮助在同一处", "每一页的右上角都有“长者模式”和“帮助”，次序不变。", (MOUNTED,)),
    Check("打印", "打印时不带菜单和按钮，折叠的内容打开。", (LOOKS + "test_a_printed_promise_shows_the_promise_and_not_the_controls",)),
    Check("省流量", "每一页的文字、样式和脚本压缩后都不到 150 KB，不向别的网站要任何东西。", (CRAWL,)),
)  # fmt: skip

SHORTCOMINGS = (
    "还没有请视力障碍、听力障碍、肢体障碍的居民和老年人一起试用过，也没有经过第三方评测。自动检查查不出所有问题。",
    "国家标准 GB/T 37668—2019 的二级要求与上面的四个方面相同，但它的条目还没有一条一条对照过。",
    "没有自带语音朗读；请用手机或电脑的读屏功能，页面按读屏的要求写。",
    "单位上传的 Word、PDF、图片附件不一定无障碍；需要时请打承诺单位的监督电话，由单位念给您听或另给一份。",
    "短时间里从同一个网络提交很多次时，会问一道“哪个小”“加起来是几”的文字题，读屏能读，但有认知障碍的人可能觉得难；可以改打电话。",
    "“开放数据”的在线试用由别人写的程序显示，要用脚本，没有查过；同样的内容在“开放数据”页里不用脚本就能看。",
)


@lru_cache(maxsize=1)
def recorded() -> dict[str, Any]:
    """What the last crawl saw, as it wrote it down."""
    return json.loads(RECORD.read_text(encoding="utf-8"))


def figures(record: dict[str, Any]) -> dict[str, Any]:
    """The numbers that the sentences speak of."""
    return {
        "axe": record["axe"],
        "rules": record["rules"],
        "widths": "、".join(map(str, record["widths"])),
        "public": len(record["public"]),
        "plain": len(record["without_scripts"]),
        "desk": len({route for person in PEOPLE for route in record[person]}),
    }


def statement() -> dict[str, Any]:
    record = recorded()
    numbers = figures(record)
    return {
        "checked_on": record["checked_on"],
        "checks": [(check.label, check.with_figures(numbers)) for check in CHECKS],
        "principles": PRINCIPLES,
        "shortcomings": SHORTCOMINGS,
    }
