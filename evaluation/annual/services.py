"""Every change of the annual evaluation beside its steps: opened for all units at once, told to many, proposals drafted."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.http import Http404

from evaluation import computing, running
from evaluation.annual import conditions
from evaluation.annual.flows import KEEPS, OFFICE, OUTCOME
from evaluation.annual.reference import DEFENCE_RULE
from evaluation.models import (
    AnnualEvaluation,
    AnnualOutcome,
    AnnualProposal,
    IndicatorSet,
    Mark,
    OutcomeState,
    ProposalState,
    Purpose,
    Result,
    Snapshot,
    SnapshotState,
)
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.deadlines import services as deadlines
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.models import Level, Official, Organisation
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import require_within
from longsha_credit.programme.models import Year
from longsha_credit.programme.services import require_open
from longsha_credit.publication.drafts import OVERWRITES, stamp_of
from longsha_credit.web.charts import words

AT_ONCE = 200  # units told or decided by one press: each is a step of its own
READS_OFFICIALS = frozenset({Role.LEAD, Role.REVIEWER, Role.OFFICE})

OUTCOMES = """
INSERT INTO evaluation_annualoutcome (evaluation_id, year_id, organisation_id, result_id, state, told_grade, grade,
  opinion, created_by_id, saved_at)
SELECT %(evaluation)s, %(year)s, r.organisation_id, r.id, 'pending', '', '', '', %(by)s, now()
FROM evaluation_result r WHERE r.snapshot_id = %(snapshot)s AND r.set_id IN (%(street)s, %(community)s)
"""


def ground_of(year: Year) -> tuple[Snapshot | None, dict[str, IndicatorSet], int]:
    """What an evaluation of the year would rest on: the last snapshot taken for it, sets in force, number of results."""
    snapshot = (
        year.snapshots.filter(purpose=Purpose.ANNUAL, state=SnapshotState.TAKEN).order_by("-id").first()
    )
    sets = {
        one.level: one
        for one in IndicatorSet.objects.filter(
            year=year, state="in_force", level__in=[Level.STREET, Level.COMMUNITY]
        )
    }
    number = Result.objects.filter(snapshot=snapshot, set__in=sets.values()).count() if snapshot else 0
    return snapshot, sets, number


@transaction.atomic
def open_evaluation(year: Year, *, by: Any, today: datetime.date) -> AnnualEvaluation:
    """The evaluation of a year with an outcome for every street and community that has a result; once a year.

    Raises Http404 for who does not keep evaluations, Refused where there is nothing to rest it on.
    """
    require_within(by, year.organisation, KEEPS)
    require_open(year)
    Year.objects.select_for_update().get(pk=year.pk)
    if AnnualEvaluation.objects.filter(year=year).exists():
        raise Refused(f"{year}的考评已经启动。", "state")
    snapshot, sets, number = ground_of(year)
    if len(sets) < 2:
        raise Refused("街道、社区的创建指标还没有都启用，先启用再启动考评。", "guard")
    if snapshot is None or not number:
        raise Refused("还没有为年度考评取数、测算，先取数再启动考评。", "guard")
    if running.units_at_work(snapshot):
        raise Refused("这次取数还在计分，计分完成以后再启动，免得漏掉单位。进度见“后台任务”。", "state")
    evaluation = AnnualEvaluation.objects.create(
        year=year,
        snapshot=snapshot,
        street_set=sets[Level.STREET],
        community_set=sets[Level.COMMUNITY],
        opened_on=today,
        created_by=by,
    )
    values = {
        "evaluation": evaluation.pk,
        "year": year.pk,
        "by": by.pk,
        "snapshot": snapshot.pk,
        "street": evaluation.street_set_id,
        "community": evaluation.community_set_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(OUTCOMES, values)
        count = cursor.rowcount
    record(evaluation, step="open", label="启动年度考评", by=by, roles=KEEPS, reason=f"{count}个单位")
    return evaluation


def tell_many(evaluation: AnnualEvaluation, *, by: Any, today: datetime.date) -> tuple[int, int]:
    """Tell the units whose sheets are whole, at most AT_ONCE; gives how many were told and how many wait still.

    Each is a step of its own: one that is refused does not hold up the others. Raises Http404.
    """
    require_within(by, evaluation.organisation, OFFICE)
    pending = AnnualOutcome.objects.filter(evaluation=evaluation, state=OutcomeState.PENDING)
    told = 0
    for outcome in pending.with_names().filter(result__awaiting=0).order_by("id")[:AT_ONCE]:
        try:
            OUTCOME.take(outcome, "tell", by=by, today=today)
        except Refused:
            continue
        told += 1
    return told, pending.count()


def decide_many(
    outcomes: Iterable[AnnualOutcome], *, by: Any, today: datetime.date, reason: str
) -> tuple[int, str]:
    """Decide these with one opinion, each a step of its own; gives how many, and why the first that was refused was."""
    decided, why = 0, ""
    for outcome in outcomes:
        try:
            OUTCOME.take(outcome, "decide", by=by, today=today, reason=reason)
            decided += 1
        except Refused as refusal:
            why = why or f"{outcome.organisation}：{refusal}"
    return decided, why


def newer_snapshot(outcome: AnnualOutcome) -> Snapshot | None:
    """The last facts taken for the year's evaluation, where that was after those the outcome rests on."""
    rows = outcome.year.snapshots.filter(purpose=Purpose.ANNUAL, state=SnapshotState.TAKEN)
    return rows.filter(pk__gt=outcome.result.snapshot_id).order_by("-id").first()


@transaction.atomic
def take_anew(outcome: AnnualOutcome, *, by: Any) -> AnnualOutcome:
    """Rest a told outcome on facts that were taken again after something in them was put right, and go on from there.

    People's points come along. What a unit was told is never lessened this way. Raises Http404, Refused.
    """
    require_within(by, outcome.year.organisation, OFFICE)
    require_open(outcome.year)
    now = AnnualOutcome.objects.select_for_update(of=("self",)).with_names().get(pk=outcome.pk)
    if now.state not in (OutcomeState.TOLD, OutcomeState.DEFENDED):
        raise Refused(f"现在是“{now.get_state_display()}”，不能换成新的取数。", "state")
    old, snapshot = now.result, newer_snapshot(now)
    if snapshot is None:
        raise Refused(
            "告知以后还没有为年度考评重新取过数。先更正事实，再到“取数”里按年度考评取一次。", "guard"
        )
    if running.units_at_work(snapshot):
        raise Refused(f"{snapshot}还在计分，计分完成以后再办。", "state")
    _carry_marks(old, snapshot)
    computing.compute(snapshot, old.set, below=now.organisation.path)
    fresh = Result.objects.filter(snapshot=snapshot, set=old.set, organisation=now.organisation).first()
    if fresh is None:
        raise Refused("新的取数里没有这个单位的得分，不能换。", "guard")
    if fresh.total < (now.told_total or 0):
        raise Refused(
            f"按新的取数是{words(fresh.total)}分，比告知的{words(now.told_total or 0)}分低。不能因为单位陈述申辩减分，没有换。",
            "guard",
        )
    AnnualOutcome.objects.filter(pk=now.pk).update(result=fresh)
    why = f"{snapshot.taken_on}取数，{words(old.total)}分变为{words(fresh.total)}分"
    record(now, step="anew", label="换成新的取数", by=by, roles=OFFICE, reason=why)
    outcome.refresh_from_db()
    return outcome


def _carry_marks(old: Result, snapshot: Snapshot) -> None:
    """What people gave on the old facts stands on the new ones, where nothing was given there yet."""
    of_unit = Mark.objects.filter(organisation=old.organisation_id, indicator__heading__set=old.set_id)
    there = set(of_unit.filter(snapshot=snapshot).values_list("indicator", flat=True))
    last = {mark.indicator_id: mark for mark in of_unit.filter(snapshot=old.snapshot_id).order_by("id")}
    Mark.objects.bulk_create(
        Mark(
            snapshot=snapshot, organisation_id=mark.organisation_id, indicator_id=key, points=mark.points,
            reason=mark.reason, by_id=mark.by_id, seconded_by_id=mark.seconded_by_id,
        )
        for key, mark in last.items() if key not in there
    )  # fmt: skip


def end_defences(*, today: datetime.date) -> int:
    """End the clocks of defences whose days are over; gives how many. The outcome waits for its decision as before."""
    over = Deadline.objects.filter(rule_key=DEFENCE_RULE, due_on__lt=today)
    return deadlines.cancel_many(over, why="期限已过，单位没有陈述申辩")


@transaction.atomic
def save_proposal(
    proposal: AnnualProposal, *, by: Any, today: datetime.date, seen: str = ""
) -> AnnualProposal:
    """A new or changed draft; only after the unit was heard or its days are over. Raises Http404, Refused."""
    require_within(by, proposal.organisation.district(), OFFICE)
    new = proposal.pk is None
    if new:
        outcome = AnnualOutcome.objects.select_for_update(of=("self",)).get(pk=proposal.outcome_id)
        if problems := conditions.heard(outcome, today):
            raise Refused("".join(problems), "guard")
        standing = ["draft", "proposed", "approved"]
        if AnnualProposal.objects.filter(outcome=outcome, kind=proposal.kind, state__in=standing).exists():
            raise Refused(f"已经有一份{proposal.get_kind_display()}在办或已同意，不能再拟一份。", "state")
        proposal.created_by, proposal.drafted_on = by, today
    else:
        now = AnnualProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        if now.state != ProposalState.DRAFT:
            raise Refused(f"现在是“{now.get_state_display()}”，不能再改。", "state")
        if seen and seen != stamp_of(now):
            raise Refused(OVERWRITES, "seen")
    proposal.save()
    label = "拟处理建议" if new else "修改处理建议"
    record(proposal, step="draft", label=label, by=by, roles=OFFICE)
    return proposal


def open_officials(outcome: AnnualOutcome, *, by: Any, purpose: str) -> list[Official]:
    """The officials of the unit, in the order of their staff numbers; opening them is an entry.

    Raises Http404 for who may not, Refused without a purpose.
    """
    unit: Organisation = outcome.organisation
    if by.role_at(READS_OFFICIALS, unit.path) is None:
        raise Http404
    if not purpose.strip():
        raise Refused("请写明看这些情况的用途。", "reason")
    record(
        outcome, step="read_officials", label="查阅公职人员履职情况", by=by, roles=READS_OFFICIALS,
        reason=purpose.strip(),
    )  # fmt: skip
    return list(Official.objects.filter(organisation=unit).order_by("staff_number"))
