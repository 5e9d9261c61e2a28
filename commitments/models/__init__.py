"""Obligations with all that stands under them, what residents say of them, what went wrong, what is handed over."""

from commitments.models.cases import Case, CaseFinding, CaseKind, CaseState
from commitments.models.handovers import Handover, HandoverItem, HandoverState
from commitments.models.obligations import Obligation, ObligationState, Verdict
from commitments.models.progress import ProgressState, ProgressUpdate
from commitments.models.rectification_slips import (
    Colour,
    Postponement,
    PostponementState,
    RectificationSlip,
    Relapse,
    SlipKind,
)
from commitments.models.rectification_words import (
    Cause,
    ClueSource,
    Confirmation,
    HolderKind,
    Problem,
    RectificationState,
    Settlement,
)
from commitments.models.rectifications import Rectification
from commitments.models.results import ResultReport, ResultState, Verification, VerificationState
from commitments.models.sheets import RectificationProgress, RectificationSheet, SheetState, StepTextState
from commitments.models.sweeps import Sweep, SweepState
from commitments.models.terms import Amendment, AmendmentState, Area, Domain, Form, Terms

__all__ = [
    "Amendment",
    "AmendmentState",
    "Area",
    "Case",
    "CaseFinding",
    "CaseKind",
    "CaseState",
    "Cause",
    "ClueSource",
    "Colour",
    "Confirmation",
    "Domain",
    "Form",
    "Handover",
    "HandoverItem",
    "HandoverState",
    "HolderKind",
    "Obligation",
    "ObligationState",
    "Postponement",
    "PostponementState",
    "Problem",
    "ProgressState",
    "ProgressUpdate",
    "Rectification",
    "RectificationProgress",
    "RectificationSheet",
    "RectificationState",
    "Relapse",
    "ResultReport",
    "ResultState",
    "Settlement",
    "SheetState",
    "RectificationSlip",
    "SlipKind",
    "StepTextState",
    "Sweep",
    "SweepState",
    "Terms",
    "Verdict",
    "Verification",
    "VerificationState",
]
