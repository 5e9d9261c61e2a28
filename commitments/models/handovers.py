"""What goes from one holder of a post to the next, item by item."""

from django.conf import settings
from django.db import models

from longsha_credit.directory.models import Official, Organisation, Posting
from longsha_credit.directory.scope import ScopedQuerySet


class HandoverState(models.TextChoices):
    OPEN = "open", "正在交接"
    COMPLETE = "complete", "交接完成"
    OVERRIDDEN = "overridden", "区里决定先离任"
    CANCELLED = "cancelled", "已取消"


class HandoverQuerySet(ScopedQuerySet):
    def open(self):
        return self.filter(state=HandoverState.OPEN)

    def with_names(self):
        return self.select_related("organisation", "posting__official", "posting__post", "incoming")


class Handover(models.Model):
    """离任交接：一次任职结束时，岗位名下没有办完的事逐件由移交人、接交人、监交人确认。`organisation` 是岗位所在的单位。"""

    posting = models.ForeignKey(
        Posting, on_delete=models.PROTECT, null=True, related_name="handovers", verbose_name="任职"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="handovers", verbose_name="单位"
    )
    incoming = models.ForeignKey(
        Official, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="接交人"
    )
    leaves_on = models.DateField("离任日期")
    state = models.CharField("状态", max_length=12, choices=HandoverState.choices, default=HandoverState.OPEN)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    completed_on = models.DateField("完成日期", null=True, editable=False)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = "离任交接"
        ordering = ["-id"]

    def __str__(self):
        return f"离任交接：{self.organisation}"


class HandoverItem(models.Model):
    """交接清单的一件：交接时没有办完的一件承诺、台账、来件、期限或异议，三方各自确认。"""

    handover = models.ForeignKey(
        Handover, on_delete=models.PROTECT, related_name="items", verbose_name="离任交接"
    )
    object_kind = models.CharField("对象类型", max_length=60)
    object_id = models.BigIntegerField("对象编号")
    label = models.CharField("事项", max_length=200)
    due_on = models.DateField("期限", null=True)

    class Meta:
        verbose_name = "交接事项"
        ordering = ["id"]

    def __str__(self):
        return self.label
