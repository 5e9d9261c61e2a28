"""The catalogue of what must be published: each topic with the columns of the standard catalogue."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from longsha_credit.audit.triggers import append_only, at_commit, fixed, never_deleted
from longsha_credit.directory.models import Level
from longsha_credit.publication.models import ServiceField


class Group(models.TextChoices):
    """公开事项的一级分类。"""

    SERVICE = "service", "公共服务"
    ADMINISTRATION = "administration", "行政事务"
    POWERS = "powers", "权责清单"
    FINANCE = "finance", "财务公开"
    AFFAIRS = "affairs", "居务公开"
    CREDIT = "credit", "行政管理信用信息"
    RESULTS = "results", "工作结果"


class Frequency(models.TextChoices):
    """多久更新一次；值是期限规则的标识，天数在规则里。"""

    NEWS = "site_news", "动态，随时更新"
    MONTHLY = "topic_monthly", "每月"
    QUARTERLY = "topic_quarterly", "每季度"
    HALF_YEARLY = "site_policy", "每半年"
    YEARLY = "topic_yearly", "每年"
    ON_CHANGE = "", "有变化时更新"


class Method(models.TextChoices):
    ACTIVE = "active", "主动公开"
    ON_REQUEST = "on_request", "依申请公开"


class TopicQuerySet(models.QuerySet):
    def public(self):
        """All of it, retired topics too: the catalogue is public by nature."""
        return self.all()

    def in_use(self):
        return self.filter(retired_on=None)

    def owed_by(self, level):
        """Topics that a unit of this level has to publish."""
        return self.in_use().filter(levels__contains=[level])


# What readers see of a topic; a change of any of them is a new version with its reason in the public log.
COLUMNS = (
    *(
        "number",
        "group",
        "name",
        "content",
        "basis",
        "limit_rule",
        "publisher",
        "channels",
        "audience",
        "method",
    ),
    *("levels", "frequency", "service_field_id", "hint", "retired_on"),
)


@pghistory.track()
class Topic(models.Model):
    """公开事项：目录里的一行，写明公开什么、依据什么、多久更新、由哪一级公开。"""

    key = models.SlugField("标识", max_length=40, unique=True)
    number = models.PositiveSmallIntegerField("序号", unique=True)
    group = models.CharField("公开事项（一级）", max_length=16, choices=Group.choices)
    name = models.CharField("公开事项（二级）", max_length=40)
    content = models.CharField("公开内容（要素）", max_length=500)
    basis = models.CharField("公开依据", max_length=300)
    limit_rule = models.CharField("公开时限", max_length=30, default="disclosure_publish")
    publisher = models.CharField("公开主体", max_length=100)
    channels = models.CharField("公开渠道和载体", max_length=200)
    audience = models.CharField("公开对象", max_length=60, default="全社会")
    method = models.CharField("公开方式", max_length=10, choices=Method.choices, default=Method.ACTIVE)
    levels = ArrayField(models.CharField(max_length=12, choices=Level.choices), verbose_name="公开层级")
    frequency = models.CharField(
        "更新频次", max_length=20, choices=Frequency.choices, blank=True, default=Frequency.ON_CHANGE
    )
    service_field = models.OneToOneField(
        ServiceField,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="topic",
        verbose_name="公共服务领域",
    )
    hint = models.CharField("填报提示", max_length=200, blank=True)
    retired_on = models.DateField("停用日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = "公开事项"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="service_topic_has_its_field",
                condition=Q(group="service", service_field__isnull=False)
                | (~Q(group="service") & Q(service_field=None)),
            ),
            models.CheckConstraint(
                name="topic_is_whole",
                condition=~Q(content="") & ~Q(basis="") & ~Q(publisher="") & ~Q(channels=""),
            ),
            models.CheckConstraint(name="topic_has_a_level", condition=Q(levels__len__gte=1)),
        ]
        triggers = [
            fixed("topic_keeps_its_key", "key"),
            fixed("catalogue_changes_by_version", *COLUMNS, unless="NEW.version = OLD.version + 1"),
            at_commit(
                "catalogue_changes_are_told",
                """NOT EXISTS (
                    SELECT FROM disclosure_cataloguechange WHERE topic_id = NEW.id AND version = NEW.version
                )""",
                "what changes in the catalogue stands in its public log",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return self.name

    @property
    def level_names(self) -> str:
        labels = dict(Level.choices)
        return "、".join(labels[level] for level in self.levels)


class CatalogueChangeQuerySet(models.QuerySet):
    def public(self):
        """All of it: the log of the catalogue is public by nature."""
        return self.all()

    def revisions(self):
        """What was changed since the catalogue was first loaded."""
        return self.exclude(version=1, by=None)

    def newest(self):
        return self.select_related("topic").order_by("-at", "-id")


class CatalogueChange(models.Model):
    """目录修订：某个公开事项改成了什么、为什么、谁改的。"""

    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, related_name="changes", verbose_name="公开事项"
    )
    version = models.PositiveIntegerField("版本")
    columns = models.JSONField("修订后的内容")
    reason = models.CharField("修订理由", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="修订人"
    )
    at = models.DateTimeField("修订时间", auto_now_add=True)

    objects = CatalogueChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "目录修订"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="one_change_per_version_of_a_topic", fields=["topic", "version"]),
            models.CheckConstraint(name="catalogue_change_has_a_reason", condition=~Q(reason="")),
        ]
        triggers = append_only()

    def __str__(self):
        return f"{self.topic} 第{self.version}版"
