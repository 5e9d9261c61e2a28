"""The steps of a proposal: another person of the district office puts it in force, or somebody drops it."""

import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from disclosure.models import PROPOSED, Group, ProposalState, Topic, TopicProposal
from disclosure.services import KEEPERS, save_topic
from longsha_credit.audit.workflow import Step, Taken, Workflow
from longsha_credit.publication.drafts import stamp_of

S = ProposalState
ANOTHER = {"created_by_id": "您提的目录提议，由另一个人启用。"}


def _still_fits(it: TopicProposal, today: datetime.date) -> list[str]:
    """Whether the catalogue is still what the proposal was made for."""
    if it.topic is None:
        if Topic.objects.in_use().filter(name=it.name).exists():
            return [f"目录里已经有“{it.name}”了，请作废这份提议，重新提一份修订。"]
        return (
            []
            if it.group != Group.SERVICE
            else ["公共服务只有试点方案的十四个领域，请作废，换一个一级事项重新提。"]
        )
    if it.topic.retired_on or it.topic.version != it.topic_version:
        return ["提议以后这个事项又改过或者停用了，请作废这份提议，按现在的目录重新提。"]
    return []


def _enters_the_catalogue(taken: Taken) -> dict[str, Any]:
    """The topic's next version by the one service that changes the catalogue."""
    it = taken.obj
    topic = it.topic or _new_topic(it)
    seen = stamp_of(topic) if topic.pk else ""
    for name in PROPOSED:
        setattr(topic, name, getattr(it, name))
    save_topic(topic, by=taken.by, reason=it.reason, seen=seen, today=taken.today)
    return {"topic": topic, **_decided(taken)}


def _new_topic(it: TopicProposal) -> Topic:
    """The last of the catalogue; who adds one at the same time waits."""
    list(Topic.objects.public().select_for_update().order_by("pk").values_list("pk"))
    number = (Topic.objects.public().aggregate(last=Max("number"))["last"] or 0) + 1
    key = f"topic-{number}"
    if Topic.objects.public().filter(key=key).exists():  # somebody gave another topic this address
        key = f"{key}-{it.pk}"
    return Topic(number=number, key=key)


def _decided(taken: Taken) -> dict[str, Any]:
    return {"decided_by": taken.by, "decided_at": timezone.now()}


FLOW = Workflow(
    "目录提议",
    ProposalState,
    Step(
        "adopt", "启用", frozenset({S.PENDING}), S.ADOPTED, KEEPERS, not_by=ANOTHER, guard=_still_fits,
        writes=_enters_the_catalogue, todo="own", tone="main",
    ),
    Step("drop", "作废", frozenset({S.PENDING}), S.DROPPED, KEEPERS, reason=True, writes=_decided, tone="stop"),
)  # fmt: skip
