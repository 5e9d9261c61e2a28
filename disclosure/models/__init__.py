"""What offices publish: topics of the catalogue, notices and their revisions, scenes of credit+."""

from disclosure.models.disclosed import Disclosed, DisclosedState, Revision, RevisionState
from disclosure.models.duties import Duty
from disclosure.models.notices import Notice, NoticeKind, NoticeRevision, PowerKind
from disclosure.models.topics import CatalogueChange, Frequency, Group, Method, Topic

__all__ = [
    "CatalogueChange",
    "Disclosed",
    "DisclosedState",
    "Duty",
    "Frequency",
    "Group",
    "Method",
    "Notice",
    "NoticeKind",
    "NoticeRevision",
    "PowerKind",
    "Revision",
    "RevisionState",
    "Topic",
]
