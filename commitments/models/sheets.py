"""What residents read of an item: its public text and its progress, each a row of its own apart from the work."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from commitments.models.rectifications import Rectification
from longsha_credit.audit.triggers import fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.files.models import StoredFile
from longsha_credit.publication.models import Publication, Publishable, PublishableQuerySet


class SheetState(models.TextChoices):
    DRAFT = "draft", "待提交公开"
    IN_REVIEW = "in_review", "审查中"
    PUBLISHED = "published", "公开中"
    WITHDRAWING = "withdrawing", "申请撤下"
    REPLACED = "replaced", "已由新版代替"
    ENDED = "ended", "已撤下"
    DISCARDED = "discarded", "不公开"


SHOWN = [SheetState.PUBLISHED, SheetState.WITHDRAWING]


class SheetQuerySet(PublishableQuerySet):
    def public(self):
        return super().public().filter(state__in=SHOWN)

    def with_names(self):
        return self.select_related("organisation", "rectification__organisation", "publication", "created_by")


@pghistory.track()
class RectificationSheet(models.Model):
    """治理公开稿：居民看到的欠着什么、怎样整改；不写权利人、金额和人名，三人审查后公开。"""

    rectification = models.ForeignKey(
        Rectification, on_delete=models.PROTECT, related_name="sheets", verbose_name="治理台账"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="责任单位"
    )
    title = models.CharField("标题", max_length=80)
    text = models.TextField("欠着什么", max_length=1000)
    measures = models.TextField("怎样整改", max_length=1000, blank=True, default="")
    reason = models.CharField("为什么改", max_length=500, blank=True, default="")
    # not one to one: each new version is a row that takes over the place of the one before
    publication = models.ForeignKey(
        Publication,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="公开",
    )
    withdraw_reason = models.CharField("撤下理由", max_length=500, blank=True, default="", editable=False)
    withdraw_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="撤下申请人",
    )
    state = models.CharField("状态", max_length=12, choices=SheetState.choices, default=SheetState.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="撰稿人"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = "治理公开稿"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="published_sheet_has_its_publication",
                condition=Q(state__in=[*SHOWN, "replaced", "ended"], publication__isnull=False)
                | Q(state__in=["draft", "in_review", "discarded"], publication=None),
            ),
            models.UniqueConstraint(
                name="one_sheet_on_its_way",
                fields=["rectification"],
                condition=Q(state__in=["draft", "in_review"]),
            ),
            models.UniqueConstraint(
                name="one_sheet_is_shown", fields=["rectification"], condition=Q(state__in=SHOWN)
            ),
            models.CheckConstraint(
                name="sheet_withdrawal_has_a_reason",
                condition=~Q(state__in=["withdrawing", "ended"])
                | (~Q(withdraw_reason="") & Q(withdraw_asked_by__isnull=False)),
            ),
        ]
        triggers = [
            fixed(
                "sheet_changes_only_as_draft",
                *(
                    "title",
                    "text",
                    "measures",
                    "reason",
                    "rectification_id",
                    "organisation_id",
                    "created_by_id",
                ),
                unless="OLD.state = 'draft'",
            ),
            fixed("sheet_keeps_its_publication", "publication_id", unless="OLD.publication_id IS NULL"),
            pgtrigger.Trigger(
                name="only_what_is_found_true_is_shown",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF NEW.state IN ('in_review', 'published') AND NOT EXISTS (
                    SELECT FROM commitments_rectification WHERE id = NEW.rectification_id
                    AND organisation_id = NEW.organisation_id AND state NOT IN ('clue', 'checking', 'unfounded')
                ) THEN
                  {refuse("only_what_is_found_true_is_shown", "items of the unit that were found true")}
                END IF;
                RETURN NEW;
                """,
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"治理公开：{self.title}"


class StepTextQuerySet(PublishableQuerySet):
    def with_names(self):
        return self.select_related("organisation", "rectification__organisation", "publication", "created_by")


class StepTextState(models.TextChoices):
    DRAFT = "draft", "已记录，没有公开"
    IN_REVIEW = "in_review", "待复核"
    PUBLISHED = "published", "已公开"
    DISCARDED = "discarded", "已作废"


@pghistory.track()
class RectificationProgress(Publishable):
    """整改进展：截至某日做了什么，附佐证；记下就算数，经另一个人复核后公开。"""

    rectification = models.ForeignKey(
        Rectification, on_delete=models.PROTECT, related_name="progress", verbose_name="治理台账"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="填报单位"
    )
    as_of = models.DateField("截至日期")
    text = models.TextField("做了什么", max_length=1000)
    files = models.ManyToManyField(StoredFile, related_name="+", blank=True, verbose_name="佐证材料")
    state = models.CharField(
        "状态", max_length=12, choices=StepTextState.choices, default=StepTextState.DRAFT
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="填报人"
    )
    created_at = models.DateTimeField("填报时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = StepTextQuerySet.as_manager()

    class Meta:
        verbose_name = "整改进展"
        ordering = ["-as_of", "-id"]
        constraints = [
            models.CheckConstraint(
                name="published_step_has_its_publication",
                condition=Q(state="published", publication__isnull=False)
                | (~Q(state="published") & Q(publication=None)),
            ),
        ]
        triggers = [
            fixed("rectification_progress_changes_only_as_draft", "as_of", "text", "rectification_id",
                  "organisation_id", unless="OLD.state = 'draft'"),
            fixed("published_step_stays", "state", unless="OLD.state <> 'published'"),
            fixed("step_keeps_its_publication", "publication_id", unless="OLD.publication_id IS NULL"),
            *never_deleted(),
        ]  # fmt: skip

    def __str__(self):
        return f"整改进展：{self.rectification.title}（{self.as_of}）"
