"""What residents are told about records: the marks, what became of one taken down, the figures, the ledger's word."""

import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from longsha_credit.deadlines.calendar import add_months
from longsha_credit.publication import reading as ledger
from longsha_credit.publication.models import Correction
from longsha_credit.publication.models.ledger import Action
from records.models import (
    UNFINISHED,
    Dimension,
    Disclosure,
    Notice,
    Objection,
    Outcome,
    Part,
    Record,
    RecordKind,
    RecordState,
    Repair,
    RequestState,
)
from records.models.catalogue import PERSONS

FEW = 5
# How each end is called, its shape, and what it means.
ENDS = {
    RecordState.REVOKED: ("已撤销", "back", "这条记录已经撤销，不再有效。"),
    RecordState.REPAIRED: (
        "已修复",
        "kept",
        "当事单位已经纠正失信、履行义务，信用已经修复，这条记录不再有效。",
    ),
    RecordState.EXPIRED: ("有效期满", "kept", "这条记录的有效期已经满了，不再有效。"),
    RecordState.CORRECTED: ("更正后不再公示", "back", "这条记录已经更正，更正后不再公示。"),
}
STOPPED = ("已停止公示", "na", "这条记录不再公示。")


def requests_about(record: Record) -> dict[str, Any]:
    """Days only: what was said in an objection or a request for repair has not been through the gate."""
    objections = Objection.objects.filter(record=record).exclude(state=RequestState.RECALLED)
    rows = list(objections.order_by("-id"))
    decided = {one.outcome: one.decided_on for one in reversed(rows) if not one.is_open}
    repairs = Repair.objects.open().filter(record=record)
    return {
        "objected_on": next((one.filed_on for one in rows if one.is_open), None),
        "upheld_on": decided.get(Outcome.UPHELD),
        "to_correct_on": decided.get(Outcome.CORRECTED),
        "repair_asked_on": repairs.values_list("filed_on", flat=True).first(),
    }


def repair_from(record: Record) -> datetime.date | None:
    """The first day on which repair may be asked for, where it may be at all."""
    if not record.repairable or record.effective_from is None:
        return None
    return add_months(record.effective_from, record.repair_min_months)


def is_being_corrected(record: Record) -> bool:
    """Of a row with its marks: whether another text is on its way to take its place."""
    return record.state == RecordState.CORRECTED or record.to_correct


def address_of(record: Record) -> str:
    return reverse("public_records:page", args=[record.number])


def status(record: Record, notice: Notice, current: ledger.Version) -> str:
    """Whether the row, the public row and the kept content with its hash all say the same."""
    if current.status != ledger.INTACT:
        return current.status
    own = {
        "number": record.number,
        "unit": record.subject_name,
        "item": str(record.item),
        "basis": record.item.basis,
        "facts": record.facts,
        "document_number": record.document_number,
        "issuing_body": record.issuing_body,
        "decided_on": _iso(record.decided_on),
        "effective_from": _iso(record.effective_from),
        "effective_until": _iso(record.effective_until),
    }
    agrees = current.agrees_with(record.title, own, []) and current.is_shown_by(notice.publication, [])
    return ledger.INTACT if agrees else ledger.BROKEN


def _iso(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""


def end_of(number: str) -> tuple[str, str, str]:
    """What became of a record that was public and is no more; a version that was never to be public is not asked."""
    versions = Record.objects.filter(number=number, disclosure=Disclosure.PUBLIC)
    last = versions.exclude(state__in=UNFINISHED).order_by("-version").first()
    return ENDS.get(RecordState(last.state), STOPPED) if last else STOPPED


def after_the_end(number: str) -> dict[str, Any]:
    """What a record that expired under an objection is still marked with, and what was found about it since."""
    found = Correction.objects.public().filter(
        action=Action.OUTCOME, reference=number, publication__kind="record"
    )
    told: dict[str, Any] = {"outcome": found.first()}
    expired = Record.objects.filter(
        number=number, disclosure=Disclosure.PUBLIC, state=RecordState.EXPIRED
    ).first()
    if expired:
        asked = requests_about(expired)
        upheld = asked["upheld_on"]
        told["objected_on"] = asked["objected_on"]
        told["upheld_on"] = upheld if upheld and upheld >= expired.ended_on else None
    return told


def figures(rows: Any) -> dict[str, Any]:
    """Of public records: how many there are of each dimension and kind, mentions apart; one query."""
    counted = {
        (row["item__dimension"], row["item__kind"]): row
        for row in rows.order_by()
        .values("item__dimension", "item__kind")
        .annotate(
            party=Count("pk", filter=Q(part=Part.PARTY)),
            mentioned=Count("pk", filter=Q(part=Part.INVOLVED)),
        )
    }
    lines = [
        {"key": key, "label": label}
        | {kind: counted.get((key, kind), {}).get("party", 0) for kind in RecordKind.values}
        for key, label in Dimension.choices
    ]
    totals = {kind: sum(line[kind] for line in lines) for kind in RecordKind.values}
    return {"lines": lines, "mentioned": sum(row["mentioned"] for row in counted.values())} | totals


def officials() -> dict[str, str]:
    """Records on persons in effect in the whole district, as words; under five nobody learns how many."""
    rows = Record.objects.in_effect().filter(subject_kind__in=PERSONS, part=Part.PARTY)
    counted = dict(rows.order_by().values_list("item__kind").annotate(number=Count("pk")))
    return {kind: _at_least(counted.get(kind, 0)) for kind in RecordKind.values}


def _at_least(number: int) -> str:
    return str(number) if number >= FEW else f"少于{FEW}"
