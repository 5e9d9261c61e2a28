"""What residents are told of scenes: the needs and what there is for each, a scene's months in a sentence, its proof."""

import datetime
from typing import Any

from django.db.models import Count, F, Func, Q
from django.utils import timezone

from disclosure.models import Scene, SceneMonth
from disclosure.scenes.candidates import candidate_of_scene, month_fields
from disclosure.scenes.wording import FEW, NEEDS
from longsha_credit.publication import reading as ledger
from longsha_credit.publication.models import ServiceField

MONTHS = 12
# What others can rename later (the unit, a field, a label of ours) is not held against the row.
OWN_WORDS = (
    *("code", "service", "incentive", "beneficiaries", "eligibility", "joining", "place", "phone", "consent"),
    *(
        "leaving",
        "data_used",
        "data_kept",
        "basis",
        "basis_document",
        "begins_on",
        "ends_on",
        "monthly_target",
    ),
)


class Unnest(Func):
    function = "unnest"
    set_returning = True


def needs(rows: Any) -> list[dict[str, Any]]:
    """The fourteen needs in residents' words, each with how many of these scenes are for it; two queries."""
    counted = dict(
        rows.order_by().annotate(need=Unnest(F("needs"))).values_list("need").annotate(number=Count("pk"))
    )
    fields = ServiceField.objects.public()
    return [
        {"key": f.key, "name": f.name, "words": NEEDS[f.key], "number": counted.get(f.key, 0)} for f in fields
    ]


def in_public_order(rows: Any) -> Any:
    """What goes on today first, then what is to come, suspended or over; the newest first among each."""
    going = Q(state="published") | Q(state="withdrawing", stood_as="published")
    going &= Q(begins_on__lte=timezone.localdate())
    return rows.annotate(goes_on=going).order_by("-goes_on", "-publication__published_at", "-id")


def with_standing(rows: Any, today: datetime.date) -> list[Any]:
    found = list(rows)
    for row in found:
        row.standing_now = row.standing(today)
    return found


def scenes_of(unit: Any, today: datetime.date, number: int = 5) -> list[Any]:
    """The scenes of a unit and the units under it that go on, for its page."""
    rows = in_public_order(Scene.objects.public().below(unit).going(today).with_names())
    return with_standing(rows[:number], today)


def months_of(scene: Scene) -> list[SceneMonth]:
    """The public months of a scene, newest first, each with the words that are told of it."""
    rows = list(
        SceneMonth.objects.public().filter(scene=scene).select_related("publication").order_by("-month")
    )
    for row in rows:
        row.scene = scene
        row.told = month_fields(row)
        row.is_few = 0 < row.participations < FEW
    return rows


def figures(months: list[SceneMonth]) -> dict[str, Any]:
    """The last twelve months in numbers: what is too few to be told is in no sum, or the sum would tell it."""
    shown = months[:MONTHS]
    known = [row for row in shown if not row.is_few]
    return {
        "shown": shown,
        "total": sum(row.participations for row in known),
        "few": len(shown) - len(known),
        "reached": sum(row.participations >= row.target for row in known),
        "most": max([row.participations for row in known] + [row.target for row in shown], default=0),
        "effect": next((row for row in months if row.effect), None),
        "older": months[MONTHS:],
    }


def status(scene: Scene, current: ledger.Version, files: list[Any], months: list[SceneMonth]) -> str:
    """Whether the rows, the public rows and the kept contents with their hashes all say the same."""
    if current.status != ledger.INTACT:
        return current.status
    now = candidate_of_scene(scene)
    own = {name: now.fields[name] for name in OWN_WORDS}
    agrees = current.agrees_with(scene.title, own, now.files) and current.is_shown_by(
        scene.publication, files
    )
    kept = ledger.current_versions([row.publication_id for row in months])
    told = all(_month_agrees(row, kept.get(row.publication_id)) for row in months)
    return ledger.INTACT if agrees and told else ledger.BROKEN


def _month_agrees(row: SceneMonth, kept: ledger.Version | None) -> bool:
    same = kept is not None and all(kept.fields.get(name) == text for name, text in row.told.items())
    return same and kept.status == ledger.INTACT and kept.number == row.publication.version
