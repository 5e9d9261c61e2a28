"""What residents are told of education: what is to come, what was, what there is to read, and its proof."""

import datetime
from typing import Any

from django.db.models import Q

from longsha_credit.programme.education.candidates import (
    candidate_of_edition,
    candidate_of_sheet,
)
from longsha_credit.programme.education.wording import with_standing
from longsha_credit.programme.models import ActivitySheet, MaterialEdition
from longsha_credit.publication import reading as ledger
from longsha_credit.publication import words
from longsha_credit.publication.models import Publication

FEW = 6
# What others can rename later (the unit, a label of ours) is not held against the row.
OF_SHEETS = ("code", "when", "place", "speaker", "text", "outcome", "attendance")
OF_EDITIONS = ("code", "summary", "body", "source")


def sheets() -> Any:
    return ActivitySheet.objects.public().with_names()


def to_come(today: datetime.date) -> Any:
    """Announced and not yet held, the nearest first; a cancelled one until its day has passed."""
    ahead = Q(activity__state__in=["planned", "cancelled"], activity__planned_on__gte=today)
    return sheets().filter(ahead, stage="announcement").order_by("activity__planned_on", "id")


def past(today: datetime.date) -> Any:
    """All others, the newest first."""
    ahead = Q(activity__state__in=["planned", "cancelled"], activity__planned_on__gte=today)
    return sheets().exclude(ahead & Q(stage="announcement")).order_by("-day", "-id")


def editions() -> Any:
    return MaterialEdition.objects.public().with_names()


def found_materials(asked: dict[str, str]) -> Any:
    """Public materials by theme, audience and words."""
    rows = editions()
    if asked["theme"]:
        rows = rows.filter(theme=asked["theme"])
    if asked["audience"]:
        rows = rows.filter(audiences__contains=[asked["audience"]])
    if asked["q"]:
        rows = rows.filter(publication__in=_having_words(asked["q"]))
    return rows.order_by("-publication__published_at", "-id")


def _having_words(q: str) -> Any:
    """Publications of materials with all the words or, where none has, any of them."""
    rows = Publication.objects.public().filter(kind="material")
    question = words.question(q, [])
    if question is None:
        return rows.none()
    every = rows.matching(question.every)
    return every if every.exists() else rows.matching(question.some)


def overview(today: datetime.date) -> dict[str, Any]:
    return {
        "coming": with_standing(to_come(today)[:FEW], today),
        "past": with_standing(past(today)[:FEW], today),
        "materials": editions().order_by("-publication__published_at", "-id")[:FEW],
    }


def of_unit(unit: Any, today: datetime.date, number: int) -> list[Any]:
    """The next activities of a unit and of those below it, or, where none is to come, the last ones; two queries."""
    below = {"organisation__path__startswith": unit.path}
    coming = list(to_come(today).filter(**below)[:number])
    return with_standing(coming or past(today).filter(**below)[:number], today)


def _status(
    candidate: Any, names: tuple[str, ...], row: Any, current: ledger.Version, files: list[Any]
) -> str:
    """Whether the row, the public row and the kept content with its hash all say the same."""
    if current.status != ledger.INTACT:
        return current.status
    own = {name: candidate.fields[name] for name in names}
    agrees = current.agrees_with(row.title, own, candidate.files)
    return ledger.INTACT if agrees and current.is_shown_by(row.publication, files) else ledger.BROKEN


def sheet_status(sheet: ActivitySheet, current: ledger.Version, files: list[Any]) -> str:
    return _status(candidate_of_sheet(sheet), OF_SHEETS, sheet, current, files)


def edition_status(edition: MaterialEdition, current: ledger.Version, files: list[Any]) -> str:
    return _status(candidate_of_edition(edition), OF_EDITIONS, edition, current, files)


def split_photos(files: list[Any]) -> tuple[list[Any], list[Any]]:
    """(photographs with the words that are told of them, everything else)."""
    photos = [file for file in files if file.name.lower().endswith((".jpg", ".jpeg", ".png"))]
    for photo in photos:
        photo.words = photo.name.rsplit(".", 1)[0]
    return photos, [file for file in files if file not in photos]
