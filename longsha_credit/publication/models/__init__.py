"""Reviews at the gate, and what has gone through the door."""

from longsha_credit.publication.models.fields import ServiceField
from longsha_credit.publication.models.findings import FileScan, Justification
from longsha_credit.publication.models.ledger import (
    Correction,
    LedgerContent,
    LedgerEntry,
    Publication,
    PublicFile,
    Publishable,
    PublishableQuerySet,
)
from longsha_credit.publication.models.packages import DataPackage, PackageFile
from longsha_credit.publication.models.reviews import Answer, Chain, Review, ReviewState

__all__ = [
    "Answer",
    "Chain",
    "Correction",
    "DataPackage",
    "FileScan",
    "Justification",
    "LedgerContent",
    "LedgerEntry",
    "PackageFile",
    "PublicFile",
    "Publication",
    "Publishable",
    "PublishableQuerySet",
    "Review",
    "ReviewState",
    "ServiceField",
]
