"""What stands against a step of a round, an application, a seat, an objection or an award, and what a step writes."""

import datetime
import secrets
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from commitments.supervision import vault
from evaluation.demonstration import circumstances, clocks
from evaluation.demonstration.scoring import is_far, spread_of
from evaluation.demonstration.wording import words
from evaluation.models import (
    Application,
    ApplicationState,
    Award,
    CandidateNotice,
    Cycle,
    Form,
    Indicator,
    NoticeObjection,
    ObjectionFinding,
    PanelScore,
    Result,
    Seat,
    SeatState,
    SetState,
    Way,
)
from longsha_credit.audit.workflow import Refused, Taken
from longsha_credit.deadlines import services as deadlines
from longsha_credit.exchange.numbering import next_number

SMALLEST_PANEL = 3
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
A = ApplicationState

OWN_UNIT = (
    lambda user: Q(organisation__in=[m.organisation_id for m in user.current_memberships]),
    "您是本单位的人，须由上级初审。",
)
NOT_MINE = (lambda user: ~Q(reviewer=user.pk), "这是别人的席位。")
SUBMITTER = {
    "submitted_by_id": "您是提交人，须由另一个人办理。",
    "created_by_id": "您是经办人，须由另一个人办理。",
}
CHECKER = SUBMITTER | {"street_by_id": "您已办理初审，须由另一个人复核。"}


# --- rounds ----------------------------------------------------------------------------------------------------------


def may_open(cycle: Cycle, today: datetime.date) -> list[str]:
    problems = []
    if cycle.set.state != SetState.IN_FORCE:
        problems.append(
            f"《{cycle.set.title}》现在是“{cycle.set.get_state_display()}”，先启用这一版创建指标。"
        )
    if cycle.apply_until < today:
        problems.append("申报截止日已经过了，请改日期。")
    return problems


def may_close(cycle: Cycle, today: datetime.date) -> list[str]:
    left = cycle.applications.exclude(state__in=[A.AWARDED, A.FINISHED, A.WITHDRAWN]).count()
    return [f"还有{left}个申报没有办完。"] if left else []


# --- applications ----------------------------------------------------------------------------------------------------


def assessed(it: Application, today: datetime.date) -> list[str]:
    """Every indicator is filled in and what was carried over is confirmed, in time."""
    problems = _in_time(it, today)
    items = list(it.items.select_related("indicator__heading"))
    whole = Indicator.objects.filter(heading__set=it.cycle.set_id).count()
    carried = [item for item in items if item.carried]
    empty = whole - sum(item.points is not None and item.text != "" for item in items) - len(carried)
    if carried:
        problems.append(f"还有{len(carried)}条沿用上年、没有确认。逐条打开，填上今年的分再保存。")
    if empty:
        problems.append(f"还有{empty}条没有填自评分和说明。")
    return problems


def _in_time(it: Application, today: datetime.date) -> list[str]:
    last = it.cycle.panel_until if it.return_reason else it.cycle.assess_until
    if it.cycle.state != "open":
        return ["这一轮已经结束，不能再提交。"]
    return [f"自评已在{last:%Y-%m-%d}截止，不能再提交；有特殊情况请联系区信用办。"] if today > last else []


def is_submitted(taken: Taken) -> dict[str, Any]:
    signed = {"submitted_by": taken.by, "submitted_on": taken.today, "return_reason": ""}
    return signed | {"street_by": None, "district_by": None}


def is_returned(taken: Taken) -> dict[str, Any]:
    return {"return_reason": taken.reason[:500], "street_by": None, "district_by": None}


def signs(column: str) -> Any:
    return lambda taken: {column: taken.by}


def result_of(it: Application) -> Result | None:
    """The points of the unit as computed, marks of the panel included."""
    if it.cycle.snapshot_id is None:
        return None
    rows = Result.objects.filter(snapshot=it.cycle.snapshot_id, set=it.cycle.set_id)
    return rows.filter(organisation=it.organisation_id).first()


def panel_is_done(it: Application, today: datetime.date) -> list[str]:
    """Three or more scored, nobody is awaited, and who lies far from the others said why."""
    problems = [] if it.cycle.snapshot_id else ["还没有取数：先在轮次页面取数，再汇总评分。"]
    states = list(it.seats.values_list("state", flat=True))
    if states.count(SeatState.SENT) < SMALLEST_PANEL:
        problems.append(f"至少要{SMALLEST_PANEL}名评审员提交评分，现在是{states.count(SeatState.SENT)}名。")
    if waiting := states.count(SeatState.ASSIGNED):
        problems.append(f"还有{waiting}名评审员没有提交评分。")
    if not problems and (left := len(unexplained(it))):
        problems.append(f"有{left}个偏离较大的评分还没有说明理由。")
    return problems


def unexplained(it: Application) -> list[PanelScore]:
    """Scores far from the median for which their reviewer gave neither a note nor an explanation."""
    found = []
    scores = PanelScore.objects.counted().filter(seat__application=it).select_related("indicator")
    by_indicator: dict[int, list[PanelScore]] = {}
    for score in scores:
        by_indicator.setdefault(score.indicator_id, []).append(score)
    for rows in by_indicator.values():
        spread = spread_of([row.points for row in rows])
        found += [row for row in rows if needs_word(row, spread, it.cycle.outlier_percent)]
    return found


def needs_word(row: PanelScore, spread: Any, percent: int) -> bool:
    return is_far(row.points, spread, row.indicator.points, percent) and not (row.note or row.explanation)


def is_candidate(it: Application, today: datetime.date) -> list[str]:
    result = result_of(it)
    if result is None or result.awaiting:
        return ["还有指标没有得分，不能定级。"]
    problems = circumstances.against(it)
    if result.grade != "candidate":
        problems.append("没有达到候选线，或者有一项任务的得分率低于最低线，只能列为未入选。")
    return problems


def is_graded(taken: Taken) -> dict[str, Any]:
    result = result_of(taken.obj)
    if taken.obj.grade or result is None or not result.grade:
        return {}
    return {"total": result.total, "grade": result.grade}


# --- seats -----------------------------------------------------------------------------------------------------------


def every_score_in(seat: Seat, today: datetime.date) -> list[str]:
    human = Indicator.objects.filter(heading__set=seat.application.cycle.set_id, way=Way.HUMAN)
    left = human.exclude(pk__in=seat.scores.values("indicator")).count()
    return [f"还有{left}条没有评分。"] if left else in_panel(seat, today)


def in_panel(seat: Seat, today: datetime.date) -> list[str]:
    state = Application.objects.values_list("state", flat=True).get(pk=seat.application_id)
    return [] if state == A.PANEL else [f"申报现在是“{A(state).label}”，不能再评分。"]


def is_sent(taken: Taken) -> dict[str, Any]:
    return {"sent_at": timezone.now()}


# --- notices ---------------------------------------------------------------------------------------------------------


def notice_complete(notice: CandidateNotice, today: datetime.date) -> list[str]:
    candidates = list(notice.applications.select_related("organisation", "cycle"))
    if not candidates:
        return ["还没有选拟公示的单位。"]
    return [problem for it in candidates for problem in candidate_stands(it)]


def candidate_stands(it: Application) -> list[str]:
    if it.state not in (A.CANDIDATE, A.PUBLICITY):
        return [f"{it.organisation.name}现在是“{it.get_state_display()}”，不能公示。"]
    return circumstances.against(it)


def notice_is_public(taken: Taken) -> dict[str, Any]:
    """The days for objections count from today, by the rule of publicity."""
    until = deadlines.due_day_of(clocks.PUBLICITY, starts_on=taken.today, today=taken.today)
    return {"publication": taken.given["publication"], "version": 1, "until": until}


# --- objections ------------------------------------------------------------------------------------------------------


def _judged(user: Any) -> Q:
    """Objections to units that the user applied for, checked or scored."""
    sits = Seat.objects.filter(application=OuterRef("application"), reviewer=user.pk)
    took_part = Q(Exists(sits))
    for column in ("created_by", "submitted_by", "street_by", "district_by"):
        took_part |= Q(**{f"application__{column}": user.pk})
    return took_part


NOT_JUDGE = (_judged, "您经办、审核或者评过这个申报，须由没有参与的人处理异议。")
NOT_ITS_HANDLER = (
    lambda user: ~Q(handler=user.pk) | _judged(user),
    "处理意见由承办人提出。",
)


def place_of(it: NoticeObjection, what: str) -> str:
    """What a sealed text of an objection is bound to."""
    return f"notice-objection:{it.number}:{what}"


def proposes(taken: Taken) -> dict[str, Any]:
    finding, reply = taken.given.get("finding", ""), taken.given.get("reply", "").strip()
    if finding not in ObjectionFinding.values:
        raise Refused("请选择处理结果。", "guard")
    if not reply:
        raise Refused("请写明怎样核实的、为什么这样处理。", "guard")
    return {"finding": finding, "reply": vault.seal(reply[:2000], place_of(taken.obj, "reply"))}


def is_decided(taken: Taken) -> dict[str, Any]:
    return {"decided_by": taken.by, "decided_on": taken.today}


# --- awards ----------------------------------------------------------------------------------------------------------


def award_complete(award: Award, today: datetime.date) -> list[str]:
    """Publicity is over, objections are answered, nothing stands against the unit, and the form fits the approval."""
    it = award.application
    problems = publicity_over(it, today) + circumstances.against(it)
    if award.form == Form.NAMED and not words(it.cycle).is_named:
        problems.append("这一轮没有批准文号，只能出具试点对标评价结果。")
    return problems


def publicity_over(it: Application, today: datetime.date) -> list[str]:
    notice = it.notice
    if it.state != A.PUBLICITY or notice is None or notice.until is None or notice.state != "published":
        return ["还没有公示，不能评定。"]
    problems = []
    if today <= notice.until:
        problems.append(f"公示到{notice.until:%Y-%m-%d}为止，期满以后才能评定。")
    rows = NoticeObjection.objects.filter(application=it)
    if rows.open().exists():
        problems.append("还有异议没有处理完。")
    if rows.filter(finding=ObjectionFinding.UPHELD, state="decided").exists():
        problems.append("有一件异议成立，不能评定。")
    return problems


def becomes_award(taken: Taken) -> dict[str, Any]:
    """The certificate's number, a code that nobody guesses, and until when it holds."""
    said = words(taken.obj.application.cycle)
    until = deadlines.due_day_of(clocks.VALID, starts_on=taken.today, today=taken.today)
    return {
        "publication": taken.given["publication"],
        "version": 1,
        "number": next_number(Award, "number", f"{said.prefix}〔{taken.today.year}〕", 4),
        "check_code": "".join(secrets.choice(ALPHABET) for _ in range(12)),
        "awarded_on": taken.today,
        "valid_until": until,
    }
