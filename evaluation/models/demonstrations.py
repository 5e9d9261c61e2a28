"""A round of demonstration units of one level, and the applications of units in it."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from evaluation.models.facts import Snapshot
from evaluation.models.sets import IndicatorSet
from longsha_credit.audit.triggers import fixed, never_deleted, refuse
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.directory.roles import SEES_WORK, Role
from longsha_credit.directory.scope import ScopedQuerySet, within
from longsha_credit.programme.models.standards import frozen_year_stays
from longsha_credit.programme.models.years import Year, YearQuerySet

DISTRICT = frozenset({Role.REVIEWER, Role.OFFICE})
OUTLIER = 20  # percent of an indicator's points (建议): who is further from the median explains why


class CycleState(models.TextChoices):
    DRAFT = "draft", "拟订中"
    OPEN = "open", "进行中"
    CLOSED = "closed", "已结束"
    DROPPED = "dropped", "已作废"


class CycleQuerySet(YearQuerySet):
    seen_by = SEES_WORK | {Role.PANEL}

    def visible_to(self, user):
        """A round binds every unit of its district; what is still drafted is the district's."""
        drafted = Q(state__in=[CycleState.DRAFT, CycleState.DROPPED])
        return super().visible_to(user).filter(~drafted | within(user, DISTRICT, "organisation__path"))

    def public(self):
        """None: what the public reads of a round are its notices and awards."""
        return self.none()

    def with_names(self):
        return self.select_related("organisation", "year", "set", "snapshot")


def person(label: str, null: bool = True) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=null, editable=False, related_name="+", verbose_name=label
    )  # fmt: skip


@pghistory.track()
class Cycle(models.Model):
    """轮次：某年度对一级单位逐条对标评一次，凭哪套指标、到哪天申报、自评、评审，有没有批准文号。"""

    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="cycles", verbose_name="年度")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="组织单位"
    )
    level = models.CharField(
        "层级", max_length=12, choices=[c for c in Level.choices if c[0] != Level.DISTRICT]
    )
    set = models.ForeignKey(IndicatorSet, on_delete=models.PROTECT, related_name="+", verbose_name="创建指标")
    title = models.CharField("名称", max_length=60)
    apply_until = models.DateField("申报截止")
    assess_until = models.DateField("自评截止")
    panel_until = models.DateField("评审截止")
    publicity_on = models.DateField("计划公示日")
    approval_body = models.CharField("批准机关", max_length=80, blank=True, default="")
    approval_number = models.CharField("批准文号", max_length=60, blank=True, default="")
    approved_on = models.DateField("批准日期", null=True, blank=True)
    outlier_percent = models.PositiveSmallIntegerField("偏离中位数多少要说明（%）", default=OUTLIER)
    snapshot = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, editable=False, related_name="cycles", verbose_name="取数"
    )  # fmt: skip
    state = models.CharField("状态", max_length=8, choices=CycleState.choices, default=CycleState.DRAFT)
    created_by = person("拟定人", null=False)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = "评价轮次"
        ordering = ["-year__number", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_running_cycle_per_level",
                fields=["year", "level"],
                condition=Q(state__in=["draft", "open"]),
            ),
            models.CheckConstraint(
                name="cycle_dates_follow_each_other",
                condition=Q(assess_until__gte=F("apply_until"), panel_until__gte=F("assess_until"))
                & Q(publicity_on__gte=F("panel_until")),
            ),
            models.CheckConstraint(
                name="approval_has_body_number_and_day",
                condition=Q(approval_body="", approval_number="", approved_on=None)
                | (Q(approved_on__isnull=False) & ~Q(approval_body="") & ~Q(approval_number="")),
            ),
            models.CheckConstraint(
                name="outlier_is_a_share", condition=Q(outlier_percent__gte=1, outlier_percent__lte=100)
            ),
        ]
        triggers = [
            frozen_year_stays(pgtrigger.Insert),
            pgtrigger.Trigger(
                name="cycle_fits_its_set",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (SELECT FROM evaluation_indicatorset s WHERE s.id = NEW.set_id
                    AND s.year_id = NEW.year_id AND s.level = NEW.level
                    AND (NEW.state IN ('draft', 'dropped') OR s.state <> 'draft')) THEN
                  {refuse("cycle_fits_its_set", "the set of this year and level, frozen when the round opens")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed(
                "open_cycle_keeps_its_terms",
                *("year_id", "organisation_id", "level", "set_id", "title", "apply_until", "assess_until"),
                *("panel_until", "publicity_on", "outlier_percent", "created_by_id"),
                unless="OLD.state = 'draft'",
            ),
            fixed(
                "cycle_keeps_its_approval",
                *("approval_body", "approval_number", "approved_on"),
                unless="OLD.approval_number = ''",
            ),
            fixed("cycle_keeps_its_facts", "snapshot_id", unless="OLD.snapshot_id IS NULL"),
            *never_deleted(),
        ]

    def __str__(self):
        return self.title

    @property
    def is_approved(self) -> bool:
        """Whether somebody who may name demonstration units approved the round (创建示范活动管理办法)."""
        return bool(self.approval_number)


class ApplicationState(models.TextChoices):
    DRAFT = "draft", "填报自评"
    STREET = "street", "街道初审"
    CHECK = "check", "区级复核"
    PANEL = "panel", "专家评审"
    SCORED = "scored", "评审完毕，待定级"
    CANDIDATE = "candidate", "拟公示"
    PUBLICITY = "publicity", "公示"
    AWARDED = "awarded", "已评定"
    FINISHED = "finished", "未入选"
    WITHDRAWN = "withdrawn", "已撤回申报"


A = ApplicationState
BEFORE_PANEL = [A.DRAFT, A.STREET, A.CHECK]
CHOSEN = [A.CANDIDATE, A.PUBLICITY, A.AWARDED]


class ApplicationQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """Of the own units and those below; a panel member reads what they are to score, unless they stay away."""
        seats = self.model._meta.get_field("seats").related_model._base_manager
        own = seats.filter(application=OuterRef("pk"), reviewer=user.pk, state__in=["assigned", "sent"])
        return self.filter(within(user, self.seen_by, self.path_lookup) | Q(Exists(own)))

    def public(self):
        return self.none()

    def with_names(self):
        return self.select_related(
            "organisation__parent", "cycle__organisation", "cycle__set", "cycle__snapshot", "notice"
        )

    def in_the_round(self):
        return self.exclude(state=A.WITHDRAWN)


@pghistory.track()
class Application(models.Model):
    """申报：一个单位在一个轮次里逐条自评、附上佐证，经初审、复核、评审、公示，到评定或者未入选。"""

    cycle = models.ForeignKey(
        Cycle, on_delete=models.PROTECT, related_name="applications", verbose_name="轮次"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    reason = models.TextField("申报理由", max_length=1000)
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name="沿用自"
    )
    state = models.CharField("状态", max_length=10, choices=A.choices, default=A.DRAFT)
    notice = models.ForeignKey(
        "evaluation.CandidateNotice", on_delete=models.PROTECT, null=True, editable=False,
        related_name="applications", verbose_name="公示",
    )  # fmt: skip
    total = models.PositiveIntegerField("定级总分", null=True, editable=False)  # hundredths
    grade = models.CharField("等级", max_length=10, blank=True, default="", editable=False)
    created_by = person("经办人", null=False)
    submitted_by = person("提交人")
    submitted_on = models.DateField("提交日期", null=True, editable=False)
    street_by = person("初审人")
    district_by = person("复核人")
    return_reason = models.CharField("退回理由", max_length=500, blank=True, default="", editable=False)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "申报"
        ordering = ["-id"]
        indexes = [models.Index(fields=["cycle", "state"], name="application_by_cycle")]
        constraints = [
            models.UniqueConstraint(
                name="one_application_per_unit",
                fields=["cycle", "organisation"],
                condition=~Q(state="withdrawn"),
            ),
            models.CheckConstraint(
                name="application_is_checked_by_others",
                condition=(
                    Q(street_by=None) | (~Q(street_by=F("submitted_by")) & ~Q(street_by=F("created_by")))
                )
                & (
                    Q(district_by=None)
                    | (~Q(district_by=F("submitted_by")) & ~Q(district_by=F("created_by")))
                )
                & (Q(street_by=None) | Q(district_by=None) | ~Q(district_by=F("street_by"))),
            ),
            models.CheckConstraint(
                name="only_a_candidate_by_grade_is_chosen",
                condition=~Q(state__in=CHOSEN) | Q(grade="candidate", total__isnull=False),
            ),
            models.CheckConstraint(
                name="publicity_has_its_notice",
                condition=~Q(state__in=["publicity", "awarded"]) | Q(notice__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="application_fits_its_level",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF (SELECT level FROM evaluation_cycle WHERE id = NEW.cycle_id)
                   <> (SELECT level FROM directory_organisation WHERE id = NEW.organisation_id) THEN
                  {refuse("application_fits_its_level", "the unit is of another level than the round")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed("application_keeps_its_place", "cycle_id", "organisation_id", "created_by_id", "copied_from_id"),
            fixed("application_changes_only_as_draft", "reason", unless="OLD.state = 'draft'"),
            fixed("application_is_graded_once", "total", "grade", unless="OLD.grade = ''"),
            fixed(
                "shown_candidate_stays_in_its_notice", "notice_id",
                unless="""OLD.notice_id IS NULL OR EXISTS (SELECT FROM evaluation_candidatenotice n
                    WHERE n.id = OLD.notice_id AND n.state IN ('draft', 'discarded', 'withdrawn'))""",
            ),
            *never_deleted(),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.organisation.name}：{self.cycle.title}"

    @property
    def goes_straight_to(self) -> str:
        """Where a submission goes when no street stands above the unit to look at it first; "" where one does."""
        above = [int(part) for part in self.organisation.path.strip("/").split("/")[:-1]]
        has_street = Organisation.objects.filter(pk__in=above, level=Level.STREET).exists()
        return "" if has_street else A.CHECK
