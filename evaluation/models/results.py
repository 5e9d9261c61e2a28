"""What facts and people's marks come to: the points of a unit under a set of indicators."""

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from evaluation.models.facts import Purpose, Snapshot, read_by
from evaluation.models.sets import FULL, Indicator, IndicatorSet
from longsha_credit.audit.triggers import append_only, fixed, never_deleted, refuse
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import ScopedQuerySet


class InternalQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """As the facts below them: what is said of a post is one person's."""
        return self.filter(read_by(user, self.seen_by))

    def public(self):
        return self.none()

    def with_names(self):
        return self.select_related("organisation", "snapshot__year__organisation")


class ResultQuerySet(InternalQuerySet):
    def visible_to(self, user):
        """A unit reads what it came to in the annual evaluation once it is told; before that it is the district's work."""
        of_district = Q(pk__in=[])
        for path in user.paths_for(SEES_WORK):
            if path.count("/") == 2:
                of_district |= Q(organisation__path__startswith=path)
        evaluated = Q(snapshot__purpose=Purpose.ANNUAL, set__level__in=[Level.STREET, Level.COMMUNITY])
        outcomes = apps.get_model("evaluation", "AnnualOutcome").objects.order_by()
        told = outcomes.filter(
            organisation=OuterRef("organisation"), year=OuterRef("snapshot__year"), result__gte=OuterRef("pk")
        ).exclude(state="pending")
        return super().visible_to(user).filter(of_district | ~evaluated | Exists(told))

    def with_names(self):
        return super().with_names().select_related("set__year")


def _of_indicator(rule: str, never: str, sentence: str) -> pgtrigger.Trigger:
    """What a mark must not be; `never` is SQL over NEW and i, the indicator."""
    return pgtrigger.Trigger(
        name=rule,
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        func=f"""
        IF EXISTS (SELECT FROM evaluation_indicator i WHERE i.id = NEW.indicator_id AND {never}) THEN
          {refuse(rule, sentence)}
        END IF;
        RETURN NEW;
        """,
    )


NOT_A_STEP = """NEW.points IS NOT NULL AND i.scale <> '[]'::jsonb AND NOT EXISTS (
  SELECT FROM jsonb_array_elements(i.scale) step WHERE (step ->> 1)::int = NEW.points)"""
FROZEN = """EXISTS (
  SELECT FROM evaluation_snapshot s JOIN programme_year y ON y.id = s.year_id
  WHERE y.state = 'frozen' AND s.id IN ({ids}))"""


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
    # What is measured is lowered only by two: who proposed it (`by`) and who agreed.
    seconded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="同意人"
    )
    marked_at = models.DateTimeField("评分时间", auto_now_add=True)

    objects = InternalQuerySet.as_manager()

    class Meta:
        verbose_name = "评分"
        ordering = ["-id"]
        indexes = [models.Index(fields=["snapshot", "organisation"], name="mark_by_unit")]
        constraints = [
            models.CheckConstraint(name="mark_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="mark_is_seconded_by_another",
                condition=Q(seconded_by=None) | ~Q(seconded_by=models.F("by")),
            ),
        ]
        triggers = [
            _of_indicator(
                "mark_is_within_the_points", "NEW.points > i.points", "no more than the indicator is worth"
            ),
            _of_indicator("mark_is_on_the_scale", NOT_A_STEP, "one of the steps of the scale"),
            _of_indicator(
                "measured_mark_has_two_people",
                "i.way <> 'human' AND NEW.seconded_by_id IS NULL",
                "what is measured is marked by two people",
            ),
            pgtrigger.Trigger(
                name="frozen_year_keeps_its_marks",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF {FROZEN.format(ids="NEW.snapshot_id")} THEN
                  {refuse("frozen_year_keeps_its_marks", "a frozen year is closed for everybody")}
                END IF;
                RETURN NEW;
                """,
            ),
            *append_only(),
        ]


def _closed_with_its_year(name: str, operation, seen: str) -> pgtrigger.Trigger:
    """Looked at once a statement: six hundred thousand results are written at a time."""
    return pgtrigger.Trigger(
        name=name,
        operation=operation,
        when=pgtrigger.After,
        level=pgtrigger.Statement,
        referencing=pgtrigger.Referencing(new=seen),
        func=f"""
        IF {FROZEN.format(ids=f"SELECT DISTINCT snapshot_id FROM {seen}")} THEN
          {refuse(name, "a frozen year is closed for everybody")}
        END IF;
        RETURN NULL;
        """,
    )


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
    bonus = models.PositiveIntegerField("加分", default=0)  # hundredths, within the set's cap
    ruled_out = models.BooleanField("有取消评选资格情形", default=False)
    total = models.PositiveIntegerField("总分")  # hundredths, of what is known so far
    awaiting = models.PositiveSmallIntegerField("待人工评审")  # indicators and headings
    grade = models.CharField("等级", max_length=10, blank=True, default="")  # empty while anything is awaited

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = "得分"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="one_result_per_unit", fields=["snapshot", "set", "organisation"]),
            models.CheckConstraint(name="total_is_within_a_hundred", condition=Q(total__lte=FULL)),
            models.CheckConstraint(name="no_grade_while_awaiting", condition=Q(awaiting=0) | Q(grade="")),
            models.CheckConstraint(
                name="ruled_out_is_no_candidate", condition=Q(ruled_out=False) | ~Q(grade="candidate")
            ),
        ]
        triggers = [
            fixed("result_keeps_its_unit", "snapshot_id", "set_id", "organisation_id"),
            _closed_with_its_year("frozen_year_gets_no_results", pgtrigger.Insert, "added"),
            _closed_with_its_year("frozen_year_keeps_its_results", pgtrigger.Update, "changed"),
            pgtrigger.Trigger(
                name="settled_result_stays",
                operation=pgtrigger.Update,
                when=pgtrigger.After,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(old="before"),
                func=f"""
                IF EXISTS (SELECT FROM before b JOIN evaluation_annualoutcome o ON o.result_id = b.id
                           WHERE o.state = 'decided') THEN
                  {refuse("settled_result_stays", "what was decided on is not computed anew")}
                END IF;
                RETURN NULL;
                """,
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.organisation}{self.set.year.number}年得分"
