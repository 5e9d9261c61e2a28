"""Starting long work and doing it: chunk by chunk, each chunk and how far it came in one transaction."""

import datetime
import logging
import time
from typing import Any

from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone

from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import require_within
from longsha_credit.exchange.flows import FLOW, queue
from longsha_credit.exchange.kinds import KINDS, Kind, register
from longsha_credit.exchange.models import Job, JobState

__all__ = ["advance", "put_back", "register", "start"]

log = logging.getLogger(__name__)

SILENCE = datetime.timedelta(minutes=2)  # after so long without a sign of life it is queued again
SLICE_SECONDS = 20  # then the next job in the queue has its turn
MOST_TRIES = 5  # of one and the same chunk
PROGRESS = ("done", "total", "position", "result", "heartbeat_at", "tries")
OURS = "程序出错，这一段没有保存，前面做完的都在。请把这句话告诉系统管理员：任务{}，{}。"
TOO_OFTEN = "这一段试了{}次都没有做完，前面做完的都在。请把这句话告诉系统管理员：任务{}，反复中断。"


def start(
    kind: str,
    *,
    by: Any,
    organisation: Organisation,
    title: str,
    key: str,
    arguments: dict[str, Any] | None = None,
) -> Job:
    """Put a job in the queue; a second start under the same key, such as a double click, gives the first one's job.

    `key` names what may be done only once at a time, within the kind. What was undone may be done anew.
    `arguments` is JSON. The job is queued once the caller's transaction is through. Raises KeyError for a kind nobody
    registered and Http404 where `by` has no part in `organisation`.
    """
    KINDS[kind]
    require_within(by, organisation)
    now = timezone.now()
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind,
                title=title[:200],
                organisation=organisation,
                by=by,
                key=key,
                arguments=arguments or {},
                heartbeat_at=now,
                queued_at=now,
            )
    except IntegrityError:
        standing = ~Q(state=JobState.UNDONE) & ~Q(state=JobState.CANCELLED, done=0)
        return Job.objects.filter(standing).get(kind=kind, key=key)
    queue(job.pk)
    return job


def put_back(*, now: datetime.datetime | None = None) -> list[int]:
    """The jobs nobody seems to be at, to be queued again: each is given to one caller in two minutes.

    Where a worker had taken it up and fell silent that counts as a try; where it only waited its turn it does not.
    """
    now = now or timezone.now()
    silent = Job.objects.at_work().filter(heartbeat_at__lt=now - SILENCE, queued_at__lt=now - SILENCE)
    taken = []
    for pk, queued_at, heard in silent.order_by("pk").values_list("pk", "queued_at", "heartbeat_at"):
        tried = int(heard > queued_at)
        if Job.objects.filter(pk=pk, queued_at=queued_at).update(queued_at=now, tries=F("tries") + tried):
            taken.append(pk)
    return taken


def advance(pk: int, *, seconds: float = SLICE_SECONDS) -> bool:
    """Do chunks of one job for so long; whether there is more to do.

    Safe to call twice, beside itself and for what is over: each chunk holds the row, and who finds it held goes away.
    """
    until = time.monotonic() + seconds
    if not _take_up(pk):
        return False
    while True:
        try:
            more = _chunk(pk)
        except (OperationalError, InterfaceError):
            raise  # the database went away: the beat queues the job again when it is back
        except Refused as refused:
            return _fail(pk, str(refused))
        except Exception as problem:  # whatever a kind's code raises, its job must not stay half alive
            log.exception("job %s", pk)
            return _fail(pk, OURS.format(pk, type(problem).__name__))
        if not more or time.monotonic() > until:
            return more


@transaction.atomic
def _take_up(pk: int) -> bool:
    """Whether this worker may go on with the job: nobody is at it, and it did not kill every worker so far."""
    job = Job.objects.at_work().select_for_update(skip_locked=True).filter(pk=pk).first()
    if job is None:
        return False
    if job.kind not in KINDS:
        return _fail(pk, "系统里已经没有这种任务的程序，请联系系统管理员。")
    if job.tries >= MOST_TRIES:
        return _fail(pk, TOO_OFTEN.format(job.tries, pk))
    if job.state == JobState.QUEUED:
        FLOW.take(job, "begin", by=None)
    job.heartbeat_at = timezone.now()
    job.save(update_fields=["heartbeat_at"])
    return True


@transaction.atomic
def _chunk(pk: int) -> bool:
    """One chunk and how far it came; True while there is more. False where another worker holds the job."""
    rows = Job.objects.filter(state__in=[JobState.RUNNING, JobState.UNDOING])
    job = rows.select_for_update(skip_locked=True, of=("self",)).with_names().filter(pk=pk).first()
    if job is None:
        return False
    part = _part(KINDS[job.kind], job)
    more = part(job, KINDS[job.kind].chunk)
    job.heartbeat_at, job.tries = timezone.now(), 0
    job.save(update_fields=PROGRESS)
    if not more:
        FLOW.take(job, "finish_undo" if job.state == JobState.UNDOING else "finish", by=None)
    return more


def _part(kind: Kind, job: Job) -> Any:
    if job.state != JobState.UNDOING:
        return kind.run
    if kind.undo is None:
        raise Refused("这种任务不能撤销。", "guard")
    return kind.undo


def _fail(pk: int, sentence: str) -> bool:
    job = Job.objects.at_work().filter(pk=pk).first()
    if job is not None:
        try:
            FLOW.take(job, "fail", by=None, reason=sentence)
        except (Refused, DatabaseError):
            log.warning("job %s changed while it failed", pk)
    return False
