"""The rectification ledger of the fictional district, an item in every state there is: all of it is invented."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from commitments.models import Rectification, RectificationProgress, Sweep
from commitments.rectification import checks, clocks, services
from commitments.rectification.flows import FLOW, POSTPONEMENT, PROGRESS, SHEET, SWEEP
from longsha_credit.files.services import Upload

# unit, source, problem, cause, domain, title, what is owed, instrument, right-holder, amount, public text
ITEMS = {
    "heating-pipe": ("青松街道", "hotline", "promise", "person", "livelihood", "供热管网改造没有按会议纪要实施", "前年会议纪要定下改造两条支线，分管领导调整后没有人办。", "街道会议纪要〔2024〕6号", ("public", "两个小区的居民"), None, ""),
    "rent-free": ("临江街道", "petition", "policy", "election", "project", "创业场地免租政策没有落实到期满", "招商时答应免租三年，换届后只执行了两年。", "招商协议（2023年）", ("company", "某科技公司"), 86000, ""),
    "old-debt": ("康宁社区", "petition", "arrears", "other", "livelihood", "绿化养护费尾款的反映", "来信反映尾款没有付清。", "养护合同（2022年）", ("company", "某园林公司"), 12000, ""),
    "stalls": ("向阳街道", "audit", "contract", "reorganisation", "project", "便民市场摊位没有按约定移交", "三年前约定移交20个摊位，机构改革后职责没有人接。", "龙街合〔2023〕7号（演示）", ("company", "某商贸公司"), 120000, "街道和经营单位约定移交便民市场摊位20个，机构改革以后没有人接着办，到现在没有移交。"),
    "greenbelt": ("松苑社区", "inspection", "promise", "post", "ecology", "小区绿地补植没有按答复办理", "督导检查发现，前年答复补植的两块绿地没有补。", "检查反馈意见〔2026〕3号", ("public", "小区居民代表"), None, "社区答复居民补植两块绿地，负责的岗位调整以后没有补。"),
    "road": ("和平社区", "hotline", "promise", "person", "project", "小区北门道路没有按承诺修复", "去年答应汛期前修复，人员调整后搁置。", "社区公开答复（2025年）", ("public", "北门沿线居民"), None, "社区答应汛期前修复小区北门坑洼道路，到期没有修。"),
    "clinic": ("江畔社区", "audit", "policy", "post", "livelihood", "高龄津贴补发没有落实", "审计发现应补发的月份没有补发。", "审计报告〔2026〕11号（演示）", ("public", "涉及的老年人"), 43200, "应当补发的高龄津贴有几个月没有补发。"),
    "dust": ("滨河社区", "inspection", "promise", "person", "ecology", "堆场扬尘治理没有按期完成", "负责人调整后治理停在一半。", "督导检查通知（2026年）", ("public", "周边居民"), None, "社区答应完成堆场扬尘治理，负责人调整以后停在一半。"),
    "deposit": ("北园社区", "petition", "arrears", "other", "livelihood", "装修押金没有按约定退还", "物业过渡期代收的押金没有退。", "收据存根", ("public", "38户居民"), 38000, "社区代收的装修押金到期没有退还。"),
    "wall": ("永安社区", "hotline", "promise", "person", "project", "围墙修缮没有按答复完成", "答复年内修缮，人员调整后没有开工。", "热线答复单（演示）", ("public", "围墙两侧居民"), None, "社区答复修缮破损围墙，到期没有开工。"),
    "parking-fee": ("青松街道", "court", "judgment", "election", "project", "停车场合同纠纷判决没有履行完", "判决返还的场地没有全部返还。", "民事判决书（2025年，演示）", ("company", "某停车公司"), 210000, "生效判决要求返还停车场地，换届以后没有全部返还。"),
    "noise": ("育才社区", "hotline", "promise", "post", "ecology", "夜间噪声整治反复", "整治后又有摊点夜间扰民。", "热线答复单（演示）", ("public", "临街居民"), None, "社区答应整治夜间摊点噪声，整治以后又出现。"),
    "pump": ("临江街道", "petition", "contract", "reorganisation", "project", "二次供水泵房没有按协议移交", "协议移交的泵房拒不移交，多次书面督办。", "移交协议（2022年，演示）", ("company", "某供水公司"), 300000, "街道和供水单位约定移交二次供水泵房，多次书面督办仍不移交。"),
    "lamps": ("康宁社区", "inspection", "promise", "person", "project", "背街路灯没有按期恢复", "检查时发现8盏路灯一直没有恢复。", "检查反馈意见〔2026〕5号", ("public", "背街居民"), None, "社区答应恢复背街路灯8盏，到期没有恢复。"),
    "signboards": ("育才社区", "petition", "promise", "person", "project", "楼栋门牌更换没有按答复完成", "答复上半年换完，换了负责人以后停下。", "来信答复单（演示）", ("public", "楼栋居民"), None, "社区答复更换破损门牌，到期没有换完。"),
    "swept": ("和平社区", "sweep", "promise", "election", "livelihood", "老年活动室没有按承诺开放", "排查发现换届前答应每天开放，现在只开放半天。", "社区居务公开栏（2024年）", ("public", "社区老年人"), None, ""),
}  # fmt: skip


class _Ledger:
    """The ledger, told through the story of `demo`: its days, its people, its gate."""

    def __init__(self, story):
        self.story, self.people, self.made = story, story.people, {}

    def it(self, key) -> Rectification:
        return Rectification.objects.select_related("organisation__parent").get(pk=self.made[key])

    def take(self, key, step, by, **given) -> None:
        self.story.take(FLOW, self.it(key), step, self.people.get(by, by), **given)

    def upload(self, name, text) -> Upload:
        return Upload(added=(SimpleUploadedFile(f"{name}.txt", f"{text}\n（演示文件）".encode()),))

    def clue(self, key, by="office", sweep=None) -> None:
        unit, source, problem, cause, domain, title, details, instrument, holder, amount, _ = ITEMS[key]
        day = self.story.day
        item = Rectification(
            organisation=self.story.units[unit], source=source, problem=problem, cause=cause, domain=domain,
            title=title, details=details, instrument=instrument, holder_kind=holder[0], holder_label=holder[1],
            amount=amount, duty_then="原分管负责人", duty_now="现分管负责人", found_on=day, sweep=sweep,
            formed_on=day - datetime.timedelta(days=500),
        )  # fmt: skip
        person = self.people.get(by) or self.story.clerk(item.organisation)
        self.made[key] = services.save_clue(item, by=person, today=day).pk

    def check(self, key) -> None:
        self.clue(key)
        self.take(key, "take_up", "reviewer2")

    def find(self, key, show=3) -> None:
        """Found true by the second reviewer; its public text goes as far through the gate as `show` says."""
        if key not in self.made:
            self.clue(key)
        self.take(key, "take_up", "reviewer2")
        text = ITEMS[key][-1]
        given = {"public_title": ITEMS[key][5], "public_text": text} if text else {}
        self.take(key, "find", "reviewer2", finding="调阅文件、现场核对，事项属实。", **given)
        if text and show:
            self.story.through_gate(self.it(key).sheets.get(state="in_review"), show)

    def plan(self, key, due_in) -> None:
        """`due_in`: days from today, the last day of the demo."""
        item = self.it(key)
        item.measures = "一、10日内核清底数。\n二、按约定逐项补办。\n三、办完请权利人确认。"
        item.lead_post, item.partners = "街道分管副主任", "街道牵头，区有关部门配合"
        item.due_on = self.story.today + datetime.timedelta(days=due_in)
        clerk = self.story.clerk(item.organisation)
        services.save_plan(item, by=clerk)
        self.take(key, "submit_plan", clerk)

    def begin(self, key, due_in) -> None:
        self.plan(key, due_in)
        self.take(key, "approve_plan", "reviewer")

    def tell(self, key, text, public=True) -> None:
        item = self.it(key)
        clerk = self.story.clerk(item.organisation)
        told = RectificationProgress(
            rectification=item, organisation=item.organisation, as_of=self.story.day, text=text
        )
        services.save_progress(told, by=clerk, upload=self.upload("现场照片", text))
        if public:
            self.story.take(PROGRESS, told, "submit", clerk)
            self.story.through_gate(told)

    def close(self, key, until="closed", confirmation="signed") -> None:
        item = self.it(key)
        clerk = self.story.clerk(item.organisation)
        item.settlement, item.done_text = "fulfilled", "按方案逐项办完，现场核对无误。"
        item.confirmation = confirmation
        nobody = confirmation == "none"
        item.no_confirmation = "权利人已经搬离，多次联系不上。" if nobody else ""
        paper = None if nobody else SimpleUploadedFile("权利人确认.txt", "已办完。\n（演示文件）".encode())
        services.save_closing(
            item, by=clerk, upload=self.upload("办结材料", item.done_text), holders_paper=paper
        )
        self.take(key, "ask_close", clerk)
        if until != "closing":
            self.take(key, "accept_own", self.story.lead(item.organisation))
        if until == "closed":
            recheck = "区里走访左邻右舍，确认已经办完。" if nobody else ""
            self.take(key, "accept", "reviewer", recheck=recheck)

    def slip(self, key, kind, text, colour="") -> None:
        services.issue_slip(
            self.it(key), kind=kind, text=text, colour=colour, by=self.people["reviewer"], today=self.story.day,
            answer_by=self.story.day + datetime.timedelta(days=7),
        )  # fmt: skip

    def show_again(self, key, measures, reason) -> None:
        sheet = services.new_sheet(self.it(key))
        sheet.measures, sheet.reason = measures, reason
        services.save_sheet(sheet, by=self.people["office"])
        self.story.take(SHEET, sheet, "submit", self.people["office"])
        self.story.through_gate(sheet)

    def postpone(self, key, days, reason, decide="") -> None:
        item = self.it(key)
        asked = services.ask_postponement(
            item, to_day=item.due_on + datetime.timedelta(days=days), reason=reason,
            by=self.story.clerk(item.organisation), today=self.story.day,
        )  # fmt: skip
        if decide:
            self.story.take(POSTPONEMENT, asked, decide, self.people["office"])

    def from_promise(self, key, promise) -> None:
        item = checks.new_from_obligation(self.story.it(promise), today=self.story.day)
        item.cause, item.holder_kind, item.holder_label = "person", "public", "附近居民"
        self.made[key] = services.save_clue(item, by=self.people["office"], today=self.story.day).pk

    # sweeps
    def open_sweeps(self) -> None:
        services.open_sweeps(today=self.story.day)

    def sweep(self, unit, found="") -> None:
        place = self.story.units[unit]
        it = Sweep.objects.filter(organisation=place, state="due").order_by("-year", "-quarter")[0]
        clerk = self.story.clerk(place)
        if found:
            self.clue(found, by=None, sweep=it)
        text = "逐份核对合同、会议纪要、公开承诺和来件。"
        self.story.take(SWEEP, it, "hand_in", clerk, zero=not found, text=text)


UNITS = [
    *("向阳街道", "临江街道", "青松街道", "新苑社区", "和平社区", "育才社区", "江畔社区", "滨河社区"),
    *("永安社区", "松苑社区", "北园社区", "康宁社区"),
]


def tell(story) -> None:
    """Note down what happens in the ledger on which day."""
    ledger, at = _Ledger(story), story.at
    _early(ledger, at)
    _at_work(ledger, at)
    _ended(ledger, at)
    _sweeps(ledger, story)


def _early(r, at) -> None:
    at(2, r.clue, "heating-pipe")
    at(5, r.check, "rent-free")
    at(30, r.check, "old-debt")
    at(24, r.take, "old-debt", "dismiss", "reviewer2", reason="核对付款凭证，尾款两年前已经付清。")
    at(4, r.find, "stalls", 1)
    at(3, r.from_promise, "promise", "market")
    at(16, r.find, "greenbelt")
    at(2, r.plan, "greenbelt", 50)


def _at_work(r, at) -> None:
    at(70, r.find, "road")
    at(64, r.begin, "road", 35)
    at(60, r.show_again, "road", "分两段施工，先修破损最重的一段。", "整改方案已经批准，补写怎样整改。")
    at(40, r.tell, "road", "第一段80米路面已经修复。")
    at(12, r.tell, "road", "第二段路基完成，等待铺面。")
    at(3, r.tell, "road", "铺面材料已经到场。", False)
    at(2, r.postpone, "road", 20, "连续降雪不能铺面，请求延到化冻前的晴好天气。")
    at(75, r.find, "clinic")
    at(68, r.begin, "clinic", -8)
    at(30, r.tell, "clinic", "已经核清涉及的月份和人数。")
    at(90, r.find, "dust")
    at(84, r.begin, "dust", -24)
    at(13, r.slip, "dust", "supervise", "请在7日内报送覆盖和喷淋设施的完成情况。", "red")
    at(80, r.find, "deposit")
    at(74, r.begin, "deposit", 10)
    at(20, r.postpone, "deposit", 15, "有6户人在外地，退款需要时间。", "approve")
    at(2, r.close, "deposit", "closing", "told")
    at(66, r.find, "wall")
    at(60, r.begin, "wall", 6)
    at(3, r.close, "wall", "accepting", "none")


def _ended(r, at) -> None:
    at(110, r.find, "parking-fee")
    at(102, r.begin, "parking-fee", -40)
    at(60, r.tell, "parking-fee", "场地东侧已经返还。")
    at(44, r.close, "parking-fee")
    at(
        11,
        r.take,
        "parking-fee",
        "follow_up",
        "office",
        follow_up="权利人确认场地已经全部返还，可以正常使用。",
    )
    at(95, r.find, "lamps")
    at(88, r.begin, "lamps", -14)
    at(16, r.close, "lamps", "closed", "none")
    at(150, r.find, "noise")
    at(143, r.begin, "noise", -100)
    at(104, r.close, "noise")
    at(68, r.take, "noise", "follow_up", "office", follow_up="回访临街住户，夜间没有摊点。")
    at(18, r.take, "noise", "reopen", "reviewer", reason="居民再次反映，夜间摊点又出现，核实属实。")
    at(12, r.begin, "noise", 30)
    at(120, r.find, "pump")
    at(112, r.begin, "pump", -60)
    at(50, r.slip, "pump", "supervise", "请立即移交泵房和图纸，逾期约谈。", "yellow")
    at(36, r.slip, "pump", "talk", "请街道主要负责人于下周二上午到区信用办说明情况。")
    at(26, r.take, "pump", "ask_refusal", "reviewer", reason="两次书面督办、一次约谈，仍不移交。")
    at(22, r.take, "pump", "refuse", "office")
    at(85, r.find, "signboards")
    at(78, r.begin, "signboards", -30)
    at(10, r.slip, "signboards", "supervise", "请在7日内报送更换进度。", "red")
    at(1, r.take, "signboards", "ask_refusal", "reviewer", reason="督办后没有回复，也没有开工。")


def _sweeps(r, story) -> None:
    """The last three quarters: the earliest complete, the last with units that have not reported."""
    year, quarter = clocks.quarter_before(story.today)
    for back, missing in ((2, ()), (1, ("滨河社区",)), (0, ("青松街道", "康宁社区"))):
        number = year * 4 + quarter - 1 - back
        end = clocks.last_day(number // 4, number % 4 + 1)
        _on(story, end, 1, r.open_sweeps)
        for n, unit in enumerate(unit for unit in UNITS if unit not in missing):
            found = "swept" if (back, unit) == (0, "和平社区") else ""
            _on(story, end, 4 + n % 3, r.sweep, unit, found)
    _on(story, clocks.last_day(year, quarter), 12, r.find, "swept")


def _on(story, end, workdays, event, *args) -> None:
    """So many working days after a quarter's end, where that day has come."""
    day = end
    for _ in range(workdays):
        day += datetime.timedelta(days=1)
        while not story.calendar.is_workday(day):
            day += datetime.timedelta(days=1)
    if day <= story.today:
        story.at((story.today - day).days, event, *args)
