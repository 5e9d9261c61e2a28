"""What the page of one task shows, and what of its unit can be picked as evidence."""

import datetime
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.urls import reverse

from longsha_credit.audit.history import timeline
from longsha_credit.audit.models import Entry
from longsha_credit.deadlines.models import Extension
from longsha_credit.directory.models import Organisation, User
from longsha_credit.files.models import StoredFile
from longsha_credit.files.services import readable_by
from longsha_credit.programme.models import NoteKind, Task, TaskEvidence, TaskState
from longsha_credit.programme.tasking import clocks
from longsha_credit.programme.tasking.flows import FLOW, LEADS, WRITERS
from longsha_credit.publication.models import Publication

WORKED_ON = (TaskState.ISSUED, TaskState.WORKING, TaskState.RETURNED)
MOST = 10
# What a unit may show of what was done: finished things of its own that its clerks see anyway. A clue about the unit, a
# resident's case, a record of a person are never offered, whatever unit their entries stand under.
# What became public stands among the publications already. An inspection counts for the unit it was made at, and for
# the one that made it.
SHOWN = {
    "commitments.obligation": ("submit", "report", "verify"),
    "commitments.rectification": ("accept", "follow_up"),
    "commitments.sweep": ("hand_in",),
    "commitments.handover": ("complete",),
    "programme.year": ("copy", "edit", "load_list"),
    "programme.inspection": ("close",),
    "programme.visit": ("countersign",),
    "programme.finding": ("pass",),
    "programme.activity": ("hold", "summarise"),
    "programme.course": ("edit",),
    "exchange.job": ("issue_tasks",),
}


def may_be_shown() -> Q:
    condition = Q(pk__in=[])
    for kind, steps in SHOWN.items():
        condition |= Q(object_kind=kind, step__in=steps)
    return condition


def page_context(task: Task, user: Any, today: datetime.date) -> dict[str, Any]:
    notes = list(task.notes.select_related("by"))
    writes = user.role_at(WRITERS, task.organisation.path) is not None and not task.year.is_frozen
    works = writes and task.state in WORKED_ON
    clock = clocks.open_clock(task)
    return {
        "task": task,
        "today": today,
        "clock": clock,
        "asked": clock and Extension.objects.filter(deadline=clock, state="asked").first(),
        "measures": next((note for note in notes if note.kind == NoteKind.MEASURES), None),
        "progress": [note for note in notes if note.kind == NoteKind.PROGRESS],
        "evidence": evidence_of(task),
        "can_work": works,
        "can_lead": works and user.role_at(LEADS, task.organisation.path) is not None,
        "can_extend": works and clock is not None and bool(clock.extend_limit) and not clock.extended_by,
        "decider": clocks.decider_of(task),
        "sent_back": task.opinion if task.state == TaskState.RETURNED else "",
        "offers": FLOW.available(task, user, url=lambda step: reverse("tasks:step", args=[task.pk, step])),
        "entries": timeline([task]),
    }


def evidence_of(task: Task) -> list[TaskEvidence]:
    return list(task.evidence.select_related("entry", "publication", "file", "by"))


def pickable(task: Task, user: Any) -> dict[str, Any]:
    """What of its unit may stand as evidence under the task and does not yet: rows by kind, the newest first."""
    taken, unit = TaskEvidence.objects.filter(task=task), task.organisation
    rows = {
        "publication": Publication.objects.public()
        .filter(organisation=unit)
        .order_by("-published_at", "-id"),
        "entry": Entry.objects.filter(may_be_shown(), organisation_path=unit.path).order_by("-at", "-id"),
        "file": StoredFile.objects.visible_to(user)
        .filter(readable_by(user), organisation=unit, copies=None)
        .order_by("-id"),
    }
    return {
        kind: found.exclude(pk__in=taken.exclude(**{kind: None}).values(kind)) for kind, found in rows.items()
    }


def offered(task: Task, user: Any, text: str) -> dict[str, Any]:
    """What can be picked and matches `text`, at most MOST of each kind."""
    rows = pickable(task, user)
    if text:
        said = Q(object_label__icontains=text) | Q(step_label__icontains=text)
        named = {"publication": Q(title__icontains=text), "entry": said, "file": Q(name__icontains=text)}
        rows = {kind: found.filter(named[kind]) for kind, found in rows.items()}
    return {kind: found[:MOST] for kind, found in rows.items()}


def chosen(task: Task, user: Any, kind: str, pk: int) -> dict[str, Any]:
    """What somebody picked, as `services.pick_evidence` takes it; only what was offered. Raises Http404."""
    rows = pickable(task, user).get(kind)
    found = None if rows is None else rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return {kind: found}


def owners_of(unit: Organisation) -> list[tuple[str, str]]:
    """The people and posts of a unit that can answer for a task, as choices: person-ID or post-ID."""
    people = User.objects.filter(is_active=True, memberships__organisation=unit, memberships__ended_on=None)
    posts = Organisation.objects.posts_of(unit)
    return [
        *((f"person-{one.pk}", one.name) for one in people.distinct().order_by("name")),
        *((f"post-{one.pk}", one.name) for one in posts),
    ]


def owner_chosen(text: str) -> dict[str, Any]:
    """The person or post of a choice, as `services.set_owner` takes it; nobody for an empty one."""
    kind, _, number = text.partition("-")
    if not number.isdigit():
        return {}
    if kind == "person":
        return {"owner": User.objects.get(pk=int(number))}
    return {"post": Organisation.objects.get(pk=int(number))}
