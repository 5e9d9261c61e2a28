"""What the robots say in the groups: which reminders, in which words, and each message once.

A message is claimed in one transaction and sent after it. Who is killed in between leaves a message of which nobody
knows whether it arrived: it is shown as that and not sent again. What was refused is sent again with what came since.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from longsha_credit.audit.sealing import Sealed, open_sealed
from longsha_credit.deadlines import robots
from longsha_credit.deadlines.models import ChatLine, ChatMessage, ChatRobot, Place, Reminder, Slip
from longsha_credit.deadlines.reference import OPEN_TITLES
from longsha_credit.directory.models import Level
from longsha_credit.directory.models.users import LINE

LONGEST = 1900  # bytes; 企业微信 takes 2048
OLDEST = datetime.timedelta(days=7)  # what is older is no news for a group; it stands on the desk
SILENCE = datetime.timedelta(minutes=2)  # longer than any answer is waited for


def send_to_groups(*, today: datetime.date, now: datetime.datetime | None = None) -> int:
    """Send every group what was reminded of and not said there yet; gives how many messages went.

    Safe to run late, twice and beside itself.
    """
    now = now or timezone.now()
    found = _by_robot(now)
    waiting = ChatMessage.objects.waiting().filter(robot__ended_at=None)
    for pk in waiting.values_list("robot", flat=True):
        found.setdefault(pk, [])
    return sum(_deliver(pk, reminders, today, now) for pk, reminders in found.items())


def _by_robot(now: datetime.datetime) -> dict[int, list[int]]:
    """The reminders that went out and stand in no message, by the robot whose group hears them."""
    heard = {
        robot.organisation_id: robot for robot in ChatRobot.objects.in_use().select_related("organisation")
    }
    found: dict[int, list[int]] = {}
    for reminder in _unsaid(now) if heard else []:
        robot = _robot_for(reminder, heard)
        if robot and reminder.sent_at and reminder.sent_at >= robot.created_at:
            found.setdefault(robot.pk, []).append(reminder.pk)
    return found


def _unsaid(now: datetime.datetime) -> Iterable[Reminder]:
    """Those of units that a robot in use stands at or above. Nothing of cases, of people's records, or of what somebody
    must be kept apart from."""
    in_line = Q()
    for step in LINE:
        in_line |= Q(organisation=OuterRef(f"deadline__organisation__{step}"))
    heard = ChatRobot.objects.in_use().filter(in_line, created_at__lte=OuterRef("sent_at"))
    rows = Reminder.objects.filter(
        Exists(heard),
        sent_at__gte=now - OLDEST,
        chat_line=None,
        deadline__apart_from=None,
        deadline__rule_key__in=OPEN_TITLES,
        deadline__met_on=None,
        deadline__cancelled_at=None,
    ).select_related("deadline__organisation")
    columns = ("sent_at", "place", "slip", "deadline__organisation__path", "deadline__organisation__level")
    return rows.only(*columns).order_by("id").iterator(chunk_size=2000)


def _robot_for(reminder: Reminder, heard: dict[int, ChatRobot]) -> ChatRobot | None:
    """The nearest unit's at or above the clock's (above, for what goes to the superior); the district's own group
    hears of a unit below only the red slips."""
    unit = reminder.deadline.organisation
    line = [int(part) for part in unit.path.strip("/").split("/")]
    for pk in reversed(line[:-1] if reminder.place == Place.ABOVE else line):
        if pk in heard:
            far = heard[pk].organisation.level == Level.DISTRICT and pk != unit.pk
            return None if far and reminder.slip != Slip.RED else heard[pk]
    return None


def _deliver(robot_pk: int, reminders: list[int], today: datetime.date, now: datetime.datetime) -> bool:
    message = _claim(robot_pk, reminders, today, now)
    if message is None:
        return False
    settle(message, speak(message.robot, message.text), now)
    return message.sent_at is not None


@transaction.atomic
def _claim(
    robot_pk: int, reminders: list[int], today: datetime.date, now: datetime.datetime
) -> ChatMessage | None:
    """The robot's message with all that waits, marked as being sent; None where another worker is at it."""
    robot = ChatRobot.objects.in_use().select_for_update(skip_locked=True, of=("self",)).filter(pk=robot_pk)
    found = robot.select_related("organisation").first()
    if found is None:
        return None
    message = ChatMessage.objects.waiting().filter(robot=found).first()
    if message and message.claimed_at:
        if message.claimed_at > now - SILENCE:
            return None
        ChatMessage.objects.filter(pk=message.pk).update(unsure_at=now, last_error="发的时候程序中断了。")
        message = None
    if message is None and not reminders:
        return None
    message = message or ChatMessage.objects.create(robot=found)
    ChatLine.objects.bulk_create(
        [ChatLine(message=message, reminder_id=pk) for pk in reminders], ignore_conflicts=True
    )
    message.text = _words(message, found, today)
    if not message.text:
        message.dropped_at = now
        message.save()
        return None
    message.claimed_at, message.attempts = now, message.attempts + 1
    message.save()
    return message


def _words(message: ChatMessage, robot: ChatRobot, today: datetime.date) -> str:
    """One line for each clock that still runs: unit, title, rule, day. Nothing where none does."""
    lines = (
        message.lines.filter(reminder__deadline__met_on=None, reminder__deadline__cancelled_at=None)
        .exclude(reminder__deadline__suspended=True)
        .select_related("reminder__deadline__organisation", "reminder__deadline__rule")
        .order_by("reminder__deadline__due_on", "reminder__deadline_id", "reminder__send_on")
    )
    clocks: dict[int, str] = {}
    for line in lines:
        clocks[line.reminder.deadline_id] = _line(line.reminder, robot, today)  # the last one is the sharpest
    return _fitted(f"{settings.SITE['name']}期限提醒（{today}）", list(clocks.values())) if clocks else ""


def _line(reminder: Reminder, robot: ChatRobot, today: datetime.date) -> str:
    clock = reminder.deadline
    slip = f"【{reminder.get_slip_display()}】" if reminder.slip else ""
    unit = "" if clock.organisation_id == robot.organisation_id else f"{clock.organisation.name}："
    days = (clock.due_on - today).days
    left = f"还有{days}天" if days > 0 else "今天到期" if days == 0 else f"已超期{-days}天"
    return f"{slip}{unit}{clock.title}（{clock.rule.label}），{clock.due_on} 到期，{left}"


def _fitted(head: str, lines: list[str]) -> str:
    """As many lines as one message takes, and how many more there are."""
    foot, shown, size = "请登录工作台办理。", [], len(f"{head}\n另有 9999 件。\n请登录工作台办理。".encode())
    for number, line in enumerate(lines, 1):
        text = f"{number}. {line}"
        size += len(text.encode()) + 1
        if size > LONGEST:
            break
        shown.append(text)
    more = [f"另有 {len(lines) - len(shown)} 件。"] if len(shown) < len(lines) else []
    return "\n".join([head, *shown, *more, foot])


def place_of(robot: ChatRobot) -> str:
    """What a sealed address is bound to."""
    return f"robot:{robot.organisation_id}:{robot.provider}"


def speak(robot: ChatRobot, text: str) -> robots.Outcome:
    """Send a text by a robot in use."""
    try:
        token, _, secret = open_sealed(robot.sealed, place_of(robot)).partition(" ")
    except Sealed as problem:
        return robots.Outcome(robots.REFUSED, f"{problem}也可以重新登记群机器人。")
    return robots.post(robot.provider, token, secret, text)


def settle(message: ChatMessage, outcome: robots.Outcome, now: datetime.datetime) -> None:
    """Write down what became of a message that was claimed."""
    message.last_error = outcome.sentence[:300]
    if outcome.what == robots.SENT:
        message.sent_at = now
    elif outcome.what == robots.UNSURE:
        message.unsure_at = now
    else:
        message.claimed_at = None
    columns: dict[str, Any] = {
        name: getattr(message, name) for name in ("last_error", "sent_at", "unsure_at", "claimed_at")
    }
    open_still = Q(sent_at=None, unsure_at=None, dropped_at=None)
    ChatMessage.objects.filter(open_still, pk=message.pk).update(**columns)
