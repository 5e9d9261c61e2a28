"""What the evaluation keeps: sets of indicators, facts with their day and formula, and what they come to."""

from evaluation.models.annuals import (
    AnnualEvaluation,
    AnnualOutcome,
    AnnualProposal,
    AnnualState,
    Defence,
    OutcomeState,
    ProposalKind,
    ProposalState,
)
from evaluation.models.facts import Fact, ImportedFact, Purpose, Snapshot, SnapshotState
from evaluation.models.results import Mark, Result
from evaluation.models.rulings import Ruling, RulingKind, RulingState
from evaluation.models.sets import Circumstance, Heading, Indicator, IndicatorSet, Rank, SetState, Way
from evaluation.models.summaries import (
    SectionKey,
    SummaryReceipt,
    SummaryReport,
    SummarySection,
    SummaryState,
    summaries_in_time,
)

__all__ = [
    "AnnualEvaluation",
    "AnnualOutcome",
    "AnnualProposal",
    "AnnualState",
    "Circumstance",
    "Defence",
    "Fact",
    "Heading",
    "ImportedFact",
    "Indicator",
    "IndicatorSet",
    "Mark",
    "OutcomeState",
    "ProposalKind",
    "ProposalState",
    "Purpose",
    "Rank",
    "Result",
    "Ruling",
    "RulingKind",
    "RulingState",
    "SectionKey",
    "SetState",
    "Snapshot",
    "SnapshotState",
    "SummaryReceipt",
    "SummaryReport",
    "SummarySection",
    "SummaryState",
    "Way",
    "summaries_in_time",
]
