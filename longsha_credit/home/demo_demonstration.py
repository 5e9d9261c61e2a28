"""Rounds of demonstration in the fictional district, with an application in every state: all of it is invented."""

import datetime
import secrets

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from evaluation import services as standards
from evaluation.demonstration import awards, objections, panels, services
from evaluation.demonstration.flows import AWARD, CYCLE, FLOW, NOTICE, OBJECTION, SEAT
from evaluation.flows import SET
from evaluation.models import (
    Application,
    Award,
    CandidateNotice,
    Cycle,
    Heading,
    ImportedFact,
    Indicator,
    IndicatorSet,
    NoticeObjection,
    SetState,
    SiteVisit,
)
from longsha_credit.deadlines.calendar import add_months
from longsha_credit.files import services as files
from longsha_credit.files.services import Upload
from longsha_credit.programme.models import Year
from records import services as records
from records.flows import FLOW as RECORD
from records.models import CatalogueItem, Record

METRIC = "good-reviews"
# heading of the nine tasks, title, indicator, points, formula; only the first is measured
SMALL_SET = (
    (9, "评价结果", "群众满意度（第三方测评）", 60, "测评合格得满分，不合格不得分。"),
    (1, "依法履职", "程序规范，材料抽查", 20, "抽查材料，缺一项扣2分。"),
    (6, "示范创建", "特色做法可以推广", 20, "看做法、看成效、看别处能不能用。"),
)
SAID = "见公开承诺、公示栏照片和满意度测评，材料都在系统里。"


class _Rounds:
    """The rounds, told through the story of `demo`: its days, its people, its gate."""

    def __init__(self, story):
        self.story, self.people, self.cycles, self.made = story, story.people, {}, {}

    def take(self, flow, obj, step, by, **given) -> None:
        self.story.take(flow, obj, step, by, **given)

    def day(self, ago) -> datetime.date:
        return self.story.today - datetime.timedelta(days=ago)

    def end(self, ago) -> datetime.date:
        """An end so many days ago; what happens later, on the last working day before it, is after it all the same."""
        return self.day(self.story.worked(ago - 1) + 1) if ago > 0 else self.day(ago)

    def set_of(self, year, level) -> IndicatorSet:
        """The set in force, or a small one of three where the year has none."""
        return services.in_force_set(year, level) or self.small_set(year, level)

    def pilot_set(self) -> None:
        """The pilot is measured by a small set, which the full one then gives way to again."""
        year = Year.objects.select_related("organisation").get(number=self.story.today.year)
        full = services.in_force_set(year, "community")
        if full is not None:
            SET.take(full, "retire", by=self.people["reviewer"], reason="试点先用三条指标。")
        self.small_set(year, "community")

    def full_set(self) -> None:
        year = Year.objects.select_related("organisation").get(number=self.story.today.year)
        sets = IndicatorSet.objects.with_names().filter(year=year, level="community", state="retired")
        if full := sets.order_by("version").first():
            again = standards.copy_set(full, to=year, by=self.people["office"])
            SET.take(again, "put_in_force", by=self.people["reviewer"])

    def small_set(self, year, level) -> IndicatorSet:
        it = IndicatorSet.objects.create(
            year=year, level=level, version=1 + IndicatorSet.objects.filter(year=year, level=level).count(),
            title="诚信单位对标指标（演示）", basis="试点方案二（六）",
        )  # fmt: skip
        for number, title, indicator, points, formula in SMALL_SET:
            heading = Heading.objects.create(set=it, number=number, title=title)
            worth = points * 100
            measured = {"metric": METRIC, "style": "each", "points": worth, "unit": worth, "missing": "zero"}
            Indicator.objects.create(
                heading=heading, number=1, title=indicator, points=worth, formula=formula,
                way="auto" if number == 9 else "human", measures=[measured] if number == 9 else [],
            )  # fmt: skip
        IndicatorSet.objects.filter(pk=it.pk).update(state=SetState.IN_FORCE, frozen_at=timezone.now())
        it.refresh_from_db()
        return it

    def cycle(self, key) -> Cycle:
        return Cycle.objects.with_names().get(pk=self.cycles[key])

    def draft_cycle(self, key, level, back, title, dates) -> None:
        """`back`: how many years before this one; `dates`: days ago of the four ends."""
        year = Year.objects.get(number=self.story.today.year - back)
        names = ("apply_until", "assess_until", "panel_until", "publicity_on")
        ends = dict(zip(names, map(self.end, dates), strict=True))
        it = Cycle(
            year=year, organisation=year.organisation, level=level, set=self.set_of(year, level),
            title=f"{year.number}年度{title}", **ends,
        )  # fmt: skip
        self.cycles[key] = services.save_cycle(it, by=self.people["office"]).pk

    def open_cycle(self, key, *args, approved=False) -> None:
        self.draft_cycle(key, *args)
        if approved:
            services.register_approval(
                self.cycle(key), body="示例市人民政府", number="示市政函〔2025〕9号（演示）",
                on=self.story.day, by=self.people["office"],
            )  # fmt: skip
        self.take(CYCLE, self.cycle(key), "open", self.people["reviewer2"])

    def it(self, key, unit) -> Application:
        return Application.objects.with_names().get(pk=self.made[key, unit])

    def apply(self, key, unit, until="submitted") -> None:
        place = self.story.units[unit]
        clerk = self.story.clerk(place)
        it = services.apply(
            self.cycle(key), place, reason="承诺件件有着落，居民当面评价，材料平时就记在系统里。", by=clerk,
            today=self.story.day,
        )  # fmt: skip
        self.made[key, unit] = it.pk
        items = it.items.select_related("indicator", "application__organisation")
        for n, item in enumerate(items):
            if until == "draft" and n:
                continue
            claimed = item.indicator.points * 95 // 100
            services.assess(item, points=claimed, text=SAID, by=clerk)
        if until == "submitted":
            self.take(FLOW, it, "submit", clerk)

    def first_check(self, key, unit) -> None:
        it = self.it(key, unit)
        self.take(FLOW, it, "pass_street", self.people[self.story.street_of(it.organisation) + "lead"])

    def check(self, key, unit) -> None:
        self.take(FLOW, self.it(key, unit), "pass_check", self.people["reviewer"])

    def send_back(self, key, unit, reason) -> None:
        it = self.it(key, unit)
        by = self.people[self.story.street_of(it.organisation) + "lead"]
        self.take(FLOW, it, "return_street", by, reason=reason)

    def visit(self, key, unit) -> None:
        visit = SiteVisit(
            application=self.it(key, unit), visited_on=self.story.day, visitors="区信用办两人、居民代表一人",
            seen="mostly", text="公示栏、回访记录与自评相符；照片有两张没有写日期。",
        )  # fmt: skip
        services.register_visit(visit, by=self.people["reviewer"])

    def take_facts(self, key, good) -> None:
        """What a survey from outside found, then the facts of the round."""
        cycle, office = self.cycle(key), self.people["office"]
        survey = SimpleUploadedFile("满意度测评报告.txt", "第三方测评（演示）".encode())
        document = files.store(survey, organisation=cycle.organisation, purpose=services.PURPOSE, by=office)
        for unit in good:
            ImportedFact.objects.create(
                year=cycle.year, organisation=self.story.units[unit], metric=METRIC, numerator=100, denominator=1,
                source="第三方满意度测评（演示）", document=document, by=office,
            )  # fmt: skip
        services.take_facts(cycle, by=office, today=self.story.day)

    def seat_panel(self, key) -> None:
        members = [self.people[name] for name in ("panel1", "panel2", "panel3")]
        panels.assign(self.cycle(key), members, by=self.people["office"])

    def score(self, key, unit, panel, share) -> None:
        seat = (
            self.it(key, unit)
            .seats.select_related("application__cycle", "reviewer")
            .get(reviewer=self.people[panel])
        )
        given = {i.pk: (_about(i, share), "") for i in panels.human_indicators(seat)}
        panels.score(seat, given, by=seat.reviewer)
        self.take(SEAT, seat, "send", seat.reviewer)

    def withdraw(self, key, unit, reason) -> None:
        it = self.it(key, unit)
        self.take(FLOW, it, "withdraw", self.story.clerk(it.organisation), reason=reason)

    def sum_up(self, key, unit) -> None:
        self.take(FLOW, self.it(key, unit), "summarise", self.people["office"])

    def settle(self, key, unit) -> None:
        """Summed up; a candidate where the points reach and nothing stands against it, else not chosen."""
        office = self.people["office"]
        self.take(FLOW, self.it(key, unit), "summarise", office)
        it = self.it(key, unit)
        if FLOW.refusal(it, FLOW.steps["nominate"], office, self.story.day) is None:
            self.take(FLOW, it, "nominate", office)
        else:
            self.take(FLOW, it, "finish", office, reason="没有达到候选线，继续培育。")

    def show(self, key) -> None:
        candidates = list(Application.objects.with_names().filter(cycle=self.cycles[key], state="candidate"))
        if not candidates:
            return
        notice = awards.new_notice(self.cycle(key))
        awards.save_notice(notice, candidates, by=self.people["office"])
        self.take(NOTICE, notice, "submit", self.people["office"])
        self.story.through_gate(notice)

    def object_to(self, key, unit, words, answer="") -> None:
        it = self.it(key, unit)
        notice = CandidateNotice.objects.filter(pk=it.notice_id, state="published").first()
        if notice is None:
            return
        token = secrets.token_urlsafe(24)
        receipt = objections.file(notice, it, words=words, token=token, today=self.story.day)
        if answer:
            row = NoticeObjection.objects.get(number=receipt.number)
            self.take(OBJECTION, row, "accept", self.people["reviewer2"])
            self.take(OBJECTION, row, "propose", self.people["reviewer2"], finding="rejected", reply=answer)
            self.take(OBJECTION, row, "approve", self.people["office"])

    def award(self, key, unit) -> None:
        if self.it(key, unit).state != "publicity":
            return
        award = awards.save_award(awards.new_award(self.it(key, unit)), by=self.people["office"])
        self.take(AWARD, award, "submit", self.people["office"])
        self.story.through_gate(award)

    def revoke(self, key, unit, reason) -> None:
        award = Award.objects.filter(application=self.made[key, unit]).first()
        if award is None:
            return
        self.take(AWARD, award, "ask_withdrawal", self.people["office"], reason=reason)
        self.take(AWARD, award, "approve_withdrawal", self.people["reviewer2"])

    def suspend(self, unit) -> None:
        """A breach is confirmed and shown: the award of the unit is suspended by it."""
        place, day = self.story.units[unit], self.story.day
        item = CatalogueItem.objects.in_use().get(code="X06")
        it = Record(
            item=item, organisation=place, title="夜间照明报修没有按承诺期限修复", decided_on=day, effective_from=day,
            facts="社区承诺报修后3日内修复，抽查20件有7件超过3日，经核实属实。", issuing_body="示例区信用办",
            document_number="示信认〔2026〕19号", effective_until=add_months(day, item.effect_months),
        )  # fmt: skip
        paper = SimpleUploadedFile("认定书.txt", "认定书（演示文件）".encode())
        clerk = self.story.clerk(place)
        records.save_draft(it, by=clerk, upload=Upload(added=(paper,)))
        self.take(RECORD, it, "submit", clerk)
        self.take(RECORD, it, "confirm", self.people["reviewer"])
        self.story.through_gate(it.notices.get(state="in_review"))


def _about(indicator, share) -> int:
    """So many hundredths of what the indicator is worth, or the step of its scale nearest to that."""
    wanted = indicator.points * share // 100
    return min((value for _, value in indicator.scale), key=lambda v: abs(v - wanted), default=wanted)


def tell(story) -> None:
    """Note down what happens to the rounds on which day."""
    rounds, at = _Rounds(story), story.at
    _last_years(rounds, at)
    _this_years(rounds, at)


GOOD = ("新苑社区", "江畔社区", "北园社区")


def _last_years(r, at) -> None:
    """Approved, awarded; one is suspended today, one revoked, one was not chosen."""
    at(205, r.open_cycle, "last", "community", 1, "诚信社区逐条对标评价", (190, 185, 165, 162), approved=True)
    for unit in (*GOOD, "康宁社区"):
        at(200, r.apply, "last", unit)
        at(196, r.first_check, "last", unit)
        at(192, r.check, "last", unit)
    at(183, r.take_facts, "last", GOOD)
    at(182, r.seat_panel, "last")
    for unit, shares in (*((unit, (95, 100, 90)) for unit in GOOD), ("康宁社区", (80, 75, 70))):
        for panel, share in zip(("panel1", "panel2", "panel3"), shares, strict=True):
            at(178, r.score, "last", unit, panel, share)
        at(172, r.settle, "last", unit)
    at(168, r.show, "last")
    at(
        166,
        r.object_to,
        "last",
        "江畔社区",
        "公示栏的照片像是去年的。",
        "到社区核对过：照片是今年拍的，原件带日期，已经补进材料。",
    )
    for unit in GOOD:
        at(150, r.award, "last", unit)
    at(40, r.revoke, "last", "北园社区", "复查发现回访记录有补写，不再符合条件。")
    at(9, r.suspend, "江畔社区")


ON_THE_WAY = ("康宁社区", "滨河社区", "永安社区", "松苑社区", "育才社区")


def _this_years(r, at) -> None:
    """A pilot that goes on, with an application at each desk; one to apply in, one still drafted."""
    at(34, r.pilot_set)
    at(34, r.open_cycle, "pilot", "community", 0, "诚信社区试点对标评价", (16, 14, -12, -14))
    at(33, r.full_set)
    at(30, r.apply, "pilot", "新苑社区", "draft")
    for unit in (*ON_THE_WAY, "和平社区", "北园社区", "江畔社区"):
        at(26, r.apply, "pilot", unit)
    for unit in ON_THE_WAY:
        at(22, r.first_check, "pilot", unit)
    at(21, r.send_back, "pilot", "北园社区", "第二条的材料是去年的，请换成今年的。")
    at(20, r.withdraw, "pilot", "江畔社区", "今年先整改夜间照明，明年再报。")
    for unit in ON_THE_WAY[1:]:
        at(19, r.check, "pilot", unit)
    at(15, r.visit, "pilot", "永安社区")
    at(13, r.take_facts, "pilot", ON_THE_WAY[1:])
    at(12, r.seat_panel, "pilot")
    for unit in ("永安社区", "松苑社区", "育才社区"):
        for panel, share in (("panel1", 95), ("panel2", 90), ("panel3", 100)):
            at(9, r.score, "pilot", unit, panel, share)
    at(8, r.score, "pilot", "滨河社区", "panel1", 85)
    at(7, r.settle, "pilot", "永安社区")
    at(4, r.show, "pilot")
    at(3, r.sum_up, "pilot", "松苑社区")  # a record stands against it
    at(1, r.settle, "pilot", "育才社区")
    at(2, r.object_to, "pilot", "永安社区", "社区没有按时回访，台账写的和我遇到的不一样。")
    at(6, r.open_cycle, "streets", "street", 0, "诚信街道试点对标评价", (-18, -30, -50, -55))
    at(3, r.draft_cycle, "windows", "window", 0, "诚信窗口试点对标评价", (-25, -40, -60, -65))
