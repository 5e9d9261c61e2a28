"""The one door for every change of state: a declared table of steps and the function that takes one."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import OperationalError, models, transaction
from django.utils import timezone

from longsha_credit.audit.context import from_address
from longsha_credit.audit.models import Entry

OVERTAKEN = "这件事刚刚被他人处理，请刷新页面看最新情况。"
DEADLOCK = "40P01"


class Actor(Protocol):
    """What the engine asks of a user; who has which role where is the directory's business."""

    pk: int

    def role_at(self, roles: frozenset[str], path: str) -> str | None:
        """The label of the membership with one of `roles` at or above `path`, or None."""

    def paths_for(self, roles: frozenset[str] | None) -> list[str]:
        """Paths of the organisations where the user holds one of `roles`."""


class Refused(Exception):
    """A step that may not be taken; `str()` is a Chinese sentence that says why and what to do.

    `code` is one of state, role, eyes, guard, reason.
    """

    def __init__(self, sentence: str, code: str):
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class Taken:
    """What an effect is told: the object after the move, the step, the actor and what was given with it."""

    obj: Any
    step: "Step"
    by: Any
    reason: str
    today: datetime.date
    given: dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One row of a FLOW table.

    `not_by` maps an attribute holding a user's id to the sentence for that user: four eyes. `not_where` gives for a
    user the condition of the rows that are not for them, with the sentence: four eyes that no column tells.
    `top_roles` count only in the unit at the very top of the tree. `mine` names the attribute with the id of the one
    person who takes the step whatever role they hold by now.
    `guard` is asked with the object and today's date and returns the sentences that stand against the step. `writes` gives the columns that change together
    with the state, in one statement; it may raise Refused. `effects` run after it, in the same transaction.
    `todo`: "own" puts it on the list of the organisation itself (with those it goes on for) and of who wrote it
    (`created_by`), "below" also on its superiors', "" on nobody's.
    `back_to` names the column that holds the state to return to, for a step that undoes another; `to` is then the
    state where that column is empty. `button` is False for steps that only another step's effect takes; `asks` is True where the page must ask
    more than a reason.
    """

    name: str
    label: str
    from_: frozenset[str]
    to: str
    roles: frozenset[str]
    reason: bool = False
    top_roles: frozenset[str] = frozenset()
    mine: str = ""
    not_by: dict[str, str] = field(default_factory=dict)
    not_where: tuple[Callable[[Actor], models.Q], str] | None = None
    guard: Callable[[Any, datetime.date], list[str]] | None = None
    writes: Callable[[Taken], dict[str, Any]] | None = None
    effects: tuple[Callable[[Taken], None], ...] = ()
    back_to: str = ""
    todo: str = ""
    tone: str = "plain"
    button: bool = True
    asks: bool = False


@dataclass(frozen=True)
class Offer:
    """A step as the page shows it: open when `refusal` is None; `of` is what it would move."""

    step: Step
    refusal: str | None = None
    url: str = ""
    of: Any = None


@contextmanager
def _deadlock_refused() -> Iterator[None]:
    """Two steps that lock the same rows from opposite ends (a recall, a last pass): one goes through, one is told."""
    try:
        yield
    except OperationalError as problem:
        if getattr(problem.__cause__, "pgcode", "") != DEADLOCK:
            raise
        raise Refused(OVERTAKEN, "state") from problem


class Workflow:
    """The steps of one kind of object, whose state stands in `state` and whose unit in `organisation`.

    `author` is the column of who began it, whose list its own steps stand on wherever that person sits.
    """

    def __init__(self, name: str, states: type[models.TextChoices], *steps: Step, author: str = "created_by"):
        self.name = name
        self.author = author
        self.states = states
        self.steps = {step.name: step for step in steps}
        unknown = {s for step in steps for s in (*step.from_, step.to)} - set(states.values)
        if unknown or len(self.steps) != len(steps):
            raise ValueError(f"{name}: unknown states {unknown} or two steps of one name")

    def take(
        self,
        obj: Any,
        name: str,
        *,
        by: Actor | None,
        reason: str = "",
        today: datetime.date | None = None,
        **given: Any,
    ) -> Entry:
        """Move `obj` by the step `name`, write the entry and run the effects, in one transaction.

        `by` is None only for steps without a button, which an effect or a clock takes.
        Raises Refused and changes nothing when the step may not be taken.
        """
        step = self.steps[name]
        reason, today = reason.strip(), today or timezone.localdate()
        with _deadlock_refused(), transaction.atomic():
            locked = _locked(obj)
            if locked.state != obj.state:
                raise Refused(OVERTAKEN, "state")
            if refusal := self.refusal(locked, step, by, today):
                raise refusal
            if step.reason and not reason:
                raise Refused(f"请写明{step.label}的理由。", "reason")
            before, taken = locked.state, Taken(locked, step, by, reason, today, given)
            to = (getattr(locked, step.back_to) if step.back_to else "") or step.to
            columns = {"state": to} | (step.writes(taken) if step.writes else {})
            if not type(obj)._base_manager.filter(pk=obj.pk, state=before).update(**columns):
                raise Refused(OVERTAKEN, "state")
            for column, value in columns.items():
                setattr(locked, column, value)
            entry = record(
                locked,
                step=step.name,
                label=step.label,
                by=by,
                roles=step.roles | step.top_roles,
                from_state=before,
                to_state=to,
                reason=reason,
                content_hash=given.get("content_hash", ""),
            )
            for effect in step.effects:
                effect(taken)
        obj.refresh_from_db()
        return entry

    def refusal(
        self, obj: Any, step: Step, by: Actor | None, today: datetime.date | None = None
    ) -> Refused | None:
        """Why `by` may not take the step now, or None. Right, then state, then four eyes, then the guard."""
        if by is not None and step.button and not _has_the_role(step, obj, by):
            return Refused(f"“{step.label}”不在您的职责内。", "role")
        if obj.state not in step.from_:
            state = self.states(obj.state).label
            return Refused(f"现在是“{state}”，不能{step.label}。", "state")
        for attribute, sentence in step.not_by.items():
            if by is not None and getattr(obj, attribute) == by.pk:
                return Refused(sentence, "eyes")
        if by is not None and step.not_where:
            condition, sentence = step.not_where
            if type(obj)._base_manager.filter(condition(by), pk=obj.pk).exists():
                return Refused(sentence, "eyes")
        if step.guard and (problems := step.guard(obj, today or timezone.localdate())):
            return Refused("".join(problems), "guard")
        return None

    def available(self, obj: Any, user: Actor, url: Callable[[str], str] = lambda name: "") -> list[Offer]:
        """The steps to show to `user`: those of their role from this state, open or with the reason they are not.

        `url` gives the address that takes a step, by its name.
        """
        offers = []
        for step in self.steps.values():
            if not step.button or obj.state not in step.from_:
                continue
            refusal = self.refusal(obj, step, user)
            if refusal is None:
                offers.append(Offer(step, None, url(step.name), obj))
            elif refusal.code != "role":
                offers.append(Offer(step, str(refusal), of=obj))
        return offers

    def waiting_for(self, user: Actor) -> models.Q:
        """The condition for objects on which `user` has a step to take: the rows of 我的待办."""
        waiting = models.Q(pk__in=[])
        for step in self.steps.values():
            if not (step.todo and step.button):
                continue
            place = models.Q(pk__in=[])
            at_the_top = [path for path in user.paths_for(step.top_roles) if path == _top(path)]
            for path in [*user.paths_for(step.roles), *at_the_top]:
                below = models.Q(organisation__path__startswith=path)
                # a unit that ended stands under the one that goes on for it
                ended = models.Q(organisation__valid_to__isnull=False)
                theirs = ended | models.Q(**{self.author: user.pk})
                own = models.Q(organisation__path=path) | below & theirs
                place |= own if step.todo == "own" else below
            others = models.Q()
            for attribute in step.not_by:
                others &= ~models.Q(**{attribute: user.pk})
            if step.not_where:
                others &= ~step.not_where[0](user)
            waiting |= models.Q(state__in=step.from_) & place & others
        return waiting


def _locked(obj: Any) -> Any:
    """The row of `obj` as it stands, kept for us, read along with its unit: each step asks whose it is."""
    rows = type(obj)._base_manager.select_for_update(of=("self",))
    if any(field.name == "organisation" for field in obj._meta.concrete_fields):
        rows = rows.select_related("organisation")
    return rows.get(pk=obj.pk)


def _has_the_role(step: Step, obj: Any, by: Actor) -> bool:
    path = obj.organisation.path
    if by.role_at(step.roles, path) or by.role_at(step.top_roles, _top(path)):
        return True
    return bool(step.mine) and getattr(obj, step.mine) == by.pk


def _top(path: str) -> str:
    """/1/ of /1/2/3/."""
    return "/".join(path.split("/")[:2]) + "/"


def record(
    obj: Any,
    *,
    step: str,
    label: str,
    by: Any,
    roles: Iterable[str] = (),
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    content_hash: str = "",
    organisation: Any = None,
) -> Entry:
    """Write one entry about `obj`; called by the engine and by services for what is not a change of state.

    `organisation` is for objects that have none of their own, such as accounts.
    """
    organisation = organisation or getattr(obj, "organisation", None)
    path = organisation.path if organisation else ""
    acting_as = (by.role_at(frozenset(roles), path) or "") if by and roles else ""
    return Entry.objects.create(
        actor_id=by.pk if by else None,
        actor_name=str(by) if by else "系统",
        acting_as=acting_as,
        organisation_path=path,
        organisation_name=organisation.name if organisation else "",
        object_kind=obj._meta.label_lower,
        object_id=str(obj.pk),
        object_label=str(obj)[:200],
        step=step,
        step_label=label,
        from_state=from_state,
        to_state=to_state,
        reason=reason[:1000],
        content_hash=content_hash,
        from_address=from_address.get(),
    )
