"""What residents read of notices: by topic and by unit, the list, one notice, each version of it."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Case, IntegerField, Value, When
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from disclosure import public_reading as reading
from disclosure.candidates import RICH, labels_for
from disclosure.models import Notice, NoticeKind, PowerKind, Topic
from longsha_credit.directory.models import Organisation
from longsha_credit.exchange.documents import qr
from longsha_credit.publication import reading as ledger
from longsha_credit.publication.models import Correction, PublicFile
from longsha_credit.web import richtext
from longsha_credit.web.pages import page_of

SECTION = "disclosure"
SORTS = {"newest": "新公开的在前", "oldest": "早公开的在前"}
LONGEST_QUESTION = 100
MOST_WORDS = 5
NEWEST = 8
POWERS_ON_A_PAGE = 200  # a unit's list is read and printed whole
NOT_TYPED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# What the head of the page, the box about objections or a section of its own says already.
SAID = frozenset(
    {"organisation", "code", "kind", "document_number", "hearing", "hearing_channel", "supersedes"}
)


@dataclass(frozen=True)
class Wanted:
    """What the reader asked the list for; whatever makes no sense counts as not asked."""

    q: str
    unit: Any
    kind: str
    topic: Any
    standing: str
    year: int | None
    sort: str

    @property
    def conditions(self) -> list[str]:
        """The conditions in words, for the sentence above the list."""
        parts = [
            f"“{self.q}”" if self.q else "",
            self.unit and self.unit.name,
            dict(NoticeKind.choices).get(self.kind),
            self.topic and self.topic.name,
            reading.STANDINGS.get(self.standing),
            self.year and f"{self.year}年公开",
        ]
        return [part for part in parts if part]


def _wanted(asked: Any, units: list[Any], topics: list[Any], years: list[int]) -> Wanted:
    return Wanted(
        q=NOT_TYPED.sub(" ", asked.get("q", ""))[:LONGEST_QUESTION].strip(),
        unit=next((unit for unit in units if str(unit.pk) == asked.get("unit")), None),
        kind=_known(asked.get("kind"), NoticeKind.values),
        topic=next((topic for topic in topics if topic.key == asked.get("topic")), None),
        standing=_known(asked.get("standing"), reading.STANDINGS),
        year=next((year for year in years if str(year) == asked.get("year")), None),
        sort=_known(asked.get("sort"), SORTS) or "newest",
    )


def _known(value: Any, choices: Any) -> str:
    return value if value in choices else ""


def _found(wanted: Wanted, today: datetime.date) -> Any:
    rows = Notice.objects.public().with_standing().matching(wanted.q.split()[:MOST_WORDS])
    if wanted.unit:
        rows = rows.below(wanted.unit)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.topic:
        rows = rows.filter(topic=wanted.topic)
    if wanted.standing:
        rows = rows.of_standing(wanted.standing, today)
    if wanted.year:
        rows = rows.filter(publication__first_published_at__year=wanted.year)
    rows = rows.with_names()
    if wanted.kind == NoticeKind.POWER:
        return rows.order_by("organisation__division_code", "organisation_id", _in_kind_order(), "id")
    return rows.newest_first() if wanted.sort == "newest" else rows.newest_first().reverse()


def _in_kind_order() -> Case:
    """The kinds of powers in the order of the lists that offices keep."""
    places = [When(power_kind=kind, then=Value(place)) for place, kind in enumerate(PowerKind.values)]
    return Case(*places, default=Value(len(places)), output_field=IntegerField())


def _years(today: datetime.date) -> list[int]:
    """The years in which something was made public, newest first."""
    oldest = Notice.objects.public().order_by("publication_id").values_list("publication__first_published_at")
    first = oldest.first()
    return list(range(today.year, timezone.localtime(first[0]).year - 1, -1)) if first else []


@login_not_required
@require_safe
@conditional_page
def home(request):
    today = timezone.localdate()
    groups, empty = reading.by_topic(Topic.objects.public())
    units, silent = reading.by_unit(ledger.in_tree_order(Organisation.objects.public()))
    newest = Notice.objects.public().with_standing().with_names().newest_first()[:NEWEST]
    context = {
        "section": SECTION,
        "groups": groups,
        "empty": empty,
        "units": units,
        "silent": silent,
        "newest": reading.with_marks(newest, today),
        "kinds": NoticeKind.choices,
    }
    return render(request, "disclosure/public/home.html", context)


@login_not_required
@require_safe
@conditional_page
def topic_page(request, key):
    topic = get_object_or_404(Topic.objects.public().select_related("service_field"), key=key)
    today = timezone.localdate()
    units = ledger.in_tree_order(Organisation.objects.public())
    unit = next((unit for unit in units if str(unit.pk) == request.GET.get("unit")), None)
    rows = Notice.objects.public().filter(topic=topic).with_standing().with_names()
    if unit:
        rows = rows.below(unit)
    page = page_of(request, rows.in_effect_first(today))
    page.object_list = reading.with_marks(page, today)
    limits = reading.rule_words(today)
    context = {
        "section": SECTION,
        "topic": topic,
        "facts": list(zip(reading.HEADS, reading.columns(topic, limits), strict=True)),
        "units": units,
        "unit": unit,
        "page": page,
        "standing": [row for row in page if not row.is_over],
        "over": [row for row in page if row.is_over],
    }
    return render(request, "disclosure/public/topic.html", context)


@login_not_required
@require_safe
@conditional_page
def notice_list(request):
    today = timezone.localdate()
    units, topics = ledger.in_tree_order(Organisation.objects.public()), list(Topic.objects.public())
    years = _years(today)
    wanted = _wanted(request.GET, units, topics, years)
    powers = wanted.kind == NoticeKind.POWER
    page = page_of(request, _found(wanted, today), POWERS_ON_A_PAGE if powers else 25)
    page.object_list = reading.with_marks(page, today)
    context = {
        "section": SECTION,
        "page": page,
        "powers": powers,
        "wanted": wanted,
        "units": units,
        "topics": topics,
        "kinds": NoticeKind.choices,
        "standings": reading.STANDINGS.items(),
        "years": years,
        "sorts": SORTS.items(),
    }
    return render(request, "disclosure/public/list.html", context)


@login_not_required
@require_safe
@conditional_page
def notice_page(request, code):
    notice = _public(code)
    if notice is None:
        return _taken_down(request, code)
    versions = ledger.versions(notice.publication)
    current = versions[0]
    if current.is_removed:
        return _removed(request, current)
    files = ledger.current_files([notice.publication_id]).get(notice.publication_id, [])
    changes = ledger.changes(ledger.second(versions), current, labels_for(current.fields), RICH)
    context = {
        "section": SECTION,
        "notice": notice,
        "current": current,
        "status": reading.status(notice, current, files),
        "versions": versions,
        "changed": "、".join(change.label for change in changes),
        "qr": qr(request.build_absolute_uri(request.path)),
        **_text_of(current, files),
        **reading.beside(notice),
    }
    return render(request, "disclosure/public/page.html", context)


@login_not_required
@require_safe
@conditional_page
def version_page(request, code, number):
    notice = _public(code)
    if notice is None:
        return _taken_down(request, code)
    versions = {version.number: version for version in ledger.versions(notice.publication)}
    version = versions.get(int(number))
    if version is None:
        raise Http404
    if version.is_removed:
        return _removed(request, version)
    earlier = versions.get(version.number - 1)
    files = list(PublicFile.objects.public().filter(entry=version.entry).select_related("file"))
    context = {
        "section": SECTION,
        "notice": notice,
        "version": version,
        "earlier": earlier,
        "changes": ledger.changes(earlier, version, labels_for(version.fields), RICH),
        "is_current": version.number == max(versions),
        "later": versions.get(version.number + 1),
        **_text_of(version, files, frozenset()),
    }
    return render(request, "disclosure/public/version.html", context)


def _text_of(
    version: ledger.Version, files: list[PublicFile], apart: frozenset[str] = SAID
) -> dict[str, Any]:
    """The text of a version with its pictures in their places, its other fields by name, its attachments."""
    shown = reading.files_of(files)
    return {
        "body": richtext.render(version.fields.get("body", ""), shown.pictures),
        "signed": richtext.signed_on(version.fields.get("body", "")),
        "facts": version.labelled(labels_for(version.fields), RICH | apart),
        "attachments": shown.attachments,
        "interpretations": shown.interpretations,
    }


def _public(code: str) -> Notice | None:
    """The notice that stands published under this number, with how it stands."""
    rows = Notice.objects.public().with_standing().with_names().filter(code=code)
    found = reading.with_marks(rows, timezone.localdate())
    return found[0] if found else None


def _removed(request, version):
    context = {"section": SECTION, "version": version}
    return render(request, "publication/public/version_removed.html", context, status=410)


def _taken_down(request, code):
    """A notice that was public and is no more says so; of one that never was, nothing is known here."""
    taken = Correction.objects.public().with_names().withdrawals()
    correction = taken.filter(reference=code, publication__kind="notice").first()
    if correction is None:
        raise Http404
    context = {"section": SECTION, "correction": correction}
    return render(request, "disclosure/public/withdrawn.html", context, status=410)
