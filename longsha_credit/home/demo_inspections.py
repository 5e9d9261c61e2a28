"""Inspections of the fictional district: a half-year inspection put right, one overdue, one re-check failed, one on the spot."""

import datetime
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from longsha_credit.files.services import Upload
from longsha_credit.programme.inspections import services
from longsha_credit.programme.inspections.flows import FINDING, FLOW, VISIT
from longsha_credit.programme.inspections.reference import POINTS
from longsha_credit.programme.models import Finding, Inspection, Result, Visit, VisitPoint

ALL_POINTS = [[heading, text] for heading, texts in POINTS.items() for text in texts]
PRESENT = {"street": "分管副主任", "community": "社区党委书记", "window": "窗口首席代表"}
BASIS = "试点工作方案四（一）；区创建工作年度安排"
# key: organiser, kind, title, units, inspectors, planner, points by their places in ALL_POINTS (None: all)
PLANS = {
    "half": ("示例区", "half_year", "年中创建工作督导检查", ("向阳街道", "新苑社区", "临江街道", "青松街道"), ("reviewer", "office"), "office", None),
    "special": ("示例区", "special", "承诺兑现专项检查", ("江畔社区", "松苑社区", "北园社区", "便民服务综合窗口"), ("reviewer2", "officeclerk"), "reviewer2", (4, 5)),
    "spot": ("向阳街道", "spot", "公开栏日常抽查", ("和平社区", "育才社区"), ("street1", "street1lead"), "street1", (6, 7)),
    "year": ("示例区", "year_end", "年终创建工作检查", ("向阳街道", "临江街道", "青松街道", "政务大厅信用窗口"), ("reviewer", "office"), "office", None),
    "street2": ("临江街道", "special", "社区公开栏专项检查", ("滨河社区", "永安社区"), ("street2", "street2lead"), "street2", (6, 7)),
    "dropped": ("示例区", "special", "教育培训专项检查", ("康宁社区",), ("reviewer", "office"), "office", (12,)),
}  # fmt: skip
# key, unit: place of the point that fails, what was seen, what is asked, term
FAILS = {
    ("half", "向阳街道"): [(1, "一份事项的流程图没有贴出来，当场补贴。", "", "quick")],
    ("half", "新苑社区"): [(7, "窗口的办事指南还是去年的，网上已经改过。", "三处内容一致，旧指南全部换掉。", "quick")],
    ("half", "临江街道"): [
        (5, "抽查的3件里有1件到期没有报告结果。", "补报结果；没有办完的写明补救期限并公开。", "normal"),
        (12, "两场讲座没有签到表。", "补齐可以核实的材料，以后每场留签到和照片。", "normal"),
    ],
    ("half", "青松街道"): [(9, "台账里一件整改材料没有附佐证。", "补齐佐证，逐件对照销号条件。", "normal")],
    ("special", "江畔社区"): [(5, "抽查的承诺只完成一半，公开写的是已完成。", "更正公开内容，写明实际进度。", "normal")],
    ("special", "松苑社区"): [(4, "廉洁纪律类承诺没有公开。", "补齐四类承诺并公开。", "long")],
    ("special", "北园社区"): [(5, "一件承诺的进展半年没有更新。", "补报进展，以后每月更新。", "normal")],
    ("spot", "和平社区"): [(7, "公开栏里有两张已经过期的公示。", "撤下过期公示，每月核对一次。", "quick")],
}  # fmt: skip


def _photo(words: str, shade: int) -> SimpleUploadedFile:
    """A drawn board in place of a photograph: nobody and nothing real is shown."""
    picture = Image.new("RGB", (640, 480), (shade, shade + 10, shade + 20))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((80, 70, 560, 410), fill=(248, 248, 244), outline=(40, 60, 90), width=8)
    for row in range(5):
        draw.rectangle((120, 120 + row * 55, 520 - row * 40, 145 + row * 55), fill=(150, 160, 175))
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=70)
    return SimpleUploadedFile(f"{words}.jpg", target.getvalue(), content_type="image/jpeg")


class _Inspections:
    """Inspections, told through the story of `demo`: its days, its people."""

    def __init__(self, story):
        self.story, self.people, self.made = story, story.people, {}

    def it(self, key) -> Inspection:
        return Inspection.objects.select_related("organisation").get(pk=self.made[key])

    def visit_of(self, key, unit) -> Visit:
        rows = Visit.objects.select_related("organisation", "inspection__organisation")
        return rows.get(inspection=self.made[key], organisation=self.story.units[unit])

    def finding_of(self, key, unit, number=0) -> Finding:
        rows = Finding.objects.select_related("organisation", "visit__inspection__organisation")
        return rows.filter(visit=self.visit_of(key, unit)).order_by("point__position")[number]

    def plan(self, key, days=12) -> None:
        place, kind, title, units, people, planner, chosen = PLANS[key]
        first = self.story.day
        last = min(first + datetime.timedelta(days=days), first.replace(month=12, day=31))
        inspection = Inspection(
            organisation=self.story.units[place], kind=kind, title=title, basis=BASIS, from_on=first, to_on=last,
            points=[ALL_POINTS[n] for n in chosen] if chosen else ALL_POINTS,
        )  # fmt: skip
        units, named = [self.story.units[name] for name in units], [self.people[name] for name in people]
        by = self.people[planner]
        self.made[key] = services.save_plan(inspection, units=units, people=named, by=by).pk

    def announce(self, key) -> None:
        by = "street1lead" if key == "spot" else "officelead"
        self.story.take(FLOW, self.it(key), "announce", self.people[by])

    def call_off(self, key, reason) -> None:
        self.story.take(FLOW, self.it(key), "cancel", self.people["office"], reason=reason)

    def close(self, key, summary) -> None:
        self.story.take(FLOW, self.it(key), "close", self.people["office"], reason=summary)

    def begin(self, key, unit, points=None) -> None:
        """On the spot; `points`: how many are noted so far, None for all of them."""
        visit, first = self.visit_of(key, unit), self.people[PLANS[key][4][0]]
        self.story.take(VISIT, visit, "begin", first)
        texts = [text for _, text in ALL_POINTS]
        bad = {texts[place]: seen for place, seen, _, _ in FAILS.get((key, unit), [])}
        rows = VisitPoint.objects.filter(visit=visit).order_by("position")
        for point in rows[:points]:
            seen = bad.get(point.text, "")
            upload = Upload(added=(_photo("现场", 120),)) if seen else Upload()
            result = Result.NO if seen else Result.NA if point.heading == "scenes" else Result.YES
            services.save_point(point, result=result, note=seen, by=first, upload=upload)

    def visit(self, key, unit, until="notice", words="") -> None:
        """A whole visit, as far as `until`: answering, signing, countersigning, signed, notice."""
        self.begin(key, unit)
        first, second = (self.people[name] for name in PLANS[key][4])
        visit = self.visit_of(key, unit)
        steps = [
            ("finish", first, {}),
            ("answer", first if key == "spot" or unit.endswith("窗口") else self.story.clerk(visit.organisation),
             {"agrees": not words, "words": words, "present": PRESENT[visit.organisation.level]}),
            ("sign", first, {}),
            ("countersign", second, {}),
        ]  # fmt: skip
        stages = {"answering": 1, "signing": 2, "countersigning": 3}
        for step, person, given in steps[: stages.get(until, 4)]:
            self.story.take(VISIT, visit, step, person, **given)
        if until == "notice" and (key, unit) in FAILS:
            self.notice(key, unit)

    def notice(self, key, unit) -> None:
        by = self.people[PLANS[key][4][1]]
        for number, (_, _, asked, term) in enumerate(FAILS[key, unit]):
            finding = self.finding_of(key, unit, number)
            finding.asked, finding.term = asked, term
            services.save_finding(finding, by=by)
        services.send_notice(self.visit_of(key, unit), by=by, today=self.story.day)

    def call_off_visit(self, key, unit, reason) -> None:
        by = self.people[PLANS[key][4][0]]
        self.story.take(VISIT, self.visit_of(key, unit), "call_off", by, reason=reason)

    def drop(self, key, unit, reason) -> None:
        by = self.people[PLANS[key][4][1]]
        self.story.take(FINDING, self.finding_of(key, unit), "drop", by, reason=reason)

    def report(self, key, unit, text, number=0) -> None:
        finding = self.finding_of(key, unit, number)
        clerk = self.story.clerk(finding.organisation)
        services.save_report(finding, report=text, by=clerk, upload=Upload(added=(_photo("整改后", 170),)))
        self.story.take(FINDING, finding, "report", clerk)

    def recheck(self, key, unit, step, words, by="reviewer2", number=0) -> None:
        finding = self.finding_of(key, unit, number)
        self.story.take(FINDING, finding, step, self.people[by], words=words)


def tell(story) -> None:
    """Note down which inspection happens on which day."""
    r, at = _Inspections(story), story.at
    at(75, r.plan, "half")
    at(74, r.announce, "half")
    at(72, r.visit, "half", "向阳街道", "signed")
    at(72, r.drop, "half", "向阳街道", "当场已经补贴，不再发整改通知。")
    at(72, r.visit, "half", "新苑社区")
    at(70, r.visit, "half", "临江街道", words="其中一场讲座在室外办，没有条件签到。")
    at(69, r.visit, "half", "青松街道")
    at(67, r.report, "half", "新苑社区", "旧指南全部换成新版，三处逐条核对一致。")
    at(64, r.recheck, "half", "新苑社区", "pass", "现场核对三处，内容一致。")
    at(56, r.report, "half", "临江街道", "已补报结果并公开。")
    at(52, r.recheck, "half", "临江街道", "fail", "结果已经公开，但没有写补救期限。")
    at(50, r.report, "half", "临江街道", "两场讲座的照片和领取材料登记已补齐。", 1)
    at(48, r.recheck, "half", "临江街道", "pass", "材料可以核实。", "reviewer2", 1)
    at(58, r.report, "half", "青松街道", "佐证已经补齐。")
    at(54, r.recheck, "half", "青松街道", "pass", "逐件核对，佐证齐全。")
    at(46, r.close, "half", "查了4个单位，发现4个问题；主要是窗口更新慢、到期没有报告结果。")
    _special(r, at)
    at(1, r.plan, "street2")
    at(6, r.plan, "spot")
    at(5, r.announce, "spot")
    at(3, r.visit, "spot", "和平社区")
    at(3, r.call_off_visit, "spot", "育才社区", "社区当天停电，下次再去。")
    at(30, r.plan, "dropped")
    at(28, r.call_off, "dropped", "与年终检查合并，不重复检查。")
    at(4, r.plan, "year", 20)
    at(3, r.announce, "year")
    at(1, r.visit, "year", "临江街道", "answering")
    at(1, r.visit, "year", "青松街道", "countersigning")
    at(0, r.begin, "year", "向阳街道", 5)


def _special(r, at) -> None:
    at(40, r.plan, "special", 30)
    at(39, r.announce, "special")
    at(38, r.visit, "special", "江畔社区")
    at(37, r.visit, "special", "松苑社区")
    at(2, r.report, "special", "松苑社区", "四类承诺已经全部公开。")
    at(9, r.visit, "special", "便民服务综合窗口", "signing")
    at(4, r.visit, "special", "北园社区", "signed")
