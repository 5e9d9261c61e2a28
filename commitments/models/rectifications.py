"""The ledger of what offices did not keep: one item for each, from the clue to its follow-up."""

from django.conf import settings
from django.db import models

from commitments.models.cases import Case
from commitments.models.obligations import Obligation
from commitments.models.terms import Domain
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet


class ClueSource(models.TextChoices):
    COMPLAINT = "complaint", "投诉举报"
    PETITION = "petition", "信访"
    HOTLINE = "hotline", "12345热线"
    OVERDUE = "overdue", "到期未兑现的承诺"
    INSPECTION = "inspection", "督导检查、巡察"
    AUDIT = "audit", "审计"
    SWEEP = "sweep", "自查排查"
    COURT = "court", "裁判"


class Problem(models.TextChoices):
    PROMISE = "promise", "未兑现承诺"
    CONTRACT = "contract", "未履行合同"
    POLICY = "policy", "政策不落实、不连续"
    ARREARS = "arrears", "拖欠账款"
    JUDGMENT = "judgment", "拒不执行裁判"


class Cause(models.TextChoices):
    """试点方案二（五）列明的诱因。"""

    REORGANISATION = "reorganisation", "机构改革"
    ELECTION = "election", "换届"
    POST = "post", "岗位职务变更"
    PERSON = "person", "相关责任人调整"
    OTHER = "other", "其他"


class RectificationState(models.TextChoices):
    CLUE = "clue", "线索登记"
    CHECKING = "checking", "正在核实"
    UNFOUNDED = "unfounded", "不属实，已反馈"
    FOUND = "found", "属实，待整改"
    RECTIFYING = "rectifying", "整改中"
    CLOSING = "closing", "申请销号"
    ACCEPTING = "accepting", "区里验收"
    CLOSED = "closed", "已销号"
    FOLLOWED = "followed", "已回访"
    REFUSED = "refused", "拒不整改"


OPEN_RECTIFICATIONS = [
    RectificationState.CLUE,
    RectificationState.CHECKING,
    RectificationState.FOUND,
    RectificationState.RECTIFYING,
    RectificationState.CLOSING,
    RectificationState.ACCEPTING,
]


class RectificationQuerySet(ScopedQuerySet):
    def open(self):
        return self.filter(state__in=OPEN_RECTIFICATIONS)

    def with_names(self):
        return self.select_related("organisation", "obligation", "post_now")


class Rectification(models.Model):
    """失信治理台账的一件：哪个单位欠着什么没有兑现，怎样整改，谁验收。`organisation` 是现在的责任单位。"""

    number = models.CharField("台账编号", max_length=24, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="rectifications", verbose_name="责任单位"
    )
    source = models.CharField("来源", max_length=12, choices=ClueSource.choices)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, related_name="rectifications", verbose_name="来件"
    )
    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, null=True, related_name="rectifications", verbose_name="承诺"
    )
    title = models.CharField("事项", max_length=80)
    problem = models.CharField("问题类型", max_length=10, choices=Problem.choices)
    cause = models.CharField("诱因", max_length=16, choices=Cause.choices, blank=True, default="")
    domain = models.CharField("领域", max_length=12, choices=Domain.choices)
    post_now = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="现责任岗位"
    )
    due_on = models.DateField("整改期限", null=True, blank=True)
    state = models.CharField(
        "状态", max_length=12, choices=RectificationState.choices, default=RectificationState.CLUE
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = RectificationQuerySet.as_manager()

    class Meta:
        verbose_name = "治理台账"
        ordering = ["-id"]

    def __str__(self):
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_RECTIFICATIONS
