"""Facts as they stood on a day: every metric of every unit, and what is brought in from outside with its document."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from longsha_credit.audit.triggers import append_only, at_commit, fixed, never_deleted, refuse
from longsha_credit.directory.models import Level, Organisation, Posting
from longsha_credit.directory.roles import SEES_WORK, Role
from longsha_credit.directory.scope import ScopedQuerySet, within
from longsha_credit.files.models import StoredFile
from longsha_credit.programme.models.standards import frozen_year_stays
from longsha_credit.programme.models.years import Year, YearQuerySet

READS_POSTS = frozenset({Role.LEAD, Role.REVIEWER, Role.OFFICE})


def reads_figures(unit) -> frozenset[Role]:
    """Who opens the figures of a unit; what is counted of a post is one person's, and for few."""
    return READS_POSTS if unit.level == Level.POST else SEES_WORK


class Purpose(models.TextChoices):
    ANNUAL = "annual", "年度考评"
    DEMONSTRATION = "demonstration", "示范创建"
    TRIAL = "trial", "试算"


class SnapshotState(models.TextChoices):
    TAKING = "taking", "正在取数"
    TAKEN = "taken", "已取数"
    DROPPED = "dropped", "已作废"


class SnapshotQuerySet(YearQuerySet):
    def visible_to(self, user):
        """The district's: what a unit reads of it are its own facts and results."""
        return self.filter(year__in=Year.objects.visible_to(user))

    def public(self):
        return self.none()

    def taken(self):
        return self.filter(state=SnapshotState.TAKEN)


class Snapshot(models.Model):
    """取数：某一天把全部单位的全部指标算一遍记下来，以后的变化不影响它。"""

    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="snapshots", verbose_name="年度")
    purpose = models.CharField("用途", max_length=14, choices=Purpose.choices)
    taken_on = models.DateField("取数日")  # what is over on the day before counts
    state = models.CharField(
        "状态", max_length=8, choices=SnapshotState.choices, default=SnapshotState.TAKING
    )
    # {metric key: version of its formula} as it was when the facts were taken
    formulas = models.JSONField("公式版本", default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="取数人"
    )
    started_at = models.DateTimeField("开始时间", auto_now_add=True)
    taken_at = models.DateTimeField("完成时间", null=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = "取数"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="snapshot_says_when_it_was_taken",
                condition=Q(state="taken", taken_at__isnull=False) | ~Q(state="taken"),
            ),
        ]
        triggers = [
            frozen_year_stays(pgtrigger.Insert | pgtrigger.Update),
            fixed("snapshot_keeps_its_day", "year_id", "purpose", "taken_on", "by_id"),
            fixed(
                "taken_snapshot_stays", "state", "formulas", "taken_at",
                unless="OLD.state = 'taking' OR (OLD.state = 'taken' AND NEW.state = 'dropped'"
                " AND OLD.formulas = NEW.formulas AND OLD.taken_at = NEW.taken_at)",
            ),
            pgtrigger.Trigger(
                name="taken_facts_are_of_known_units",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("OLD.state <> 'taken' AND NEW.state = 'taken'"),
                func=f"""
                IF EXISTS (SELECT FROM evaluation_fact f WHERE f.snapshot_id = NEW.id
                           AND NOT EXISTS (SELECT FROM directory_organisation o WHERE o.id = f.organisation_id)) THEN
                  {refuse("taken_facts_are_of_known_units", "a fact belongs to a unit that exists")}
                END IF;
                RETURN NEW;
                """,
            ),
            *never_deleted(),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.about}（{self.taken_on}取数）"

    @property
    def about(self) -> str:
        """2026年度考评、2026年度试算: which year, for what."""
        return f"{self.year}{self.get_purpose_display().removeprefix('年度')}"

    @property
    def organisation(self) -> Organisation:
        return self.year.organisation


def read_by(user, seen_by) -> Q:
    """Rows of the user's units; what is said of a post is one person's.

    That is for the leads, the district's reviewers and office, and for who holds the post.
    """
    seen = within(user, seen_by, "organisation__path") & ~Q(organisation__level=Level.POST)
    seen |= within(user, READS_POSTS, "organisation__path")
    if user.official_id:
        own = Posting.objects.current().filter(official=user.official_id).values("post")
        seen |= Q(organisation__in=own)
    return seen


class FactQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        return self.filter(read_by(user, self.seen_by))

    def public(self):
        return self.none()


class Fact(models.Model):
    """事实：一个单位的一项指标在取数那天的分子和分母。"""

    pk = models.CompositePrimaryKey("snapshot_id", "organisation_id", "metric")
    # Neither a snapshot nor a unit is ever removed. The snapshot is looked up once for all rows of a statement by the
    # trigger below, the units once for all facts, when the snapshot is taken and before anybody reads it: references
    # that the database checks row by row were a third of writing facts. What is asked of them, the index of the
    # primary key answers: it is the only one.
    snapshot = models.ForeignKey(
        Snapshot,
        on_delete=models.PROTECT,
        related_name="facts",
        db_constraint=False,
        db_index=False,
        verbose_name="取数",
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False,
        verbose_name="单位",
    )  # fmt: skip
    metric = models.CharField("指标", max_length=40)
    numerator = models.BigIntegerField("分子")  # hundredths: half kept counts 50
    denominator = models.IntegerField("分母")

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = "事实"
        ordering = ["snapshot_id", "organisation_id", "metric"]
        constraints = [
            models.CheckConstraint(name="fact_counts_from_zero", condition=Q(denominator__gte=0)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="facts_of_a_taken_snapshot_stay",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(new="added"),
                declare=[("taking", "bigint")],
                func=f"""
                FOR taking IN SELECT DISTINCT snapshot_id FROM added LOOP
                  PERFORM 1 FROM evaluation_snapshot s JOIN programme_year y ON y.id = s.year_id
                  WHERE s.id = taking AND s.state = 'taking' AND y.state <> 'frozen' FOR SHARE OF s;
                  IF NOT FOUND THEN
                    {refuse("facts_of_a_taken_snapshot_stay", "only a snapshot being taken is added to")}
                  END IF;
                END LOOP;
                RETURN NULL;
                """,
            ),
            *append_only(),
        ]

    @property
    def told(self) -> Decimal:
        """The numerator as people say it."""
        return Decimal(self.numerator) / 100


class ImportedFactQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """A unit reads its own and those of the units under it."""
        return self.filter(read_by(user, self.seen_by))

    def public(self):
        return self.none()

    def with_names(self):
        return self.select_related("year", "organisation__parent", "document", "by", "corrects")

    def standing(self):
        """The last word on each unit, metric and year: a correction is a new row that takes the old one's place; what
        an import brought in by mistake is withdrawn with it."""
        return self.filter(superseded_at=None, withdrawn_at=None)


class ImportedFact(models.Model):
    """导入的事实：门户自己不知道的数（窗口办件、第三方测评），连同它出自哪份文件。"""

    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="+", verbose_name="年度")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    metric = models.CharField("指标", max_length=40)
    numerator = models.BigIntegerField("分子")  # hundredths
    denominator = models.IntegerField("分母")
    source = models.CharField("来源", max_length=100)
    document_number = models.CharField("文号", max_length=60, blank=True, default="")
    document = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="来源文件"
    )
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="corrected_by", verbose_name="更正的是"
    )
    reason = models.CharField("更正理由", max_length=500, blank=True, default="")
    superseded_at = models.DateTimeField("被更正的时间", null=True)
    withdrawn_at = models.DateTimeField("导入被撤销的时间", null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="导入人"
    )
    imported_at = models.DateTimeField("导入时间", auto_now_add=True)

    objects = ImportedFactQuerySet.as_manager()

    class Meta:
        verbose_name = "导入的事实"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_standing_imported_fact",
                fields=["year", "organisation", "metric"],
                condition=Q(superseded_at=None, withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="only_a_first_fact_is_withdrawn",
                condition=Q(withdrawn_at=None) | Q(superseded_at=None, corrects=None),
            ),
            models.CheckConstraint(
                name="imported_fact_counts_from_zero", condition=Q(denominator__gte=0, numerator__gte=0)
            ),
            models.CheckConstraint(name="imported_fact_names_its_source", condition=~Q(source="")),
            models.CheckConstraint(
                name="correction_of_a_fact_has_a_reason",
                condition=Q(corrects=None, reason="") | (Q(corrects__isnull=False) & ~Q(reason="")),
            ),
        ]
        triggers = [
            frozen_year_stays(pgtrigger.Insert | pgtrigger.Update),
            fixed(
                "imported_fact_stays",
                *("year_id", "organisation_id", "metric", "numerator", "denominator", "source"),
                *("document_number", "document_id", "corrects_id", "reason", "by_id", "imported_at"),
            ),
            fixed("imported_fact_is_corrected_once", "superseded_at", unless="OLD.superseded_at IS NULL"),
            fixed("imported_fact_is_withdrawn_once", "withdrawn_at", unless="OLD.withdrawn_at IS NULL"),
            pgtrigger.Trigger(
                name="correction_takes_the_place_of_its_own",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
                  SELECT FROM evaluation_importedfact o WHERE o.id = NEW.corrects_id AND o.superseded_at IS NOT NULL
                  AND (o.year_id, o.organisation_id, o.metric) = (NEW.year_id, NEW.organisation_id, NEW.metric)
                ) THEN
                  {refuse("correction_takes_the_place_of_its_own", "of the same unit, metric and year")}
                END IF;
                RETURN NEW;
                """,
            ),
            at_commit(
                "superseded_fact_has_its_correction",
                """NEW.superseded_at IS NOT NULL
                   AND NOT EXISTS (SELECT FROM evaluation_importedfact c WHERE c.corrects_id = NEW.id)""",
                "only a new row takes the place of an old one",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.organisation}{self.year.number}年{self.metric}"

    @property
    def told(self) -> Decimal:
        return Decimal(self.numerator) / 100
