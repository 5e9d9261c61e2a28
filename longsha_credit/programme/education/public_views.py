"""What residents read of integrity education: what is to come and what was, the library, each with every version."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from longsha_credit.exchange.documents import qr
from longsha_credit.programme.education import public_reading as reading
from longsha_credit.programme.education.candidates import LABELS, MATERIAL_LABELS
from longsha_credit.programme.education.wording import is_moved, standing, with_standing
from longsha_credit.programme.models import Audience, Theme
from longsha_credit.publication import reading as ledger
from longsha_credit.publication.feeds import Newest, answer
from longsha_credit.publication.models import Correction, Publication
from longsha_credit.web.pages import page_of

SECTION = "education"
LONGEST = 100  # characters of a question


@login_not_required
@require_safe
@conditional_page
def overview(request):
    context = {"section": SECTION, "themes": Theme.choices, **reading.overview(timezone.localdate())}
    return render(request, "programme/education/public/home.html", context)


@login_not_required
@require_safe
@conditional_page
def activities(request):
    today = timezone.localdate()
    page = page_of(request, reading.past(today))
    with_standing(page, today)
    context = {"section": SECTION, "page": page}
    return render(request, "programme/education/public/activities.html", context)


def _asked(query):
    """What the reader asked the library for; whatever makes no sense counts as not asked."""
    return {
        "q": " ".join(query.get("q", "").replace("\x00", " ")[:LONGEST].split()),
        "theme": query.get("theme") if query.get("theme") in Theme.values else "",
        "audience": query.get("audience") if query.get("audience") in Audience.values else "",
    }


@login_not_required
@require_safe
@conditional_page
def materials(request):
    asked = _asked(request.GET)
    context = {
        "section": SECTION,
        "page": page_of(request, reading.found_materials(asked)),
        "asked": asked,
        "any": any(asked.values()),
        "themes": Theme.choices,
        "audiences": Audience.choices,
    }
    return render(request, "programme/education/public/materials.html", context)


def _shown(request, row, status_of, labels):
    """What the page of an activity and of a material have in common, or the page that says it was removed."""
    versions = ledger.versions(row.publication)
    current = versions[0]
    if current.is_removed:
        context = {"section": SECTION, "version": current}
        return None, render(request, "publication/public/version_removed.html", context, status=410)
    files = ledger.current_files([row.publication_id]).get(row.publication_id, [])
    photos, others = reading.split_photos(files)
    return {
        "section": SECTION,
        "row": row,
        "current": current,
        "status": status_of(row, current, files),
        "versions": versions,
        "changes": ledger.changes(ledger.second(versions), current, labels),
        "photos": photos,
        "files": others,
        "qr": qr(request.build_absolute_uri(request.path)),
    }, None


@login_not_required
@require_safe
@conditional_page
def activity(request, code):
    sheet = reading.sheets().filter(activity__code=code).first()
    if sheet is None:
        return _taken_down(request, code, "activity")
    context, removed = _shown(request, sheet, reading.sheet_status, LABELS)
    if removed:
        return removed
    event, today = sheet.activity, timezone.localdate()
    context |= {
        "activity": event,
        "standing": standing(event, sheet.stage, today),
        "moved": is_moved(sheet),
    }
    return render(request, "programme/education/public/activity.html", context)


@login_not_required
@require_safe
@conditional_page
def material(request, code):
    edition = reading.editions().filter(material__code=code).first()
    if edition is None:
        return _taken_down(request, code, "material")
    context, removed = _shown(request, edition, reading.edition_status, MATERIAL_LABELS)
    return removed or render(request, "programme/education/public/material.html", context)


@login_not_required
@require_safe
@conditional_page
def activity_version(request, code, number):
    sheet = reading.sheets().filter(activity__code=code).first()
    return _version(request, sheet, code, number, "activity", LABELS)


@login_not_required
@require_safe
@conditional_page
def material_version(request, code, number):
    edition = reading.editions().filter(material__code=code).first()
    return _version(request, edition, code, number, "material", MATERIAL_LABELS)


def _version(request, row, code, number, kind, labels):
    if row is None:
        return _taken_down(request, code, kind)
    versions = {version.number: version for version in ledger.versions(row.publication)}
    version = versions.get(int(number))
    if version is None:
        raise Http404
    if version.is_removed:
        context = {"section": SECTION, "version": version}
        return render(request, "publication/public/version_removed.html", context, status=410)
    earlier, later = versions.get(version.number - 1), versions.get(version.number + 1)
    context = {"section": SECTION, "row": row, "version": version, "earlier": earlier, "later": later}
    context |= {
        "page_url": reverse(f"public_education:{kind}", args=[code]),
        "earlier_url": earlier and reverse(f"public_education:{kind}_version", args=[code, earlier.number]),
        "later_url": later and reverse(f"public_education:{kind}_version", args=[code, later.number]),
        "facts": version.labelled(labels),
        "changes": ledger.changes(earlier, version, labels),
        "is_current": version.number == max(versions),
    }
    return render(request, "programme/education/public/version.html", context)


@login_not_required
@require_safe
@conditional_page
def feed(request):
    """The newest activities and materials, for those who want to hear of them."""
    rows = Publication.objects.public().filter(kind__in=["activity", "material"])
    return answer(request, Newest(rows, reverse("public_education:home"), "诚信教育"))


def _taken_down(request, code, kind):
    """What was public and is no more says so; of what never was, nothing is known here."""
    taken = Correction.objects.public().with_names().withdrawals()
    correction = taken.filter(reference=code, publication__kind=kind).first()
    if correction is None:
        raise Http404
    context = {"section": SECTION, "correction": correction}
    return render(request, "programme/education/public/withdrawn.html", context, status=410)
