"""What the plan asks for: years and stages, inspections and what they found."""

from longsha_credit.programme.models.findings import (
    Finding,
    FindingRound,
    FindingState,
    InspectionNotice,
    Term,
)
from longsha_credit.programme.models.inspections import (
    Heading,
    Inspection,
    InspectionKind,
    InspectionState,
    Inspector,
    Result,
    Visit,
    VisitPoint,
    VisitState,
)
from longsha_credit.programme.models.years import Stage, StageKey, Year, YearState

__all__ = [
    "Finding",
    "FindingRound",
    "FindingState",
    "Heading",
    "Inspection",
    "InspectionKind",
    "InspectionNotice",
    "InspectionState",
    "Inspector",
    "Result",
    "Stage",
    "StageKey",
    "Term",
    "Visit",
    "VisitPoint",
    "VisitState",
    "Year",
    "YearState",
]
