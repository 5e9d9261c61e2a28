"""What facts and people's marks come to: the points of a unit under a set of indicators."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from evaluation.models.facts import Snapshot
from evaluation.models.sets import FULL, Indicator, IndicatorSet
from longsha_credit.audit.triggers import append_only, fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet


class InternalQuerySet(ScopedQuerySet):
    def public(self):
        return self.none()


class Mark(models.Model):
    """评分：人对一条指标给的分，或者把系统算的分调低到多少，凭什么。改一次是新的一行。"""

    snapshot = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, related_name="marks", verbose_name="取数"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+", verbose_name="指标")
    points = models.PositiveIntegerField("分", null=True)  # hundredths; None: not applicable to this unit
    reason = models.CharField("理由", max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="评分人"
    )
    marked_at = models.DateTimeField("评分时间", auto_now_add=True)

    objects = InternalQuerySet.as_manager()

    class Meta:
        verbose_name = "评分"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="mark_has_a_reason", condition=~Q(reason="")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="mark_is_within_the_points",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                IF NEW.points > (SELECT points FROM evaluation_indicator WHERE id = NEW.indicator_id) THEN
                  RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'mark_is_within_the_points',
                    MESSAGE = 'mark_is_within_the_points: no more than the indicator is worth';
                END IF;
                RETURN NEW;
                """,
            ),
            *append_only(),
        ]


class Result(models.Model):
    """得分：一个单位按一套指标在一次取数上的得分，逐条列出。"""

    snapshot = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, related_name="results", verbose_name="取数"
    )
    set = models.ForeignKey(
        IndicatorSet, on_delete=models.PROTECT, related_name="results", verbose_name="创建指标"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    # In the order of the set's indicators, hundredths: what was earned (None: not applicable or awaiting a person),
    # what it is worth here (points of what is not applicable spread within the heading; 0: not applicable).
    earned = ArrayField(models.IntegerField(null=True), verbose_name="各项得分")
    worth = ArrayField(models.IntegerField(), verbose_name="各项分值")
    total = models.PositiveIntegerField("总分")  # hundredths, of what is known so far
    awaiting = models.PositiveSmallIntegerField("待人工评审")  # indicators and headings
    grade = models.CharField("等级", max_length=10, blank=True, default="")  # empty while anything is awaited

    objects = InternalQuerySet.as_manager()

    class Meta:
        verbose_name = "得分"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="one_result_per_unit", fields=["snapshot", "set", "organisation"]),
            models.CheckConstraint(name="total_is_within_a_hundred", condition=Q(total__lte=FULL)),
            models.CheckConstraint(name="no_grade_while_awaiting", condition=Q(awaiting=0) | Q(grade="")),
        ]
        triggers = [
            fixed("result_keeps_its_unit", "snapshot_id", "set_id", "organisation_id"),
            pgtrigger.Trigger(
                name="settled_result_stays",
                operation=pgtrigger.Update,
                when=pgtrigger.After,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(old="before"),
                func=f"""
                IF EXISTS (SELECT FROM before b JOIN evaluation_annualoutcome o ON o.result_id = b.id
                           WHERE o.state = 'decided')
                   OR EXISTS (SELECT FROM programme_year y JOIN evaluation_snapshot s ON s.year_id = y.id
                              WHERE y.state = 'frozen' AND s.id IN (SELECT DISTINCT snapshot_id FROM before)) THEN
                  {refuse("settled_result_stays", "what was decided on, or is of a frozen year, is not computed anew")}
                END IF;
                RETURN NULL;
                """,
            ),
            *never_deleted(),
        ]
