"""What the public pages of a contest show, and whether it still is what the ledger keeps."""

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from longsha_credit.programme.contests.candidates import LABELS, contest_fields, result_fields
from longsha_credit.programme.contests.drawing import canonical_of, checksum
from longsha_credit.programme.models import (
    Contest,
    ContestCertificate,
    ContestResult,
    ContestState,
    ContestUnit,
)
from longsha_credit.publication import reading as ledger

# What others can rename later (a unit, a label of ours) is not held against the row.
RENAMED = {
    "organisation",
    "units",
    "audience",
    "draws",
    "method",
    "certificate",
    "answers",
    "limit",
    "ranking",
}


def current(row: Contest | ContestResult) -> ledger.Version:
    return ledger.versions(row.publication)[0]


def revised(versions: list[ledger.Version]) -> dict[str, Any]:
    """Every version of a contest, and what the present one says otherwise than the one before."""
    changes = ledger.changes(ledger.second(versions), versions[0], LABELS)
    return {"versions": versions, "changes": changes if len(versions) > 1 else []}


def status(row: Contest | ContestResult, version: ledger.Version) -> str:
    """Whether the row, the public row and the kept content with its hash all say the same."""
    if version.status != ledger.INTACT:
        return version.status
    fields = contest_fields(row) if isinstance(row, Contest) else result_fields(row)
    own = {name: text for name, text in fields.items() if name not in RENAMED}
    title = row.title if isinstance(row, Contest) else version.title
    same = version.agrees_with(title, own, []) and version.is_shown_by(row.publication, [])
    return ledger.INTACT if same and paper_is_intact(_contest(row)) else ledger.BROKEN


def _contest(row: Contest | ContestResult) -> Contest:
    return row if isinstance(row, Contest) else row.contest


def paper_is_intact(contest: Contest) -> bool:
    """Whether the questions on the paper are those whose checksum went public."""
    paper = contest.paper
    return paper is not None and checksum(paper.salt, canonical_of(paper)) == paper.sha256


def result_of(contest: Contest) -> ContestResult | None:
    return ContestResult.objects.public().with_names().filter(contest=contest).first()


def of_unit(unit: Any, now: datetime.datetime, number: int) -> list[Contest]:
    """Contests a unit holds or takes part in with those below it: what goes on first, then what ended last; one query."""
    inside = Q(organisation__path__startswith=unit.path) | Q(
        Exists(ContestUnit.objects.filter(contest=OuterRef("pk"), organisation__path__startswith=unit.path))
    )
    rows = Contest.objects.public().with_names().filter(inside)
    rows = rows.annotate(goes_on=Q(closes_at__gt=now)).order_by("-goes_on", "-closes_at", "-id")
    found = list(rows[:number])
    for row in found:
        row.standing_now = row.standing(now)
    return found


def shows_paper(contest: Contest) -> bool:
    """The questions with their right answers are shown once the result is out, if that was announced."""
    return contest.shows_answers and contest.state == ContestState.FINISHED


def certificate(number: str) -> ContestCertificate | None:
    rows = ContestCertificate.objects.select_related(
        "attempt__entrant__contest__organisation", "attempt__entrant__official"
    )
    return rows.filter(number=number).first()


def links(contest: Contest) -> dict[str, str]:
    names = ("start", "go_on", "mine", "results", "paper")
    return {name: reverse(f"public_contests:{name}", args=[contest.code]) for name in names}
