"""Clocks for the tests of deadlines, started on plain organisations: any row can owe something by a day."""

import datetime

from django.utils import timezone

from longsha_credit.deadlines import services, ways
from longsha_credit.deadlines.models import ChatLine, ChatMessage, Digest, Holiday, Notification, Reminder
from longsha_credit.deadlines.sending import send_due


def day(text):
    return datetime.date.fromisoformat(text)


def start(unit, key="disclosure_publish", on="2026-11-02", today=None, due=None, obj=None, **more):
    """A clock of `unit`, by default twenty working days from Monday 2 November 2026: due on Monday 30 November."""
    return services.start(
        obj or unit,
        key,
        organisation=unit,
        title=more.get("title", "公开办事指南"),
        path="desk/organisations/1/",
        starts_on=day(on),
        due_on=day(due) if due else None,
        today=day(today or on),
    )


def planned(deadline, **only):
    """What is to be sent, as (day, role, place, slip)."""
    rows = deadline.reminders.unsent().filter(**only)
    return [(str(r.send_on), r.role, r.place, r.slip) for r in rows.order_by("send_on", "role", "place")]


def told(deadline=None):
    """Who was told, as (account, slip, text), in the order of writing."""
    rows = Notification.objects.order_by("reminder__send_on", "user__username", "id")
    if deadline:
        rows = rows.filter(reminder__deadline=deadline)
    return [(n.user.username, n.slip, n.text) for n in rows.select_related("user")]


def of_every_kind(c):
    """One row of everything this package keeps, of the first street: for the tables of addresses and of rules."""
    today = timezone.localdate()
    clock, stopped, asked = (
        start(c.street, "foi_reply", on=today.isoformat(), obj=obj) for obj in (c.post, c.window, c.community)
    )
    services.suspend(stopped, reason="征求第三方意见", by=c.office, today=today)
    extension = services.ask_extension(asked, reason="材料多", by=c.clerk, today=today)
    plain = start(c.street, "handover", on=today.isoformat(), obj=c.post)
    ended = start(c.other_street, "foi_reply", on=today.isoformat())
    services.suspend(ended, reason="征求第三方意见", by=c.office, today=today)
    services.resume(ended, by=c.office, today=today + datetime.timedelta(days=7))
    late = start(c.other_street, "commitment_due", on="2026-03-02", due="2026-03-02")
    send_due(today=today)
    sent = late.reminders.filter(sent_at__isnull=False, role="clerk").get()
    holiday = Holiday.objects.create(day=day("2027-10-08"), is_workday=False, name="国庆节", by=c.office)
    notice = Notification.objects.create(
        user=c.clerk, organisation=c.street, title="办事指南", text="还有3天", path="desk/", at=timezone.now()
    )
    return {
        "clock": clock, "stopped_clock": stopped, "asked_clock": asked, "extension": extension,
        "suspension": stopped.suspensions.get(), "ended_suspension": ended.suspensions.get(),
        "plain_clock": plain, "rule": clock.rule, "moved": ended.changes.get(), "holiday": holiday,
        "planned_reminder": clock.reminders.unsent().filter(kind="before")[0], "sent_reminder": sent,
        "told": sent.notifications.get(), "notice": notice,
        "digest": Digest.objects.create(user=c.clerk, day=today),
    }  # fmt: skip


WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=11112222-3333-4444"


def ways_of_every_kind(c):
    """How people of the street are told: preferences, a calendar, a robot that is in use and one that ended."""
    now = timezone.now()
    old_robot = ways.set_robot(c.street, address=WECOM, by=c.lead)
    robot = ways.set_robot(c.street, address=WECOM, by=c.lead)
    waiting = ChatMessage.objects.create(robot=robot, text="要发的", claimed_at=now)
    return {
        "preference": ways.set_preference(c.clerk, mail_hour=10, red_at_once=True),
        "feed": ways.renew_calendar(c.clerk),
        "red_digest": Digest.objects.create(user=c.lead, day=now.date(), kind="red"),
        "old_robot": old_robot, "robot": robot, "chat_waiting": waiting,
        "chat_sent": ChatMessage.objects.create(robot=robot, text="发了的", sent_at=now),
        "chat_line": ChatLine.objects.create(message=waiting, reminder=Reminder.objects.exclude(sent_at=None)[0]),
    }  # fmt: skip
