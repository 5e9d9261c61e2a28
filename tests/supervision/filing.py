"""Plain functions that make residents' cases, through the services their pages call."""

import datetime
import secrets

from commitments.models import Case, CaseSecret, IdentityOpening, TransferSlip
from commitments.supervision import services, vault
from commitments.supervision.flows import FLOW, OPENING, SLIP

TODAY = datetime.date.today()  # noqa: DTZ011
NAME, PHONE = "欧阳金丝雀", "13912345678"
SENTENCE = "三号楼西单元的路灯从立秋那天起就没有亮过"
REPLY = "经现场查看，灯座已经更换，当晚恢复照明。"


def filed(
    c, about=None, kind="complaint", words=SENTENCE, name=NAME, contact=PHONE, today=TODAY, obligation=None
):
    """The receipt of a new case; about the community, so that the street handles it."""
    return services.file_case(
        kind=kind,
        about=about or c.community,
        obligation=obligation,
        words=words,
        name=name,
        contact=contact,
        token=secrets.token_urlsafe(16),
        today=today,
    )


def of(receipt) -> Case:
    """The case of a receipt."""
    secret = CaseSecret.objects.get(code_hash=vault.code_hash(receipt.code))
    return Case.objects.with_names().get(pk=secret.case_id)


def case(c, **more) -> Case:
    return of(filed(c, **more))


def take(it, step, by, **given):
    FLOW.take(it, step, by=by, **given)
    return it


def accepted(c, by=None, today=TODAY, **more) -> Case:
    return take(case(c, today=today, **more), "accept", by or c.clerk, today=today)


def proposed(c, by=None, finding="true", reply=REPLY, today=TODAY, **more) -> Case:
    it = accepted(c, by=by, today=today, **more)
    return take(it, "propose", by or c.clerk, finding=finding, reply=reply, today=today)


def replied(c, by=None, approver=None, today=TODAY, **more) -> Case:
    return take(proposed(c, by=by, today=today, **more), "approve", approver or c.lead, today=today)


def answered(c, level, **more) -> Case:
    it = replied(c, **more)
    services.answer(it, level=level, today=more.get("today", TODAY))
    it.refresh_from_db()
    return it


def closed(c, **more) -> Case:
    return answered(c, "good", **more)


def rehandling(c, **more) -> Case:
    return answered(c, "bad", **more)


def reproposed(c, **more) -> Case:
    return take(rehandling(c, **more), "repropose", c.reviewer, finding="true", reply=REPLY)


def replied_again(c, **more) -> Case:
    return take(reproposed(c, **more), "reapprove", c.office)


def refused(c, refusal="no_facts", channel="", by=None, **more) -> Case:
    return take(case(c, **more), "refuse", by or c.clerk, refusal=refusal, channel=channel)


def slip(c, it, by=None, text="请说明责任区照明设施的巡查和维修安排。") -> TransferSlip:
    return services.send_slip(it, text=text, by=by or c.clerk, today=TODAY)


def slip_answered(c, it, by=None) -> TransferSlip:
    sent = slip(c, it)
    SLIP.take(sent, "answer", by=by or c.community_clerk, answer="每周巡查一次，当日报修。")
    return sent


def opening(c, it, by=None) -> IdentityOpening:
    return services.ask_identity(it, by=by or c.clerk, reason="需要约时间到现场核对位置", today=TODAY)


def granted(c, it, by=None, consents=None) -> IdentityOpening:
    asked = opening(c, it, by=by)
    OPENING.take(asked, "grant", by=consents or c.lead)
    return asked
