"""The list of what a year asks of the units of each level."""

import datetime

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q

from longsha_credit.audit.triggers import fixed, never_deleted, refuse
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.programme.models.main_tasks import MainTask
from longsha_credit.programme.models.years import StageKey, Year, YearQuerySet

SUMMARY = "summary_report"


class TaskRule(models.TextChoices):
    """Under which rule of deadlines the task's clock runs."""

    TASK = "programme_task", "年度任务"
    SUMMARY = SUMMARY, "年度总结报送"


def frozen_year_stays(operation) -> pgtrigger.Trigger:
    """A row that carries its year is closed with it; the lock makes this wait for a freezing under way."""
    return pgtrigger.Trigger(
        name="frozen_year_stays",
        operation=operation,
        when=pgtrigger.Before,
        declare=[("state_now", "TEXT")],
        func=f"""
        SELECT state INTO state_now FROM programme_year WHERE id = NEW.year_id FOR SHARE;
        IF state_now = 'frozen' THEN
          {refuse("frozen_year_stays", "a frozen year is closed for everybody")}
        END IF;
        RETURN NEW;
        """,
    )


class StandardTaskQuerySet(YearQuerySet):
    """A year's list binds every unit of its district, so that all who work there read it."""

    def visible_to(self, user):
        return self.filter(year__in=Year.objects.visible_to(user))

    def public(self):
        """None: the list is the offices' own."""
        return self.none()

    def current(self):
        return self.filter(retired_on=None)

    def with_issued(self):
        """Each row with `issued`: whether any unit was given it."""
        tasks = self.model._meta.get_field("tasks").related_model.objects
        return self.annotate(issued=Exists(tasks.filter(standard=OuterRef("pk"))))

    def in_order(self):
        rank = models.Case(*(models.When(level=level, then=n) for n, level in enumerate(Level.values)))
        return self.order_by(rank, "number", "id")


@pghistory.track()
class StandardTask(models.Model):
    """标准任务：某年度要某一级单位做成的一件事、凭什么算做成、属于方案的哪一项、到哪天。下达以后不再改。"""

    year = models.ForeignKey(
        Year, on_delete=models.PROTECT, related_name="standard_tasks", verbose_name="年度"
    )
    level = models.CharField("层级", max_length=12, choices=Level.choices)
    number = models.PositiveSmallIntegerField("序号")
    main = models.PositiveSmallIntegerField("主要任务", choices=MainTask.choices)
    title = models.CharField("任务", max_length=60)
    work = models.TextField("做成什么", max_length=500)
    evidence = models.TextField("凭什么算做成", max_length=300)
    basis = models.CharField("依据", max_length=200)
    stage = models.CharField("阶段", max_length=8, choices=StageKey.choices)
    due_on = models.DateField("期限")
    rule_key = models.CharField("期限规则", max_length=40, choices=TaskRule.choices, default=TaskRule.TASK)
    retired_on = models.DateField("停用日期", null=True, blank=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = StandardTaskQuerySet.as_manager()

    class Meta:
        verbose_name = "标准任务"
        ordering = ["year", "level", "number"]
        constraints = [
            models.UniqueConstraint(
                name="one_standard_task_per_number",
                fields=["year", "level", "number"],
                condition=Q(retired_on=None),
            ),
            models.UniqueConstraint(
                name="one_summary_report_per_level",
                fields=["year", "level"],
                condition=Q(rule_key=SUMMARY, retired_on=None),
            ),
            models.CheckConstraint(name="main_task_is_of_the_plan", condition=Q(main__in=MainTask.values)),
            models.CheckConstraint(
                name="standard_task_is_in_a_stage", condition=Q(stage__in=StageKey.values)
            ),
            models.CheckConstraint(
                name="standard_task_runs_under_its_rule", condition=Q(rule_key__in=TaskRule.values)
            ),
        ]
        triggers = [
            frozen_year_stays(pgtrigger.Insert | pgtrigger.Update),
            pgtrigger.Trigger(
                name="standard_task_is_due_in_its_year",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF (SELECT number FROM programme_year WHERE id = NEW.year_id)
                   IS DISTINCT FROM extract(year FROM NEW.due_on)::int THEN
                  {refuse("standard_task_is_due_in_its_year", "the day lies in the year")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed("standard_task_keeps_its_year", "year_id"),
            fixed(
                "issued_standard_task_keeps_its_words",
                *(
                    "level",
                    "number",
                    "main",
                    "title",
                    "work",
                    "evidence",
                    "basis",
                    "stage",
                    "due_on",
                    "rule_key",
                ),
                unless="NOT EXISTS (SELECT FROM programme_task t WHERE t.standard_id = OLD.id)",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return self.title

    @property
    def organisation(self) -> Organisation:
        """The district that keeps the list: an entry about it belongs there."""
        return self.year.organisation

    @property
    def place(self) -> str:
        return MainTask(self.main).place

    def is_past(self, today: datetime.date) -> bool:
        return self.due_on < today
