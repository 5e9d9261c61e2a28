"""What two people decide about a unit's points with a document in hand: what rules it out, what adds, what is lowered."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from evaluation.models.facts import Snapshot
from evaluation.models.results import InternalQuerySet
from evaluation.models.sets import Circumstance, Indicator, Rank
from longsha_credit.audit.triggers import fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.files.models import StoredFile
from longsha_credit.programme.models.standards import frozen_year_stays
from longsha_credit.programme.models.years import Year


class RulingKind(models.TextChoices):
    OUT = "out", "取消评选资格情形"
    BONUS = "bonus", "加分"
    MARK = "mark", "系统测算的分由人调整"


class RulingState(models.TextChoices):
    PROPOSED = "proposed", "待认定"
    STANDING = "standing", "已认定"
    REFUSED = "refused", "不予认定"
    LIFTED = "lifted", "已撤销"


class RulingQuerySet(InternalQuerySet):
    def with_names(self):
        return self.select_related(
            "organisation",
            "year",
            "circumstance",
            "indicator__heading",
            "document",
            "proposed_by",
            "decided_by",
        )

    def standing(self):
        return self.filter(state=RulingState.STANDING)


class Ruling(models.Model):
    """认定：一个单位有取消评选资格情形、可以加分、或某一条的测算分要调整；凭文书，由一人提出、另一人认定。"""

    kind = models.CharField("种类", max_length=6, choices=RulingKind.choices)
    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="+", verbose_name="年度")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    circumstance = models.ForeignKey(
        Circumstance, on_delete=models.PROTECT, null=True, related_name="rulings", verbose_name="情形"
    )
    matter = models.CharField("事项", max_length=100, blank=True, default="")
    rank = models.CharField("级别", max_length=8, choices=Rank.choices, blank=True, default="")
    snapshot = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, related_name="rulings", verbose_name="取数"
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="指标"
    )
    points = models.PositiveIntegerField("调整为", null=True)  # hundredths; None: not applicable
    facts = models.CharField("事实和理由", max_length=500)
    document_number = models.CharField("文号", max_length=100, blank=True, default="")
    document = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="文书"
    )
    state = models.CharField("状态", max_length=8, choices=RulingState.choices, default=RulingState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="提出人"
    )
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="认定人"
    )
    decided_at = models.DateTimeField("认定时间", null=True)

    objects = RulingQuerySet.as_manager()

    class Meta:
        verbose_name = "认定"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["year", "organisation"], name="standing_ruling", condition=Q(state="standing")
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="ruling_says_what_its_kind_needs",
                condition=Q(kind="out", circumstance__isnull=False, matter="", rank="", indicator=None)
                | (Q(kind="bonus", circumstance=None, rank__in=Rank.values, indicator=None) & ~Q(matter=""))
                | Q(kind="mark", circumstance=None, matter="", rank="")
                & Q(indicator__isnull=False, snapshot__isnull=False),
            ),
            models.CheckConstraint(
                name="ruling_has_its_document",
                condition=Q(kind="mark") | (Q(document__isnull=False) & ~Q(document_number="")),
            ),
            models.CheckConstraint(name="ruling_has_its_facts", condition=~Q(facts="")),
            models.CheckConstraint(
                name="ruling_is_decided_by_another",
                condition=Q(state="proposed", decided_by=None, decided_at=None)
                | (
                    Q(state__in=["standing", "refused", "lifted"])
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                ),
            ),
            models.UniqueConstraint(
                name="one_open_ruling_per_circumstance",
                fields=["year", "organisation", "circumstance"],
                condition=Q(kind="out", state__in=["proposed", "standing"]),
            ),
            models.UniqueConstraint(
                name="one_open_bonus_per_matter",
                fields=["year", "organisation", "matter", "rank"],
                condition=Q(kind="bonus", state__in=["proposed", "standing"]),
            ),
        ]
        triggers = [
            frozen_year_stays(pgtrigger.Insert | pgtrigger.Update),
            pgtrigger.Trigger(
                name="ruling_is_about_its_level",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NEW.circumstance_id IS NOT NULL AND NOT EXISTS (
                  SELECT FROM evaluation_circumstance c JOIN evaluation_indicatorset s ON s.id = c.set_id
                  JOIN directory_organisation o ON o.level = s.level
                  WHERE c.id = NEW.circumstance_id AND o.id = NEW.organisation_id
                    AND s.year_id = NEW.year_id AND s.state <> 'draft') THEN
                  {refuse("ruling_is_about_its_level", "a circumstance of the standard in use for its level")}
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="ruling_begins_as_a_proposal",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NEW.state <> 'proposed' THEN
                  {refuse("ruling_begins_as_a_proposal", "one proposes, another decides")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed(
                "ruling_keeps_its_words",
                *("kind", "year_id", "organisation_id", "circumstance_id", "matter", "rank", "snapshot_id"),
                *("indicator_id", "points", "facts", "document_number", "document_id", "proposed_by_id"),
            ),
            fixed(
                "ruling_is_decided_once", "state",
                unless="OLD.state = 'proposed' OR (OLD.state = 'standing' AND NEW.state = 'lifted')",
            ),
            *never_deleted(),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.get_kind_display()}：{self.about}"

    @property
    def about(self) -> str:
        """What is decided, in the words of its kind."""
        if self.kind == RulingKind.OUT:
            return str(self.circumstance)
        if self.kind == RulingKind.BONUS:
            return f"{self.matter}（{self.get_rank_display()}）"
        return str(self.indicator)
