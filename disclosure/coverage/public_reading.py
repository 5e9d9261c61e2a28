"""What residents are told of the coverage: how much of what a unit owes is there, and how much of that is fresh."""

import datetime
from typing import Any

from disclosure.coverage import board
from disclosure.models import Duty
from longsha_credit.directory.models import Level, Organisation


def overview(today: datetime.date) -> dict[str, Any]:
    """Every unit with its own counts, streets with those under them, and all together; one query."""
    found = board.by_unit(_duties(), today)
    below: dict[int | None, list[board.Counts]] = {}
    for counts in found:
        if counts.level in (Level.COMMUNITY, Level.WINDOW):
            below.setdefault(counts.parent_id, []).append(counts)
    heads = [counts for counts in found if counts.level in (Level.DISTRICT, Level.STREET)]
    return {
        "groups": [(head, below.get(head.id, [])) for head in heads],
        "owed": sum(counts.total for counts in found),
        "filled": sum(counts.filled for counts in found),
        "current": sum(counts.current for counts in found),
    }


def units() -> Any:
    """The units with a public page that owe something."""
    return Organisation.objects.public().filter(pk__in=_duties().order_by().values("organisation"))


def counts_of(units: list[Organisation], today: datetime.date) -> dict[int, board.Counts]:
    """What each of these owes itself, by its number; one query."""
    return {counts.id: counts for counts in board.by_unit(_duties().filter(organisation__in=units), today)}


def cells_of(unit: Organisation, today: datetime.date) -> list[board.Cell]:
    """What a unit owes itself, topic by topic; one query."""
    return board.cells(_duties().filter(organisation=unit), today)


def of_unit(unit: Organisation, today: datetime.date) -> dict[str, Any]:
    """For the page of a unit: what it owes itself, without the units under it; one query.

    `coverage`: its Counts, None where it owes nothing; `coverage_fields`: cells of the fourteen fields of service,
    `coverage_others`: cells of the other topics. Drawn by disclosure/coverage/public/_unit.html.
    """
    cells = cells_of(unit, today)
    if not cells:
        return {"coverage": None}
    numbers = {state: sum(cell.state == state for cell in cells) for state in board.STATES}
    return {
        "coverage": board.Counts(**numbers, total=len(cells)),
        "coverage_fields": [cell for cell in cells if cell.service_field_id],
        "coverage_others": [cell for cell in cells if not cell.service_field_id],
    }


def _duties():
    return Duty.objects.public().filter(organisation__in=Organisation.objects.public().order_by())
