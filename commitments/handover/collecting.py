"""What is open at a post or a unit on a day: one row for each thing, from one query for each kind."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.urls import get_script_prefix
from django.utils import timezone

from commitments.models import (
    Amendment,
    AmendmentState,
    Case,
    Handover,
    HandoverItem,
    Obligation,
    ObligationState,
    ProgressState,
    ProgressUpdate,
    Rectification,
    ResultReport,
    ResultState,
)
from longsha_credit.deadlines.models import Deadline
from longsha_credit.deadlines.reference import CALLS, RECURRING
from longsha_credit.directory.models import Official, Organisation
from longsha_credit.programme.models import Task, YearState
from longsha_credit.publication.models import Review
from records.models import Objection, Record, RecordState, Repair
from records.models.catalogue import PERSONS

UNFINISHED = ("draft", "in_review")
OWED = [
    ObligationState.DRAFT,
    ObligationState.IN_REVIEW,
    ObligationState.IN_FORCE,
    ObligationState.REPORTED,
    ObligationState.WITHDRAWING,
]
STATES = {
    Amendment: AmendmentState,
    ProgressUpdate: ProgressState,
    ResultReport: ResultState,
}
NOTHING_OPEN = "没有未办结的事项"


@dataclass(frozen=True)
class Found:
    """One open thing: what it is, until when, how it stands, and the page where it is dealt with."""

    object_kind: str
    object_id: int
    kind: str
    label: str
    due_on: datetime.date | None
    state: str
    path: str = ""

    @property
    def url(self) -> str:
        return f"{get_script_prefix()}{self.path}" if self.path else ""

    @property
    def key(self) -> tuple[str, int]:
        return self.object_kind, self.object_id


def open_in(handover: Handover) -> list[Found]:
    """What the handover is about as of now; where nothing is open, one row that says so: a zero report is signed too."""
    found = open_of(handover.organisation, handover.scope, handover.outgoing)
    return found or [Found(handover._meta.label_lower, handover.pk, "零报告", NOTHING_OPEN, None, "")]


def open_of(
    unit: Organisation, post: Organisation | None = None, person: Official | None = None
) -> list[Found]:
    """Everything open at a unit, or what names one of its posts and tasks of who holds it, in the order it is due.

    Cases are those the unit handles, never those about it. Records are those of the unit itself: a person's file is
    no part of a handover.
    """
    found: dict[tuple[str, int], Found] = {}
    for one in _everything(unit, post, person):
        found.setdefault(one.key, one)
    return sorted(found.values(), key=lambda f: (f.due_on is None, f.due_on or datetime.date.max, f.key))


def _everything(unit: Organisation, post: Organisation | None, person: Official | None) -> Iterator[Found]:
    own = of_unit(unit)
    clocks = list(_clocks(own))
    by_object = {(c["object_kind"], c["object_id"]): c for c in reversed(clocks)}
    yield from _obligations(Q(post=post) if post else own)
    yield from _parts(Q(obligation__post=post) if post else own)
    yield from _rectifications(Q(post_now=post) if post else own, by_object)
    yield from _tasks(_answered_by(post, person) if post else own)
    if post is None:
        yield from _cases(own, by_object)
        yield from _records(own)
        yield from _reviews(own)
        yield from _other_clocks(clocks)


def of_unit(unit: Organisation) -> Q:
    """Rows of the unit and of those it goes on for."""
    return Q(organisation=unit) | Q(
        organisation__path__startswith=unit.path, organisation__valid_to__isnull=False
    )


def _row(model: Any, pk: int, label: str, due_on: Any, state: str, path: str = "", kind: str = "") -> Found:
    name = kind or str(model._meta.verbose_name)
    return Found(model._meta.label_lower, pk, name, label[:200], due_on, state[:30], path)


def _obligations(condition: Q) -> Iterator[Found]:
    rows = Obligation.objects.filter(condition, state__in=OWED)
    for it in rows.only("title", "due_on", "state", "form"):
        path = f"desk/commitments/{it.pk}/"
        kind = it.get_form_display()
        yield _row(Obligation, it.pk, it.title, it.due_on, it.get_state_display(), path, kind)


def _parts(condition: Q) -> Iterator[Found]:
    """Drafts and what is in review under a promise."""
    for model, states in STATES.items():
        rows = model._base_manager.filter(condition, state__in=UNFINISHED).values_list(
            "pk", "obligation_id", "obligation__title", "obligation__due_on", "state"
        )
        for pk, obligation, title, due_on, state in rows:
            path = f"desk/commitments/{obligation}/"
            yield _row(
                model, pk, f"{model._meta.verbose_name}：{title}", due_on, str(states(state).label), path
            )


def _answered_by(post: Organisation, person: Official | None) -> Q:
    """Tasks a post answers for, and those of its unit the person who holds it does."""
    found = Q(owner_post=post)
    return found | Q(organisation=post.parent_id, owner__official=person) if person else found


def _tasks(condition: Q) -> Iterator[Found]:
    """What the year asks of the unit, or what a post answers for; a frozen year asks nothing any more."""
    rows = Task.objects.open().filter(condition).exclude(year__state=YearState.FROZEN)
    for it in rows.with_clock().with_names():
        path, due_on = f"desk/tasks/{it.pk}/", it.clock_due or it.due_on
        yield _row(Task, it.pk, it.standard.title, due_on, it.get_state_display(), path)


def _rectifications(condition: Q, clocks: dict) -> Iterator[Found]:
    for it in Rectification.objects.open().filter(condition):
        due_on, path = it.due_on, _page(clocks, it, f"desk/rectification/{it.pk}/")
        yield _row(Rectification, it.pk, str(it), due_on, it.get_state_display(), path)


def _cases(condition: Q, clocks: dict) -> Iterator[Found]:
    for it in Case.objects.open().filter(condition):
        clock = clocks.get((Case._meta.label_lower, it.pk))
        yield _row(
            Case,
            it.pk,
            f"{it.get_kind_display()} {it.number}",
            clock and clock["due_on"],
            it.get_state_display(),
            _page(clocks, it, f"desk/cases/{it.pk}/"),
            "来件",
        )


def _page(clocks: dict, it: Any, otherwise: str) -> str:
    """Where a thing is dealt with, as its clock knows it."""
    clock = clocks.get((it._meta.label_lower, it.pk))
    return clock["path"] if clock else otherwise


def _records(condition: Q) -> Iterator[Found]:
    """Objections and requests for repair of the unit's own records, its drafts and corrections on the way."""
    drafts = Record.objects.filter(
        condition, state__in=[RecordState.DRAFT, RecordState.SUBMITTED, RecordState.RETURNED]
    ).exclude(subject_kind__in=PERSONS)
    for it in drafts.only("title", "state", "corrects_id", "number", "subject_kind"):
        kind = "诚信记录更正" if it.corrects_id else "诚信记录"
        yield _row(Record, it.pk, it.title, None, it.get_state_display(), f"desk/records/{it.pk}/", kind)
    for model in (Objection, Repair):
        rows = model.objects.open().filter(condition).exclude(record__subject_kind__in=PERSONS)
        for it in rows.select_related("record"):
            label, path = f"{model._meta.verbose_name}：{it.record.title}", f"desk/records/{it.record_id}/"
            yield _row(model, it.pk, label, None, it.get_state_display(), path)


def _reviews(condition: Q) -> Iterator[Found]:
    """What waits for the unit to look through; under what is listed already it is no row of its own."""
    for it in Review.objects.filter(condition, state__in=["first", "single"]).only(
        "kind", "object_id", "title", "state"
    ):
        label, path = f"公开审查：{it.title}", f"desk/reviews/{it.pk}/"
        yield Found(it.kind, it.object_id, "公开审查", label[:200], None, it.get_state_display(), path)


def _clocks(condition: Q) -> Any:
    """Open clocks but those of handovers themselves, the one that is due first in front.

    What begins anew for ever is no unfinished matter; it is handed over where it was not done in time.
    """
    rows = Deadline.objects.open().filter(condition).exclude(object_kind=Handover._meta.label_lower)
    rows = rows.exclude(rule_key__in=CALLS).exclude(rule_key__in=RECURRING, due_on__gte=timezone.localdate())
    return rows.order_by("due_on", "pk").values(
        "object_kind", "object_id", "title", "path", "due_on", rule_label=F("rule__label")
    )


def _other_clocks(clocks: list[dict]) -> Iterator[Found]:
    """Clocks of what is no row otherwise."""
    for clock in clocks:
        yield Found(
            clock["object_kind"],
            clock["object_id"],
            "期限",
            f"{clock['rule_label']}：{clock['title']}"[:200],
            clock["due_on"],
            "未办结",
            clock["path"],
        )


def bring_up_to_date(handover: Handover, *, today: datetime.date) -> int:
    """List what has come since and mark what has ended; the caller holds the row. Gives how many rows changed."""
    found = {one.key: one for one in open_in(handover)}
    listed = {(i.object_kind, i.object_id): i for i in handover.items.all()}
    new = [_item(handover, one, today) for key, one in found.items() if key not in listed]
    ended = [i.pk for key, i in listed.items() if key not in found and i.ended_on is None]
    again = [i.pk for key, i in listed.items() if key in found and i.ended_on is not None]
    HandoverItem.objects.bulk_create(new)
    HandoverItem.objects.filter(pk__in=ended).update(ended_on=today)
    HandoverItem.objects.filter(pk__in=again).update(ended_on=None)
    return len(new) + len(ended) + len(again)


def _item(handover: Handover, one: Found, today: datetime.date) -> HandoverItem:
    return HandoverItem(
        handover=handover,
        object_kind=one.object_kind,
        object_id=one.object_id,
        kind=one.kind,
        label=one.label,
        due_on=one.due_on,
        state_then=one.state,
        path=one.path,
        outgoing_name=handover.outgoing_name,
        added_on=today,
    )
