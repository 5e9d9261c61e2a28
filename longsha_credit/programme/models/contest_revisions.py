"""A revision of a public contest: its name, its words, more time; the rules and the paper stay as announced."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from longsha_credit.audit.triggers import fixed, never_deleted
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.programme.models.contests import WORDS, Contest


class ContestRevisionState(models.TextChoices):
    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "审查中"
    ADOPTED = "adopted", "已生效"
    DISCARDED = "discarded", "已作废"


class ContestRevisionQuerySet(ScopedQuerySet):
    def with_names(self):
        return self.select_related("organisation", "of__organisation", "of__paper", "created_by")

    def unfinished(self):
        return self.filter(state__in=["draft", "in_review"])


@pghistory.track()
class ContestRevision(models.Model):
    """竞赛更正：公开以后改名称、说明，推迟开始，延长结束；写明理由，三个人审查，通过之前原来的照常有效。"""

    of = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="revisions", verbose_name="竞赛")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="举办单位"
    )
    title = models.CharField("名称", max_length=60)
    about = models.TextField("说明", max_length=1000)
    opens_at = models.DateTimeField("开始时间")
    closes_at = models.DateTimeField("结束时间")
    reason = models.CharField("更正理由", max_length=500)
    state = models.CharField(
        "状态", max_length=10, choices=ContestRevisionState.choices, default=ContestRevisionState.DRAFT
    )
    adopted_at = models.DateTimeField("生效时间", null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="经办人"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = ContestRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "竞赛更正"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_contest_revision", fields=["of"], condition=Q(state__in=["draft", "in_review"])
            ),
            models.CheckConstraint(
                name="contest_revision_says_what_and_why",
                condition=~Q(reason="") & ~Q(title="") & ~Q(about="") & Q(closes_at__gt=F("opens_at")),
            ),
            models.CheckConstraint(
                name="adopted_contest_revision_says_when",
                condition=Q(state="adopted", adopted_at__isnull=False)
                | (~Q(state="adopted") & Q(adopted_at=None)),
            ),
        ]
        triggers = [
            fixed("contest_revision_changes_only_as_draft", *WORDS, "reason", unless="OLD.state = 'draft'"),
            fixed("contest_revision_keeps_what_it_is", "of_id", "organisation_id", "created_by_id"),
            fixed("adopted_contest_revision_stays", "state", unless="OLD.state <> 'adopted'"),
            *never_deleted(),
        ]

    def __str__(self):
        return f"更正：{self.of.title}"
