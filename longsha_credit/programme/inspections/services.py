"""Every change of an inspection apart from the steps of its flows: the plan, the points on the spot, findings, reports."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.models import Level, Organisation, User
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import require_within, within
from longsha_credit.files import services as files
from longsha_credit.files.models import StoredFile
from longsha_credit.files.services import NOTHING, Upload
from longsha_credit.programme.inspections.conditions import FEWEST, INSPECTS
from longsha_credit.programme.inspections.flows import APPROVES, FINDING, UNIT, issue_notice
from longsha_credit.programme.models import (
    Finding,
    FindingState,
    Inspection,
    InspectionNotice,
    InspectionState,
    Inspector,
    Visit,
    VisitPoint,
    VisitState,
    Year,
)
from longsha_credit.programme.services import require_open
from longsha_credit.publication.drafts import still

PURPOSE = "inspection"
MOST_PHOTOS = 12  # of one point
ORGANISERS = (Level.DISTRICT, Level.STREET)
INSPECTED = (Level.STREET, Level.COMMUNITY, Level.WINDOW)


def people_of(organisation: Organisation) -> QuerySet[User]:
    """Who may be sent out by a unit: those who work there now."""
    return (
        User.objects.filter(
            is_active=True,
            memberships__organisation=organisation,
            memberships__role__in=INSPECTS,
            memberships__ended_on=None,
        )
        .distinct()
        .order_by("name", "pk")
    )


def units_of(organisation: Organisation) -> QuerySet[Organisation]:
    """What a unit may inspect: what stands below it."""
    below = Organisation.objects.taking_part().below(organisation).exclude(pk=organisation.pk)
    return below.filter(level__in=INSPECTED).in_tree_order()


@transaction.atomic
def save_plan(
    inspection: Inspection,
    *,
    units: Iterable[Organisation],
    people: Iterable[User],
    by: Any,
    seen: str = "",
) -> Inspection:
    """Store a plan; the year is that of its first day. Raises Http404 outside the planner's unit, Refused otherwise."""
    require_within(by, inspection.organisation, INSPECTS)
    new = inspection.pk is None
    if new:
        inspection.created_by = by
    else:
        still(inspection, (InspectionState.DRAFT,), seen)
    inspection.year = _open_year(inspection)
    units, people = list(units), list(people)
    _fits(inspection, units, people)
    inspection.save()
    inspection.units.set(units)
    _name_inspectors(inspection, people)
    label = "拟定检查" if new else "修改检查"
    record(inspection, step="draft", label=label, by=by, roles=INSPECTS)
    return inspection


def _open_year(inspection: Inspection) -> Year:
    first, last = inspection.from_on, inspection.to_on
    if first.year != last.year:
        raise Refused("一次检查要在同一年里办完，请改日期或者分成两次。", "guard")
    year = Year.objects.filter(number=first.year).first()
    if year is None:
        raise Refused(f"{first.year}年度还没有安排，请先由区信用办建立年度。", "guard")
    require_open(year)
    return year


def _fits(inspection: Inspection, units: list[Organisation], people: list[User]) -> None:
    if len(people) < FEWEST:
        raise Refused(f"检查人员至少选{FEWEST}个人。", "guard")
    below = set(units_of(inspection.organisation).values_list("pk", flat=True))
    if stranger := next((unit for unit in units if unit.pk not in below), None):
        raise Refused(f"{stranger.name}不在{inspection.organisation.name}下面，不能检查。", "guard")
    _stand_aside(units, people)


def _stand_aside(units: list[Organisation], people: list[User]) -> None:
    """Who works in a unit does not inspect it (利害关系回避). Raises Refused."""
    lowest_first = sorted(units, key=lambda unit: -len(unit.path))
    for one in people:
        for unit in lowest_first:
            if unit.pk in one.units_sat_in:
                raise Refused(f"{one}在{unit.name}任职，须回避，请换人。", "guard")


def _name_inspectors(inspection: Inspection, people: list[User]) -> None:
    wanted = {one.pk for one in people}
    named = Inspector.objects.filter(inspection=inspection)
    named.exclude(user__in=wanted).delete()
    known = set(named.values_list("user_id", flat=True))
    Inspector.objects.bulk_create(
        Inspector(inspection=inspection, user_id=pk) for pk in sorted(wanted - known)
    )


@transaction.atomic
def add_inspectors(inspection: Inspection, people: Iterable[User], *, by: Any) -> None:
    """Send more people along after it was announced, so that somebody's leave stops nothing. Raises as save_plan."""
    require_within(by, inspection.organisation, APPROVES)
    still(inspection, (InspectionState.GOING,))
    require_open(inspection.year)
    people = list(people)
    _stand_aside(list(inspection.units.all()), people)
    known = set(Inspector.objects.filter(inspection=inspection).values_list("user_id", flat=True))
    added = [one for one in people if one.pk not in known]
    Inspector.objects.bulk_create(Inspector(inspection=inspection, user=one) for one in added)
    names = "、".join(str(one) for one in added)
    record(inspection, step="add_inspectors", label="增加检查人员", by=by, roles=APPROVES, reason=names)


# on the spot


@transaction.atomic
def save_point(
    point: VisitPoint, *, result: str | None, note: str | None, by: Any, upload: Upload = NOTHING
) -> VisitPoint:
    """Store what was seen at one point, with its photographs; None leaves as it is what a colleague may have written.

    Raises Refused, Unacceptable for a bad file.
    """
    visit = _being_written(point.visit_id, by)
    point.refresh_from_db(fields=["result", "note"])
    if point.files.count() + len(upload.added) - len(upload.removed) > MOST_PHOTOS:
        raise Refused(f"一项最多{MOST_PHOTOS}张照片，请先去掉几张。", "guard")
    point.result = point.result if result is None else result
    point.note = point.note if note is None else note.strip()[:300]
    point.saved_by = by
    point.save(update_fields=["result", "note", "saved_by", "saved_at"])
    files.attach(point, upload, purpose=PURPOSE, by=by)
    Visit.objects.filter(pk=visit.pk).update(saved_at=point.saved_at)
    return point


def _being_written(pk: int, by: Any) -> Visit:
    """The visit, held while one of its points is written; only the inspectors write, and only on the spot."""
    visit = Visit.objects.select_for_update(of=("self",)).with_names().get(pk=pk)
    require_open(visit.inspection.year)
    if visit.state != VisitState.ON_SITE:
        raise Refused(f"现在是“{visit.get_state_display()}”，记录不能再改。要补记，请点“接着记”。", "state")
    if not may_write(visit, by):
        raise Refused("您不是这次检查的检查人员，不能记录。", "role")
    return visit


def may_write(visit: Visit, user: Any) -> bool:
    inspects = user.role_at(INSPECTS, visit.organisation.path) is not None
    return inspects and Inspector.objects.filter(inspection=visit.inspection_id, user=user.pk).exists()


# findings


def of_the_organiser(finding: Finding, user: Any) -> bool:
    return user.role_at(INSPECTS, finding.visit.inspection.organisation.path) is not None


@transaction.atomic
def save_finding(finding: Finding, *, by: Any, seen: str = "") -> Finding:
    """Store what is asked and how long it may take, before the notice goes out."""
    require_within(by, finding.visit.inspection.organisation, INSPECTS)
    still(finding, (FindingState.DRAFT,), seen)
    finding.save(update_fields=["facts", "asked", "term", "saved_at"])
    record(finding, step="draft", label="写整改要求", by=by, roles=INSPECTS)
    return finding


@transaction.atomic
def send_notice(visit: Visit, *, by: Any, today: datetime.date) -> InspectionNotice:
    """One document for all findings of a visit that wait for it; their clocks begin. Raises Http404 and Refused."""
    require_within(by, visit.inspection.organisation, INSPECTS)
    rows = Finding.objects.filter(visit=visit, state=FindingState.DRAFT).order_by("point__position")
    findings = list(rows.select_related("organisation", "visit__inspection__organisation"))
    if not findings:
        raise Refused("这次检查没有等待发整改通知的问题。", "state")
    for finding in findings:
        FINDING.take(finding, "issue", by=by, today=today)
    notice = issue_notice(visit, findings, by=by, today=today)
    record(visit, step="notice", label="发整改通知书", by=by, roles=INSPECTS, reason=notice.number)
    return notice


@transaction.atomic
def save_report(
    finding: Finding, *, report: str, by: Any, seen: str = "", upload: Upload = NOTHING
) -> Finding:
    """Store what the unit did and its proof; it goes to the re-check by the step. Raises as save_point."""
    require_within(by, finding.organisation, UNIT)
    still(finding, (FindingState.OPEN,), seen)
    finding.report = report
    finding.save(update_fields=["report", "saved_at"])
    if upload.removed:
        finding.report_files.remove(*upload.removed)
    stored = [
        files.store(file, organisation=finding.organisation, purpose=PURPOSE, by=by) for file in upload.added
    ]
    finding.report_files.add(*stored)
    record(finding, step="write_report", label="写整改情况", by=by, roles=UNIT)
    return finding


def note_export(user: Any, *, number: int, query: str) -> None:
    """Whoever takes figures out of the portal leaves an entry."""
    place = user.current_memberships[0].organisation if user.current_memberships else None
    reason = f"{number}条 {query}"
    record(user, step="export", label="导出督导检查统计", by=user, organisation=place, reason=reason)


def _photographs(user: Any) -> QuerySet[StoredFile]:
    """Those who may read the visit a photograph or a proof belongs to."""
    return StoredFile.objects.filter(within(user, SEES_WORK, "organisation__path"), purpose=PURPOSE)


def register() -> None:
    """Tell the files who may read them; called once when the app is ready."""
    files.readable(PURPOSE, _photographs)
