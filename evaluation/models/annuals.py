"""The annual evaluation: what each unit came to, what it said in its defence, and what people decided on that."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from evaluation.models.facts import Snapshot
from evaluation.models.results import Result
from evaluation.models.sets import FULL, IndicatorSet
from evaluation.models.summaries import person
from longsha_credit.audit.triggers import TODAY, append_only, fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.programme.models.standards import frozen_year_stays
from longsha_credit.programme.models.years import Year, YearQuerySet


class AnnualState(models.TextChoices):
    OPEN = "open", "办理中"
    CLOSED = "closed", "已办结"


class AnnualQuerySet(YearQuerySet):
    def visible_to(self, user):
        """Every unit of the district reads that its year is evaluated and by what; of the results only its own."""
        return self.filter(year__in=Year.objects.visible_to(user))

    def with_names(self):
        return self.select_related("year__organisation", "snapshot", "street_set", "community_set")


@pghistory.track()
class AnnualEvaluation(models.Model):
    """年度考评：某一年按哪次取数、哪两套指标考评街道和社区。"""

    year = models.OneToOneField(Year, on_delete=models.PROTECT, related_name="annual", verbose_name="年度")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+", verbose_name="取数")
    street_set = models.ForeignKey(
        IndicatorSet, on_delete=models.PROTECT, related_name="+", verbose_name="街道指标"
    )
    community_set = models.ForeignKey(
        IndicatorSet, on_delete=models.PROTECT, related_name="+", verbose_name="社区指标"
    )
    state = models.CharField("状态", max_length=8, choices=AnnualState.choices, default=AnnualState.OPEN)
    opened_on = models.DateField("启动日期")
    created_by = person("启动人")
    closed_on = models.DateField("办结日期", null=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = AnnualQuerySet.as_manager()

    class Meta:
        verbose_name = "年度考评"
        ordering = ["-year__number"]
        constraints = [
            models.CheckConstraint(
                name="closed_evaluation_has_its_day",
                condition=Q(state="closed", closed_on__isnull=False) | Q(state="open", closed_on=None),
            ),
        ]
        triggers = [
            frozen_year_stays(pgtrigger.Insert | pgtrigger.Update),
            pgtrigger.Trigger(
                name="evaluation_rests_on_its_snapshot",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (SELECT FROM evaluation_snapshot s WHERE s.id = NEW.snapshot_id
                               AND s.year_id = NEW.year_id AND s.purpose = 'annual' AND s.state = 'taken')
                   OR NOT EXISTS (SELECT FROM evaluation_indicatorset i WHERE i.id = NEW.street_set_id
                                  AND i.year_id = NEW.year_id AND i.level = 'street' AND i.state = 'in_force')
                   OR NOT EXISTS (SELECT FROM evaluation_indicatorset i WHERE i.id = NEW.community_set_id
                                  AND i.year_id = NEW.year_id AND i.level = 'community' AND i.state = 'in_force')
                THEN
                  {refuse("evaluation_rests_on_its_snapshot", "facts taken for this year, sets of it in force")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed(
                "evaluation_keeps_its_ground",
                *(
                    "year_id",
                    "snapshot_id",
                    "street_set_id",
                    "community_set_id",
                    "opened_on",
                    "created_by_id",
                ),
            ),
            fixed("closed_evaluation_stays", "state", "closed_on", unless="OLD.state = 'open'"),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.year.number}年度考评"

    @property
    def organisation(self) -> Organisation:
        return self.year.organisation


class OutcomeState(models.TextChoices):
    PENDING = "pending", "待告知"
    TOLD = "told", "已告知，听取陈述申辩"
    DEFENDED = "defended", "已陈述申辩"
    DECIDED = "decided", "已审定"


class OutcomeQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """A unit reads its outcome once it is told; before that it is the district's work."""
        rows = super().visible_to(user)
        of_district = [path for path in user.paths_for(SEES_WORK) if path.count("/") == 2]
        own = models.Q(pk__in=[])
        for path in of_district:
            own |= models.Q(organisation__path__startswith=path)
        return rows.filter(own | ~models.Q(state=OutcomeState.PENDING))

    def with_names(self):
        return self.select_related(
            "organisation__parent", "evaluation__year__organisation", "result__set", "year", "decided_by"
        )


@pghistory.track()
class AnnualOutcome(models.Model):
    """考评结果：一个单位这一年的得分。先告知、听陈述申辩，再由人审定；得分和等级以审定的为准。"""

    evaluation = models.ForeignKey(
        AnnualEvaluation, on_delete=models.PROTECT, related_name="outcomes", verbose_name="年度考评"
    )
    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="+", verbose_name="年度")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="+", verbose_name="得分")
    state = models.CharField(
        "状态", max_length=10, choices=OutcomeState.choices, default=OutcomeState.PENDING
    )
    told_by = person("告知人", null=True)
    told_on = models.DateField("告知日期", null=True)
    told_total = models.PositiveIntegerField("告知的总分", null=True)  # hundredths
    told_grade = models.CharField("告知的等级", max_length=10, blank=True, default="")
    defence_until = models.DateField("陈述申辩截止", null=True)
    decided_by = person("审定人", null=True)
    decided_on = models.DateField("审定日期", null=True)
    total = models.PositiveIntegerField("审定的总分", null=True)  # hundredths
    grade = models.CharField("审定的等级", max_length=10, blank=True, default="")
    opinion = models.CharField("审定意见", max_length=1000, blank=True, default="")
    created_by = person("启动人")
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = "考评结果"
        ordering = ["organisation__path"]
        indexes = [models.Index(fields=["organisation", "year"], name="outcome_by_unit")]
        constraints = [
            models.UniqueConstraint(name="one_outcome_per_unit", fields=["evaluation", "organisation"]),
            models.CheckConstraint(
                name="told_outcome_says_what_until_when",
                condition=Q(state="pending", told_on=None, told_by=None)
                | Q(
                    state__in=["told", "defended", "decided"],
                    told_on__isnull=False,
                    told_by__isnull=False,
                    told_total__isnull=False,
                    defence_until__gt=F("told_on"),
                ),
            ),
            models.CheckConstraint(
                name="outcome_is_decided_by_another",
                condition=(
                    Q(state="decided", decided_by__isnull=False, decided_on__isnull=False)
                    & Q(total__lte=FULL)
                    & ~Q(grade="")
                    & ~Q(opinion="")
                    & ~Q(decided_by=F("told_by"))
                )
                | (~Q(state="decided") & Q(decided_by=None, decided_on=None, total=None, grade="")),
            ),
        ]
        triggers = [
            frozen_year_stays(pgtrigger.Insert | pgtrigger.Update),
            pgtrigger.Trigger(
                name="outcome_is_of_its_evaluation",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (SELECT FROM evaluation_annualevaluation e JOIN evaluation_result r
                               ON r.snapshot_id = e.snapshot_id AND r.set_id IN (e.street_set_id, e.community_set_id)
                               WHERE e.id = NEW.evaluation_id AND e.year_id = NEW.year_id AND e.state = 'open'
                               AND r.id = NEW.result_id AND r.organisation_id = NEW.organisation_id) THEN
                  {refuse("outcome_is_of_its_evaluation", "the result of this unit, snapshot and set")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed(
                "outcome_keeps_its_place",
                *("evaluation_id", "year_id", "organisation_id", "created_by_id"),
            ),
            pgtrigger.Trigger(
                name="outcome_takes_its_own_result_anew",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.result_id IS DISTINCT FROM NEW.result_id"),
                func=f"""
                IF OLD.state NOT IN ('told', 'defended') OR NOT EXISTS (
                  SELECT FROM evaluation_result n JOIN evaluation_snapshot s ON s.id = n.snapshot_id
                  JOIN evaluation_result o ON o.id = OLD.result_id
                  WHERE n.id = NEW.result_id AND n.organisation_id = o.organisation_id AND n.set_id = o.set_id
                    AND n.snapshot_id > o.snapshot_id AND n.total >= OLD.told_total
                    AND s.year_id = OLD.year_id AND s.purpose = 'annual' AND s.state = 'taken') THEN
                  {refuse("outcome_takes_its_own_result_anew", "facts taken later, of this unit, for no fewer points")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed(
                "told_outcome_stays_told",
                *("told_by_id", "told_on", "told_total", "told_grade", "defence_until"),
                unless="OLD.state = 'pending'",
            ),
            fixed(
                "decided_outcome_stays",
                *("state", "decided_by_id", "decided_on", "total", "grade", "opinion"),
                unless="OLD.state <> 'decided'",
            ),
            pgtrigger.Trigger(
                name="no_decision_before_the_defence",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.state = 'decided'"),
                func=f"""
                IF TG_OP = 'INSERT' OR (NOT EXISTS (SELECT FROM evaluation_defence d WHERE d.outcome_id = NEW.id)
                   AND (NEW.defence_until >= NEW.decided_on OR NEW.decided_on > {TODAY})) THEN
                  {refuse("no_decision_before_the_defence", "the unit is heard first, or its days are over")}
                END IF;
                RETURN NEW;
                """,
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.organisation.name}{self.year.number}年度考评结果"


class DefenceQuerySet(ScopedQuerySet):
    path_lookup = "outcome__organisation__path"

    def with_names(self):
        return self.select_related("outcome__organisation", "by")


class Defence(models.Model):
    """陈述申辩：单位对告知的结果说的话，或者没有异议。只增不改，一次。"""

    outcome = models.ForeignKey(
        AnnualOutcome, on_delete=models.PROTECT, related_name="defences", verbose_name="考评结果"
    )
    agrees = models.BooleanField("没有异议")
    text = models.TextField("陈述申辩", max_length=2000, blank=True, default="")
    on = models.DateField("日期")
    by = person("提出人")
    at = models.DateTimeField("时间", auto_now_add=True)

    objects = DefenceQuerySet.as_manager()

    class Meta:
        verbose_name = "陈述申辩"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="one_defence_per_outcome", fields=["outcome"]),
            models.CheckConstraint(name="defence_says_something", condition=Q(agrees=True) | ~Q(text="")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="defence_comes_within_its_days",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                PERFORM 1 FROM evaluation_annualoutcome o WHERE o.id = NEW.outcome_id
                AND o.state IN ('told', 'defended') AND NEW.on BETWEEN o.told_on AND o.defence_until FOR SHARE;
                IF NOT FOUND THEN
                  {refuse("defence_comes_within_its_days", "after it is told and before the days are over")}
                END IF;
                RETURN NEW;
                """,
            ),
            *append_only(),
        ]

    def __str__(self):
        return f"{self.outcome.organisation.name}的陈述申辩"
