"""What the pages of one inspection, one visit and one finding show, and which doors are open to their reader."""

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from longsha_credit.audit.history import timeline
from longsha_credit.deadlines.models import Deadline
from longsha_credit.programme.inspections import clocks, services
from longsha_credit.programme.inspections.conditions import INSPECTS
from longsha_credit.programme.inspections.flows import APPROVES, FINDING, FLOW, UNIT, VISIT
from longsha_credit.programme.models import (
    BY_KEY,
    Finding,
    FindingState,
    InspectionState,
    Term,
    Visit,
    VisitState,
)


def step_url(name, obj):
    return lambda step: reverse(f"inspections:{name}", args=[obj.pk, step])


def with_addresses(files):
    files = list(files)
    for file in files:
        file.url = reverse("file", args=[file.pk])
        file.is_picture = file.content_type.startswith("image/")
    return files


def by_heading(points):
    """[(label of the task, its points)] of [heading, text] pairs or of stored points, in the order of the form."""
    groups = []
    for point in points:
        key = point[0] if isinstance(point, list) else point.heading
        if not groups or groups[-1][0] != BY_KEY.get(key, key):
            groups.append((BY_KEY.get(key, key), []))
        groups[-1][1].append(point[1] if isinstance(point, list) else point)
    return groups


def of_inspection(inspection, user):
    visits = Visit.objects.visible_to(user).filter(inspection=inspection).select_related("organisation")
    plans = user.role_at(INSPECTS, inspection.organisation.path) is not None
    return {
        "inspection": inspection,
        "offers": FLOW.available(inspection, user, url=step_url("step", inspection)),
        "can_edit": plans and inspection.state == InspectionState.DRAFT,
        "can_add": inspection.state == InspectionState.GOING
        and user.role_at(APPROVES, inspection.organisation.path) is not None,
        "people": list(inspection.inspectors.select_related("user")),
        "units": inspection.units.in_tree_order() if inspection.state == InspectionState.DRAFT else [],
        "visits": list(visits.annotate(found=Count("findings")).order_by("organisation__path")),
        "points": by_heading(inspection.points),
        "entries": timeline([inspection], limit=30),
    }


def of_visit(visit, user):
    points = list(visit.points.prefetch_related("files").select_related("saved_by"))
    writes = visit.state == VisitState.ON_SITE and services.may_write(visit, user)
    for point in points:
        point.photos = with_addresses(point.files.all())
    organises = user.role_at(INSPECTS, visit.inspection.organisation.path) is not None
    findings = list(
        Finding.objects.visible_to(user).with_clock().filter(visit=visit).order_by("point__position")
    )
    return {
        "visit": visit,
        "inspection": visit.inspection,
        "sees_plan": user.role_at(services.SEES_WORK, visit.inspection.organisation.path) is not None,
        "people": list(visit.inspection.inspectors.select_related("user")),
        "writes": writes,
        "points": points,
        "groups": by_heading(points),
        "answered": sum(bool(point.result) for point in points),
        "offers": VISIT.available(visit, user, url=step_url("visit_step", visit)),
        "findings": findings,
        "notices": list(visit.notices.all()),
        "missing": sum(f.state == FindingState.DRAFT and not f.asked for f in findings),
        "can_notice": organises and any(f.state == FindingState.DRAFT for f in findings),
        "entries": timeline([visit], limit=30),
    }


def of_finding(finding, user):
    organises = services.of_the_organiser(finding, user)
    reports = user.role_at(UNIT, finding.organisation.path) is not None
    running = Deadline.objects.visible_to(user).of(finding).open().with_names().with_slip()
    return {
        "finding": finding,
        "visit": finding.visit,
        "inspection": finding.visit.inspection,
        "offers": FINDING.available(finding, user, url=step_url("finding_step", finding)),
        "can_edit": organises and finding.state == FindingState.DRAFT,
        "can_report": reports and finding.state == FindingState.OPEN,
        "can_enter": user.role_at(INSPECTS, finding.organisation.path) is not None
        and finding.state in (FindingState.OPEN, FindingState.REPORTED),
        "photos": with_addresses(finding.files.all()),
        "proofs": with_addresses(finding.report_files.all()),
        "rounds": [
            _round(one)
            for one in finding.rounds.select_related("by", "reported_by").prefetch_related("files")
        ],
        "notices": list(finding.notices.all()),
        "clocks": list(running),
        "entries": timeline([finding], limit=60),
    }


def _round(row):
    row.proofs = with_addresses(row.files.all())
    return row


def last_days(today=None):
    """The last day of each term for what is noticed today."""
    today = today or timezone.localdate()
    return {term: clocks.due_on(term, today=today) for term in Term.values}


WHAT_FOLLOWS = {
    "announce": "每个单位已经排上现场检查；日常抽查的，单位开始检查时才看到。",
    "begin": "逐项记，记一项存一项；离开这一页也不会丢。",
    "finish": "请把记录给单位在场人员看，由他表态；也可以由单位自己的账号表态。",
    "answer": "接下来由两名检查人员签字。",
    "write_on": "改好后要重新请单位表态。",
    "sign": "接下来由另一名检查人员签字。",
    "countersign": "不符合的各项已经列成问题，请写整改要求、发整改通知书。",
    "report": "接下来由组织检查的单位里没有经手的人复查。",
    "pass": "这个问题已经整改完。",
    "fail": "已按新的期限再发整改通知书，单位重新整改、重新报告。",
}
