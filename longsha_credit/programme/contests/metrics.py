"""What evaluation may ask of contests and tests: how many took part of those meant to, how many passed.

A contest counts in the year in which it closed, while it is public; people of a unit are numbers only.
"""

from django.db.models import (
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)

from longsha_credit.directory.counting import Days, Tally
from longsha_credit.programme.models import Attempt, Contest, ContestUnit, Counts, Entrant, PaperQuestion

UNIT = "unit__organisation"
RESIDENTS_ASKED = 5  # percent of a unit's residents a contest aims at (建议值)


def _over(days: Days) -> QuerySet[Contest]:
    return (
        Contest.objects.public()
        .order_by()
        .filter(closes_at__date__gte=days.start, closes_at__date__lte=days.last)
    )


def _took_part(days: Days, **who: bool) -> QuerySet[Entrant]:
    begun = Exists(Attempt.objects.order_by().filter(entrant=OuterRef("pk")))
    return Entrant.objects.order_by().filter(begun, contest__in=_over(days), **who)


def _units(days: Days) -> QuerySet[ContestUnit]:
    return ContestUnit.objects.order_by().filter(contest__in=_over(days))


def _of_those_asked(took: QuerySet[Entrant], units: QuerySet[ContestUnit], asked: F) -> list[Tally]:
    return [
        Tally(
            units,
            {"absent": None},
            number=asked,
            said="contest__title",
            code="contest__code",
            day="contest__closes_at",
        ),
        Tally(took, {"absent": None}, unit=UNIT, number=-1),
        Tally(took, {"took": None}, unit=UNIT),
    ]


def taken(days: Days) -> list[Tally]:
    """Officials who took the tests of the year, of those the units have."""
    units = _units(days).filter(officials__isnull=False)
    return _of_those_asked(_took_part(days, official__isnull=False), units, F("officials"))


def residents(days: Days) -> list[Tally]:
    """Residents who took part, of as many as a contest aims at; below one nobody is aimed at."""
    units = _units(days).filter(residents__isnull=False)
    whole = ExpressionWrapper((F("residents") * RESIDENTS_ASKED + 99) / 100, output_field=IntegerField())
    units = units.annotate(asked=whole)
    return _of_those_asked(_took_part(days, official__isnull=True), units, F("asked"))


def passed(days: Days) -> list[Tally]:
    """Officials who took a test with a pass mark, by whether the attempt that counts reached it."""
    full = PaperQuestion.objects.order_by().filter(paper=OuterRef("contest__paper")).values("paper")
    full = full.annotate(full=Sum("points")).values("full")
    rows = _took_part(days, official__isnull=False).filter(contest__pass_percent__isnull=False)
    needed = ExpressionWrapper(Subquery(full) * F("contest__pass_percent"), output_field=IntegerField())
    rows = rows.annotate(needed=needed)
    tries = Attempt.objects.order_by().with_score().annotate(reached=F("score") * Value(100))
    tries = tries.filter(Q(number=1) | Q(entrant__contest__counts=Counts.BEST), entrant=OuterRef("pk"))
    rows = rows.annotate(good=Exists(tries.filter(reached__gte=OuterRef("needed"))))
    parts = {"passed": Q(good=True), "failed": Q(good=False)}
    return [
        Tally(rows, parts, unit=UNIT, said="contest__title", code="contest__code", day="contest__closes_at")
    ]
