"""What the page of one task shows, and what of its unit can be picked as evidence."""

import datetime
from typing import Any

from django.db.models import Q
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
MOST = 20
# What a unit may show of its own entries: work on things of its own that its clerks see anyway. Cases of residents,
# records of persons and reviews are never offered.
SHOWN_KINDS = (
    *(
        "commitments.obligation",
        "commitments.progressupdate",
        "commitments.resultreport",
        "commitments.amendment",
    ),
    *("commitments.rectification", "commitments.sweep", "commitments.handover"),
    *("disclosure.notice", "disclosure.noticerevision", "disclosure.scene", "disclosure.scenemonth"),
    *("programme.year", "directory.organisation"),
)


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


def offered(task: Task, user: Any, text: str) -> dict[str, Any]:
    """What of the unit matches `text`, the newest first: publications, entries and files, at most 20 of each."""
    taken = TaskEvidence.objects.filter(task=task)
    unit = task.organisation
    publications = Publication.objects.public().filter(organisation=unit)
    entries = Entry.objects.filter(organisation_path=unit.path, object_kind__in=SHOWN_KINDS)
    files = StoredFile.objects.visible_to(user).filter(readable_by(user), organisation=unit, copies=None)
    if text:
        publications = publications.filter(title__icontains=text)
        entries = entries.filter(Q(object_label__icontains=text) | Q(step_label__icontains=text))
        files = files.filter(name__icontains=text)
    return {
        "publications": publications.exclude(
            pk__in=taken.exclude(publication=None).values("publication")
        ).order_by("-published_at")[:MOST],
        "entries": entries.exclude(pk__in=taken.exclude(entry=None).values("entry")).order_by("-at", "-id")[
            :MOST
        ],
        "files": files.exclude(pk__in=taken.exclude(file=None).values("file")).order_by("-id")[:MOST],
    }


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
