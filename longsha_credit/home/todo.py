"""我的待办: one list over the open steps of every flow, with what falls due and how the units stand."""

import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from commitments.clocks import VERIFY
from commitments.flows import AMENDMENT, FLOW, OFFICE, PROGRESS, RESULT, VERDICT, WRITERS
from commitments.handover import reading as handovers
from commitments.handover.flows import PAPER
from commitments.models import (
    Amendment,
    Case,
    CaseState,
    IdentityOpening,
    Obligation,
    ObligationState,
    Payment,
    Postponement,
    ProgressUpdate,
    Rectification,
    RectificationSheet,
    RectificationState,
    ResultReport,
    SignedPaper,
    Sweep,
    TransferSlip,
    Verification,
)
from commitments.models.sweeps import SWEEP_RULE
from commitments.rectification.flows import FLOW as LEDGER
from commitments.rectification.flows import POSTPONEMENT, SHEET, SWEEP
from commitments.supervision.flows import FLOW as CASE
from commitments.supervision.flows import OPENING, SLIP
from commitments.wording import WORDINGS
from longsha_credit.audit.models import Entry
from longsha_credit.deadlines.flows import EXTENSION
from longsha_credit.deadlines.models import Deadline, Extension
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import within
from longsha_credit.programme.flows import FLOW as YEAR
from longsha_credit.programme.models import Year
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import Review, ReviewState
from longsha_credit.publication.sheet import kind_label
from records import lists as records
from records.flows import FLOW as RECORD
from records.flows import NOTICE, OBJECTION, REPAIR
from records.models import Notice, Objection, Record, RecordState, Repair

SHOWN = 50
NEAR = datetime.timedelta(days=30)


def waiting(user: Any) -> list[dict]:
    """The kinds of work that wait for `user`, each with its count and its first items."""
    own = _with_review(Obligation.objects.visible_to(user).with_names().filter(FLOW.waiting_for(user)), user)
    return [
        _kind("reviews", "审查", Review.objects.visible_to(user).with_people().filter(GATE.waiting_for(user)), _review_item, user),
        _kind("verify", "待核验", _to_verify(user), _verify_item, user),
        _kind("drafts", "待提交", own.filter(state=ObligationState.DRAFT), _draft_item, user),
        _kind("withdrawals", "撤下申请", own.filter(state=ObligationState.WITHDRAWING), _draft_item, user),
        _kind("amendments", "变更", _parts(Amendment, AMENDMENT, user), _part_item, user),
        _kind("progress", "进展草稿", _parts(ProgressUpdate, PROGRESS, user), _part_item, user),
        _kind("results", "结果报告草稿", _parts(ResultReport, RESULT, user), _part_item, user),
        _kind("verdicts", "核验结论", _parts(Verification, VERDICT, user), _part_item, user),
        _kind("cases", "居民来件", _cases(user), _case_item, user),
        _kind("slips", "转办单", TransferSlip.objects.visible_to(user).with_names().filter(SLIP.waiting_for(user)).annotate(due_on=_clock_of(TransferSlip, user)), _slip_item, user),
        _kind("openings", "查看身份", IdentityOpening.objects.visible_to(user).with_names().filter(OPENING.waiting_for(user)), _opening_item, user),
        _kind("records", "诚信记录", _records(user), _record_item, user),
        _kind("corrections", "应当更正", records.to_correct(user).with_names().order_by("correct_by"), _to_correct_item, user),
        _kind("notices", "记录公示", _with_review(Notice.objects.visible_to(user).with_names().filter(NOTICE.waiting_for(user)), user), _notice_item, user),
        _kind("objections", "异议", _requests(Objection, OBJECTION, user), _request_item, user),
        _kind("repairs", "信用修复", _requests(Repair, REPAIR, user), _request_item, user),
        _kind("ledger", "失信治理", _ledger(user), _ledger_item, user),
        _kind("sheets", "治理公开稿", _with_review(RectificationSheet.objects.visible_to(user).with_names().filter(SHEET.waiting_for(user)), user), _sheet_item, user),
        _kind("postponements", "整改延期", Postponement.objects.visible_to(user).with_names().filter(POSTPONEMENT.waiting_for(user), rectification__state=RectificationState.RECTIFYING), _postponement_item, user),
        _kind("sweeps", "季度排查", _sweeps(user), _sweep_item, user),
        _kind("extensions", "延期申请", Extension.objects.visible_to(user).filter(EXTENSION.waiting_for(user), deadline__met_on=None, deadline__cancelled_at=None).select_related("deadline__organisation", "asked_by"), _extension_item, user),
        _kind("handovers", "离任交接", handovers.waiting(user), _handover_item, user),
        _kind("papers", "交接签字件", SignedPaper.objects.visible_to(user).filter(PAPER.waiting_for(user)).select_related("handover__organisation", "asked_by"), _paper_item, user),
        _kind("years", "年度封存", Year.objects.visible_to(user).filter(YEAR.waiting_for(user)), _year_item, user),
        _kind("due", "报进展或结果", _due(user), _due_item, user),
        _kind("payments", "合同付款", _to_pay(user), _payment_item, user),
    ]  # fmt: skip


def _parts(model: Any, flow: Any, user: Any) -> Any:
    """Drafts and open decisions of one kind under the promises."""
    return _with_review(model.objects.visible_to(user).with_names().filter(flow.waiting_for(user)), user)


def _with_review(rows: Any, user: Any) -> Any:
    """Each row with the state of its last review, so that what was sent back is told from what is new."""
    reviews = Review.objects.visible_to(user).filter(
        kind=rows.model._meta.label_lower, object_id=OuterRef("pk")
    )
    return rows.annotate(last_review=Subquery(reviews.order_by("-id").values("state")[:1]))


def _standing(row: Any) -> str:
    sent_back = row.state == "draft" and row.last_review == ReviewState.RETURNED
    return "审查退回，请修改" if sent_back else row.get_state_display()


def _kind(key, label, rows, item, user) -> dict:
    found = list(rows[: SHOWN + 1])
    count = len(found) if len(found) <= SHOWN else rows.count()
    return {"key": key, "label": label, "count": count, "items": [item(row, user) for row in found[:SHOWN]]}


def _due(user: Any):
    """Promises of the writer's own units due within 30 days or past, with no report under way."""
    own = Q(organisation__in=[m.organisation_id for m in user.current_memberships if m.role in WRITERS])
    own |= Q(organisation__valid_to__isnull=False) & within(user, WRITERS, "organisation__path")
    return (
        Obligation.objects.visible_to(user)
        .with_names()
        .filter(own, state=ObligationState.IN_FORCE, due_on__lte=timezone.localdate() + NEAR)
        .exclude(progress__state__in=["draft", "in_review"])
        .exclude(results__state__in=["draft", "in_review"])
        .order_by("due_on")
    )


def _to_pay(user: Any):
    """Payments due within 30 days or past: of the writer's own units, and of contracts the writer keeps for units below."""
    own = [m.organisation_id for m in user.current_memberships if m.role in WRITERS]
    unfinished = [ObligationState.DRAFT, ObligationState.IN_REVIEW, ObligationState.DISCARDED]
    return (
        Payment.objects.visible_to(user)
        .with_names()
        .outstanding()
        .filter(Q(contract__obligation__organisation__in=own) | Q(contract__saved_by=user))
        .filter(due_on__lte=timezone.localdate() + NEAR)
        .exclude(contract__obligation__state__in=unfinished)
        .order_by("due_on", "id")
    )


def _to_verify(user: Any):
    """Reported promises on which the district's people have not begun a verdict."""
    running = (
        Deadline.objects.visible_to(user)
        .running()
        .filter(object_kind=Obligation._meta.label_lower, rule_key=VERIFY)
    )
    return (
        Obligation.objects.visible_to(user)
        .with_names()
        .filter(within(user, OFFICE, "organisation__path"), state=ObligationState.REPORTED)
        .exclude(verifications__state__in=["draft", "in_review"])
        .annotate(verify_by=Subquery(running.filter(object_id=OuterRef("pk")).values("due_on")[:1]))
        .order_by("reported_on", "id")
    )


def _clock_of(model: Any, user: Any):
    """The day the nearest open clock of each row runs out."""
    rows = Deadline.objects.visible_to(user).open().filter(object_kind=model._meta.label_lower)
    return Subquery(rows.filter(object_id=OuterRef("pk")).order_by("due_on").values("due_on")[:1])


def _cases(user: Any):
    rows = Case.objects.visible_to(user).with_names().filter(CASE.waiting_for(user))
    return rows.annotate(due_on=_clock_of(Case, user)).order_by("filed_on", "id")


def _item(title, note, url, action, due=None) -> dict:
    return {"title": title, "note": note, "url": url, "action": action, "due": due}


def _review_item(review, user) -> dict:
    note = f"{kind_label(review)} · {review.organisation.name} · {review.submitted_by.name}提交"
    return _item(
        review.title,
        note,
        reverse("reviews:page", args=[review.pk]),
        review.get_state_display().removeprefix("待"),
    )


def _draft_item(obligation, user) -> dict:
    action = "批准撤下" if obligation.state == ObligationState.WITHDRAWING else "接着办"
    note = f"{WORDINGS[obligation.form].noun} · {obligation.organisation.name} · {_standing(obligation)}"
    return _item(obligation.title, note, reverse("commitments:page", args=[obligation.pk]), action)


def _records(user: Any):
    """Own drafts and what was sent back; what waits for confirmation or for a decision on its revocation."""
    return Record.objects.visible_to(user).with_names().filter(RECORD.waiting_for(user)).order_by("saved_at")


def _requests(model: Any, flow: Any, user: Any):
    return records.asked(model, flow, user).with_names().order_by("filed_on")


CASE_ACTIONS = {
    CaseState.FILED: "受理审查",
    CaseState.ACCEPTED: "接着办",
    CaseState.PROPOSED: "审签",
    CaseState.REHANDLING: "重新办理",
    CaseState.REPROPOSED: "审签",
}


def _case_item(case, user) -> dict:
    note = f"居民来件 · {case.get_kind_display()} · 反映{case.about.name} · {case.get_state_display()}"
    action = CASE_ACTIONS.get(case.state, "接着办")
    return _item(str(case), note, reverse("supervision:page", args=[case.pk]), action, case.due_on)


def _slip_item(slip, user) -> dict:
    note = f"转办单 · {slip.sender.name}转来，请报送情况"
    return _item(str(slip), note, reverse("supervision:slip", args=[slip.pk]), "报送情况", slip.due_on)


def _opening_item(opening, user) -> dict:
    note = f"查看反映人身份 · {opening.asked_by.name}申请"
    return _item(str(opening), note, reverse("supervision:page", args=[opening.case_id]), "决定")


RECORD_ACTIONS = {RecordState.SUBMITTED: "核实", RecordState.REVOKING: "决定撤销"}


def _record_item(it, user) -> dict:
    note = f"诚信记录 · {it.organisation.name} · {it.get_state_display()}"
    url = reverse("records:page", args=[it.pk])
    return _item(str(it), note, url, RECORD_ACTIONS.get(it.state, "接着办"))


def _to_correct_item(it, user) -> dict:
    note = f"异议办结，应当更正 · {it.organisation.name}"
    return _item(str(it), note, reverse("records:page", args=[it.pk]), "更正", it.correct_by)


def _notice_item(notice, user) -> dict:
    note = f"记录公示 · {notice.organisation.name} · {_standing(notice)}"
    return _item(notice.record.title, note, reverse("records:page", args=[notice.record_id]), "提交公开审查")


def _request_item(request, user) -> dict:
    note = f"{request._meta.verbose_name} · {request.organisation.name} · {request.filed_on:%Y-%m-%d}提出 · {request.get_state_display()}"
    url = reverse("records:page", args=[request.record_id])
    return _item(str(request.record), note, url, "办理")


def _ledger(user: Any):
    """Items on which `user` has a step to take, with the day of the clock that runs, the earliest first."""
    clocks = (
        Deadline.objects.visible_to(user)
        .running()
        .filter(object_kind=Rectification._meta.label_lower, object_id=OuterRef("pk"))
    )
    rows = Rectification.objects.visible_to(user).with_names().filter(LEDGER.waiting_for(user))
    return rows.annotate(step_by=Subquery(clocks.order_by("due_on").values("due_on")[:1])).order_by(
        "step_by", "id"
    )


LEDGER_ACTIONS = {
    RectificationState.CLUE: "核实",
    RectificationState.CHECKING: "认定",
    RectificationState.FOUND: "报方案",
    RectificationState.PLANNED: "批方案",
    RectificationState.RECTIFYING: "整改",
    RectificationState.CLOSING: "自验",
    RectificationState.ACCEPTING: "复核销号",
    RectificationState.CLOSED: "回访",
    RectificationState.REFUSING: "决定",
}


def _ledger_item(item, user) -> dict:
    note = f"失信治理 · {item.organisation.name} · {item.get_state_display()}"
    url = reverse("rectification:page", args=[item.pk])
    return _item(item.title, note, url, LEDGER_ACTIONS.get(item.state, "接着办"), item.step_by)


def _sheet_item(sheet, user) -> dict:
    note = f"治理公开稿 · {sheet.organisation.name} · {_standing(sheet)}"
    return _item(sheet.title, note, reverse("rectification:page", args=[sheet.rectification_id]), "接着办")


def _postponement_item(asked, user) -> dict:
    note = f"整改延期 · {asked.organisation.name} · 申请延到{asked.to_day:%Y-%m-%d}"
    url = reverse("rectification:page", args=[asked.rectification_id])
    return _item(asked.rectification.title, note, url, "决定", asked.from_day)


def _sweeps(user: Any):
    """Sweeps the writer's own units have not reported, with the day they are due."""
    clocks = (
        Deadline.objects.visible_to(user)
        .open()
        .filter(object_kind=Sweep._meta.label_lower, rule_key=SWEEP_RULE, object_id=OuterRef("pk"))
    )
    rows = Sweep.objects.visible_to(user).with_names().filter(SWEEP.waiting_for(user))
    return rows.annotate(due_on=Subquery(clocks.values("due_on")[:1])).order_by("due_on", "id")


def _sweep_item(sweep, user) -> dict:
    url = reverse("rectification:sweep", args=[sweep.pk])
    return _item(str(sweep), "季度排查 · 没有查出也要零报告", url, "报送", sweep.due_on)


def _part_item(part, user) -> dict:
    note = f"{part._meta.verbose_name} · {part.organisation.name} · {_standing(part)}"
    return _item(
        part.obligation.title,
        note,
        reverse("commitments:page", args=[part.obligation_id]),
        "接着办",
        part.obligation.due_on,
    )


def _due_item(obligation, user) -> dict:
    note = (
        f"{WORDINGS[obligation.form].noun} · {obligation.organisation.name} · {obligation.service_field.name}"
    )
    ended = obligation.due_on <= timezone.localdate()
    name, action = ("result", "报结果") if ended else ("progress", "报进展")
    url = reverse(f"commitments:{name}", args=[obligation.pk])
    return _item(obligation.title, note, url, action, obligation.due_on)


def _payment_item(payment, user) -> dict:
    """Neither the other side nor the sum: they stand on the contract's own page."""
    obligation = payment.contract.obligation
    note = f"合同付款 · {obligation.organisation.name} · 第{payment.number}笔"
    url = reverse("commitments:contract", args=[obligation.pk])
    return _item(obligation.title, note, url, "登记付款", payment.due_on)


def _verify_item(obligation, user) -> dict:
    note = f"结果报告 · {obligation.organisation.name} · {obligation.reported_on:%Y-%m-%d}报告"
    url = reverse("commitments:page", args=[obligation.pk])
    return _item(obligation.title, note, url, "核验", obligation.verify_by)


def _extension_item(extension, user) -> dict:
    deadline = extension.deadline
    note = f"延期申请 · {deadline.organisation.name} · {extension.asked_by.name}申请"
    return _item(deadline.title, note, reverse("deadlines:page", args=[deadline.pk]), "决定", deadline.due_on)


def _handover_item(handover, user) -> dict:
    note = f"离任交接 · {handover.organisation.name} · {handover.outgoing_name or '空缺'} → {handover.incoming_name or '还没有登记'}"
    url = reverse("handovers:page", args=[handover.pk])
    return _item(str(handover), note, url, "办理", handover.due_on)


def _paper_item(paper, user) -> dict:
    note = f"交接签字件 · {paper.handover.organisation.name} · {paper.asked_by.name}上传"
    return _item(str(paper), note, reverse("handovers:page", args=[paper.handover_id]), "决定")


def _year_item(year, user) -> dict:
    return _item(str(year), "年度安排 · 申请封存", f"{reverse('programme:list')}?year={year.number}", "决定")


def by_urgency(items: list[dict], today: datetime.date) -> list[dict]:
    """The items under 已超期, 七天内, 以后, 无期限; an empty heading is left out."""
    groups: dict[str, list[dict]] = {"已超期": [], "七天内": [], "以后": [], "没有期限的": []}
    for item in items:
        groups[_urgency(item["due"], today)].append(item)
    return [{"label": label, "items": found} for label, found in groups.items() if found]


def _urgency(due: datetime.date | None, today: datetime.date) -> str:
    if due is None:
        return "没有期限的"
    if due < today:
        return "已超期"
    return "七天内" if due <= today + datetime.timedelta(days=7) else "以后"


def units(user: Any, today: datetime.date) -> list:
    """The units in scope with how many promises they have in force, near, past and on the way; one query."""
    live = Q(state__in=[ObligationState.IN_FORCE, ObligationState.WITHDRAWING])

    def number(condition):
        rows = (
            Obligation.objects.filter(condition, organisation=OuterRef("pk"))
            .order_by()
            .values("organisation")
        )
        return Subquery(rows.annotate(n=Count("pk")).values("n"))

    return list(
        Organisation.objects.visible_to(user)
        .taking_part()
        .units()
        .annotate(
            in_force=number(live),
            near=number(live & Q(due_on__gte=today, due_on__lte=today + NEAR, reported_on=None)),
            past=number(live & Q(due_on__lt=today, reported_on=None)),
            on_the_way=number(Q(state__in=[ObligationState.DRAFT, ObligationState.IN_REVIEW])),
        )
        .order_by("path")[:SHOWN]
    )


NEWS = [
    "return_first",
    "return_second",
    "return_secrecy",
    "return_single",
    "pass_secrecy",
    "pass_single",
    "ask_withdrawal",
    "approve_withdrawal",
    "refuse_withdrawal",
    "send_back",
    "ask_revocation",
    "revoke",
]


def latest(user: Any) -> list[Entry]:
    """What came back, became public or was taken down lately in the user's units, by other people."""
    inside = within(user, SEES_WORK, "organisation_path")
    return list(Entry.objects.filter(inside, step__in=NEWS).exclude(actor=user).order_by("-at", "-id")[:6])
