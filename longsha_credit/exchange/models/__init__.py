"""Long work in the background; official documents as issued, how they are numbered, the office's own templates."""

from longsha_credit.exchange.models.documents import READERS, DocumentWord, IssuedDocument
from longsha_credit.exchange.models.jobs import ARROWS, AT_WORK, STOPPED, Job, JobQuerySet, JobState
from longsha_credit.exchange.models.templates import DocumentTemplate, TemplateState

__all__ = [
    "ARROWS",
    "AT_WORK",
    "READERS",
    "STOPPED",
    "DocumentTemplate",
    "DocumentWord",
    "IssuedDocument",
    "Job",
    "JobQuerySet",
    "JobState",
    "TemplateState",
]
