"""Obligations with all that stands under them, what residents say of them, what went wrong, what is handed over."""

from commitments.models.cases import Case, CaseFinding, CaseKind, CaseState
from commitments.models.confirmations import HandoverConfirmation, HandoverNote, PaperState, SignedPaper
from commitments.models.handovers import Handover, HandoverItem, HandoverState, Party
from commitments.models.obligations import Obligation, ObligationState, Verdict
from commitments.models.progress import ProgressState, ProgressUpdate
from commitments.models.rectifications import (
    Cause,
    ClueSource,
    Problem,
    Rectification,
    RectificationState,
)
from commitments.models.results import ResultReport, ResultState, Verification, VerificationState
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
    "Domain",
    "Form",
    "Handover",
    "HandoverConfirmation",
    "HandoverItem",
    "HandoverNote",
    "HandoverState",
    "Obligation",
    "ObligationState",
    "Problem",
    "PaperState",
    "Party",
    "ProgressState",
    "ProgressUpdate",
    "Rectification",
    "RectificationState",
    "ResultReport",
    "ResultState",
    "SignedPaper",
    "Terms",
    "Verdict",
    "Verification",
    "VerificationState",
]
