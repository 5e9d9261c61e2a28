"""The catalogue, records of it, their public notices, and what their subjects ask for."""

from records.models.catalogue import (
    CatalogueItem,
    Dimension,
    Disclosure,
    EffectRule,
    RecordKind,
    Severity,
    Source,
    SubjectKind,
)
from records.models.evidence import ObjectionFile, RecordFile, RepairFile
from records.models.notices import Notice, NoticeState
from records.models.opinions import Opinion
from records.models.records import (
    CONFIRMERS,
    FILERS,
    STANDING,
    UNFINISHED,
    CorrectionKind,
    Finality,
    Part,
    Record,
    RecordState,
)
from records.models.requests import Decision, Objection, Outcome, Repair, RequestState

__all__ = [
    "CONFIRMERS",
    "FILERS",
    "STANDING",
    "UNFINISHED",
    "CatalogueItem",
    "CorrectionKind",
    "Decision",
    "Dimension",
    "Disclosure",
    "EffectRule",
    "Finality",
    "Notice",
    "NoticeState",
    "Objection",
    "ObjectionFile",
    "Opinion",
    "Outcome",
    "Part",
    "Record",
    "RecordFile",
    "RecordKind",
    "RecordState",
    "Repair",
    "RepairFile",
    "RequestState",
    "Severity",
    "Source",
    "SubjectKind",
]
