"""Inspections as the office makes them: planned, carried out, found wanting, put right."""

import datetime
import io
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from longsha_credit.files.services import Upload
from longsha_credit.programme.inspections import services
from longsha_credit.programme.inspections.flows import FINDING, FLOW, VISIT
from longsha_credit.programme.models import (
    Finding,
    Inspection,
    InspectionNotice,
    Inspector,
    Result,
    Visit,
    VisitPoint,
    Year,
)
from tests.programme import years

POINTS = [
    ["openness", "公开栏、网上、窗口三处内容一致"],
    ["promises", "抽查3件到期承诺，兑现情况与公开的一致"],
    ["education", "讲座、培训有签到和现场材料"],
]
ANSWER = {"agrees": True, "words": "", "present": "社区党委书记"}


def this_year(c) -> Year:
    number = timezone.localdate().year
    return Year.objects.filter(number=number).first() or years.copied(c, number)


def photo(name="现场.jpg", colour="white") -> SimpleUploadedFile:
    target = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(target, "JPEG")
    return SimpleUploadedFile(name, target.getvalue(), content_type="image/jpeg")


def plan(c, organisation=None, by=None, people=None, units=None, **fields) -> Inspection:
    """A draft of the district about the first street and its community, unless said otherwise."""
    this_year(c)
    today = timezone.localdate()
    last = min(today + datetime.timedelta(days=20), today.replace(month=12, day=31))
    row = Inspection(
        organisation=organisation or c.district,
        **{
            "kind": "half_year", "title": "上半年创建工作督导检查", "basis": "试点工作方案四（一）",
            "from_on": today, "to_on": last, "points": POINTS,
        }
        | fields,
    )  # fmt: skip
    return services.save_plan(
        row,
        by=by or c.office,
        units=units or [c.street, c.community],
        people=people or [c.office, c.reviewer],
    )


def of_the_street(c, **fields) -> Inspection:
    given = {"by": c.clerk, "people": [c.clerk, c.lead], "units": [c.community]}
    return plan(c, organisation=c.street, **given | fields)


def going(c, inspection=None) -> Inspection:
    inspection = inspection or plan(c)
    FLOW.take(inspection, "announce", by=c.lead if inspection.organisation == c.street else c.district_lead)
    return inspection


def planned(c, inspection=None, unit=None) -> Visit:
    inspection = inspection or going(c)
    return Visit.objects.select_related("organisation", "inspection").get(
        inspection=inspection, organisation=unit or c.street
    )


def begun(c, visit=None) -> Visit:
    visit = visit or planned(c)
    VISIT.take(visit, "begin", by=c.reviewer)
    return visit


def noted(c, visit=None, failing=("三处内容不一致，窗口少两项。",), by=None) -> Visit:
    """Every point is answered; the first ones fail with these notes and a photograph."""
    visit = visit or begun(c)
    for number, point in enumerate(VisitPoint.objects.filter(visit=visit).order_by("position")):
        bad = number < len(failing)
        services.save_point(
            point,
            result=Result.NO if bad else Result.YES,
            note=failing[number] if bad else "",
            upload=Upload(added=(photo(),)) if bad else Upload(),
            by=by or c.reviewer,
        )
    return visit


def finished(c, visit=None, **more) -> Visit:
    visit = noted(c, visit, **more)
    VISIT.take(visit, "finish", by=c.reviewer)
    return visit


def answered(c, visit=None, by=None, answer=None, **more) -> Visit:
    visit = finished(c, visit, **more)
    VISIT.take(visit, "answer", by=by or c.clerk, **(answer or ANSWER))
    return visit


def half_signed(c, visit=None, **more) -> Visit:
    visit = answered(c, visit, **more)
    VISIT.take(visit, "sign", by=c.reviewer)
    return visit


def signed(c, visit=None, **more) -> Visit:
    visit = half_signed(c, visit, **more)
    VISIT.take(visit, "countersign", by=c.office)
    return visit


def called_off(c) -> Visit:
    visit = planned(c)
    VISIT.take(visit, "call_off", by=c.reviewer, reason="单位搬迁")
    return visit


def found(c, visit=None, asked="三处内容一致，三天内补齐。", term="normal") -> Finding:
    """A finding with what is asked, before the notice."""
    visit = visit or signed(c)
    it = Finding.objects.select_related("organisation", "visit__inspection__organisation").get(visit=visit)
    it.asked, it.term = asked, term
    return services.save_finding(it, by=c.office)


def noticed(c, finding=None, today=None) -> Finding:
    finding = finding or found(c)
    services.send_notice(finding.visit, by=c.office, today=today or timezone.localdate())
    finding.refresh_from_db()
    return finding


def notice_of(finding) -> InspectionNotice:
    return InspectionNotice.objects.filter(findings=finding).first()


def written(c, finding=None, **more) -> Finding:
    finding = finding or noticed(c, **more)
    proof = Upload(added=(photo("整改后.jpg"),))
    services.save_report(finding, report="三处内容已经核对一致。", by=c.clerk, upload=proof)
    return finding


def reported(c, finding=None, today=None, **more) -> Finding:
    finding = written(c, finding, **more)
    FINDING.take(finding, "report", by=c.clerk, today=today)
    return finding


def passed(c, finding=None, today=None, **more) -> Finding:
    finding = reported(c, finding, **more)
    FINDING.take(finding, "pass", by=c.reviewer2, today=today, words="现场核对三处，内容一致。")
    return finding


def failed(c, finding=None, today=None, **more) -> Finding:
    finding = reported(c, finding, **more)
    FINDING.take(finding, "fail", by=c.reviewer2, today=today, words="网上还是旧的。")
    return finding


def dropped(c) -> Finding:
    finding = found(c)
    FINDING.take(finding, "drop", by=c.office, reason="当场已经改好。")
    return finding


def world(c) -> dict[str, Any]:
    """One row of each kind in each state the attempts are about, by name."""
    g = SimpleNamespace()
    g.i_year = this_year(c)
    g.i_draft, g.i_street, g.i_alone = plan(c), of_the_street(c), plan(c)
    Inspector.objects.filter(inspection=g.i_alone, user=c.office).delete()
    g.i_going = going(c)
    g.v_planned, g.i_inspector = planned(c, g.i_going), g.i_going.inspectors.first()
    g.i_cancelled = plan(c)
    FLOW.take(g.i_cancelled, "cancel", by=c.office, reason="不去了")
    g.v_signing, g.v_half_signed, g.v_signed = answered(c), half_signed(c), signed(c)
    g.p_signed, g.p_good = (g.v_signed.points.get(position=n) for n in (1, 2))
    g.f_draft, g.f_open = found(c, g.v_signed), noticed(c)
    g.i_notice = notice_of(g.f_open)
    g.f_reported, g.f_dropped, g.f_closed = reported(c), dropped(c), passed(c)
    g.r_passed = g.f_closed.rounds.get()
    g.v_bare, g.v_on_site = noted(c), begun(c)
    bare = g.v_bare.points.get(result="no")
    bare.files.clear()
    VisitPoint.objects.filter(pk=bare.pk).update(note="")
    g.p_open = g.v_on_site.points.first()
    return vars(g)
