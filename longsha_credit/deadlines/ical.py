"""One person's own clocks as a calendar that other programs subscribe to (RFC 5545): days, titles and nothing else."""

import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from icalendar import Calendar, Event

from longsha_credit.deadlines.models import Deadline, DeadlineChange
from longsha_credit.deadlines.reference import OPEN_TITLES

MOST = 1000
AGAIN = datetime.timedelta(hours=4)  # how often a program should look again


def calendar_for(user: Any, *, host: str, front: str) -> bytes:
    """The file for `user`. `host` makes the events' ids unique in the world; `front` is the portal's full address."""
    calendar = Calendar()
    site = settings.SITE["name"]
    calendar.add("prodid", f"-//{site}//deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{site}期限")
    calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT4H")
    for clock in _clocks(user):
        calendar.add_component(_event(clock, host, front))
    return bytes(calendar.to_ical())


def _clocks(user: Any) -> Any:
    """What is met, cancelled or stopped is not there, and leaves the reader's calendar when it looks again."""
    running = Deadline.objects.owed_by(user).running().with_names()
    moves = DeadlineChange.objects.filter(deadline=OuterRef("pk")).order_by().values("deadline")
    number = Coalesce(Subquery(moves.annotate(n=Count("pk")).values("n")), 0)
    return running.annotate(moves=number).order_by("due_on", "id")[:MOST]


def _event(clock: Any, host: str, front: str) -> Event:
    event = Event()
    open_title = clock.rule_key in OPEN_TITLES and clock.apart_from_id is None
    title = (
        f"{clock.title}（{clock.rule.label}）"
        if open_title
        else f"{clock.rule.label}（{clock.organisation}）"
    )
    event.add("uid", f"deadline-{clock.pk}@{host}")
    event.add("summary", title)
    event.add("dtstart", clock.due_on)
    event.add("dtend", clock.due_on + datetime.timedelta(days=1))
    event.add("dtstamp", clock.saved_at)
    event.add("last-modified", clock.saved_at)
    event.add("sequence", clock.moves)
    event.add("transp", "TRANSPARENT")
    event.add(
        "description",
        f"{clock.organisation}：{clock.rule.label}，{clock.rule.amount_in_words}。登录工作台办理。",
    )
    event.add("url", f"{front}desk/deadlines/{clock.pk}/")
    return event
