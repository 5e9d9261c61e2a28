"""Plain functions that make what units owe by the catalogue, and look at the clocks of that."""

import datetime

from disclosure import clocks, services
from disclosure.models import Duty, Topic
from longsha_credit.deadlines.models import Deadline
from tests.disclosure import making

TODAY = making.TODAY


def days(number: int) -> datetime.date:
    return TODAY + datetime.timedelta(days=number)


def all_duties(today=TODAY) -> int:
    return clocks.follow_catalogue(today=today)


def duty(unit, key="elderly-care") -> Duty:
    return Duty.objects.current().with_names().get(organisation=unit, topic__key=key)


def ended(it: Duty, today=TODAY) -> Duty:
    """As the nightly run ends it, without a reason in the catalogue."""
    Duty.objects.filter(pk=it.pk).update(ended_on=today)
    it.refresh_from_db()
    return it


def clock(of: Duty) -> Deadline:
    """The one clock that runs."""
    return Deadline.objects.of(of).open().get()


def retired(c, key: str, today=TODAY) -> Topic:
    topic = Topic.objects.get(key=key)
    topic.retired_on = today
    return services.save_topic(topic, by=c.office, reason="并入其他事项", today=today)
