"""What stands against a step of an inspection, a visit or a finding, and which columns a step writes with the state."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from longsha_credit.audit.workflow import Refused, Taken
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import within
from longsha_credit.programme.inspections import clocks
from longsha_credit.programme.models import (
    Finding,
    FindingState,
    Inspection,
    InspectionState,
    Inspector,
    Result,
    Visit,
    VisitPoint,
    VisitState,
)

INSPECTS = frozenset({Role.CLERK, Role.LEAD, Role.REVIEWER, Role.OFFICE})
Guard = Callable[[Any, datetime.date], list[str]]
FEWEST = 2  # people who inspect together


def not_an_inspector(user: Any) -> Q:
    """Visits that are not the user's to carry out."""
    named = Inspector.objects.filter(inspection=OuterRef("inspection"), user=user.pk)
    return ~Q(Exists(named))


def neither_inspector_nor_of_the_unit(user: Any) -> Q:
    """Visits in which the user speaks neither for the inspectors nor for the unit."""
    return not_an_inspector(user) & ~within(user, {Role.CLERK, Role.LEAD}, "organisation__path")


def not_of_the_organiser(user: Any) -> Q:
    """Findings of inspections that others organise: the unit does not judge its own findings."""
    return ~within(user, INSPECTS, "visit__inspection__organisation__path")


def in_an_open_year(guard: Guard | None = None) -> Guard:
    """A guard that first asks whether the year is still open; what was found lives on, its inspection does not."""

    def asked(obj: Inspection | Visit, today: datetime.date) -> list[str]:
        year = obj.year if isinstance(obj, Inspection) else obj.inspection.year
        if year.is_frozen:
            return [f"{year}已封存，检查的安排和记录不能再改；已经通知的问题照常整改、复查。"]
        return guard(obj, today) if guard else []

    return asked


# inspections


def plan_is_whole(inspection: Inspection, today: datetime.date) -> list[str]:
    problems = []
    if inspection.inspectors.count() < FEWEST:
        problems.append(f"检查人员至少{FEWEST}个人，请先补齐。")
    if not inspection.units.exists():
        problems.append("还没有选被检查单位。")
    if not inspection.points:
        problems.append("还没有写检查内容。")
    if inspection.to_on < today:
        problems.append("结束日期已经过了，请先改日期。")
    return problems


def all_visits_are_over(inspection: Inspection, today: datetime.date) -> list[str]:
    problems = []
    if number := inspection.visits.unfinished().count():
        problems.append(f"还有{number}个单位没有检查完、签完字。不去的，请在那个单位的页面上点“不去检查”。")
    if number := Finding.objects.filter(visit__inspection=inspection, state=FindingState.DRAFT).count():
        problems.append(f"还有{number}个问题没有发整改通知，也没有写明不发的理由。")
    return problems


def nothing_has_begun(inspection: Inspection, today: datetime.date) -> list[str]:
    begun = inspection.visits.exclude(state__in=[VisitState.PLANNED, VisitState.CALLED_OFF]).exists()
    return ["已经有单位开始检查，不能整个取消；没有去的单位可以逐个“不去检查”。"] if begun else []


def sums_up(taken: Taken) -> dict[str, Any]:
    return {"summary": taken.reason[:500]}


# visits


def may_begin(visit: Visit, today: datetime.date) -> list[str]:
    inspection = visit.inspection
    if inspection.state != InspectionState.GOING:
        return [f"这次检查{inspection.get_state_display()}，不能开始。"]
    if today < inspection.from_on:
        return [f"检查从{inspection.from_on:%Y-%m-%d}开始，还没有到日子。"]
    return []


def begins(taken: Taken) -> dict[str, Any]:
    return {"visited_on": taken.today}


def record_is_whole(visit: Visit, today: datetime.date) -> list[str]:
    """Sentences with the number of each point on the form."""
    problems = []
    if open_ := unanswered(visit):
        problems.append(f"第{_numbers(open_)}项还没有记结果。")
    if bare := without_proof(visit):
        problems.append(f"第{_numbers(bare)}项不符合，请写一句情况或者拍一张照片。")
    return problems


def unanswered(visit: Visit) -> list[int]:
    return list(visit.points.filter(result="").values_list("position", flat=True))


def without_proof(visit: Visit) -> list[int]:
    failed = visit.points.filter(result=Result.NO, note="")
    photographs = VisitPoint.files.through.objects.filter(visitpoint=OuterRef("pk"))
    return list(failed.exclude(Exists(photographs)).values_list("position", flat=True))


def _numbers(positions: list[int]) -> str:
    first = "、".join(str(number) for number in positions[:6])
    return f"{first}等{len(positions)}个" if len(positions) > 6 else first


def answers(taken: Taken) -> dict[str, Any]:
    given = taken.given
    agrees, words = given.get("agrees"), str(given.get("words", "")).strip()
    if agrees is None or not str(given.get("present", "")).strip():
        raise Refused("请选有没有异议，并写明在场人员的职务。", "guard")
    if not agrees and not words:
        raise Refused("有异议的，请写明对哪一项、为什么有异议。", "guard")
    return {
        "agrees": agrees,
        "words": words[:500],
        "present": str(given["present"]).strip()[:60],
        "answered_by": taken.by,
    }


def writes_on(taken: Taken) -> dict[str, Any]:
    """Back on the spot: what the unit said was about another record."""
    return {"agrees": None, "words": "", "present": "", "answered_by": None}


def signs_first(taken: Taken) -> dict[str, Any]:
    return {"first_by": taken.by, "first_at": timezone.now()}


def signs_second(taken: Taken) -> dict[str, Any]:
    return {"second_by": taken.by, "second_at": timezone.now()}


# findings


def drops(taken: Taken) -> dict[str, Any]:
    return {"drop_reason": taken.reason[:500]}


def is_noticed(taken: Taken) -> dict[str, Any]:
    if not taken.obj.asked:
        raise Refused(f"“{taken.obj}”还没有写整改要求，请先写。", "guard")
    return {"due_on": clocks.due_on(taken.obj.term, today=taken.today)}


def report_is_whole(finding: Finding, today: datetime.date) -> list[str]:
    problems = []
    if not finding.report:
        problems.append("还没有写整改情况。")
    if not finding.report_files.exists():
        problems.append("请附上整改证明，例如整改后的照片。")
    return problems


def clock_of(finding: Finding) -> Deadline | None:
    """The clock that runs for putting right, or None."""
    found = Deadline.objects.of(finding).open().filter(rule_key__startswith="inspection_fix_")
    return found.first()


def reports(taken: Taken) -> dict[str, Any]:
    """The day counts to which the clock runs, more time included."""
    clock = clock_of(taken.obj)
    return {
        "reported_by": taken.by,
        "reported_on": taken.today,
        "due_on": clock.due_on if clock else taken.obj.due_on,
    }


def saw(taken: Taken) -> str:
    words = (taken.reason or str(taken.given.get("words", ""))).strip()
    if not words:
        raise Refused("请写明复查时看到了什么。", "guard")
    return words[:500]


def passes(taken: Taken) -> dict[str, Any]:
    saw(taken)
    return {"closed_on": taken.today}


def fails(taken: Taken) -> dict[str, Any]:
    """What was reported is cleared by the effect, after it has been kept with the round that ended."""
    saw(taken)
    return {}
