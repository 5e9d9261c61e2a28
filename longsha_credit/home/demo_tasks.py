"""A year of tasks in the fictional district, in every state: handed down in March, done, late, sent back, taken back."""

import datetime

from longsha_credit.deadlines import services as deadlines
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.exchange import jobs
from longsha_credit.exchange.flows import FLOW as JOB
from longsha_credit.programme.models import StandardTask, Task, TaskState, Year
from longsha_credit.programme.tasking import clocks, issuing, services
from longsha_credit.programme.tasking.flows import FLOW
from longsha_credit.publication.models import Publication

# title of a street's task: what its unit wrote as its own measures
MEASURES = {
    "公开四类承诺": "三月底各科室各报一件，四月上旬由街道办公会定下，四月二十日前全部提交审查。",
    "办成一个“信用+街道”场景": "先做轮椅免押金借用，用满两个月再加一项。",
    "公职人员诚信培训": "和每月的业务学习合在一起，不另开会；没赶上的看材料补学时。",
    "失信问题排查和治理": "每季度最后一周对一遍承诺和合同，交接表由办公室收齐。",
}
BEHIND = ("公职人员诚信培训", "报送年度工作情况总结")  # what the second street has not done
RETURNED, WAITING, STARTED = "对照指标自评、补短板", "评优任用前做诚信核查", "公职人员诚信培训"
DONE = "已按要求办完，材料都在系统里。"


class _Tasks:
    """The tasks, told through the story of `demo`."""

    def __init__(self, story):
        self.story, self.people = story, story.people

    @property
    def year(self) -> Year:
        return Year.objects.get(number=self.story.today.year)

    def hand_down(self, level, units, undo=False) -> None:
        day, year = self.story.day, self.year
        rows = [
            row for row in StandardTask.objects.filter(year=year, level=level).in_order() if row.due_on > day
        ]
        found = Organisation.objects.taking_part().filter(level=level, name__in=units)
        if not rows:
            return
        job = issuing.begin(year, rows, found, by=self.people["office"], today=day, key=f"demo-{level}-{day}")
        while jobs.advance(job.pk):
            pass
        if undo:
            job.refresh_from_db()
            JOB.take(job, "undo", by=self.people["office"])
            while jobs.advance(job.pk):
                pass

    def task(self, title, unit) -> Task | None:
        rows = Task.objects.standing().with_names().filter(year=self.year)
        return rows.filter(standard__title=title, organisation__name=unit).first()

    def measures(self, title, unit) -> None:
        if task := self.task(title, unit):
            who, today = self.story.clerk(task.organisation), self.story.day
            services.add_note(task, kind="measures", text=MEASURES[title], by=who, today=today)

    def answers(self, title, unit) -> None:
        """The lead says which post answers for it."""
        if task := self.task(title, unit):
            post = Organisation.objects.posts_of(task.organisation).first()
            services.set_owner(task, by=self.story.lead(task.organisation), today=self.story.day, post=post)

    def report(self, title, unit) -> None:
        """With something the unit has made public as evidence, or with a word of what was done."""
        task = self.task(title, unit)
        if task is None or task.state in (TaskState.REPORTED, TaskState.DONE):
            return
        who, today = self.story.clerk(task.organisation), self.story.day
        shown = (
            Publication.objects.public()
            .filter(organisation=task.organisation)
            .order_by("-published_at")
            .first()
        )
        if shown:
            services.pick_evidence(task, publication=shown, by=who, today=today)
        else:
            services.add_note(task, kind="progress", text=DONE, by=who, today=today)
        self.story.take(FLOW, self.task(title, unit), "report", who, report=DONE)

    def decide(self, title, unit, step="accept", reason="") -> None:
        task = self.task(title, unit)
        if task is None or task.state != TaskState.REPORTED:
            return
        street = task.organisation.level == Level.STREET
        who = self.people["reviewer"] if street else self.story.lead(clocks.decider_of(task))
        self.story.take(FLOW, task, step, who, reason=reason)

    def withdraw(self, title, unit) -> None:
        if task := self.task(title, unit):
            self.story.take(
                FLOW, task, "withdraw", self.people["office"], reason="本街道这项工作由区里统一做。"
            )

    def ask_for_time(self, title, unit) -> None:
        task = self.task(title, unit)
        clock = task and clocks.open_clock(task)
        if clock and clock.due_on >= self.story.day:
            why = "测试平台检修，要推迟一周。"
            deadlines.ask_extension(
                clock, reason=why, by=self.story.clerk(task.organisation), today=self.story.day
            )


def tell(story) -> None:
    """Note what happens to the tasks of this year on which day of the story."""
    it, today = _Tasks(story), story.today
    march = datetime.date(today.year, 3, 10)
    begun = march if march < today else datetime.date(today.year, 1, 5)
    if begun >= today:
        return

    def on(day, event, *args, **kwargs) -> None:
        if begun < day <= today:
            story.at((today - day).days, event, *args, **kwargs)

    streets, communities = ["向阳街道", "临江街道", "青松街道"], ["新苑社区", "和平社区"]
    story.at((today - begun).days, it.hand_down, Level.STREET, streets)
    story.at((today - begun).days, it.hand_down, Level.COMMUNITY, communities)
    later = begun + datetime.timedelta(days=1)
    on(later, it.hand_down, Level.WINDOW, ["便民服务综合窗口"], undo=True)
    for title in MEASURES:
        on(begun + datetime.timedelta(days=8), it.measures, title, "向阳街道")
    on(begun + datetime.timedelta(days=8), it.answers, "公开四类承诺", "向阳街道")
    on(begun + datetime.timedelta(days=9), it.measures, STARTED, "青松街道")
    on(begun + datetime.timedelta(days=20), it.withdraw, "评优任用前做诚信核查", "青松街道")
    _through_the_year(it, on, streets, communities, today)
    day = datetime.timedelta(days=1)
    on(today - 7 * day, it.report, RETURNED, "向阳街道")
    on(
        today - 3 * day,
        it.decide,
        RETURNED,
        "向阳街道",
        "send_back",
        reason="三项短板没有写怎样补、哪天补好。",
    )
    on(today - 2 * day, it.report, WAITING, "向阳街道")


def _through_the_year(it, on, streets, communities, today) -> None:
    """What fell due was reported some days before and decided on, but for what the story leaves open."""
    left = {("向阳街道", RETURNED), ("向阳街道", WAITING), ("青松街道", STARTED)}
    left |= {("临江街道", title) for title in BEHIND}
    left |= {(unit, BEHIND[-1]) for unit in streets}  # met by the summary report itself: demo_summary
    for level, units in ((Level.STREET, streets), (Level.COMMUNITY, communities)):
        for row in services.default_list(level, today.year):
            for n, unit in enumerate(units):
                if (unit, row.title) not in left:
                    reported = row.due_on - datetime.timedelta(days=4 + 2 * n)
                    on(reported, it.report, row.title, unit)
                    on(reported + datetime.timedelta(days=3), it.decide, row.title, unit)
