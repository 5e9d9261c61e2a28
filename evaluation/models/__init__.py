"""What the evaluation keeps: sets of indicators, facts with their day and formula, and what they come to."""

from evaluation.models.annuals import (
    AnnualEvaluation,
    AnnualOutcome,
    AnnualState,
    Defence,
    OutcomeState,
)
from evaluation.models.assessments import SelfEvidence, SelfItem
from evaluation.models.awards import (
    Award,
    CandidateNotice,
    Form,
    NoticeObjection,
    ObjectionFinding,
    ObjectionState,
    Recheck,
)
from evaluation.models.demonstrations import Application, ApplicationState, Cycle, CycleState
from evaluation.models.facts import Fact, ImportedFact, Purpose, Snapshot, SnapshotState
from evaluation.models.panels import PanelScore, Seat, SeatState, Seen, SiteVisit
from evaluation.models.proposals import AnnualProposal, ProposalKind, ProposalState
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
    "Application",
    "ApplicationState",
    "Award",
    "CandidateNotice",
    "Circumstance",
    "Cycle",
    "CycleState",
    "Defence",
    "Fact",
    "Form",
    "Heading",
    "ImportedFact",
    "Indicator",
    "IndicatorSet",
    "Mark",
    "NoticeObjection",
    "ObjectionFinding",
    "ObjectionState",
    "OutcomeState",
    "PanelScore",
    "ProposalKind",
    "ProposalState",
    "Purpose",
    "Rank",
    "Recheck",
    "Result",
    "Ruling",
    "RulingKind",
    "RulingState",
    "Seat",
    "SeatState",
    "SectionKey",
    "Seen",
    "SelfEvidence",
    "SelfItem",
    "SetState",
    "SiteVisit",
    "Snapshot",
    "SnapshotState",
    "SummaryReceipt",
    "SummaryReport",
    "SummarySection",
    "SummaryState",
    "Way",
    "summaries_in_time",
]
