"""What the fictional district has published: every kind of notice, in every state; all of it is invented."""

import datetime
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from PIL import Image, ImageDraw

from disclosure import clocks, services, word
from disclosure.flows import FLOW, REVISION
from disclosure.models import Notice, Topic
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import Review

INFORMATION, CIRCULAR = "information", "circular"


def _paragraphs(*lines: str) -> str:
    """Short lines as a body: 一、 begins a heading."""
    return "".join(f"<h2>{line}</h2>" if line[1:2] == "、" else f"<p>{line}</p>" for line in lines)


def _table(head: list[str], *rows: list[str]) -> str:
    cells = "".join(f'<th scope="col">{h}</th>' for h in head)
    body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


# Published and standing: unit, topic, days ago, title, body.
STANDING = [
    ("向阳街道", "employment", 20, "公益性岗位招聘安排", _paragraphs("一、岗位", "保洁、绿化养护、社区协管共 36 个。", "二、报名", "到街道便民服务中心 3 号窗口，带身份证和户口簿，不收任何费用。")),
    ("向阳街道", "elderly-care", 160, "高龄津贴发放标准和第三季度发放结果", _paragraphs("一、标准", "80 至 89 周岁每人每月 100 元，90 周岁以上每人每月 200 元。") + _table(["年龄段", "人数", "金额（元）"], ["80—89 周岁", "612", "183,600"], ["90 周岁以上", "74", "44,400"])),
    ("向阳街道", "parking", 40, "开放机关院落夜间停车安排", _paragraphs("一、时间", "每天 18:00 至次日 7:30，节假日全天。", "二、地点和泊位", "街道办事处院内 28 个，便民服务中心门前 12 个，不收费。")),
    ("向阳街道", "fire-and-theft", 15, "冬季消防通道清理结果", _paragraphs("检查楼院 58 个，清理占用消防通道的杂物 31 处、车辆 17 台，复查 58 个楼院全部畅通。")),
    ("向阳街道", "convenience", 60, "便民服务事项和办理时间", _paragraphs("一、事项", "社保认证、证明出具、老年优待证等 42 项。", "二、时间", "工作日 8:30 至 17:00，周六上午值班。")),
    ("向阳街道", "organisation-duties", 200, "向阳街道办事处机构职能和办事指南", _paragraphs("一、职责", "统筹辖区公共服务、公共管理、公共安全。", "二、办事地点", "向阳路 1 号便民服务中心一楼。")),
    ("向阳街道", "street-accounts", 30, "第三季度财务收支", _table(["科目", "收入（万元）", "支出（万元）"], ["一般公共预算", "126.4", "118.9"], ["惠民专项资金", "48.0", "45.2"])),
    ("向阳街道", "news", 5, "诚信街道创建第三季度进展", _paragraphs("公开承诺 18 件，到期兑现 15 件；公开事项更新 46 条；组织诚信宣讲 4 场。")),
    ("临江街道", "employment", 230, "就业技能培训班开班安排", _paragraphs("家政、养老护理两个班，每班 40 人，免费，结业发证书。")),
    ("临江街道", "housing", 25, "老旧小区改造安排", _paragraphs("今年改造 6 个小区 41 栋楼，内容为外墙保温、管网和单元门，工期 5 月至 10 月。")),
    ("临江街道", "news", 35, "临江街道政务公开自查情况", _paragraphs("自查公开事项 22 项，更新 19 项，3 项正在补充。")),
    ("临江街道", "street-accounts", 110, "第二季度财务收支", _table(["科目", "收入（万元）", "支出（万元）"], ["一般公共预算", "98.7", "97.1"])),
    ("青松街道", "convenience", 12, "延长便民服务窗口时间", _paragraphs("自本月起，每周三窗口延时到 19:00，可以先打电话预约。")),
    ("青松街道", "armed-forces", 90, "优抚对象短期疗养安排", _paragraphs("符合条件的优抚对象自愿报名，费用由财政承担。")),
    ("新苑社区", "community-accounts", 18, "第三季度财务收支", _table(["项目", "收入（元）", "支出（元）"], ["办公经费", "15,000", "13,260"], ["惠民项目", "40,000", "38,500"])),
    ("新苑社区", "community-affairs", 18, "第三季度居务公开", _paragraphs("一、议定事项", "居民会议议定 5 件，办结 4 件，1 件正在施工。", "二、协助政府事项", "社保认证上门 36 户，高龄津贴代办 12 件。")),
    ("新苑社区", "property", 45, "物业服务费收支公示", _paragraphs("物业公司上半年收费 86.2 万元，支出 83.9 万元，明细张贴在各单元门厅。")),
    ("新苑社区", "disability", 70, "残疾人两项补贴发放户数和金额", _paragraphs("本季度发放困难残疾人生活补贴 21 户 7,560 元，重度护理补贴 14 户 5,040 元。")),
    ("和平社区", "community-accounts", 120, "第二季度财务收支", _table(["项目", "收入（元）", "支出（元）"], ["办公经费", "15,000", "14,880"])),
    ("和平社区", "schooling", 80, "小学新生入学登记安排", _paragraphs("登记时间、材料和学区划分以区教育局公布的为准，社区设咨询点。")),
    ("江畔社区", "community-affairs", 22, "第三季度居务公开", _paragraphs("居民议事会召开 2 次，议定事项 3 件，全部办结。")),
    ("松苑社区", "medical-insurance", 33, "居民医保集中参保缴费安排", _paragraphs("缴费时间 9 月 1 日至 12 月 31 日，可以在手机上办，也可以到社区由工作人员代办。")),
]  # fmt: skip

NORMATIVE = _paragraphs(
    "一、总则", "为规范政务诚信承诺管理，根据有关规定制定本办法。", "二、承诺", "承诺应当写明做什么、做到什么程度、什么时候完成、由哪个岗位负责。",
    "三、兑现和核验", "到期后五个工作日内报告结果，由区里核验。", "四、责任", "没有兑现的，公开说明原因和补救期限。",
)  # fmt: skip


class _Notices:
    """The notices, told through the story of `demo`: its days, its people, its gate."""

    def __init__(self, story):
        self.story, self.people, self.made = story, story.people, {}
        self.topics = {topic.key: topic for topic in Topic.objects.all()}

    def it(self, key) -> Notice:
        return Notice.objects.select_related("organisation__parent", "topic").get(pk=self.made[key])

    def writer(self, unit):
        return self.people["officeclerk"] if unit.level == "district" else self.story.clerk(unit)

    def draft(
        self, key, unit_name, topic, title, body, kind=INFORMATION, formed=3, upload=None, **more
    ) -> None:
        unit = self.story.units[unit_name]
        notice = Notice(
            kind=kind, organisation=unit, topic=self.topics[topic], title=title, body=body,
            formed_on=self.story.day - datetime.timedelta(days=formed), **more,
        )  # fmt: skip
        given = {"upload": upload} if upload else {}
        saved = services.save_notice(notice, by=self.writer(unit), today=self.story.day, **given)
        self.made[key] = saved.pk

    def submit(self, key, *args, **more) -> None:
        self.draft(key, *args, **more)
        self.story.take(FLOW, self.it(key), "submit", self.writer(self.it(key).organisation))

    def publish(self, key, *args, **more) -> None:
        self.submit(key, *args, **more)
        self.story.through_gate(self.it(key))

    def revise(self, key, reason, stages=3, **changes) -> None:
        revision = services.new_revision(self.it(key))
        for name, value in ({"reason": reason} | changes).items():
            setattr(revision, name, value)
        clerk = self.writer(revision.organisation)
        services.save_revision(revision, by=clerk)
        self.story.take(REVISION, revision, "submit", clerk)
        self.story.through_gate(revision, stages)

    def withdraw(self, key, reason, approve=True) -> None:
        it = self.it(key)
        self.story.take(FLOW, it, "ask_withdrawal", self.writer(it.organisation), reason=reason)
        if approve:
            self.story.take(FLOW, it, "approve_withdrawal", self.people["reviewer2"])

    def from_word(self, key, unit_name, topic, data) -> None:
        """A Word file as a street has it, brought in and published; the file itself stays in the office."""
        unit, brought = self.story.units[unit_name], word.read(data)
        notice = Notice(
            kind=CIRCULAR, organisation=unit, topic=self.topics[topic], title=brought.title, body=brought.html,
            document_number=brought.document_number, formed_on=self.story.day - datetime.timedelta(days=2),
            basis="市容环境卫生责任区制度",
        )  # fmt: skip
        original = SimpleUploadedFile("通报原件.docx", data)
        clerk = self.story.clerk(unit)
        saved = services.save_notice(
            notice, by=clerk, brought=brought, original=original, today=self.story.day
        )
        self.made[key] = saved.pk
        self.story.take(FLOW, saved, "submit", clerk)
        self.story.through_gate(self.it(key))

    def send_back(self, key, reason, flagged) -> None:
        review = Review.objects.of(self.it(key)).first()
        by = self.story.lead(self.it(key).organisation)
        self.story.take(GATE, review, "return_first", by, reason=reason, flagged=flagged)


def _picture() -> bytes:
    """A plain bar chart, as an office pastes into its reports."""
    image = Image.new("RGB", (480, 200), "white")
    draw = ImageDraw.Draw(image)
    for n, height in enumerate((150, 120, 90, 60)):
        draw.rectangle((40 + n * 110, 180 - height, 110 + n * 110, 180), fill="#1a56a0")
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def _word_file() -> bytes:
    document = Document()
    document.add_heading("关于第三季度环境卫生检查情况的通报", 0)
    document.add_paragraph("临街发〔2026〕17号")
    document.add_paragraph("一、检查情况")
    document.add_paragraph("检查社区 3 个、楼院 46 个、沿街门店 128 家，发现问题 37 处，已整改 35 处。")
    table = document.add_table(rows=4, cols=3)
    rows = [
        ("社区", "问题（处）", "已整改（处）"),
        ("松苑社区", "14", "14"),
        ("江畔社区", "11", "10"),
        ("滨河社区", "12", "11"),
    ]
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph("二、下一步")
    document.add_paragraph("未整改的 2 处由社区在月底前完成，街道复查。")
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def tell(story) -> None:
    """Note the chapters of what was published on the story's days."""
    notices = _Notices(story)
    # from here on each unit owes what the catalogue says: long enough ago for something to be near and something late
    story.at(85, lambda: clocks.follow_catalogue(today=story.day))
    for number, (unit, topic, ago, title, body) in enumerate(STANDING):
        story.at(ago, notices.publish, f"standing-{number}", unit, topic, title, body)
    _of_the_district(story, notices)
    _with_a_past(story, notices)
    _on_the_way(story, notices)


def _of_the_district(story, notices) -> None:
    until = story.today + datetime.timedelta(days=12)
    hearing = {
        "hearing_from": story.today - datetime.timedelta(days=3), "hearing_until": until,
        "hearing_channel": "电话 0452-0000000，或者写信到示例区信用办；可以匿名。", "basis": "试点方案二（六）",
    }  # fmt: skip
    names = _table(["单位", "类别"], ["向阳街道", "街道"], ["新苑社区", "社区"])
    story.at(
        4, notices.publish, "publicity", "示例区", "announcements", "诚信街道、诚信社区试点对标评价结果公示",
        _paragraphs("经自评、测算和复核，拟确定下列单位达标，现予公示。") + names, "publicity", **hearing,
    )  # fmt: skip
    story.at(
        240, notices.publish, "old-rules", "示例区", "normative-documents", "政务诚信承诺管理办法（试行）", NORMATIVE, "normative",
        document_number="示政发〔2025〕9号", legal_review_number="示司审〔2025〕14号", basis="国发〔2016〕76号",
        legal_review_on=story.today - datetime.timedelta(days=260), valid_from=story.today - datetime.timedelta(days=230),
    )  # fmt: skip

    def new_rules():
        notices.publish(
            "rules", "示例区", "normative-documents", "政务诚信承诺管理办法", NORMATIVE, "normative",
            document_number="示政发〔2026〕6号", legal_review_number="示司审〔2026〕5号", basis="国发〔2016〕76号",
            legal_review_on=story.today - datetime.timedelta(days=60), valid_from=story.today - datetime.timedelta(days=40),
            supersedes=notices.it("old-rules"),
        )  # fmt: skip

    story.at(50, new_rules)
    for number, (power, name) in enumerate(
        [
            ("service", "老年人优待证办理"),
            ("confirmation", "困难家庭认定初审"),
            ("inspection", "安全生产日常检查"),
            ("payment", "临时救助金发放"),
        ]
    ):
        story.at(
            150, notices.publish, f"power-{number}", "向阳街道", "powers", name,
            _paragraphs("一、办理条件和材料", "见便民服务中心公示栏。", "二、责任和监督", "逾期不办、违规收费的，拨打监督电话投诉。"),
            "power", power_kind=power, basis="街道权责清单（2026年版）",
        )  # fmt: skip
    story.at(
        65, notices.publish, "case", "示例区", "good-examples", "临江街道三任负责人接力兑现一件承诺",
        _paragraphs("2021 年答应的便民早市，经过三任负责人，换人不换账，今年六月建成开放。"), "case",
    )  # fmt: skip


def _with_a_past(story, notices) -> None:
    story.at(
        130,
        notices.publish,
        "changed",
        "向阳街道",
        "medical-insurance",
        "居民医保缴费标准",
        _paragraphs("个人缴费每人 380 元，财政补助每人 670 元。"),
    )
    story.at(
        75,
        notices.revise,
        "changed",
        "市里调整了缴费标准，同步更新。",
        body=_paragraphs("个人缴费每人 400 元，财政补助每人 700 元。", "困难群众的个人缴费由财政全额补助。"),
    )
    story.at(
        85,
        notices.publish,
        "wrong",
        "临江街道",
        "mobility",
        "江滨路封闭施工安排",
        _paragraphs("江滨路封闭施工，绕行路线另行公布。"),
    )
    story.at(79, notices.withdraw, "wrong", "施工时间有误，核对后重新发布。")
    story.at(
        180,
        notices.publish,
        "over",
        "青松街道",
        "mobility",
        "雨季临时交通安排",
        _paragraphs("雨天由志愿者在路口引导。"),
        valid_from=story.today - datetime.timedelta(days=179),
        valid_until=story.today - datetime.timedelta(days=40),
    )
    story.at(
        28,
        notices.publish,
        "asked-down",
        "青松街道",
        "parking",
        "夜间停车收费标准",
        _paragraphs("每晚 5 元，包月 100 元。"),
    )
    story.at(1, notices.withdraw, "asked-down", "收费标准还没有批准。", approve=False)
    story.at(9, notices.from_word, "word", "临江街道", "announcements", _word_file())


def _on_the_way(story, notices) -> None:
    story.at(
        1,
        notices.draft,
        "draft",
        "新苑社区",
        "community-affairs",
        "第四季度居务公开",
        _paragraphs("草稿，待补充。"),
    )
    story.at(
        2,
        notices.submit,
        "first",
        "向阳街道",
        "housing",
        "公租房申请和轮候情况",
        _paragraphs("在册轮候 38 户，本季度分配 6 户。"),
    )
    story.at(
        2,
        notices.submit,
        "sent-back",
        "新苑社区",
        "elderly-care",
        "老年食堂菜价和补贴",
        _paragraphs("午餐 12 元，75 周岁以上补贴 4 元。"),
    )
    story.at(1, notices.send_back, "sent-back", "请写明食堂地址和开放时间。", ["body"])
    story.at(
        3,
        notices.submit,
        "second",
        "临江街道",
        "results",
        "惠民实事办理结果",
        _paragraphs("十件实事办结九件，一件在建。"),
    )
    story.at(2, lambda: story.through_gate(notices.it("second"), 1))
    story.at(
        1,
        notices.revise,
        "standing-2",
        "增加 8 个泊位。",
        1,
        body=_paragraphs(
            "一、时间",
            "每天 18:00 至次日 7:30，节假日全天。",
            "二、地点和泊位",
            "街道办事处院内 36 个，便民服务中心门前 12 个，不收费。",
        ),
    )
    story.at(30, notices.draft, "dropped", "青松街道", "news", "重复的动态", _paragraphs("与已发布的重复。"))
    story.at(
        30,
        lambda: story.take(
            FLOW, notices.it("dropped"), "discard", story.people["street3"], reason="与已发布的重复"
        ),
    )
