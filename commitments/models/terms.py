"""What is owed: the terms of an obligation, and the amendment that proposes new ones."""

import pghistory
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from longsha_credit.audit.triggers import fixed, never_deleted
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.files.models import StoredFile
from longsha_credit.publication.models import ServiceField


class Form(models.TextChoices):
    """试点方案二（五）列明的三种：承诺、合同契约、政策。"""

    COMMITMENT = "commitment", "公开承诺"
    CONTRACT = "contract", "合同契约"
    POLICY = "policy", "政策落实"


class Area(models.TextChoices):
    """试点方案二（三）列明的四类。"""

    LAWFUL = "lawful", "依法行政"
    SERVICE = "service", "便民服务"
    PETITION = "petition", "阳光信访"
    CLEAN = "clean", "廉洁纪律"


class Domain(models.TextChoices):
    """试点方案二（五）列明的三个领域。"""

    PROJECT = "project", "项目建设"
    ECOLOGY = "ecology", "生态环境保护"
    LIVELIHOOD = "livelihood", "民生保障"
    OTHER = "other", "其他"


class Terms(models.Model):
    """承诺的内容；量化指标可以为空，认定标准不能。落实政策的另写明是哪一份文件。"""

    title = models.CharField("承诺名称", max_length=60)
    area = models.CharField("承诺类别", max_length=12, choices=Area.choices, blank=True, default="")
    service_field = models.ForeignKey(
        ServiceField, on_delete=models.PROTECT, related_name="+", verbose_name="公共服务领域"
    )
    domain = models.CharField("所属方面", max_length=12, choices=Domain.choices)
    content = models.TextField("承诺内容", max_length=4000)
    standard = models.TextField("认定标准", max_length=1000)
    target = models.DecimalField(
        "量化指标",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    unit = models.CharField("计量单位", max_length=10, blank=True)
    due_on = models.DateField("完成期限")
    beneficiaries = models.CharField("服务对象", max_length=200)
    liability = models.TextField("违诺责任", max_length=4000)
    post = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="责任岗位"
    )

    document_number = models.CharField("文号", max_length=60, blank=True, default="")
    document_issuer = models.CharField("发文单位", max_length=100, blank=True, default="")
    document_from = models.DateField("施行日期", null=True, blank=True)
    document_until = models.DateField("有效期至", null=True, blank=True)
    part_count = models.PositiveSmallIntegerField("分几个部分", default=0, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_document_is_whole",
                condition=Q(document_number="", document_issuer="", document_from=None, document_until=None)
                | (
                    ~Q(document_number="")
                    & ~Q(document_issuer="")
                    & Q(document_from__isnull=False)
                    & (Q(document_until=None) | Q(document_until__gte=F("document_from")))
                ),
            ),
            models.CheckConstraint(
                name="%(class)s_target_has_a_unit",
                # A comparison with NULL is no refusal, so that the number has to be named as present.
                condition=Q(target=None, unit="") | (Q(target__isnull=False, target__gt=0) & ~Q(unit="")),
            ),
        ]


# Every field a promise consists of: an amendment proposes them all, the door hashes them all.
TERMS = tuple(f.name for f in Terms._meta.fields)
TERM_COLUMNS = tuple(f.column for f in Terms._meta.fields)
DOCUMENT = ("document_number", "document_issuer", "document_from", "document_until")


class AmendmentQuerySet(ScopedQuerySet):
    def with_names(self):
        return self.select_related("organisation", "post", "service_field", "obligation__organisation")


class AmendmentState(models.TextChoices):
    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "审查中"
    ADOPTED = "adopted", "已生效"
    DISCARDED = "discarded", "已作废"


@pghistory.track()
class Amendment(Terms):
    """变更：承诺的新一版，写明理由；通过之前旧版一直有效。"""

    obligation = models.ForeignKey(
        "commitments.Obligation", on_delete=models.PROTECT, related_name="amendments", verbose_name="承诺"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="承诺单位"
    )
    reason = models.CharField("变更理由", max_length=500)
    files = models.ManyToManyField(StoredFile, related_name="+", blank=True, verbose_name="附件")
    state = models.CharField(
        "状态", max_length=12, choices=AmendmentState.choices, default=AmendmentState.DRAFT
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="经办人"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)
    adopted_at = models.DateTimeField("生效时间", null=True, editable=False)
    proposed_on = models.DateField("提交日期", null=True, editable=False)
    is_late = models.BooleanField("临期变更", default=False, editable=False)

    objects = AmendmentQuerySet.as_manager()

    class Meta(Terms.Meta):
        verbose_name = "承诺变更"
        ordering = ["-id"]
        constraints = [
            *Terms.Meta.constraints,
            models.UniqueConstraint(
                name="one_open_amendment",
                fields=["obligation"],
                condition=Q(state__in=["draft", "in_review"]),
            ),
            models.CheckConstraint(name="amendment_has_a_reason", condition=~Q(reason="")),
        ]
        triggers = [
            fixed("amendment_changes_only_as_draft", *TERM_COLUMNS, "reason", unless="OLD.state = 'draft'"),
            fixed("adopted_amendment_stays", "state", "is_late", unless="OLD.state <> 'adopted'"),
            *never_deleted(),
        ]

    def __str__(self):
        return f"变更：{self.obligation.title}"
