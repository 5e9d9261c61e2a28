"""The figures of a contest, counted from what was answered: by kind of people and unit, never by person."""

import datetime
from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from longsha_credit.programme.contests import scoring
from longsha_credit.programme.models import Attempt, Contest, ContestUnit

KINDS = (("residents", "居民"), ("officials", "公职人员"))


def full_points(contest: Contest) -> int:
    """The points of the whole paper."""
    return contest.paper.questions.aggregate(n=Sum("points"))["n"] or 0 if contest.paper else 0


def _finished(contest: Contest, now: datetime.datetime) -> dict[bool, list[scoring.Sat]]:
    """Every finished attempt of residents (False) and of officials (True); one query."""
    rows = (
        Attempt.objects.finished(now)
        .filter(entrant__contest=contest)
        .with_score()
        .values_list("entrant__official_id", "entrant_id", "entrant__unit_id", "number", "score", "answered")
    )
    found: dict[bool, list[scoring.Sat]] = {False: [], True: []}
    for official, *sat in rows:
        found[official is not None].append(scoring.Sat(*sat))
    return found


def figures(contest: Contest, now: datetime.datetime) -> dict[str, Any]:
    """What a result says: `full` points, and for residents and officials a table with its units in their order.

    Numbers of people under five are “少于5” and in no sum; numbers with a decimal place are texts.
    """
    full = full_points(contest)
    units = list(contest.units.select_related("organisation").order_by("organisation__path"))
    finished = _finished(contest, now)
    tables = []
    for kind, label in KINDS:
        listed = [unit for unit in units if getattr(unit, kind)]
        if (
            kind == "residents" and contest.takes_residents or kind == "officials" and contest.takes_officials
        ) and listed:
            tables.append(_table(contest, kind, label, listed, finished[kind == "officials"], full))
    return {"full": full, "tables": tables}


def _table(
    contest: Contest, kind: str, label: str, units: list[ContestUnit], attempts: list[scoring.Sat], full: int
) -> dict[str, Any]:
    of_unit = defaultdict(list)
    for sat in scoring.counted(attempts, counts=contest.counts):
        of_unit[sat.unit].append(sat)
    rows = [
        scoring.row(
            unit.organisation.name, getattr(unit, kind), of_unit[unit.pk], min_sample=contest.min_sample
        )
        for unit in units
    ]
    told = [sat for results in of_unit.values() if len(results) >= scoring.FEW for sat in results]
    entrants = {sat.entrant for sat in told}
    passed = sum(scoring.reaches(sat.score, full, contest.pass_percent) for sat in told)
    enough = len(told) >= contest.min_sample
    return {
        "kind": kind,
        "label": label,
        "people": sum(row.people for row in rows),
        "few": any(0 < row.took_part < scoring.FEW for row in rows),
        "took_part": len(told),
        "attempts": sum(sat.entrant in entrants for sat in attempts),
        "average": scoring.tenth(Decimal(sum(sat.score for sat in told)) / len(told)) if enough else "",
        "passed": passed if contest.pass_percent and enough else None,
        "rows": [_told(row) for row in scoring.ranked(rows, by=contest.ranked_by, tie=contest.tie)],
    }


def _told(row: scoring.Row) -> dict[str, Any]:
    return {
        "unit": row.unit,
        "people": row.people,
        "took_part": scoring.told(row.took_part),
        "rate": scoring.hundredth(row.rate) if row.enough else "",
        "average": scoring.tenth(row.average) if row.enough else "",
        "rank": row.rank,
    }
