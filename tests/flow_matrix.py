"""Every step of a flow, from every state, by every role in every place, held against a table written by hand."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Refused, Workflow
from longsha_credit.directory.models import User
from longsha_credit.directory.roles import DISTRICT_ONLY, Role
from tests import make
from tests.audit.rules import rows_of_everything

BOTH = ("own", "above")
WELL_GIVEN = {"reason": "理由写得清楚", **make.ANSWERS}
Hat = tuple[str, str]


@dataclass(frozen=True)
class Table:
    """What is expected of a flow.

    `steps`: step: (from these states, to this one, by these roles of the unit or of a unit above it; lead@above are
    those above only); a step without roles has no button, only another step's effect takes it. `in_state`: how an object comes into each state, by real
    steps. `places`: where somebody with the role may take a step. `eyes`: (step, role, place) of those whom not their
    role stops but what they did, or did not do, before.
    """

    flow: Workflow
    steps: Mapping[str, tuple[str, str, str]]
    in_state: Mapping[str, Callable[[Any], Any]]
    places: tuple[str, ...] = BOTH
    eyes: frozenset[tuple[str, str, str]] = frozenset()
    given: Mapping[str, Any] = field(default_factory=lambda: WELL_GIVEN)

    def may(self, step: str, role: str, place: str) -> bool:
        """Whether the role alone lets somebody take the step."""
        roles = self.steps[step][2].split()
        return place in self.places and (role in roles or f"{role}@{place}" in roles)

    def due(self, state: str, role: str, place: str) -> set[str]:
        """The steps somebody with this role in this place takes from a state."""
        return {
            step
            for step, (from_, _, _) in self.steps.items()
            if state in from_.split() and self.may(step, role, place) and (step, role, place) not in self.eyes
        }


def people_of(cast: SimpleNamespace) -> dict[Hat, User]:
    """A fresh person for each role in each place: the unit itself, above, another street, below, nowhere."""
    places = {
        "own": cast.street,
        "above": cast.district,
        "other street": cast.other_street,
        "below": cast.community,
    }
    people = {("nobody", "nowhere"): make.user("nobody")}
    for place, where in places.items():
        for role in Role:
            if role not in DISTRICT_ONLY or place == "above":
                people[role.value, place] = make.user(f"{role.value}-{place}".replace(" ", "-"), role, where)
    assert len(people) == 1 + 6 + 4 * 4
    return people


def row(obj) -> dict[str, Any]:
    return type(obj)._base_manager.filter(pk=obj.pk).values().get()


def refused(flow: Workflow, obj, step: str, user: User, **given) -> tuple[str, str]:
    """The code and the sentence with which a step is refused."""
    with pytest.raises(Refused) as refusal:
        flow.take(obj, step, by=user, **(given or WELL_GIVEN))
    return refusal.value.code, str(refusal.value)


def every_step_by_everyone(table: Table, obj, state: str, everyone: Mapping[Hat, User]) -> None:
    """Only the right person takes a step from this state; every other attempt changes nothing and says why.

    One attempt of each step with each answer is a real one; of the others it is asked what they would be told. A step
    that needs a reason is refused without one to the first of those who may take it.
    """
    assert obj.state == state
    before, row_before = rows_of_everything(), row(obj)
    opened: dict[Hat, set[str]] = {hat: set() for hat in everyone}
    tried: set[tuple[str, str, str]] = set()
    for step, (from_, to, roles) in table.steps.items():
        for (role, place), user in everyone.items():
            here, right = state in from_.split(), not roles or table.may(step, role, place)
            if (step, role, place) in table.eyes:
                assert _refused(table, obj, step, user, tried)[0] == ("eyes" if here else "state")
            elif not here or not right:
                assert _refused(table, obj, step, user, tried) == _why_not(table.flow, step, state, right)
            elif roles:
                if table.flow.steps[step].reason and not any(step in taken for taken in opened.values()):
                    _wants_a_reason(table, obj, step, user)
                _takes(table, obj, step, to, user)
                opened[role, place].add(step)
    assert rows_of_everything() == before
    assert row(obj) == row_before
    assert opened == {hat: table.due(state, *hat) for hat in everyone}


def _refused(table: Table, obj, step: str, user: User, tried: set[tuple[str, str, str]]) -> tuple[str, str]:
    """The code and the sentence of a refusal; the first time each is heard it is heard from the door itself."""
    refusal = table.flow.refusal(obj, table.flow.steps[step], user)
    assert refusal, f"{user} may {step}"
    told = refusal.code, str(refusal)
    if (step, *told) not in tried:
        tried.add((step, *told))
        assert refused(table.flow, obj, step, user, **table.given) == told
    return told


def _why_not(flow: Workflow, step: str, state: str, right: bool) -> tuple[str, str]:
    label = flow.steps[step].label
    if right:
        return "state", f"现在是“{flow.states(state).label}”，不能{label}。"
    return "role", f"“{label}”不在您的职责内。"


def _takes(table: Table, obj, step: str, to: str, user: User) -> None:
    """The step goes through with exactly one entry of its own; then it is undone."""
    before = row(obj)
    with contextlib.suppress(_Undo), transaction.atomic():
        entry = table.flow.take(obj, step, by=user, **table.given)
        own = Entry.objects.about(obj).filter(step=step, actor=user)
        assert (obj.state, own.get()) == (to, entry)
        assert (entry.from_state, entry.to_state, entry.actor_name) == (before["state"], to, user.name)
        assert entry.acting_as in [str(m) for m in user.current_memberships]
        assert entry.organisation_path == obj.organisation.path
        raise _Undo
    obj.refresh_from_db()
    assert row(obj) == before


class _Undo(Exception):
    pass


def _wants_a_reason(table: Table, obj, step: str, user: User) -> None:
    for nothing in ("", " \n　"):
        code, sentence = refused(table.flow, obj, step, user, **{**table.given, "reason": nothing})
        assert (code, sentence[:3], sentence[-4:]) == ("reason", "请写明", "的理由。")


def buttons_are_the_steps(table: Table, obj, state: str, everyone: Mapping[Hat, User]) -> None:
    """The table that refuses a step draws its button, and fills the list of what waits."""
    flow, rows = table.flow, type(obj)._base_manager.filter(pk=obj.pk)
    for (role, place), user in everyone.items():
        shown = {offer.step.name for offer in flow.available(obj, user) if offer.refusal is None}
        due = table.due(state, role, place)
        assert shown == due
        at_home = place == table.places[0]
        on_list = {s for s in due if flow.steps[s].todo == "below" or (flow.steps[s].todo and at_home)}
        assert rows.filter(flow.waiting_for(user)).exists() == bool(on_list)
