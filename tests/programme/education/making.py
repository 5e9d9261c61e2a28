"""Plain functions that make activities, materials and hours, through the services a clerk's page would call."""

import datetime
import io
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from longsha_credit.directory.models import Official
from longsha_credit.files.services import Upload
from longsha_credit.programme.education import hours, materials, services
from longsha_credit.programme.education.flows import EDITION, FLOW, HOURS, SHEET
from longsha_credit.programme.models import (
    Activity,
    ActivitySheet,
    Course,
    MaterialEdition,
    TrainingHours,
    Year,
)
from tests import make
from tests.programme import years

TODAY = timezone.localdate()
SOON = TODAY + datetime.timedelta(days=5)  # perhaps in the next year
YESTERDAY = TODAY - datetime.timedelta(days=1)  # perhaps in the last year
AGO = max(TODAY - datetime.timedelta(days=2), datetime.date(TODAY.year, 1, 1))
HELD = {"held_on": AGO, "attendance": 86}


def year(c, number=TODAY.year) -> Year:
    return Year.objects.filter(number=number).first() or years.copied(c, number)


def terms(c, **changes) -> dict:
    """Every field of a plan of the first street."""
    return {
        "organisation": c.street,
        "kind": "lecture",
        "title": "签了合同就要守",
        "theme": "law",
        "audiences": ["officials", "residents"],
        "planned_on": AGO,
        "starts_at": datetime.time(9, 30),
        "place": "街道三楼会议室",
        "expected": 80,
        "speaker": "区法院立案庭法官",
        "hours": Decimal(2),
        "about": "三个合同纠纷的案例，怎样留证据。",
    } | changes


def planned(c, by=None, **changes) -> Activity:
    fields = terms(c, **changes)
    year(c)
    year(c, fields["planned_on"].year)
    return services.save_activity(Activity(**fields), by=by or c.clerk)


def held(c, by=None, attendance=86, **changes) -> Activity:
    it = planned(c, by=by, **changes)
    FLOW.take(it, "hold", by=by or c.clerk, held_on=it.planned_on, attendance=attendance)
    return it


def photo(name="讲座现场.jpg") -> SimpleUploadedFile:
    """A picture with the place where it was taken in it."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x8825] = {1: "N", 2: (47.0, 20.0, 0.0), 3: "E", 4: (123.0, 57.0, 0.0)}
    exif[0x010F] = "金丝雀相机"
    Image.new("RGB", (2400, 1200), "navy").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def told(c, it=None, by=None, **changes) -> Activity:
    """Held, with its summary and a photograph, not finished yet."""
    it = it or held(c, by=by)
    for name, value in (
        {"summary": "法官讲了三个案例，现场答了七个问题。", "outcome": "改了两处办事说明。"} | changes
    ).items():
        setattr(it, name, value)
    return services.save_summary(it, by=by or c.clerk, upload=Upload(added=(photo(),)))


def summarised(c, it=None, by=None, **changes) -> Activity:
    it = told(c, it, by=by, **changes)
    FLOW.take(it, "summarise", by=by or c.clerk)
    return it


def filed(c, it=None) -> Activity:
    it = it or summarised(c)
    FLOW.take(it, "file", by=c.clerk, reason="涉及未公开的案件")
    return it


def cancelled(c, it=None) -> Activity:
    it = it or planned(c, planned_on=SOON)
    FLOW.take(it, "cancel", by=c.clerk, reason="法官出差", cancel_why="speaker")
    return it


def sheet(c, it=None, by=None, picked=None, **changes) -> ActivitySheet:
    """A draft of what residents read: an announcement of a plan, a report of what was summed up."""
    new = services.new_sheet(it or planned(c, planned_on=SOON))
    for name, value in changes.items():
        setattr(new, name, value)
    return services.save_sheet(new, by=by or c.clerk, picked=picked)


def sent_sheet(c, it=None, **changes) -> ActivitySheet:
    new = sheet(c, it, **changes)
    SHEET.take(new, "submit", by=c.clerk)
    return new


def shown(c, it=None, **changes) -> ActivitySheet:
    return make.passed(c, sent_sheet(c, it, **changes))


def reported(c, it=None, **changes) -> ActivitySheet:
    """What came of an activity, public with its photographs."""
    it = it or summarised(c)
    return shown(c, it, picked=[file.pk for file in it.files.all()], **changes)


def withdrawing(flow, row, c):
    flow.take(row, "ask_withdrawal", by=c.clerk, reason="引用的案例还没有公开")
    return row


def ended(flow, row, c, **given):
    flow.take(withdrawing(flow, row, c), "approve_withdrawal", by=c.reviewer, **given)
    return row


# --- materials --------------------------------------------------------------------------------------------------------


def edition(c, by=None, **changes) -> MaterialEdition:
    fields = {
        "organisation": c.street,
        "title": "签合同前看一眼",
        "theme": "law",
        "audiences": ["residents", "companies"],
        "summary": "五分钟看懂合同里要紧的三句话。",
        "body": "一看对方是谁。\n\n二看钱怎样付。\n\n三看做不到怎么办。",
        "source": "向阳街道司法所编写",
    } | changes
    return materials.save_edition(MaterialEdition(**fields), by=by or c.clerk)


def public_edition(c, **changes) -> MaterialEdition:
    it = edition(c, **changes)
    EDITION.take(it, "submit", by=c.clerk)
    return make.passed(c, it)


def revised(c, row, **changes) -> MaterialEdition:
    new = materials.new_edition(row.material)
    for name, value in ({"reason": "补一个案例", "body": "四看争议在哪里打官司。"} | changes).items():
        setattr(new, name, value)
    return materials.save_edition(new, by=c.clerk)


def offered(c, **changes) -> MaterialEdition:
    it = edition(c, **changes)
    EDITION.take(it, "offer", by=c.clerk)
    return it


def internal(c, **changes) -> MaterialEdition:
    it = offered(c, **changes)
    EDITION.take(it, "issue", by=c.lead)
    return it


# --- hours ------------------------------------------------------------------------------------------------------------


def official(c, name="沈一", number="", unit=None) -> Official:
    number = number or f"8{Official.objects.count():03d}"
    return Official.objects.create(name=name, staff_number=number, organisation=unit or c.street)


def course(c, **changes) -> Course:
    fields = {
        "organisation": c.district,
        "year": year(c),
        "title": "公务员诚信手册导读",
        "hours": Decimal(2),
        "basis": "年度干部培训计划（示组通〔2026〕3号）",
        "levels": ["street"],
        "about": "手册的五章，案例六个。",
    } | changes
    return hours.save_course(Course(**fields), by=c.office)


def entered(c, who=None, by=None, activity=None, **changes) -> TrainingHours:
    """Two hours of an activity of the first street, unless told otherwise."""
    given = {"day": AGO, "hours": Decimal(2)} | changes
    if not {"course", "outside"} & given.keys():
        given["activity"] = activity or held(c)
    year(c)
    (row,) = hours.enter([who or official(c)], by=by or c.clerk, **given)
    return row


def outside(c, who=None, **changes) -> TrainingHours:
    given = {"outside": "市委党校信用专题班", "certificate": make.upload("证书.txt", "结业")} | changes
    return entered(c, who, **given)


def confirmed(c, who=None, **changes) -> TrainingHours:
    row = entered(c, who, **changes)
    HOURS.take(row, "confirm", by=c.lead)
    return row


def world(c) -> dict:
    """What the attempts name: activities, texts, materials and hours in every state they look at."""
    who = official(c, "沈二", "102")
    done = summarised(c)
    shown_text = reported(c, summarised(c))
    second = planned(c, planned_on=SOON)
    shown(c, second)
    public, inner = public_edition(c), internal(c)
    year(c)
    hours.load_minimums()
    row = confirmed(c, who, activity=done)
    return {
        "ed_planned": planned(c),
        "ed_cancelled": cancelled(c),
        "ed_held": held(c),
        "ed_told": done,
        "ed_shown": shown_text,
        "ed_sheet": sheet(c, done),
        "ed_announced": sheet(c, second, reason="换了房间"),
        "ed_withdrawing": withdrawing(SHEET, reported(c), c),
        "ed_material": public.material,
        "ed_public": public,
        "ed_draft": edition(c),
        "ed_internal": inner,
        "ed_material_withdrawing": withdrawing(EDITION, public_edition(c), c),
        "ed_year": year(c),
        "ed_minimum": hours.minimum_of(year(c)),
        "ed_course": course(c),
        "ed_course_old": hours.retire_course(course(c, title="旧课"), by=c.office, reason="不再开"),
        "ed_hours": row,
        "ed_hours_entered": entered(c, who),
        "ed_hours_returned": _returned(entered(c, who), c),
        "ed_hours_course": entered(c, who, course=course(c, title="另一门")),
        "ed_hours_outside": outside(c, who),
        "ed_hours_own": entered(c, c.official.official),
    }


def _returned(row, c):
    HOURS.take(row, "send_back", by=c.lead, reason="登记重了")
    return row
