"""How the people of the fictional district are told: mail hours, a calendar, and a robot that was tried and ended.

The robot has ended, so that the demo calls no house outside.
"""

from typing import Any

from django.utils import timezone

from longsha_credit.deadlines import ways
from longsha_credit.deadlines.models import ChatMessage

ADDRESS = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=demo-0000-1111-2222"
# days ago, text, the column that says how it ended, why
MESSAGES = (
    (20, "期限提醒试发：临江街道的群机器人接通了。", "sent_at", ""),
    (12, "期限提醒\n1. 便民市场增设遮雨棚（承诺完成期限），还有7天", "sent_at", ""),
    (
        8,
        "期限提醒\n1. 便民市场增设遮雨棚（承诺完成期限），还有3天",
        "unsure_at",
        "发出以后没有收到回答：TimeoutError",
    ),
    (5, "", "dropped_at", "对方拒收（310000）：keywords not in content"),
)


def tell(story: Any) -> None:
    people = story.people
    story.at(30, ways.set_preference, people["street1"], mail_hour=9, red_at_once=False)
    story.at(30, ways.set_preference, people["street1lead"], mail_hour=14, red_at_once=True)
    story.at(28, ways.renew_calendar, people["street1"])
    unit = story.units["临江街道"]
    story.at(20, ways.set_robot, unit, address=ADDRESS, by=people["street2lead"])
    for ago, text, ending, why in MESSAGES:
        story.at(ago, _message, unit, text, ending, why, is_test=ago == 20)
    story.at(3, lambda: ways.remove_robot(ways.robot_of(unit), by=people["street2lead"]))


def _message(unit: Any, text: str, ending: str, why: str, *, is_test: bool) -> None:
    now = timezone.now()
    ended = {ending: now, "claimed_at": None if ending == "dropped_at" else now}
    ChatMessage.objects.create(
        robot=ways.robot_of(unit), text=text, is_test=is_test, attempts=1, last_error=why, **ended
    )
