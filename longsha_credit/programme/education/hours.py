"""Every change of training hours, courses and the yearly minimum, and what an official still has to learn."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.models import Official
from longsha_credit.directory.scope import require_within
from longsha_credit.files import services as files
from longsha_credit.files.models import StoredFile
from longsha_credit.programme.education import metrics
from longsha_credit.programme.education.conditions import hours_refusal
from longsha_credit.programme.education.flows import HOURS, OFFICE
from longsha_credit.programme.education.reference import MINIMUM
from longsha_credit.programme.education.wording import hours_words
from longsha_credit.programme.models import Activity, Course, HoursMinimum, TrainingHours, Year
from longsha_credit.programme.models.education import AFTER
from longsha_credit.programme.models.training import KEEPS_HOURS
from longsha_credit.programme.services import require_open

CERTIFICATE = "education_certificate"
MOST = 200  # officials of one sitting


def people_kept_by(user: Any) -> QuerySet[Official]:
    """The officials whose hours the user enters and reads by name: those TrainingHours shows, without the user's own."""
    condition = Q(pk__in=[])
    for path in user.paths_for(KEEPS_HOURS):
        if path.count("/") > 2:
            condition |= Q(organisation__path__startswith=path)
        else:
            near = Q(organisation__parent__path=path, organisation__level__in=["window", "post"])
            condition |= Q(organisation__path=path) | near
    return Official.objects.filter(condition).with_unit().select_related("user")


def opened_by(user: Any, pk: int) -> Official:
    """The official whose hours somebody opens by name, which leaves an entry about the person. Raises Http404."""
    official = people_kept_by(user).filter(pk=pk).first()
    if official is None:
        raise Http404
    record(official, step="read_hours", label="查阅学时", by=user, roles=KEEPS_HOURS)
    return official


def activities_attended(user: Any) -> QuerySet[Activity]:
    """Activities for officials that took place, held by the user's units or by those above them."""
    paths = set()
    for path in user.paths_for(KEEPS_HOURS):
        parts = path.strip("/").split("/")
        paths |= {f"/{'/'.join(parts[:number])}/" for number in range(1, len(parts) + 1)}
    own = Q(organisation__path__in=sorted(paths))
    for path in user.paths_for(KEEPS_HOURS):
        own |= Q(organisation__path__startswith=path)
    rows = Activity.objects.filter(own, state__in=AFTER, audiences__contains=["officials"])
    return rows.exclude(year__state="frozen").with_names()


def activity_to_enter(user: Any, pk: int) -> Activity:
    """The activity whose hours the user may enter; raises Http404."""
    found = activities_attended(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def courses_to_enter(user: Any) -> QuerySet[Course]:
    """Courses of open years for which hours are entered."""
    return (
        Course.objects.visible_to(user)
        .offered()
        .exclude(year__state="frozen")
        .with_names()
        .order_by("-year__number", "id")
    )


@transaction.atomic
def enter(
    people: Sequence[Official],
    *,
    by: Any,
    day: datetime.date,
    hours: Decimal,
    activity: Activity | None = None,
    course: Course | None = None,
    outside: str = "",
    certificate: Any = None,
    today: datetime.date | None = None,
) -> list[TrainingHours]:
    """Enter the same hours for these officials, all of them or nobody; another person confirms them.

    Raises Http404 for an official of another unit, Refused, files.checks.Unacceptable for a bad certificate.
    """
    today = today or timezone.localdate()
    if not people or len(people) > MOST:
        raise Refused("请至少选一个人。" if not people else f"一次最多登记{MOST}人，请分几次。", "guard")
    source = activity or course
    year = source.year if source else Year.objects.filter(number=day.year).first()
    if year is None:
        raise Refused(f"{day.year}年度还没有安排，请区信用办先在“年度安排”里复制到这一年。", "guard")
    require_open(year)
    kept = set(people_kept_by(by).filter(pk__in=[one.pk for one in people]).values_list("pk", flat=True))
    rows = []
    for official in people:
        if official.pk not in kept:
            raise Http404
        rows.append(
            TrainingHours(
                official=official,
                organisation=official.organisation,
                year=year,
                activity=activity,
                course=course,
                outside=outside.strip(),
                day=day,
                hours=hours,
                created_by=by,
            )
        )
    return _stored(rows, certificate, by, today)


def _stored(
    rows: list[TrainingHours], certificate: Any, by: Any, today: datetime.date
) -> list[TrainingHours]:
    if refusals := [refusal for row in rows if (refusal := hours_refusal(row, today))]:
        raise Refused("".join(refusals[:3]) + ("……" if len(refusals) > 3 else ""), "guard")
    try:
        with transaction.atomic():
            for row in rows:
                if certificate:
                    row.certificate = files.store(
                        certificate, organisation=row.organisation, purpose=CERTIFICATE, by=by
                    )
                row.save()
                words = f"{row.source}，{hours_words(row.hours)}学时"
                record(row, step="enter", label="登记学时", by=by, roles=KEEPS_HOURS, reason=words)
    except IntegrityError as problem:
        raise Refused("刚刚有人登记过同样的学时，请刷新页面看最新情况。", "state") from problem
    return rows


@transaction.atomic
def confirm_all(
    rows: Sequence[TrainingHours], *, by: Any, today: datetime.date | None = None
) -> tuple[int, list[str]]:
    """Confirm those that may be confirmed; gives how many, and why the others were not."""
    done, left = 0, []
    for row in rows:
        try:
            HOURS.take(row, "confirm", by=by, today=today)
            done += 1
        except Refused as refusal:
            left.append(f"{row.official}：{refusal}")
    return done, left


# --- what the year asks -----------------------------------------------------------------------------------------------


def minimum_of(year: Year) -> HoursMinimum:
    """What the year asks, as the office keeps it; where it kept nothing, the proposal (unsaved)."""
    return metrics.minimum_of(year)


@transaction.atomic
def load_minimums() -> int:
    """A row for every year that is open and has none; edits are never overwritten. Gives how many were made."""
    missing = Year.objects.exclude(state="frozen").exclude(pk__in=HoursMinimum.objects.values("year"))
    made = [HoursMinimum(organisation=year.organisation, year=year, **MINIMUM) for year in missing]
    HoursMinimum.objects.bulk_create(made)
    return len(made)


@transaction.atomic
def set_minimum(year: Year, *, by: Any, hours: Decimal, basis: str, basis_kind: str) -> HoursMinimum:
    """What the year asks from now on. Raises Http404, Refused for a frozen year."""
    require_within(by, year.organisation, OFFICE)
    require_open(year)
    row = HoursMinimum.objects.select_for_update().filter(year=year).first()
    row = row or HoursMinimum(year=year, organisation=year.organisation)
    before = hours_words(row.hours)
    row.hours, row.basis, row.basis_kind, row.saved_by = hours, basis.strip(), basis_kind, by
    row.save()
    said = f"{before or '（没有）'} 改为 {hours_words(hours)} 学时"
    record(row, step="edit", label="修改学时要求", by=by, roles=OFFICE, reason=said)
    return row


@transaction.atomic
def save_course(course: Course, *, by: Any) -> Course:
    """Store a new or changed course of an open year. Raises Http404, Refused."""
    require_within(by, course.organisation, OFFICE)
    require_open(course.year)
    same = Course.objects.filter(year=course.year, title=course.title, retired_on=None).exclude(pk=course.pk)
    if same.exists():
        raise Refused(f"{course.year}已有同名的课程，请换一个名称或修改那一门。", "guard")
    new = course.pk is None
    if new:
        course.created_by = by
    course.save()
    record(course, step="edit", label="新建课程" if new else "修改课程", by=by, roles=OFFICE)
    return course


@transaction.atomic
def retire_course(course: Course, *, by: Any, reason: str, today: datetime.date | None = None) -> Course:
    """No more hours are entered for it; those that were stay. Raises Http404, Refused."""
    require_within(by, course.organisation, OFFICE)
    require_open(course.year)
    if not reason.strip():
        raise Refused("请写明停开的理由。", "reason")
    course = Course.objects.select_for_update(of=("self",)).get(pk=course.pk)
    if course.retired_on:
        raise Refused("这门课已经停开。", "state")
    course.retired_on = today or timezone.localdate()
    course.save()
    record(course, step="retire", label="停开课程", by=by, roles=OFFICE, reason=reason)
    return course


def certificates_of(user: Any) -> QuerySet[StoredFile]:
    """Certificates of the hours the user may read."""
    rows = TrainingHours.objects.visible_to(user).exclude(certificate=None)
    return StoredFile.objects.filter(pk__in=rows.values("certificate"))


def note_export(user: Any, *, year: Year, number: int) -> None:
    """Who took the hours of people out of the portal."""
    place = next(m.organisation for m in user.current_memberships if m.role in KEEPS_HOURS)
    record(
        year,
        step="export",
        label="导出学时",
        by=user,
        roles=KEEPS_HOURS,
        reason=f"{number}条",
        organisation=place,
    )


def register() -> None:
    """Certificates are read by whoever may read the hours; called once when the app is ready."""
    files.readable(CERTIFICATE, certificates_of)
