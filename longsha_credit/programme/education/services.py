"""Every change of activities and their public texts, apart from the steps of their flows."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.scope import require_within
from longsha_credit.directory.services import division_of
from longsha_credit.exchange.numbering import next_number
from longsha_credit.files import services as files
from longsha_credit.files.models import StoredFile
from longsha_credit.files.services import NOTHING, Upload
from longsha_credit.programme.education import candidates as c
from longsha_credit.programme.education import clocks, images
from longsha_credit.programme.education.conditions import ON_ITS_WAY, SHOWN, year_is_open
from longsha_credit.programme.education.flows import SHEET, WRITERS
from longsha_credit.programme.education.wording import standing
from longsha_credit.programme.models import Activity, ActivitySheet, ActivityState, SheetStage, Year
from longsha_credit.publication import drafts, registry
from longsha_credit.publication.drafts import still
from longsha_credit.publication.models import Chain
from longsha_credit.publication.registry import Kind

PURPOSE = "education"
SHAPES = {"na": "na", "near": "near", "pending": "clock", "active": "clock"}


def year_of(day: datetime.date) -> Year:
    """The year a day belongs to; raises Refused where none is arranged or it is frozen."""
    year = Year.objects.filter(number=day.year).first()
    if year is None:
        raise Refused(f"{day.year}年度还没有安排，请区信用办先在“年度安排”里复制到这一年。", "guard")
    return year


@transaction.atomic
def save_activity(
    activity: Activity, *, by: Any, seen: str = "", today: datetime.date | None = None
) -> Activity:
    """Store a new or changed plan; its clock follows the planned day.

    `seen` is the stamp of the version the writer started from. Raises Http404 outside the writer's units, Refused.
    """
    today = today or timezone.localdate()
    drafts.prepare(activity, draft=ActivityState.PLANNED, by=by, seen=seen, writers=WRITERS)
    new = activity.pk is None
    if activity.pk:
        _require_open(Activity.objects.get(pk=activity.pk), today)
    activity.year = year_of(activity.planned_on)
    _require_open(activity, today)
    if new:
        begin = f"JY-{division_of(activity.organisation)}-{activity.planned_on.year}-"
        activity.code = next_number(Activity, "code", begin, 6)
    activity.save()
    record(activity, step="plan", label="计划活动" if new else "修改计划", by=by, roles=WRITERS)
    clocks.follow(activity, today=today)
    return activity


def _require_open(activity: Activity, today: datetime.date) -> None:
    if problems := year_is_open(activity, today):
        raise Refused("".join(problems), "state")


@transaction.atomic
def save_summary(
    activity: Activity,
    *,
    by: Any,
    upload: Upload = NOTHING,
    seen: str = "",
    today: datetime.date | None = None,
) -> Activity:
    """Store what came of an activity that was held, with its photographs; the step `summarise` finishes it.

    Raises as save_activity, files.checks.Unacceptable for a bad file.
    """
    today = today or timezone.localdate()
    require_within(by, activity.organisation, WRITERS)
    still(activity, (ActivityState.HELD,), seen)
    _require_open(activity, today)
    if activity.held_on and activity.held_on > today:
        raise Refused("举办日期不能晚于今天。", "guard")
    if activity.held_on and activity.held_on.year != activity.year.number:
        raise Refused(f"举办日期要在{activity.year.number}年以内。", "guard")
    activity.save(update_fields=["held_on", "attendance", "summary", "outcome", "saved_at"])
    files.attach(activity, upload, purpose=PURPOSE, by=by)
    record(activity, step="draft", label="填写总结", by=by, roles=WRITERS)
    return activity


# --- the public text --------------------------------------------------------------------------------------------------


def stage_now(activity: Activity) -> str:
    """What could be told of it today: that it will be, how it was, or nothing."""
    if activity.state == ActivityState.PLANNED:
        return SheetStage.ANNOUNCEMENT
    return SheetStage.REPORT if activity.state == ActivityState.SUMMARISED else ""


def new_sheet(activity: Activity) -> ActivitySheet:
    """An unsaved text that starts from what is known of the activity."""
    stage = stage_now(activity)
    report = stage == SheetStage.REPORT
    return ActivitySheet(
        activity=activity,
        organisation=activity.organisation,
        stage=stage,
        title=activity.title,
        day=activity.day,
        time=activity.starts_at,
        place=activity.place,
        speaker=activity.speaker,
        text=activity.summary if report else activity.about,
        outcome=activity.outcome if report else "",
        attendance=activity.attendance if report else None,
    )


def sheet_refusal(activity: Activity) -> str:
    """Why no new public text may be begun now, or nothing."""
    if not stage_now(activity):
        return f"活动现在是“{activity.get_state_display()}”，不能写公开稿。"
    if activity.sheets.filter(state__in=ON_ITS_WAY).exists():
        return "已有一份公开稿在办理，请先办完或作废那一份。"
    if (
        activity.sheets.filter(state="ended").exists()
        and not activity.sheets.filter(state__in=SHOWN).exists()
    ):
        return "这次活动公开的内容已经撤下，不再公开。"
    return ""


@transaction.atomic
def save_sheet(
    sheet: ActivitySheet,
    *,
    by: Any,
    upload: Upload = NOTHING,
    picked: Iterable[int] | None = None,
    seen: str = "",
) -> ActivitySheet:
    """Store a new or changed public text. `picked` are ids of the activity's files that go with it, None leaves them.

    Photographs go in as copies without place and camera. Raises as save_activity, Unacceptable for a bad file.
    """
    drafts.prepare(sheet, draft="draft", by=by, seen=seen, writers=WRITERS)
    if sheet.pk is None:
        activity = Activity.objects.select_for_update(of=("self",)).get(pk=sheet.activity_id)
        if refusal := sheet_refusal(activity):
            raise Refused(refusal, "state")
    drafts.store(sheet, by=by, upload=upload, purpose=PURPOSE, word="活动公开稿", roles=WRITERS)
    if picked is not None:
        _take_along(sheet, set(picked), by)
    _plain_photos(sheet, by)
    return sheet


def _take_along(sheet: ActivitySheet, picked: set[int], by: Any) -> None:
    """Of the activity's files those picked, each as it is or as its public copy; the others leave the sheet."""
    own = {file.pk: file for file in sheet.activity.files.all()}
    for file in list(sheet.files.all()):
        origin = file.made_from_id or file.pk
        if origin in own and origin not in picked:
            sheet.files.remove(file)
        picked.discard(origin)
    sheet.files.add(*(own[pk] for pk in picked & own.keys()))


def _plain_photos(sheet: ActivitySheet, by: Any) -> None:
    """In the place of each photograph its copy without place and camera; the original stays, private."""
    for file in list(sheet.files.filter(made_from=None)):
        if copy := images.public_copy(file):
            made = files.store(copy, organisation=sheet.organisation, purpose=PURPOSE, by=by)
            sheet.files.remove(file)
            sheet.files.add(made)


def marks(references: list[str]) -> dict[str, list[tuple[str, str, str]]]:
    """What stands beside activities wherever they are listed: to come, cancelled."""
    today = timezone.localdate()
    rows = ActivitySheet.objects.public().filter(activity__code__in=references).select_related("activity")
    found = {}
    for sheet in rows:
        state, words = standing(sheet.activity, sheet.stage, today)
        if state in SHAPES:
            found[sheet.activity.code] = [(state, words, SHAPES[state])]
    return found


def reviews_condition(activity: Activity) -> Q:
    """Every review of an activity's public texts."""
    return Q(kind=ActivitySheet._meta.label_lower, object_id__in=activity.sheets.values("pk"))


def _desk_url(sheet: ActivitySheet) -> str:
    return reverse("education:page", args=[sheet.activity_id])


def _page(code: str) -> str:
    return reverse("public_education:activity", args=[code])


def _version_page(code: str, version: int) -> str:
    return reverse("public_education:activity_version", args=[code, version])


def register() -> None:
    """Tell the gate of the activities and the files who may read them; called once when the app is ready."""
    files.readable(PURPOSE, lambda user: StoredFile.objects.visible_to(user))
    registry.register(
        Kind(
            ActivitySheet, "activity", "诚信教育活动", Chain.THREE, c.candidate_of_sheet, SHEET, c.LABELS,
            _desk_url, marks=marks, save=save_sheet, page=_page, version_page=_version_page, reference_label="编号",
        )
    )  # fmt: skip
