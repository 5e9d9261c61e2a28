"""Two annual evaluations of the fictional district: last year's closed, this year's at every step."""

from django.utils import timezone

from evaluation.annual import services
from evaluation.annual.flows import FLOW, OUTCOME, PROPOSAL
from evaluation.annual.reference import BASES
from evaluation.metrics import METRICS, Period
from evaluation.models import (
    AnnualEvaluation,
    AnnualOutcome,
    AnnualProposal,
    Fact,
    Heading,
    Indicator,
    IndicatorSet,
    Mark,
    Result,
    Snapshot,
)
from evaluation.scoring import HUNDRED, Lines, Standard, Value, score
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.programme.models import Year

# heading number, its name, [(indicator number, title, metric or nothing for people to judge, points)]
SHEET = (
    (3, "政务承诺", [(1, "四类承诺覆盖", "area-coverage", 10), (3, "到期兑现率", "kept-rate", 25)]),
    (4, "政务公开", [(1, "十四领域覆盖", "field-coverage", 10), (2, "公开时限合规率", "published-in-time", 10)]),
    (5, "失信治理", [(1, "季度排查", "swept", 5), (2, "台账按期销号率", "closed-in-time", 15),
                 (3, "投诉按期办理率", "complaints-in-time", 10)]),
    (6, "示范创建", [(3, "经验成效", "", 15)]),
)  # fmt: skip
FACTS = {
    "circular": (
        "两件到期承诺没有兑现，书面督办以后仍没有整改；一件来件超期答复。",
        "在全区范围内通报批评，一个月内报送整改情况。",
    ),
    "accountability": (
        "上一年度两件承诺没有兑现，整改进展缓慢。",
        "建议有管理权限的机关了解情况，依规处理。",
    ),
}
AGREES = {"agrees": True, "text": ""}
OBJECTS = {
    "agrees": False,
    "text": "3.3少计一件：无障碍坡道已经核验为全部履行，取数那天还在公示。附核验编号。",
}


class _Annual:
    """The evaluations, told through the story of `demo`."""

    def __init__(self, story):
        self.story, self.people = story, story.people

    def year(self, back=0) -> Year:
        return Year.objects.select_related("organisation").get(number=self.story.today.year - back)

    def outcome(self, unit, back=0) -> AnnualOutcome:
        rows = AnnualOutcome.objects.with_names().filter(year__number=self.story.today.year - back)
        return rows.get(organisation=self.story.units[unit])

    def open(self, back=0) -> None:
        year = self.year(back)
        if not services.ground_of(year)[2]:
            self._take_and_compute(year)
        services.open_evaluation(year, by=self.people["office"], today=self.story.day)

    def tell(self, unit, back=0) -> None:
        self.story.take(OUTCOME, self.outcome(unit, back), "tell", self.people["reviewer"])

    def tell_all(self, back=0) -> None:
        evaluation = AnnualEvaluation.objects.with_names().get(year=self.year(back))
        services.tell_many(evaluation, by=self.people["reviewer"], today=self.story.day)

    def defend(self, unit, given, back=0) -> None:
        outcome = self.outcome(unit, back)
        self.story.take(OUTCOME, outcome, "defend", self.story.lead(outcome.organisation), **given)

    def decide(self, unit, opinion, back=0) -> None:
        self.story.take(OUTCOME, self.outcome(unit, back), "decide", self.people["office"], reason=opinion)

    def decide_all(self, back=0) -> None:
        rows = AnnualOutcome.objects.filter(year=self.year(back), state__in=["told", "defended"])
        for outcome in rows.with_names():
            opinion = "期满没有申辩，按告知的得分审定。"
            self.story.take(OUTCOME, outcome, "decide", self.people["office"], reason=opinion)

    def close(self, back=0) -> None:
        self.story.take(
            FLOW, AnnualEvaluation.objects.get(year=self.year(back)), "close", self.people["office"]
        )

    def propose(self, unit, kind, back=0, until="draft") -> None:
        outcome = self.outcome(unit, back)
        facts, asked = FACTS[kind]
        row = AnnualProposal(
            outcome=outcome, organisation=outcome.organisation, kind=kind, facts=facts, asked=asked,
            basis=BASES[kind == "accountability"],
        )  # fmt: skip
        services.save_proposal(row, by=self.people["reviewer"], today=self.story.day)
        if until != "draft":
            self.story.take(PROPOSAL, row, "propose", self.people["reviewer"])
        if until in ("approve", "refuse"):
            why = "情节轻微，已经整改，不需要追责。"
            self.story.take(PROPOSAL, row, until, self.people["office"], reason=why)

    # Facts and results where no evaluation of the whole district has run before.
    def _take_and_compute(self, year: Year) -> None:
        office, day = self.people["office"], self.story.day
        snapshot = Snapshot.objects.create(year=year, purpose="annual", taken_on=day, by=office)
        units = list(
            Organisation.objects.taking_part()
            .filter(level__in=[Level.STREET, Level.COMMUNITY])
            .order_by("path")
        )
        values = self._facts(snapshot, units, Period.of_year(year.number, self.story.today))
        Snapshot.objects.filter(pk=snapshot.pk).update(state="taken", taken_at=timezone.now())
        for number, unit in enumerate(units):
            self._result(snapshot, self._set(year, unit.level), unit, values.get(unit.pk, {}), number)

    @staticmethod
    def _facts(snapshot, units, period) -> dict[int, dict[str, Value]]:
        found: dict[int, dict[str, Value]] = {}
        known = {unit.pk for unit in units}
        for metric in {metric for *_, rows in SHEET for _, _, metric, _ in rows if metric}:
            for pk, figure in METRICS[metric].for_all(period).items():
                if pk in known:
                    value = Value(int(figure.numerator * HUNDRED), figure.denominator)
                    found.setdefault(pk, {})[metric] = value
                    Fact.objects.create(
                        snapshot=snapshot, organisation_id=pk, metric=metric, numerator=value.numerator,
                        denominator=value.denominator,
                    )  # fmt: skip
        return found

    @staticmethod
    def _set(year, level) -> IndicatorSet:
        made = IndicatorSet.objects.filter(year=year, level=level, state="in_force").first()
        if made:
            return made
        made = IndicatorSet.objects.create(
            year=year,
            level=level,
            version=1,
            title=f"示范{Level(level).label}创建指标（演示）",
            basis="试点方案二（六）",
        )
        for number, title, rows in SHEET:
            heading = Heading.objects.create(set=made, number=number, title=title)
            for place, name, metric, points in rows:
                measures = [{"metric": metric, "style": "rate", "points": points * HUNDRED, "floor": 0}]
                Indicator.objects.create(
                    heading=heading, number=place, title=name, points=points * HUNDRED,
                    way="auto" if metric else "human", measures=measures if metric else [],
                    formula=f"达成率×{points}" if metric else "被区以上采用、推广的，按影响评分",
                )  # fmt: skip
        IndicatorSet.objects.filter(pk=made.pk).update(state="in_force", frozen_at=timezone.now())
        return made

    def _result(self, snapshot, of_set, unit, values, number) -> None:
        rows = list(
            Indicator.objects.filter(heading__set=of_set)
            .select_related("heading")
            .order_by("heading__number", "number")
        )
        standards = [Standard(row.pk, row.heading.number, row.points, row.way, row.measures) for row in rows]
        lines = Lines(
            of_set.candidate_line,
            of_set.pass_line,
            of_set.nurture_line,
            of_set.heading_floor,
            of_set.bonus_cap,
        )
        marks: dict[int, int] = {}
        unmarked = unit.name == "康宁社区" and snapshot.year.number == self.story.today.year
        if not unmarked:
            sheet = score(standards, lines, values, {})
            for one in standards:
                if one.way == "human":
                    marks[one.key] = 800 + HUNDRED * (number % 6)
                elif (
                    sheet.headings[one.heading][1] == 0
                ):  # nothing of the heading applies: a person looks at it
                    marks[one.key] = one.points * 8 // 10
        for key, points in marks.items():
            Mark.objects.create(
                snapshot=snapshot, organisation=unit, indicator_id=key, points=points,
                reason="查阅材料，做法被区里采用一次。", by=self.people["office"],
            )  # fmt: skip
        sheet = score(standards, lines, values, marks)
        Result.objects.create(
            snapshot=snapshot, set=of_set, organisation=unit, earned=sheet.earned, worth=sheet.worth,
            total=sheet.total, awaiting=sheet.awaiting, grade=sheet.grade,
        )  # fmt: skip


def tell(story) -> None:
    """Note down what happens to the two evaluations on which day."""
    it, at = _Annual(story), story.at
    at(118, it.open, back=1)
    at(117, it.tell_all, back=1)
    at(113, it.defend, "向阳街道", AGREES, back=1)
    at(110, it.defend, "临江街道", OBJECTS, back=1)
    at(96, it.decide, "临江街道", "核对核验编号，取数那天还没有核验，不采纳；维持。", back=1)
    at(94, it.decide_all, back=1)
    at(90, it.close, back=1)
    at(12, it.propose, "临江街道", "circular", back=1, until="approve")
    at(88, it.propose, "临江街道", "accountability", back=1, until="refuse")
    at(26, it.open)
    at(25, it.tell, "临江街道")
    at(20, it.tell, "新苑社区")
    at(18, it.defend, "新苑社区", AGREES)
    at(10, it.decide, "新苑社区", "单位没有异议，按告知的得分审定。")
    at(11, it.tell, "向阳街道")
    at(4, it.defend, "向阳街道", OBJECTS)
    at(6, it.tell, "青松街道")
    at(5, it.tell, "和平社区")
    at(1, it.propose, "临江街道", "circular", until="propose")
    at(1, services.end_defences, today=story.today)
