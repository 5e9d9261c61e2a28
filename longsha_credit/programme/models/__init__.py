"""What the plan asks for: years and stages, tasks, inspections, education, contests."""

from longsha_credit.programme.models.contest_attempts import Attempt, ContestCertificate, Entrant, GivenAnswer
from longsha_credit.programme.models.contest_questions import Category, Question, QuestionKind, QuestionState
from longsha_credit.programme.models.contest_results import ContestResult, ResultState
from longsha_credit.programme.models.contests import (
    Audience,
    Contest,
    ContestDraw,
    ContestPaper,
    ContestState,
    ContestUnit,
    Counts,
    PaperQuestion,
    RankedBy,
    TieRule,
)
from longsha_credit.programme.models.standards import SUMMARY, MainTask, StandardTask, TaskRule
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
    "Attempt",
    "Audience",
    "Category",
    "Contest",
    "ContestCertificate",
    "ContestDraw",
    "ContestPaper",
    "ContestResult",
    "ContestState",
    "ContestUnit",
    "Counts",
    "Entrant",
    "GivenAnswer",
    "MainTask",
    "NoteKind",
    "OPEN",
    "PaperQuestion",
    "Question",
    "QuestionKind",
    "QuestionState",
    "RankedBy",
    "ResultState",
    "SUMMARY",
    "Stage",
    "StageKey",
    "StandardTask",
    "Task",
    "TaskEvidence",
    "TaskNote",
    "TaskRule",
    "TaskState",
    "TieRule",
    "UNIT_CLOCKS",
    "Year",
    "YearState",
]
