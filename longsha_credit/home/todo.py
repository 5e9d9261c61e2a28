"""我的待办: one list over the open steps of every flow, with what falls due and how the units stand."""

import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone

from commitments.clocks import VERIFY
from commitments.flows import AMENDMENT, FLOW, OFFICE, PROGRESS, RESULT, VERDICT, WRITERS
from commitments.handover import reading as handovers
from commitments.handover.flows import PAPER
from commitments.models import (
    Amendment,
    Case,
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
from disclosure.scenes import lists as scenes
from longsha_credit.audit.models import Entry
from longsha_credit.deadlines.flows import EXTENSION
from longsha_credit.deadlines.models import Deadline, Extension
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import within
from longsha_credit.home import todo_items as items
from longsha_credit.programme.flows import FLOW as YEAR
from longsha_credit.programme.models import Year
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import Review
from records import lists as records
from records.flows import FLOW as RECORD
from records.flows import NOTICE, OBJECTION, REPAIR
from records.models import Notice, Objection, Record, Repair

SHOWN = 50
NEAR = datetime.timedelta(days=30)


def waiting(user: Any) -> list[dict]:
    """The kinds of work that wait for `user`, each with its count and its first items."""
    own = _with_review(Obligation.objects.visible_to(user).with_names().filter(FLOW.waiting_for(user)), user)
    return [
        _kind("reviews", "审查", Review.objects.visible_to(user).with_people().filter(GATE.waiting_for(user)), items.review_item, user),
        _kind("verify", "待核验", _to_verify(user), items.verify_item, user),
        _kind("drafts", "待提交", own.filter(state=ObligationState.DRAFT), items.draft_item, user),
        _kind("withdrawals", "撤下申请", own.filter(state=ObligationState.WITHDRAWING), items.draft_item, user),
        _kind("amendments", "变更", _parts(Amendment, AMENDMENT, user), items.part_item, user),
        _kind("progress", "进展草稿", _parts(ProgressUpdate, PROGRESS, user), items.part_item, user),
        _kind("results", "结果报告草稿", _parts(ResultReport, RESULT, user), items.part_item, user),
        _kind("verdicts", "核验结论", _parts(Verification, VERDICT, user), items.part_item, user),
        _kind("cases", "居民来件", _cases(user), items.case_item, user),
        _kind("slips", "转办单", TransferSlip.objects.visible_to(user).with_names().filter(SLIP.waiting_for(user)).annotate(due_on=_clock_of(TransferSlip, user)), items.slip_item, user),
        _kind("openings", "查看身份", IdentityOpening.objects.visible_to(user).with_names().filter(OPENING.waiting_for(user)), items.opening_item, user),
        _kind("records", "诚信记录", _records(user), items.record_item, user),
        _kind("corrections", "应当更正", records.to_correct(user).with_names().order_by("correct_by"), items.to_correct_item, user),
        _kind("notices", "记录公示", _with_review(Notice.objects.visible_to(user).with_names().filter(NOTICE.waiting_for(user)), user), items.notice_item, user),
        _kind("objections", "异议", _requests(Objection, OBJECTION, user), items.request_item, user),
        _kind("repairs", "信用修复", _requests(Repair, REPAIR, user), items.request_item, user),
        _kind("ledger", "失信治理", _ledger(user), items.ledger_item, user),
        _kind("sheets", "治理公开稿", _with_review(RectificationSheet.objects.visible_to(user).with_names().filter(SHEET.waiting_for(user)), user), items.sheet_item, user),
        _kind("postponements", "整改延期", Postponement.objects.visible_to(user).with_names().filter(POSTPONEMENT.waiting_for(user), rectification__state=RectificationState.RECTIFYING), items.postponement_item, user),
        _kind("sweeps", "季度排查", _sweeps(user), items.sweep_item, user),
        _kind("extensions", "延期申请", Extension.objects.visible_to(user).filter(EXTENSION.waiting_for(user), deadline__met_on=None, deadline__cancelled_at=None).select_related("deadline__organisation", "asked_by"), items.extension_item, user),
        _kind("handovers", "离任交接", handovers.waiting(user), items.handover_item, user),
        _kind("papers", "交接签字件", SignedPaper.objects.visible_to(user).filter(PAPER.waiting_for(user)).select_related("handover__organisation", "asked_by"), items.paper_item, user),
        _kind("years", "年度封存", Year.objects.visible_to(user).filter(YEAR.waiting_for(user)), items.year_item, user),
        *(_kind(*kind, user) for kind in scenes.kinds(user)),
        _kind("due", "报进展或结果", _due(user), items.due_item, user),
        _kind("payments", "合同付款", _to_pay(user), items.payment_item, user),
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


def _records(user: Any):
    """Own drafts and what was sent back; what waits for confirmation or for a decision on its revocation."""
    return Record.objects.visible_to(user).with_names().filter(RECORD.waiting_for(user)).order_by("saved_at")


def _requests(model: Any, flow: Any, user: Any):
    return records.asked(model, flow, user).with_names().order_by("filed_on")


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


def _sweeps(user: Any):
    """Sweeps the writer's own units have not reported, with the day they are due."""
    clocks = (
        Deadline.objects.visible_to(user)
        .open()
        .filter(object_kind=Sweep._meta.label_lower, rule_key=SWEEP_RULE, object_id=OuterRef("pk"))
    )
    rows = Sweep.objects.visible_to(user).with_names().filter(SWEEP.waiting_for(user))
    return rows.annotate(due_on=Subquery(clocks.values("due_on")[:1])).order_by("due_on", "id")


def by_urgency(work: list[dict], today: datetime.date) -> list[dict]:
    """The work under 已超期, 七天内, 以后, 无期限; an empty heading is left out."""
    groups: dict[str, list[dict]] = {"已超期": [], "七天内": [], "以后": [], "没有期限的": []}
    for item in work:
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
