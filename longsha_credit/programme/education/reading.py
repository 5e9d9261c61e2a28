"""What the desk pages of education show: an activity, a material, a person's year, the figures of all units."""

import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from longsha_credit.audit.history import changes, timeline
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.models import Official, Organisation
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.programme.education import hours, materials, metrics, services
from longsha_credit.programme.education.flows import EDITION, FLOW, HOURS, SHEET, WRITERS
from longsha_credit.programme.education.wording import FEW, hours_words, is_moved
from longsha_credit.programme.models import (
    Activity,
    ActivitySheet,
    Audience,
    Course,
    HoursState,
    Material,
    MaterialEdition,
    TrainingHours,
    Year,
)
from longsha_credit.programme.models.training import KEEPS_HOURS
from longsha_credit.publication.gate import pointed_out
from longsha_credit.publication.models import Review

ZERO = Decimal(0)
DRAFT = "draft"


def _reviews(user: Any, condition: Q) -> list[Review]:
    found = list(Review.objects.visible_to(user).with_people().filter(condition).order_by("-id"))
    for review in found:
        review.opens = True  # they come from what this reader may see
    return found


def desk_files(row: Any) -> list[Any]:
    """The files of a row with their desk addresses."""
    files = list(row.files.all())
    for file in files:
        file.url = reverse("file", args=[file.pk])
    return files


def _part(row: Any, flow: Any, user: Any, name: str) -> dict[str, Any]:
    """A version of a text with what `user` may do about it."""
    refusal = flow.refusal(row, flow.steps["submit"], user)
    edits = row.state == DRAFT and (refusal is None or refusal.code == "guard")
    return {
        "it": row,
        "offers": flow.available(
            row, user, url=lambda step: reverse(f"education:{name}_step", args=[row.pk, step])
        ),
        "edit_url": reverse(f"education:{name}_edit", args=[row.pk]) if edits else "",
        "files": desk_files(row),
        "returned": pointed_out(row),
    }


def activity_context(activity: Activity, user: Any) -> dict[str, Any]:
    """All of an activity, of what `user` may see; the hours of people only to those who keep them."""
    can_write = user.role_at(WRITERS, activity.organisation.path) is not None
    sheets = list(
        ActivitySheet.objects.visible_to(user)
        .filter(activity=activity)
        .with_names()
        .prefetch_related("files")
    )
    reviews = _reviews(user, services.reviews_condition(activity))
    shown = next((sheet for sheet in sheets if sheet.state in services.SHOWN), None)
    entered = TrainingHours.objects.visible_to(user).filter(activity=activity).live()
    keeps = user.holds(*KEEPS_HOURS) and activity.took_place and Audience.OFFICIALS in activity.audiences
    return {
        "activity": activity,
        "offers": FLOW.available(
            activity, user, url=lambda step: reverse("education:step", args=[activity.pk, step])
        ),
        "clocks": Deadline.objects.visible_to(user).of(activity).open().with_names(),
        "can_write": can_write,
        "can_tell": can_write and not services.sheet_refusal(activity),
        "stage_now": services.stage_now(activity),
        "moved": bool(shown) and is_moved(shown),
        "shown": shown,
        "sheets": [_part(sheet, SHEET, user, "sheet") for sheet in sheets if sheet.state != "discarded"],
        "files": desk_files(activity),
        "reviews": reviews,
        "entries": timeline([activity, *sheets, *reviews]),
        "changes": changes(activity),
        "keeps_hours": keeps and activity.year.state != "frozen",
        "entered": entered.count() if keeps else 0,
    }


def material_context(material: Material, user: Any) -> dict[str, Any]:
    """A material with the editions `user` may read, the newest first."""
    editions = list(
        MaterialEdition.objects.visible_to(user)
        .filter(material=material)
        .with_names()
        .prefetch_related("files")
    )
    works = user.role_at(SEES_WORK, material.organisation.path) is not None
    reviews = _reviews(user, materials.reviews_condition(material))
    current = next((one for one in editions if one.state in materials.STANDING), None)
    can_write = materials.may_write(user, material)
    shown = [one for one in editions if one.state != "discarded"]
    return {
        "material": material,
        "current": current,
        "current_files": desk_files(current) if current else [],
        "newest": current or next(iter(shown), None) or editions[0],
        "can_revise": can_write and not materials.edition_refusal(material),
        "parts": [_part(one, EDITION, user, "edition") for one in shown] if works else [],
        "reviews": reviews,
        "entries": timeline([*editions, *reviews]) if works else [],
        "works": works,
    }


# --- the hours of people ----------------------------------------------------------------------------------------------


def with_hours(people: QuerySet[Official], year: Year) -> QuerySet[Official]:
    """The officials, each with `learned` confirmed hours of the year and how many entries are `waiting`."""
    mine = TrainingHours.objects.filter(official=OuterRef("pk"), year=year).order_by()

    def of(state: str, what: Any) -> Subquery:
        return Subquery(mine.filter(state=state).values("official").annotate(found=what).values("found"))

    return people.annotate(
        learned=Coalesce(of(HoursState.CONFIRMED, Sum("hours")), ZERO),
        waiting=Coalesce(of(HoursState.ENTERED, Count("pk")), 0),
    )


def person_context(official: Official, year: Year, user: Any) -> dict[str, Any]:
    """An official's year: what was learned, what is missing, which required courses are left."""
    rows = list(TrainingHours.objects.visible_to(user).filter(official=official, year=year).with_names())
    minimum = hours.minimum_of(year)
    learned = sum((row.hours for row in rows if row.state == HoursState.CONFIRMED), ZERO)
    taken = {row.course_id for row in rows if row.state == HoursState.CONFIRMED}
    required = Course.objects.filter(year=year, levels__contains=[official.organisation.level]).offered()
    courses = list(required.with_names())
    for course in courses:
        course.is_done = course.pk in taken
    keeps = hours.people_kept_by(user).filter(pk=official.pk).exists()
    steps = _steps(rows, official, year, user) if keeps else {}
    return {
        "official": official,
        "year": year,
        "minimum": minimum,
        "learned": learned,
        "missing": max(minimum.hours - learned, ZERO),
        "rows": [{"it": row, "offers": steps.get(row.pk, [])} for row in rows],
        "courses": courses,
        "keeps": keeps,
    }


def _steps(rows: list[TrainingHours], official: Official, year: Year, user: Any) -> dict[int, list[Any]]:
    """What `user` may do about each of these hours, told from the flow's own table in one query for all of them."""
    path = official.organisation.path
    if year.state == "frozen" or user.role_at(KEEPS_HOURS, path) is None:
        return {}
    waiting = TrainingHours.objects.filter(HOURS.waiting_for(user), pk__in=[row.pk for row in rows])
    confirmable = set(waiting.values_list("pk", flat=True))
    found = {}
    for row in rows:
        steps = [
            s
            for s in HOURS.steps.values()
            if row.state in s.from_ and user.role_at(s.roles, row.organisation.path)
        ]
        mine = row.created_by_id == user.pk
        found[row.pk] = [
            {"step": step, "url": reverse("education:hours_step", args=[row.pk, step.name])}
            for step in steps
            if (row.pk in confirmable if step.name == "confirm" else not (mine and step.not_by))
        ]
    return found


# --- figures ----------------------------------------------------------------------------------------------------------


def percent(part: int, whole: int) -> str:
    """86.7%, half up; nothing where there is no whole."""
    if not whole:
        return ""
    return f"{(Decimal(part) * 100 / whole).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def statistics(units: list[Organisation], year: Year, today: datetime.date) -> dict[str, Any]:
    """Activities, attendance, hours and the share that reached the minimum, by unit; five queries for any number.

    Units with fewer than five officials are not told apart: they stand together in one line where that makes five.
    """
    first, last = datetime.date(year.number, 1, 1), datetime.date(year.number, 12, 31)
    held, reached = metrics.activities_of_all(first, last), metrics.reached_of_all(year, today)
    learned, ids = metrics.unit_hours_of_all(year), {unit.pk for unit in units}
    rows, small = [], {"people": 0, "reached": 0, "hours": ZERO, "units": 0}
    for unit in units:
        told, people = held.get(unit.pk, {}), reached.get(unit.pk, {"people": 0, "reached": 0})
        row = {"unit": unit, "activities": told.get("activities", 0), "attendance": told.get("attendance", 0)}
        if 0 < people["people"] < FEW:
            small["units"] += 1
            small["people"] += people["people"]
            small["reached"] += people["reached"]
            small["hours"] += learned.get(unit.pk, ZERO)
            row |= {"few": True}
        else:
            row |= _people_cells(people["people"], people["reached"], learned.get(unit.pk, ZERO))
        rows.append(row)
    told_people = [row for row in rows if row.get("people")]
    together = (
        _people_cells(small["people"], small["reached"], small["hours"]) if small["people"] >= FEW else None
    )
    total = {
        "activities": sum(row["activities"] for row in rows),
        "attendance": sum(row["attendance"] for row in rows),
    } | _people_cells(
        sum(row["people"] for row in told_people) + (small["people"] if together else 0),
        sum(row["reached"] for row in told_people) + (small["reached"] if together else 0),
        sum((row["hours"] for row in told_people), ZERO) + (small["hours"] if together else ZERO),
    )
    return {
        "rows": rows,
        "small": small["units"],
        "together": together,
        "total": total,
        "left_out": bool(small["units"]) and together is None,
        "minimum": hours.minimum_of(year),
        "units": len(ids),
    }


def _people_cells(people: int, reached: int, learned: Decimal) -> dict[str, Any]:
    return {"people": people, "reached": reached, "hours": learned, "rate": percent(reached, people)}


COLUMNS = ("单位", "活动场次", "参加人次", "公职人员", "达到学时要求", "达标率", "确认的学时")


def statistics_lines(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The figures as lines of a table, few people told as few."""
    lines = []
    for row in found["rows"]:
        cells = (f"少于{FEW}", "", "", "") if row.get("few") else _cells(row)
        lines.append((row["unit"].name, row["activities"], row["attendance"], *cells))
    if found["together"]:
        lines.append((f"不足{FEW}人的单位合计（{found['small']}个）", "", "", *_cells(found["together"])))
    total = found["total"]
    lines.append(("合计", total["activities"], total["attendance"], *_cells(total)))
    return lines


def _cells(row: dict[str, Any]) -> tuple[Any, ...]:
    if not row["people"]:
        return (0, "", "", "")
    return (row["people"], row["reached"], row["rate"], hours_words(row["hours"]))
