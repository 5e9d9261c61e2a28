"""What the evaluation keeps: sets of indicators, facts with their day and formula, and what they come to."""

from evaluation.models.facts import Fact, ImportedFact, Purpose, Snapshot, SnapshotState
from evaluation.models.results import Mark, Result
from evaluation.models.rulings import Ruling, RulingKind, RulingState
from evaluation.models.sets import Circumstance, Heading, Indicator, IndicatorSet, Rank, SetState, Way

__all__ = [
    "Circumstance",
    "Fact",
    "Heading",
    "ImportedFact",
    "Indicator",
    "IndicatorSet",
    "Mark",
    "Purpose",
    "Rank",
    "Result",
    "Ruling",
    "RulingKind",
    "RulingState",
    "SetState",
    "Snapshot",
    "SnapshotState",
    "Way",
]
