"""Obligations with all that stands under them, what residents say of them, what went wrong, what is handed over."""

from commitments.models.cases import (
    Case,
    CaseFinding,
    CaseKind,
    CaseReply,
    CaseSecret,
    CaseState,
    Channel,
    Closing,
    RefusalReason,
)
from commitments.models.contracts import Contract, Payment
from commitments.models.handovers import Handover, HandoverItem, HandoverState
from commitments.models.obligations import Obligation, ObligationState, Verdict
from commitments.models.parts import PART_FIELDS, Part, PartState, ProposedPart
from commitments.models.progress import ProgressState, ProgressUpdate
from commitments.models.ratings import Rating, Satisfaction
from commitments.models.rectifications import (
    Cause,
    ClueSource,
    Problem,
    Rectification,
    RectificationState,
)
from commitments.models.results import ResultReport, ResultState, Verification, VerificationState
from commitments.models.slips import IdentityOpening, OpeningState, SlipState, TransferSlip
from commitments.models.terms import DOCUMENT, Amendment, AmendmentState, Area, Domain, Form, Terms

__all__ = [
    "DOCUMENT",
    "PART_FIELDS",
    "Amendment",
    "AmendmentState",
    "Area",
    "Case",
    "CaseFinding",
    "CaseKind",
    "CaseReply",
    "CaseSecret",
    "CaseState",
    "Cause",
    "Channel",
    "Closing",
    "ClueSource",
    "Contract",
    "Domain",
    "Form",
    "Handover",
    "HandoverItem",
    "HandoverState",
    "IdentityOpening",
    "Obligation",
    "ObligationState",
    "OpeningState",
    "Part",
    "PartState",
    "Payment",
    "Problem",
    "ProgressState",
    "ProgressUpdate",
    "ProposedPart",
    "Rating",
    "Rectification",
    "RectificationState",
    "RefusalReason",
    "ResultReport",
    "ResultState",
    "Satisfaction",
    "SlipState",
    "Terms",
    "TransferSlip",
    "Verdict",
    "Verification",
    "VerificationState",
]
