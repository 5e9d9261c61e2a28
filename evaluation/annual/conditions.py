"""What stands against a step of the annual evaluation, and which columns a step writes with the state."""

import datetime
from typing import Any

from django.db.models import Q

from evaluation.annual.reference import DEFENCE_RULE
from evaluation.models import AnnualEvaluation, AnnualOutcome, AnnualProposal, OutcomeState, ProposalKind
from longsha_credit.audit.workflow import Refused, Taken
from longsha_credit.deadlines import services as deadlines
from longsha_credit.directory.roles import Role
from longsha_credit.exchange.numbering import next_number


def _not_of_the_unit(user: Any) -> Q:
    """Rows of units that `user` does not lead, whether as their own lead or as that of their street."""
    led = [
        m.organisation.path
        for m in user.current_memberships
        if m.role == Role.LEAD and m.organisation.path.count("/") > 2
    ]
    own = Q(pk__in=[])
    for path in led:
        own |= Q(organisation__path__startswith=path)
    return ~own


BY_THE_UNIT = (_not_of_the_unit, "陈述申辩由被考评的单位自己提出，区里不能代它说。")
NOT_THE_TELLER = {"told_by_id": "结果是您告知的，须由另一个人审定。"}
NOT_THE_WRITER = {"created_by_id": "建议是您拟的，须由另一个人审批。"}


def year_is_open(row: Any, today: datetime.date) -> list[str]:
    return [f"{row.year}已封存，考评结果不能再改。"] if row.year.is_frozen else []


def all_is_decided(evaluation: AnnualEvaluation, today: datetime.date) -> list[str]:
    waiting = evaluation.outcomes.exclude(state=OutcomeState.DECIDED).count()
    problems = year_is_open(evaluation, today)
    return [*problems, f"还有{waiting}个单位的结果没有审定。"] if waiting else problems


def closes(taken: Taken) -> dict[str, Any]:
    return {"closed_on": taken.today}


def is_whole(outcome: AnnualOutcome, today: datetime.date) -> list[str]:
    """Nothing is told or decided while a person has still to mark."""
    problems = year_is_open(outcome, today)
    if outcome.result.awaiting:
        problems.append(f"还有{outcome.result.awaiting}项等人工评审，评完重新测算以后再办。")
    return problems


def tells(taken: Taken) -> dict[str, Any]:
    result = taken.obj.result
    until = deadlines.due_day_of(DEFENCE_RULE, starts_on=taken.today, today=taken.today)
    return {
        "told_by": taken.by,
        "told_on": taken.today,
        "told_total": result.total,
        "told_grade": result.grade,
        "defence_until": until,
    }


def within_the_days(outcome: AnnualOutcome, today: datetime.date) -> list[str]:
    problems = year_is_open(outcome, today)
    if outcome.defence_until and today > outcome.defence_until:
        problems.append(f"陈述申辩的期限{outcome.defence_until}已经过了。有新情况的，请直接联系区信用办。")
    return problems


def says_something(taken: Taken) -> dict[str, Any]:
    if not taken.given.get("agrees") and not (taken.given.get("text") or "").strip():
        raise Refused("请写明陈述申辩的内容；没有异议的，请选“没有异议”。", "guard")
    return {}


def heard(outcome: AnnualOutcome, today: datetime.date) -> list[str]:
    """The unit has been heard, or its days are over."""
    if outcome.state == OutcomeState.DEFENDED or outcome.defences.exists():
        return []
    if outcome.defence_until is None:
        return ["还没有告知单位。"]
    if today > outcome.defence_until:
        return []
    return [f"单位在{outcome.defence_until}以前可以陈述申辩，期限过后或者单位申辩以后才能办。"]


def may_be_decided(outcome: AnnualOutcome, today: datetime.date) -> list[str]:
    return is_whole(outcome, today) + heard(outcome, today)


def decides(taken: Taken) -> dict[str, Any]:
    """The numbers are those of the sheet as it stands now: who thinks otherwise corrects facts or marks first."""
    result = taken.obj.result
    return {
        "decided_by": taken.by,
        "decided_on": taken.today,
        "total": result.total,
        "grade": result.grade,
        "opinion": taken.reason[:1000],
    }


def approves(taken: Taken) -> dict[str, Any]:
    proposal: AnnualProposal = taken.obj
    mark = "通" if proposal.kind == ProposalKind.CIRCULAR else "责"
    prefix = f"信考{mark}〔{taken.today.year}〕"
    return {
        "decided_by": taken.by,
        "decided_on": taken.today,
        "opinion": (taken.given.get("opinion") or "").strip()[:500],
        "number": next_number(AnnualProposal, "number", prefix, 4),
    }


def refuses(taken: Taken) -> dict[str, Any]:
    return {"decided_by": taken.by, "decided_on": taken.today, "opinion": taken.reason[:500]}
