"""Two annual evaluations of the fictional district: last year's closed, this year's at every step."""

from evaluation import computing, facts, rechecking, running
from evaluation.annual import services
from evaluation.annual.flows import FLOW, OUTCOME, PROPOSAL
from evaluation.annual.reference import BASES
from evaluation.flows import SET
from evaluation.models import (
    AnnualEvaluation,
    AnnualOutcome,
    AnnualProposal,
    IndicatorSet,
    Mark,
    Purpose,
    Result,
    Snapshot,
)
from evaluation.services import copy_set
from longsha_credit.directory.models import Level
from longsha_credit.exchange import jobs
from longsha_credit.programme.models import Year

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
        found, asked = FACTS[kind]
        row = AnnualProposal(
            outcome=outcome, organisation=outcome.organisation, kind=kind, facts=found, asked=asked,
            basis=BASES[kind == "accountability"],
        )  # fmt: skip
        services.save_proposal(row, by=self.people["reviewer"], today=self.story.day)
        if until != "draft":
            self.story.take(PROPOSAL, row, "propose", self.people["reviewer"])
        if until in ("approve", "refuse"):
            why = "情节轻微，已经整改，不需要追责。"
            self.story.take(PROPOSAL, row, until, self.people["office"], reason=why)

    def check(self, back=0) -> None:
        """The office looks whether last year's points still follow from their facts, and the facts from the rows."""
        evaluation = AnnualEvaluation.objects.get(year=self.year(back))
        snapshot = Snapshot.objects.select_related("year__organisation").get(pk=evaluation.snapshot_id)
        job = rechecking.begin(snapshot, by=self.people["office"], key="demo")
        while jobs.advance(job.pk):
            pass

    def _take_and_compute(self, year: Year) -> None:
        """What the office does before it opens an evaluation: standards in force, facts, people's marks."""
        for level in (Level.STREET, Level.COMMUNITY):
            if not IndicatorSet.objects.in_force().filter(year=year, level=level).exists():
                full = IndicatorSet.objects.in_force().with_names().filter(level=level).first()
                row = copy_set(full, to=year, by=self.people["office"])
                SET.take(row, "put_in_force", by=self.people["reviewer"])
        key = f"annual {year.number}"
        snapshot, _ = facts.begin(
            year, Purpose.ANNUAL, by=self.people["office"], today=self.story.day, key=key
        )
        for _ in running.work_off(snapshot):
            pass
        snapshot.refresh_from_db()
        judged = Result.objects.filter(snapshot=snapshot, set__level__in=[Level.STREET, Level.COMMUNITY])
        for number, row in enumerate(judged.with_names().order_by("organisation__path")):
            if row.organisation.name != "康宁社区" or year.number != self.story.today.year:
                self._mark(row, number)
        for of_set in {row.set for row in judged}:
            computing.compute(snapshot, of_set)

    def _mark(self, row: Result, number: int) -> None:
        """People judge what is theirs, and every heading of which nothing could be measured."""
        indicators = list(computing.indicators_of(row.set))
        measured = {one.heading_id for one, worth in zip(indicators, row.worth, strict=True) if worth}
        judged: set[int] = set()
        for one in indicators:
            if one.way == "human":
                points = (
                    one.scale[min(number % 2, len(one.scale) - 1)][1] if one.scale else one.points * 8 // 10
                )
            elif one.heading_id not in measured | judged:
                points = one.points * 8 // 10
            else:
                continue
            judged.add(one.heading_id)
            Mark.objects.create(
                snapshot=row.snapshot, organisation=row.organisation, indicator=one, points=points,
                reason="查阅材料，做法被区里采用一次。", by=self.people["office"],
                seconded_by=None if one.way == "human" else self.people["reviewer"],
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
    at(1, it.check, back=1)
    at(1, services.end_defences, today=story.today)
