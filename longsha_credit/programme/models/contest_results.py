"""The result of a contest as it is published: how many took part for which unit, and how the units stand."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from longsha_credit.audit.triggers import fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.programme.models.contests import Contest
from longsha_credit.publication.models import Publishable, PublishableQuerySet


class ResultState(models.TextChoices):
    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "复核中"
    PUBLISHED = "published", "已公布"
    DISCARDED = "discarded", "已作废"


class ContestResultQuerySet(PublishableQuerySet):
    def with_names(self):
        return self.select_related("organisation", "contest", "created_by", "publication")


@pghistory.track()
class ContestResult(Publishable):
    """竞赛结果：结束以后从答题算出的数字和单位名次，另一个人复核以后公布。"""

    contest = models.ForeignKey(
        Contest, on_delete=models.PROTECT, related_name="results", verbose_name="竞赛"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="举办单位"
    )
    figures = models.JSONField("数字")
    note = models.TextField("说明", max_length=500, blank=True, default="")
    state = models.CharField("状态", max_length=10, choices=ResultState.choices, default=ResultState.DRAFT)
    version = models.PositiveIntegerField("版本", default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="经办人"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = ContestResultQuerySet.as_manager()

    class Meta:
        verbose_name = "竞赛结果"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_result_per_contest", fields=["contest"], condition=~Q(state="discarded")
            ),
            models.CheckConstraint(
                name="result_is_out_only_when_published",
                condition=Q(state="published", publication__isnull=False, version__gte=1)
                | Q(state__in=["draft", "in_review", "discarded"], publication=None),
            ),
        ]
        triggers = [
            fixed("result_changes_only_as_draft", "figures", "note", unless="OLD.state = 'draft'"),
            fixed("result_is_of_one_contest", "contest_id", "organisation_id"),
            fixed("published_result_stays", "state", "publication_id", unless="OLD.state <> 'published'"),
            pgtrigger.Trigger(
                name="result_comes_after_the_end",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF EXISTS (SELECT FROM programme_contest WHERE id = NEW.contest_id AND closes_at > clock_timestamp())
                THEN {refuse("result_comes_after_the_end", "a contest that goes on has no result")} END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="frozen_year_stays",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF EXISTS (
                  SELECT FROM programme_year y JOIN programme_contest c ON c.id = NEW.contest_id
                  WHERE y.state = 'frozen' AND y.number = extract(year FROM c.closes_at AT TIME ZONE 'Asia/Shanghai')
                ) THEN {refuse("frozen_year_stays", "a frozen year is closed for everybody")} END IF;
                RETURN NEW;
                """,
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.contest}的结果"
