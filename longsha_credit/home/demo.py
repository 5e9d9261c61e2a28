"""Builds the fictional district 示例区 through the services an office would use, each day as if it were that day."""

import contextlib
import datetime
from collections import defaultdict
from collections.abc import Iterator

import pgtrigger
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from commitments import services
from commitments.flows import AMENDMENT, FLOW, PROGRESS, RESULT, VERDICT
from commitments.models import Obligation, ProgressUpdate, Verdict
from longsha_credit.deadlines import services as deadlines
from longsha_credit.deadlines.models import Holiday, Notification, Reminder
from longsha_credit.deadlines.sending import send_due
from longsha_credit.directory.models import Level, Organisation, User
from longsha_credit.home import (
    demo_annual,
    demo_bringing,
    demo_cases,
    demo_catalogue,
    demo_content,
    demo_contests,
    demo_demonstration,
    demo_documents,
    demo_education,
    demo_handovers,
    demo_imported,
    demo_inspections,
    demo_notices,
    demo_owed,
    demo_past,
    demo_records,
    demo_rectification,
    demo_scenes,
    demo_standards,
    demo_summary,
    demo_tasks,
    demo_tokens,
    demo_ways,
)
from longsha_credit.home.demo_times import OPENING, backdated, moment
from longsha_credit.home.demo_units import ACCOUNTS, DISTRICT, PASSWORD, make_people, make_units
from longsha_credit.programme import services as programme
from longsha_credit.programme.flows import FLOW as YEAR
from longsha_credit.programme.tasking import services as tasking
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import Review, ServiceField

__all__ = ["ACCOUNTS", "PASSWORD", "load"]

PROMISES = demo_content.PROMISES | demo_past.ENDED
CHAPTERS = (
    *(demo_owed, demo_records, demo_cases, demo_rectification, demo_handovers, demo_notices),
    *(demo_scenes, demo_ways, demo_tokens, demo_tasks, demo_contests, demo_inspections, demo_documents),
    *(demo_bringing, demo_catalogue),
    *(demo_education, demo_imported, demo_standards, demo_summary, demo_annual, demo_demonstration),
)
NO = {"state_secret": "no", "trade_secret": "no", "privacy": "no"}


@transaction.atomic
def load() -> dict[str, int]:
    """Fill an empty portal with the demo; gives the number of units, people and promises."""
    units = make_units()
    people = make_people(units)
    _Story(units, people).tell()
    Organisation.objects.update(is_demo=True)
    return {"units": len(units), "people": len(people), "promises": Obligation.objects.count()}


class _Story:
    """A year of promises in every state there is: chapters note what happens on which day, then the days are lived."""

    def __init__(self, units, people):
        self.units, self.people = units, people
        self.today = self.day = timezone.localdate()
        self.calendar = Holiday.objects.calendar()
        self.fields = {field.name: field for field in ServiceField.objects.all()}
        self.made: dict[str, int] = {}
        self.events = defaultdict(list)

    def tell(self) -> None:
        self.years()
        self.ramps()
        self.in_force()
        self.on_the_way()
        self.taken_back()
        self.ended()
        self.ended_otherwise()
        self.waiting()
        for chapter in CHAPTERS:
            chapter.tell(self)
        self.live()

    def at(self, ago, event, *args, **kwargs) -> None:
        """Note that `event` happens so many days ago, or on the last working day before."""
        self.events[self.worked(ago)].append((event, args, kwargs))

    def worked(self, ago) -> int:
        """So many days ago, or as many as the last working day before."""
        while not self.calendar.is_workday(self.today - datetime.timedelta(days=ago)):
            ago += 1
        return ago

    def live(self) -> None:
        """Every day from the first to today: reminders in the morning, then what happens on it."""
        known: dict[str, int] = {}
        for ago in range(max(self.events), -1, -1):
            self.day = self.today - datetime.timedelta(days=ago)
            if ago % 30 == 0:
                self.count_clocks()
            if Reminder.objects.unsent().filter(send_on__lte=self.day).exists():
                send_due(today=self.day, now=min(moment(self.day, OPENING), timezone.now()))
            if ago in self.events:
                with backdated(ago, known):
                    for event, args, kwargs in self.events[ago]:
                        event(*args, **kwargs)
        old = Notification.objects.filter(at__lt=timezone.now() - datetime.timedelta(days=10))
        old.update(read_at=F("at") + datetime.timedelta(hours=2))

    @staticmethod
    def count_clocks() -> None:
        """Nothing else counts what one transaction wrote, and reminders are looked for by how many there seem to be."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE deadlines_deadline, deadlines_reminder")

    # who acts for a unit
    def street_of(self, unit) -> str:
        street = unit if unit.level == Level.STREET else unit.parent
        return {"向阳街道": "street1", "临江街道": "street2", "青松街道": "street3"}[street.name]

    def clerk(self, unit) -> User:
        return self.people["community11" if unit.name == "新苑社区" else self.street_of(unit)]

    def lead(self, unit) -> User:
        if unit.level == Level.DISTRICT:
            return self.people["officelead"]
        return self.people["community11lead" if unit.name == "新苑社区" else self.street_of(unit) + "lead"]

    def it(self, key) -> Obligation:
        return Obligation.objects.select_related("organisation__parent").get(pk=self.made[key])

    # what may happen on a day
    def draft(self, key, due_in) -> None:
        title, unit_name, field, area, domain, content, target, counted, whom = PROMISES[key]
        unit = self.units[unit_name]
        self.made[key] = services.save_draft(
            Obligation(
                title=title, organisation=unit, service_field=self.fields[field], area=area, domain=domain,
                content=content, target=target, unit=counted, beneficiaries=whom,
                standard=demo_content.standard(target, counted), due_on=self.today + datetime.timedelta(days=due_in),
                liability="15个工作日内公开说明原因和补救期限；认定为未履行的，列入失信治理台账，计入年终考评。",
                post=Organisation.objects.posts_of(unit)[0],
            ),
            by=self.clerk(unit),
        ).pk  # fmt: skip

    def submit(self, key, due_in) -> None:
        self.draft(key, due_in)
        self.take(FLOW, self.it(key), "submit", self.clerk(self.it(key).organisation))

    def promise(self, key, due_in) -> None:
        self.submit(key, due_in)
        self.through_gate(self.it(key))

    def take(self, flow, obj, step, by, **given) -> None:
        with self.in_one_piece():
            flow.take(obj, step, by=by, today=self.day, **given)

    @staticmethod
    @contextlib.contextmanager
    def in_one_piece() -> Iterator[None]:
        """Inside, nothing keeps a place to return to: what is refused here ends the whole loading anyway."""
        connection.features.uses_savepoints = False
        try:
            yield
        finally:
            connection.features.uses_savepoints = True

    @staticmethod
    def answers_in_the_past() -> contextlib.AbstractContextManager:
        """Inside, people of the demo answer in the past: the database's own clock does not count."""
        return pgtrigger.ignore("programme.GivenAnswer:answer_comes_in_time")

    def through_gate(self, obj, stages=3) -> None:
        review, unit = Review.objects.of(obj).first(), obj.organisation
        if review.state == "single":
            self.take(GATE, review, "pass_single", self.lead(unit))
            return
        steps = [("pass_first", self.lead(unit), {}), ("pass_second", self.people["reviewer"], {}),
                 ("pass_secrecy", self.people["secrecy"], NO)]  # fmt: skip
        for name, person, given in steps[:stages]:
            self.take(GATE, review, name, person, **given)

    def evidence(self, name, text) -> services.Upload:
        file = SimpleUploadedFile(f"{self.day:%m月}{name}.txt", f"{text}\n（演示文件）".encode())
        return services.Upload(added=(file,))

    def progress(self, key, done, text, until="published") -> None:
        obligation = self.it(key)
        unit = obligation.organisation
        progress = services.save_progress(
            ProgressUpdate(obligation=obligation, organisation=unit, as_of=self.day, done=done, text=text),
            by=self.clerk(unit),
            upload=self.evidence("现场核对表", text),
        )
        if until != "draft":
            self.take(PROGRESS, progress, "submit", self.clerk(unit))
        if until == "published":
            self.through_gate(progress)

    def amend(self, key, reason, stages=3, **changes) -> None:
        amendment = services.new_amendment(self.it(key))
        for name, value in ({"reason": reason} | changes).items():
            setattr(amendment, name, value)
        clerk = self.clerk(amendment.organisation)
        services.save_amendment(amendment, by=clerk)
        self.take(AMENDMENT, amendment, "submit", clerk)
        self.through_gate(amendment, stages)

    def report(self, key, done, text, claim=Verdict.FULL, unmet="") -> None:
        """The unit reports; what was kept was ready two days before it was due, or today if that is earlier."""
        it = self.it(key)
        clerk, ready = self.clerk(it.organisation), it.due_on - datetime.timedelta(days=2)
        result = services.new_result(it, clerk)
        result.claim, result.done, result.text, result.unmet = claim, done, text, unmet
        result.fulfilled_on = min(ready, self.day) if claim == Verdict.FULL else None
        services.save_result(result, by=clerk, today=self.day, upload=self.evidence("完成情况", text))
        self.take(RESULT, result, "submit", clerk)
        self.through_gate(result)

    def verify(self, key, text, verdict=Verdict.FULL, by="reviewer", finish=True, **more) -> None:
        found = services.new_verification(self.it(key))
        found.verdict, found.text, found.fulfilled_on = (
            verdict, text, found.fulfilled_on if verdict == Verdict.FULL else None
        )  # fmt: skip
        for name, value in more.items():
            setattr(found, name, value)
        services.save_verification(found, by=self.people[by], upload=self.evidence("核验记录", text))
        self.take(VERDICT, found, "submit", self.people[by])
        if finish:
            self.through_gate(found)

    # the chapters
    def years(self) -> None:
        """The plan's own year is frozen, last year and this one follow it; a day of the calendar is entered."""
        office, reviewer = self.people["office"], self.people["reviewer"]

        def first_year():
            plan = programme.load_plan(self.units[DISTRICT])
            tasking.load_list(plan)
            last = programme.copy_year(plan, to=self.today.year - 1, by=office, today=self.day)
            programme.copy_year(last, to=self.today.year, by=office, today=self.day)
            self.take(YEAR, plan, "ask_freeze", office, reason="试点年度已经结束，材料核对完毕。")
            self.take(YEAR, plan, "freeze", reviewer)

        def new_year():
            day = Holiday(
                day=datetime.date(self.today.year + 1, 1, 1), is_workday=False, name="元旦", basis="演示"
            )
            deadlines.set_days([day], by=office, today=self.day)

        self.at(330, first_year)
        self.at(20, new_year)

    def ramps(self) -> None:
        """The promise everyone looks at first: changed twice."""
        longer = self.today + datetime.timedelta(days=7)
        self.at(262, self.promise, "ramps", due_in=-23)
        self.at(
            164, self.amend, "ramps", due_on=longer,
            reason="11号楼4个单元门按居民提议重新选址，工期相应顺延；完成期限改后仍在当年采暖期内。",
        )  # fmt: skip
        self.at(
            81, self.amend, "ramps", reason="补写认定标准中的坡度和净宽，便于居民对照。",
            standard="坡度不大于1:12，净宽不小于1.2米，两侧设扶手，逐处验收合格。24处为全部履行，12至23处为部分履行，不足12处为未履行。",
        )  # fmt: skip

    def in_force(self) -> None:
        """Near, far and past their day, with what was reported of their progress."""
        for key, due_in, ago in demo_content.IN_FORCE:
            self.at(ago, self.promise, key, due_in=due_in)
        for key, ago, done, text in demo_content.PROGRESS:
            self.at(ago, self.progress, key, done, text)

    def on_the_way(self) -> None:
        """One at each desk: draft, each stage of the gate, returned, changes and reports under way."""
        self.at(1, self.draft, "permits", due_in=90)
        self.at(1, self.submit, "school", due_in=200)
        for key, stages in (("relief", 2), ("green-hours", 1)):
            self.at(2, self.submit, key, due_in=180)
            self.at(1, lambda key, stages: self.through_gate(self.it(key), stages), key, stages)
        self.at(3, self.submit, "greening", due_in=160)
        self.at(2, self.send_draft_back)
        self.at(0, self.progress, "parking", 52, "新签协议两家，累计开放52个。", until="draft")
        self.at(1, self.progress, "childcare", 196, "今年已开放196天。", until="submitted")
        self.at(
            1, self.amend, "bus", "公交公司同意再加一座，点位由居民议事会选定。", stages=1, target=4,
            content="协调公交公司在康宁社区沿线增设带座椅和雨棚的候车亭4座，点位由居民议事会选定。",
        )  # fmt: skip

    def send_draft_back(self) -> None:
        review = Review.objects.of(self.it("greening")).first()
        reason = "补植树木要写明树种和成活标准；“每季度巡查”请写进认定标准。"
        by = self.lead(self.it("greening").organisation)
        self.take(GATE, review, "return_first", by, reason=reason, flagged=["content", "standard"])

    def taken_back(self) -> None:
        """One taken down early, one too late to leave the count, one asked for, one thrown away as a draft."""
        self.at(100, self.promise, "baths", due_in=20)
        self.at(29, self.ask_withdrawal, "baths", "收费标准引用有误，核对后重新承诺。")
        self.at(29, self.approve_withdrawal, "baths")
        self.at(95, self.promise, "shelter", due_in=-20)
        self.at(34, self.ask_withdrawal, "shelter", "公交线路调整，加装位置需要重新选定。")
        self.at(33, self.approve_withdrawal, "shelter")
        self.at(70, self.promise, "lifts", due_in=50)
        self.at(1, self.ask_withdrawal, "lifts", "市级政策调整，代办事项已取消。")
        self.at(5, self.draft, "double", due_in=115)
        self.at(
            5,
            lambda: self.take(
                FLOW, self.it("double"), "discard", self.people["street2"], reason="与已有承诺重复"
            ),
        )

    def ask_withdrawal(self, key, reason) -> None:
        it = self.it(key)
        self.take(FLOW, it, "ask_withdrawal", self.clerk(it.organisation), reason=reason)

    def approve_withdrawal(self, key) -> None:
        self.take(FLOW, self.it(key), "approve_withdrawal", self.people["reviewer2"])

    def ended(self) -> None:
        """Reported three days after they were due and verified a week later."""
        for key, due, done, text, found in demo_past.KEPT:
            self.at(due + 90, self.promise, key, due_in=-due)
            self.at(due - 3, self.report, key, done, text)
            self.at(due - 10, self.verify, key, found)
        for key, due, claim, verdict, done, text, found, unmet, consequence in demo_past.BROKEN:
            self.at(due + 90, self.promise, key, due_in=-due)
            self.at(due - 3, self.report, key, done, text, claim, "" if claim == Verdict.FULL else unmet)
            self.at(due - 10, self.verify, key, found, verdict, unmet=unmet, consequence=consequence)

    def ended_otherwise(self) -> None:
        """One put off too late, which the rate counts by its first day; one found anew after a revocation."""
        self.at(160, self.promise, "benches", due_in=-70)
        later = self.today - datetime.timedelta(days=45)
        self.at(82, self.amend, "benches", "12张座椅到货推迟，请求把期限延后25天。", due_on=later)
        self.at(
            44, self.report, "benches", 30, "30张座椅全部安装。原定期限当天装好18张，其余12张到货后装齐。"
        )
        found = "现场清点30张。按变更后的期限全部做到；原定期限当天只装好18张，兑现率按原定期限计为部分履行。"
        self.at(38, self.verify, "benches", found, counted_verdict=Verdict.PARTLY)

        self.at(200, self.promise, "hydrants", due_in=-110)
        self.at(107, self.report, "hydrants", 64, "64个消火栓全部检修，水带和枪头已补齐。")
        self.at(100, self.verify, "hydrants", demo_past.SAME)
        self.at(80, self.revoke, "hydrants", "居民反映7号楼9个消火栓没有水带，复查属实，原认定有误。")
        self.at(
            74, self.verify, "hydrants", "复查64个，55个完好，7号楼9个没有水带。", Verdict.PARTLY, by="reviewer2",
            unmet="7号楼9个消火栓没有配水带。", consequence="社区公开说明原因，9条水带已经补齐；列入年终考评扣分。",
        )  # fmt: skip

    def revoke(self, key, reason) -> None:
        found = self.it(key).verifications.get(state="published")
        self.take(VERDICT, found, "ask_revocation", self.people["reviewer2"], reason=reason)
        self.take(VERDICT, found, "revoke", self.people["officelead"])

    def waiting(self) -> None:
        """Reported and not yet verified: in time, late, sent back, verdict in review, clock suspended or to be longer."""
        for key, due, reported, done, text in demo_past.WAITING:
            self.at(due + 90, self.promise, key, due_in=-due)
            self.at(reported, self.report, key, done, text)
        self.at(3, self.send_report_back, "fitness", "验收单没有写明28件器材各在哪里，请补点位清单和照片。")
        self.at(1, self.verify, "doors", "抽查30个单元门，闭门器均已更换、能自动关闭。", finish=False)
        office, reviewer = self.people["office"], self.people["reviewer"]
        self.at(6, self.on_clock, "crossings", deadlines.suspend, office, "等待交管部门出具验收意见。")
        self.at(
            1, self.on_clock, "hardship", deadlines.ask_extension, reviewer, "150户需要逐户回访，人手不足。"
        )

    def send_report_back(self, key, reason) -> None:
        report = self.it(key).results.get(state="published")
        self.take(RESULT, report, "send_back", self.people["reviewer"], reason=reason)

    def on_clock(self, key, service, by, reason) -> None:
        clock = deadlines.open_of(self.it(key)).get(rule_key="result_verify")
        service(clock, reason=reason, by=by, today=self.day)
