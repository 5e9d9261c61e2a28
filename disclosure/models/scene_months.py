"""What a scene did in a month: numbers and a few words, never names."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from disclosure.models.scenes import Scene
from longsha_credit.audit.triggers import fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.publication.models import Publishable, PublishableQuerySet


class MonthState(models.TextChoices):
    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "待复核"
    PUBLISHED = "published", "已公开"
    DISCARDED = "discarded", "已作废"


# What a month says; a correction proposes them all anew.
NUMBERS = ("participations", "served", "surveyed", "satisfied", "note", "effect")


class SceneMonthQuerySet(PublishableQuerySet):
    def with_names(self):
        return self.select_related("organisation", "scene__organisation", "corrects", "publication")

    def first_reports(self):
        """One row a month, which carries the numbers that hold; corrections stand beside it."""
        return self.filter(corrects=None)


@pghistory.track()
class SceneMonth(Publishable):
    """月度数字：一个场景一个月的人次，只有数字，没有名单；更正是另一行，复核后代替原来的数字。"""

    scene = models.ForeignKey(Scene, on_delete=models.PROTECT, related_name="months", verbose_name="场景")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="填报单位"
    )
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="corrections",
        verbose_name="更正哪一份",
    )
    month = models.DateField("月份")
    participations = models.PositiveIntegerField("参加人次")
    served = models.PositiveIntegerField("受益人数")
    surveyed = models.PositiveIntegerField("回访人数", null=True, blank=True)
    satisfied = models.PositiveIntegerField("满意人数", null=True, blank=True)
    note = models.CharField("说明", max_length=300, blank=True, default="")
    effect = models.CharField("成效", max_length=500, blank=True, default="")
    target = models.PositiveIntegerField("当月目标人次", editable=False)
    reason = models.CharField("更正理由", max_length=500, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=0, editable=False)
    state = models.CharField("状态", max_length=12, choices=MonthState.choices, default=MonthState.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="填报人"
    )
    created_at = models.DateTimeField("填报时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = SceneMonthQuerySet.as_manager()

    class Meta:
        verbose_name = "场景月度数字"
        ordering = ["-month", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_report_per_scene_and_month",
                fields=["scene", "month"],
                condition=Q(corrects=None) & ~Q(state="discarded"),
            ),
            models.UniqueConstraint(
                name="one_open_correction_per_month",
                fields=["corrects"],
                condition=Q(state__in=["draft", "in_review"]),
            ),
            models.CheckConstraint(name="month_is_its_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="people_served_took_part", condition=Q(served__lte=F("participations"))
            ),
            models.CheckConstraint(
                name="satisfied_were_asked",
                condition=Q(surveyed=None, satisfied=None)
                | Q(surveyed__isnull=False, satisfied__isnull=False, satisfied__lte=F("surveyed")),
            ),
            models.CheckConstraint(
                name="correction_of_a_month_has_a_reason",
                condition=Q(corrects=None, reason="") | (Q(corrects__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="published_month_has_its_publication",
                condition=Q(corrects=None, state="published", publication__isnull=False, version__gte=1)
                | (Q(publication=None) & (~Q(state="published") | Q(corrects__isnull=False))),
            ),
        ]
        triggers = [
            fixed(
                "month_changes_only_by_correction",
                *NUMBERS,
                unless="OLD.state = 'draft' OR (OLD.state = 'published' AND NEW.version = OLD.version + 1)",
            ),
            fixed("month_is_of_one_scene", "scene_id", "month", "organisation_id", "corrects_id", "target"),
            fixed("published_month_stays", "state", unless="OLD.state <> 'published'"),
            fixed("month_keeps_its_publication", "publication_id", unless="OLD.publication_id IS NULL"),
            pgtrigger.Trigger(
                name="correction_is_of_the_same_month",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
                    SELECT FROM disclosure_scenemonth o WHERE o.id = NEW.corrects_id
                    AND o.scene_id = NEW.scene_id AND o.month = NEW.month AND o.corrects_id IS NULL
                ) THEN
                  {refuse("correction_is_of_the_same_month", "a correction is of a first report of its month")}
                END IF;
                RETURN NEW;
                """,
            ),
            *never_deleted(),
        ]

    def __str__(self):
        what = "更正" if self.corrects_id else "数字"
        return f"{self.scene.title}：{self.month:%Y年%-m月}{what}"
