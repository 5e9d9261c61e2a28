"""An opinion on somebody's integrity records, issued before an honour or an appointment."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from longsha_credit.audit.triggers import append_only
from longsha_credit.directory.models import Official, Organisation
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import ScopedQuerySet

ISSUERS = frozenset({Role.OFFICE, Role.REVIEWER})


class Finding(models.TextChoices):
    NONE = "none", "无失信记录"
    REPAIRED = "repaired", "有失信记录，已修复"
    UNREPAIRED = "unrepaired", "有未修复的失信记录"


class Purpose(models.TextChoices):
    HONOUR = "honour", "评优评先"
    APPOINTMENT = "appointment", "考察任用"


class OpinionQuerySet(ScopedQuerySet):
    seen_by = ISSUERS

    def with_names(self):
        return self.select_related("organisation", "official", "issued_by")


class Opinion(models.Model):
    """核查意见：某日查了某单位或某人的诚信记录，结论三种之一。凭编号和验证码可查真伪，不显示结论。"""

    number = models.CharField("编号", max_length=30, unique=True)
    code = models.CharField("验证码", max_length=12)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    official = models.ForeignKey(
        Official, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="公职人员"
    )
    subject_name = models.CharField("当时的名称", max_length=120)
    purpose = models.CharField("用途", max_length=12, choices=Purpose.choices)
    purpose_note = models.CharField("用途说明", max_length=200)
    finding = models.CharField("结论", max_length=12, choices=Finding.choices)
    text = models.TextField("正文")
    content_hash = models.CharField("正文校验值", max_length=64)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="出具人"
    )
    issued_on = models.DateField("出具日期")
    saved_at = models.DateTimeField("保存时间", auto_now_add=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "核查意见"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="opinion_has_a_code_of_12", condition=Q(code__regex=r"^[2-9A-HJ-NP-Z]{12}$")
            ),
            models.CheckConstraint(
                name="opinion_has_its_hash", condition=Q(content_hash__regex=r"^[0-9a-f]{64}$") & ~Q(text="")
            ),
            models.CheckConstraint(
                name="opinion_finds_one_of_three", condition=Q(finding__in=Finding.values)
            ),
        ]
        triggers = append_only()

    def __str__(self):
        return f"核查意见 {self.number}"
