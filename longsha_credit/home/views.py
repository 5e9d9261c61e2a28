"""The desk's front page: what waits for me, what is due, how my organisations stand."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from commitments.flows import WRITERS
from commitments.handover import reading as handovers
from longsha_credit.directory.roles import SEES_WORK, Role
from longsha_credit.home import finding, todo
from longsha_credit.programme.contests import lists as contests

LONGEST_QUESTION = 100


@require_safe
def desk(request):
    user, today = request.user, timezone.localdate()
    if not user.holds(*SEES_WORK):
        return render(
            request,
            "home/desk_plain.html",
            {"handovers": handovers.waiting(user), "tests": contests.to_sit(user)},
        )
    request.work = todo.numbers(user)
    kinds = todo.waiting(user, request.work)
    chosen = request.GET.get("kind", "")
    items = [item for kind in kinds if chosen in ("", kind["key"]) for item in kind["items"]]
    context = {
        "kinds": kinds,
        "chosen": chosen,
        "total": sum(kind["count"] for kind in kinds),
        "groups": todo.by_urgency(items, today),
        "inherited": handovers.inherited_by(user, today),
        "supervised": todo.supervised(user, today),
        "units": todo.units(user, today),
        "latest": todo.latest(user),
        "can_write": user.holds(*WRITERS),
        "only_looks": not user.holds(*SEES_WORK - {Role.SUPERVISOR}),
    }
    return render(request, "home/desk.html", context)


@require_safe
def find(request):
    """Whatever has these words, over all kinds of work."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUESTION]
    context = {
        "text": text,
        "groups": finding.find(request.user, text),
        "found_units": finding.units(request.user, text),
    }
    return render(request, "home/find.html", context)
