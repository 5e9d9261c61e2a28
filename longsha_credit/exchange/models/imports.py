"""A file brought in: what it is, what was found in it, its rows while they are looked at, and what became of them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from longsha_credit.audit.triggers import append_only, fixed, never_deleted
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import ScopedQuerySet, within
from longsha_credit.exchange.models.jobs import Job, JobState
from longsha_credit.files.models import StoredFile


class Stage(models.TextChoices):
    """Where an import stands; it follows from its jobs and its counts and is stored nowhere."""

    CHECKING = "checking", "正在检查"
    BROKEN = "broken", "没有检查完"
    UNREADABLE = "unreadable", "不能导入"
    NOTHING = "nothing", "没有新的内容"
    FAULTY = "faulty", "有要改的"
    READY = "ready", "可以导入"
    EMPTIED = "emptied", "检查结果已清空"
    BRINGING = "bringing", "正在导入"
    STOPPED = "stopped", "没有导入"
    DONE = "done", "已导入"
    UNDOING = "undoing", "正在撤销"
    UNDONE = "undone", "已撤销"


# Looked through, with something new in it, and not brought in yet.
WAITING = Q(
    problem="", made_at=None, emptied_at=None, check_job__state=JobState.DONE, rows__gt=F("known")
) & (Q(bring_job=None) | Q(bring_job__state__in=[JobState.CANCELLED, JobState.FAILED]))
# Its drafts stand.
BROUGHT_IN = Q(made_at__isnull=False) & ~Q(bring_job__state=JobState.UNDONE)


class ImportQuerySet(ScopedQuerySet):
    def with_names(self):
        return self.select_related("organisation", "by", "file", "check_job", "bring_job")

    def contents_for(self, user):
        """Of those `user` sees, those whose file and rows too: brought in by `user`, or of units of the office."""
        return self.filter(Q(by=user.pk) | within(user, {Role.OFFICE}, "organisation__path"))

    def brought_in(self):
        return self.filter(BROUGHT_IN)


class Import(models.Model):
    """导入：某人为某单位带入的一个表格文件，查出了什么，确认以后做成了哪些草稿。"""

    kind = models.CharField("种类", max_length=40)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="文件")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    check_job = models.ForeignKey(
        Job, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="检查的任务"
    )
    given = models.JSONField("上传时另外填的", default=dict)  # {name: value}, as the kind's form gives it
    columns = models.JSONField("各栏在哪一列", default=dict)
    notes = models.JSONField("读的时候略过了什么", default=list)
    problem = models.CharField("不能导入的原因", max_length=300, blank=True, default="")
    rows = models.PositiveIntegerField("行数", default=0)
    faulty = models.PositiveIntegerField("有错的行数", default=0)
    known = models.PositiveIntegerField("已经有的行数", default=0)
    faults = models.PositiveIntegerField("要改几处", default=0)
    skips_faulty = models.BooleanField("跳过有错的行", default=False)
    bring_job = models.ForeignKey(
        Job, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="导入的任务"
    )
    made = models.PositiveIntegerField("做成几件", default=0)
    made_at = models.DateTimeField("做成时间", null=True)
    emptied_at = models.DateTimeField("检查结果清空时间", null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "导入"
        ordering = ["-id"]
        indexes = [models.Index(fields=["organisation", "-id"], name="import_by_unit")]
        constraints = [
            models.CheckConstraint(
                name="import_makes_no_more_than_is_good",
                condition=Q(rows__gte=F("faulty") + F("known") + F("made")),
            ),
            models.CheckConstraint(
                name="what_was_made_has_its_moment",
                condition=Q(made_at=None, made=0) | Q(made_at__isnull=False, bring_job__isnull=False),
            ),
        ]
        triggers = [
            fixed(
                "import_keeps_what_it_is",
                "kind",
                "organisation_id",
                "file_id",
                "by_id",
                "created_at",
                "given",
            ),
            fixed("import_makes_once", "made", "made_at", unless="OLD.made_at IS NULL"),
            *never_deleted(),
        ]

    def __str__(self):
        return self.file.name

    @property
    def good(self) -> int:
        """Rows of which drafts can be made."""
        return self.rows - self.faulty - self.known

    @property
    def stage(self) -> Stage:
        """Where it stands; asks for `with_names`."""
        bring, check = self.bring_job, self.check_job
        if self.made_at:
            backwards = {JobState.UNDOING: Stage.UNDOING, JobState.UNDONE: Stage.UNDONE}
            return backwards.get(bring.state, Stage.DONE)
        if bring and bring.is_at_work:
            return Stage.BRINGING
        if check is None or check.is_at_work:
            return Stage.CHECKING
        if self.problem:
            return Stage.UNREADABLE
        if check.state != JobState.DONE:
            return Stage.BROKEN
        if self.emptied_at:
            return Stage.EMPTIED
        if bring and bring.state == JobState.FAILED:
            return Stage.STOPPED
        if self.faulty:
            return Stage.FAULTY
        return Stage.READY if self.good else Stage.NOTHING

    @property
    def is_at_work(self) -> bool:
        return self.stage in (Stage.CHECKING, Stage.BRINGING, Stage.UNDOING)


class ImportRow(models.Model):
    """导入的一行：查过的值（按栏目次序，空的和有错的没有值）和要改的地方。用过就清空。"""

    of = models.ForeignKey(
        Import, on_delete=models.PROTECT, db_index=False, related_name="staged", verbose_name="导入"
    )
    number = models.PositiveIntegerField("行号")
    key = models.CharField("系统编号", max_length=20, blank=True, default="")
    cells = ArrayField(models.TextField(null=True), verbose_name="值")
    faults = models.JSONField("要改的地方", null=True)  # [[field, sentence, fix, what stands there], …]
    is_known = models.BooleanField("已经有", default=False)

    objects = models.Manager()

    class Meta:
        verbose_name = "导入的行"
        constraints = [models.UniqueConstraint(name="import_has_a_row_once", fields=["of", "number"])]

    def __str__(self):
        return f"第{self.number}行"


class Imported(models.Model):
    """导入做成的一件：由哪个文件的哪一行做成。只增不改。"""

    of = models.ForeignKey(
        Import, on_delete=models.PROTECT, db_index=False, related_name="brought", verbose_name="导入"
    )
    number = models.PositiveIntegerField("行号")
    object_id = models.BigIntegerField("做成的哪一件")

    objects = models.Manager()

    class Meta:
        verbose_name = "导入做成的"
        constraints = [models.UniqueConstraint(name="row_is_made_once", fields=["of", "number"])]
        triggers = append_only()

    def __str__(self):
        return f"第{self.number}行"
