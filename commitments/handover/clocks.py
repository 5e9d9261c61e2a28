"""The clock of a handover: ten working days after the day on which somebody leaves."""

import datetime

from commitments.models import Handover
from commitments.models.handovers import RULE
from longsha_credit.deadlines import services as deadlines


def start(handover: Handover, *, today: datetime.date) -> None:
    deadlines.start(
        handover,
        RULE,
        organisation=handover.organisation,
        title=str(handover),
        path=f"desk/handovers/{handover.pk}/",
        starts_on=handover.leaves_on,
        today=today,
    )


def done(handover: Handover, *, today: datetime.date) -> None:
    deadlines.meet(handover, RULE, on=today)


def stop(handover: Handover, *, why: str) -> None:
    deadlines.cancel(handover, why=why[:200])
