"""The steps of a job: the worker's own, and those people take: stop, go on, undo."""

import datetime
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone

from longsha_credit.audit.workflow import Step, Taken, Workflow
from longsha_credit.directory.roles import Role
from longsha_credit.exchange.kinds import KINDS
from longsha_credit.exchange.models import Job, JobState

TASK = "longsha_credit.exchange.tasks.advance_job"
STEERS = frozenset({Role.LEAD, Role.OFFICE})
S = JobState


def queue(pk: int) -> None:
    """Send it to a worker after the commit. Where the queue is down the job waits in its row for the beat."""
    transaction.on_commit(lambda: current_app.send_task(TASK, args=[pk]), robust=True)


def _queued(taken: Taken) -> None:
    queue(taken.obj.pk)


def _ends(taken: Taken) -> dict[str, Any]:
    return {"ended_at": timezone.now()}


def _fails(taken: Taken) -> dict[str, Any]:
    backwards = taken.obj.state == S.UNDOING
    return _ends(taken) | {"error": taken.reason[:500], "failed_in": S.UNDOING if backwards else S.RUNNING}


def _goes_on(taken: Taken) -> dict[str, Any]:
    now = timezone.now()
    return {"error": "", "failed_in": "", "ended_at": None, "tries": 0, "heartbeat_at": now, "queued_at": now}


def _turns_back(taken: Taken) -> dict[str, Any]:
    return _goes_on(taken) | {"position": {}, "total": taken.obj.done, "done": 0}


def _known(job: Job, today: datetime.date) -> list[str]:
    return [] if job.kind in KINDS else ["系统里已经没有这种任务的程序，请联系系统管理员。"]


def _can_be_undone(job: Job, today: datetime.date) -> list[str]:
    kind = KINDS.get(job.kind)
    if kind is None or kind.undo is None:
        return ["这种任务不能撤销。"]
    if job.failed_in == S.UNDOING:
        return ["上次撤销没有做完，请点“接着做”。"]
    if job.done == 0:
        return ["它没有做成任何一件，不用撤销。"]
    return kind.untouched(job)


FLOW = Workflow(
    "后台任务",
    JobState,
    Step("begin", "开始", frozenset({S.QUEUED}), S.RUNNING, frozenset(), button=False),
    Step("finish", "完成", frozenset({S.RUNNING}), S.DONE, frozenset(), writes=_ends, button=False),
    Step("finish_undo", "撤销完成", frozenset({S.UNDOING}), S.UNDONE, frozenset(), writes=_ends, button=False),
    Step(
        "fail", "没有做完", frozenset({S.QUEUED, S.RUNNING, S.UNDOING}), S.FAILED, frozenset(),
        reason=True, writes=_fails, button=False,
    ),
    Step(
        "resume", "接着做", frozenset({S.FAILED}), S.RUNNING, STEERS, mine="by_id", back_to="failed_in",
        guard=_known, writes=_goes_on, todo="own", tone="main",
        effects=(_queued,),
    ),
    Step(
        "cancel", "停止", frozenset({S.QUEUED, S.RUNNING}), S.CANCELLED, STEERS, mine="by_id",
        writes=_ends, asks=True,
    ),
    Step(
        "undo", "撤销", frozenset({S.DONE, S.FAILED, S.CANCELLED}), S.UNDOING, STEERS, mine="by_id",
        guard=_can_be_undone, writes=_turns_back, tone="stop", asks=True,
        effects=(_queued,),
    ),
    author="by",
)  # fmt: skip
