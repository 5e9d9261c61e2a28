"""What the desk page of a contest shows: its rules, its bank, how many take part, its result and all that happened."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from longsha_credit.audit.history import changes, timeline
from longsha_credit.programme.contests import candidates, counting, drawing
from longsha_credit.programme.contests.flows import FLOW, HOLDS, RESULT
from longsha_credit.programme.models import (
    Contest,
    ContestResult,
    ContestState,
    ContestUnit,
    ResultState,
)
from longsha_credit.publication.gate import pointed_out
from longsha_credit.publication.models import Review


def page_context(contest: Contest, user: Any) -> dict[str, Any]:
    """All of it, of what `user` may see."""
    now = timezone.now()
    can_write = user.role_at(HOLDS, contest.organisation.path) is not None
    results = list(ContestResult.objects.visible_to(user).with_names().filter(contest=contest))
    reviews = [
        *Review.objects.visible_to(user).with_people().filter(kind="programme.contest", object_id=contest.pk)
    ]
    reviews += (
        Review.objects.visible_to(user)
        .with_people()
        .filter(kind="programme.contestresult", object_id__in=[result.pk for result in results])
    )
    for review in reviews:
        review.opens = True  # they come from what this reader may see
    live = [result for result in results if result.state != ResultState.DISCARDED]
    out = contest.publication_id is not None
    fields = candidates.contest_fields(contest)
    return {
        "contest": contest,
        "fields": [(label, fields[name]) for name, label in candidates.LABELS.items() if fields.get(name)],
        "standing": contest.standing(now) if out and contest.state != ContestState.WITHDRAWN else None,
        "offers": FLOW.available(
            contest, user, url=lambda step: reverse("contests:step", args=[contest.pk, step])
        ),
        "can_write": can_write,
        "can_count": can_write
        and contest.state == ContestState.PUBLISHED
        and contest.closes_at <= now
        and not live,
        "shortages": drawing.shortages(contest) if contest.state == ContestState.DRAFT else [],
        "figures": counting.figures(contest, now) if out and contest.opens_at <= now else None,
        "results": [_result(result, user) for result in live],
        "reviews": reviews,
        "entries": timeline([contest, *results, *reviews]),
        "returned": pointed_out(contest),
        "changes": changes(contest),
    }


def _result(result: ContestResult, user: Any) -> dict[str, Any]:
    return {
        "it": result,
        "returned": pointed_out(result),
        "offers": RESULT.available(
            result, user, url=lambda step: reverse("contests:result_step", args=[result.pk, step])
        ),
        "can_edit": result.state == ResultState.DRAFT and user.role_at(HOLDS, result.organisation.path),
    }


def of_my_units(user: Any) -> list[dict[str, Any]]:
    """Contests of a higher unit in which units of this user take part, with their numbers; never a name."""
    now = timezone.now()
    units = ContestUnit.objects.visible_to(user).filter(
        contest__publication__isnull=False,
        contest__publication__withdrawn_at=None,
        contest__opens_at__lte=now,
    )
    contests = (
        Contest.objects.public().with_names().filter(units__in=units).distinct().order_by("-closes_at")[:5]
    )
    names = {unit.organisation.name for unit in units.select_related("organisation")}
    found = []
    for contest in contests:
        figures = counting.figures(contest, now)
        rows = [
            {"label": table["label"], **row}
            for table in figures["tables"]
            for row in table["rows"]
            if row["unit"] in names
        ]
        found.append({"contest": contest, "rows": rows, "standing": contest.standing(now)})
    return found
