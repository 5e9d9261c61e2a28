"""A unit's sheet with every point opened, the facts of many units at once, and who stands where."""

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Subquery, Sum

from evaluation.annual.reference import LEAST_COUNTED, LEAST_UNITS
from evaluation.metrics import METRICS
from evaluation.models import AnnualOutcome, Fact, Heading, Indicator, IndicatorSet, Mark, Result
from evaluation.scoring import GRADES
from longsha_credit.web.charts import words


def indicators_of(sheet: IndicatorSet) -> list[Indicator]:
    """The indicators of a set in the order of a result's points."""
    return list(
        Indicator.objects.filter(heading__set=sheet)
        .select_related("heading")
        .order_by("heading__number", "number")
    )


def title_of(metric: str) -> str:
    return METRICS[metric].title if metric in METRICS else metric


def sheet_of(result: Result) -> list[dict[str, Any]]:
    """The sheet heading by heading: {title, earned, worth, rows}; a row is an indicator with its points, the facts
    they come from and the mark a person gave. Three queries."""
    facts = {
        fact.metric: fact
        for fact in Fact.objects.filter(snapshot=result.snapshot_id, organisation=result.organisation_id)
    }
    marks: dict[int, Mark] = {}
    for mark in (
        Mark.objects.filter(snapshot=result.snapshot_id, organisation=result.organisation_id)
        .select_related("by")
        .order_by("id")
    ):
        marks[mark.indicator_id] = mark
    headings: dict[int, dict[str, Any]] = {}
    for indicator, earned, worth in zip(indicators_of(result.set), result.earned, result.worth, strict=False):
        heading = headings.setdefault(
            indicator.heading.number,
            {
                "number": indicator.heading.number,
                "title": indicator.heading.title,
                "earned": 0,
                "worth": 0,
                "rows": [],
            },
        )
        heading["earned"] += earned or 0
        heading["worth"] += worth
        heading["rows"].append(_row(indicator, earned, worth, facts, marks.get(indicator.pk)))
    for heading in headings.values():
        heading["earned_words"], heading["worth_words"] = words(heading["earned"]), words(heading["worth"])
    return list(headings.values())


def _row(
    indicator: Indicator, earned: int | None, worth: int, facts: dict, mark: Mark | None
) -> dict[str, Any]:
    counted = [
        {
            "title": title_of(measure["metric"]),
            "part": words(facts[measure["metric"]].numerator),
            "whole": facts[measure["metric"]].denominator,
        }
        for measure in indicator.measures
        if measure["metric"] in facts
    ]
    return {
        "indicator": indicator,
        "earned": None if earned is None else words(earned),
        "worth": words(worth),
        "spread": words(indicator.points) if worth and worth != indicator.points else "",
        "applies": worth > 0,
        "facts": counted,
        "mark": mark,
    }


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
    """{organisation id: {metric: fact}} of the snapshot the outcomes rest on; one query."""
    found: dict[int, dict[str, Fact]] = {}
    rows = Fact.objects.filter(
        metric__in=list(metrics),
        snapshot__in=outcomes.order_by().values("result__snapshot"),
        organisation__in=outcomes.order_by().values("organisation"),
    )
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
