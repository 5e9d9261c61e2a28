"""Long work in the background: what it is, how far it came, how it ended; every row stays."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from longsha_credit.audit.triggers import fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet


class JobState(models.TextChoices):
    QUEUED = "queued", "等待中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "没有做完"
    CANCELLED = "cancelled", "已停止"
    UNDOING = "undoing", "撤销中"
    UNDONE = "undone", "已撤销"


AT_WORK = (JobState.QUEUED, JobState.RUNNING, JobState.UNDOING)
STOPPED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.UNDONE)
# The arrows of exchange/flows.py once more, so that no statement gets past them.
ARROWS = (
    "queued>running", "queued>failed", "queued>cancelled", "running>done", "running>failed", "running>cancelled",
    "failed>running", "failed>undoing", "done>undoing", "cancelled>undoing", "undoing>undone", "undoing>failed",
)  # fmt: skip


class JobQuerySet(ScopedQuerySet):
    def at_work(self):
        return self.filter(state__in=AT_WORK)

    def with_names(self):
        return self.select_related("organisation", "by")


class Job(models.Model):
    """后台任务：要做很久的一件事，做到第几件、做成了什么；一段一段做，中途停电也不丢、不重复。"""

    kind = models.CharField("种类", max_length=40)
    title = models.CharField("事项", max_length=200)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="发起人"
    )
    key = models.CharField("只做一次的代号", max_length=80)
    arguments = models.JSONField("要做什么", default=dict)
    state = models.CharField("状态", max_length=9, choices=JobState.choices, default=JobState.QUEUED)
    failed_in = models.CharField("停在哪一步", max_length=9, blank=True, default="")
    total = models.PositiveIntegerField("共多少件", null=True)
    done = models.PositiveIntegerField("已做多少件", default=0)
    position = models.JSONField("做到哪里", default=dict)
    result = models.JSONField("结果", default=dict)
    error = models.CharField("没有做完的原因", max_length=500, blank=True, default="")
    tries = models.PositiveSmallIntegerField("这一段试过几次", default=0)
    created_at = models.DateTimeField("发起时间", auto_now_add=True)
    heartbeat_at = models.DateTimeField("最近一次动静")
    queued_at = models.DateTimeField("最近一次排队")
    ended_at = models.DateTimeField("结束时间", null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "后台任务"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["heartbeat_at"], name="job_at_work", condition=Q(state__in=AT_WORK)),
            models.Index(fields=["organisation", "-id"], name="job_by_unit"),
        ]
        constraints = [
            # What was undone, or stopped before anything was done, may be done anew.
            models.UniqueConstraint(
                name="one_job_per_key",
                fields=["kind", "key"],
                condition=~Q(state=JobState.UNDONE) & ~Q(state=JobState.CANCELLED, done=0),
            ),
            models.CheckConstraint(name="job_has_a_key", condition=~Q(key="")),
            models.CheckConstraint(
                name="job_does_no_more_than_all", condition=Q(total=None) | Q(done__lte=F("total"))
            ),
            models.CheckConstraint(
                name="failed_job_says_why",
                condition=(Q(state=JobState.FAILED) & ~Q(error="") & Q(failed_in__in=["running", "undoing"]))
                | (~Q(state=JobState.FAILED) & Q(error="", failed_in="")),
            ),
            models.CheckConstraint(
                name="stopped_job_has_its_end",
                condition=Q(state__in=AT_WORK, ended_at=None) | Q(state__in=STOPPED, ended_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="job_begins_in_the_queue",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NEW.state <> 'queued' OR NEW.done <> 0 THEN
                  {refuse("job_begins_in_the_queue", "nothing of it is done when it is started")}
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="job_moves_along_its_arrows",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF OLD.state <> NEW.state
                   AND OLD.state || '>' || NEW.state NOT IN ({", ".join(f"'{arrow}'" for arrow in ARROWS)}) THEN
                  {refuse("job_moves_along_its_arrows", "a job does not go from this state to that one")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed(
                "job_keeps_what_it_is",
                *("kind", "title", "organisation_id", "by_id", "key", "arguments", "created_at"),
            ),
            fixed(
                "job_goes_on_only_at_work",
                *("position", "done", "total", "result"),
                unless="OLD.state IN ('running', 'undoing') OR NEW.state IN ('running', 'undoing')",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return self.title

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    @property
    def is_backwards(self) -> bool:
        """Whether it is, or was when it stopped, being undone."""
        return JobState.UNDOING in (self.state, self.failed_in) or self.state == JobState.UNDONE

    @property
    def lines(self) -> list[str]:
        """What the kind has to say of the result, a sentence each."""
        return [str(line) for line in self.result.get("lines", [])]

    @property
    def link(self) -> dict | None:
        """Where the result is found: path below the mount point, label."""
        link = self.result.get("link")
        return link if link and link.get("path") and link.get("label") else None
