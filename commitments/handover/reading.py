"""What the pages of handovers show: the list item by item, who waits for whom, what somebody took over."""

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import get_script_prefix

from commitments.handover import collecting, conditions
from commitments.handover.conditions import witnessed_by
from commitments.handover.flows import FLOW
from commitments.models import Handover, HandoverConfirmation, HandoverItem, HandoverNote, Obligation, Party
from commitments.models.handovers import RULE
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory import postings
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import SEES_WORK

FRESH = datetime.timedelta(days=30)


def items_of(handover: Handover, user: Any, parties: list[str]) -> list[HandoverItem]:
    """The list with each party's word and what was disputed; with `waits` where it is the reader's turn; no reader, no links."""
    confirmations = HandoverConfirmation.objects.select_related("paper")
    items = list(
        handover.items.prefetch_related(Prefetch("confirmations", confirmations), "notes").order_by("pk")
    )
    opens = user is not None and user.role_at(SEES_WORK, handover.organisation.path) is not None
    for item in items:
        said = {c.party: c for c in item.confirmations.all()}
        item.words = [(party, label, said.get(party)) for party, label in Party.choices]
        item.disputes = list(item.notes.all())
        own_open = {n.party for n in item.disputes if n.settled_at is None}
        item.waits = handover.is_open and item.ended_on is None and bool(parties) and parties[0] not in said
        item.waits_for_settling = item.waits and parties[0] in own_open
        item.url = f"{get_script_prefix()}{item.path}" if item.path and opens else ""
    return items


def tally(items: list[HandoverItem]) -> list[tuple[str, int, int]]:
    """For each party how many of the open items it confirmed."""
    still = [item for item in items if item.ended_on is None]
    return [
        (label, sum(1 for item in still if item.words[at][2]), len(still))
        for at, (_, label) in enumerate(Party.choices)
    ]


def waiting(user: Any) -> QuerySet[Handover]:
    """Handovers on which this user has something to do: a word to give, an end to declare, a decision to take."""

    def unsaid(party: str) -> Q:
        items = HandoverItem.objects.filter(handover=OuterRef("pk"), ended_on=None)
        return Q(Exists(items.exclude(confirmations__party=party)))

    own = Q(pk__in=[])
    if user.official_id:
        own |= Q(outgoing=user.official_id) & unsaid(Party.GIVER)
        own |= Q(incoming=user.official_id) & unsaid(Party.TAKER)
    open_ones = Handover.objects.visible_to(user).open()
    clock = Deadline.objects.open().filter(
        object_kind=Handover._meta.label_lower, object_id=OuterRef("pk"), rule_key=RULE
    )
    return (
        open_ones.filter(own | witnessed_by(user) & Q(state="open") | FLOW.waiting_for(user))
        .with_names()
        .annotate(due_on=Subquery(clock.values("due_on")[:1]))
        .order_by("due_on", "pk")
    )


def inherited_by(user: Any, today: datetime.date) -> list[dict[str, Any]]:
    """What this user took over within the last month and what of it is open still, with the days as they are now."""
    if not user.official_id:
        return []
    lately = Handover.objects.passed_on().filter(incoming=user.official_id, completed_on__gte=today - FRESH)
    found = []
    for handover in lately.with_names().order_by("-completed_on", "-pk"):
        listed = {(i.object_kind, i.object_id) for i in handover.items.still_open()}
        still = [one for one in _open_now(handover) if one.key in listed]
        found.append({"handover": handover, "open": still, "total": len(listed)})
    return found


def _open_now(handover: Handover) -> list[collecting.Found]:
    unit = handover.successor or handover.organisation
    return collecting.open_of(unit, handover.scope, handover.incoming)


def names_successor(handover: Handover, user: Any) -> bool:
    """Whether this user may say who comes."""
    keeps = postings.may_keep(user, handover.organisation)
    return keeps or Party.WITNESS in conditions.parties_of(handover, user)


def problems(handover: Handover, today: datetime.date) -> list[str]:
    return conditions.all_confirmed(handover, today) if handover.is_open else []


def disputes_of(handover: Handover) -> QuerySet[HandoverNote]:
    return HandoverNote.objects.filter(item__handover=handover).select_related("item")


def public_promises(unit: Organisation) -> QuerySet[Obligation]:
    """What of a unit, and of those it goes on for, stands in public now."""
    return Obligation.objects.public().filter(collecting.of_unit(unit))


def desk_promises(unit: Organisation) -> QuerySet[Obligation]:
    """Every promise the unit made in any form, taken down or not."""
    return Obligation.objects.filter(collecting.of_unit(unit))


def clock_of(handover: Handover) -> Deadline | None:
    return Deadline.objects.of(handover).with_names().order_by("-pk").first()
