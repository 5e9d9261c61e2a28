"""Obligations, their amendments and their progress."""

from commitments.models.obligations import Obligation, ObligationState
from commitments.models.progress import ProgressState, ProgressUpdate
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
    "Terms",
]
