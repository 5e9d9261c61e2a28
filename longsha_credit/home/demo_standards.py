"""The standards of the fictional district: four tables in force, a draft of a new version, a trial with points and rulings."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from evaluation import facts, running, services
from evaluation.flows import RULING, SET
from evaluation.models import Indicator, IndicatorSet, Purpose, Result
from evaluation.snapshots import FLOW as SNAPSHOT
from evaluation.standards import services as writing
from longsha_credit.programme.models import Year

PAPER = "演示文书，内容虚构。"
# unit, kind, what it is about, facts, number, who proposes, what becomes of it
RULINGS = [
    (
        "向阳街道",
        "bonus",
        ("老旧小区微改造经验", "city"),
        "市里发文推广老旧小区微改造的做法。",
        "演示〔2026〕21号",
        "agree",
    ),
    (
        "向阳街道",
        "bonus",
        ("老旧小区微改造经验", "district"),
        "区里通报表扬老旧小区微改造。",
        "演示〔2026〕9号",
        "agree",
    ),
    ("新苑社区", "bonus", ("邻里议事厅", "district"), "区里推广邻里议事厅。", "演示〔2026〕13号", "refuse"),
    ("青松街道", "out", 3, "生效判决确定的补偿款没有支付。", "演示民终〔2026〕7号", ""),
    ("江畔社区", "out", 6, "抽查发现一件承诺的佐证照片是别处的。", "演示核查〔2026〕2号", "agree"),
]


class _Standards:
    """Sets, a trial and rulings, told through the story of `demo`: its days, its people."""

    def __init__(self, story):
        self.story, self.people = story, story.people

    @property
    def year(self) -> Year:
        return Year.objects.select_related("organisation").get(number=self.story.today.year)

    def put_in_force(self) -> None:
        services.load_sets(self.year)
        for row in IndicatorSet.objects.filter(state="draft").select_related("year__organisation"):
            SET.take(row, "put_in_force", by=self.people["reviewer"])

    def draft(self) -> None:
        """A second version for streets: keeping promises weighs more, having them less."""
        row = IndicatorSet.objects.in_force().with_names().get(level="street", year=self.year)
        new = services.copy_set(row, to=self.year, by=self.people["office"])
        for title, points in (("到期兑现率", 900), ("四类承诺覆盖", 300)):
            one = Indicator.objects.select_related("heading").get(heading__set=new, title=title)
            one.points, measure = points, dict(one.measures[0], points=points)
            one.measures = [measure | ({"unit": points // 4} if "unit" in measure else {})]
            one.formula = "每类0.75分" if "unit" in measure else one.formula.replace("×8", "×9")
            writing.save_part(new, one, by=self.people["office"])

    def replace(self) -> None:
        """Windows: the guide has to be in one place too; the second version takes the first one's place."""
        row = IndicatorSet.objects.in_force().with_names().get(level="window", year=self.year)
        new = services.copy_set(row, to=self.year, by=self.people["office"])
        one = Indicator.objects.select_related("heading").get(
            heading__set=new, title__startswith="办事指南与实际"
        )
        one.evidence = "暗访、抽查；网上、窗口、公开栏三处对照"
        writing.save_part(new, one, by=self.people["office"])
        SET.take(new, "put_in_force", by=self.people["reviewer"])

    def wrong_day(self) -> None:
        """A trial of the wrong day, dropped at once."""
        day = self.story.day
        row = facts.opened(self.year, Purpose.TRIAL, by=self.people["office"], today=day)
        SNAPSHOT.take(row, "drop", by=self.people["office"], reason="取数日填错了，重新取。")

    def trial(self) -> None:
        self.snapshot, _ = facts.begin(
            self.year, Purpose.TRIAL, by=self.people["office"], today=self.story.day, key="demo"
        )
        for _ in running.work_off(self.snapshot):
            pass
        self.snapshot.refresh_from_db()

    def marks(self) -> None:
        """People have judged two streets and two communities; the others wait."""
        wanted = {"向阳街道": 0, "临江街道": 1, "新苑社区": 0, "江畔社区": 1}
        rows = Result.objects.filter(snapshot=self.snapshot, organisation__name__in=wanted).with_names()
        for row in rows:
            for one in Indicator.objects.filter(heading__set=row.set, way="human").select_related("heading"):
                best = min(wanted[row.organisation.name], len(one.scale) - 1)
                reason = ("材料齐全，抽查一致。", "材料基本齐全，有一处没有写清。")[min(best, 1)]
                services.mark(row, one, points=one.scale[best][1], reason=reason, by=self.people["reviewer"])

    def rulings(self) -> None:
        for unit, kind, about, found, number, step in RULINGS:
            row = self._propose(unit, kind, about, found, number)
            if step:
                why = "推广文件没有点名这个社区。" if step == "refuse" else ""
                RULING.take(row, step, by=self.people["reviewer"], reason=why)
            if kind == "out" and step:
                self.unfounded = row
        street = Result.objects.with_names().get(snapshot=self.snapshot, organisation__name="临江街道")
        lowered = Indicator.objects.select_related("heading").get(
            heading__set=street.set, title="保密隐私审查"
        )
        services.propose_mark(
            street, lowered, points=100, reason="抽查有两件没有写清审查意见。", by=self.people["office"]
        )

    def lift(self) -> None:
        why = "社区补交了当天的原始照片，拍摄时间和地点可以核实，前一张是传错的。"
        RULING.take(self.unfounded, "lift", by=self.people["reviewer"], reason=why)

    def _propose(self, unit, kind, about, facts, number):
        organisation = self.story.units[unit]
        more = {"matter": about[0], "rank": about[1]} if kind == "bonus" else {}
        if kind == "out":
            rows = IndicatorSet.objects.in_force().filter(level=organisation.level, year=self.year)
            more["circumstance"] = rows.get().circumstances.get(number=about)
        paper = SimpleUploadedFile(f"{number}.txt", PAPER.encode(), content_type="text/plain")
        return services.propose(
            kind, year=self.year, organisation=organisation, by=self.people["office"], facts=facts,
            document_number=number, document=paper, **more,
        )  # fmt: skip


def tell(story) -> None:
    """Note down what happens to the standards on which day."""
    s, at, today = _Standards(story), story.at, story.today
    march = datetime.date(today.year, 3, 5)
    begun = march if march < today else datetime.date(today.year, 1, 5)
    since = max((today - begun).days, 0)
    at(since, s.put_in_force)
    later = [(90, s.replace), (30, s.draft), (12, s.wrong_day), (12, s.trial)]
    later += [(9, s.marks), (7, s.rulings), (2, s.lift)]
    for ago, event in later:
        at(min(ago, since), event)
