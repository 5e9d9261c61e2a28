"""The catalogue the portal starts with: what the plan's 二（四） names, with the columns of the standard catalogue.

What the district office edited itself is left alone; a changed row here is loaded as the topic's next version only
where nobody has.
"""

from typing import Any

PLAN = "试点方案二（四）"
OPEN = "政府信息公开条例（国务院令第711号）"
NEIGHBOURS = "城市居民委员会组织法第五章"
BOTH = ["street", "community"]
EVERY = ["street", "community", "window"]
BOARDS = "政府网站、便民服务站、社区公示栏（电子屏）"
SITE = "政府网站、公开查阅点"
STREETS, COMMITTEES = "街道办事处", "社区居民委员会"

# (key of the service field, name, what is published)
SERVICES = [
    ("employment", "就业", "招聘和培训信息、就业补贴和公益性岗位的条件、办理流程、发放结果"),
    ("property", "物业", "物业服务和收费标准、维修资金使用、投诉渠道和处理情况"),
    ("schooling", "就学", "学区划分、入学条件和材料、资助政策和名额"),
    ("family-planning", "计生", "奖励扶助的条件、标准和办理流程"),
    ("elderly-care", "养老", "养老服务设施、高龄津贴和护理补贴的条件、标准、发放结果"),
    ("disability", "助残", "残疾人两项补贴、辅具适配、无障碍改造的条件、标准和进度"),
    ("poverty-relief", "扶贫", "救助和帮扶政策、条件、标准、户数和金额（不公开姓名和住址）"),
    ("medical-insurance", "医保", "参保缴费、报销比例、医疗救助的条件和办理流程"),
    ("housing", "住房", "公租房和租赁补贴的条件、轮候和分配结果，老旧小区改造安排"),
    ("mobility", "出行", "道路施工、公交站点、临时交通安排"),
    ("parking", "停车", "停车泊位、收费标准、增设和调整安排"),
    ("fire-and-theft", "防火防盗", "消防通道、充电设施、治安巡逻和安全检查安排及结果"),
    ("armed-forces", "拥军优属", "优待抚恤政策、条件、标准和办理流程"),
    ("convenience", "便民服务", "服务事项、办理时间、地点、材料、收费和监督电话"),
]
HINTS = {
    "poverty-relief": "不得公开受助人的姓名、住址、证件号码和病情，只公开户数、人数和金额。",
    "disability": "不得公开残疾人的姓名、证件号码和残疾情况。",
    "housing": "分配结果按有关规定去标识化，只公开姓氏和编号。",
}


def _topic(
    number: int, key: str, group: str, name: str, content: str, basis: str, **more: Any
) -> dict[str, Any]:
    return {
        "number": number,
        "key": key,
        "group": group,
        "name": name,
        "content": content,
        "basis": basis,
        "limit_rule": "disclosure_publish",
        "publisher": STREETS,
        "channels": SITE,
        "audience": "全社会",
        "method": "active",
        "levels": ["street"],
        "frequency": "",
        "service_field": None,
        "hint": "",
    } | more


TOPICS = [
    *(
        _topic(
            number, key, "service", name, content, f"{PLAN}；{OPEN}第二十一条", service_field=key,
            publisher=f"{STREETS}、{COMMITTEES}", channels=BOARDS, levels=BOTH, frequency="site_policy",
            hint=HINTS.get(key, ""),
        )
        for number, (key, name, content) in enumerate(SERVICES, start=1)
    ),
    _topic(15, "organisation-duties", "administration", "机构职能和办事指南",
           "机构设置、职责、办公地址和时间、联系方式、办事指南", f"{OPEN}第二十条（二）",
           publisher=f"{STREETS}、{COMMITTEES}、便民服务窗口", levels=EVERY),
    _topic(16, "normative-documents", "administration", "规范性文件",
           "本单位制发的规范性文件，连同合法性审查的文号和日期、有效期、解读", f"{OPEN}第二十条（一）",
           levels=["district", "street"], publisher="区级部门、街道办事处"),
    _topic(17, "announcements", "administration", "通知公告", "面向居民和企业的通知、公告、公示、通报",
           f"{OPEN}第十九条", publisher=f"{STREETS}、{COMMITTEES}", channels=BOARDS,
           levels=["district", *BOTH], frequency="site_policy"),
    _topic(18, "news", "administration", "工作动态", "诚信街道、诚信社区创建和重点工作的进展", PLAN,
           publisher="区信用办、街道办事处", levels=["district", "street"], frequency="site_news"),
    _topic(19, "powers", "powers", "权责清单", "权责事项的名称、类别、依据、办理流程、责任和监督方式",
           f"试点方案二（一）；{OPEN}第二十条（五）", frequency="topic_yearly",
           hint="一个权责事项写一条，选“权责清单条目”。"),
    _topic(20, "street-accounts", "finance", "街道财务公开", "预算、决算、三公经费、专项资金和惠民资金的收支",
           f"{PLAN}；{OPEN}第二十条（七）", frequency="topic_quarterly"),
    _topic(21, "community-accounts", "finance", "社区财务公开", "办公经费、惠民项目资金、社会捐助的收支明细和结余",
           f"{PLAN}；{NEIGHBOURS}", publisher=COMMITTEES, channels=BOARDS, audience="本社区居民，同时向社会公开",
           levels=["community"], frequency="topic_quarterly"),
    _topic(22, "community-affairs", "affairs", "居务公开", "居民会议决定的事项和落实情况、协助政府的事项、惠民项目、评议结果",
           f"{PLAN}；{NEIGHBOURS}", publisher=COMMITTEES, channels=BOARDS, audience="本社区居民，同时向社会公开",
           levels=["community"], frequency="topic_quarterly"),
    _topic(23, "licences", "credit", "行政许可信息", "对法人和非法人组织作出的行政许可：决定文号、事项、有效期、许可机关",
           f"{PLAN}；{OPEN}第二十条（五）", limit_rule="disclosure_soon", publisher="作出决定的机关",
           levels=["district", "street"], hint="只公开法人和非法人组织，不得有自然人。"),
    _topic(24, "penalties", "credit", "行政处罚信息", "对法人和非法人组织作出的行政处罚：决定文号、事由、依据、结果、处罚机关",
           f"{PLAN}；{OPEN}第二十条（六）", limit_rule="disclosure_soon", publisher="作出决定的机关",
           levels=["district", "street"], hint="只公开法人和非法人组织，不得有自然人；有一定社会影响的才公开。"),
    _topic(25, "results", "results", "重点工作结果", "承诺、惠民实事、专项治理的办理结果", PLAN,
           publisher=f"{STREETS}、{COMMITTEES}", channels=BOARDS, levels=BOTH, frequency="site_policy"),
    _topic(26, "good-examples", "results", "典型案例", "守信践诺、为民服务的典型做法和案例", "试点方案二（八）",
           publisher="区信用办、街道办事处", levels=["district", "street"]),
]  # fmt: skip
