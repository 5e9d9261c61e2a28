"""What residents read of the ledger: the list, one item with what was done, and each version of its text."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from commitments.models import Domain, Rectification
from commitments.rectification import public_reading as reading
from commitments.rectification.candidates import LABELS
from longsha_credit.directory.models import Organisation
from longsha_credit.publication import reading as ledger
from longsha_credit.publication.models import Correction
from longsha_credit.web.pages import page_of

SECTION = "rectification"


@dataclass(frozen=True)
class Wanted:
    """What the reader asked the list for; whatever makes no sense counts as not asked."""

    unit: Any
    domain: str
    state: str

    @property
    def conditions(self) -> list[str]:
        """The conditions in words, for the sentence above the list."""
        words = [dict(Domain.choices).get(self.domain), reading.GROUPS.get(self.state, ("",))[0]]
        return [part for part in (self.unit and self.unit.name, *words) if part]


def _wanted(asked: Any, units: list[Any]) -> Wanted:
    domain, state = asked.get("domain"), asked.get("state")
    return Wanted(
        unit=next((unit for unit in units if str(unit.pk) == asked.get("unit")), None),
        domain=domain if domain in Domain.values else "",
        state=state if state in reading.GROUPS else "",
    )


@login_not_required
@require_safe
@conditional_page
def item_list(request):
    units = ledger.in_tree_order(Organisation.objects.public())
    wanted, today = _wanted(request.GET, units), timezone.localdate()
    rows = Rectification.objects.public()
    if wanted.unit:
        rows = rows.below(wanted.unit)
    figures = reading.figures(rows)
    if wanted.domain:
        rows = rows.filter(domain=wanted.domain)
    if wanted.state:
        rows = rows.filter(reading.GROUPS[wanted.state][1])
    page = page_of(request, reading.in_public_order(rows.with_names()))
    for row in reading.with_texts(page.object_list):
        row.standing = reading.standing(row, today)
    context = {"section": SECTION, "page": page, "wanted": wanted, "units": units, "figures": figures}
    context |= {"domains": Domain.choices, "states": [(k, v[0]) for k, v in reading.GROUPS.items()]}
    return render(request, "commitments/rectification/public/list.html", context)


@login_not_required
@require_safe
@conditional_page
def item_page(request, number):
    item = _public(number)
    if item is None:
        return _taken_down(request, number)
    context = reading.page_context(item, timezone.localdate())
    versions = ledger.versions(context["shown"].publication)
    current = versions[0]
    if current.is_removed:
        return _removed(request, current)
    context |= {
        "section": SECTION,
        "current": current,
        "status": reading.status(context["shown"], context["told"], current),
        "versions": versions,
        "changes": ledger.changes(ledger.second(versions), current, LABELS),
    }
    return render(request, "commitments/rectification/public/page.html", context)


@login_not_required
@require_safe
@conditional_page
def version_page(request, number, version):
    item = _public(number)
    if item is None:
        return _taken_down(request, number)
    shown = reading.page_context(item, timezone.localdate())["shown"]
    versions = {it.number: it for it in ledger.versions(shown.publication)}
    found = versions.get(int(version))
    if found is None:
        raise Http404
    if found.is_removed:
        return _removed(request, found)
    earlier = versions.get(found.number - 1)
    context = {
        "section": SECTION,
        "item": item,
        "title": shown.title,
        "version": found,
        "facts": found.labelled(LABELS),
        "earlier": earlier,
        "changes": ledger.changes(earlier, found, LABELS),
        "is_current": found.number == max(versions),
        "later": versions.get(found.number + 1),
    }
    return render(request, "commitments/rectification/public/version.html", context)


def _public(number: str) -> Rectification | None:
    return Rectification.objects.public().with_names().filter(number=number).first()


def _removed(request, version):
    context = {"section": SECTION, "version": version}
    return render(request, "publication/public/version_removed.html", context, status=410)


def _taken_down(request, number):
    """An item that was public and is no more says so; of one that never was, nothing is known here."""
    taken = Correction.objects.public().with_names().withdrawals()
    correction = taken.filter(reference=number, publication__kind="rectification").first()
    if correction is None:
        raise Http404
    context = {"section": SECTION, "correction": correction}
    return render(request, "commitments/rectification/public/withdrawn.html", context, status=410)
