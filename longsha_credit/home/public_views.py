"""The portal's front page, the pages of the units, the reading mode, and whether the machine is well."""

import calendar
import datetime
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import Error as DatabaseError
from django.db import connection
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_safe
from redis.exceptions import RedisError

from commitments.models import Form, Obligation
from commitments.rectification import public_reading as rectification
from commitments.supervision import public_reading as supervision
from disclosure.coverage import public_reading as coverage
from disclosure.scenes import public_reading as scenes
from evaluation.demonstration import public_reading as demonstration
from evaluation.metrics import AREA_COVERAGE, KEPT_RATE, PROMISE_RATE, Period
from longsha_credit.directory.models import FormerName, Level, Organisation
from longsha_credit.home.tasks import SEEN
from longsha_credit.programme.contests import public_reading as contests
from longsha_credit.programme.education import public_reading as education
from longsha_credit.publication import reading
from longsha_credit.publication.models import Correction, Publication
from longsha_credit.publication.registry import with_marks
from longsha_credit.web.context import ELDER_COOKIE
from records import public_reading as records
from records.models import Record

YEAR = 365 * 24 * 3600
OFTEN = 5
SHOWN, FEW = 5, 3  # of a list on a page of many lists: what a reader came for, what stands beside it
NOTHING = {"active": 0, "due": 0, "past": 0, "newest": None}


@login_not_required
@require_safe
@conditional_page
def front(request):
    today = timezone.localdate()
    promises = Obligation.objects.public().commitments()
    units = reading.in_tree_order(Organisation.objects.public())
    _count(units, today)
    period = Period.of_year(today.year, today)
    context = {
        "section": "front",
        "now": timezone.now(),
        "figures": _figures(today),
        "district": next((unit for unit in units if unit.level == Level.DISTRICT), None),
        "period": period,
        "kept": KEPT_RATE.for_everybody(period),
        "promising": PROMISE_RATE.for_everybody(period),
        "beside": _beside(Obligation.objects.public()),
        "often": promises.most_promised_fields()[:OFTEN],
        "due_soon": _standing(_next_due(promises, today), today),
        "latest": with_marks(Publication.objects.public().latest().with_names()[:SHOWN]),
        "streets": _with_parts(units, Level.STREET),
        "communities": sum(unit.level == Level.COMMUNITY for unit in units),
        "corrections": Correction.objects.public().with_names().order_by("-id")[:FEW],
    }
    return render(request, "home/public/front.html", context)


@login_not_required
@require_safe
@conditional_page
def units(request):
    found = reading.in_tree_order(Organisation.objects.public())
    _count(found, timezone.localdate())
    parts = _with_parts(found, Level.DISTRICT, Level.STREET)
    context = {
        "section": "units",
        "groups": [group for group in parts if group["parts"] or group["unit"].level == Level.STREET],
        "streets": sum(unit.level == Level.STREET for unit in found),
        "communities": sum(unit.level == Level.COMMUNITY for unit in found),
        "windows": sum(unit.level == Level.WINDOW for unit in found),
    }
    return render(request, "home/public/units.html", context)


@login_not_required
@require_safe
@conditional_page
def unit(request, pk):
    if gone := Organisation.objects.public(ended=True).select_related("successor").filter(pk=pk).first():
        return _ended(request, gone)
    shown = get_object_or_404(Organisation.objects.public(), pk=pk)
    today = timezone.localdate()
    family = reading.in_tree_order(Organisation.objects.public())
    _count(family, today)
    among = _among(family, shown)
    context = {
        "section": "units",
        **among,
        "summary": _summary(among["unit"]),
        "now": timezone.now(),
        **_owed_by(shown, today),
        **_said_of(shown, today),
        **_past_of(shown),
        **_publishes(shown, today),
        "activities": education.of_unit(shown, today, FEW),
        "contests": contests.of_unit(shown, timezone.now(), FEW),
        "latest": with_marks(Publication.objects.public().below(shown).latest().with_names()[:FEW]),
        **rectification.public_items_of(shown, today, FEW),
        "corrections": Correction.objects.public().below(shown).with_names().order_by("-id")[:FEW],
    }
    return render(request, "home/public/unit.html", context)


def _among(family: list[Any], shown: Any) -> dict[str, Any]:
    """The unit as it was counted, those above it and those directly under it."""
    return {
        "unit": next(one for one in family if one.pk == shown.pk),
        "above": [one for one in family if shown.path.startswith(one.path) and one.pk != shown.pk],
        "parts": [one for one in family if one.parent_id == shown.pk],
    }


def _summary(unit: Any) -> str:
    """In a sentence or two what the unit owes, for its page and for whoever shares it."""
    counts = unit.total
    if not counts["active"] and not counts["past"]:
        return "还没有公开的承诺。"
    past = f"{counts['past']}件已过期限，等待报告结果。" if counts["past"] else ""
    return f"正在履行{counts['active']}件公开承诺，本月到期{counts['due']}件。{past}"


def _said_of(unit: Any, today: datetime.date) -> dict[str, Any]:
    """What the records and the residents say of the unit."""
    return {"supervision": supervision.of_unit(unit, today), **_records_of(unit)}


def _publishes(unit: Any, today: datetime.date) -> dict[str, Any]:
    """How complete and fresh what the unit has to publish is, and what trust brings people there."""
    return {
        **coverage.of_unit(unit, today),
        "scenes": scenes.scenes_of(unit, today, FEW),
        "awards": demonstration.of_unit(unit, today),
    }


def _past_of(unit: Any) -> dict[str, Any]:
    """What a unit was called before, and which units it goes on for."""
    return {
        "former_names": FormerName.objects.public().filter(organisation=unit).newest_first(),
        "predecessors": Organisation.objects.public(ended=True).filter(successor=unit).order_by("valid_to"),
    }


def _ended(request: Any, unit: Any) -> Any:
    """The page of a unit that goes on in another one: what it promised stands."""
    today = timezone.localdate()
    promises = Obligation.objects.public().filter(organisation=unit).with_names().with_newest_progress()
    context = {
        "section": "units",
        "unit": unit,
        "promises": _standing(promises.order_by("due_on", "id"), today),
        **_past_of(unit),
    }
    return render(request, "home/public/unit_ended.html", context)


def _records_of(unit: Any) -> dict[str, Any]:
    """The unit's public integrity records and those of the units below it: how many, and the newest."""
    rows = Record.objects.public().below(unit)
    newest = rows.marked().with_names().order_by("-decided_on", "-id")[:FEW]
    return {"record_figures": records.figures(rows), "records": newest}


def _beside(owed: Any) -> list[tuple[str, str, int]]:
    """Contracts and policies that stand public, counted apart: form, its name, how many."""
    counts = owed.beside_commitments().counted_by_form()
    return [(form.value, form.label, counts[form]) for form in Form if counts.get(form)]


def _owed_by(unit: Any, today: datetime.date) -> dict[str, Any]:
    """The figures of the unit's promises and the next of them; contracts and policies beside them, counted apart."""
    owed, period = Obligation.objects.public().below(unit), Period.of_year(today.year, today)
    promises, beside = owed.commitments(), owed.beside_commitments()
    return {
        "period": period,
        "kept": KEPT_RATE.for_unit(unit, period),
        "others": [metric.for_unit(unit, period) for metric in (PROMISE_RATE, AREA_COVERAGE)],
        "due_soon": _standing(_next_due(promises, today), today),
        "past_due": _standing(_past_due(promises, today), today),
        "beside": _beside(owed),
        "beside_rows": _standing(_next_due(beside, today), today),
    }


def _next_due(promises, today):
    return promises.not_yet_due(today).with_names().with_newest_progress().order_by("due_on", "id")[:5]


def _past_due(promises, today):
    return promises.past_due(today).with_names().with_newest_progress().order_by("due_on", "id")[:5]


def _standing(rows: Any, today: datetime.date) -> list[Any]:
    rows = list(rows)
    for row in rows:
        row.standing_now = row.standing(today)
    return rows


def _month_end(day: datetime.date) -> datetime.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _figures(today: datetime.date) -> dict[str, Any]:
    """The four numbers of the front page."""
    start = datetime.datetime(today.year, 1, 1, tzinfo=timezone.get_current_timezone())
    of_promises = Obligation.objects.public().commitments().figures(today, _month_end(today), start)
    of_log = Correction.objects.public().since(start).figures()
    return {**of_promises, **of_log, "logged": of_log["amended"] + of_log["withdrawn"]}


def _count(units: list[Any], today: datetime.date) -> None:
    """Give each unit what it and the units below owe and when they last published; two queries for all of them."""
    own: dict[str, dict[str, Any]] = defaultdict(lambda: dict(NOTHING))
    for row in Obligation.objects.public().commitments().counted_by_unit(today, _month_end(today)):
        own[row.pop("unit_path")].update(row)
    for row in Publication.objects.public().newest_by_unit():
        own[row["unit_path"]]["newest"] = row["newest"]
    total: dict[str, dict[str, Any]] = defaultdict(lambda: dict(NOTHING))
    for path, counts in own.items():
        for above in _paths_above(path):
            _add(total[above], counts)
    for one in units:
        one.own, one.total = own.get(one.path, NOTHING), total.get(one.path, NOTHING)


def _paths_above(path: str) -> list[str]:
    """A unit's path and those of every unit above it: /1/4/9/ gives /1/, /1/4/, /1/4/9/."""
    ids = path.strip("/").split("/")
    return ["/" + "/".join(ids[: n + 1]) + "/" for n in range(len(ids))]


def _add(total: dict[str, Any], counts: dict[str, Any]) -> None:
    for name in ("active", "due", "past"):
        total[name] += counts[name]
    total["newest"] = max(filter(None, [total["newest"], counts["newest"]]), default=None)


def _with_parts(units: list[Any], *levels: str) -> list[dict[str, Any]]:
    """Units of these levels, each with the communities and windows directly under it."""
    small = (Level.COMMUNITY, Level.WINDOW)
    parts = defaultdict(list)
    for one in units:
        if one.level in small:
            parts[one.parent_id].append(one)
    return [{"unit": one, "parts": parts[one.pk]} for one in units if one.level in levels]


@login_not_required
@require_safe
@never_cache
def mode(request, mode):
    """Larger and plainer, or not: a cookie of the reader's own device, nothing else is kept."""
    if mode not in ("elder", "plain"):
        raise Http404
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        back = reverse("front")
    response = HttpResponseRedirect(back)
    if mode == "elder":
        response.set_cookie(
            ELDER_COOKIE, "elder", max_age=YEAR, path=settings.PREFIX, samesite="Lax", secure=settings.HTTPS
        )
    else:
        response.delete_cookie(ELDER_COOKIE, path=settings.PREFIX, samesite="Lax")
    return response


@login_not_required
@require_safe
@never_cache
def healthz(request):
    """For the machine that watches: database and queue answer, and when a worker last did."""
    database, (queue, seen) = _database_answers(), _queue_answers()
    state = {"database": database, "queue": queue, "worker_seen_seconds": seen}
    return JsonResponse(state, status=200 if database and queue else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        return False


def _queue_answers() -> tuple[bool, int | None]:
    """Whether Redis answers, and how many seconds ago a worker was seen, if it ever was."""
    try:
        seen = cache.get(SEEN)
    except (RedisError, OSError):
        return False, None
    if seen is None:
        return True, None
    return True, int((timezone.now() - datetime.datetime.fromisoformat(seen)).total_seconds())
