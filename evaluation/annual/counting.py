"""The points of many units by headings, their facts at once, and who stands where."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Subquery, Sum

from evaluation.annual.reference import LEAST_COUNTED, LEAST_UNITS
from evaluation.models import AnnualOutcome, Fact, Heading, Indicator, IndicatorSet
from evaluation.scoring import GRADES
from longsha_credit.web.charts import words


def headings_of(sets: Iterable[IndicatorSet]) -> dict[int, list[int]]:
    """{set id: [number of the heading of each point of a result]}; one query."""
    found: dict[int, list[int]] = {one.pk: [] for one in sets}
    rows = Indicator.objects.filter(heading__set__in=found).order_by(
        "heading__set", "heading__number", "number"
    )
    for pk, number in rows.values_list("heading__set", "heading__number"):
        found[pk].append(number)
    return found


def names_of_headings(sheet: IndicatorSet) -> dict[int, str]:
    return dict(Heading.objects.filter(set=sheet).order_by("number").values_list("number", "title"))


def facts_of(outcomes: Any, metrics: Iterable[str]) -> dict[int, dict[str, Fact]]:
    """{organisation id: {metric: fact}} of the snapshot that each outcome's own result rests on; one query."""
    found: dict[int, dict[str, Fact]] = {}
    own = outcomes.order_by().filter(
        organisation=OuterRef("organisation"), result__snapshot=OuterRef("snapshot")
    )
    rows = Fact.objects.filter(
        Exists(own), metric__in=list(metrics), snapshot__in=outcomes.order_by().values("result__snapshot"),
        organisation__in=outcomes.order_by().values("organisation"),
    )  # fmt: skip
    for fact in rows:
        found.setdefault(fact.organisation_id, {})[fact.metric] = fact
    return found


def with_sample(outcomes: Any) -> Any:
    """Each outcome with `counted`: how many things were counted behind its points, all metrics together."""
    facts = Fact.objects.filter(
        snapshot=OuterRef("result__snapshot"), organisation=OuterRef("organisation")
    ).order_by()
    return outcomes.annotate(
        counted=Subquery(facts.values("organisation").annotate(n=Sum("denominator")).values("n")[:1])
    )


def total_of(outcome: AnnualOutcome) -> int:
    """The decided points, else those told, else those of the sheet as it stands; hundredths."""
    if outcome.total is not None:
        return outcome.total
    return outcome.result.total if outcome.told_total is None else outcome.told_total


def grade_of(outcome: AnnualOutcome) -> str:
    key = outcome.grade or outcome.told_grade or outcome.result.grade
    return GRADES.get(key, "")


def league(outcomes: list[AnnualOutcome]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Units with a place, best first and equals together, and units without one, each with why.

    `outcomes` are of one level, with `counted`. A place is given above the minimum sample only, to whole sheets, and
    among LEAST_UNITS units at least.
    """
    fit, unfit = [], []
    for outcome in outcomes:
        row = {"outcome": outcome, "total": total_of(outcome), "words": words(total_of(outcome))}
        row |= {"counted": outcome.counted or 0, "grade": grade_of(outcome)}
        if outcome.result.awaiting:
            unfit.append(row | {"why": f"还有{outcome.result.awaiting}项待人工评审"})
        elif row["counted"] < LEAST_COUNTED:
            unfit.append(row | {"why": f"样本不足（只有{row['counted']}件，少于{LEAST_COUNTED}件）"})
        else:
            fit.append(row)
    fit.sort(key=lambda row: -row["total"])
    if len(fit) < LEAST_UNITS:
        return [], [row | {"why": f"能比较的单位不足{LEAST_UNITS}个"} for row in fit] + unfit
    for number, row in enumerate(fit):
        equal = number and fit[number - 1]["total"] == row["total"]
        row["place"] = fit[number - 1]["place"] if equal else number + 1
    return fit, unfit
