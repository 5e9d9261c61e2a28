"""The steps of an inspection, of a visit on the spot, and of a finding until it is put right."""

import datetime
from typing import Any

from longsha_credit.audit.workflow import Step, Taken, Workflow
from longsha_credit.directory.roles import Role
from longsha_credit.exchange.numbering import next_number
from longsha_credit.programme.inspections import clocks, conditions
from longsha_credit.programme.inspections.conditions import INSPECTS
from longsha_credit.programme.models import (
    Finding,
    FindingRound,
    FindingState,
    Inspection,
    InspectionNotice,
    InspectionState,
    Result,
    Visit,
    VisitPoint,
    VisitState,
)

APPROVES = frozenset({Role.LEAD, Role.OFFICE})
UNIT = frozenset({Role.CLERK, Role.LEAD})
S, V, F = InspectionState, VisitState, FindingState
OPEN_YEAR = conditions.in_an_open_year


# inspections


def _sends_people_out(taken: Taken) -> None:
    """A visit for every unit; the form of each waits until somebody is there."""
    inspection = taken.obj
    units = inspection.units.order_by("path")
    Visit.objects.bulk_create(Visit(inspection=inspection, organisation=unit) for unit in units)


def _calls_visits_off(taken: Taken) -> None:
    for visit in _planned(taken.obj):
        VISIT.take(visit, "end_with", by=None, reason=taken.reason, today=taken.today)


def _planned(inspection: Inspection) -> list[Visit]:
    rows = Visit.objects.filter(inspection=inspection, state=V.PLANNED)
    return list(rows.select_related("organisation", "inspection"))


FLOW = Workflow(
    "督导检查",
    InspectionState,
    Step(
        "announce", "批准检查", frozenset({S.DRAFT}), S.GOING, APPROVES,
        not_by={"created_by_id": "您是拟定人，须由另一个人批准。"},
        guard=OPEN_YEAR(conditions.plan_is_whole), effects=(_sends_people_out,), todo="own", tone="main",
    ),
    Step(
        "close", "结束检查", frozenset({S.GOING}), S.CLOSED, INSPECTS, reason=True,
        guard=OPEN_YEAR(conditions.all_visits_are_over), writes=conditions.sums_up,
    ),
    Step(
        "cancel", "取消检查", frozenset({S.DRAFT, S.GOING}), S.CANCELLED, INSPECTS, reason=True,
        guard=OPEN_YEAR(conditions.nothing_has_begun), effects=(_calls_visits_off,), tone="stop",
    ),
)  # fmt: skip


# visits


def _opens_the_form(taken: Taken) -> None:
    visit = taken.obj
    VisitPoint.objects.bulk_create(
        VisitPoint(visit=visit, organisation=visit.organisation, position=number, heading=heading, text=text)
        for number, (heading, text) in enumerate(visit.inspection.points, start=1)
    )


def _notes_findings(taken: Taken) -> None:
    """Every point that does not conform is a finding, which waits for what is asked and by when."""
    visit = taken.obj
    failed = VisitPoint.objects.filter(visit=visit, result=Result.NO).prefetch_related("files")
    for point in failed.order_by("position"):
        finding = Finding.objects.create(
            visit=visit,
            point=point,
            organisation=visit.organisation,
            heading=point.heading,
            facts=point.note or f"检查内容“{point.text}”不符合，见现场照片。",
            noted_by_id=point.saved_by_id,
        )
        finding.files.set(point.files.all())


OURS = (conditions.not_an_inspector, "您不是这次检查的检查人员。")

VISIT = Workflow(
    "现场检查",
    VisitState,
    Step(
        "begin", "开始检查", frozenset({V.PLANNED}), V.ON_SITE, INSPECTS,
        not_where=OURS, guard=OPEN_YEAR(conditions.may_begin), writes=conditions.begins, effects=(_opens_the_form,),
        todo="below", tone="main",
    ),
    Step(
        "call_off", "不去检查", frozenset({V.PLANNED}), V.CALLED_OFF, INSPECTS, reason=True,
        not_where=OURS, guard=OPEN_YEAR(),
    ),
    Step(
        "finish", "检查完了，请单位确认", frozenset({V.ON_SITE}), V.ANSWERING, INSPECTS,
        not_where=OURS, guard=OPEN_YEAR(conditions.record_is_whole), todo="below", tone="main",
    ),
    Step(
        "answer", "单位表态", frozenset({V.ANSWERING}), V.SIGNING, INSPECTS, asks=True,
        not_where=(conditions.neither_inspector_nor_of_the_unit, "由被检查单位的人或者检查人员办理。"),
        guard=OPEN_YEAR(), writes=conditions.answers, todo="own", tone="main",
    ),
    Step(
        "write_on", "接着记", frozenset({V.ANSWERING, V.SIGNING}), V.ON_SITE, INSPECTS,
        not_where=OURS, guard=OPEN_YEAR(), writes=conditions.writes_on,
    ),
    Step(
        "sign", "签字", frozenset({V.SIGNING}), V.COUNTERSIGNING, INSPECTS,
        not_where=OURS, guard=OPEN_YEAR(), writes=conditions.signs_first, todo="below", tone="main",
    ),
    Step(
        "countersign", "第二人签字", frozenset({V.COUNTERSIGNING}), V.SIGNED, INSPECTS,
        not_by={"first_by_id": "您已经签过字，须由另一名检查人员签。"}, not_where=OURS,
        guard=OPEN_YEAR(), writes=conditions.signs_second, effects=(_notes_findings,), todo="below", tone="main",
    ),
    Step("end_with", "随检查取消", frozenset({V.PLANNED}), V.CALLED_OFF, INSPECTS, button=False),
    author="inspection__created_by",
)  # fmt: skip


# findings


def issue_notice(visit: Visit, findings: list[Finding], *, by: Any, today: datetime.date) -> InspectionNotice:
    """A notice of these findings with the next number of the year; what it says stays as it was sent."""
    number = next_number(InspectionNotice, "number", f"信督改〔{today.year}〕", 4)
    notice = InspectionNotice.objects.create(
        visit=visit,
        organisation=visit.organisation,
        number=number,
        lines=[[f.facts, f.asked, f.due_on.isoformat(), f.round] for f in findings],
        issued_on=today,
        issued_by=by,
        issued_for=visit.inspection.organisation,
    )
    notice.findings.set(findings)
    return notice


def _begins_to_count(taken: Taken) -> None:
    clocks.start_fixing(taken.obj, today=taken.today)


def _waits_for_a_recheck(taken: Taken) -> None:
    clocks.reported(taken.obj, today=taken.today)


def _ends_round(taken: Taken, *, passed: bool) -> None:
    """What this round asked, what was reported and what was seen."""
    finding = taken.obj
    clocks.rechecked(finding, today=taken.today)
    row = FindingRound.objects.create(
        finding=finding,
        organisation_id=finding.organisation_id,
        round=finding.round,
        due_on=finding.due_on,
        report=finding.report,
        reported_by_id=finding.reported_by_id,
        reported_on=finding.reported_on,
        noted_by_id=finding.noted_by_id,
        passed=passed,
        words=conditions.saw(taken),
        by=taken.by,
        on=taken.today,
    )
    row.files.set(finding.report_files.all())


def _passes(taken: Taken) -> None:
    _ends_round(taken, passed=True)


def _fails(taken: Taken) -> None:
    """Another round with its own day and notice; the report and its proof begin anew."""
    _ends_round(taken, passed=False)
    finding = taken.obj
    finding.round, finding.due_on = finding.round + 1, clocks.due_on(finding.term, today=taken.today)
    finding.report, finding.reported_by, finding.reported_on = "", None, None
    finding.save(update_fields=["round", "due_on", "report", "reported_by", "reported_on", "saved_at"])
    finding.report_files.clear()
    issue_notice(finding.visit, [finding], by=taken.by, today=taken.today)
    clocks.start_fixing(finding, today=taken.today)


ORGANISER = (conditions.not_of_the_organiser, "由组织检查的单位办理，本单位不办自己的问题。")
NOT_OWN = {
    "noted_by_id": "问题是您在现场记的，须由另一个人复查。",
    "reported_by_id": "整改是您报告的，须由另一个人复查。",
}

FINDING = Workflow(
    "检查发现的问题",
    FindingState,
    Step(
        "issue", "发整改通知", frozenset({F.DRAFT}), F.OPEN, INSPECTS, button=False,
        writes=conditions.is_noticed, effects=(_begins_to_count,),
    ),
    Step(
        "drop", "不发整改", frozenset({F.DRAFT}), F.DROPPED, INSPECTS, reason=True,
        not_where=ORGANISER, writes=conditions.drops,
    ),
    Step(
        "report", "报告整改完成", frozenset({F.OPEN}), F.REPORTED, UNIT,
        guard=conditions.report_is_whole, writes=conditions.reports, effects=(_waits_for_a_recheck,),
        todo="own", tone="main",
    ),
    Step(
        "pass", "复查合格", frozenset({F.REPORTED}), F.CLOSED, INSPECTS, asks=True,
        not_by=NOT_OWN, not_where=ORGANISER, writes=conditions.passes, effects=(_passes,),
        todo="below", tone="main",
    ),
    Step(
        "fail", "复查不合格", frozenset({F.REPORTED}), F.OPEN, INSPECTS, asks=True,
        not_by=NOT_OWN, not_where=ORGANISER, writes=conditions.fails, effects=(_fails,),
        todo="below", tone="stop",
    ),
    author="noted_by",
)  # fmt: skip
