"""What the plan asks for: years and stages; integrity education with its activities, materials and hours."""

from longsha_credit.programme.models.education import (
    Activity,
    ActivityKind,
    ActivitySheet,
    ActivityState,
    Audience,
    CancelReason,
    EditionState,
    SheetStage,
    Theme,
)
from longsha_credit.programme.models.materials import Material, MaterialEdition, MaterialState
from longsha_credit.programme.models.training import (
    BasisKind,
    Course,
    HoursMinimum,
    HoursState,
    TrainingHours,
)
from longsha_credit.programme.models.years import Stage, StageKey, Year, YearState

__all__ = [
    "Activity",
    "ActivityKind",
    "ActivitySheet",
    "ActivityState",
    "Audience",
    "BasisKind",
    "CancelReason",
    "Course",
    "EditionState",
    "HoursMinimum",
    "HoursState",
    "Material",
    "MaterialEdition",
    "MaterialState",
    "SheetStage",
    "Stage",
    "StageKey",
    "Theme",
    "TrainingHours",
    "Year",
    "YearState",
]
