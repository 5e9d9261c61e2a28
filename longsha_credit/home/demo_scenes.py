"""Credit+ scenes of the fictional district, of all three kinds and in every state: all of it is invented."""

import datetime

from disclosure.models import QUESTIONS, Scene, SceneMonth
from disclosure.scenes import services
from disclosure.scenes.flows import FLOW, MONTH, REVISION
from disclosure.scenes.wording import CONSENT, LEAVING
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import Review

RIGHT = {question.column: question.right for question in QUESTIONS}
# key: kind, unit, title, needs, service, incentive kind, incentive, beneficiaries, eligibility, joining, target
SCENES = {
    "wheelchair": (
        "street", "向阳街道", "免押金借轮椅、助行器", "elderly-care disability",
        "借用轮椅、助行器、拐杖，一次最长30天，用完可以续借。", "deposit",
        "签一份承诺书，就免交300元押金，当场借走。", "辖区居民，约5,600户", "住在辖区、愿意用完归还的居民。",
        "带身份证到便民服务综合窗口登记，签一份承诺书，当场借走；行动不便的可以请家人代办。", 20,
    ),
    "permit-later": (
        "service", "便民服务综合窗口", "办证差一份材料，先办后补", "convenience employment",
        "办理居住证明、灵活就业登记、老年优待证等12个事项。", "tolerant",
        "缺的不是主要材料的，签一份承诺书先受理、先办理，10个工作日内补齐就行。",
        "来窗口办事的居民和个体工商户", "来窗口办这12个事项、愿意按时补齐材料的人。",
        "到窗口说一声要先办后补，签一份承诺书，工作人员当场受理。", 40,
    ),
    "doorstep": (
        "community", "新苑社区", "高龄老人预约上门办", "elderly-care medical-insurance",
        "养老认证、优待证、医保参保登记，工作人员上门办理。", "doorstep",
        "和社区签了互助约定的家庭，打一个电话，三个工作日内上门；同一天还可以把邻居的事一起办了。",
        "新苑社区80岁以上老人，约310人", "80岁以上老人和他们的家人。", "打社区电话预约，说清要办的事和住址，约好时间。", 12,
    ),
    "night-market": (
        "street", "临江街道", "夜市摊位先经营后补证", "employment convenience",
        "办理便民市场临时摊位登记。", "tolerant", "签经营承诺书就可以先出摊，15天内补齐健康证和照片。",
        "在辖区便民市场经营的居民，约90户", "在便民市场经营、愿意守约的居民。", "到街道市场服务点领一份承诺书，签好当天安排摊位。", 15,
    ),
    "tools": (
        "community", "和平社区", "邻里工具免押金借用", "property housing",
        "借用电钻、梯子、疏通器等36件工具，一次最长7天。", "deposit", "登记电话、签一份约定就借走，不交押金。",
        "和平社区居民，约1,420户", "住在本社区、愿意按期归还的居民。", "到社区服务站登记，当场借走。", 25,
    ),
    "school-papers": (
        "community", "育才社区", "入学证明材料一次办", "schooling",
        "开具入学需要的居住情况证明。", "fewer", "自己承诺住址属实的，少交房产证复印件和水电费单据两份材料。",
        "育才社区有学龄孩子的家庭，约260户", "孩子当年入学、住在本社区的家庭。", "带户口簿到社区服务站，签一份承诺书，当场出证明。", 10,
    ),
    "heating": (
        "street", "青松街道", "取暖设备检修优先预约", "housing fire-and-theft",
        "入户检查取暖设备和电线，每年十月至次年三月。", "priority",
        "参加楼道安全互助的家庭可以提前一周预约，另外加派一组人手，不占用其他居民的时段。",
        "辖区居民，约4,900户", "自愿参加楼道安全互助的家庭。", "打街道电话登记，说清楼号和方便的时间。", 30,
    ),
    "veterans": (
        "service", "便民服务综合窗口", "军属事项延时办", "armed-forces",
        "优待证、抚恤金认证等事项，周二、周四晚上办到八点。", "doorstep", "预约过的军属，下班后来也能办，不用请假。",
        "辖区退役军人和军属，约480人", "退役军人和军属。", "打窗口电话预约，说清要办的事。", 12,
    ),
    "parking": (
        "community", "江畔社区", "共享车位先停后付", "parking",
        "白天空出来的23个车位，居民和来办事的人可以停。", "cheaper", "签过文明停车约定的，先停后付，前一个小时免费。",
        "江畔社区居民和来办事的人", "有车、愿意按约定停放的人。", "扫社区门口的二维码看约定，到服务站登记车牌。", 30,
    ),
    "books": (
        "community", "松苑社区", "社区书屋免押金借书", "schooling convenience",
        "借书一次最多5本、最长30天。", "deposit", "登记电话就借走，不交押金。", "松苑社区居民，约1,050户",
        "住在本社区的居民，孩子由家长登记。", "到社区书屋登记，当场借走。", 40,
    ),
    "repairs": (
        "street", "青松街道", "小修小补预约上门", "property disability",
        "换灯、修水龙头、通下水，只收材料成本。", "doorstep", "残疾人和独居老人家庭优先安排，签过互助约定的当天上门。",
        "辖区残疾人和独居老人，约350户", "残疾人、独居老人家庭。", "打街道电话预约。", 15,
    ),
    "reading-room": (
        "community", "滨河社区", "自习室免登记进出", "schooling",
        "晚上六点到九点开放自习室，座位30个。", "fewer", "登记过一次电话的学生，以后进出不用再登记。", "滨河社区中小学生，约220人",
        "住在本社区的学生，由家长登记。", "家长到社区服务站登记一次电话。", 40,
    ),
    "stall-first": (
        "street", "青松街道", "早市摊位优先续约", "employment",
        "每季度办理早市摊位续约。", "priority", "按时打扫摊位的，续约时可以提前一周办，不用排队。", "早市经营者，约60户",
        "在早市经营、愿意按时打扫的居民。", "到街道市场服务点登记。", 10,
    ),
    "copies": (
        "service", "便民服务综合窗口", "材料复印免费、证照免带", "convenience",
        "来窗口办事需要的证照复印件，由窗口查询打印。", "fewer", "自己承诺证照有效的，不用带复印件。", "来窗口办事的居民",
        "来窗口办事、愿意承诺证照有效的人。", "到窗口说一声，签一份承诺书。", 60,
    ),
    "bus": (
        "street", "临江街道", "就医班车免费坐", "mobility medical-insurance",
        "每周三从社区到区医院往返一趟。", "cheaper", "约好的居民免费乘坐，家人可以陪同。", "辖区60岁以上老人，约1,900人",
        "60岁以上老人和陪同的家人。", "提前一天打街道电话约座位。", 30,
    ),
}  # fmt: skip
DATA = ("姓名和联系电话，只用来联系本次办理，不用作别的事。", "办完以后30天删除。")


class _Scenes:
    """The scenes, told through the story of `demo`: its days, its people, its gate."""

    def __init__(self, story):
        self.story, self.people, self.made, self.numbers = story, story.people, {}, 0

    def it(self, key) -> Scene:
        return Scene.objects.select_related("organisation__parent", "publication").get(pk=self.made[key])

    def clerk(self, unit):
        return self.people["window1"] if unit.level == "window" else self.story.clerk(unit)

    def take(self, flow, obj, step, by, **given) -> None:
        self.story.take(flow, obj, step, by, **given)

    def draft(self, key, **changes) -> None:
        kind, unit, title, needs, service, incentive_kind, incentive, whom, who, how, target = SCENES[key]
        place, self.numbers = self.story.units[unit], self.numbers + 1
        day = self.story.day
        fields = {
            "kind": kind, "organisation": place, "title": title, "needs": needs.split(), "service": service,
            "incentive_kind": incentive_kind, "incentive": incentive, "beneficiaries": whom, "eligibility": who,
            "joining": how, "monthly_target": target, "place": f"{place.name}，{place.address}",
            "phone": place.supervision_phone, "consent": CONSENT, "leaving": LEAVING, "data_used": DATA[0],
            "data_kept": DATA[1], "basis": "试点方案二（七）积极探索“信用+”场景应用", "begins_on": day,
            "legal_review_number": f"示法审〔{day.year}〕{self.numbers}号（演示）", "legal_conclusion": "lawful",
            "legal_review_on": day - datetime.timedelta(days=9), **RIGHT,
        } | changes  # fmt: skip
        self.made[key] = services.save_scene(Scene(**fields), by=self.clerk(place)).pk

    def submit(self, key, **changes) -> None:
        self.draft(key, **changes)
        self.take(FLOW, self.it(key), "submit", self.clerk(self.it(key).organisation))

    def open(self, key, **changes) -> None:
        self.submit(key, **changes)
        self.story.through_gate(self.it(key))

    def step(self, key, name, by=None, **given) -> None:
        it = self.it(key)
        self.take(FLOW, it, name, self.people[by] if by else self.clerk(it.organisation), **given)

    def revise(self, key, reason, stages=3, **changes) -> None:
        revision = services.new_revision(self.it(key))
        for name, value in ({"reason": reason} | RIGHT | changes).items():
            setattr(revision, name, value)
        clerk = self.clerk(revision.organisation)
        services.save_revision(revision, by=clerk)
        self.take(REVISION, revision, "submit", clerk)
        self.story.through_gate(revision, stages)

    def send_back(self, key, reason, *flagged) -> None:
        it = self.it(key)
        review = Review.objects.of(it).first()
        self.take(
            GATE, review, "return_first", self.story.lead(it.organisation), reason=reason, flagged=flagged
        )

    def month(self, key, month, participations, until="published", **more) -> None:
        it = self.it(key)
        told = services.new_month(it)
        fields = {"month": month, "participations": participations, "served": max(participations * 4 // 5, 1)}
        for name, value in (fields | more).items():
            setattr(told, name, value)
        services.save_month(told, by=self.clerk(it.organisation), today=self.story.day)
        self._sent(told, until)

    def correct(self, key, month, reason, until="published", **numbers) -> None:
        first = SceneMonth.objects.with_names().get(scene=self.made[key], month=month, corrects=None)
        told = services.new_correction(first)
        for name, value in ({"reason": reason} | numbers).items():
            setattr(told, name, value)
        services.save_month(told, by=self.clerk(told.organisation))
        self._sent(told, until)

    def _sent(self, told, until) -> None:
        if until != "draft":
            self.take(MONTH, told, "submit", self.clerk(told.organisation))
        if until == "published":
            self.story.through_gate(told)


def tell(story) -> None:
    """Note down what happens to the scenes on which day."""
    scenes, at = _Scenes(story), story.at
    _going(scenes, at)
    _on_the_way(scenes, at)
    _over(scenes, at)
    _months(scenes, story)


def _going(s, at) -> None:
    at(258, s.open, "wheelchair")
    at(
        120,
        s.revise,
        "wheelchair",
        "居民提议增加一处借还点，离公交站近。",
        place="向阳街道便民服务综合窗口；新苑社区服务站",
    )
    at(240, s.open, "permit-later")
    at(225, s.open, "doorstep")
    at(160, s.open, "tools")
    at(90, s.open, "veterans")
    at(
        2,
        s.revise,
        "veterans",
        "增加周六上午。",
        stages=1,
        service="优待证、抚恤金认证等事项，周二、周四晚上办到八点，周六上午也办。",
    )
    at(20, s.open, "school-papers", begins_on=s.story.today + datetime.timedelta(days=12))


def _on_the_way(s, at) -> None:
    """At each desk: a draft the guard stops, one in review, one sent back, one thrown away."""
    stopped = "守约一年的免物业工具押金；三次没有按时归还的扣10分，名单在公告栏公布。"
    at(1, s.draft, "parking", incentive=stopped, legal_review_on=None, legal_review_number="", legal_conclusion="", ranks_people=True, lists_people=None)  # fmt: skip
    at(3, s.submit, "heating")
    at(4, s.submit, "repairs")
    at(
        2,
        s.send_back,
        "repairs",
        "“只收材料成本”请写明怎样定价、谁来付；签约定的和没签的上门时间要一样。",
        "service",
        "incentive",
    )
    at(6, s.draft, "bus")
    at(5, s.step, "bus", "discard", reason="班车由区里统一安排，不再另设。")


def _over(s, at) -> None:
    at(230, s.open, "night-market")
    at(45, s.step, "night-market", "suspend", reason="市场地面翻修。", halt_why="venue")
    at(210, s.open, "books", ends_on=s.story.today - datetime.timedelta(days=25))
    at(235, s.open, "reading-room")
    at(60, s.step, "reading-room", "end", reason="学校延时服务开设以后，来的人少了。", halt_why="demand")
    at(150, s.open, "stall-first")
    at(62, s.step, "stall-first", "ask_withdrawal", reason="续约条件和市场管理办法不一致，依据引用有误。")
    at(61, s.step, "stall-first", "approve_withdrawal", "reviewer2")
    at(110, s.open, "copies")
    at(1, s.step, "copies", "ask_withdrawal", reason="证照查询系统改版，免带的证照种类要重新核对。")


# key: participations of the last months, the newest first; None: nobody reported
NUMBERS = {
    "wheelchair": (26, 23, 19, 24, 21, 17, 12),
    "permit-later": (57, 44, 41, 38, 36, 29, 22),
    "doorstep": (13, 15, 9, 3, 11, 8),
    "tools": (None, 31, 27, 18, 22),
    "veterans": (4, 9),
    "night-market": (None, None, 21, 26, 18, 17),
    "books": (None, 44, 52, 39, 31, 28),
    "reading-room": (None, None, 14, 19, 33, 41, 46),
    "stall-first": (None, None, 12, 11),
    "copies": (71, 66, 48),
}
MORE = {
    ("wheelchair", 0): {"surveyed": 18, "satisfied": 17, "effect": "半年多借出轮椅、助行器140多次，没有一次收过押金，没有一件没还。"},
    ("permit-later", 0): {"surveyed": 32, "satisfied": 30, "effect": "缺材料的群众不用跑第二趟，补齐率到了九成八，没有补齐的也照原来的办法办了。"},
    ("doorstep", 0): {"surveyed": 4, "satisfied": 4},
    ("doorstep", 2): {"note": "月中大雪，停了三天。"},
    ("books", 1): {"effect": "借书的孩子比去年同期多了三成。"},
}  # fmt: skip


def _months(s, story) -> None:
    """On the third of each month, or the first working day after, the numbers of the month before."""
    first = story.today.replace(day=1)
    for back in range(7):
        month = _before(first, back + 1)
        day = _before(first, back) + datetime.timedelta(days=2)
        while not story.calendar.is_workday(day):
            day += datetime.timedelta(days=1)
        if day > story.today:
            continue
        for key, numbers in NUMBERS.items():
            number = numbers[back] if back < len(numbers) else None
            if number is not None:
                until = "in_review" if (key, back) == ("copies", 0) else "published"
                story.at(
                    (story.today - day).days,
                    s.month,
                    key,
                    month,
                    number,
                    until=until,
                    **MORE.get((key, back), {}),
                )
    story.at(12, s.correct, "doorstep", _before(first, 3), "漏计了社区医院转来的两次。", participations=11)
    story.at(1, s.correct, "wheelchair", _before(first, 2), "重复登记了一次。", "draft", participations=22)


def _before(first: datetime.date, months: int) -> datetime.date:
    """The first day of so many months before."""
    number = first.year * 12 + first.month - 1 - months
    return datetime.date(number // 12, number % 12 + 1, 1)
