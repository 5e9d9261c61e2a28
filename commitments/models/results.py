"""The end of a promise: what the unit reports of it, and what the district finds."""

import pghistory
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from commitments.models.obligations import Obligation, Verdict
from longsha_credit.audit.triggers import fixed, never_deleted
from longsha_credit.directory.models import Organisation
from longsha_credit.files.models import StoredFile
from longsha_credit.publication.models import Publishable, PublishableQuerySet


class ResultState(models.TextChoices):
    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "待复核"
    PUBLISHED = "published", "已报告"
    RETURNED = "returned", "退回补充"
    DISCARDED = "discarded", "已作废"


class VerificationState(models.TextChoices):
    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "待复核"
    PUBLISHED = "published", "已公布"
    WITHDRAWING = "withdrawing", "申请撤销"
    WITHDRAWN = "withdrawn", "已撤销"
    DISCARDED = "discarded", "已作废"


class ResultQuerySet(PublishableQuerySet):
    def with_names(self):
        return self.select_related("organisation", "obligation__organisation", "publication", "created_by")


def _says_what_is_missing(verdict: str) -> Q:
    """National template: what was not done is named unless all of it was, and the day unless none was."""
    return Q(**{verdict: Verdict.FULL, "fulfilled_on__isnull": False, "unmet": ""}) | (
        ~Q(**{verdict: Verdict.FULL}) & ~Q(unmet="")
    )


class Finding(Publishable):
    """结果报告和核验结论共有的栏目。"""

    fulfilled_on = models.DateField("完成日期", null=True, blank=True)
    unmet = models.TextField("没有做到的部分", max_length=2000, blank=True)
    files = models.ManyToManyField(StoredFile, related_name="+", blank=True, verbose_name="佐证材料")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="经办人"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = ResultQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-id"]


@pghistory.track()
class ResultReport(Finding):
    """结果报告：承诺单位自己说做到了没有，附佐证；复核公开以后由区里核验，本身不是认定。"""

    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, related_name="results", verbose_name="承诺"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="承诺单位"
    )
    claim = models.CharField("自报结果", max_length=8, choices=Verdict.choices)
    done = models.DecimalField(
        "完成数量",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    text = models.TextField("做了什么", max_length=2000)
    state = models.CharField("状态", max_length=12, choices=ResultState.choices, default=ResultState.DRAFT)

    class Meta(Finding.Meta):
        verbose_name = "结果报告"
        constraints = [
            models.CheckConstraint(
                name="result_says_what_is_missing", condition=_says_what_is_missing("claim")
            ),
            models.CheckConstraint(name="result_is_not_negative", condition=Q(done=None) | Q(done__gte=0)),
            models.CheckConstraint(
                name="published_result_has_its_publication",
                condition=Q(state__in=["published", "returned"], publication__isnull=False)
                | Q(state__in=["draft", "in_review", "discarded"], publication=None),
            ),
            models.UniqueConstraint(
                name="one_result_at_a_time",
                fields=["obligation"],
                condition=Q(state__in=["draft", "in_review", "published"]),
            ),
        ]
        triggers = [
            fixed(
                "result_changes_only_as_draft",
                *("claim", "fulfilled_on", "done", "text", "unmet", "obligation_id", "created_by_id"),
                unless="OLD.state = 'draft'",
            ),
            fixed("result_keeps_its_publication", "publication_id", unless="OLD.publication_id IS NULL"),
            *never_deleted(),
        ]

    def __str__(self):
        return f"结果报告：{self.obligation.title}"


@pghistory.track()
class Verification(Finding):
    """核验结论：区里对一份结果报告的认定，由没有报告过的人作出，再由另一个人复核。机器不作认定。"""

    report = models.ForeignKey(
        ResultReport, on_delete=models.PROTECT, related_name="verifications", verbose_name="结果报告"
    )
    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, related_name="verifications", verbose_name="承诺"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="认定单位"
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="报告人"
    )
    verdict = models.CharField("认定", max_length=8, choices=Verdict.choices)
    counted_verdict = models.CharField("计入兑现率的认定", max_length=8, choices=Verdict.choices)
    text = models.TextField("认定说明", max_length=2000)
    consequence = models.TextField("违诺责任怎样追究", max_length=2000, blank=True)
    state = models.CharField(
        "状态", max_length=12, choices=VerificationState.choices, default=VerificationState.DRAFT
    )
    withdraw_reason = models.CharField("撤销理由", max_length=500, blank=True, default="")
    withdraw_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="撤销申请人",
    )

    class Meta(Finding.Meta):
        verbose_name = "核验结论"
        constraints = [
            models.CheckConstraint(
                name="verdict_says_what_is_missing", condition=_says_what_is_missing("verdict")
            ),
            models.CheckConstraint(
                name="broken_promise_has_its_consequence",
                condition=Q(verdict=Verdict.FULL) | ~Q(consequence=""),
            ),
            models.CheckConstraint(
                name="nobody_verifies_his_own_report", condition=~Q(created_by=F("reporter"))
            ),
            models.CheckConstraint(
                name="published_verdict_has_its_publication",
                condition=Q(state__in=["published", "withdrawing", "withdrawn"], publication__isnull=False)
                | Q(state__in=["draft", "in_review", "discarded"], publication=None),
            ),
            models.UniqueConstraint(
                name="one_verdict_at_a_time",
                fields=["obligation"],
                condition=Q(state__in=["draft", "in_review", "published", "withdrawing"]),
            ),
            models.CheckConstraint(
                name="revocation_has_a_reason",
                condition=~Q(state__in=["withdrawing", "withdrawn"])
                | (~Q(withdraw_reason="") & Q(withdraw_asked_by__isnull=False)),
            ),
        ]
        triggers = [
            fixed(
                "verdict_changes_only_as_draft",
                *("verdict", "counted_verdict", "fulfilled_on", "text", "unmet", "consequence"),
                *("obligation_id", "report_id", "reporter_id", "created_by_id"),
                unless="OLD.state = 'draft'",
            ),
            fixed("verdict_keeps_its_publication", "publication_id", unless="OLD.publication_id IS NULL"),
            *never_deleted(),
        ]

    def __str__(self):
        return f"核验结论：{self.obligation.title}"
