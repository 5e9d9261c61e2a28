"""The append-only record of every step taken in the portal."""

from django.conf import settings
from django.db import models

from longsha_credit.audit.triggers import append_only

READERS = frozenset({"auditor"})  # a key of directory's roles, which this package may not import


class EntryQuerySet(models.QuerySet):
    def about(self, obj: models.Model) -> "EntryQuerySet":
        """Everything that happened to one object, newest first."""
        return self.filter(object_kind=obj._meta.label_lower, object_id=str(obj.pk))

    def visible_to(self, user) -> "EntryQuerySet":
        """Entries of the auditor's organisations and all below; nobody else reads them as a list."""
        inside = models.Q(pk__in=[])
        for path in user.paths_for(READERS):
            inside |= models.Q(organisation_path__startswith=path)
        return self.filter(inside)


class Entry(models.Model):
    """留痕：谁、代表哪个单位、对什么、办了哪一步、为什么、什么时候。"""

    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="办理人"
    )
    actor_name = models.CharField("办理人姓名（当时）", max_length=60)
    acting_as = models.CharField("以何身份", max_length=60, blank=True)
    organisation_path = models.CharField("单位路径", max_length=200, blank=True)
    organisation_name = models.CharField("单位名称（当时）", max_length=120, blank=True)
    object_kind = models.CharField("对象类型", max_length=60)
    object_id = models.CharField("对象编号", max_length=40)
    object_label = models.CharField("对象名称（当时）", max_length=200)
    step = models.CharField("步骤", max_length=40)
    step_label = models.CharField("步骤名称", max_length=40)
    from_state = models.CharField("原状态", max_length=30, blank=True)
    to_state = models.CharField("新状态", max_length=30, blank=True)
    reason = models.CharField("理由", max_length=1000, blank=True)
    content_hash = models.CharField("内容校验值", max_length=64, blank=True)
    from_address = models.CharField("来源地址", max_length=45, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "留痕"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_kind", "object_id", "-id"], name="entry_by_object"),
            models.Index(fields=["organisation_path"], name="entry_by_scope", opclasses=["text_pattern_ops"]),
        ]
        triggers = append_only()

    def __str__(self):
        return f"{self.actor_name} {self.step_label} {self.object_label}"


class TableChange(models.Model):
    """表有过改动：一条语句改了哪张表，配一个随机数；全部数的和是这张表的标记（见 marks）。"""

    table_name = models.CharField("表", max_length=63)
    number = models.BigIntegerField("数")

    class Meta:
        verbose_name = "表的改动"
        indexes = [models.Index(fields=["table_name"], include=["number"], name="change_by_table")]

    def __str__(self):
        return self.table_name
