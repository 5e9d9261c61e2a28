"""The steps of a set of indicators, of a snapshot, and of a ruling about a unit's points."""

import datetime
from typing import Any

from django.utils import timezone

from evaluation import computing
from evaluation.checks import faults_of_set
from evaluation.metrics import METRICS
from evaluation.models import (
    Heading,
    IndicatorSet,
    Mark,
    Ruling,
    RulingKind,
    RulingState,
    SetState,
    Snapshot,
    SnapshotState,
)
from evaluation.reference import METRIC_KEYS
from longsha_credit.audit.workflow import Step, Taken, Workflow
from longsha_credit.directory.roles import Role

KEEPS_SETS = frozenset({Role.OFFICE, Role.REVIEWER})
DECIDES = frozenset({Role.OFFICE, Role.REVIEWER})
KNOWN_METRICS = METRIC_KEYS | METRICS.keys()


def _closed(row: Any) -> list[str]:
    return [f"{row.year}已封存，不能再改。更正请记在新的年度里。"] if row.year.is_frozen else []


def stands_against_use(row: IndicatorSet, today: datetime.date) -> list[str]:
    """What keeps a draft from being put in force; a sentence each."""
    headings = list(Heading.objects.filter(set=row))
    return _closed(row) + faults_of_set(list(computing.indicators_of(row)), headings, KNOWN_METRICS)


def _enters_into_force(taken: Taken) -> dict[str, Any]:
    """The version in force until now gives way in the same transaction: there is one, at every moment."""
    row = taken.obj
    for earlier in IndicatorSet.objects.in_force().filter(year=row.year_id, level=row.level):
        SET.take(earlier, "give_way", by=None, reason=f"第{row.version}版启用")
    return {"frozen_at": timezone.now()}


S = SetState

SET = Workflow(
    "创建指标",
    SetState,
    Step(
        "put_in_force", "启用", frozenset({S.DRAFT}), S.IN_FORCE, KEEPS_SETS,
        not_by={"edited_by_id": "您是最后修改的人，须由另一个人核对后启用。"}, guard=stands_against_use,
        writes=_enters_into_force, asks=True, tone="main",
    ),
    Step("give_way", "由新版接替", frozenset({S.IN_FORCE}), S.RETIRED, frozenset(), button=False),
    Step("retire", "停用", frozenset({S.IN_FORCE}), S.RETIRED, KEEPS_SETS, reason=True, tone="stop",
         guard=lambda row, today: _closed(row)),
    author="edited_by",
)  # fmt: skip


def _decided(taken: Taken) -> dict[str, Any]:
    return {"decided_by": taken.by, "decided_at": timezone.now()}


def _becomes_a_mark(taken: Taken) -> None:
    row = taken.obj
    if row.kind == RulingKind.MARK:
        Mark.objects.create(
            snapshot=row.snapshot,
            organisation=row.organisation,
            indicator=row.indicator,
            points=row.points,
            reason=row.facts,
            by=row.proposed_by,
            seconded_by=taken.by,
        )


def _counts_anew(taken: Taken) -> None:
    """The results of the unit follow at once, on every snapshot of the year that stands."""
    row = taken.obj
    for snapshot in Snapshot.objects.taken().filter(year=row.year_id).select_related("year"):
        computing.compute_unit(snapshot, row.organisation)


def stands_against_ruling(row: Ruling, today: datetime.date) -> list[str]:
    if row.kind == RulingKind.MARK and row.snapshot.state != SnapshotState.TAKEN:
        return ["那一次取数已经作废，不能再认定。请按新的取数重新提出。"]
    return _closed(row)


R = RulingState

RULING = Workflow(
    "认定",
    RulingState,
    Step(
        "agree", "认定", frozenset({R.PROPOSED}), R.STANDING, DECIDES,
        not_by={"proposed_by_id": "您是提出人，须由另一个人认定。"}, guard=stands_against_ruling, writes=_decided,
        effects=(_becomes_a_mark, _counts_anew), todo="below", tone="main",
    ),
    Step(
        "refuse", "不予认定", frozenset({R.PROPOSED}), R.REFUSED, DECIDES, reason=True,
        not_by={"proposed_by_id": "您是提出人，须由另一个人认定。"}, writes=_decided, todo="below",
        guard=lambda row, today: _closed(row),
    ),
    Step(
        "lift", "撤销认定", frozenset({R.STANDING}), R.LIFTED, DECIDES, reason=True,
        not_by={"proposed_by_id": "您是提出人，须由另一个人撤销。"},
        guard=lambda row, today: stands_against_lifting(row), effects=(_counts_anew,), tone="stop",
    ),
    author="proposed_by",
)  # fmt: skip


def stands_against_lifting(row: Ruling) -> list[str]:
    if row.kind == RulingKind.MARK:
        return ["调整过的分不撤销，请重新提出一次调整。"]
    return _closed(row)
