"""The parts of an obligation: written with a draft, copied into a change, taken over by a new version, rolled up."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from commitments.models import PART_FIELDS, Amendment, Obligation, Part, PartState

VALUES = {PartState.DONE: Decimal(1), PartState.PARTLY: Decimal("0.5")}


def of(owner: Obligation | Amendment) -> list[Any]:
    """The parts of an obligation as it stands, or those an amendment proposes; no query where there are none."""
    if not owner.part_count:
        return []
    if hasattr(owner, "standing_parts"):
        return owner.standing_parts
    return list(owner.parts.standing() if isinstance(owner, Obligation) else owner.parts.all())


def rows_of(owner: Obligation | Amendment) -> list[dict[str, Any]]:
    """The same as values, for a form or for a copy."""
    return [{name: getattr(part, name) for name in PART_FIELDS} for part in of(owner)]


def same(one: Obligation | Amendment, other: Obligation | Amendment) -> bool:
    return rows_of(one) == rows_of(other)


def write(owner: Obligation | Amendment, rows: list[dict[str, Any]]) -> None:
    """Make these rows the parts of a draft. A row without a number is new and gets the next one, for good."""
    kept = {part.number: part for part in owner.parts.all()}
    last = max([*kept, *_numbers_ever(owner)], default=0)
    wanted = {}
    for row in rows:
        number = row["number"] if row["number"] in _known(owner, kept) else None
        if number is None or number in wanted:
            number = last = last + 1
        wanted[number] = row | {"number": number}
    for number, part in kept.items():
        if number not in wanted:
            part.delete()
    for number, row in wanted.items():
        part = kept.get(number) or owner.parts.model(**_owned_by(owner))
        _set(part, row)
    owner.part_count = len(wanted)
    type(owner)._base_manager.filter(pk=owner.pk).update(part_count=owner.part_count)


def _known(owner: Obligation | Amendment, kept: dict[int, Any]) -> set[int]:
    """Numbers a form may send back: the draft's own, and for a change those of the parts that stand."""
    if isinstance(owner, Obligation):
        return set(kept)
    return set(kept) | set(owner.obligation.parts.standing().values_list("number", flat=True))


def _numbers_ever(owner: Obligation | Amendment) -> list[int]:
    """A number once given is not given to another part, not even after that part was dropped."""
    promise = owner if isinstance(owner, Obligation) else owner.obligation
    return list(promise.parts.values_list("number", flat=True))


def _owned_by(owner: Obligation | Amendment) -> dict[str, Any]:
    return {"obligation": owner} if isinstance(owner, Obligation) else {"amendment": owner}


def _set(part: Any, row: dict[str, Any]) -> None:
    for name in PART_FIELDS:
        setattr(part, name, row[name])
    part.save()


def adopt(amendment: Amendment, obligation: Obligation) -> None:
    """The parts of a passed change become those of the obligation, whose version has just moved on."""
    standing = {part.number: part for part in obligation.parts.all()}
    proposed = {part.number: part for part in of(amendment)}
    for number in sorted(standing.keys() | proposed.keys()):
        part = standing.get(number) or Part(obligation=obligation)
        part.version, part.is_dropped = obligation.version, number not in proposed
        if part.is_dropped:
            part.save()
        else:
            _set(part, {name: getattr(proposed[number], name) for name in PART_FIELDS})


@dataclass(frozen=True)
class Standing:
    """One part with the newest report on it, or None where nobody reported: that is not zero."""

    part: Part
    report: Any

    @property
    def state(self) -> str:
        return self.report.part_state if self.report else ""


@dataclass(frozen=True)
class RollUp:
    """The parts together: how many are reported, and the share over those that have a value."""

    parts: list[Standing]

    @property
    def reported(self) -> list[Standing]:
        return [one for one in self.parts if one.report]

    def number(self, state: str) -> int:
        return sum(one.state == state for one in self.parts)

    @property
    def sentence(self) -> str:
        """3 部分中已报 2：1 全部、1 部分；1 尚未报."""
        silent = len(self.parts) - len(self.reported)
        said = f"{len(self.parts)}部分中已报{len(self.reported)}"
        counts = [(self.number(PartState.DONE), "全部"), (self.number(PartState.PARTLY), "部分")]
        named = "、".join(f"{number}{word}" for number, word in counts if number)
        return f"{said}{'：' + named if named else ''}{f'；{silent}尚未报' if silent else ''}"

    @property
    def is_weighted(self) -> bool:
        """Weights count only where every part has one; else the parts are alike."""
        return bool(self.parts) and all(one.part.weight is not None for one in self.parts)

    def _weight(self, one: Standing) -> Decimal:
        return one.part.weight if self.is_weighted and one.part.weight is not None else Decimal(1)

    @property
    def denominator(self) -> Decimal:
        return sum((self._weight(one) for one in self.reported), Decimal(0))

    @property
    def numerator(self) -> Decimal:
        return sum((self._weight(one) * VALUES[PartState(one.state)] for one in self.reported), Decimal(0))

    @property
    def share(self) -> Decimal | None:
        """Percent with one decimal over the parts that are reported; None where none is."""
        if not self.denominator:
            return None
        return (100 * self.numerator / self.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def formula(self) -> str:
        """What was divided by what, in words."""
        if self.is_weighted:
            return "（全部完成的权重＋0.5×部分完成的权重）÷已报部分的权重合计"
        return "（全部完成的部分数＋0.5×部分完成的部分数）÷已报的部分数"


def roll_up(obligation: Obligation, reports: list[Any]) -> RollUp | None:
    """The parts of an obligation with their newest of these published reports (newest first); None without parts."""
    parts = of(obligation)
    if not parts:
        return None
    newest: dict[int, Any] = {}
    for report in reports:
        if report.part_id:
            newest.setdefault(report.part_id, report)
    return RollUp([Standing(part, newest.get(part.pk)) for part in parts])
