"""Integrity education of the fictional district: activities, texts, materials, courses and hours in every state."""

import datetime
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from longsha_credit.directory.models import Level, Official
from longsha_credit.files.services import Upload
from longsha_credit.home.demo_lessons import (
    ACTIVITIES,
    COURSES,
    DISTRICT,
    MATERIALS,
    MINIMUM_BASIS,
    OFFICIALS,
    picture,
)
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


class _Education:
    """Education, told through the story of `demo`: its days, its people, its gate."""

    def __init__(self, story):
        self.story, self.people, self.made, self.editions = story, story.people, {}, {}

    # who acts, where and when
    def unit(self, name):
        units = self.story.units
        return units[name] if name else next(one for one in units.values() if one.level == Level.DISTRICT)

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

    def ahead(self, days) -> datetime.date:
        """A day to come, in the year that has been arranged."""
        today = self.story.today
        return min(today + datetime.timedelta(days=days), datetime.date(today.year, 12, 31))

    def take(self, flow, row, step, by, **given) -> None:
        self.story.take(flow, row, step, by, **given)

    def it(self, key) -> Activity:
        return Activity.objects.select_related("organisation__parent", "year").get(pk=self.made[key])

    def year(self) -> Year:
        return Year.objects.get(number=self.story.day.year)

    # activities
    def plan(self, key, day) -> None:
        unit, kind, title, theme, whom, expected, each, speaker, about, _, _ = ACTIVITIES[key]
        place = self.unit(unit)
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
        photos = [SimpleUploadedFile("活动现场.jpg", picture(number), "image/jpeg")]
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
        it.planned_on = self.ahead(ahead)
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
        place = self.unit(unit)
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
            place = self.unit(unit)
            for number, name in enumerate(names.split("、"), start=1):
                number = f"XS{place.pk:03d}{number:02d}"
                Official.objects.create(name=f"{name}（演示）", staff_number=number, organisation=place)

    def curriculum(self) -> None:
        hours.load_minimums()
        office = self.people["office"]
        for year in Year.objects.exclude(state="frozen"):
            hours.set_minimum(year, by=office, hours=Decimal(4), basis=MINIMUM_BASIS, basis_kind="advice")
            for title, each, levels, about in COURSES:
                course = Course(
                    organisation=self.unit(DISTRICT), year=year, title=title, hours=Decimal(each), levels=levels,
                    about=about, basis="年度干部教育培训计划（示组通〔2026〕3号，演示）",
                )  # fmt: skip
                hours.save_course(course, by=office)

    def learn(self, unit, count, *, activity=None, course=None, confirm=True, skip=0) -> None:
        place = self.unit(unit)
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
        place = self.unit(unit)
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
    at(30, e.plan, "market", e.day(16))
    at(27, e.tell, "market")
    at(18, e.tell, "market", submit=False, reason="换了摊位。")
    at(17, e.step, "market", "cancel", reason="有大风预警。", cancel_why="weather")
    at(25, e.plan, "school", e.day(6))
    at(20, e.plan, "elder", e.day(3))
    at(3, e.hold, "elder", 41)
    at(2, e.sum_up, "elder", finish=False)
    _whole(e, at, "windows", 12, 11)
    at(15, e.plan, "winter", e.ahead(9))
    at(12, e.tell, "winter")
    at(10, e.plan, "companies", e.ahead(20))
    at(1, e.tell, "companies", submit=False)
    at(14, e.plan, "dates", e.ahead(6))
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
