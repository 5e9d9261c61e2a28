"""The office of the fictional district tried out once what the year comes to: a snapshot, and one that was dropped."""

from typing import Any

from evaluation import facts
from evaluation.models import Purpose
from evaluation.snapshots import FLOW
from longsha_credit.programme.models import Year


def tell(story: Any) -> None:
    story.at(40, _dropped, story)
    story.at(2, _taken, story)


def _opened(story: Any) -> Any:
    year, by = Year.objects.get(number=story.today.year), story.people["office"]
    return facts.opened(year, Purpose.TRIAL, by=by, today=story.day)


def _dropped(story: Any) -> None:
    FLOW.take(_opened(story), "drop", by=story.people["office"], reason="指标的计算方法还在征求意见")


def _taken(story: Any) -> None:
    facts.take_all(_opened(story))
