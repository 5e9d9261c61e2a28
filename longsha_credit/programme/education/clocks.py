"""The clocks of an activity: held on its planned day, and some working days after it its summary is written."""

import datetime
from typing import Any

from longsha_credit.deadlines import services as deadlines
from longsha_credit.programme.education.reference import HOLD_RULE, SUMMARY_RULE
from longsha_credit.programme.models import Activity, ActivityState


def follow(activity: Activity, *, today: datetime.date) -> None:
    """A plan was made or changed, or the activity was held: its clocks run from its day."""
    if activity.state == ActivityState.PLANNED:
        _run(activity, HOLD_RULE, today, starts_on=today, due_on=activity.planned_on)
    else:
        deadlines.meet(activity, HOLD_RULE, on=today)
    _run(activity, SUMMARY_RULE, today, starts_on=activity.day)


def _run(activity: Activity, rule: str, today: datetime.date, **days: Any) -> None:
    running = deadlines.open_of(activity).filter(rule_key=rule).first()
    if running is None:
        deadlines.start(
            activity,
            rule,
            organisation=activity.organisation,
            title=activity.title,
            path=f"desk/education/{activity.pk}/",
            today=today,
            **days,
        )
        return
    stands = (running.given_on or running.starts_on, running.title)
    if stands != (days.get("due_on", days["starts_on"]), activity.title):
        deadlines.move(activity, rule, why="改了日期或名称", today=today, title=activity.title, **days)


def met(activity: Activity, *, today: datetime.date) -> None:
    deadlines.meet(activity, SUMMARY_RULE, on=today)


def cancelled(activity: Activity) -> None:
    for rule in (HOLD_RULE, SUMMARY_RULE):
        deadlines.cancel(activity, why="活动取消", rule_key=rule)
