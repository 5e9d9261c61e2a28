"""How far a promise has come: a text, a figure and the evidence for it."""

import pghistory
import pgtrigger
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from commitments.models.obligations import Obligation
from commitments.models.parts import Part, PartState
from longsha_credit.audit.triggers import fixed, never_deleted, refuse
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
        return self.select_related("organisation", "obligation__organisation", "publication", "part")

    def newest_figure_of_each(self):
        """For every obligation its newest report that states a number."""
        whole = self.filter(part=None).exclude(done=None)
        return whole.order_by("obligation_id", "-as_of", "-id").distinct("obligation_id")

    def newest_of_each_part(self):
        """For every part the newest report on it."""
        return self.exclude(part=None).order_by("part_id", "-as_of", "-id").distinct("part_id")

    def newest_first(self):
        return self.select_related("publication", "part").order_by("-as_of", "-id")


@pghistory.track()
class ProgressUpdate(Publishable):
    """进展：截至某日做到多少，附佐证；一人填报，另一人复核后公开。"""

    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, related_name="progress", verbose_name="承诺"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="填报单位"
    )
    part = models.ForeignKey(
        Part,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="progress",
        verbose_name="哪一部分",
    )
    part_state = models.CharField(
        "这部分做到哪一步", max_length=8, choices=PartState.choices, blank=True, default=""
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
                name="progress_of_a_part_says_how_far",
                condition=Q(part=None, part_state="")
                | Q(part__isnull=False, part_state__in=PartState.values),
            ),
            models.CheckConstraint(
                name="published_progress_has_its_publication",
                condition=Q(state="published", publication__isnull=False)
                | (~Q(state="published") & Q(publication=None)),
            ),
        ]
        triggers = [
            fixed(
                "progress_changes_only_as_draft",
                *("as_of", "done", "text", "obligation_id", "part_id", "part_state"),
                unless="OLD.state = 'draft'",
            ),
            pgtrigger.Trigger(
                name="progress_is_of_its_own_part",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF NEW.part_id IS NOT NULL
                   AND (SELECT obligation_id FROM commitments_part WHERE id = NEW.part_id) <> NEW.obligation_id THEN
                  {refuse("progress_is_of_its_own_part", "the part belongs to another obligation")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed("published_progress_stays", "state", unless="OLD.state <> 'published'"),
            fixed("progress_keeps_its_publication", "publication_id", unless="OLD.publication_id IS NULL"),
            *never_deleted(),
        ]

    def __str__(self):
        about = f"，第{self.part.number}部分" if self.part else ""
        return f"进展：{self.obligation.title}（{self.as_of}{about}）"
