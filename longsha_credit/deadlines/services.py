"""Every change of a clock: started, moved, met, cancelled, suspended, lengthened, and the calendar under them all."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, models, transaction
from django.http import Http404
from django.utils import timezone

from longsha_credit.audit.workflow import Refused, record
from longsha_credit.deadlines import moving, planning
from longsha_credit.deadlines.flows import DECIDERS, can_be_longer
from longsha_credit.deadlines.models import (
    Deadline,
    DeadlineChange,
    Extension,
    Holiday,
    Rule,
    Suspension,
    Unit,
)
from longsha_credit.deadlines.models.clocks import DeadlineQuerySet
from longsha_credit.deadlines.moving import Beginning
from longsha_credit.deadlines.reference import RULES
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.directory.roles import DISTRICT_ONLY, Role
from longsha_credit.directory.scope import require_within

# Mostly called by the effects of a step, whose own savepoint undoes them; called alone it is a transaction of its own.
PART_OF_A_STEP = transaction.atomic(savepoint=False)
CHUNK = 500
# Supervision goes on for some weeks after a due day; a holiday in that time moves its steps.
REACH = datetime.timedelta(days=60)
CALENDAR_KEEPERS = frozenset({Role.OFFICE})


def current_rule(key: str, *, on: datetime.date) -> Rule:
    """The version of a rule in force on a day. Raises Rule.DoesNotExist for an unknown key."""
    return Rule.objects.current(key, on)


def due_day_of(rule_key: str, *, starts_on: datetime.date, today: datetime.date) -> datetime.date:
    """The day a clock started now would run out, by the rule in force today; nothing is stored."""
    rule = current_rule(rule_key, on=today)
    return planning.compute(rule, starts_on, calendar=Holiday.objects.calendar()).due_on


def of(obj: models.Model) -> DeadlineQuerySet:
    """Every clock of one object, closed ones too."""
    return Deadline.objects.of(obj)


def open_of(obj: models.Model) -> DeadlineQuerySet:
    return Deadline.objects.of(obj).open()


@PART_OF_A_STEP
def start(
    obj: models.Model,
    rule_key: str,
    *,
    organisation: Organisation,
    title: str,
    path: str,
    starts_on: datetime.date,
    due_on: datetime.date | None = None,
    today: datetime.date,
    apart_from: Organisation | None = None,
) -> Deadline:
    """Start a clock of `obj`; where one runs already under this rule, that one is given back unchanged.

    `starts_on` is the day of the event, not counted; `path` is the page below the mount point without a leading
    slash; `due_on` is the promised day and only for rules of the unit GIVEN; the people of `apart_from` are neither
    shown nor reminded of it, whatever else they are.
    """
    running = open_of(obj).filter(rule_key=rule_key).first()
    if running:
        return running
    rule, calendar = current_rule(rule_key, on=today), Holiday.objects.calendar()
    given_on = due_on if rule.unit == Unit.GIVEN else None
    starts_on = min(starts_on, given_on) if given_on else starts_on
    result = planning.compute(rule, starts_on, given_on=given_on, calendar=calendar)
    deadline = Deadline.objects.create(
        object_kind=obj._meta.label_lower,
        object_id=obj.pk,
        organisation=organisation,
        apart_from=apart_from,
        rule=rule,
        rule_key=rule.key,
        title=title[:200],
        path=path,
        starts_on=starts_on,
        given_on=given_on,
        due_on=result.due_on,
        original_due_on=result.due_on,
        explanation=result.explanation,
        extend_limit=rule.extend_amount,
    )
    moving.plan_first_reminders([deadline], calendar=calendar, today=today)
    return deadline


@PART_OF_A_STEP
def start_many(
    model: type[models.Model], rule_key: str, beginnings: list[Beginning], *, today: datetime.date
) -> int:
    """Start clocks of many rows of one kind under one counted rule; one that runs already stays. Gives how many began.

    The caller holds the rows, so that nobody starts the same clock beside it.
    """
    rule, calendar, kind = (
        current_rule(rule_key, on=today),
        Holiday.objects.calendar(),
        model._meta.label_lower,
    )
    parts = (beginnings[n : n + CHUNK] for n in range(0, len(beginnings), CHUNK))
    return sum(moving.begin(kind, rule, part, calendar=calendar, today=today) for part in parts)


@PART_OF_A_STEP
def move(
    obj: models.Model,
    rule_key: str,
    *,
    why: str,
    today: datetime.date,
    starts_on: datetime.date | None = None,
    due_on: datetime.date | None = None,
    title: str | None = None,
    by: Any = None,
) -> None:
    """Give the open clock of `obj` under this rule another start, promised day or title; nothing where none is open."""
    for deadline in _locked(open_of(obj).filter(rule_key=rule_key)):
        deadline.starts_on = starts_on or deadline.starts_on
        if promised := deadline.given_on and (due_on or deadline.given_on):
            deadline.given_on, deadline.starts_on = promised, min(deadline.starts_on, promised)
        deadline.title = (title or deadline.title)[:200]
        moving.recompute(deadline, why=why, today=today, by=by)


@PART_OF_A_STEP
def meet(obj: models.Model, rule_key: str, *, on: datetime.date) -> None:
    """What the clock asked for was done on this day; nothing where none is open."""
    for deadline in _locked(open_of(obj).filter(rule_key=rule_key)):
        _close(deadline, on=on, met_on=on)


@PART_OF_A_STEP
def cancel(obj: models.Model, *, why: str, rule_key: str | None = None) -> None:
    """End the open clocks of `obj`, or the one under `rule_key`, unmet: the duty itself is gone."""
    found = open_of(obj).filter(rule_key=rule_key) if rule_key else open_of(obj)
    for deadline in _locked(found):
        now = timezone.now()
        _close(deadline, on=timezone.localdate(now), cancelled_at=now, cancel_reason=why[:200])


@PART_OF_A_STEP
def cancel_many(found: DeadlineQuerySet, *, why: str) -> int:
    """End those of these clocks that are open, unmet; gives how many."""
    number, now = 0, timezone.now()
    for chunk in _chunks(found.open()):
        for deadline in (one for one in chunk if one.suspended):
            _end_suspension(deadline, timezone.localdate(now))
        Deadline.objects.filter(pk__in=[one.pk for one in chunk]).update(
            cancelled_at=now, cancel_reason=why[:200], suspended=False, saved_at=now
        )
        moving.drop_reminders(chunk)
        number += len(chunk)
    return number


def _locked(found: DeadlineQuerySet, number: int | None = None) -> list[Deadline]:
    """The first `number` rows, or all, with their rules, held until the transaction ends."""
    rows = found.select_related("rule", "organisation").select_for_update(of=("self",))
    return list(rows.order_by("pk")[:number])


def _close(deadline: Deadline, *, on: datetime.date, **columns: Any) -> None:
    if deadline.suspended:
        _end_suspension(deadline, on)
    for name, value in columns.items():
        setattr(deadline, name, value)
    deadline.suspended = False
    deadline.save(update_fields=[*columns, "suspended", "saved_at"])
    moving.drop_reminders([deadline])


def _end_suspension(deadline: Deadline, on: datetime.date) -> None:
    for suspension in Suspension.objects.filter(deadline=deadline, until_on=None):
        suspension.until_on = max(on, suspension.from_on)
        suspension.save(update_fields=["until_on", "saved_at"])


def decider_of(deadline: Deadline) -> Organisation:
    """The unit that decides on suspension and more time: the one above; for a clock of the district, the district."""
    unit = deadline.organisation
    if unit.level == Level.DISTRICT or set(deadline.rule.duty) & DISTRICT_ONLY:
        return unit.district()
    return unit.parent or unit


def may_decide(deadline: Deadline, user: Any) -> bool:
    return user.role_at(DECIDERS, decider_of(deadline).path) is not None


def may_ask(deadline: Deadline, user: Any) -> bool:
    """Those whose duty it is ask for more time."""
    return user.role_at(frozenset(deadline.rule.duty), deadline.organisation.path) is not None


def suspend_refusal(deadline: Deadline, today: datetime.date) -> str | None:
    """Why this clock may not be suspended now, or None."""
    if not deadline.is_open:
        return "这个期限已经办结或终止，不能暂停。"
    if not deadline.rule.may_suspend:
        return f"“{deadline.rule.label}”没有可以暂停的依据。"
    if deadline.is_overdue(today):
        return "这个期限已经超期，不能再暂停。"
    return "这个期限已经暂停。" if deadline.suspended else None


@transaction.atomic
def suspend(deadline: Deadline, *, reason: str, by: Any, today: datetime.date) -> None:
    """Stop counting from today on; reminders are silent until `resume`. Raises Refused.

    Who may do so is the page's or the calling step's to ask (`may_decide`).
    """
    deadline = _locked(Deadline.objects.filter(pk=deadline.pk))[0]
    if refusal := suspend_refusal(deadline, today):
        raise Refused(refusal, "state")
    if not reason.strip():
        raise Refused("请写明暂停的理由。", "reason")
    last = Suspension.objects.filter(deadline=deadline).order_by("-until_on").first()
    if last and last.until_on and last.until_on >= today:
        raise Refused("今天刚恢复，请明天再办暂停。", "state")
    Suspension.objects.create(deadline=deadline, from_on=today, reason=reason.strip()[:500], by=by)
    deadline.suspended = True
    deadline.save(update_fields=["suspended", "saved_at"])
    moving.drop_reminders([deadline])
    record(deadline, step="suspend", label="暂停期限", by=by, roles=DECIDERS, reason=reason)


@transaction.atomic
def resume(deadline: Deadline, *, by: Any, today: datetime.date, reason: str = "") -> None:
    """Count again from tomorrow on; the due day moves by the days that were not counted. Raises Refused."""
    deadline = _locked(Deadline.objects.filter(pk=deadline.pk))[0]
    if not deadline.suspended:
        raise Refused("这个期限没有暂停，不用恢复。", "state")
    _end_suspension(deadline, today)
    deadline.suspended = False
    moving.recompute(deadline, why="恢复", today=today, by=by)
    record(deadline, step="resume", label="恢复期限", by=by, roles=DECIDERS, reason=reason)


def extension_refusal(deadline: Deadline, today: datetime.date) -> str | None:
    """Why more time may not be asked for now, or None."""
    if not deadline.extend_limit:
        return f"“{deadline.rule.label}”没有可以延期的依据。"
    if problems := can_be_longer(deadline):
        return "".join(problems)
    if today > deadline.due_on:
        return "已经过了到期日，延期要在到期以前申请。"
    return None


@transaction.atomic
def ask_extension(deadline: Deadline, *, reason: str, by: Any, today: datetime.date) -> Extension:
    """Ask for the rule's extension before the clock runs out; decided by EXTENSION's steps.

    Raises Http404 for who does not owe it, Refused otherwise.
    """
    deadline = _locked(Deadline.objects.filter(pk=deadline.pk))[0]
    require_within(by, deadline.organisation, deadline.rule.duty)
    if refusal := extension_refusal(deadline, today):
        raise Refused(refusal, "state")
    if Extension.objects.filter(deadline=deadline, state="asked").exists():
        raise Refused("已经有一份延期申请等待批准。", "state")
    if not reason.strip():
        raise Refused("请写明申请延期的理由。", "reason")
    extension = Extension.objects.create(
        deadline=deadline,
        organisation=decider_of(deadline),
        asked_on=today,
        asked_by=by,
        due_then=deadline.due_on,
        reason=reason.strip()[:500],
    )
    roles = frozenset(deadline.rule.duty)
    record(deadline, step="ask_extension", label="申请延期", by=by, roles=roles, reason=reason)
    return extension


@transaction.atomic
def set_days(days: Iterable[Holiday], *, by: Any, today: datetime.date) -> int:
    """Store rows of the calendar, each in place of an older one of its day; gives how many due days moved.

    Raises Http404 for who does not keep the calendar.
    """
    rows = {row.day: row for row in days}
    require_keeper(by)
    _one_editor_at_a_time()
    fields = ("is_workday", "name", "basis")
    for day, row in rows.items():
        columns = {name: getattr(row, name) for name in fields} | {"by": by}
        saved, new = Holiday.objects.update_or_create(day=day, defaults=columns)
        _record_day(saved, "登记放假调休" if new else "修改放假调休", by)
    return recompute_around(list(rows), today=today, by=by)


@transaction.atomic
def remove_day(row: Holiday, *, by: Any, today: datetime.date) -> int:
    """Take a wrong row out of the calendar; gives how many due days moved. Raises Http404."""
    require_keeper(by)
    _one_editor_at_a_time()
    _record_day(row, "删去放假调休", by)
    row.delete()
    return recompute_around([row.day], today=today, by=by)


def _one_editor_at_a_time() -> None:
    """Two edits at once would each compute due days without the other's day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('working days'))")


def require_keeper(user: Any) -> None:
    if not user.holds(*CALENDAR_KEEPERS):
        raise Http404


def _record_day(row: Holiday, label: str, by: Any) -> None:
    place = next(m.organisation for m in by.current_memberships if m.role in CALENDAR_KEEPERS)
    record(row, step="calendar", label=label, by=by, roles=CALENDAR_KEEPERS, organisation=place)


def recompute_around(days: list[datetime.date], *, today: datetime.date, by: Any = None) -> int:
    """Compute every open clock anew whose days, or the weeks of supervision after them, touch these days."""
    if not days:
        return 0
    calendar, moved = Holiday.objects.calendar(), 0
    touched = Deadline.objects.open().filter(starts_on__lt=max(days), due_on__gte=min(days) - REACH)
    for chunk in _chunks(touched):
        spans, changes = moving.suspensions_of(chunk), []
        for deadline in chunk:
            result, before = moving.computed(deadline, spans.get(deadline.pk, []), calendar), deadline.due_on
            deadline.due_on, deadline.explanation = result.due_on, result.explanation
            deadline.saved_at = timezone.now()
            if before != deadline.due_on:
                changes.append(
                    DeadlineChange(
                        deadline=deadline, old_due=before, new_due=deadline.due_on, why="日历调整", by=by
                    )
                )
        Deadline.objects.bulk_update(chunk, ["due_on", "explanation", "saved_at"])
        DeadlineChange.objects.bulk_create(changes)
        moving.plan_reminders(chunk, calendar=calendar, today=today)
        moved += len(changes)
    return moved


def _chunks(found: DeadlineQuerySet) -> Iterator[list[Deadline]]:
    """Locked rows in the order of their numbers, a bounded number at a time."""
    last = 0
    while chunk := _locked(found.filter(pk__gt=last), CHUNK):
        yield chunk
        last = chunk[-1].pk


@transaction.atomic
def load_rules() -> int:
    """Store the rules of reference.py; a changed one as its next version. Gives how many rules there are."""
    for row in RULES:
        last = Rule.objects.filter(key=row["key"]).order_by("-version").first()
        if last is None or any(getattr(last, name) != value for name, value in _whole(row).items()):
            Rule.objects.create(**_whole(row), version=last.version + 1 if last else 1)
    return len(RULES)


def _whole(row: dict[str, Any]) -> dict[str, Any]:
    """Every column of a rule, with the defaults of those the reference leaves out."""
    skipped = {"id", "version"}
    columns = {f.name: f.get_default() for f in Rule._meta.concrete_fields if f.name not in skipped}
    return columns | row
