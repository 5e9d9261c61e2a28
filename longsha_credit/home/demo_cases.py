"""What residents of the fictional district said, one case in every state there is: all of it is invented."""

from commitments.models import Case, CaseSecret, Satisfaction
from commitments.supervision import services, vault
from commitments.supervision.flows import FLOW, OPENING, SLIP

# kind, unit, what was said
CASES = {
    "lamp": ("complaint", "新苑社区", "3号楼西侧的路灯坏了两个多星期，晚上老人出门看不清路，打过电话没人来修。希望早点修好。"),
    "queue": ("complaint", "便民服务综合窗口", "上午十点去办老年证，窗口只有一个人，等了一个半小时。希望忙的时候多开一个窗口。"),
    "stairs": ("complaint", "和平社区", "5号楼二单元楼道堆满了杂物，反映过两次还在。希望清走。"),
    "notice": ("complaint", "育才社区", "居务公开栏还是上半年的内容，三季度的账没有贴出来。"),
    "noise": ("complaint", "和平社区", "广场晚上十点以后还放音响，社区说管不了。希望有人管。"),
    "parking": ("complaint", "育才社区", "小区门口的消防通道一直停车，社区答应划线，到现在没有划。"),
    "canteen": ("complaint", "新苑社区", "老年食堂说好周末也开，去了两次都关着门。"),
    "ramp": ("complaint", "向阳街道", "街道答应修的坡道只修了一半，扶手没有装。"),
    "market": ("complaint", "临江街道", "早市的摊位费收了，水一直没有通。"),
    "heat": ("complaint", "江畔社区", "家里暖气不热，社区登记了没有回音。"),
    "court": ("complaint", "滨河社区", "我和邻居的房子已经在打官司，请社区给我出个说法。"),
    "vague": ("complaint", "永安社区", "社区干部态度都不好，什么也不办。"),
    "trees": ("complaint", "松苑社区", "4号楼前的树压着电线，刮风直冒火花，打过两次电话。"),
    "shed": ("complaint", "北园社区", "车棚的充电插座坏了一半，一直没人修。"),
    "gate": ("complaint", "青松街道", "街道在网上承诺的单元门闭门器，我们楼没有装。"),
    "bench": ("suggestion", "新苑社区", "小广场能不能多放几把带靠背的椅子，老人坐着晒太阳。"),
    "thanks": ("praise", "便民服务综合窗口", "窗口的同志帮我母亲填表、复印，下班了还等我们办完，谢谢。"),
    "new": ("complaint", "康宁社区", "垃圾桶满了三天没有人收。"),
}  # fmt: skip
FIXED = "已到现场查看，情况属实，责任人当天处理完毕，并把巡查改为每周两次。给您带来不便，向您道歉。"
PARTLY = "查看了登记和现场：一部分属实，已经改正；另一部分当时已经处理过，已向您说明。"
UNTRUE = "查看了记录和现场，没有发现您说的情况。如有新的线索，请再告诉我们。"
LEVELS = {"very_good": 14, "good": 12, "fair": 6, "bad": 3, "very_bad": 1}


class _Cases:
    """The cases, told through the story of `demo`: its days and its people."""

    def __init__(self, story):
        self.story, self.people, self.made = story, story.people, {}

    def it(self, key) -> Case:
        return Case.objects.with_names().get(pk=self.made[key])

    def handlers(self, key):
        """Who handles and who approves: the street's two, or for a street the district's."""
        unit = self.it(key).organisation
        if unit.level == "district":
            return self.people["reviewer"], self.people["office"]
        return self.story.clerk(unit), self.story.lead(unit)

    def take(self, key, step, by, **given) -> None:
        self.story.take(FLOW, self.it(key), step, by, **given)

    def file(self, key, name="", contact="") -> None:
        kind, unit, words = CASES[key]
        receipt = services.file_case(
            kind=kind, about=self.story.units[unit], obligation=None, words=words, name=name, contact=contact,
            token=f"demo {key}", today=self.story.day,
        )  # fmt: skip
        self.made[key] = CaseSecret.objects.get(code_hash=vault.code_hash(receipt.code)).case_id

    def accept(self, key) -> None:
        self.take(key, "accept", self.handlers(key)[0])

    def refuse(self, key, refusal, channel="") -> None:
        self.take(key, "refuse", self.handlers(key)[0], refusal=refusal, channel=channel)

    def slip(self, key, text, answer="") -> None:
        slip = services.send_slip(self.it(key), text=text, by=self.handlers(key)[0], today=self.story.day)
        if answer:
            self.story.take(SLIP, slip, "answer", self.story.clerk(self.it(key).about), answer=answer)

    def look(self, key, reason) -> None:
        """One asks who it was, another consents, and the asker looks once."""
        handler, lead = self.handlers(key)
        opening = services.ask_identity(self.it(key), by=handler, reason=reason, today=self.story.day)
        self.story.take(OPENING, opening, "grant", lead)
        services.open_identity(opening, by=handler)

    def propose(self, key, finding="true", reply=FIXED) -> None:
        self.take(key, "propose", self.handlers(key)[0], finding=finding, reply=reply)

    def approve(self, key) -> None:
        self.take(key, "approve", self.handlers(key)[1])

    def answer(self, key, level) -> None:
        services.answer(self.it(key), level=level, today=self.story.day)

    def repropose(self, key, finding="true", reply=FIXED) -> None:
        self.take(key, "repropose", self.people["reviewer2"], finding=finding, reply=reply)

    def reapprove(self, key) -> None:
        approver = "office" if self.it(key).handler.username != "office" else "reviewer"
        self.take(key, "reapprove", self.people[approver])

    def through(self, key, ago, finding="true", reply=FIXED, level="", days=8) -> None:
        """Filed so many days ago, accepted the next day, replied after some, rated two days later."""
        at = self.story.at
        at(ago, self.file, key)
        at(ago - 1, self.accept, key)
        at(ago - days, self.propose, key, finding, reply)
        at(ago - days, self.approve, key)
        if level:
            at(ago - days - 2, self.answer, key, level)

    def rate(self) -> None:
        """A morning on which the street asked people in the hall to rate it."""
        street = self.story.units["向阳街道"]
        for level, number in LEVELS.items():
            for n in range(number):
                services.rate(
                    about=street, obligation=None, level=Satisfaction(level), token=f"demo {level} {n}", today=self.story.day
                )  # fmt: skip

    def night(self) -> None:
        services.close_unanswered(today=self.story.day)


def tell(story) -> None:
    """Note down what happens to the cases on which day."""
    c, at = _Cases(story), story.at
    c.through("queue", 170, level="good")
    c.through("stairs", 150, level="very_good")
    c.through("notice", 130, finding="partly", reply=PARTLY, level="fair")
    c.through("canteen", 110, level="good")
    c.through("noise", 100, finding="untrue", reply=UNTRUE)
    at(60, c.night)
    c.through("parking", 95, finding="partly", reply=PARTLY, level="bad")
    at(75, c.repropose, "parking")
    at(74, c.reapprove, "parking")
    at(72, c.answer, "parking", "good")
    c.through("market", 90, finding="untrue", reply=UNTRUE, level="very_bad")
    at(70, c.repropose, "market", "partly", PARTLY)
    at(69, c.reapprove, "market")
    at(66, c.answer, "market", "bad")
    at(85, c.file, "bench")
    at(84, c.accept, "bench")
    at(78, c.propose, "bench", "", "已列入明年的适老化改造，春天安装。谢谢您的建议。")
    at(78, c.approve, "bench")
    at(76, c.answer, "bench", "very_good")
    at(64, c.file, "thanks")
    at(63, lambda: c.take("thanks", "note", c.handlers("thanks")[0]))
    at(58, c.file, "court")
    at(57, c.refuse, "court", "not_ours", "lawsuit")
    at(50, c.file, "vague")
    at(49, c.refuse, "vague", "no_facts")
    at(40, c.rate)
    # on their way
    at(9, c.file, "lamp", "演示居民", "0000-0000000")
    at(8, c.accept, "lamp")
    at(7, c.look, "lamp", "需要约时间到现场核对位置")
    at(
        6,
        c.slip,
        "lamp",
        "请报送三季度以来公共照明的巡查、报修登记和维修情况。",
        "每周巡查一次；西侧两盏10日报修，配件未到。",
    )
    at(12, c.file, "heat")
    at(11, c.accept, "heat")
    at(5, c.slip, "heat", "请报送供热报修的登记、转交和回访情况。")
    at(16, c.file, "ramp")
    at(15, c.accept, "ramp")
    at(2, c.propose, "ramp", "partly", PARTLY)
    c.through("shed", 14, level="")
    c.through("trees", 24, finding="untrue", reply=UNTRUE, level="very_bad")
    c.through("gate", 26, finding="partly", reply=PARTLY, level="bad")
    at(3, c.repropose, "gate")
    at(6, c.file, "new")
