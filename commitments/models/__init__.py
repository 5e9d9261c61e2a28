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
from commitments.models.confirmations import HandoverConfirmation, HandoverNote, PaperState, SignedPaper
from commitments.models.contracts import Contract, Payment
from commitments.models.handovers import Handover, HandoverItem, HandoverState, Party
from commitments.models.obligations import Obligation, ObligationState, Verdict
from commitments.models.parts import PART_FIELDS, Part, PartState, ProposedPart
from commitments.models.progress import ProgressState, ProgressUpdate
from commitments.models.ratings import Rating, Satisfaction
from commitments.models.received import Received
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
from commitments.models.slips import IdentityOpening, OpeningState, SlipState, TransferSlip
from commitments.models.sweeps import Sweep, SweepState
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
    "Colour",
    "Confirmation",
    "Domain",
    "Form",
    "Handover",
    "HandoverConfirmation",
    "HandoverItem",
    "HandoverNote",
    "HandoverState",
    "IdentityOpening",
    "Obligation",
    "ObligationState",
    "OpeningState",
    "Part",
    "PartState",
    "Payment",
    "HolderKind",
    "Postponement",
    "PostponementState",
    "Problem",
    "PaperState",
    "Party",
    "ProgressState",
    "ProgressUpdate",
    "ProposedPart",
    "Rating",
    "Rectification",
    "RectificationProgress",
    "RectificationSheet",
    "Received",
    "RectificationState",
    "RefusalReason",
    "ResultReport",
    "ResultState",
    "Satisfaction",
    "SlipState",
    "Relapse",
    "Settlement",
    "SheetState",
    "RectificationSlip",
    "SlipKind",
    "StepTextState",
    "Sweep",
    "SweepState",
    "SignedPaper",
    "Terms",
    "TransferSlip",
    "Verdict",
    "Verification",
    "VerificationState",
]
