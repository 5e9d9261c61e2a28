"""What may enter the ledger, from where and with what is known of it; when more time may be asked for."""

import datetime

from commitments.models import (
    Case,
    CaseFinding,
    ClueSource,
    Obligation,
    Problem,
    Rectification,
    RectificationState,
    Sweep,
    SweepState,
)
from longsha_credit.audit.workflow import Refused
from longsha_credit.programme.models import Finding, FindingState


def new_from_obligation(obligation: Obligation, *, today: datetime.date) -> Rectification:
    """An unsaved item about an overdue or broken promise, with all that is known of it. Raises Refused."""
    if refusal := obligation_refusal(obligation, today):
        raise Refused(refusal, "state")
    return Rectification(
        obligation=obligation,
        organisation=obligation.organisation,
        source=ClueSource.OVERDUE,
        title=obligation.title,
        problem=problem_of(obligation),
        domain=obligation.domain,
        instrument=f"承诺书（编码{obligation.code}）",
        post_now=obligation.post,
        duty_now=obligation.post.name,
        formed_on=obligation.made_on,
        found_on=today,
    )


def problem_of(obligation: Obligation) -> str:
    """A contract not performed, a policy not carried out, else a promise not kept."""
    return {"contract": Problem.CONTRACT, "policy": Problem.POLICY}.get(obligation.form, Problem.PROMISE)


def obligation_refusal(obligation: Obligation, today: datetime.date) -> str | None:
    """Why a promise may not be entered in the ledger now, or None."""
    if not obligation.is_owed(today):
        return "这件承诺没有过期未报，也没有认定为没有全部履行，不用列入治理台账。"
    return known_refusal(obligation)


def known_refusal(obligation: Obligation) -> str | None:
    """One matter has one number: what is open goes on, what was closed is reopened."""
    items = obligation.rectifications.exclude(state=RectificationState.UNFOUNDED)
    item = items.order_by("-id").first()
    if item is None:
        return None
    if item.is_open:
        return f"这件承诺已经在治理台账里（{item.number}），请接着办那一件。"
    return f"这件承诺治理过、已经销号（{item.number}）；再犯的，由区里在原编号上“回潮，重新打开”。"


def no_other_open(item: Rectification, today: datetime.date) -> list[str]:
    """Stands against opening an item again while another about the same promise or case is being handled."""
    same = Rectification.objects.open().exclude(pk=item.pk)
    for name in ("obligation_id", "case_id"):
        key = getattr(item, name)
        other = same.filter(**{name: key}).first() if key else None
        if other:
            return [f"同一件承诺或来件已有{other.number}在办理，请接着办那一件。"]
    return []


def new_from_case(case: Case, *, today: datetime.date) -> Rectification:
    """An unsaved item about what a resident complained of; nothing of the complaint itself is taken over."""
    if refusal := case_refusal(case):
        raise Refused(refusal, "state")
    promise = case.obligation
    item = Rectification(
        case=case, organisation=case.about, obligation=promise, source=ClueSource.COMPLAINT, found_on=today
    )
    if promise and promise.organisation_id == case.about_id:
        item.title, item.domain, item.problem = promise.title, promise.domain, problem_of(promise)
        item.instrument, item.post_now = f"承诺书（编码{promise.code}）", promise.post
        item.duty_now, item.formed_on = promise.post.name, promise.made_on
    return item


def case_refusal(case: Case) -> str | None:
    if case.finding not in (CaseFinding.TRUE, CaseFinding.PARTLY):
        return "来件核实属实或部分属实以后，才能列入治理台账。"
    if case.rectifications.open().exists():
        return "这个来件已经列入治理台账，请接着办那一件。"
    return None


def new_from_sweep(sweep: Sweep, *, today: datetime.date) -> Rectification:
    if sweep.state != SweepState.DUE:
        raise Refused("这次排查已经报送，不能再登记；另外发现的，直接登记线索。", "state")
    return Rectification(
        sweep=sweep, organisation=sweep.organisation, source=ClueSource.SWEEP, found_on=today
    )


def new_from_finding(finding: Finding, *, today: datetime.date) -> Rectification:
    """An unsaved item about what an inspection found, when it is a promise, contract or policy not kept."""
    if refusal := finding_refusal(finding):
        raise Refused(refusal, "state")
    notice = finding.notices.order_by("id").first()
    return Rectification(
        inspected=finding,
        organisation=finding.organisation,
        source=ClueSource.INSPECTION,
        title=finding.facts[:80],
        details=finding.facts,
        instrument=f"{notice}号" if notice else f"现场检查记录（{finding.visit.inspection.title}）",
        found_on=finding.visit.visited_on or today,
    )


def finding_refusal(finding: Finding) -> str | None:
    if finding.state in (FindingState.DRAFT, FindingState.DROPPED):
        return "发了整改通知的问题，才列入治理台账。"
    item = finding.rectifications.exclude(state=RectificationState.UNFOUNDED).order_by("-id").first()
    return f"这个问题已经列入治理台账（{item.number}），请接着办那一件。" if item else None


def postponement_refusal(item: Rectification, today: datetime.date) -> str | None:
    """Why no more time may be asked for now, or None."""
    if item.state != RectificationState.RECTIFYING:
        return f"现在是“{item.get_state_display()}”，整改中才能申请延期。"
    if item.due_on < today:
        return "整改期限已经过了，延期要在到期以前申请。"
    earlier = item.postponements.filter(round=item.round).exclude(state="refused").first()
    if earlier:
        return (
            "已经有一份延期申请等待批准。" if earlier.state == "asked" else "这一轮已经延过一次，不能再延。"
        )
    return None
