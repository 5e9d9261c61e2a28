"""Desk pages of what was counted: snapshots, and each figure of a unit with the rows behind it."""

import datetime
import uuid
from dataclasses import replace

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation import facts, rechecking
from evaluation.forms import OnceForm, SnapshotForm
from evaluation.metrics import METRICS, Period
from evaluation.models import Fact, ImportedFact, Purpose, Snapshot, SnapshotState
from evaluation.models.facts import reads_figures
from evaluation.reading import is_above
from evaluation.snapshots import FLOW, TAKES_FACTS
from longsha_credit.audit import stepping
from longsha_credit.audit.history import timeline
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import require_within, within
from longsha_credit.programme.models import Year
from longsha_credit.programme.models.years import YearState
from longsha_credit.programme.reference import FIRST_YEAR
from longsha_credit.web.pages import page_of

OFFERED = 200  # units to choose from; where there are more, a name narrows them


def _years(user):
    """The years in which this user may take facts."""
    kept = within(user, TAKES_FACTS, "organisation__path")
    return Year.objects.visible_to(user).filter(kept).exclude(state=YearState.FROZEN)


def _of_the_district(user):
    """Snapshots are read by those who work for the district; a unit reads its own figures and results."""
    return within(user, SEES_WORK, "year__organisation__path")


def readable(user):
    """The snapshots that the user may read as a whole."""
    rows = Snapshot.objects.visible_to(user).filter(_of_the_district(user))
    return rows.select_related("year", "by")


@require_safe
def snapshots(request):
    years = _years(request.user)
    form = (
        SnapshotForm(initial={"once": uuid.uuid4().hex, "purpose": Purpose.TRIAL}, years=years)
        if years
        else None
    )
    context = {"page": page_of(request, readable(request.user)), "form": form}
    context["of_units"] = all(path.count("/") > 2 for path in request.user.paths_for(SEES_WORK))
    return render(request, "evaluation/facts/list.html", context)


@require_POST
def begin(request):
    years = _years(request.user)
    if not years:
        raise Http404
    form = SnapshotForm(request.POST, years=years)
    if form.is_valid():
        given = form.cleaned_data
        try:
            _, job = facts.begin(
                given["year"],
                given["purpose"],
                by=request.user,
                today=timezone.localdate(),
                key=given["once"],
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("jobs:page", job.pk)
    context = {"page": page_of(request, readable(request.user)), "form": form}
    return render(request, "evaluation/facts/list.html", context, status=422)


def _snapshot(request, pk):
    of_district = _of_the_district(request.user)
    return get_object_or_404(
        Snapshot.objects.visible_to(request.user)
        .filter(of_district)
        .select_related("year__organisation", "by"),
        pk=pk,
    )


@require_safe
def snapshot(request, pk):
    """Which metrics, by which version of their formula, and the facts of one unit."""
    it = _snapshot(request, pk)
    unit = _unit_asked(request)
    context = {
        "it": it,
        "unit": unit,
        **_units_offered(request),
        **_values(request, it, unit),
        "offers": FLOW.available(
            it, request.user, url=lambda step: reverse("facts:step", args=[it.pk, step])
        ),
        "entries": timeline([it]),
    }
    return render(request, "evaluation/facts/page.html", context)


def _values(request, it, unit):
    """The facts of one unit in the order of the metrics, and those of which there is nothing to count."""
    found = Fact.objects.visible_to(request.user).filter(snapshot=it, organisation=unit)
    values = {fact.metric: fact for fact in found}
    order = list(METRICS)
    keys = sorted(it.formulas, key=lambda key: (order.index(key) if key in METRICS else len(order), key))
    return {
        "rows": [(METRICS.get(key), key, it.formulas[key], values[key]) for key in keys if key in values],
        "without": [(METRICS.get(key), key) for key in keys if key not in values],
    }


def _units_offered(request):
    """The units to choose from, narrowed by a part of the name."""
    named = request.GET.get("name", "").replace("\x00", "").strip()[:60]
    units = Organisation.objects.visible_to(request.user).units().in_tree_order()
    units = (
        units.select_related("parent").filter(name__icontains=named)
        if named
        else units.select_related("parent")
    )
    found = list(units[: OFFERED + 1])
    return {"units": found[:OFFERED], "more_units": len(found) > OFFERED, "named": named}


@require_safe
def check(request, pk):
    """Whether the points follow from the facts, and the facts from today's rows: what the last look at it found."""
    it = _snapshot(request, pk)
    job = rechecking.latest(it, request.user)
    keeps = request.user.role_at(TAKES_FACTS, it.organisation.path) is not None
    moved = [
        key for key, version in it.formulas.items() if key in METRICS and METRICS[key].version != version
    ]
    context = {
        "it": it,
        "job": job,
        "found": rechecking.shown(job, request.user) if job and job.state == "done" else None,
        "form": OnceForm(initial={"once": uuid.uuid4().hex}),
        "can_check": keeps and it.state == SnapshotState.TAKEN,
        "changed": [METRICS[key] for key in moved],
    }
    return render(request, "evaluation/facts/check.html", context)


@require_POST
def begin_check(request, pk):
    it, form = _snapshot(request, pk), OnceForm(request.POST)
    try:
        job = rechecking.begin(it, by=request.user, key=form.given())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("facts:check", pk)
    return redirect("jobs:page", job.pk)


def _unit_asked(request):
    """The unit asked for, else the first the reader sees."""
    if asked := _number(request.GET.get("unit", "")):
        return get_object_or_404(Organisation.objects.visible_to(request.user), pk=asked)
    return Organisation.objects.visible_to(request.user).in_tree_order().first()


@require_http_methods(["GET", "POST"])
def take_step(request, pk, step):
    it = _snapshot(request, pk)
    return stepping.take(
        request,
        FLOW,
        it,
        step,
        template="evaluation/facts/step.html",
        back=reverse("facts:page", args=[it.pk]),
    )


@require_safe
def figure(request, unit, key):
    """One metric of one unit alone in one year: how it is counted, and the very rows of it."""
    metric, today = METRICS.get(key), timezone.localdate()
    if metric is None:
        raise Http404
    unit = _told_of(request.user, unit)
    taken, part = _taken_asked(request), _part_asked(request, metric)
    period = facts.period_of(taken) if taken else _period(metric, request.GET.get("year", ""), today)
    told = not metric.quiet or is_above(request.user, unit)
    context = {
        "unit": unit,
        "metric": metric,
        "period": period,
        "years": range(today.year, FIRST_YEAR - 1, -1)[:5],
        "part": part,
        "told": told,
        "taken": taken,
        "stored": _stored(request.user, taken, unit, key),
        "root": reverse("front"),
        "figure": metric.own(unit, period) if told else None,
        "imports": _imports(request.user, metric, unit, period),
        "page": page_of(request, metric.own_rows(unit, period, part) if told else []),
    }
    context["rows"] = [(row, metric.part(row["stands_in"])) for row in context["page"]]
    return render(request, "evaluation/facts/figure.html", context)


def _told_of(user, pk):
    """A unit the user works on; what is counted of a post is one person's, and for few."""
    unit = get_object_or_404(Organisation.objects.visible_to(user), pk=pk)
    require_within(user, unit, reads_figures(unit))
    return unit


def _part_asked(request, metric):
    part = request.GET.get("part", "")
    return part if part in {p.key for p in metric.parts} else ""


def _taken_asked(request):
    """The snapshot a figure is looked at beside: as of its day, and with what was stored then."""
    pk = _number(request.GET.get("snapshot", ""))
    rows = Snapshot.objects.visible_to(request.user).taken().select_related("year")
    return rows.filter(pk=pk).first() if pk else None


def _stored(user, taken, unit, key):
    rows = Fact.objects.visible_to(user).filter(snapshot=taken, organisation=unit, metric=key)
    return rows.first() if taken else None


def _number(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _imports(user, metric, unit, period):
    """What came from outside for this unit and year, with its document."""
    rows = ImportedFact.objects.visible_to(user).standing().filter(metric=metric.key, organisation=unit)
    return (
        rows.filter(year__number=period.year).select_related("document")
        if metric.takes_imports
        else rows.none()
    )


def _period(metric, asked, today):
    """The year asked for where it makes sense, else this one; whole months alone where numbers must not tell."""
    known = len(asked) == 4 and asked.isascii() and asked.isdigit() and FIRST_YEAR <= int(asked) <= today.year
    period = Period.of_year(int(asked) if known else today.year, today)
    if not metric.quiet:
        return period
    return replace(period, over=min(period.over, today.replace(day=1) - datetime.timedelta(days=1)))
