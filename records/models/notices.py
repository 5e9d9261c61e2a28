"""The public notice of a record: its way through the gate to the page everybody reads."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from longsha_credit.audit.triggers import fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.publication.models import Publication, PublishableQuerySet
from records.models.records import Record


class NoticeState(models.TextChoices):
    DRAFT = "draft", "待提交公示"
    IN_REVIEW = "in_review", "审查中"
    PUBLISHED = "published", "公示中"
    REPLACED = "replaced", "已由更正版代替"
    ENDED = "ended", "已停止公示"
    DISCARDED = "discarded", "不公示"


class NoticeQuerySet(PublishableQuerySet):
    def public(self):
        return super().public().filter(state=NoticeState.PUBLISHED)

    def with_names(self):
        return self.select_related("organisation", "record__item", "publication", "created_by")


class Notice(models.Model):
    """记录公示：一条有效的社会公开级记录经三人审查后公示；记录终止，公示同时停止。"""

    record = models.ForeignKey(
        Record, on_delete=models.PROTECT, related_name="notices", verbose_name="诚信记录"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    publication = models.ForeignKey(
        Publication,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="公开",
    )
    state = models.CharField("状态", max_length=10, choices=NoticeState.choices, default=NoticeState.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="填报人"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "记录公示"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="published_notice_has_its_publication",
                condition=Q(state__in=["published", "replaced", "ended"], publication__isnull=False)
                | Q(state__in=["draft", "in_review", "discarded"], publication=None),
            ),
            models.UniqueConstraint(
                name="one_notice_of_a_record_at_a_time",
                fields=["record"],
                condition=Q(state__in=["draft", "in_review", "published"]),
            ),
            models.UniqueConstraint(
                name="one_notice_shows_a_publication", fields=["publication"], condition=Q(state="published")
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_public_records_are_noticed",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (
                    SELECT FROM records_record WHERE id = NEW.record_id AND disclosure = 'public'
                    AND organisation_id = NEW.organisation_id AND confirmed_by_id IS NOT NULL
                ) THEN
                  {refuse("only_public_records_are_noticed", "confirmed records of units at the public level")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed("notice_keeps_its_record", "record_id", "organisation_id", "created_by_id"),
            fixed("notice_keeps_its_publication", "publication_id", unless="OLD.publication_id IS NULL"),
            *never_deleted(),
        ]

    def __str__(self):
        return f"记录公示：{self.record.title}"
