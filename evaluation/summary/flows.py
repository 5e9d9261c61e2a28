"""The steps of a summary report: sent by the unit's lead, returned or accepted by the district."""

import hashlib
import json

from evaluation.models import SummaryReceipt, SummaryReport, SummaryState
from evaluation.summary import conditions
from longsha_credit.audit.models import Entry
from longsha_credit.audit.workflow import Step, Taken, Workflow
from longsha_credit.directory.roles import Role
from longsha_credit.exchange.numbering import next_number
from longsha_credit.programme.models import OPEN, SUMMARY, Task, TaskState
from longsha_credit.programme.tasking import clocks
from longsha_credit.programme.tasking import services as tasking
from longsha_credit.programme.tasking.flows import FLOW as TASK

WRITERS = frozenset({Role.CLERK, Role.LEAD})
LEADS = frozenset({Role.LEAD})
OFFICE = frozenset({Role.REVIEWER, Role.OFFICE})
NOT_THE_SENDER = {"submitted_by_id": "总结是您报送的，须由另一个人接收。"}


def task_of(report: SummaryReport) -> Task | None:
    """The unit's task of the year that asks for the report."""
    rows = Task.objects.standing().with_names().filter(year=report.year_id, standard__rule_key=SUMMARY)
    return rows.filter(organisation=report.organisation_id).first()


def _gets_a_receipt(taken: Taken) -> None:
    """Number, moment and checksum of what was sent, with the texts and figures as they were."""
    report, district = taken.obj, taken.obj.year.organisation
    task = task_of(report)
    clock = clocks.open_clock(task) if task else None
    due_on = report.year.report_on if report.round == 1 else report.redo_by
    texts = {section.key: section.text for section in report.sections.all()}
    content = {"unit": report.organisation.name, "year": report.year.number, "texts": texts}
    whole = json.dumps(content | {"figures": report.figures}, ensure_ascii=False, sort_keys=True)
    prefix = f"ZJ-{district.division_code[:6] or '000000'}-{report.year.number}-"
    receipt = SummaryReceipt.objects.create(
        report=report,
        round=report.round,
        number=next_number(SummaryReceipt, "number", prefix, 4),
        texts=texts,
        figures=report.figures,
        content_hash=hashlib.sha256(whole.encode()).hexdigest(),
        due_on=clock.due_on if clock else due_on,
        on=taken.today,
        by=taken.by,
    )
    if task is not None and task.state in OPEN:
        _reports_the_task(taken, task, receipt)


def _reports_the_task(taken: Taken, task: Task, receipt: SummaryReceipt) -> None:
    """The task is met by sending: its evidence is the entry of it."""
    sent = Entry.objects.about(taken.obj).filter(step="submit").order_by("-id").first()
    tasking.pick_evidence(task, entry=sent, by=taken.by, today=taken.today)
    task.refresh_from_db()
    said = f"已报送年度工作情况总结，回执编号{receipt.number}。"
    TASK.take(task, "report", by=taken.by, today=taken.today, report=said)


def _task_comes_back(taken: Taken) -> None:
    task = task_of(taken.obj)
    if task is not None and task.state == TaskState.REPORTED:
        TASK.take(task, "send_back", by=taken.by, today=taken.today, reason=taken.reason)


def _task_is_done(taken: Taken) -> None:
    task = task_of(taken.obj)
    if task is not None and task.state == TaskState.REPORTED:
        TASK.take(task, "accept", by=taken.by, today=taken.today)


S = SummaryState

FLOW = Workflow(
    "年度总结",
    SummaryState,
    Step(
        "submit", "报送", frozenset({S.DRAFT, S.RETURNED}), S.SUBMITTED, LEADS,
        guard=conditions.complete, writes=conditions.sends, effects=(_gets_a_receipt,), todo="own", tone="main",
    ),
    Step(
        "accept", "接收", frozenset({S.SUBMITTED}), S.ACCEPTED, OFFICE, not_by=NOT_THE_SENDER,
        guard=conditions.year_is_open, writes=conditions.accepts, effects=(_task_is_done,), todo="below", tone="main",
    ),
    Step(
        "send_back", "退回", frozenset({S.SUBMITTED}), S.RETURNED, OFFICE, reason=True, asks=True,
        not_by=NOT_THE_SENDER, guard=conditions.year_is_open, writes=conditions.returns,
        effects=(_task_comes_back,), tone="stop",
    ),
)  # fmt: skip
