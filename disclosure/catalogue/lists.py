"""Proposals as the desk shows them: which, and what each would change."""

import datetime
from typing import Any

from disclosure import public_reading as reading
from disclosure.models import PROPOSED, CatalogueChange, ProposalState, TopicProposal
from longsha_credit.deadlines.services import current_rule
from longsha_credit.exchange.imports import services as imports

KIND = "catalogue"


def filtered(rows: Any, query: Any, user: Any) -> Any:
    """`rows` by state and by the import that made them; unknown values narrow nothing."""
    rows = imports.only(rows, KIND, query, user)
    return rows.filter(state=query["state"]) if query.get("state") in ProposalState.values else rows


def differences(rows: list[TopicProposal], today: datetime.date) -> list[tuple[TopicProposal, list[Any]]]:
    """Each proposal with (column, before, after) of what it changes; of a new topic every column, before it nothing."""
    limits = reading.rule_words(today)
    for it in rows:
        if it.limit_rule not in limits:
            limits[it.limit_rule] = reading.limit_words(current_rule(it.limit_rule, on=today))
    before = _bases(rows)
    told = []
    for it in rows:
        base = before.get((it.topic_id, it.topic_version), {})
        changes = [
            (
                reading.label_of(name),
                _words(name, base, limits),
                _words(name, {name: getattr(it, name)}, limits),
            )
            for name in PROPOSED
            if not base or base.get(name) != getattr(it, name)
        ]
        told.append((it, changes))
    return told


def _words(name: str, columns: dict[str, Any], limits: dict[str, str]) -> str:
    return reading.words_of(name, columns[name], limits, {}) if name in columns else ""


def _bases(rows: list[TopicProposal]) -> dict[tuple[int, int], dict[str, Any]]:
    """The version of its topic that each proposal was made for; one query."""
    topics = {it.topic_id for it in rows if it.topic_version is not None}
    changes = CatalogueChange.objects.public().filter(topic__in=topics)
    return {(one.topic_id, one.version): one.columns for one in changes}
