"""What residents read of credit+: the catalogue by need and by place, one scene, each version of it, the feed."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from disclosure.models import Scene, SceneKind
from disclosure.scenes import public_reading as reading
from disclosure.scenes.candidates import LABELS
from longsha_credit.directory.models import Organisation
from longsha_credit.exchange.documents import qr
from longsha_credit.publication import reading as ledger
from longsha_credit.publication.feeds import Newest, answer
from longsha_credit.publication.models import Correction, Publication
from longsha_credit.web.pages import page_of

SECTION = "scenes"


@dataclass(frozen=True)
class Wanted:
    """What the reader asked the catalogue for; whatever makes no sense counts as not asked."""

    need: Any
    place: Any
    kind: str
    over: bool

    @property
    def conditions(self) -> list[str]:
        """The conditions in words, for the sentence above the list."""
        words = [self.need and self.need["words"], self.place and f"在{self.place.name}能用"]
        return [w for w in (*words, dict(SceneKind.choices).get(self.kind), self.over and "已经结束") if w]


def _wanted(asked: Any, needs: list[Any], units: list[Any]) -> Wanted:
    return Wanted(
        need=next((need for need in needs if need["key"] == asked.get("need")), None),
        place=next((unit for unit in units if str(unit.pk) == asked.get("place")), None),
        kind=asked.get("kind") if asked.get("kind") in SceneKind.values else "",
        over=asked.get("state") == "over",
    )


@login_not_required
@require_safe
@conditional_page
def scene_list(request):
    today, units = timezone.localdate(), ledger.in_tree_order(Organisation.objects.public())
    needs = reading.needs(Scene.objects.public().going(today))
    wanted = _wanted(request.GET, needs, units)
    rows = Scene.objects.public()
    rows = rows.over(today) if wanted.over else rows.going(today)
    if wanted.need:
        rows = rows.for_need(wanted.need["key"])
    if wanted.place:
        rows = rows.at(wanted.place)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    page = page_of(request, reading.in_public_order(rows.with_names()))
    reading.with_standing(page, today)
    context = {"section": SECTION, "page": page, "wanted": wanted, "needs": needs, "units": units}
    context["kinds"] = SceneKind.choices
    return render(request, "disclosure/scenes/public/list.html", context)


@login_not_required
@require_safe
@conditional_page
def scene_page(request, code):
    scene = Scene.objects.public().with_names().filter(code=code).first()
    if scene is None:
        return _taken_down(request, code)
    versions = ledger.versions(scene.publication)
    current = versions[0]
    if current.is_removed:
        return _removed(request, current)
    months = reading.months_of(scene)
    files = ledger.current_files([scene.publication_id]).get(scene.publication_id, [])
    context = {
        "section": SECTION,
        "scene": scene,
        "standing": scene.standing(timezone.localdate()),
        "current": current,
        "status": reading.status(scene, current, files, months),
        "versions": versions,
        "changes": ledger.changes(ledger.second(versions), current, LABELS),
        "files": files,
        "qr": qr(request.build_absolute_uri(request.path)),
        **reading.figures(months),
    }
    return render(request, "disclosure/scenes/public/page.html", context)


@login_not_required
@require_safe
@conditional_page
def version_page(request, code, number):
    scene = Scene.objects.public().with_names().filter(code=code).first()
    if scene is None:
        return _taken_down(request, code)
    versions = {version.number: version for version in ledger.versions(scene.publication)}
    version = versions.get(int(number))
    if version is None:
        raise Http404
    if version.is_removed:
        return _removed(request, version)
    earlier = versions.get(version.number - 1)
    context = {
        "section": SECTION,
        "scene": scene,
        "version": version,
        "facts": version.labelled(LABELS),
        "earlier": earlier,
        "changes": ledger.changes(earlier, version, LABELS),
        "is_current": version.number == max(versions),
        "later": versions.get(version.number + 1),
    }
    return render(request, "disclosure/scenes/public/version.html", context)


@login_not_required
@require_safe
@conditional_page
def feed(request):
    """The newest scenes, for those who want to hear of them."""
    rows = Publication.objects.public().filter(kind="scene")
    return answer(request, Newest(rows, reverse("public_scenes:list"), "信用+场景"))


def _removed(request, version):
    context = {"section": SECTION, "version": version}
    return render(request, "publication/public/version_removed.html", context, status=410)


def _taken_down(request, code):
    """A scene that was public and is no more says so; of one that never was, nothing is known here."""
    taken = Correction.objects.public().with_names().withdrawals()
    correction = taken.filter(reference=code, publication__kind="scene").first()
    if correction is None:
        raise Http404
    context = {"section": SECTION, "correction": correction}
    return render(request, "disclosure/scenes/public/withdrawn.html", context, status=410)
