"""What the plan asks for: years and stages; contests with their questions, attempts and results."""

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
    "PaperQuestion",
    "Question",
    "QuestionKind",
    "QuestionState",
    "RankedBy",
    "ResultState",
    "Stage",
    "StageKey",
    "TieRule",
    "Year",
    "YearState",
]
