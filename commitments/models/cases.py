"""What residents tell the offices: complaints, suggestions, praise, and ratings of promises and units."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from commitments.models.obligations import Obligation
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet


class CaseKind(models.TextChoices):
    COMPLAINT = "complaint", "投诉"
    SUGGESTION = "suggestion", "建议"
    PRAISE = "praise", "表扬"


class CaseState(models.TextChoices):
    FILED = "filed", "待受理"
    ACCEPTED = "accepted", "办理中"
    REPLIED = "replied", "已答复，待回访"
    REHANDLING = "rehandling", "重新办理"
    CLOSED = "closed", "已办结"
    REFUSED = "refused", "不予受理"


OPEN_CASES = [CaseState.FILED, CaseState.ACCEPTED, CaseState.REPLIED, CaseState.REHANDLING]


class CaseFinding(models.TextChoices):
    """核实的结果，由承办人认定、另一人复核。"""

    TRUE = "true", "属实"
    PARTLY = "partly", "部分属实"
    UNTRUE = "untrue", "不属实"


class CaseQuerySet(ScopedQuerySet):
    def open(self):
        return self.filter(state__in=OPEN_CASES)

    def with_names(self):
        return self.select_related("about", "organisation", "obligation")


class Case(models.Model):
    """来件：居民对某单位或某件承诺的投诉、建议、表扬。归承办单位（上级），不归被反映的单位；`organisation` 是承办单位。"""

    kind = models.CharField("种类", max_length=10, choices=CaseKind.choices)
    about = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="反映的单位"
    )
    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, null=True, related_name="cases", verbose_name="反映的承诺"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="cases", verbose_name="承办单位"
    )
    number = models.CharField("来件编号", max_length=20, unique=True, editable=False)
    state = models.CharField("状态", max_length=10, choices=CaseState.choices, default=CaseState.FILED)
    finding = models.CharField(
        "核实结果", max_length=8, choices=CaseFinding.choices, blank=True, default="", editable=False
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="承办人"
    )
    filed_on = models.DateField("收到日期")
    closed_on = models.DateField("办结日期", null=True, editable=False)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "来件"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="case_is_never_handled_by_its_target", condition=~Q(about=F("organisation"))
            ),
        ]

    def __str__(self):
        return f"来件 {self.number}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_CASES
