"""What offices publish: topics of the catalogue, notices and their revisions, scenes of credit+."""

from disclosure.models.disclosed import Disclosed, DisclosedState, Revision, RevisionState
from disclosure.models.duties import Duty
from disclosure.models.notices import Notice, NoticeKind, NoticeRevision, PowerKind
from disclosure.models.proposals import PROPOSED, ProposalState, TopicProposal
from disclosure.models.scene_months import MonthState, SceneMonth
from disclosure.models.scene_questions import QUESTIONS, Question
from disclosure.models.scenes import (
    Conclusion,
    HaltReason,
    Incentive,
    Scene,
    SceneKind,
    SceneRevision,
    SceneState,
)
from disclosure.models.topics import CatalogueChange, Frequency, Group, Method, Topic

__all__ = [
    "PROPOSED",
    "QUESTIONS",
    "CatalogueChange",
    "Conclusion",
    "Disclosed",
    "DisclosedState",
    "Duty",
    "Frequency",
    "Group",
    "HaltReason",
    "Incentive",
    "Method",
    "MonthState",
    "Notice",
    "NoticeKind",
    "NoticeRevision",
    "PowerKind",
    "ProposalState",
    "Question",
    "Revision",
    "RevisionState",
    "Scene",
    "SceneKind",
    "SceneMonth",
    "SceneRevision",
    "SceneState",
    "Topic",
    "TopicProposal",
]
