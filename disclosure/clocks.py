"""The clocks of what is published: by when information that was formed has to be public."""

import datetime

from disclosure.models import Notice
from longsha_credit.deadlines import services as deadlines


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
