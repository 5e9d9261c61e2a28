"""What the page of one unit's outcome shows, and what is counted of its officials."""

import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse

from evaluation.annual import counting
from evaluation.annual.conditions import heard
from evaluation.annual.flows import OFFICE, OUTCOME, PROPOSAL
from evaluation.annual.services import READS_OFFICIALS, newer_snapshot
from evaluation.models import AnnualOutcome, AnnualProposal, Defence, OutcomeState
from evaluation.reading import sheet_of
from evaluation.scoring import GRADES
from longsha_credit.audit.history import timeline
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.models import Official
from longsha_credit.programme.models import TrainingHours
from longsha_credit.programme.models.training import KEEPS_HOURS
from longsha_credit.web.charts import line, words
from records.models import Record
from records.models.catalogue import RecordKind

YEARS = 8  # of the chart


def page_context(outcome: AnnualOutcome, user: Any, today: datetime.date) -> dict[str, Any]:
    result = outcome.result
    proposals = list(AnnualProposal.objects.visible_to(user).with_names().filter(outcome=outcome))
    works = user.role_at(OFFICE, outcome.year.organisation.path) is not None
    moved = outcome.told_total is not None and outcome.told_total != result.total
    return {
        "outcome": outcome,
        "parts": sheet_of(result),
        "can_mark": works and outcome.state != OutcomeState.DECIDED and not outcome.year.is_frozen,
        "total": words(counting.total_of(outcome)),
        "grade": counting.grade_of(outcome),
        "now": words(result.total) if moved and outcome.state != OutcomeState.DECIDED else "",
        "told_grade": GRADES.get(outcome.told_grade, ""),
        "told_total": words(outcome.told_total) if outcome.told_total is not None else "",
        "defence": Defence.objects.visible_to(user).select_related("by").filter(outcome=outcome).first(),
        "proposals": proposals,
        "may_propose": works,
        "no_proposal": heard(outcome, today) if works else [],
        "reads_officials": user.role_at(READS_OFFICIALS, outcome.organisation.path) is not None,
        "chart": years_chart(user, outcome),
        "offers": OUTCOME.available(
            outcome, user, url=lambda step: reverse("annual:outcome_step", args=[outcome.pk, step])
        ),
        "clocks": list(
            Deadline.objects.visible_to(user)
            .of(outcome)
            .open()
            .filter(due_on__gte=today)
            .select_related("rule")
        ),
        "today": today,
        "entries": timeline([outcome], limit=40),
        **_anew(outcome, works),
    }


def _anew(outcome: AnnualOutcome, works: bool) -> dict[str, Any]:
    """Whether the outcome may rest on facts taken later, for who works on it: `may_take_anew`, `newer`, if there are."""
    heard = outcome.state in (OutcomeState.TOLD, OutcomeState.DEFENDED)
    may = works and heard and not outcome.year.is_frozen
    return {"may_take_anew": may, "newer": newer_snapshot(outcome) if may else None}


def before_step(outcome: AnnualOutcome, user: Any) -> dict[str, Any]:
    """What who takes a step should have before them: the points now and as told, and what the unit said."""
    defence = Defence.objects.visible_to(user).select_related("by").filter(outcome=outcome).first()
    told = words(outcome.told_total) if outcome.told_total is not None else ""
    return {"total": words(outcome.result.total), "told_total": told, "defence": defence}


def years_chart(user: Any, outcome: AnnualOutcome) -> dict[str, Any] | None:
    """The unit's points year by year, where there are two years at least."""
    rows = AnnualOutcome.objects.visible_to(user).filter(organisation=outcome.organisation_id)
    found = list(rows.select_related("year", "result").order_by("year__number"))
    if len(found) < 2:
        return None
    points = [(f"{row.year.number}年", counting.total_of(row)) for row in found[-YEARS:]]
    return line(points, f"{outcome.organisation.name}历年得分")


def proposal_context(proposal: AnnualProposal, user: Any) -> dict[str, Any]:
    return {
        "proposal": proposal,
        "outcome": proposal.outcome,
        "offers": PROPOSAL.available(
            proposal, user, url=lambda step: reverse("annual:proposal_step", args=[proposal.pk, step])
        ),
        "can_edit": proposal.state == "draft"
        and user.role_at(OFFICE, proposal.organisation.district().path) is not None,
        "entries": timeline([proposal], limit=40),
    }


def officials(people: list[Official], year: Any, user: Any) -> list[dict[str, Any]]:
    """Counts and facts of each, in the order of staff numbers: nothing is added up, nobody is placed before another.

    honours and breaches in effect, breaches repaired, and hours of training; None where this reader may not see hours
    by person (the district sees shares only). Two queries.
    """
    records = Record.objects.visible_to(user).filter(official__in=people)
    tally = {
        row["official"]: row
        for row in records.order_by()
        .values("official")
        .annotate(
            honours=Count("pk", filter=Q(item__kind=RecordKind.TRUST, state__in=["effective", "revoking"])),
            breaches=Count(
                "pk",
                filter=Q(item__kind=RecordKind.BREACH, part="party", state__in=["effective", "revoking"]),
            ),
            repaired=Count("pk", filter=Q(item__kind=RecordKind.BREACH, part="party", state="repaired")),
        )
    }
    learned = TrainingHours.objects.visible_to(user).confirmed().filter(official__in=people, year=year)
    hours: dict[int, Decimal] = dict(
        learned.order_by().values("official").annotate(n=Sum("hours")).values_list("official", "n")
    )
    sees_hours = bool(people) and _sees_hours(people[0], user)
    nothing = {"honours": 0, "breaches": 0, "repaired": 0}
    return [
        nothing
        | tally.get(one.pk, {})
        | {"official": one, "hours": hours.get(one.pk, 0) if sees_hours else None}
        for one in people
    ]


def _sees_hours(one: Official, user: Any) -> bool:
    paths = [path for path in user.paths_for(KEEPS_HOURS) if path.count("/") > 2]
    return any(one.organisation.path.startswith(path) for path in paths)
