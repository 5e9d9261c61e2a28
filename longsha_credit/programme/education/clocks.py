"""The clock of an activity: some working days after the planned day its summary is written."""

import datetime

from longsha_credit.deadlines import services as deadlines
from longsha_credit.programme.education.reference import SUMMARY_RULE
from longsha_credit.programme.models import Activity


def follow(activity: Activity, *, today: datetime.date) -> None:
    """A plan was made or changed: the clock runs from the planned day."""
    running = deadlines.open_of(activity).filter(rule_key=SUMMARY_RULE).first()
    if running is None:
        deadlines.start(
            activity,
            SUMMARY_RULE,
            organisation=activity.organisation,
            title=activity.title,
            path=f"desk/education/{activity.pk}/",
            starts_on=activity.day,
            today=today,
        )
    elif (running.starts_on, running.title) != (activity.day, activity.title):
        deadlines.move(
            activity,
            SUMMARY_RULE,
            why="改了日期或名称",
            today=today,
            starts_on=activity.day,
            title=activity.title,
        )


def met(activity: Activity, *, today: datetime.date) -> None:
    deadlines.meet(activity, SUMMARY_RULE, on=today)


def cancelled(activity: Activity) -> None:
    deadlines.cancel(activity, why="活动取消", rule_key=SUMMARY_RULE)
