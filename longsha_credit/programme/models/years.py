"""A year of the programme and its three stages; once frozen, a year is closed for everybody."""

import datetime

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from longsha_credit.audit.triggers import at_commit, fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.programme.reference import FIRST_YEAR


class YearState(models.TextChoices):
    OPEN = "open", "进行中"
    CLOSING = "closing", "申请封存"
    FROZEN = "frozen", "已封存"


class YearQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """The years of every district in which the user works: its arrangements bind its streets too."""
        districts = {f"/{path.split('/')[1]}/" for path in user.paths_for(self.seen_by)}
        return self.filter(organisation__path__in=districts)

    def public(self):
        """All of them: the plan and its dates are published by the district."""
        return self.all()

    def with_stages(self):
        return self.select_related("organisation", "copied_from").prefetch_related("stages")

    def open_on(self, day: datetime.date):
        """The year a day belongs to, while facts, tasks and scores may still be written in it."""
        return self.filter(number=day.year).exclude(state=YearState.FROZEN)


@pghistory.track()
class Year(models.Model):
    """年度：方案在这一年的安排。封存以后，这一年的事实、任务和得分对谁都不能再改。"""

    number = models.PositiveSmallIntegerField("年度", unique=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="区"
    )
    title = models.CharField("方案名称", max_length=200)
    basis = models.CharField("依据", max_length=300)
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="沿用自"
    )
    report_on = models.DateField("报送日")
    state = models.CharField("状态", max_length=8, choices=YearState.choices, default=YearState.OPEN)
    closing_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="封存申请人",
    )
    closing_reason = models.CharField("封存理由", max_length=500, blank=True, default="")
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="封存批准人",
    )
    frozen_at = models.DateTimeField("封存时间", null=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = YearQuerySet.as_manager()

    class Meta:
        verbose_name = "年度"
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                name="year_is_of_the_programme", condition=Q(number__gte=FIRST_YEAR, number__lte=2100)
            ),
            models.CheckConstraint(
                name="report_day_is_in_its_year", condition=Q(report_on__year=F("number"))
            ),
            models.CheckConstraint(
                name="year_is_frozen_by_two_people",
                condition=Q(state="open", closing_by=None, closing_reason="", frozen_by=None, frozen_at=None)
                | (
                    Q(state="closing", closing_by__isnull=False, frozen_by=None, frozen_at=None)
                    & ~Q(closing_reason="")
                )
                | (
                    Q(state="frozen", closing_by__isnull=False, frozen_by__isnull=False)
                    & Q(frozen_at__isnull=False)
                    & ~Q(closing_reason="")
                    & ~Q(frozen_by=F("closing_by"))
                ),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_year_stays",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF OLD.state = 'frozen' THEN
                  {refuse("frozen_year_stays", "a frozen year is closed for everybody")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed("year_keeps_its_number", "number", "organisation_id", "copied_from_id"),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.number}年度"

    @property
    def is_frozen(self) -> bool:
        return self.state == YearState.FROZEN

    def stage_on(self, day: datetime.date) -> "Stage | None":
        """The stage a day lies in; None before, between and after them."""
        return next((s for s in self.stages.all() if s.starts_on <= day <= s.ends_on), None)


class StageKey(models.TextChoices):
    """试点方案三列明的三个阶段。"""

    START = "start", "组织启动"
    ADVANCE = "advance", "全面推进"
    CONCLUDE = "conclude", "总结经验"


@pghistory.track()
class Stage(models.Model):
    """阶段：某年度从某日到某日做什么。"""

    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="stages", verbose_name="年度")
    key = models.CharField("阶段", max_length=8, choices=StageKey.choices)
    name = models.CharField("名称", max_length=20)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    task = models.TextField("工作内容", max_length=1000)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    class Meta:
        verbose_name = "阶段"
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(name="one_stage_per_key", fields=["year", "key"]),
            models.CheckConstraint(name="stage_is_of_the_plan", condition=Q(key__in=StageKey.values)),
            models.CheckConstraint(
                name="stage_ends_after_it_begins", condition=Q(ends_on__gte=F("starts_on"))
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_year_stays",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                declare=[("state_now", "TEXT")],
                # The lock makes this wait for a freezing that is under way, and a freezing wait for this.
                func=f"""
                SELECT state INTO state_now FROM programme_year WHERE id = NEW.year_id FOR SHARE;
                IF state_now = 'frozen' THEN
                  {refuse("frozen_year_stays", "a frozen year is closed for everybody")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed("stage_keeps_its_place", "year_id", "key"),
            at_commit(
                "stage_lies_in_its_year",
                """EXISTS (
                    SELECT FROM programme_stage s JOIN programme_year y ON y.id = s.year_id
                    WHERE s.id = NEW.id AND (extract(year FROM s.starts_on) <> y.number
                                             OR extract(year FROM s.ends_on) <> y.number)
                )""",
                "a stage begins and ends in its year",
            ),
            at_commit(
                "stages_do_not_overlap",
                """EXISTS (
                    SELECT FROM programme_stage a JOIN programme_stage b ON b.year_id = a.year_id AND b.id > a.id
                    WHERE a.year_id = NEW.year_id AND a.starts_on <= b.ends_on AND b.starts_on <= a.ends_on
                )""",
                "the stages of a year follow each other",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.year} {self.name}"

    def is_over(self, day: datetime.date) -> bool:
        return self.ends_on < day

    def days_left(self, day: datetime.date) -> int:
        """Days after `day` that still belong to the stage; 0 on its last day."""
        return (self.ends_on - day).days
