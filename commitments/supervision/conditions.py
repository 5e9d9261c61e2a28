"""What stands against a step of a case, a slip or an opening, and which columns a step writes with the state."""

import datetime
from typing import Any

from django.db.models import Q

from commitments.models import (
    Case,
    CaseFinding,
    CaseKind,
    CaseReply,
    Channel,
    Closing,
    IdentityOpening,
    RefusalReason,
    TransferSlip,
)
from commitments.supervision import checks, clocks, vault
from longsha_credit.audit.workflow import Refused, Taken
from longsha_credit.directory.scope import interested

LONGEST_REPLY = 2000
OF_ITS_UNIT = "您在被反映的单位任职，按规定应当回避，由别人办理。"
NOT_INTERESTED = (lambda user: interested(user, "about"), OF_ITS_UNIT)
NOT_HANDLER = {"handler_id": "您是承办人，须由另一个人审签。"}
OTHERS_HANDLE_AGAIN = {
    "handler_id": "这件事第一次是您承办的，须由没有经手的人重新办理。",
    "approved_by_id": "第一次的答复是您审签的，须由没有经手的人重新办理。",
}
OTHERS_APPROVE_AGAIN = {
    "handler_id": "这件事第一次是您承办的，须由另一个人审签。",
    "rehandler_id": "您是重办人，须由另一个人审签。",
}


def no_open_slip(case: Case, today: datetime.date) -> list[str]:
    slip = TransferSlip.objects.filter(case=case, state="sent").first()
    return [f"转办单 {slip.number} 还没有报送情况，请先等报送，或者收回。"] if slip else []


def is_praise(case: Case, today: datetime.date) -> list[str]:
    return [] if case.kind == CaseKind.PRAISE else ["只有表扬可以转达后直接办结。"]


def has_one_round_left(case: Case, today: datetime.date) -> list[str]:
    return [] if case.rounds == 1 else ["已经重新办理过一次。"]


def number_of_reply(case: Case) -> int:
    return case.rounds + 1


def place_of_words(case: Case) -> str:
    return f"case:{case.pk}:words"


def place_of_identity(case: Case) -> str:
    return f"case:{case.pk}:identity"


def place_of_reply(case: Case, number: int) -> str:
    return f"case:{case.pk}:reply:{number}"


def no_numbers(what: str, text: str) -> None:
    """Raises Refused when a text that others read holds a number that leads to a person."""
    if sentence := checks.numbers_refusal(what, text):
        raise Refused(sentence, "guard")


def is_accepted(taken: Taken) -> dict[str, Any]:
    in_time = clocks.in_time(taken.obj, clocks.ACCEPT, taken.today)
    return {"handler": taken.by, "accepted_on": taken.today, "accepted_in_time": in_time}


def is_refused(taken: Taken) -> dict[str, Any]:
    """The reason has a code, and what belongs to another door names it."""
    refusal, channel = taken.given.get("refusal", ""), taken.given.get("channel", "")
    if refusal not in RefusalReason.values:
        raise Refused("请选择不予受理的原因。", "guard")
    if refusal == RefusalReason.NOT_OURS and channel not in Channel.values:
        raise Refused("属于其他渠道的，请选择是哪个渠道，居民会看到。", "guard")
    in_time = clocks.in_time(taken.obj, clocks.ACCEPT, taken.today)
    channel = channel if refusal == RefusalReason.NOT_OURS else ""
    return {"handler": taken.by, "refusal": refusal, "channel": channel, "accepted_in_time": in_time}


def is_noted(taken: Taken) -> dict[str, Any]:
    in_time = clocks.in_time(taken.obj, clocks.ACCEPT, taken.today)
    ending = {"closing": Closing.NOTED, "closed_on": taken.today}
    return {"handler": taken.by, "accepted_in_time": in_time} | ending


def proposes(taken: Taken) -> dict[str, Any]:
    _writes_reply(taken)
    return {"handler": taken.by}


def reproposes(taken: Taken) -> dict[str, Any]:
    _writes_reply(taken)
    return {"rehandler": taken.by}


def _writes_reply(taken: Taken) -> None:
    case, given = taken.obj, taken.given
    finding, reply = given.get("finding", ""), (given.get("reply") or "").strip()
    if case.kind == CaseKind.COMPLAINT and finding not in CaseFinding.values:
        raise Refused("请选择核实结果：属实、部分属实或不属实。", "guard")
    if not reply:
        raise Refused("请写答复，居民凭查询码看到的就是这段话。", "guard")
    if len(reply) > LONGEST_REPLY:
        raise Refused(f"答复最多 {LONGEST_REPLY} 个字，请写短一些。", "guard")
    number = number_of_reply(case)
    words = vault.seal(reply, place_of_reply(case, number))
    finding = finding if case.kind == CaseKind.COMPLAINT else ""
    CaseReply.objects.update_or_create(
        case=case, number=number, defaults={"finding": finding, "words": words}
    )


def is_approved(taken: Taken) -> dict[str, Any]:
    in_time = clocks.in_time(taken.obj, clocks.CLOSE, taken.today)
    return _replied(taken) | {"approved_by": taken.by, "replied_in_time": in_time}


def is_approved_again(taken: Taken) -> dict[str, Any]:
    return _replied(taken) | {"reapproved_by": taken.by}


def _replied(taken: Taken) -> dict[str, Any]:
    reply = CaseReply.objects.get(case=taken.obj, number=number_of_reply(taken.obj))
    return {"rounds": reply.number, "finding": reply.finding, "replied_on": taken.today}


def says_why_returned(taken: Taken) -> dict[str, Any]:
    no_numbers("退回的理由", taken.reason)
    return {}


def is_closed(taken: Taken) -> dict[str, Any]:
    return {"closing": taken.given["closing"], "closed_on": taken.today}


# slips

NOT_SENDER = {"sent_by_id": "转办单是您发出的，须由被反映的单位报送。"}


def is_answered(taken: Taken) -> dict[str, Any]:
    answer = (taken.given.get("answer") or "").strip()
    if not answer:
        raise Refused("请写报送的情况。", "guard")
    return {"answer": answer[:2000], "answered_by": taken.by, "answered_on": taken.today}


# openings of an identity


NOT_ASKER = {"asked_by_id": "您是申请人，须由另一个人决定。"}
OF_THE_CASES_UNIT = (lambda user: interested(user, "case__about"), OF_ITS_UNIT)
ONLY_ASKER_APART = (
    lambda user: ~Q(asked_by=user.pk) | interested(user, "case__about"),
    "只有申请人本人能看。",
)


def decides(taken: Taken) -> dict[str, Any]:
    no_numbers("理由", taken.reason)
    return {"decided_by": taken.by}


def may_ask_identity(case: Case) -> str:
    """Why nobody may ask who is behind this case, or nothing."""
    if not case.secret.identity:
        return "反映人没有留姓名和联系方式。"
    if not case.is_open:
        return "来件已经办结，不再查看反映人的身份。"
    if IdentityOpening.objects.filter(case=case, state__in=["asked", "granted"]).exists():
        return "已有一份申请在办理。"
    return ""
