"""The steps of a snapshot: its facts are all there, or it is dropped and another one is taken."""

from typing import Any

from django.utils import timezone

from evaluation.models import AnnualEvaluation, AnnualOutcome, Cycle, Snapshot, SnapshotState
from longsha_credit.audit.workflow import Step, Taken, Workflow
from longsha_credit.directory.roles import Role

TAKES_FACTS = frozenset({Role.OFFICE})

S = SnapshotState


def _is_open(snapshot: Snapshot, today: Any) -> list[str]:
    if snapshot.year.is_frozen:
        return [f"{snapshot.year}已封存，取数不能再改。"]
    rests = (
        AnnualEvaluation.objects.filter(snapshot=snapshot)
        or AnnualOutcome.objects.filter(result__snapshot=snapshot)[:1]
        or Cycle.objects.filter(snapshot=snapshot)
    )
    return [f"“{rests[0]}”用的是这次取数，不能作废。"] if rests else []


def _ends(taken: Taken) -> dict[str, Any]:
    return {"taken_at": timezone.now()}


FLOW = Workflow(
    "取数",
    SnapshotState,
    Step("finish", "取数完成", frozenset({S.TAKING}), S.TAKEN, frozenset(), writes=_ends, button=False),
    Step(
        "drop", "作废", frozenset({S.TAKING, S.TAKEN}), S.DROPPED, TAKES_FACTS, reason=True, guard=_is_open,
        tone="stop",
    ),
    author="by",
)  # fmt: skip
