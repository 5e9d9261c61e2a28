"""The evaluation of a year as its board shows it: units narrowed by level and state, and years that can be opened."""

import datetime
from typing import Any

from django.db.models import Count, F, Q

from evaluation.annual import counting, services
from evaluation.annual.flows import KEEPS, LEADS, OUTCOME, PROPOSAL
from evaluation.models import AnnualEvaluation, AnnualOutcome, AnnualProposal, OutcomeState
from longsha_credit.directory.models import Level
from longsha_credit.programme.models import Year
from longsha_credit.web.charts import bars

CHARTED = 12  # bars of one chart: more are read in the table
IN_ORDER = ("organisation__division_code", "organisation__path")  # each street before its communities
VIEWS = [("todo", "待我办"), *OutcomeState.choices]


def years(user: Any) -> list[dict[str, Any]]:
    """Every year with its evaluation, or with what an evaluation of it would rest on for who may open one."""
    opened = {
        row.year_id: row
        for row in AnnualEvaluation.objects.visible_to(user)
        .select_related("snapshot")
        .annotate(
            units=Count("outcomes"), decided=Count("outcomes", filter=Q(outcomes__state=OutcomeState.DECIDED))
        )
    }
    rows = []
    for year in Year.objects.visible_to(user).select_related("organisation")[:10]:
        row = {"year": year, "evaluation": opened.get(year.pk), "can_open": False}
        may = user.role_at(KEEPS, year.organisation.path) is not None and not year.is_frozen
        if row["evaluation"] is None and may:
            row["snapshot"], sets, row["results"] = services.ground_of(year)
            row["can_open"] = bool(row["results"]) and len(sets) == 2
        rows.append(row)
    return rows


def outcomes(user: Any, evaluation: AnnualEvaluation) -> Any:
    return AnnualOutcome.objects.visible_to(user).filter(evaluation=evaluation)


def viewed(rows: Any, query: Any, user: Any, today: datetime.date) -> tuple[Any, list[dict[str, Any]]]:
    """The rows of the asked view and level, and the views with their numbers; one query."""
    level = query.get("level")
    if level in (Level.STREET, Level.COMMUNITY):
        rows = rows.filter(organisation__level=level)
    decided_next = decisions_waiting(user, today).order_by().values("pk")
    mine = Q(pk__in=rows.filter(OUTCOME.waiting_for(user)).values("pk")) | Q(pk__in=decided_next)
    conditions = {"todo": mine, **{state: Q(state=state) for state in OutcomeState.values}}
    counts = {key: Count("pk", filter=condition) for key, condition in conditions.items()}
    numbers = rows.order_by().aggregate(all=Count("pk"), **{f"n_{key}": n for key, n in counts.items()})
    view = query.get("view")
    named = [{"key": "", "label": "全部", "count": numbers["all"], "current": view not in conditions}]
    named += [
        {"key": key, "label": label, "count": numbers[f"n_{key}"], "current": key == view}
        for key, label in VIEWS
    ]
    return (rows.filter(conditions[view]) if view in conditions else rows), named


def street_chart(user: Any, evaluation: AnnualEvaluation) -> dict[str, Any] | None:
    """Streets side by side in their own order: a chart, not a ranking."""
    rows = outcomes(user, evaluation).filter(organisation__level=Level.STREET)
    found = list(rows.select_related("organisation", "result").order_by(*IN_ORDER)[: CHARTED + 1])
    if len(found) < 2:
        return None
    named = [(row.organisation.name, counting.total_of(row)) for row in found[:CHARTED]]
    more = f"（前{CHARTED}个，其余见表）" if len(found) > CHARTED else ""
    return bars(named, f"{evaluation.year.number}年各街道得分，按单位次序{more}")


def decisions_waiting(user: Any, today: datetime.date) -> Any:
    """Outcomes the district may decide now: heard, or past their days; told ones first."""
    ready = Q(state=OutcomeState.DEFENDED) | Q(state=OutcomeState.TOLD, defence_until__lt=today)
    paths = [path for path in user.paths_for(KEEPS | LEADS) if path.count("/") == 2]
    below = Q(pk__in=[])
    for path in paths:
        below |= Q(organisation__path__startswith=path)
    rows = AnnualOutcome.objects.visible_to(user).with_names()
    return rows.filter(ready, below).exclude(told_by=user.pk)


def undisputed(user: Any, evaluation: AnnualEvaluation, today: datetime.date) -> Any:
    """Those among them that `user` may decide together: nobody spoke against what was told, and it is so still."""
    unchanged = {"told_total": F("result__total"), "told_grade": F("result__grade"), "result__awaiting": 0}
    rows = decisions_waiting(user, today).filter(evaluation=evaluation, **unchanged)
    return rows.exclude(defences__agrees=False).order_by(*IN_ORDER)


def to_defend(user: Any, today: datetime.date) -> Any:
    """Outcomes the unit may still speak about."""
    rows = AnnualOutcome.objects.visible_to(user).with_names()
    return rows.filter(OUTCOME.waiting_for(user), defence_until__gte=today)


def proposals_asked(user: Any) -> Any:
    return AnnualProposal.objects.visible_to(user).with_names().filter(PROPOSAL.waiting_for(user))
