"""The columns of the public site in one list: the bar, the foot, both site maps and the column's meta tags read it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import get_script_prefix, reverse

DO, READ, ABOUT = "办事和监督", "公开和查阅", "关于本专栏"
GROUPS = (READ, DO, ABOUT)
ALWAYS, WIDE, NEVER = "always", "wide", ""  # in the bar: on every screen, where there is room, not at all


@dataclass(frozen=True)
class Section:
    """A column. A new one is one line in SECTIONS.

    `key` is what its views give as `section`; `url` the name of its first page, which takes no arguments; `about` one
    sentence, shown on the site map and told to search engines; `words` its keywords.
    """

    key: str
    label: str
    url: str
    group: str
    about: str
    words: str
    bar: str = NEVER
    short: str = ""  # in the bar, where four signs are what a phone has room for

    @property
    def href(self) -> str:
        return reverse(self.url)

    @property
    def bar_label(self) -> str:
        return self.short or self.label


# In the order of the bar: eight that are ALWAYS there fill two lines of a phone.
SECTIONS = (
    Section("front", "首页", "front", READ, "查街道、社区承诺的事做到了没有，看今天的数字和最新公开。", "政务诚信,承诺", ALWAYS),
    Section("commitments", "公开承诺", "public_commitments:list", READ, "谁承诺、做什么、哪天前做到、做到哪一步、凭什么证明。", "承诺,兑现,期限,进展", ALWAYS, "承诺"),
    Section("records", "诚信记录", "public_records:list", READ, "单位的守信、失信记录，连同异议、修复和撤销。", "守信记录,失信记录,信用修复", ALWAYS),
    Section("catalogue", "诚信记录清单", "public_records:catalogue", READ, "哪些事可以记、依据什么、记多久、怎样修复。", "清单,依据"),
    Section("disclosure", "信息公开", "public_disclosure:home", READ, "按事项、按单位查公开的信息、公示、公告、通报和文件。", "政务公开,公示,公告,通报,权责清单", ALWAYS, "公开"),
    Section("scenes", "信用+场景", "public_scenes:list", READ, "守信能得到什么便利：谁能用、怎样参加、怎样退出。", "信用+街道,信用+社区,信用+服务", ALWAYS, "信用+"),
    Section("topics", "信息公开目录", "public_disclosure:catalogue", READ, "应当公开什么、依据什么、由谁公开、多久更新。", "公开目录,公开事项"),
    Section("coverage", "公开得怎样", "public_coverage:overview", READ, "每个街道、社区应当公开的事项里有多少有内容、多少按时更新。", "公开情况,按时更新"),
    Section("rectification", "治理进展", "public_rectification:list", READ, "没有兑现的事怎样补上，哪些已经销号。", "失信治理,整改,销号"),
    Section("demonstration", "示范和试点单位", "public_demonstration:list", READ, "按公开的指标评出来的单位，正在公示的、有效的、暂停的、撤销的。", "示范街道,示范社区,对标评价,公示,异议"),
    Section("units", "街道、社区和窗口", "units", READ, "每个单位承诺了什么、做到哪一步、监督电话是多少。", "街道,社区,窗口,监督电话", ALWAYS, "单位"),
    Section("education", "诚信教育", "public_education:home", READ, "近期的讲座和宣传、办过的活动、可以看的学习资料。", "讲座,宣传,培训,学习资料"),
    Section("standards", "创建指标", "public_standards:list", READ, "街道、社区、窗口、岗位凭什么评示范：每一条多少分、怎样算。", "示范创建,创建指标,评分标准"),
    Section("programme", "年度安排", "arrangements", READ, "本年的工作阶段和九项任务。", "创建工作,任务"),
    Section("supervise", "投诉、建议、表扬", "public_supervision:start", DO, "不用登录，可以不留姓名，由上级办。", "投诉,建议,表扬,评价", ALWAYS, "投诉建议"),
    Section("contests", "信用知识竞赛", "public_contests:list", DO, "答一答诚信和信用知识：不用登录、不留姓名，按社区看参与率。", "知识竞赛,答题,证书"),
    Section("track", "查我反映的事", "public_supervision:track", DO, "用查询码和口令看办到哪一步，对答复作评价。", "查询码,答复,回访"),
    Section("verify", "核查意见查真伪", "public_records:verify_opinion", DO, "核对一份诚信核查意见是哪天出具的、内容有没有改过。", "核查意见,真伪"),
    Section("demonstration_verify", "评定证书查真伪", "public_demonstration:verify", DO, "核对一份评定证书是不是真的、现在有没有效。", "证书,真伪,示范"),
    Section("corrections", "更正与撤下", "corrections", READ, "公开以后改了什么、撤了什么、为什么。", "更正,撤下,理由", WIDE),
    Section("search", "搜索", "search", DO, "查全部公开的内容和单位。", "搜索,查询", ALWAYS),
    Section("subscribe", "订阅更新", "subscribe", ABOUT, "有新的公开就告诉您：全区的、一个单位的、一个领域的。", "订阅,Atom,RSS"),
    Section("api", "开放数据", "api:docs", ABOUT, "与公开页面同一份数据，供程序读取。", "开放数据,接口"),
    Section("help", "帮助", "help", ABOUT, "怎样查、怎样看懂、怎样反映、怎样把字变大。", "帮助,使用说明"),
    Section("site_map", "网站地图", "site_map", ABOUT, "本专栏有哪些栏目、每个栏目有什么。", "网站地图,栏目"),
    Section("accessibility", "无障碍声明", "accessibility", ABOUT, "检查了什么、怎样检查的、还有哪些不足。", "无障碍,适老化,长者模式"),
)  # fmt: skip
BY_KEY = {section.key: section for section in SECTIONS}


def grouped() -> list[tuple[str, list[Section]]]:
    """The columns under their headings."""
    return [(group, [one for one in SECTIONS if one.group == group]) for group in GROUPS]


@lru_cache(maxsize=4)
def _drawn(prefix: str) -> dict[str, Any]:
    """What every page draws, worked out once for the path the portal is mounted under."""
    return {
        "bar": [(one.key, one.bar_label, one.href, one.bar) for one in SECTIONS if one.bar],
        "foot": [
            (group, [(one.label, one.href) for one in members if one.key != "front"])
            for group, members in grouped()
        ],
        "help": BY_KEY["help"].href,
    }


def drawn() -> dict[str, Any]:
    return _drawn(get_script_prefix())


def column(key: str) -> dict[str, str]:
    """The meta tags of a column (国办发〔2017〕47号 附件): name, kind, description, keywords."""
    found = BY_KEY.get(key, BY_KEY["front"])
    name = settings.SITE["column"] if found.key == "front" else found.label
    return {"name": name, "about": found.about, "words": f"诚信街道,诚信社区,{found.words}"}
