"""Long work in the background, the files brought in by it, official documents as issued."""

from longsha_credit.exchange.models.documents import READERS, DocumentWord, IssuedDocument
from longsha_credit.exchange.models.imports import BROUGHT_IN, WAITING, Import, Imported, ImportRow, Stage
from longsha_credit.exchange.models.jobs import ARROWS, AT_WORK, STOPPED, Job, JobQuerySet, JobState
from longsha_credit.exchange.models.templates import DocumentTemplate, TemplateState

__all__ = [
    "ARROWS",
    "AT_WORK",
    "BROUGHT_IN",
    "DocumentTemplate",
    "DocumentWord",
    "Import",
    "ImportRow",
    "Imported",
    "IssuedDocument",
    "Job",
    "JobQuerySet",
    "JobState",
    "READERS",
    "STOPPED",
    "Stage",
    "TemplateState",
    "WAITING",
]
