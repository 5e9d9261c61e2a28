"""Obligations, their amendments, their progress, and how they ended."""

from commitments.models.obligations import Obligation, ObligationState, Verdict
from commitments.models.progress import ProgressState, ProgressUpdate
from commitments.models.results import ResultReport, ResultState, Verification, VerificationState
from commitments.models.terms import Amendment, AmendmentState, Area, Domain, Form, Terms

__all__ = [
    "Amendment",
    "AmendmentState",
    "Area",
    "Domain",
    "Form",
    "Obligation",
    "ObligationState",
    "ProgressState",
    "ProgressUpdate",
    "ResultReport",
    "ResultState",
    "Terms",
    "Verdict",
    "Verification",
    "VerificationState",
]
