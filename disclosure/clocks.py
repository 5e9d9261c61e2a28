"""The clocks of what is published: by when information that was formed has to be public, and updated."""

import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from disclosure.models import Duty, Notice
from disclosure.models.duties import DutyQuerySet
from longsha_credit.deadlines import services as deadlines
from longsha_credit.deadlines.models import Deadline
from longsha_credit.deadlines.services import Beginning

DUTY = Duty._meta.label_lower
CHUNK = 2000


def watch(notice: Notice, *, today: datetime.date) -> None:
    """A draft: the days of its topic's rule run from the day the information was formed or changed."""
    rule = notice.topic.limit_rule
    running = deadlines.open_of(notice)
    if not running.filter(rule_key=rule).exists():
        deadlines.cancel(notice, why="换了公开事项，时限也换了")
        deadlines.start(
            notice,
            rule,
            organisation=notice.organisation,
            title=notice.title,
            path=f"desk/disclosure/{notice.pk}/",
            starts_on=notice.formed_on,
            today=today,
        )
        return
    deadlines.move(
        notice,
        rule,
        why="改了形成日期",
        today=today,
        starts_on=notice.formed_on,
        title=notice.title,
    )


def is_public(notice: Notice, *, today: datetime.date) -> None:
    deadlines.meet(notice, notice.topic.limit_rule, on=today)


def is_dropped(notice: Notice, *, why: str) -> None:
    deadlines.cancel(notice, why=why)


def publish_by(notice: Notice, today: datetime.date) -> datetime.date:
    """The last day on which this information is public in time."""
    return deadlines.due_day_of(notice.topic.limit_rule, starts_on=notice.formed_on, today=today)


# How often a topic is to be updated: a clock for every duty of a topic with a frequency, from the last publication on.


def follow_catalogue(*, today: datetime.date) -> int:
    """Who owes what by the catalogue of today, and the clocks of that; gives how many duties began.

    Set by set, safe to run late, twice or beside itself. What begins today has its whole period before it.
    """
    Duty.objects.end_gone(today)
    begun = Duty.objects.begin_missing(today)
    wanted = Duty.objects.current().filter(pk=OuterRef("object_id"), topic__frequency=OuterRef("rule_key"))
    gone = Deadline.objects.open().filter(~Exists(wanted), object_kind=DUTY)
    deadlines.cancel_many(gone, why="单位或目录变了，这个事项不再按这个频次更新")
    _start_missing(today)
    return begun


def _start_missing(today: datetime.date) -> None:
    """The clocks of duties that have none, a bounded number of locked rows at a time."""
    running = Deadline.objects.open().filter(
        object_kind=DUTY, object_id=OuterRef("pk"), rule_key=OuterRef("topic__frequency")
    )
    missing = Duty.objects.current().exclude(topic__frequency="").filter(~Exists(running)).order_by("pk")
    last: int | None = 0
    while last is not None:
        with transaction.atomic():
            last = _start_some(missing.filter(pk__gt=last), today)


def _start_some(missing: DutyQuerySet, today: datetime.date) -> int | None:
    """Start the clocks of the first of these; gives the last one's number, None where there are no more."""
    chunk = list(missing.select_for_update(of=("self",))[:CHUNK])
    by_rule: dict[str, list[Beginning]] = {}
    held = Duty.objects.filter(pk__in=[duty.pk for duty in chunk]).with_last_publication()
    for duty in held.select_related("topic"):
        by_rule.setdefault(duty.topic.frequency, []).append(_beginning(duty))
    for rule, beginnings in by_rule.items():
        deadlines.start_many(Duty, rule, beginnings, today=today)
    return chunk[-1].pk if chunk else None


def _beginning(duty: Duty) -> Beginning:
    return Beginning(
        object_id=duty.pk,
        organisation_id=duty.organisation_id,
        title=duty.topic.name,
        path=page_of(duty),
        starts_on=starts_on(duty),
    )


def page_of(duty: Duty) -> str:
    """Where everything about a duty stands: its notices, its clock, and the way to write one."""
    return f"desk/disclosure/coverage/{duty.pk}/"


def starts_on(duty: Duty) -> datetime.date:
    """The last publication, or the day since when it is owed; asks for `with_last_publication`."""
    published = duty.published_at
    return max(duty.since, timezone.localdate(published)) if published else duty.since


def is_updated(organisation_id: int, topic_id: int, *, today: datetime.date) -> None:
    """The unit has published something under the topic: the clock of updating it is met and begins anew."""
    duty = _held(organisation_id, topic_id)
    if duty is None:
        return
    rule = duty.topic.frequency
    running = deadlines.open_of(duty).filter(rule_key=rule).first()
    if running and running.starts_on >= today:
        return
    deadlines.meet(duty, rule, on=today)
    deadlines.start(
        duty,
        rule,
        organisation=duty.organisation,
        title=duty.topic.name,
        path=page_of(duty),
        starts_on=today,
        today=today,
    )


def is_counted_anew(organisation_id: int, topic_id: int, *, today: datetime.date) -> None:
    """Something under the topic is public no more: the clock runs from what stands now."""
    duty = _held(organisation_id, topic_id)
    if duty is None:
        return
    rule, begins = duty.topic.frequency, starts_on(duty)
    if deadlines.open_of(duty).filter(rule_key=rule).exclude(starts_on=begins).exists():
        deadlines.move(duty, rule, why="最近一次公开的已撤下或改了事项", today=today, starts_on=begins)


def _held(organisation_id: int, topic_id: int) -> Duty | None:
    """The duty with a frequency, locked: whoever starts its clock holds it."""
    found = Duty.objects.current().filter(organisation=organisation_id, topic=topic_id)
    duty = found.exclude(topic__frequency="").select_for_update(of=("self",)).first()
    if duty is None:
        return None
    return Duty.objects.with_last_publication().select_related("organisation", "topic").get(pk=duty.pk)
