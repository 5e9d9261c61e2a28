"""我的待办: one list over the open steps of every flow, with what falls due and how the units stand."""

import contextlib
import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
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
from disclosure.catalogue.flows import FLOW as PROPOSAL
from disclosure.coverage import lists as coverage
from disclosure.flows import FLOW as DISCLOSURE
from disclosure.flows import REVISION
from disclosure.models import Notice as PublicNotice
from disclosure.models import NoticeRevision, TopicProposal
from disclosure.scenes import lists as scenes
from evaluation import lists as evaluation
from evaluation.annual import lists as annual
from evaluation.demonstration import lists as demonstration
from evaluation.summary import lists as summaries
from longsha_credit.audit.models import Entry
from longsha_credit.deadlines.flows import EXTENSION
from longsha_credit.deadlines.models import Deadline, Extension, Notification, Reminder
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import SEES_WORK, Role
from longsha_credit.directory.scope import Viewer, within
from longsha_credit.exchange.flows import FLOW as JOB
from longsha_credit.exchange.models import DocumentTemplate, Job, JobState
from longsha_credit.exchange.official.flows import FLOW as TEMPLATE
from longsha_credit.home import todo_evaluation as judged
from longsha_credit.home import todo_items as items
from longsha_credit.programme.contests import lists as contests
from longsha_credit.programme.education import lists as education
from longsha_credit.programme.flows import FLOW as YEAR
from longsha_credit.programme.inspections import lists as inspections
from longsha_credit.programme.inspections.flows import FLOW as INSPECTION
from longsha_credit.programme.inspections.flows import VISIT
from longsha_credit.programme.models import Activity, Contest, Inspection, Visit, Year
from longsha_credit.programme.tasking import lists as tasks
from longsha_credit.publication.gate import GATE
from longsha_credit.publication.models import Review
from records import lists as records
from records.flows import FLOW as RECORD
from records.flows import NOTICE, OBJECTION, REPAIR
from records.models import Notice, Objection, Record, Repair

SHOWN = 50
SUPERVISED = 8
NEAR = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Kind:
    """One kind of work: its rows for somebody, how a row is told, and the menu entry at which its number stands.

    `rows` is asked with a Viewer and asks nothing of the database: it is called once and its SQL kept.
    """

    key: str
    label: str
    menu: str
    rows: Callable[[Viewer], Any]
    item: Callable[[Any, Any], dict]


WORK = (
    Kind("reviews", "审查", "reviews:list", lambda user: _reviews(user), items.review_item),
    Kind("verify", "待核验", "commitments:list", lambda user: _to_verify(user), items.verify_item),
    Kind("drafts", "待提交", "commitments:list", lambda user: _own(user).filter(state=ObligationState.DRAFT), items.draft_item),
    Kind("withdrawals", "撤下申请", "commitments:list", lambda user: _own(user).filter(state=ObligationState.WITHDRAWING), items.draft_item),
    Kind("amendments", "变更", "commitments:list", lambda user: _parts(Amendment, AMENDMENT, user), items.part_item),
    Kind("progress", "进展草稿", "commitments:list", lambda user: _parts(ProgressUpdate, PROGRESS, user), items.part_item),
    Kind("results", "结果报告草稿", "commitments:list", lambda user: _parts(ResultReport, RESULT, user), items.part_item),
    Kind("verdicts", "核验结论", "commitments:list", lambda user: _parts(Verification, VERDICT, user), items.part_item),
    Kind("cases", "居民来件", "supervision:list", lambda user: _cases(user), items.case_item),
    Kind("slips", "转办单", "supervision:slips", lambda user: TransferSlip.objects.visible_to(user).with_names().filter(SLIP.waiting_for(user)).annotate(due_on=_clock_of(TransferSlip, user)), items.slip_item),
    Kind("openings", "查看身份", "supervision:list", lambda user: IdentityOpening.objects.visible_to(user).with_names().filter(OPENING.waiting_for(user)), items.opening_item),
    Kind("records", "诚信记录", "records:list", lambda user: _records(user), items.record_item),
    Kind("corrections", "应当更正", "records:list", lambda user: records.to_correct(user).with_names().order_by("correct_by"), items.to_correct_item),
    Kind("notices", "记录公示", "records:list", lambda user: _with_review(Notice.objects.visible_to(user).with_names().filter(NOTICE.waiting_for(user)), user), items.notice_item),
    Kind("objections", "异议", "records:list", lambda user: _requests(Objection, OBJECTION, user), items.request_item),
    Kind("repairs", "信用修复", "records:list", lambda user: _requests(Repair, REPAIR, user), items.request_item),
    Kind("ledger", "失信治理", "rectification:list", lambda user: _ledger(user), items.ledger_item),
    Kind("sheets", "治理公开稿", "rectification:list", lambda user: _with_review(RectificationSheet.objects.visible_to(user).with_names().filter(SHEET.waiting_for(user)), user), items.sheet_item),
    Kind("postponements", "整改延期", "rectification:list", lambda user: Postponement.objects.visible_to(user).with_names().filter(POSTPONEMENT.waiting_for(user), rectification__state=RectificationState.RECTIFYING), items.postponement_item),
    Kind("sweeps", "季度排查", "rectification:list", lambda user: _sweeps(user), items.sweep_item),
    Kind("extensions", "延期申请", "deadlines:list", lambda user: Extension.objects.visible_to(user).filter(EXTENSION.waiting_for(user), deadline__met_on=None, deadline__cancelled_at=None).select_related("deadline__organisation", "asked_by"), items.extension_item),
    Kind("handovers", "离任交接", "handovers:list", lambda user: handovers.waiting(user), items.handover_item),
    Kind("papers", "交接签字件", "handovers:list", lambda user: SignedPaper.objects.visible_to(user).filter(PAPER.waiting_for(user)).select_related("handover__organisation", "asked_by"), items.paper_item),
    Kind("tasks", "年度任务", "tasks:list", lambda user: tasks.waiting_for(user), items.task_item),
    Kind("task_reports", "认定任务", "tasks:list", lambda user: tasks.to_decide(user), items.task_report_item),
    Kind("inspections", "检查安排", "inspections:list", lambda user: Inspection.objects.visible_to(user).with_names().filter(INSPECTION.waiting_for(user)), items.inspection_item),
    Kind("visits", "现场检查", "inspections:list", lambda user: Visit.objects.visible_to(user).with_names().filter(VISIT.waiting_for(user)).order_by("id"), items.visit_item),
    Kind("findings", "检查问题", "inspections:list", lambda user: inspections.asked(user).order_by("clock_due", "id"), items.finding_item),
    Kind("rulings", "认定", "evaluation:rulings", evaluation.asked, judged.ruling_item),
    Kind("years", "年度封存", "programme:list", lambda user: Year.objects.visible_to(user).filter(YEAR.waiting_for(user)), items.year_item),
    Kind("notice_drafts", "公开内容", "disclosure:list", lambda user: _with_review(PublicNotice.objects.visible_to(user).with_names().filter(DISCLOSURE.waiting_for(user)), user).annotate(due_on=_clock_of(PublicNotice, user)), items.disclosed_item),
    Kind("notice_revisions", "公开内容修订", "disclosure:list", lambda user: _with_review(NoticeRevision.objects.visible_to(user).with_names().filter(REVISION.waiting_for(user)), user), items.disclosed_item),
    Kind("duties", "该更新的公开事项", "coverage:board", lambda user: coverage.waiting_for(user, timezone.localdate()), items.duty_item),
    Kind("scenes", "信用+场景", "scenes:list", lambda user: scenes.asked(user)[0].with_names().order_by("saved_at"), items.scene_item),
    Kind("scene_revisions", "场景修改", "scenes:list", lambda user: scenes.asked(user)[1].with_names().order_by("saved_at"), items.scene_part_item),
    Kind("scene_months", "场景数字草稿", "scenes:list", lambda user: scenes.asked(user)[2].with_names().order_by("saved_at"), items.scene_part_item),
    Kind("scene_silent", "报场景数字", "scenes:list", lambda user: scenes.to_report(user).with_names().order_by("id"), items.scene_month_item),
    Kind("cycles", "评价轮次", "demonstration:list", lambda user: demonstration.cycles_asked(user).order_by("id"), judged.cycle_item),
    Kind("to_apply", "可以申报", "demonstration:list", lambda user: demonstration.to_apply(user).with_names().order_by("apply_until", "id"), judged.to_apply_item),
    Kind("applications", "示范申报", "demonstration:list", lambda user: demonstration.applications_asked(user).order_by("saved_at"), judged.application_item),
    Kind("seats", "评审打分", "demonstration:list", lambda user: demonstration.seats_asked(user).order_by("id"), judged.seat_item),
    Kind("candidate_notices", "评定公示", "demonstration:list", lambda user: _with_review(demonstration.notices_asked(user).order_by("saved_at"), user), judged.candidate_notice_item),
    Kind("notice_objections", "公示异议", "demonstration:list", lambda user: demonstration.objections_asked(user).order_by("filed_on", "id"), judged.notice_objection_item),
    Kind("awards", "评定结果", "demonstration:list", lambda user: _with_review(demonstration.awards_asked(user).order_by("saved_at"), user), judged.award_item),
    Kind("templates", "公文模板", "documents:list", lambda user: DocumentTemplate.objects.visible_to(user).with_names().filter(TEMPLATE.waiting_for(user)), items.template_item),
    Kind("topic_proposals", "目录提议", "coverage:board", lambda user: TopicProposal.objects.visible_to(user).with_names().filter(PROPOSAL.waiting_for(user)), items.topic_proposal_item),
    Kind("jobs", "后台任务", "jobs:list", lambda user: Job.objects.visible_to(user).with_names().filter(JOB.waiting_for(user) | Q(state=JobState.FAILED, by=user.pk)), items.job_item),
    Kind("contests", "知识竞赛", "contests:list", lambda user: contests.contests_asked(user).annotate(due_on=_clock_of(Contest, user)), items.contest_item),
    Kind("contest_revisions", "竞赛更正", "contests:list", lambda user: contests.revisions_asked(user), items.contest_revision_item),
    Kind("contest_results", "竞赛结果", "contests:list", lambda user: contests.results_asked(user), items.contest_result_item),
    Kind("contests_over", "统计竞赛结果", "contests:list", lambda user: contests.over_without_result(user).annotate(due_on=_clock_of(Contest, user)), items.contest_over_item),
    Kind("contest_units", "组织参加竞赛", "contests:tests", lambda user: contests.units_to_call(user), items.contest_unit_item),
    Kind("tests", "我的测试", "contests:tests", lambda user: contests.to_sit(user), items.test_item),
    Kind("questions", "核对题目", "contests:list", lambda user: contests.banks_asked(user), items.bank_item),
    Kind("activities", "诚信教育活动", "education:list", lambda user: education.asking(user).with_names().annotate(due_on=_clock_of(Activity, user)).order_by("planned_on", "id"), items.activity_item),
    Kind("activity_sheets", "活动公开稿", "education:list", lambda user: _with_review(education.sheets_asking(user).with_names().order_by("saved_at"), user), items.activity_sheet_item),
    Kind("materials", "学习资料", "education:list", lambda user: _with_review(education.editions_asking(user).with_names().order_by("saved_at"), user), items.material_item),
    Kind("training_hours", "待确认的学时", "education:list", lambda user: education.hours_asking(user).with_names().order_by("id"), items.hours_item),
    Kind("summaries", "年度总结", "summaries:list", summaries.asked, judged.summary_item),
    Kind("defences", "陈述申辩", "annual:list", lambda user: annual.to_defend(user, timezone.localdate()).order_by("defence_until", "id"), judged.defence_item),
    Kind("outcomes", "审定考评结果", "annual:list", lambda user: annual.decisions_waiting(user, timezone.localdate()).order_by("told_on", "id"), judged.outcome_item),
    Kind("proposals", "处理建议", "annual:list", lambda user: annual.proposals_asked(user), judged.proposal_item),
    Kind("due", "报进展或结果", "commitments:list", lambda user: _due(user), items.due_item),
    Kind("payments", "合同付款", "commitments:list", lambda user: _to_pay(user), items.payment_item),
)  # fmt: skip
# What is counted at a menu entry and is no step of the reader's own.
BESIDE = {
    "deadlines:list": lambda user: Deadline.objects.visible_to(user).overdue(timezone.localdate()),
    "deadlines:notifications": lambda user: Notification.objects.visible_to(user).unread(),
}


@dataclass(frozen=True)
class Numbers:
    """How much waits for somebody: by kind of work, and by the address of the menu entry it stands at."""

    of_kind: dict[str, int]
    at: dict[str, int]


def numbers(user: Any) -> Numbers:
    """Every number of 我的待办 and of the menu, in one round trip."""
    sql, values = _counting(Viewer.of(user), timezone.localdate())
    found: dict[str, int] = {}
    if sql:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            found = dict(cursor.fetchall())
    at = {menu: found.get(menu, 0) for menu in BESIDE}
    for kind in WORK:
        at[kind.menu] = at.get(kind.menu, 0) + found.get(kind.key, 0)
    return Numbers(found, at)


@lru_cache(maxsize=128)  # writing the SQL anew for each page takes four times as long as asking it
def _counting(viewer: Viewer, today: datetime.date) -> tuple[str, tuple]:
    """One statement that counts everything; `today` is what it depends on beside the viewer."""
    parts, values = [], []
    with connection.execute_wrapper(_not_asked):
        for key, rows in {**{kind.key: kind.rows for kind in WORK}, **BESIDE}.items():
            with contextlib.suppress(EmptyResultSet):  # nothing of this kind is ever for them
                sql, given = rows(viewer).order_by().values("pk").query.sql_with_params()
                parts.append(f"SELECT %s, count(*) FROM ({sql}) counted")
                values += [key, *given]
    return " UNION ALL ".join(parts), tuple(values)


def _not_asked(execute: Any, sql: str, *_: Any) -> None:
    raise RuntimeError(f"a kind of work asks the database while its rows are described: {sql[:200]}")


def waiting(user: Any, found: Numbers) -> list[dict]:
    """The kinds of work that wait for `user`, each with its count and its first items."""
    kinds = []
    for kind in WORK:
        count = found.of_kind.get(kind.key, 0)
        told = [kind.item(row, user) for row in (kind.rows(user)[:SHOWN] if count else [])]
        kinds.append({"key": kind.key, "label": kind.label, "count": count, "items": told})
    return kinds


def _own(user: Any) -> Any:
    return _with_review(Obligation.objects.visible_to(user).with_names().filter(FLOW.waiting_for(user)), user)


def _parts(model: Any, flow: Any, user: Any) -> Any:
    """Drafts and open decisions of one kind under the promises."""
    return _with_review(model.objects.visible_to(user).with_names().filter(flow.waiting_for(user)), user)


def _with_review(rows: Any, user: Any) -> Any:
    """Each row with the state of its last review, so that what was sent back is told from what is new."""
    reviews = Review.objects.visible_to(user).filter(
        kind=rows.model._meta.label_lower, object_id=OuterRef("pk")
    )
    return rows.annotate(last_review=Subquery(reviews.order_by("-id").values("state")[:1]))


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
        .filter(Q(contract__obligation__organisation__in=own) | Q(contract__saved_by=user.pk))
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


def _reviews(user: Any):
    """What waits at the gate, with the day the nearest open clock of the thing itself runs out."""
    clocks = Deadline.objects.visible_to(user).open().order_by("due_on")
    clocks = clocks.filter(object_kind=OuterRef("kind"), object_id=OuterRef("object_id"))
    rows = Review.objects.visible_to(user).with_people().filter(GATE.waiting_for(user))
    return rows.annotate(due_on=Subquery(clocks.values("due_on")[:1]))


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
    """The work under 已超期, 七天内, 以后, 无期限, each by its day; an empty heading is left out."""
    groups: dict[str, list[dict]] = {"已超期": [], "七天内": [], "以后": [], "没有期限的": []}
    for item in sorted(work, key=lambda item: item["due"] or datetime.date.max):
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


def supervised(user: Any, today: datetime.date) -> list[Deadline]:
    """What is overdue in the units `user` leads or supervises and was sent a slip for, the longest overdue first."""
    if not user.holds(Role.LEAD, Role.OFFICE, Role.REVIEWER, Role.SUPERVISOR):
        return []
    sharp = Reminder.objects.visible_to(user).filter(slip__in=["yellow", "red"]).exclude(sent_at=None)
    late = Deadline.objects.visible_to(user).overdue(today).filter(pk__in=sharp.values("deadline"))
    return list(late.with_names().with_slip().order_by("due_on", "id")[:SUPERVISED])


NEWS = [
    *("return_first", "return_second", "return_secrecy", "return_single", "pass_secrecy", "pass_single"),
    *("ask_withdrawal", "approve_withdrawal", "refuse_withdrawal", "send_back", "ask_revocation", "revoke"),
]


def latest(user: Any) -> list[Entry]:
    """What came back, became public or was taken down lately in the user's units, by other people."""
    inside = within(user, SEES_WORK, "organisation_path")
    return list(Entry.objects.filter(inside, step__in=NEWS).exclude(actor=user).order_by("-at", "-id")[:6])
