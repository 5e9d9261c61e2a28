"""What the desk page of a contest shows: its rules, its bank, how many take part, its result and all that happened."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from longsha_credit.audit.history import changes, timeline
from longsha_credit.deadlines.models import Deadline
from longsha_credit.programme.contests import candidates, counting, drawing, services
from longsha_credit.programme.contests.flows import FLOW, HOLDS, RESULT, REVISION
from longsha_credit.programme.models import (
    Contest,
    ContestResult,
    ContestRevision,
    ContestRevisionState,
    ContestState,
    ContestUnit,
    ResultState,
)
from longsha_credit.publication.gate import pointed_out
from longsha_credit.publication.models import Review

R = ContestRevisionState


def page_context(contest: Contest, user: Any) -> dict[str, Any]:
    """All of it, of what `user` may see."""
    now = timezone.now()
    can_write = user.role_at(HOLDS, contest.organisation.path) is not None
    results = list(ContestResult.objects.visible_to(user).with_names().filter(contest=contest))
    revisions = list(ContestRevision.objects.visible_to(user).with_names().filter(of=contest))
    reviews = list(
        Review.objects.visible_to(user)
        .with_people()
        .filter(_reviewed(contest, revisions, results))
        .order_by("-id")
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
        "can_amend": can_write and not services.revision_refusal(contest),
        "revisions": [_revision(row, contest, user) for row in revisions if row.state != R.DISCARDED],
        "clocks": Deadline.objects.visible_to(user).of(contest).open().with_names(),
        "reviews": reviews,
        "entries": timeline([contest, *revisions, *results, *reviews]),
        "returned": pointed_out(contest),
        "changes": changes(contest),
    }


def _reviewed(contest: Contest, revisions: list[Any], results: list[Any]) -> Q:
    """Every review of a contest, its revisions and its results."""
    of = {"contest": [contest], "contestrevision": revisions, "contestresult": results}
    found = Q()
    for name, rows in of.items():
        found |= Q(kind=f"programme.{name}", object_id__in=[row.pk for row in rows])
    return found


def _revision(row: ContestRevision, contest: Contest, user: Any) -> dict[str, Any]:
    """A revision with what it puts otherwise and what `user` may do about it."""
    row.of = contest
    return {
        "it": row,
        "returned": pointed_out(row),
        "otherwise": candidates.otherwise(row) if row.state != R.ADOPTED else [],
        "offers": REVISION.available(
            row, user, url=lambda step: reverse("contests:revision_step", args=[row.pk, step])
        ),
        "can_edit": row.state == R.DRAFT and user.role_at(HOLDS, row.organisation.path),
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
