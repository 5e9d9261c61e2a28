"""Setting and moving due days: computed from the rule, logged, and the unsent reminders planned again."""

import dataclasses
import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from longsha_credit.deadlines import planning
from longsha_credit.deadlines.calendar import Calendar
from longsha_credit.deadlines.models import (
    Deadline,
    DeadlineChange,
    Holiday,
    Reminder,
    ReminderKind,
    Rule,
    Suspension,
)
from longsha_credit.deadlines.planning import Computed, Span

COMPUTED = ("starts_on", "given_on", "due_on", "explanation", "extended_by", "suspended", "title", "saved_at")

DROP = "DELETE FROM deadlines_reminder WHERE sent_at IS NULL AND deadline_id = ANY(%s)"


@dataclass(frozen=True)
class Beginning:
    """One of many clocks that begin under one rule: of which object and unit, named how, dealt with where, from when."""

    object_id: int
    organisation_id: int
    title: str
    path: str
    starts_on: datetime.date


def begin(
    kind: str, rule: Rule, beginnings: list[Beginning], *, calendar: Calendar, today: datetime.date
) -> int:
    """Start those that do not run yet, some statements for all of them; gives how many began."""
    ids = [one.object_id for one in beginnings]
    of_them = Deadline.objects.open().filter(object_kind=kind, object_id__in=ids, rule_key=rule.key)
    running = set(of_them.values_list("object_id", flat=True))
    by_day: dict[datetime.date, Computed] = {}
    for day in {one.starts_on for one in beginnings}:
        by_day[day] = planning.compute(rule, day, calendar=calendar)
    begun = Deadline.objects.bulk_create(
        Deadline(
            object_kind=kind,
            object_id=one.object_id,
            organisation_id=one.organisation_id,
            rule=rule,
            rule_key=rule.key,
            title=one.title[:200],
            path=one.path,
            starts_on=one.starts_on,
            due_on=by_day[one.starts_on].due_on,
            original_due_on=by_day[one.starts_on].due_on,
            explanation=by_day[one.starts_on].explanation,
            extend_limit=rule.extend_amount,
        )
        for one in beginnings
        if one.object_id not in running
    )
    plan_first_reminders(begun, calendar=calendar, today=today)
    return len(begun)


def suspensions_of(deadlines: Iterable[Deadline]) -> dict[int, list[Span]]:
    """The ended suspensions of each clock; an open one counts when it ends."""
    found: dict[int, list[Span]] = {}
    ended = Suspension.objects.filter(deadline__in=[d.pk for d in deadlines], until_on__isnull=False)
    for pk, first, last in ended.values_list("deadline_id", "from_on", "until_on"):
        found.setdefault(pk, []).append((first, last))
    return found


def computed(deadline: Deadline, spans: list[Span], calendar: Calendar) -> Computed:
    return planning.compute(
        deadline.rule,
        deadline.starts_on,
        given_on=deadline.given_on,
        suspensions=spans,
        extension=deadline.extended_by,
        calendar=calendar,
    )


def recompute(deadline: Deadline, *, why: str, today: datetime.date, by: Any = None) -> None:
    """Save the clock with the due day its columns give now, log a changed day, plan its reminders again.

    The caller holds the row locked and has set the columns that changed.
    """
    calendar, before = Holiday.objects.calendar(), deadline.due_on
    result = computed(deadline, suspensions_of([deadline]).get(deadline.pk, []), calendar)
    deadline.due_on, deadline.explanation = result.due_on, result.explanation
    deadline.save(update_fields=COMPUTED)
    if before != deadline.due_on:
        DeadlineChange.objects.create(
            deadline=deadline, old_due=before, new_due=deadline.due_on, why=why[:200], by=by
        )
    plan_reminders([deadline], calendar=calendar, today=today)


def plan_reminders(deadlines: list[Deadline], *, calendar: Calendar, today: datetime.date) -> None:
    """Throw away what was planned and not sent, and plan anew; nothing for clocks that are closed or suspended.

    A step of supervision that went out after the present due day is not sent again.
    """
    drop_reminders(deadlines)
    _plan(deadlines, calendar, today, told=_told(deadlines), busy=_sent_on(deadlines, today))


def plan_first_reminders(deadlines: list[Deadline], *, calendar: Calendar, today: datetime.date) -> None:
    """The same for clocks that begin now: there is nothing to throw away and nobody was told anything yet."""
    _plan(deadlines, calendar, today, told=set(), busy=set())


def _plan(
    deadlines: list[Deadline], calendar: Calendar, today: datetime.date, *, told: set[tuple], busy: set[tuple]
) -> None:
    Reminder.objects.bulk_create(
        (
            Reminder(deadline=deadline, **vars(_on_a_free_day(deadline, reminder, busy, today)))
            for deadline in deadlines
            if deadline.is_open and not deadline.suspended
            for reminder in planning.plan(deadline.rule, deadline.due_on, today=today, calendar=calendar)
            if (deadline.pk, reminder.slip, reminder.role, reminder.place) not in told
        ),
        batch_size=5000,
        ignore_conflicts=True,  # one of the same day and role has been sent already
    )


def _sent_on(deadlines: list[Deadline], day: datetime.date) -> set[tuple]:
    sent = Reminder.objects.filter(deadline__in=deadlines, sent_at__isnull=False, send_on=day)
    return set(sent.values_list("deadline_id", "role", "place"))


def _on_a_free_day(
    deadline: Deadline, reminder: planning.Planned, busy: set[tuple], today: datetime.date
) -> planning.Planned:
    """A slip planned for a day on which these people were told something else goes out the day after."""
    taken = reminder.send_on == today and (deadline.pk, reminder.role, reminder.place) in busy
    if not (reminder.slip and taken):
        return reminder
    return dataclasses.replace(reminder, send_on=today + datetime.timedelta(days=1))


def drop_reminders(deadlines: list[Deadline]) -> None:
    """One statement: no message holds what was never sent, so that there is nothing to look up first."""
    with connection.cursor() as cursor:
        cursor.execute(DROP, [[deadline.pk for deadline in deadlines]])


def _told(deadlines: list[Deadline]) -> set[tuple]:
    due = {deadline.pk: deadline.due_on for deadline in deadlines}
    sent = Reminder.objects.filter(
        deadline__in=deadlines, sent_at__isnull=False, kind=ReminderKind.OVERDUE
    ).values_list("deadline_id", "slip", "role", "place", "send_on")
    return {(pk, slip, role, place) for pk, slip, role, place, send_on in sent if send_on > due[pk]}
