"""What the evaluation keeps: sets of indicators, facts with their day and formula, and what they come to."""

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
from evaluation.models.demonstrations import (
    Application,
    ApplicationState,
    Cycle,
    CycleState,
)
from evaluation.models.facts import Fact, ImportedFact, Purpose, Snapshot, SnapshotState
from evaluation.models.panels import PanelScore, Seat, SeatState, Seen, SiteVisit
from evaluation.models.results import Mark, Result
from evaluation.models.sets import Circumstance, Heading, Indicator, IndicatorSet, SetState, Way

__all__ = [
    "Application",
    "ApplicationState",
    "Award",
    "CandidateNotice",
    "Circumstance",
    "Cycle",
    "CycleState",
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
    "PanelScore",
    "Purpose",
    "Recheck",
    "Result",
    "Seat",
    "SeatState",
    "Seen",
    "SelfEvidence",
    "SelfItem",
    "SetState",
    "SiteVisit",
    "Snapshot",
    "SnapshotState",
    "Way",
]
