"""What keeps a unit from an award apart from its points: records in effect, and circumstances somebody decided on."""

from collections.abc import Iterable
from typing import Any

from evaluation.models import Application, Ruling, RulingKind
from longsha_credit.directory.models import Organisation
from records.models import Record


def records_against(unit: Organisation) -> Any:
    """The unit's own breaches that are in effect now: repaired, revoked or expired ones no longer count."""
    return Record.objects.breaches().in_effect().filter(organisation=unit, official=None)


def decided(it: Application) -> Iterable[str]:
    """Circumstances that rule the unit out, each found by two people on a document (domain §4.3)."""
    found = Ruling.objects.standing().filter(
        kind=RulingKind.OUT, year=it.cycle.year_id, organisation=it.organisation_id
    )
    return found.order_by("pk").values_list("circumstance__text", flat=True)


def against(it: Application) -> list[str]:
    """Sentences for everything that stands against naming or keeping this unit now."""
    found = [
        f"{it.organisation.name}有一条正在生效的失信记录（{row.number}，{row.effective_from:%Y-%m-%d}起），记录修复、撤销或到期以前不能评定。"
        for row in records_against(it.organisation)[:3]
    ]
    return found + [f"有取消评选资格的情形：{text}" for text in decided(it)]
