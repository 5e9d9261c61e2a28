"""How far a promise has come: a text, a figure and the evidence for it."""

import pghistory
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from commitments.models.obligations import Obligation
from longsha_credit.audit.triggers import fixed, never_deleted
from longsha_credit.directory.models import Organisation
from longsha_credit.files.models import StoredFile
from longsha_credit.publication.models import Publishable, PublishableQuerySet


class ProgressState(models.TextChoices):
    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "待复核"
    PUBLISHED = "published", "已公开"
    DISCARDED = "discarded", "已作废"


class ProgressQuerySet(PublishableQuerySet):
    def with_names(self):
        return self.select_related("organisation", "obligation__organisation", "publication")

    def newest_figure_of_each(self):
        """For every obligation its newest report that states a number."""
        return self.exclude(done=None).order_by("obligation_id", "-as_of", "-id").distinct("obligation_id")

    def newest_first(self):
        return self.select_related("publication").order_by("-as_of", "-id")


@pghistory.track()
class ProgressUpdate(Publishable):
    """进展：截至某日做到多少，附佐证；一人填报，另一人复核后公开。"""

    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, related_name="progress", verbose_name="承诺"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="填报单位"
    )
    as_of = models.DateField("截至日期")
    done = models.DecimalField(
        "已完成数量",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    text = models.TextField("进展情况", max_length=1000)
    files = models.ManyToManyField(StoredFile, related_name="+", blank=True, verbose_name="佐证材料")
    state = models.CharField(
        "状态", max_length=12, choices=ProgressState.choices, default=ProgressState.DRAFT
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="填报人"
    )
    created_at = models.DateTimeField("填报时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = ProgressQuerySet.as_manager()

    class Meta:
        verbose_name = "进展"
        ordering = ["-as_of", "-id"]
        constraints = [
            models.CheckConstraint(name="progress_is_not_negative", condition=Q(done=None) | Q(done__gte=0)),
            models.CheckConstraint(
                name="published_progress_has_its_publication",
                condition=Q(state="published", publication__isnull=False)
                | (~Q(state="published") & Q(publication=None)),
            ),
        ]
        triggers = [
            fixed(
                "progress_changes_only_as_draft",
                "as_of",
                "done",
                "text",
                "obligation_id",
                unless="OLD.state = 'draft'",
            ),
            fixed("published_progress_stays", "state", unless="OLD.state <> 'published'"),
            fixed("progress_keeps_its_publication", "publication_id", unless="OLD.publication_id IS NULL"),
            *never_deleted(),
        ]

    def __str__(self):
        return f"进展：{self.obligation.title}（{self.as_of}）"
