"""Finding what is public: what the reader asked for, the units of that name, the results with their excerpts."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from longsha_credit.publication import words
from longsha_credit.publication.models import Publication
from longsha_credit.publication.registry import kinds, with_marks
from longsha_credit.web.pages import COUNT_CAP, Page, page_of

SORTS = {"relevance": "最相关的在前", "newest": "最新公开的在前"}
LONGEST_QUESTION = 100
NOT_TYPED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
MOST_UNITS = 6
PER_PAGE = 20
EXCERPT = 110  # characters
BEFORE_HIT = 24
YEARS = range(2000, 2100)


@dataclass(frozen=True)
class Asked:
    """What the reader asked for; whatever makes no sense counts as not asked."""

    q: str
    cut: bool
    question: words.Question | None
    unit: Any
    kind: str
    field: Any
    since: datetime.date | None
    until: datetime.date | None
    sort: str

    @property
    def filters(self) -> list[str]:
        """The chosen filters in words."""
        days = f"{self.since or ''}至{self.until or '今天'}" if self.since or self.until else ""
        chosen = [self.unit and self.unit.name, kind_labels().get(self.kind), self.field and self.field.name]
        return [part for part in [*chosen, days] if part]

    @property
    def is_empty(self) -> bool:
        return not self.q and not self.filters


@dataclass(frozen=True)
class Found:
    """The page of results; `only_some` when nothing has all the words and these have some of them."""

    page: Page
    only_some: bool


@dataclass(frozen=True)
class Run:
    """A piece of a title or an excerpt, and whether it is what was looked for."""

    text: str
    hit: bool


def kind_labels() -> dict[str, str]:
    """The kinds of what is public, each once, in the order the apps declare them."""
    labels: dict[str, str] = {}
    for kind in kinds():
        labels.setdefault(kind.key, kind.label)
    return labels


def asked(given: Any, units: list[Any], fields: list[Any]) -> Asked:
    """The question in an address; `units` and `fields` are those that may be chosen."""
    typed = " ".join(NOT_TYPED.sub(" ", given.get("q", "")[: 10 * LONGEST_QUESTION]).split())
    q = typed[:LONGEST_QUESTION]
    question = words.question(q, names_of(units))
    sort = given.get("sort") if given.get("sort") in SORTS else "relevance"
    return Asked(
        q=q,
        cut=len(typed) > LONGEST_QUESTION,
        question=question,
        unit=next((unit for unit in units if str(unit.pk) == given.get("unit")), None),
        kind=given.get("kind") if given.get("kind") in kind_labels() else "",
        field=next((field for field in fields if field.key == given.get("field")), None),
        since=_day(given.get("since")),
        until=_day(given.get("until")),
        sort=sort if question else "newest",
    )


def names_of(units: Iterable[Any]) -> list[str]:
    return [unit.name for unit in units]


def _day(text: str | None) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if day.year in YEARS else None


def units_named(asked: Asked, units: list[Any]) -> list[Any]:
    """The units whose name is in the question, or whose name has everything that was typed; the shortest name first."""
    typed = words.fold(asked.q).split()
    whole = "".join(typed)
    if len(whole) < 2:
        return []
    named = [u for u in units if u.name in whole or all(part in words.fold(u.name) for part in typed)]
    return sorted(named, key=lambda unit: (unit.name not in whole, len(unit.name)))


def results(request: Any, asked: Asked) -> Found:
    """The asked-for page of what has all the words or, where nothing has, any of them."""
    rows = _filtered(asked)
    if asked.question is None:
        nothing = bool(asked.q)
        return Found(
            page_of(request, rows.none() if nothing else rows.latest().with_names(), PER_PAGE), False
        )
    question = asked.question
    page = _page(request, rows, question.every, asked)
    if page.total or question.some == question.every:
        return Found(page, False)
    return Found(_page(request, rows, question.some, asked), True)


def _filtered(asked: Asked) -> Any:
    rows = Publication.objects.public()
    if asked.unit:
        rows = rows.below(asked.unit)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.field:
        rows = rows.filter(service_field=asked.field)
    if asked.since:
        rows = rows.filter(published_at__gte=_midnight(asked.since))
    if asked.until:
        rows = rows.filter(published_at__lt=_midnight(asked.until + datetime.timedelta(days=1)))
    return rows


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), timezone.get_current_timezone())


def _page(request: Any, rows: Any, tsquery: str, asked: Asked) -> Page:
    """Newest first; or what has the words in its title or keywords, and then the newest thousand that have them anywhere.

    Each part best first. Ranking reads every row it ranks, and a word of every other text stands in few titles.
    """
    if asked.sort == "newest":
        return page_of(request, rows.matching(tsquery).latest().with_names(), PER_PAGE)
    headed = _ranked(rows.headed(tsquery), asked)
    others = _ranked(rows.matching(tsquery).exclude(pk__in=headed), asked)
    page = page_of(request, headed + others, PER_PAGE)
    shown = Publication.objects.public().with_names().in_bulk(page.object_list)
    page.object_list = [shown[pk] for pk in page.object_list if pk in shown]
    return page


def _ranked(found: Any, asked: Asked) -> list[int]:
    """The ids of the newest thousand of these, best first."""
    newest = found.latest().values("pk")[: COUNT_CAP + 1]
    ranked = Publication.objects.public().filter(pk__in=newest).by_rank(asked.question.order)
    return list(ranked.values_list("pk", flat=True))


def show(found: Found, asked: Asked) -> None:
    """Give each row its marks, and its title and an excerpt as runs, with what was looked for marked."""
    with_marks(found.page)
    looked_for = _looked_for(found, asked)
    for row in found.page:
        row.title_runs = runs(row.title, looked_for)
        row.excerpt = excerpt(row.text, looked_for)


def _looked_for(found: Found, asked: Asked) -> re.Pattern[str] | None:
    if asked.question is None:
        return None
    return words.pattern(asked.question.main if found.only_some else asked.question.words)


def excerpt(text: str, looked_for: re.Pattern[str] | None) -> list[Run]:
    """The part of a text around the first hit, or its beginning."""
    line = " ".join(text.split())
    hits = _hits(line, looked_for)
    start = max(0, min(hits[0][0] - BEFORE_HIT, len(line) - EXCERPT)) if hits else 0
    end = start + EXCERPT
    shown = runs(line[start:end], looked_for)
    before, after = "…" if start else "", "…" if end < len(line) else ""
    return [Run(before, False), *shown, Run(after, False)]


def runs(text: str, looked_for: re.Pattern[str] | None) -> list[Run]:
    """A text cut into what was looked for and the rest."""
    found, at = [], 0
    for start, end in _hits(text, looked_for):
        found += [Run(text[at:start], False), Run(text[start:end], True)]
        at = end
    return [*found, Run(text[at:], False)]


def _hits(text: str, looked_for: re.Pattern[str] | None) -> list[tuple[int, int]]:
    """Where the words stand in the text as it is written; folding may make one character two."""
    if looked_for is None:
        return []
    folded = [words.fold(character) for character in text]
    places = [n for n, character in enumerate(folded) for _ in character]
    return [(places[hit.start()], places[hit.end() - 1] + 1) for hit in looked_for.finditer("".join(folded))]
