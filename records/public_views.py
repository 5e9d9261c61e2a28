"""What residents read of integrity records: the list, one record, each version of it, and the catalogue."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from longsha_credit.directory.models import Organisation
from longsha_credit.publication import reading as ledger
from longsha_credit.publication.models import Correction
from longsha_credit.web.pages import page_of
from records import opinions
from records import public_reading as reading
from records.candidates import LABELS
from records.models import CatalogueItem, Dimension, Notice, Record, RecordKind


@dataclass(frozen=True)
class Wanted:
    """What the reader asked the list for; whatever makes no sense counts as not asked."""

    unit: Any
    kind: str
    dimension: str
    year: int | None

    @property
    def conditions(self) -> list[str]:
        """The conditions in words, for the sentence above the list."""
        labels = [dict(RecordKind.choices).get(self.kind), dict(Dimension.choices).get(self.dimension)]
        parts = [self.unit and self.unit.name, *labels, self.year and f"{self.year}年作出"]
        return [part for part in parts if part]


def _wanted(asked: Any, units: list[Any], years: list[int]) -> Wanted:
    return Wanted(
        unit=next((unit for unit in units if str(unit.pk) == asked.get("unit")), None),
        kind=_known(asked.get("kind"), RecordKind.values),
        dimension=_known(asked.get("dimension"), Dimension.values),
        year=next((year for year in years if str(year) == asked.get("year")), None),
    )


def _known(value: Any, choices: Any) -> str:
    return value if value in choices else ""


def _found(rows: Any, wanted: Wanted) -> Any:
    if wanted.kind:
        rows = rows.filter(item__kind=wanted.kind)
    if wanted.dimension:
        rows = rows.filter(item__dimension=wanted.dimension)
    if wanted.year:
        rows = rows.filter(decided_on__year=wanted.year)
    return rows.marked().with_names().order_by("-decided_on", "-id")


@login_not_required
@require_safe
@conditional_page
def record_list(request):
    units = ledger.in_tree_order(Organisation.objects.public())
    rows = Record.objects.public()
    years = [day.year for day in rows.dates("decided_on", "year", order="DESC")]
    wanted = _wanted(request.GET, units, years)
    if wanted.unit:
        rows = rows.below(wanted.unit)
    context = {
        "section": "records",
        "page": page_of(request, _found(rows, wanted)),
        "figures": reading.figures(rows),
        "officials": reading.officials(),
        "wanted": wanted,
        "units": units,
        "kinds": RecordKind.choices,
        "dimensions": Dimension.choices,
        "years": years,
    }
    return render(request, "records/public/list.html", context)


@login_not_required
@require_safe
@conditional_page
def catalogue(request):
    items = list(CatalogueItem.objects.public())
    groups = [
        {"key": key, "label": label, "items": [item for item in items if item.kind == key]}
        for key, label in RecordKind.choices
    ]
    return render(request, "records/public/catalogue.html", {"section": "records", "groups": groups})


@login_not_required
@require_safe
@conditional_page
def record_page(request, number):
    record, notice = _public(number)
    if record is None:
        return _taken_down(request, number)
    versions = ledger.versions(notice.publication)
    current = versions[0]
    if current.is_removed:
        return _removed(request, current)
    context = {
        "section": "records",
        "record": record,
        "notice": notice,
        "current": current,
        "status": reading.status(record, notice, current),
        "is_over": record.effective_until < timezone.localdate(),
        "repair_from": reading.repair_from(record),
        "versions": versions,
        "changes": ledger.changes(ledger.second(versions), current, LABELS),
        **reading.requests_about(record),
    }
    return render(request, "records/public/page.html", context)


@login_not_required
@require_safe
@conditional_page
def version_page(request, number, version):
    record, notice = _public(number)
    if record is None:
        return _taken_down(request, number)
    versions = ledger.versions(notice.publication)
    at = {it.number: it for it in versions}
    shown = at.get(int(version))
    if shown is None:
        raise Http404
    if shown.is_removed:
        return _removed(request, shown)
    earlier = at.get(shown.number - 1)
    context = {
        "section": "records",
        "record": record,
        "notice": notice,
        "version": shown,
        "facts": shown.labelled(LABELS),
        "earlier": earlier,
        "changes": ledger.changes(earlier, shown, LABELS),
        "is_current": shown is versions[0],
        "later": at.get(shown.number + 1),
    }
    return render(request, "records/public/version.html", context)


def _public(number: str) -> tuple[Any, Any]:
    """The version of a record that stands published, with its notice; or neither."""
    rows = Record.objects.public().marked().with_names()
    record = rows.filter(number=number).first()
    notice = Notice.objects.public().with_names().filter(record=record).first() if record else None
    return (record, notice) if notice else (None, None)


def _removed(request, version):
    context = {"section": "records", "version": version}
    return render(request, "publication/public/version_removed.html", context, status=410)


def _taken_down(request, number):
    """A record that was public and is no more says what became of it; of one that never was, nothing is known here."""
    taken = Correction.objects.public().with_names().withdrawals()
    correction = taken.filter(reference=number, publication__kind="record").first()
    if correction is None:
        raise Http404
    word, shape, sentence = reading.end_of(number)
    context = {
        "section": "records",
        "correction": correction,
        "word": word,
        "shape": shape,
        "sentence": sentence,
        **reading.after_the_end(number),
    }
    return render(request, "records/public/ended.html", context, status=410)


@login_not_required
@require_safe
def verify_opinion(request):
    """Whether an opinion is genuine: the day it was issued and whether its text is unaltered, nothing else."""
    number, code = request.GET.get("number", ""), request.GET.get("code", "")
    found = opinions.verify(number, code)
    context = {
        "section": "records",
        "asked": bool(number or code),
        "number": number.replace("\x00", "")[:30],
        "found": found is not None,
        "issued_on": found[0] if found else None,
        "is_intact": bool(found and found[1]),
    }
    response = render(request, "records/public/verify.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
