"""Our commitments in the form of the national collection template: their values, and what is lacking in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from commitments import national_form
from commitments.models import Obligation, Verification
from longsha_credit.directory.models import Organisation
from longsha_credit.exchange.tables import writing
from longsha_credit.exchange.tables.cleaning import Fault

HEADS = tuple(one.label for one in national_form.FIELDS)
CHUNK = 500


@dataclass
class Row:
    """A commitment as the template has it: the values by the fields' names, and what keeps it out."""

    it: Obligation
    values: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """The values as cells, in the order of the columns, no formula among them."""
        return next(writing.lines(national_form.SHEET, [(None, self.values)]))


def values_of(it: Obligation) -> dict[str, Any]:
    """The template's values of a commitment that `with_all` fetched.

    What came in this form keeps what the file said where we have nothing: codes of units, a draft's verdict.
    """
    found = it.public_verdicts[0] if it.public_verdicts and it.verdict else None
    received = getattr(it, "received", None)
    came = received.cells if received else {}
    district = _root(it.organisation)
    values: dict[str, Any] = dict.fromkeys(national_form.SHEET.names)
    values |= {
        "code": it.code or (received.code if received else ""),
        "promiser": it.organisation.name, "promiser_sort": "legal", "promiser_code": it.organisation.uscc or came.get("promiser_code"),
        "kind": "active", "title": it.title, "content": it.content, "liability": it.liability,
        "made_on": it.made_on or (received.made_on if received else None), "due_on": it.due_on,
        "receiver": district.name, "receiver_code": district.uscc or came.get("receiver_code"), "openness": national_form.PUBLIC,
        "supervision": "on", "expiry": "expired" if it.due_on < timezone.localdate() else "current",
    }  # fmt: skip
    if found:
        values |= {
            "verdict": found.verdict, "unmet": found.unmet or None, "consequence": found.consequence or None,
            "verified_on": it.verified_on, "verifier": found.organisation.name,
            "verifier_code": found.organisation.uscc, "supervision": "done",
        }  # fmt: skip
    elif received and received.verdict and it.publication_id is None:
        values |= received.verdict_values() | {"supervision": "done"}
    return values


def _root(unit: Organisation) -> Organisation:
    """The district of a unit whose units above were fetched with it."""
    while unit.parent is not None:
        unit = unit.parent
    return unit


def with_all(rows: Any) -> Any:
    """`rows` of obligations with all that the template's values are made of: two queries for any number of rows."""
    verdicts = Verification.objects.public().select_related("organisation").order_by("-id")
    return rows.select_related("organisation__parent__parent__parent__parent", "received").prefetch_related(
        Prefetch("verifications", verdicts, to_attr="public_verdicts")
    )


def looked_at(rows: Any) -> Iterator[Row]:
    """Each commitment among `rows` with its values and what keeps it out of the template, by code, piece by piece."""
    for it in with_all(rows.commitments()).order_by("code", "id").iterator(CHUNK):
        values = values_of(it)
        yield Row(it, values, national_form.faults(values))


def fitting(rows: Any) -> Iterator[Row]:
    """The commitments among `rows` that fit the template."""
    return (row for row in looked_at(rows) if not row.faults)


def summed_up(rows: Any, most: int) -> tuple[int, int, list[tuple[Obligation, Fault]]]:
    """How many commitments fit the template, how many do not, and the first `most` cells that keep them out."""
    whole, lacking, cells = 0, 0, []
    for row in looked_at(rows):
        whole, lacking = whole + (not row.faults), lacking + bool(row.faults)
        if len(cells) < most:
            cells += [(row.it, fault) for fault in row.faults]
    return whole, lacking, cells
