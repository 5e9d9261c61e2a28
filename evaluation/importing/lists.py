"""What the list of imported facts shows: by year, indicator and level, standing or with what was corrected; what is lacking."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from evaluation.metrics.imported import IMPORTABLE, told
from evaluation.models import ImportedFact
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.exchange.imports import services as imports
from longsha_credit.programme.models import Year

LEVELS = [(level.value, level.label) for level in Level if level != Level.DISTRICT]
VIEWS = (("", "现行的"), ("corrections", "更正过的"))


def years(user: Any) -> list[Year]:
    """The years of the user's district, and those of which the own post has a fact; the newest first."""
    own = ImportedFact.objects.visible_to(user).order_by().values("year")
    mine = Q(pk__in=Year.objects.visible_to(user).values("pk")) | Q(pk__in=own)
    return list(Year.objects.public().filter(mine).select_related("organisation"))


def chosen_year(found: list[Year], asked: str | None, today: Any) -> Year | None:
    """The year asked for, else the one that runs, else the newest."""
    named = {str(year.number): year for year in found}
    return named.get(asked or "") or named.get(str(today.year)) or next(iter(found), None)


def listed(user: Any, query: Any, today: Any) -> QuerySet[ImportedFact]:
    """The rows that the list shows at an address: of a year, or those that one import made."""
    rows = ImportedFact.objects.visible_to(user)
    if imports.asked(query):
        return (
            imports.only(rows, "facts", query, user)
            .with_names()
            .order_by("metric", "organisation__path", "-id")
        )
    return facts(rows.filter(year=chosen_year(years(user), query.get("year"), today)), query)


def facts(rows: QuerySet[ImportedFact], asked: Any) -> QuerySet[ImportedFact]:
    """Rows of a year narrowed by what the form says: view, metric, level, words of a unit."""
    view = asked.get("view")
    rows = rows.filter(corrects__isnull=False) if view == "corrections" else rows.standing()
    if asked.get("metric") in IMPORTABLE:
        rows = rows.filter(metric=asked["metric"])
    if asked.get("level") in dict(LEVELS):
        rows = rows.filter(organisation__level=asked["level"])
    if words := asked.get("q", "").replace("\x00", "").strip()[:60]:
        named = Q(organisation__name__contains=words) | Q(organisation__parent__name__contains=words)
        rows = rows.filter(named | Q(document_number__contains=words) | Q(source__contains=words))
    return rows.with_names().order_by("metric", "organisation__path", "-id")


def named(page: Any) -> None:
    """Each row of a page with its title and its value in words."""
    for fact in page:
        item = IMPORTABLE.get(fact.metric)
        fact.title, fact.words = (
            (item.title if item else fact.metric),
            told(fact.metric, fact.numerator, fact.denominator),
        )
        if fact.corrects:
            fact.before = told(fact.metric, fact.corrects.numerator, fact.corrects.denominator)


def lacking(user: Any, year: Year) -> list[dict[str, Any]]:
    """Each importable fact with how many units have it and how many could; two queries."""
    units = Organisation.objects.visible_to(user).taking_part().below(year.organisation).order_by()
    there = dict(units.values_list("level").annotate(n=Count("pk")))
    rows = ImportedFact.objects.visible_to(user).standing().filter(year=year).order_by()
    have = dict(rows.values_list("metric").annotate(n=Count("pk")))
    found = []
    for item in IMPORTABLE.values():
        of = sum(there.get(level, 0) for level in item.levels)
        found.append({"item": item, "have": have.get(item.key, 0), "of": of})
    return found


def history(fact: ImportedFact, rows: QuerySet[ImportedFact]) -> list[ImportedFact]:
    """Every row that ever stood in this place, the newest first."""
    same = rows.filter(year=fact.year_id, organisation=fact.organisation_id, metric=fact.metric)
    found = list(same.with_names().order_by("-id"))
    named(found)
    return found
