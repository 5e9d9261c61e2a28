"""Integrity education of the fictional district: activities, texts, materials, courses and hours in every state."""

import datetime
import io
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from longsha_credit.directory.models import Level, Official
from longsha_credit.files.services import Upload
from longsha_credit.home.demo_units import DISTRICT
from longsha_credit.programme.education import hours, materials, services
from longsha_credit.programme.education.flows import EDITION, FLOW, HOURS, SHEET
from longsha_credit.programme.models import (
    Activity,
    ActivitySheet,
    Course,
    MaterialEdition,
    TrainingHours,
    Year,
)
from longsha_credit.publication import gate
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import Review
from longsha_credit.publication.services import justify

# key: unit, kind, title, theme, audiences, expected, hours, speaker, about, summary, outcome
ACTIVITIES = {
    "contracts": (
        "向阳街道", "lecture", "签了合同就要守", "law", "officials residents", 80, 2, "区法院立案庭法官",
        "三个真实的合同纠纷：房屋修缮、摊位租赁、家政服务。讲清楚签字以前看哪几句、做不到怎样说、证据怎样留。",
        "法官用三个案例讲了签合同以前要看清的三句话。来的大多是小区业主和沿街商户，也有街道各办公室的工作人员。\n\n现场提了七个问题，当场答复六个，一个登记后由司法所回复。",
        "街道按居民的建议，把服务合同示范文本放到了便民窗口；会后一个月有23户来取。",
    ),
    "credit-day": (
        DISTRICT, "publicity", "信用宣传日", "credit", "residents companies", 300, None, "",
        "在中心广场设八个咨询台：信用修复怎样办、合同怎样签、拖欠款项到哪里反映、公开承诺在哪里查。",
        "八个咨询台从上午九点开到下午三点，发放折页四百份，教居民用手机查街道的公开承诺。",
        "当天受理信用修复咨询31件，指导12户个体工商户在线提交。",
    ),
    "handbook": (
        DISTRICT, "training", "公务员诚信手册专题培训", "government", "officials", 60, 2, "区委党校讲师",
        "手册的五章；“新官不理旧账”的四个案例；离任交接怎样做到件件有人接。",
        "各街道、窗口的负责人和经办人参加，分组讨论了四个案例。", "会后各街道补交了离任交接清单的格式意见。",
    ),
    "family": (
        "新苑社区", "lecture", "讲讲家里的诚信故事", "culture", "residents", 20, None, "社区老教师",
        "请三位老人讲自家守信的故事，孩子们画下来。", "下大雪，来的人不多，三个故事都录了音。", "录音放在社区服务站循环播放。",
    ),
    "ethics": (
        "临江街道", "training", "窗口服务职业道德课", "ethics", "officials", 25, 3, "区政务服务中心督导员",
        "一次性告知怎样做到位，办不了的怎样说清楚。", "窗口和社区经办人参加，现场演练了五个场景。", "改了三张一次性告知单。",
    ),
    "market": (
        "临江街道", "publicity", "夜市诚信经营宣传", "law", "companies", 60, None, "",
        "在便民市场讲明码标价和七日退换，给摊主发放承诺牌。", "", "",
    ),
    "school": (
        "育才社区", "lecture", "给家长讲网络消费", "credit", "residents", 40, None, "区市场监管局干部",
        "孩子误充值怎样退、网购纠纷找谁。", "", "",
    ),
    "elder": (
        "和平社区", "lecture", "老年人防骗课", "credit", "residents", 50, None, "派出所民警",
        "保健品、投资、冒充熟人三类骗局怎样识破。", "民警讲了三类骗局，现场教老人设置来电提醒。", "",
    ),
    "winter": (
        "青松街道", "lecture", "供热合同怎样看", "law", "residents", 60, None, "区住建局供热科",
        "室温不达标怎样测、找谁、怎样退费。带上自家的供热合同来，现场帮您看。", "", "",
    ),
    "companies": (
        "向阳街道", "lecture", "账款按期付：给小企业讲条例", "law", "companies", 40, None, "区司法局律师",
        "保障中小企业款项支付条例的几个要点，合同里的付款期限怎样写。", "", "",
    ),
    "windows": (
        "便民服务综合窗口", "training", "承诺办件时限演练", "government", "officials", 12, 1, "窗口首席代表",
        "按承诺时限办结的流程，超时怎样预警。", "逐项走了一遍十二个事项的流程，找出两处会超时的地方。", "两处已经改好。",
    ),
    "rumour": (
        "青松街道", "publicity", "守信商户走访", "culture", "companies", 30, None, "",
        "走访沿街三十家商户，听取意见。", "走访三十家，征集意见十一条。", "",
    ),
    "dates": (
        "临江街道", "lecture", "签约以前问三句话", "law", "residents companies", 50, None, "区法院法官助理",
        "对方是谁、钱怎样付、做不到怎么办。", "", "",
    ),
    "letters": (
        "江畔社区", "lecture", "承诺书怎样写才算数", "government", "officials residents", 30, 1, "街道司法所所长",
        "写清做什么、到哪天、做不到怎么办。", "用社区自己的两份承诺书作例子，逐句改。", "两份承诺书已按要求改好。",
    ),
    "property": (
        "康宁社区", "publicity", "物业服务合同进楼道", "law", "residents", 100, None, "",
        "把物业服务合同的要点贴进楼道，志愿者逐层讲解。", "走了九栋楼二十七个楼道，发放要点卡三百份。", "收集意见十九条，已转物业公司。",
    ),
}  # fmt: skip
# key: unit, title, theme, audiences, summary, body, source
MATERIALS = {
    "leaflet": (
        "向阳街道", "签合同以前看三句话", "law", "residents companies", "五分钟看懂合同里最要紧的三句话，附示范文本的取法。",
        "一、对方是谁\n\n看清名称和证照上的是不是一样；个人要看身份证，公司要看营业执照。\n\n二、钱怎样付\n\n先付多少、什么时候付完、付到哪个账户，都要写在合同里，不要只是口头说。\n\n三、做不到怎么办\n\n写清赔多少、找谁调解、到哪里打官司。三样都没有的，先不要签字。",
        "向阳街道司法所编写",
    ),
    "cases": (
        DISTRICT, "新官理旧账：四个案例", "government", "officials residents", "四个换了负责人照样兑现的案例，每个两分钟。",
        "案例一：街道换届以后，接任的主任把前任答应的32户门面补偿列进交接清单，逐户签认，三个月付清。\n\n案例二：社区书记调走，社区书屋照原来的时间开门，因为承诺是社区的，不是哪一个人的。\n\n案例三：机构合并以后，便民窗口的承诺由继任单位继续公开，网页上写明并入哪里。\n\n案例四：项目负责人退休，合同付款期限由系统提醒接任的人，没有晚一天。",
        "区信用办根据公开报道整理（演示）",
    ),
    "repair": (
        DISTRICT, "信用修复一看就懂", "credit", "companies residents", "哪些可以修复、带什么材料、几天有结果。",
        "先改正，再申请：义务履行完毕的证明和信用承诺书，两样就够，不收费。", "区信用办编写",
    ),
    "manual": (
        DISTRICT, "公务员诚信手册（简明版）", "government", "officials", "手册五章的要点，半小时看完；只在内部学习。",
        "第一章 依法履职：职责之内的事不推，职责之外的权不用。\n\n第二章 言出必行：承诺以前先算能不能做到，做不到的不说。\n\n第三章 一任接着一任干：接手就是接账，件件有回音。\n\n第四章 公开透明：能公开的都公开，不能公开的说明依据。\n\n第五章 廉洁自律。",
        "区信用办、区委组织部编写（演示）",
    ),
    "old-manual": (
        "青松街道", "窗口用语（旧版）", "ethics", "officials", "窗口常用的三十句话。", "已由新的服务规范代替。", "青松街道编写",
    ),
    "phrases": (
        "临江街道", "一次性告知的十个场景", "ethics", "officials", "十个办不了、缺材料的场景怎样说。",
        "场景一：材料缺一份，能先办后补的先受理，写清哪天以前补什么。", "临江街道编写",
    ),
    "families": (
        "新苑社区", "家风家训里的诚信", "culture", "residents", "居民写下的二十条家训。", "说到就要做到。借的东西按时还。", "新苑社区居民供稿，社区整理",
    ),
    "market-rules": (
        "临江街道", "明码标价怎样做", "law", "companies", "摊位、小店的标价牌怎样写。", "一货一签，写清品名、规格、价格。", "临江街道编写",
    ),
    "wrong": (
        "青松街道", "供热退费办法", "law", "residents", "室温不达标怎样退费。", "引用的办法已经废止。", "青松街道编写",
    ),
    "double": ("向阳街道", "合同要点（重复）", "law", "residents", "与已有资料重复。", "与已有资料重复。", "向阳街道编写"),
}  # fmt: skip
# Officials beside those with accounts, so that two streets are large enough for a rate.
OFFICIALS = {
    "向阳街道": "沈文、顾然、陆平、方圆、叶青",
    "临江街道": "汪洋、田野、江南、石磊、丁香",
    "新苑社区": "乔木、白云",
    "便民服务综合窗口": "杜若、苏木",
    DISTRICT: "温和、罗列、程实、陶然、余音、梅朵",
}
MINIMUM_BASIS = (
    "区年度干部教育培训计划（示组通〔2026〕3号，演示）；学时数参照示范创建指标表一第8.1项，为建议值"
)


def _picture(number: int) -> bytes:
    """A drawn hall with a speaker and rows of seats: nobody's photograph."""
    image = Image.new("RGB", (1280, 800), (222, 229, 238))
    draw = ImageDraw.Draw(image)
    draw.rectangle((240, 90, 1040, 400), fill=(246, 248, 251), outline=(40, 84, 140), width=6)
    for line in range(4):
        draw.rectangle(
            (300, 150 + line * 55, 980 - line * 90 - number * 20, 170 + line * 55), fill=(40, 84, 140)
        )
    draw.ellipse((1080, 250, 1150, 320), fill=(90, 100, 116))
    draw.rectangle((1060, 330, 1170, 480), fill=(90, 100, 116))
    for row in range(3):
        for seat in range(9 - row):
            x, y = 120 + row * 60 + seat * 120, 520 + row * 90
            draw.ellipse((x, y, x + 60, y + 60), fill=(150 - row * 20, 162 - row * 20, 180 - row * 20))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


class _Education:
    """Education, told through the story of `demo`: its days, its people, its gate."""

    def __init__(self, story):
        self.story, self.people, self.made, self.editions = story, story.people, {}, {}

    # who acts, and when
    def clerk(self, unit):
        if unit.level == Level.DISTRICT:
            return self.people["officeclerk"]
        return self.people["window1"] if unit.level == Level.WINDOW else self.story.clerk(unit)

    def day(self, ago) -> datetime.date:
        """The day on which the story lets happen what it is told for so many days ago."""
        day = self.story.today - datetime.timedelta(days=ago)
        while ago > 0 and not self.story.calendar.is_workday(day):
            day -= datetime.timedelta(days=1)
        return day

    def take(self, flow, row, step, by, **given) -> None:
        self.story.take(flow, row, step, by, **given)

    def it(self, key) -> Activity:
        return Activity.objects.select_related("organisation__parent", "year").get(pk=self.made[key])

    def year(self) -> Year:
        return Year.objects.get(number=self.story.day.year)

    # activities
    def plan(self, key, day) -> None:
        unit, kind, title, theme, whom, expected, each, speaker, about, _, _ = ACTIVITIES[key]
        place = self.story.units[unit]
        row = Activity(
            organisation=place, kind=kind, title=title, theme=theme, audiences=whom.split(), planned_on=day,
            starts_at=datetime.time(9, 30), place=f"{place.name}三楼会议室", expected=expected, speaker=speaker,
            hours=Decimal(each) if each else None, about=about,
        )  # fmt: skip
        self.made[key] = services.save_activity(row, by=self.clerk(place), today=self.story.day).pk

    def step(self, key, name, by=None, **given) -> None:
        it = self.it(key)
        self.take(FLOW, it, name, by or self.clerk(it.organisation), **given)

    def hold(self, key, came) -> None:
        self.step(key, "hold", held_on=self.story.day, attendance=came)

    def sum_up(self, key, finish=True) -> None:
        it = self.it(key)
        it.summary, it.outcome = ACTIVITIES[key][-2:]
        number = len(self.made)
        photos = [SimpleUploadedFile("活动现场.jpg", _picture(number), "image/jpeg")]
        text = f"{it.title}\n流程和分工，不含参加人员姓名。\n（演示文件）"
        photos.append(SimpleUploadedFile("活动方案.txt", text.encode()))
        by = self.clerk(it.organisation)
        services.save_summary(it, by=by, upload=Upload(added=tuple(photos)), today=self.story.day)
        if finish:
            self.step(key, "summarise")

    def tell(self, key, stages=3, submit=True, reason="") -> ActivitySheet:
        """Write the public text and send it as far as `stages`; its photographs go along."""
        it = self.it(key)
        sheet, by = services.new_sheet(it), self.clerk(it.organisation)
        sheet.reason = reason
        picked = [file.pk for file in it.files.all() if file.name.endswith(".jpg")]
        services.save_sheet(sheet, by=by, picked=picked)
        if submit:
            self.take(SHEET, sheet, "submit", by)
            review = Review.objects.of(sheet).first()
            if stages:
                self._explained(review, it.organisation)
            self.story.through_gate(sheet, stages)
        return sheet

    def _explained(self, review, unit) -> None:
        """What no machine can read in a photograph, the lead has looked at."""
        if found := gate.unanswered(review):
            keys = [one.key for one in found]
            justify(review, keys, reason="看过照片，没有可以认出的居民", by=self.story.lead(unit))

    def send_back(self, key, reason) -> None:
        sheet = self.tell(key, stages=0)
        review, unit = Review.objects.of(sheet).first(), sheet.organisation
        self.take(GATE, review, "return_first", self.story.lead(unit), reason=reason, flagged=["text"])

    def move(self, key, ahead) -> None:
        it = self.it(key)
        it.planned_on = self.story.today + datetime.timedelta(days=ahead)
        services.save_activity(it, by=self.clerk(it.organisation), today=self.story.day)

    def take_down(self, key, reason, finish=True) -> None:
        it = self.it(key)
        sheet = it.sheets.get(state="published")
        self.take(SHEET, sheet, "ask_withdrawal", self.clerk(it.organisation), reason=reason)
        if finish:
            self.take(SHEET, sheet, "approve_withdrawal", self.people["reviewer2"])

    # materials
    def write(self, key) -> MaterialEdition:
        unit, title, theme, whom, summary, body, source = MATERIALS[key]
        place = self.story.units[unit]
        row = MaterialEdition(
            organisation=place, title=title, theme=theme, audiences=whom.split(), summary=summary, body=body, source=source
        )  # fmt: skip
        self.editions[key] = materials.save_edition(row, by=self.clerk(place)).pk
        return row

    def edition(self, key) -> MaterialEdition:
        return MaterialEdition.objects.with_names().get(pk=self.editions[key])

    def publish(self, key, stages=3) -> None:
        row = self.write(key)
        self.take(EDITION, row, "submit", self.clerk(row.organisation))
        self.story.through_gate(row, stages)

    def revise(self, key, reason, more, stages=3) -> None:
        row = materials.new_edition(self.edition(key).material)
        row.reason, row.body = reason, f"{row.body}\n\n{more}"
        by = self.clerk(row.organisation)
        materials.save_edition(row, by=by)
        self.take(EDITION, row, "submit", by)
        self.story.through_gate(row, stages)

    def issue(self, key, finish=True) -> None:
        row = self.write(key)
        self.take(EDITION, row, "offer", self.clerk(row.organisation))
        if finish:
            self.take(EDITION, row, "issue", self.story.lead(row.organisation))

    def edition_step(self, key, name, by=None, **given) -> None:
        row = self.edition(key)
        self.take(EDITION, row, name, self.people[by] if by else self.clerk(row.organisation), **given)

    # hours
    def people_come(self) -> None:
        for unit, names in OFFICIALS.items():
            place = self.story.units[unit]
            for number, name in enumerate(names.split("、"), start=1):
                number = f"XS{place.pk:03d}{number:02d}"
                Official.objects.create(name=f"{name}（演示）", staff_number=number, organisation=place)

    def curriculum(self) -> None:
        hours.load_minimums()
        office = self.people["office"]
        for year in Year.objects.exclude(state="frozen"):
            hours.set_minimum(year, by=office, hours=Decimal(4), basis=MINIMUM_BASIS, basis_kind="advice")
            for title, each, levels, about in (
                ("公务员诚信手册导读", 2, ["district", "street", "community", "window"], "手册五章，案例四个，学完能说出自己岗位的三条承诺。"),
                ("合同履约和款项支付", 1, ["street"], "保障中小企业款项支付条例要点；付款期限怎样登记、怎样提醒。"),
                ("信用修复和异议办理", 1, [], "受理、核查、告知的时限和文书。"),
            ):  # fmt: skip
                course = Course(
                    organisation=self.story.units[DISTRICT], year=year, title=title, hours=Decimal(each), levels=levels,
                    about=about, basis="年度干部教育培训计划（示组通〔2026〕3号，演示）",
                )  # fmt: skip
                hours.save_course(course, by=office)

    def learn(self, unit, count, *, activity=None, course=None, confirm=True, skip=0) -> None:
        place = self.story.units[unit]
        people = list(Official.objects.filter(organisation=place).order_by("id")[skip : skip + count])
        given = {"today": self.story.day, "by": self.clerk(place)}
        if activity:
            it = self.it(activity)
            rows = hours.enter(people, day=it.held_on, hours=it.hours, activity=it, **given)
        else:
            row = Course.objects.get(year=self.year(), title=course)
            rows = hours.enter(people, day=self.story.day, hours=row.hours, course=row, **given)
        if confirm:
            # nobody confirms the own hours: those of the lead wait for somebody else
            hours.confirm_all(rows, by=self.story.lead(place), today=self.story.day)

    def certificate(self, unit, name, day_hours) -> TrainingHours:
        place = self.story.units[unit]
        official = Official.objects.filter(organisation=place).order_by("-id")[0]
        paper = SimpleUploadedFile("结业证书.txt", f"{official.name}，{day_hours}学时\n（演示文件）".encode())
        (row,) = hours.enter(
            [official], by=self.clerk(place), day=self.story.day, hours=Decimal(day_hours), outside=name, certificate=paper,
            today=self.story.day,
        )  # fmt: skip
        return row

    def go_elsewhere(self) -> None:
        """Trainings held by others: confirmed and revoked, sent back, waiting."""
        lead = self.people["street1lead"]
        wrong = self.certificate("向阳街道", "市委党校信用专题班（第一期）", 6)
        self.take(HOURS, wrong, "confirm", lead)
        self.take(HOURS, wrong, "revoke", lead, reason="证书是上一年的")
        again = self.certificate("向阳街道", "市委党校信用专题班", 8)
        self.take(HOURS, again, "send_back", lead, reason="证书上是6学时，请按证书登记")

    def go_again(self) -> None:
        self.certificate("向阳街道", "市委党校信用专题班（第二期）", 6)


def tell(story) -> None:
    """Note down what happens in education on which day."""
    e, at = _Education(story), story.at
    at(320, e.people_come)
    at(319, e.curriculum)
    _done(e, at)
    _under_way(e, at)
    _library(e, at)
    _hours(e, at)


def _whole(e, at, key, ago, came, announced=False) -> None:
    """Planned, announced perhaps, held and summed up."""
    at(ago + 21, e.plan, key, e.day(ago))
    if announced:
        at(ago + 18, e.tell, key)
    at(ago, e.hold, key, came)
    at(max(ago - 3, 0), e.sum_up, key)


def _done(e, at) -> None:
    _whole(e, at, "credit-day", 205, 340, announced=True)
    at(200, e.tell, "credit-day", reason="活动办完，公布情况。")
    _whole(e, at, "contracts", 120, 86, announced=True)
    at(113, e.tell, "contracts", reason="讲座办完，公布情况和照片。")
    _whole(e, at, "property", 100, 312)
    at(95, e.tell, "property")
    _whole(e, at, "handbook", 90, 64)
    at(86, e.step, "handbook", "file", reason="讨论了没有公开的案件，只留内部。")
    _whole(e, at, "letters", 80, 27)
    at(74, e.tell, "letters")
    at(1, e.take_down, "letters", "作例子的承诺书改过，原文会让人误解。", finish=False)
    _whole(e, at, "rumour", 70, 30)
    at(65, e.tell, "rumour")
    at(51, e.take_down, "rumour", "照片里的店名没有征得同意。")
    _whole(e, at, "family", 58, 4)
    at(52, e.tell, "family")
    _whole(e, at, "ethics", 45, 22)
    at(3, e.tell, "ethics", stages=1)


def _under_way(e, at) -> None:
    """One at each desk: past its day, held without summary, undecided, sent back, to come, moved, off."""
    today = e.story.today
    at(30, e.plan, "market", e.day(16))
    at(27, e.tell, "market")
    at(18, e.tell, "market", submit=False, reason="换了摊位。")
    at(17, e.step, "market", "cancel", reason="有大风预警。", cancel_why="weather")
    at(25, e.plan, "school", e.day(6))
    at(20, e.plan, "elder", e.day(3))
    at(3, e.hold, "elder", 41)
    at(2, e.sum_up, "elder", finish=False)
    _whole(e, at, "windows", 12, 11)
    at(15, e.plan, "winter", today + datetime.timedelta(days=9))
    at(12, e.tell, "winter")
    at(10, e.plan, "companies", today + datetime.timedelta(days=20))
    at(1, e.tell, "companies", submit=False)
    at(14, e.plan, "dates", today + datetime.timedelta(days=6))
    at(11, e.tell, "dates")
    at(2, e.move, "dates", 13)
    at(1, e.send_back, "windows", "写明演练的是哪十二个事项；“会超时的地方”怎样改的也写一句。")


def _library(e, at) -> None:
    at(230, e.publish, "cases")
    at(150, e.publish, "leaflet")
    at(
        60,
        e.revise,
        "leaflet",
        "居民问到示范文本在哪里取，补写一段。",
        "示范文本在街道便民窗口免费领取，也可以请司法所帮您看一遍。",
    )
    at(110, e.publish, "repair")
    at(140, e.issue, "manual")
    at(200, e.issue, "old-manual")
    at(90, e.edition_step, "old-manual", "retire", reason="由新的服务规范代替。")
    at(1, e.issue, "phrases", finish=False)
    at(1, e.write, "families")
    at(2, e.publish, "market-rules", stages=1)
    at(85, e.publish, "wrong")
    at(50, e.edition_step, "wrong", "ask_withdrawal", reason="引用的退费办法已经废止。")
    at(49, e.edition_step, "wrong", "approve_withdrawal", "reviewer2")
    at(1, e.edition_step, "repair", "ask_withdrawal", reason="修复办法有新的规定，内容要重写。")
    at(6, e.write, "double")
    at(5, e.edition_step, "double", "discard", reason="与已有资料重复。")


def _hours(e, at) -> None:
    at(100, e.learn, "向阳街道", 7, activity="contracts")
    at(84, e.learn, "向阳街道", 5, activity="handbook", skip=2)
    at(83, e.learn, "临江街道", 6, activity="handbook")
    at(82, e.learn, DISTRICT, 6, activity="handbook")
    at(60, e.learn, "向阳街道", 4, course="公务员诚信手册导读", skip=3)
    at(55, e.learn, "临江街道", 4, course="公务员诚信手册导读")
    at(50, e.learn, DISTRICT, 5, course="公务员诚信手册导读")
    at(40, e.learn, "临江街道", 3, activity="ethics", skip=1)
    at(30, e.learn, "新苑社区", 2, course="公务员诚信手册导读")
    at(20, e.go_elsewhere)
    at(9, e.learn, "便民服务综合窗口", 2, activity="windows", confirm=False)
    at(4, e.learn, "向阳街道", 3, course="合同履约和款项支付", confirm=False, skip=1)
    at(2, e.go_again)
