"""Who is which party of a handover, what stands against its end, and the columns its steps write."""

import datetime
from typing import Any

from django.db.models import Q

from commitments.handover import collecting
from commitments.models import Handover, HandoverNote, HandoverState, Party, SignedPaper
from longsha_credit.audit.workflow import Refused, Taken
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import within

WITNESSES = frozenset({Role.LEAD, Role.OFFICE})
DISTRICT = frozenset({Role.REVIEWER, Role.OFFICE})


def _is_between(user: Any, prefix: str = "") -> Q:
    """Handovers in which this user is one of the two officials."""
    if not user.official_id:
        return Q(pk__in=[])
    return Q(**{f"{prefix}outgoing": user.official_id}) | Q(**{f"{prefix}incoming": user.official_id})


def witnessed_by(user: Any) -> Q:
    """Handovers this user may witness: as lead or office of the superior unit, of the district where a unit ends."""
    district = Q(pk__in=[])
    for path in user.paths_for(WITNESSES):
        if path.count("/") == 2:
            district |= Q(organisation__path__startswith=path)
    superior = within(user, WITNESSES, "organisation__parent__path") | Q(organisation__parent=None) & district
    return (Q(successor=None) & superior | Q(successor__isnull=False) & district) & ~_is_between(user)


def _not_the_witness(user: Any) -> Q:
    return ~witnessed_by(user)


NOT_WITNESS = (
    _not_the_witness,
    "监交人由上级单位的负责人或区信用办担任，不能是移交人、接交人本人；单位撤并由区里监交。",
)
NOT_A_PARTY = (_is_between, "您是移交人或接交人，须由区里没有参加交接的人办理。")
NOT_A_PARTY_OF_ITS_HANDOVER = (
    lambda user: _is_between(user, "handover__"),
    "您是移交人或接交人，须由区里没有参加交接的人办理。",
)


def parties_of(handover: Handover, user: Any) -> list[str]:
    """As which party this user may speak."""
    found = []
    if user.official_id and handover.outgoing_id == user.official_id:
        found.append(Party.GIVER.value)
    if user.official_id and handover.incoming_id == user.official_id:
        found.append(Party.TAKER.value)
    if Handover.objects.filter(witnessed_by(user), pk=handover.pk).exists():
        found.append(Party.WITNESS.value)
    return found


def missing(handover: Handover) -> dict[str, int]:
    """For each party how many open items it has not confirmed, where there are any."""
    tally = Handover.objects.filter(pk=handover.pk).with_tally().get()
    left = {party: tally.number_open - getattr(tally, f"by_{party}") for party in Party.values}
    return {party: number for party, number in left.items() if number}


def day_has_come(handover: Handover, today: datetime.date) -> list[str]:
    if handover.leaves_on > today:
        return [f"离任日期是{handover.leaves_on:%Y-%m-%d}，到那天才能办。"]
    return []


def all_confirmed(handover: Handover, today: datetime.date) -> list[str]:
    """What stands against the end of a handover, in sentences."""
    problems = day_has_come(handover, today)
    if handover.incoming_id is None:
        problems.append("还没有登记接交人，请先登记。")
    for party, number in missing(handover).items():
        problems.append(f"还有{number}件没有{Party(party).label}的确认。")
    if disputed := HandoverNote.objects.open().filter(item__handover=handover).count():
        problems.append(f"还有{disputed}处异议没有处理。")
    return problems


def is_complete(taken: Taken) -> dict[str, Any]:
    """The list is taken anew under the lock: what came up this minute is confirmed as well, or nothing is complete."""
    if collecting.bring_up_to_date(taken.obj, today=taken.today) and (
        problems := all_confirmed(taken.obj, taken.today)
    ):
        raise Refused(f"清单刚刚有变动。{''.join(problems)}请刷新页面，确认以后再完成。", "state")
    return {"completed_on": taken.today}


def asks_override(taken: Taken) -> dict[str, Any]:
    return {"override_reason": taken.reason[:500], "override_asked_by": taken.by}


def is_overridden(taken: Taken) -> dict[str, Any]:
    collecting.bring_up_to_date(taken.obj, today=taken.today)
    return {"completed_on": taken.today, "override_decided_by": taken.by}


def forgets_override(taken: Taken) -> dict[str, Any]:
    return {"override_reason": "", "override_asked_by": None}


def handover_goes_on(paper: SignedPaper, today: datetime.date) -> list[str]:
    return [] if paper.handover.is_open else ["这次交接已经结束，签字件不用再批准。"]


def is_decided(taken: Taken) -> dict[str, Any]:
    return {"decided_by": taken.by, "decided_on": taken.today}


def require_open(handover: Handover) -> None:
    if not handover.is_open:
        raise Refused(f"现在是“{HandoverState(handover.state).label}”，不能再改。", "state")
