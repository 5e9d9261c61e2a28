"""The panel at work: assigned to a whole round at once, scoring blind, explaining what lies far from the others."""

from typing import Any

from django.db import transaction

from evaluation.demonstration.conditions import needs_word
from evaluation.demonstration.flows import OFFICE
from evaluation.demonstration.scoring import Spread, spread_of
from evaluation.models import ApplicationState, Cycle, Indicator, PanelScore, Seat, SeatState, Way
from evaluation.models.panels import PANEL
from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.models import Level, Organisation, User
from longsha_credit.directory.scope import require_within


def members(cycle: Cycle) -> list[User]:
    """Who may sit on a panel of this district."""
    rows = User.objects.filter(
        is_active=True, memberships__role__in=PANEL, memberships__ended_on=None,
        memberships__organisation__path__startswith=cycle.organisation.path,
    )  # fmt: skip
    return list(rows.distinct().order_by("username"))


def belongs_to(reviewer: User, unit: Organisation) -> bool:
    """Whether a reviewer works in the unit, below it, or in a unit above it other than the district."""
    paths = {
        m.organisation.path for m in reviewer.current_memberships if m.organisation.level != Level.DISTRICT
    }
    if reviewer.official:
        home = reviewer.official.organisation
        paths |= {home.path} if home.level != Level.DISTRICT else set()
    return any(unit.path.startswith(path) or path.startswith(unit.path) for path in paths)


@transaction.atomic
def assign(cycle: Cycle, reviewers: list[User], *, by: Any) -> tuple[int, list[str]]:
    """A seat for each of these on every application before the panel; gives how many began, and who stays away where.

    Raises Http404, Refused.
    """
    require_within(by, cycle.organisation, OFFICE)
    allowed = {user.pk for user in members(cycle)}
    if not reviewers or any(user.pk not in allowed for user in reviewers):
        raise Refused("请从评审员里选。", "guard")
    applications = cycle.applications.filter(state=ApplicationState.PANEL).select_related("organisation")
    if not applications:
        raise Refused("还没有复核通过、等着评审的申报。", "state")
    begun, away = 0, []
    for it in applications:
        for reviewer in reviewers:
            if belongs_to(reviewer, it.organisation):
                away.append(f"{reviewer.name}回避{it.organisation.name}")
                continue
            _, new = Seat.objects.get_or_create(
                application=it,
                reviewer=reviewer,
                defaults={"organisation": it.organisation, "assigned_by": by},
            )
            begun += new
    record(
        cycle,
        step="panel",
        label="分派评审",
        by=by,
        roles=OFFICE,
        reason="；".join([f"{begun}个席位", *away]),
    )
    return begun, away


def human_indicators(seat: Seat) -> list[Indicator]:
    rows = Indicator.objects.filter(heading__set=seat.application.cycle.set_id, way=Way.HUMAN)
    return list(rows.select_related("heading"))


@transaction.atomic
def score(seat: Seat, given: dict[int, tuple[int, str]], *, by: Any) -> None:
    """Keep the own points (hundredths) and notes by indicator id, as often as one likes before they are sent. Raises Refused."""
    now = Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    if now.reviewer_id != by.pk or now.state != SeatState.ASSIGNED:
        raise Refused("这里的评分已经提交，或者不是您的席位。", "state")
    indicators = {i.pk: i for i in human_indicators(seat)}
    for pk, (points, note) in given.items():
        if pk not in indicators or not 0 <= points <= indicators[pk].points:
            raise Refused("评分超过了这一条的分值。", "guard")
        if indicators[pk].scale and points not in [value for _, value in indicators[pk].scale]:
            raise Refused("请从列出的档次里选一档。", "guard")
        values = {"points": points, "note": note.strip()[:300]}
        PanelScore.objects.update_or_create(seat=now, indicator_id=pk, defaults=values)


@transaction.atomic
def explain(row: PanelScore, text: str, *, by: Any) -> None:
    """Why a sent score lies far from the others; the score itself stays. Raises Refused."""
    if row.seat.reviewer_id != by.pk or row.seat.state != SeatState.SENT:
        raise Refused("只有评分的人在提交以后说明。", "state")
    if not text.strip():
        raise Refused("请写明为什么这样评。", "reason")
    PanelScore.objects.filter(pk=row.pk).update(explanation=text.strip()[:300])
    record(row.seat, step="explain", label="说明偏离的评分", by=by, roles=PANEL)


def table(rows: list[PanelScore], percent: int) -> list[dict[str, Any]]:
    """What several scores come to, by indicator: the scores, mean, median, spread, and which want a word.

    `rows` are those somebody may see; of theirs alone everything here is made.
    """
    by_indicator: dict[int, list[PanelScore]] = {}
    for row in rows:
        by_indicator.setdefault(row.indicator_id, []).append(row)
    found = []
    for scores in by_indicator.values():
        spread = spread_of([row.points for row in scores])
        for row in scores:
            row.wants_word = needs_word(row, spread, percent)  # type: ignore[attr-defined]
        found.append({"indicator": scores[0].indicator, "scores": scores, "spread": spread})
    return found


def totals(rows: list[PanelScore]) -> Spread | None:
    """The spread of what the reviewers gave altogether; None where nothing may be seen."""
    sums: dict[int, int] = {}
    for row in rows:
        sums[row.seat_id] = sums.get(row.seat_id, 0) + row.points
    return spread_of(list(sums.values())) if sums else None
