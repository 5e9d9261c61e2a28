"""What the plan asks for: years and stages, the list of tasks, and each unit's own."""

from longsha_credit.programme.models.standards import (
    SUMMARY,
    MainTask,
    StandardTask,
    TaskRule,
)
from longsha_credit.programme.models.tasks import (
    OPEN,
    UNIT_CLOCKS,
    NoteKind,
    Task,
    TaskEvidence,
    TaskNote,
    TaskState,
)
from longsha_credit.programme.models.years import Stage, StageKey, Year, YearState

__all__ = [
    "OPEN",
    "SUMMARY",
    "UNIT_CLOCKS",
    "MainTask",
    "NoteKind",
    "Stage",
    "StageKey",
    "StandardTask",
    "Task",
    "TaskEvidence",
    "TaskNote",
    "TaskRule",
    "TaskState",
    "Year",
    "YearState",
]
