"""The office's own Word template of a kind of document: uploaded, tried, put in force by a second person."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from longsha_credit.audit.triggers import fixed, never_deleted
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.files.models import StoredFile

KEEPERS = frozenset({Role.OFFICE, Role.REVIEWER})


class TemplateState(models.TextChoices):
    TRIED = "tried", "待启用"
    IN_FORCE = "in_force", "使用中"
    RETIRED = "retired", "已停用"
    DROPPED = "dropped", "没有启用"


class TemplateQuerySet(ScopedQuerySet):
    seen_by = KEEPERS

    def with_names(self):
        return self.select_related("organisation", "file", "created_by", "enforced_by")


class DocumentTemplate(models.Model):
    """公文模板：区信用办自己的 Word 版式，试过、由另一个人启用以后，代替系统的版式。旧版本都留着。"""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    kind = models.CharField("文书种类", max_length=40)
    version = models.PositiveIntegerField("第几版")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="Word 文件")
    note = models.CharField("和上一版有什么不同", max_length=200)
    fields = models.JSONField("用到的栏目", default=list)
    state = models.CharField(
        "状态", max_length=10, choices=TemplateState.choices, default=TemplateState.TRIED
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    enforced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="启用人"
    )
    enforced_on = models.DateField("启用日期", null=True)
    retired_on = models.DateField("停用日期", null=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "公文模板"
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                name="template_version_is_given_once", fields=["organisation", "kind", "version"]
            ),
            models.UniqueConstraint(
                name="one_template_in_force",
                fields=["organisation", "kind"],
                condition=Q(state="in_force"),
            ),
            models.CheckConstraint(
                name="template_enforced_by_another",
                condition=Q(state__in=["tried", "dropped"], enforced_by=None, enforced_on=None)
                | (
                    Q(state__in=["in_force", "retired"], enforced_by__isnull=False, enforced_on__isnull=False)
                    & ~Q(enforced_by=F("created_by"))
                ),
            ),
        ]
        triggers = [
            fixed(
                "template_never_changes",
                *("organisation_id", "kind", "version", "file_id", "note", "fields", "created_by_id"),
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"第{self.version}版模板"
