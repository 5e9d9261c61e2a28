"""An annual evaluation as the office makes it, on facts and results that are written down here instead of computed."""

import datetime
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from evaluation.annual import services
from evaluation.annual.flows import OUTCOME, PROPOSAL
from evaluation.annual.reference import BASES
from evaluation.models import (
    AnnualEvaluation,
    AnnualOutcome,
    AnnualProposal,
    Fact,
    Heading,
    Indicator,
    IndicatorSet,
    Result,
    Snapshot,
)
from longsha_credit.programme.models import Year
from tests.evaluation.summary.making import year

TODAY = datetime.date.today()  # noqa: DTZ011
LONG_AGO = TODAY - datetime.timedelta(days=60)
DEFENCE = {"agrees": False, "text": "3.3少计了一件已经核验的承诺。"}


def a_set(of: Year, level: str) -> IndicatorSet:
    """A set in force of two headings, 60 points by the kept rate and 40 by people."""
    made = IndicatorSet.objects.filter(year=of, level=level, state="in_force").first()
    if made:
        return made
    made = IndicatorSet.objects.create(
        year=of, level=level, version=90, title="试用的创建指标", basis="试点方案二（六）"
    )
    kept = Heading.objects.create(set=made, number=3, title="政务承诺")
    judged = Heading.objects.create(set=made, number=6, title="示范创建")
    measures = [{"metric": "kept-rate", "style": "rate", "points": 6000}]
    Indicator.objects.create(
        heading=kept,
        number=3,
        title="到期兑现率",
        points=6000,
        way="auto",
        measures=measures,
        formula="兑现率×60",
    )
    Indicator.objects.create(
        heading=judged, number=3, title="经验成效", points=4000, way="human", formula="被区以上采用"
    )
    IndicatorSet.objects.filter(pk=made.pk).update(state="in_force", frozen_at=timezone.now())
    made.refresh_from_db()
    return made


def taken(c, of: Year, kept: int = 8) -> Snapshot:
    """Facts and results of both streets and the community; the first street kept so many of ten."""
    snapshot = Snapshot.objects.create(year=of, purpose="annual", taken_on=TODAY, by=c.office)
    for unit, done, due in ((c.street, kept, 10), (c.other_street, 30, 40), (c.community, 3, 4)):
        Fact.objects.create(
            snapshot=snapshot, organisation=unit, metric="kept-rate", numerator=done * 100, denominator=due
        )
    Snapshot.objects.filter(pk=snapshot.pk).update(state="taken", taken_at=timezone.now())
    for unit, earned in ((c.street, 600 * kept), (c.other_street, 4500), (c.community, 4500)):
        result(snapshot, a_set(of, unit.level), unit, earned)
    return snapshot


def result(snapshot, of_set, unit, earned: int, human: int | None = 3000) -> Result:
    total = earned + (human or 0)
    # a year's own set may be a long one: what stands after the two is worth nothing
    rest = max(Indicator.objects.filter(heading__set=of_set).count() - 2, 0)
    return Result.objects.create(
        snapshot=snapshot,
        set=of_set,
        organisation=unit,
        earned=[earned, human] + [None] * rest,
        worth=[6000, 4000] + [0] * rest,
        total=total,
        awaiting=int(human is None),
        grade="" if human is None else "nurtured",
    )


def opened(c, of: Year | None = None) -> AnnualEvaluation:
    of = of or year(c)
    found = AnnualEvaluation.objects.filter(year=of).first()
    if found:
        return found
    a_set(of, "street")
    a_set(of, "community")
    taken(c, of)
    return services.open_evaluation(of, by=c.office, today=TODAY)


def outcome(c, unit=None, of: Year | None = None) -> AnnualOutcome:
    evaluation = opened(c, of)
    return AnnualOutcome.objects.with_names().get(evaluation=evaluation, organisation=unit or c.street)


def told(c, it: AnnualOutcome | None = None, today=TODAY, **more) -> AnnualOutcome:
    it = it or outcome(c, **more)
    OUTCOME.take(it, "tell", by=c.reviewer, today=today)
    return it


def defended(c, it: AnnualOutcome | None = None, by=None, **more) -> AnnualOutcome:
    it = it or told(c, **more)
    OUTCOME.take(it, "defend", by=by or c.lead, today=it.told_on, **DEFENCE)
    return it


def decided(c, it: AnnualOutcome | None = None, **more) -> AnnualOutcome:
    it = it or defended(c, **more)
    OUTCOME.take(it, "decide", by=c.office, today=TODAY, reason="核对后维持。")
    return it


def proposal(
    c, it: AnnualOutcome | None = None, kind: str = "circular", by=None, **changes
) -> AnnualProposal:
    it = it or defended(c)
    row = AnnualProposal(
        outcome=it,
        organisation=it.organisation,
        kind=kind,
        facts="两件到期承诺没有兑现，书面督办以后仍没有整改。",
        asked="在全区范围内通报批评，一个月内报送整改情况。",
        basis=BASES[0],
    )
    for name, value in changes.items():
        setattr(row, name, value)
    return services.save_proposal(row, by=by or c.reviewer, today=TODAY)


def proposed(c, **more) -> AnnualProposal:
    row = proposal(c, **more)
    PROPOSAL.take(row, "propose", by=c.reviewer)
    return row


def approved(c, **more) -> AnnualProposal:
    row = proposed(c, **more)
    PROPOSAL.take(row, "approve", by=c.office)
    return row


def world(c) -> dict[str, Any]:
    """One row of each kind in each state the attempts are about, by name."""
    g = SimpleNamespace()
    of = year(c)
    g.a_year, g.a_evaluation = of, opened(c, of)
    g.a_pending = outcome(c, c.community)
    g.a_told = told(c, outcome(c, c.other_street))
    g.a_decided = decided(c)
    g.a_result, g.a_other_result = g.a_pending.result, g.a_told.result
    g.a_settled = g.a_decided.result
    g.a_draft = proposal(c, g.a_decided)
    g.a_proposed = proposed(c, it=g.a_decided, kind="accountability")
    later = taken(c, of)  # for the same year once more
    g.a_later = later.results.get(organisation=c.street)
    Result.objects.filter(snapshot=later, organisation=c.other_street).update(total=7499)
    g.a_fewer = later.results.get(organisation=c.other_street)
    before = year(c, 2025)
    g.a_last_year, g.a_last_snapshot = before, taken(c, before)
    g.a_last_set = a_set(before, "street")
    g.a_community_set = a_set(of, "community")
    g.a_trial = Snapshot.objects.create(year=of, purpose="trial", taken_on=TODAY, by=c.office)
    g.a_closed = opened(c, before)
    g.a_past_told = told(c, outcome(c, c.street, before), today=LONG_AGO)
    g.a_defended = defended(c, told(c, outcome(c, c.other_street, before)), by=c.other_lead)
    g.a_defence = g.a_defended.defences.get()
    g.a_refused = proposed(c, it=g.a_defended)
    PROPOSAL.take(g.a_refused, "refuse", by=c.office, reason="先整改。")
    AnnualEvaluation.objects.filter(pk=g.a_closed.pk).update(state="closed", closed_on=TODAY)
    return vars(g)
