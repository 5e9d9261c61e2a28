"""What the law and the plan prescribe: working days and the rules of deadlines."""

import datetime

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from longsha_credit.audit.triggers import append_only
from longsha_credit.deadlines.calendar import Calendar
from longsha_credit.directory.roles import SEES_WORK


class HolidayQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The calendar is the same for all who work with deadlines."""
        return self if user.holds(*SEES_WORK) else self.none()

    def of_year(self, year: int):
        return self.filter(day__year=year)

    def calendar(self) -> Calendar:
        """The working days as they stand now; one query."""
        rows = list(self.values_list("day", "is_workday", "name"))
        return Calendar({day: worked for day, worked, _ in rows}, {day: name for day, _, name in rows})


@pghistory.track()
class Holiday(models.Model):
    """放假调休：某日按国务院办公厅通知放假或者上班，和程序自带的放假安排不同时以这里为准。"""

    day = models.DateField(
        "日期", unique=True, error_messages={"unique": "这一天已经登记过，请先删去原来的。"}
    )
    is_workday = models.BooleanField("上班")
    name = models.CharField("节日", max_length=30, blank=True, default="")
    basis = models.CharField("依据", max_length=100, blank=True, default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = "放假调休"
        ordering = ["day"]

    def __str__(self):
        return f"{self.day:%Y-%m-%d} {'上班' if self.is_workday else '放假'} {self.name}".rstrip()


class Unit(models.TextChoices):
    DAY = "day", "日"
    WORKDAY = "workday", "工作日"
    MONTH = "month", "个月"
    DATE = "date", "固定日期"
    GIVEN = "given", "约定日期"


class BasisKind(models.TextChoices):
    LAW = "law", "法定"
    REFERENCE = "reference", "参照"
    ADVICE = "advice", "建议"


COUNTED = [Unit.DAY, Unit.WORKDAY, Unit.MONTH]


class RuleQuerySet(models.QuerySet):
    def current(self, key: str, on: datetime.date) -> "Rule":
        """The version in force on a day; before the first one's day, the first. Raises Rule.DoesNotExist."""
        versions = list(self.filter(key=key).order_by("version"))
        if not versions:
            raise Rule.DoesNotExist(f"没有期限规则 {key}，请先运行 load_reference。")
        return next((rule for rule in reversed(versions) if rule.valid_from <= on), versions[0])


class Rule(models.Model):
    """期限规则：几日、工作日还是自然日、依据哪一条、提前几天提醒、超期后督办谁。改规则是新的一版，旧版不动。"""

    key = models.CharField("代号", max_length=40)
    version = models.PositiveIntegerField("版本", default=1)
    label = models.CharField("名称", max_length=60)
    amount = models.PositiveIntegerField("数量", null=True)
    unit = models.CharField("单位", max_length=8, choices=Unit.choices)
    month = models.PositiveSmallIntegerField("月", null=True)
    day = models.PositiveSmallIntegerField("日", null=True)
    roll = models.BooleanField("末日遇休息日顺延", default=False)
    extend_amount = models.PositiveIntegerField("可延期", default=0)
    may_suspend = models.BooleanField("可以暂停", default=False)
    suspend_basis = models.CharField("暂停的依据", max_length=200, blank=True, default="")
    basis = models.CharField("依据", max_length=200)
    basis_kind = models.CharField("依据性质", max_length=10, choices=BasisKind.choices)
    duty = ArrayField(models.CharField(max_length=12), verbose_name="由谁办理", default=list)
    remind_before = ArrayField(models.PositiveSmallIntegerField(), verbose_name="提前几天提醒", default=list)
    escalation = models.JSONField("超期督办", default=list)
    valid_from = models.DateField("施行日期")

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = "期限规则"
        ordering = ["key", "-version"]
        constraints = [
            models.UniqueConstraint(name="rule_has_one_row_per_version", fields=["key", "version"]),
            models.CheckConstraint(
                name="rule_amount_fits_its_unit",
                # each column named as not empty: a comparison with NULL would let the row pass
                condition=Q(unit__in=COUNTED, amount__isnull=False, amount__gte=1, month=None, day=None)
                | Q(
                    unit=Unit.DATE,
                    amount=None,
                    month__isnull=False,
                    month__range=(1, 12),
                    day__isnull=False,
                    day__range=(1, 31),
                    extend_amount=0,
                )
                | Q(unit=Unit.GIVEN, amount=None, month=None, day=None),
            ),
            models.CheckConstraint(
                name="rule_rolls_only_days_and_months",
                condition=Q(roll=False) | Q(unit__in=[Unit.DAY, Unit.MONTH]),
            ),
            models.CheckConstraint(
                name="rule_suspends_only_what_is_counted",
                condition=Q(may_suspend=False) | (Q(unit__in=COUNTED) & ~Q(suspend_basis="")),
            ),
        ]
        triggers = append_only()

    def __str__(self):
        return self.label

    @property
    def amount_in_words(self) -> str:
        """5个工作日, 3个月, 60日, 每年11月15日 or 约定的日期."""
        if self.unit == Unit.DATE:
            return f"每年{self.month}月{self.day}日"
        return "约定的日期" if self.unit == Unit.GIVEN else in_words(self.amount, self.unit)

    @property
    def extension_in_words(self) -> str:
        return in_words(self.extend_amount, self.extension_unit)

    @property
    def extension_unit(self) -> str:
        """A promised day has no unit of its own: more time is counted in working days."""
        return Unit.WORKDAY if self.unit == Unit.GIVEN else self.unit


def in_words(amount: int | None, unit: str) -> str:
    """5个工作日, 3个月, 60日."""
    return f"{amount}个工作日" if unit == Unit.WORKDAY else f"{amount}{Unit(unit).label}"
