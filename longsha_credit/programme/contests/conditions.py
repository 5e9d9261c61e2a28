"""What stands against a step of a question, a contest or its result, and which columns a step writes with the state."""

import datetime
from typing import Any

from django.utils import timezone

from longsha_credit.audit.workflow import Refused, Taken
from longsha_credit.directory.services import division_of
from longsha_credit.exchange.numbering import next_number
from longsha_credit.programme.contests import drawing
from longsha_credit.programme.models import Contest, ContestResult, ContestState, Question, QuestionState


def contest_complete(contest: Contest, today: datetime.date) -> list[str]:
    """A contest goes to review with time left, units of the right kind and enough questions."""
    problems = not_over(contest, today)
    units = list(contest.units.all())
    for kind, label, taken in (
        ("residents", "居民", contest.takes_residents),
        ("officials", "公职人员", contest.takes_officials),
    ):
        if taken and not any(getattr(unit, kind) for unit in units):
            problems.append(f"还没有填参加单位的{label}人数，算不出参与率，请补上。")
    if not contest.draws.exists():
        return [*problems, "还没有抽题规则，请至少写一行。"]
    return problems + drawing.shortages(contest)


def not_over(contest: Contest, today: datetime.date) -> list[str]:
    if timezone.localdate(contest.closes_at) < today:
        return ["结束时间已经过了，请改时间。"]
    return []


def gets_code_and_paper(taken: Taken) -> dict[str, Any]:
    """With each submission a paper is drawn anew; the first also gives the number, such as JS-230202-2026-000001."""
    contest = taken.obj
    written: dict[str, Any] = {"paper": drawing.draw(contest)}
    if not contest.code:
        begin = f"JS-{division_of(contest.organisation)}-{taken.today.year}-"
        written["code"] = next_number(Contest, "code", begin, 6)
    return written


def becomes_public(taken: Taken) -> dict[str, Any]:
    return {"publication": taken.given["publication"], "version": 1}


def asks_withdrawal(taken: Taken) -> dict[str, Any]:
    return {
        "withdraw_reason": taken.reason[:500],
        "withdraw_asked_by": taken.by,
        "stood_as": taken.obj.state,
    }


def forgets_withdrawal(taken: Taken) -> dict[str, Any]:
    return {"withdraw_reason": "", "withdraw_asked_by": None, "stood_as": ""}


def contest_stands(result: ContestResult, today: datetime.date) -> list[str]:
    """A result is told of a contest that is public."""
    state = Contest.objects.values_list("state", flat=True).get(pk=result.contest_id)
    return (
        []
        if state == ContestState.PUBLISHED
        else [f"竞赛现在是“{ContestState(state).label}”，不能公布结果。"]
    )


def result_is_public(taken: Taken) -> dict[str, Any]:
    """Hold the contest until this step is written: a withdrawal may come in between."""
    Contest.objects.select_for_update(of=("self",)).get(pk=taken.obj.contest_id)
    if problems := contest_stands(taken.obj, taken.today):
        raise Refused("".join(problems), "guard")
    return becomes_public(taken)


def checks(taken: Taken) -> dict[str, Any]:
    return {"checked_by": taken.by}


def old_version_stands(question: Question, today: datetime.date) -> list[str]:
    """A new version takes the place of one that is in use."""
    old = question.replaces
    if old is None or old.state == QuestionState.READY:
        return []
    return [f"要取代的旧版现在是“{old.get_state_display()}”，请把这一版作废，另写一道新题。"]
