"""Long work in the background, and the files brought in by it."""

from longsha_credit.exchange.models.imports import BROUGHT_IN, WAITING, Import, Imported, ImportRow, Stage
from longsha_credit.exchange.models.jobs import AT_WORK, STOPPED, Job, JobQuerySet, JobState

__all__ = [
    "AT_WORK",
    "BROUGHT_IN",
    "STOPPED",
    "WAITING",
    "Import",
    "ImportRow",
    "Imported",
    "Job",
    "JobQuerySet",
    "JobState",
    "Stage",
]
