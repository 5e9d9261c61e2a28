"""What stands against a step of a question, a contest or its result, and which columns a step writes with the state."""

import datetime
from typing import Any

from django.utils import timezone

from longsha_credit.audit.workflow import Refused, Taken
from longsha_credit.directory.services import division_of
from longsha_credit.exchange.numbering import next_number
from longsha_credit.programme.contests import drawing
from longsha_credit.programme.models import (
    Contest,
    ContestResult,
    ContestRevision,
    ContestState,
    Question,
    QuestionState,
)
from longsha_credit.programme.models.contests import WORDS


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


def revision_complete(revision: ContestRevision, today: datetime.date) -> list[str]:
    problems = revision_fits(revision, today)
    if all(getattr(revision, name) == getattr(revision.of, name) for name in WORDS):
        problems.append("和现在公开的一样，没有可更正的。")
    return problems


def revision_fits(revision: ContestRevision, today: datetime.date) -> list[str]:
    """A revision passes only while the contest is public and not over, and takes no time from anybody."""
    contest = Contest.objects.get(pk=revision.of_id)
    if contest.state != ContestState.PUBLISHED:
        return [f"竞赛现在是“{contest.get_state_display()}”，不能更正。"]
    return list(time_problems(contest, revision.opens_at, revision.closes_at).values())


def time_problems(
    contest: Contest, opens_at: datetime.datetime, closes_at: datetime.datetime
) -> dict[str, str]:
    """What stands against these times of a public contest, by field; the database holds the same."""
    now = timezone.now()
    if contest.closes_at <= now:
        return {"closes_at": "竞赛已经结束，不能再更正。"}
    found = {}
    if closes_at < contest.closes_at:
        found["closes_at"] = "结束时间只能延后，不能提前：公开时说好的时间要算数。"
    if opens_at != contest.opens_at:
        if contest.opens_at <= now:
            found["opens_at"] = "竞赛已经开始，开始时间不能再改。"
        elif opens_at < contest.opens_at:
            found["opens_at"] = "开始时间只能推迟，不能提前。"
        elif closes_at - opens_at < contest.closes_at - contest.opens_at:
            found["closes_at"] = "推迟开始的，结束时间也要推迟同样多，参加的时间不能变短。"
    return found


def is_adopted(taken: Taken) -> dict[str, Any]:
    """Hold the contest until this step is written: a withdrawal or its end may come in between."""
    Contest.objects.select_for_update(of=("self",)).get(pk=taken.obj.of_id)
    if problems := revision_fits(taken.obj, taken.today):
        raise Refused("".join(problems), "guard")
    return {"adopted_at": timezone.now()}


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
