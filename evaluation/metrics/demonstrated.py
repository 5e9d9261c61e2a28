"""Figures of the demonstration: who assessed itself in time, and how many units below a street reach the line."""

from decimal import Decimal

from django.db.models import F, Q

from evaluation.metrics.figures import Metric, Part, tallied
from evaluation.models import Application
from longsha_credit.directory.counting import Days, Tally

LINK = "desk/evaluation/demonstration/"


def self_assessments(days: Days) -> list[Tally]:
    """Applications whose self-assessment was due in these days, by whether they were sent by then."""
    rows = Application.objects.in_the_round().filter(
        cycle__assess_until__gte=days.start, cycle__assess_until__lte=days.last
    )
    in_time = Q(submitted_on__lte=F("cycle__assess_until"))
    parts = {"in_time": in_time, "late": ~in_time | Q(submitted_on=None)}
    return [Tally(rows, parts, said="cycle__title", day="submitted_on", link=LINK)]


def below_a_street(days: Days) -> list[Tally]:
    """Applications of the units directly below that were graded in a round of the year, by their grade."""
    rows = Application.objects.in_the_round().filter(cycle__year__number=days.start.year).exclude(grade="")
    reached = Q(grade__in=["candidate", "passed"])
    parts = {"reached": reached, "below": ~reached}
    return [
        Tally(rows, parts, unit="organisation__parent", said="organisation__name", day="saved_at", link=LINK)
    ]


SELF_ASSESSED_IN_TIME = Metric(
    key="self-assessed-in-time",
    title="自评按期",
    unit="%",
    formula="自评截止以前提交的申报数÷自评已经截止的申报数；撤回的不算，没有申报的不适用。",
    basis="试点方案二（六）；见创建指标表一6.1、表二6.1、表三6.1。",
    minimum_sample=1,
    parts=(
        Part("in_time", "按期提交", Decimal(1), "kept"),
        Part("late", "截止以后提交或没有提交", Decimal(0), "overdue"),
    ),
    **tallied(self_assessments),
    noun="次",
    is_public=False,
)

UNITS_REACHING = Metric(
    key="units-reaching",
    title="辖区单位达标率",
    unit="%",
    formula="示范候选和达标的单位数÷参加评价、已经定级的单位数；只算直接下属的社区、窗口、岗位。",
    basis="试点方案二（六）；见创建指标表一6.2。",
    minimum_sample=1,
    parts=(
        Part("reached", "达标", Decimal(1), "kept"),
        Part("below", "没有达标", Decimal(0), "broken"),
    ),
    **tallied(below_a_street),
    noun="个",
    is_public=False,
)

DEMONSTRATED = (SELF_ASSESSED_IN_TIME, UNITS_REACHING)
