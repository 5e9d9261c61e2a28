"""What evaluation may ask of handovers, and what became of an office's promises from one term to the next."""

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from commitments.models import Handover, HandoverState, Obligation, Verdict
from commitments.models.handovers import RULE
from longsha_credit.deadlines.joining import with_newest
from longsha_credit.directory.counting import Days, Tally
from longsha_credit.directory.models import Organisation, Posting

# --- 交接完成率 -------------------------------------------------------------------------------------------------------

# Where a handover that fell due stands; every one of them is in exactly one part. Its clock's day is the rule's.
PARTS: dict[str, Q] = {
    "in_time": Q(state=HandoverState.COMPLETE, completed_on__lte=F("due_on")),
    "late": Q(state=HandoverState.COMPLETE, completed_on__gt=F("due_on")),
    "overridden": Q(state=HandoverState.OVERRIDDEN),
    "open": Q(state__in=[HandoverState.OPEN, HandoverState.ASKED]),
}


def _due(days: Days) -> QuerySet:
    """Handovers whose clock ran out in these days, or that were over before it did."""
    found = Handover.objects.order_by().exclude(state=HandoverState.CANCELLED)
    found = with_newest(found, "clock", RULE).annotate(due_on=F("clock__due_on"))
    found = found.filter(due_on__gte=days.start, due_on__lte=days.end)
    return found.filter(Q(due_on__lte=days.over) | Q(completed_on__isnull=False))


def _counts() -> dict[str, Count]:
    return {part: Count("pk", filter=condition) for part, condition in PARTS.items()}


def done(days: Days) -> list[Tally]:
    return [
        Tally(_due(days), PARTS, said=Value("离任交接"), code="number", day="due_on", link="desk/handovers/")
    ]


def done_of_all(days: Days) -> dict[int, dict[str, int]]:
    """For every organisation with a handover due how many are in each part: one query."""
    rows = _due(days).values("organisation").annotate(**_counts())
    return {row.pop("organisation"): row for row in rows}


def done_below(organisation: Any, days: Days) -> dict[str, int]:
    """The same for one organisation and the units under it."""
    return _due(days).filter(organisation__path__startswith=organisation.path).aggregate(**_counts())


def handovers_behind(organisation: Any, days: Days, part: str = "") -> QuerySet:
    """The very handovers counted, earliest day first; rows name units and days, never people.

    Rows of code (the number), counts_on, due_on, part, unit_name, said and is_withdrawn (never).
    """
    rows = _due(days).filter(organisation__path__startswith=organisation.path)
    if part:
        rows = rows.filter(PARTS[part])
    return rows.order_by("due_on", "id").values(
        "due_on",
        code=F("number"),
        counts_on=F("due_on"),
        part=Case(*(When(condition, then=Value(part)) for part, condition in PARTS.items())),
        unit_name=F("organisation__name"),
        said=Concat("organisation__name", Value("离任交接")),
        is_withdrawn=Value(False),
    )


# --- the office's ledger over time ------------------------------------------------------------------------------------

FATES = {
    "kept": "全部履行",
    "partly": "部分履行",
    "broken": "未履行",
    "withdrawn": "已撤下",
    "open": "没有办结",
}
OF_VERDICT = {Verdict.FULL: "kept", Verdict.PARTLY: "partly", Verdict.NONE: "broken"}


@dataclass(frozen=True)
class Promise:
    """A promise with what became of it by the end of a term."""

    row: dict[str, Any]
    fate: str

    @property
    def fate_label(self) -> str:
        return FATES[self.fate]


@dataclass
class Term:
    """One holder's time at the lead post, from the day it began until the next one began (or now)."""

    number: int
    start: datetime.date
    until: datetime.date | None
    posting: Posting
    made: list[Promise] = field(default_factory=list)
    inherited: list[Promise] = field(default_factory=list)

    @property
    def is_vacant(self) -> bool:
        return self.until is None and self.posting.ended_on is not None

    @property
    def sides(self) -> list[tuple[str, str, list[Promise], list[tuple[str, str, int]]]]:
        """Both lists with their key, label, rows and counts by fate."""
        return [
            ("inherited", "开始时接手的", self.inherited, _counted(self.inherited)),
            ("made", "任期内作出的", self.made, _counted(self.made)),
        ]

    def rows(self, side: str, fate: str) -> list[Promise]:
        """Those of one list, or of one fate in it."""
        found = {"made": self.made, "inherited": self.inherited}.get(side, [])
        return [one for one in found if fate in ("", one.fate)]


def _counted(promises: list[Promise]) -> list[tuple[str, str, int]]:
    numbers = Counter(one.fate for one in promises)
    return [(fate, label, numbers[fate]) for fate, label in FATES.items()]


def terms_of(unit: Organisation, promises: QuerySet[Obligation]) -> list[Term]:
    """The terms of a unit's lead post, the newest first, with what of `promises` falls into each: two queries.

    A term's promises are those made from its first day until the next one's; inherited is what was made before and
    not ended on its first day. So what is open at the end of a term is what the next one inherits.
    """
    return _terms(list(_held(post__parent=unit).select_related("official")), list(_rows(promises)))


def terms_of_each(units: list[int], promises: QuerySet[Obligation]) -> dict[int, dict[int, Term]]:
    """By unit the terms of its lead post by posting, as `terms_of` gives them one by one: two queries for all of them.

    A promise is of its own unit and, where that has ended, of every unit it stands under now.
    """
    held: dict[int, list[Posting]] = defaultdict(list)
    for posting in _held(post__parent__in=units).select_related("post"):
        held[posting.post.parent_id].append(posting)
    asked = promises.filter(Q(organisation__in=units) | Q(organisation__valid_to__isnull=False))
    rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(asked, "organisation_id", "organisation__path", "organisation__valid_to"):
        path = row["organisation__path"] if row["organisation__valid_to"] else str(row["organisation_id"])
        for unit in path.strip("/").split("/"):
            rows[int(unit)].append(row)
    return {
        unit: {term.posting.pk: term for term in _terms(postings, rows[unit])}
        for unit, postings in held.items()
    }


def _held(**whose: Any) -> QuerySet[Posting]:
    return Posting.objects.filter(**whose, post__is_lead_post=True).order_by("started_on", "pk")


def _rows(promises: QuerySet[Obligation], *more: str) -> QuerySet:
    """What a term asks of each promise that was made, the earliest first."""
    columns = ("pk", "code", "title", "made_on", "due_on", "verdict", "verified_on", *more)
    made = promises.filter(made_on__isnull=False).order_by("made_on", "pk")
    return made.values(*columns, withdrawn_at=F("publication__withdrawn_at"))


def _terms(postings: list[Posting], rows: list[dict[str, Any]]) -> list[Term]:
    """The terms of one unit, the newest first; `postings` and `rows` stand in the order of their days."""
    ends = [*(posting.started_on for posting in postings[1:]), *([None] if postings else [])]
    terms = [
        Term(number, posting.started_on, until, posting)
        for number, (posting, until) in enumerate(zip(postings, ends, strict=True), start=1)
    ]
    for term in terms:
        _fill(term, rows)
    return terms[::-1]


def _fill(term: Term, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if term.until is not None and row["made_on"] >= term.until:
            continue
        promise = Promise(row, _fate(row, term.until))
        if row["made_on"] >= term.start:
            term.made.append(promise)
        elif _fate(row, term.start) == "open":
            term.inherited.append(promise)


def _fate(row: dict[str, Any], until: datetime.date | None) -> str:
    """What had become of a promise before a day, or by now."""
    if row["verdict"] and (until is None or row["verified_on"] < until):
        return OF_VERDICT[row["verdict"]]
    gone = row["withdrawn_at"]
    if gone and (until is None or gone.date() < until):
        return "withdrawn"
    return "open"
