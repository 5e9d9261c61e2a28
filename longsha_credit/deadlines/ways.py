"""Setting how one is told: the mail's hour, the address of one's calendar, the robot of a unit's chat group."""

import hmac
from base64 import urlsafe_b64encode
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from longsha_credit.audit.sealing import seal
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.deadlines import chat, robots
from longsha_credit.deadlines.models import CalendarFeed, ChatMessage, ChatRobot, Preference
from longsha_credit.directory.models import Organisation, User
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import require_within

KEEPS_ROBOT = frozenset({Role.LEAD, Role.OFFICE})


def preference_of(user: User) -> Preference:
    """How a person is told; what nobody set stands at its beginning."""
    return Preference.objects.visible_to(user).first() or Preference(user=user)


def set_preference(user: User, *, mail_hour: int, red_at_once: bool) -> Preference:
    columns = {"mail_hour": mail_hour, "red_at_once": red_at_once}
    return Preference.objects.update_or_create(user=user, defaults=columns)[0]


def calendar_of(user: User) -> CalendarFeed | None:
    """The person's calendar address, where there is one."""
    return CalendarFeed.objects.visible_to(user).filter(is_on=True).first()


def token_of(feed: CalendarFeed) -> str:
    """The secret part of an address: worked out from the portal's key, so that it stands in no table."""
    mark = salted_hmac("deadlines.calendar", f"{feed.user_id}:{feed.serial}", algorithm="sha256").digest()
    return urlsafe_b64encode(mark).decode().rstrip("=")


@transaction.atomic
def renew_calendar(user: User) -> CalendarFeed:
    """A new address for one's calendar; the one before it ends at once."""
    feed, new = CalendarFeed.objects.select_for_update().get_or_create(user=user)
    if not new:
        feed.serial, feed.is_on = feed.serial + 1, True
        feed.save()
    return feed


def stop_calendar(user: User) -> None:
    CalendarFeed.objects.visible_to(user).update(is_on=False, saved_at=timezone.now())


def reader_of(pk: int, token: str) -> User | None:
    """Whose calendar this address is; None for a wrong one, an old one, and for who may not sign in any more."""
    feed = (
        CalendarFeed.objects.filter(user=pk, is_on=True, user__is_active=True).select_related("user").first()
    )
    if feed is None or not hmac.compare_digest(token_of(feed).encode(), token.encode()):
        return None
    return feed.user


def robot_of(organisation: Organisation) -> ChatRobot | None:
    return ChatRobot.objects.in_use().filter(organisation=organisation).select_related("by").first()


@transaction.atomic
def set_robot(organisation: Organisation, *, address: str, secret: str = "", by: Any) -> ChatRobot:
    """The robot of a unit's group, in place of the one before it.

    `address` is the whole address a house shows, `secret` the key it signs with. Raises Refused with a sentence for
    any other address, Http404 for who does not lead the unit or the district's office.
    """
    require_within(by, organisation, KEEPS_ROBOT)
    try:
        provider, token = robots.read_address(address)
    except ValueError as problem:
        raise Refused(str(problem), "guard") from problem
    if secret and not robots.SECRET.fullmatch(secret):
        raise Refused("签名密钥只有字母和数字，请从群机器人的安全设置里整条复制。", "guard")
    Organisation.objects.select_for_update().get(
        pk=organisation.pk
    )  # two people at once: the later one's stands
    _end(organisation)
    robot = ChatRobot(organisation=organisation, provider=provider, by=by)
    robot.sealed = seal(f"{token} {secret}".strip(), chat.place_of(robot))
    robot.save()
    record(robot, step="set_robot", label="登记群机器人", by=by, roles=KEEPS_ROBOT)
    return robot


@transaction.atomic
def remove_robot(robot: ChatRobot, *, by: Any) -> None:
    """The robot says nothing more and its address is wiped. Raises Http404."""
    require_within(by, robot.organisation, KEEPS_ROBOT)
    _end(robot.organisation)
    record(robot, step="remove_robot", label="停用群机器人", by=by, roles=KEEPS_ROBOT)


def _end(organisation: Organisation) -> None:
    now = timezone.now()
    standing = ChatRobot.objects.select_for_update(of=("self",)).filter(
        organisation=organisation, ended_at=None
    )
    for robot in standing:
        ChatMessage.objects.waiting().filter(robot=robot).update(dropped_at=now, last_error="机器人停用了。")
        robot.ended_at, robot.sealed = now, ""
        robot.save()


def try_robot(robot: ChatRobot, *, by: Any) -> robots.Outcome:
    """Say one sentence in the group now; gives what became of it. Raises Http404."""
    require_within(by, robot.organisation, KEEPS_ROBOT)
    now = timezone.now()
    text = f"期限提醒试发：{robot.organisation}的群机器人接通了。以后到期提醒、督办单的事项和日期会发到这里。"
    message = ChatMessage.objects.create(robot=robot, is_test=True, text=text, claimed_at=now, attempts=1)
    outcome = chat.speak(robot, text)
    chat.settle(message, outcome, timezone.now())
    return outcome
