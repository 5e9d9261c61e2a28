"""An activity of integrity education from plan to summary, and the text of it that residents read."""

import datetime

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from longsha_credit.audit.triggers import fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.files.models import StoredFile
from longsha_credit.programme.models.years import Year
from longsha_credit.publication.models import Publication, PublishableQuerySet

LONG = 2000  # characters of a summary or of a public text


class Theme(models.TextChoices):
    """讲什么：诚信教育的主题。"""

    GOVERNMENT = "government", "政务诚信"
    CREDIT = "credit", "信用知识"
    LAW = "law", "守法和契约"
    ETHICS = "ethics", "职业道德"
    CULTURE = "culture", "诚信文化"
    OTHER = "other", "其他主题"


class Audience(models.TextChoices):
    OFFICIALS = "officials", "公职人员"
    RESIDENTS = "residents", "居民"
    COMPANIES = "companies", "企业"


class ActivityKind(models.TextChoices):
    LECTURE = "lecture", "讲座"
    PUBLICITY = "publicity", "宣传"
    TRAINING = "training", "培训课"
    OTHER = "other", "其他活动"


class ActivityState(models.TextChoices):
    PLANNED = "planned", "已计划"
    HELD = "held", "已举办，待总结"
    SUMMARISED = "summarised", "已总结"
    FILED = "filed", "只留内部"
    CANCELLED = "cancelled", "已取消"


class CancelReason(models.TextChoices):
    """为什么取消：居民看到的就是这几个字。"""

    SPEAKER = "speaker", "主讲人不能到场"
    VENUE = "venue", "场地不能使用"
    WEATHER = "weather", "天气原因"
    MERGED = "merged", "并入别的活动"
    WORK = "work", "工作安排有变"
    FEW = "few", "报名的人太少"


AFTER = ["held", "summarised", "filed"]  # it took place
TOLD = ["summarised", "filed"]
# What the plan of an activity consists of; it changes only while it is a plan.
PLAN = (
    *("kind", "title", "theme", "audiences", "planned_on", "starts_at", "place", "expected", "speaker"),
    *("hours", "about"),
)
# What is told of an activity that took place.
OUTCOME = ("held_on", "attendance", "summary", "outcome")


def person(label: str, **options) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **options
    )


def audiences_field() -> ArrayField:
    return ArrayField(models.CharField(max_length=10), verbose_name="对象")


def closed_with_its_year(*columns: str) -> pgtrigger.Trigger:
    """Rows of a frozen year are neither added nor changed in these columns, and none moves in or out."""
    changed = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in ("year_id", *columns))
    return pgtrigger.Trigger(
        name="frozen_year_stays",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        # The lock makes this wait for a freezing that is under way, and a freezing wait for this.
        func=f"""
        IF TG_OP = 'INSERT' OR {changed} THEN
          PERFORM 1 FROM programme_year WHERE id IN (NEW.year_id, OLD.year_id) ORDER BY id FOR SHARE;
          IF EXISTS (SELECT FROM programme_year WHERE id IN (NEW.year_id, OLD.year_id) AND state = 'frozen') THEN
            {refuse("frozen_year_stays", "a frozen year is closed for everybody")}
          END IF;
        END IF;
        RETURN NEW;
        """,
    )


def lies_in_its_year(rule: str, *days: str) -> pgtrigger.Trigger:
    """These days of a row are days of its year."""
    outside = " OR ".join(f"coalesce(extract(year FROM NEW.{day}) <> y.number, FALSE)" for day in days)
    return pgtrigger.Trigger(
        name=rule,
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        func=f"""
        IF EXISTS (SELECT FROM programme_year y WHERE y.id = NEW.year_id AND ({outside})) THEN
          {refuse(rule, "its days are days of its year")}
        END IF;
        RETURN NEW;
        """,
    )


class ActivityQuerySet(ScopedQuerySet):
    def with_names(self):
        return self.select_related("organisation", "year", "created_by")

    def took_place(self):
        return self.filter(state__in=AFTER)

    def to_come(self, today: datetime.date):
        return self.filter(state=ActivityState.PLANNED, planned_on__gte=today)


@pghistory.track()
class Activity(models.Model):
    """诚信教育活动：某单位计划、举办、总结的一次讲座、宣传、培训课；参加的只记人次，没有名单。"""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="举办单位"
    )
    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="+", verbose_name="年度")
    code = models.CharField("活动编号", max_length=24, unique=True, editable=False)
    kind = models.CharField("形式", max_length=10, choices=ActivityKind.choices)
    title = models.CharField("名称", max_length=80)
    theme = models.CharField("主题", max_length=12, choices=Theme.choices)
    audiences = audiences_field()
    planned_on = models.DateField("计划日期")
    starts_at = models.TimeField("开始时间", null=True, blank=True)
    place = models.CharField("地点", max_length=120)
    expected = models.PositiveIntegerField("预计人数")
    speaker = models.CharField("主讲", max_length=80, blank=True, default="")
    hours = models.DecimalField("学时", max_digits=4, decimal_places=1, null=True, blank=True)
    about = models.TextField("主要内容", max_length=1000)
    held_on = models.DateField("举办日期", null=True, blank=True)
    attendance = models.PositiveIntegerField("参加人次", null=True, blank=True)
    summary = models.TextField("总结", max_length=LONG, blank=True, default="")
    outcome = models.TextField("成效", max_length=1000, blank=True, default="")
    files = models.ManyToManyField(StoredFile, related_name="+", blank=True, verbose_name="照片和材料")
    cancel_why = models.CharField(
        "取消原因", max_length=10, choices=CancelReason.choices, blank=True, default=""
    )
    state = models.CharField(
        "状态", max_length=12, choices=ActivityState.choices, default=ActivityState.PLANNED
    )
    created_by = person("经办人")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "诚信教育活动"
        verbose_name_plural = verbose_name
        ordering = ["-planned_on", "-id"]
        indexes = [models.Index(fields=["organisation", "year", "state"], name="activity_by_unit")]
        constraints = [
            models.CheckConstraint(
                name="activity_is_for_somebody",
                condition=Q(audiences__len__gte=1)
                & Q(audiences__contained_by=Audience.values)
                & Q(expected__gte=1),
            ),
            models.CheckConstraint(
                name="activity_counts_some_hours",
                condition=Q(hours=None) | Q(hours__gt=0, hours__lte=100),
            ),
            models.CheckConstraint(
                name="held_activity_says_when_and_how_many",
                condition=Q(state__in=AFTER, held_on__isnull=False, attendance__isnull=False)
                | Q(state__in=["planned", "cancelled"], held_on=None, attendance=None),
            ),
            models.CheckConstraint(
                name="told_activity_says_what_came_of_it", condition=~Q(state__in=TOLD) | ~Q(summary="")
            ),
            models.CheckConstraint(
                name="cancelled_activity_says_why",
                condition=Q(state="cancelled", cancel_why__in=CancelReason.values)
                | (~Q(state="cancelled") & Q(cancel_why="")),
            ),
        ]
        triggers = [
            lies_in_its_year("activity_lies_in_its_year", "planned_on", "held_on"),
            fixed("plan_changes_only_as_plan", *PLAN, "year_id", unless="OLD.state = 'planned'"),
            fixed("told_outcome_stays", *OUTCOME, unless="OLD.state IN ('planned', 'held')"),
            fixed("activity_keeps_what_it_is", "organisation_id", "created_by_id", "code"),
            fixed("cancelled_activity_stays", "state", unless="OLD.state <> 'cancelled'"),
            closed_with_its_year(*PLAN, *OUTCOME, "cancel_why", "state"),
            *never_deleted(),
        ]

    def __str__(self):
        return self.title

    @property
    def audience_words(self) -> str:
        return "、".join(str(Audience(value).label) for value in self.audiences)

    @property
    def day(self) -> datetime.date:
        """When it was, or is to be."""
        return self.held_on or self.planned_on

    @property
    def took_place(self) -> bool:
        return self.state in AFTER


class EditionState(models.TextChoices):
    """一份公开稿、一版资料走到哪一步。"""

    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "审查中"
    PUBLISHED = "published", "公开中"
    WITHDRAWING = "withdrawing", "申请撤下"
    REPLACED = "replaced", "已由新版代替"
    ENDED = "ended", "已撤下"
    DISCARDED = "discarded", "已作废"


SHOWN = ["published", "withdrawing"]


class EditionQuerySet(PublishableQuerySet):
    def public(self):
        return super().public().filter(state__in=SHOWN)


class Edition(models.Model):
    """One version of a text: written, reviewed by three people, shown until the next one takes its place."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    files = models.ManyToManyField(StoredFile, related_name="+", blank=True, verbose_name="附件")
    reason = models.CharField("为什么改", max_length=500, blank=True, default="")
    # not one to one: each new version is a row that takes over the place of the one before
    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name="公开"
    )  # fmt: skip
    withdraw_reason = models.CharField("撤下理由", max_length=500, blank=True, default="", editable=False)
    withdraw_asked_by = person("撤下申请人", null=True, editable=False)
    created_by = person("经办人")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    class Meta:
        abstract = True


def edition_rules(thing: str, of: str, on_the_way: list[str], out: list[str]) -> list:
    """Constraints of an edition: published with its publication, one on its way, one that stands."""
    return [
        models.CheckConstraint(
            name=f"shown_{thing}_has_its_publication",
            condition=~Q(state__in=SHOWN) | Q(publication__isnull=False),
        ),
        models.CheckConstraint(
            name=f"unsent_{thing}_has_no_publication",
            condition=~Q(state__in=["draft", "in_review", "discarded"]) | Q(publication=None),
        ),
        models.UniqueConstraint(
            name=f"one_{thing}_on_its_way", fields=[of], condition=Q(state__in=on_the_way)
        ),
        models.UniqueConstraint(name=f"one_{thing}_stands", fields=[of], condition=Q(state__in=out)),
        models.CheckConstraint(
            name=f"{thing}_withdrawal_has_a_reason",
            condition=~Q(state__in=["withdrawing", "ended"])
            | (~Q(withdraw_reason="") & Q(withdraw_asked_by__isnull=False)),
        ),
    ]


def edition_triggers(thing: str, of: str, *columns: str) -> list:
    """Triggers of an edition: its text changes only as a draft, its publication stays."""
    return [
        fixed(f"{thing}_changes_only_as_draft", *columns, "reason", unless="OLD.state = 'draft'"),
        fixed(f"{thing}_keeps_what_it_is", of, "organisation_id", "created_by_id"),
        fixed(f"{thing}_keeps_its_publication", "publication_id", unless="OLD.publication_id IS NULL"),
        *never_deleted(),
    ]


class SheetStage(models.TextChoices):
    ANNOUNCEMENT = "announcement", "预告"
    REPORT = "report", "活动情况"


SHEET_TEXT = ("stage", "title", "day", "time", "place", "speaker", "text", "outcome", "attendance")


class ActivitySheetQuerySet(EditionQuerySet):
    def with_names(self):
        return self.select_related("organisation", "activity__organisation", "publication", "created_by")


@pghistory.track()
class ActivitySheet(Edition):
    """活动公开稿：居民看到的预告或活动情况；照片随稿审查，人次只写数字。"""

    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, related_name="sheets", verbose_name="活动"
    )
    stage = models.CharField("公开什么", max_length=12, choices=SheetStage.choices)
    title = models.CharField("标题", max_length=80)
    day = models.DateField("日期")
    time = models.TimeField("时间", null=True, blank=True)
    place = models.CharField("地点", max_length=120)
    speaker = models.CharField("主讲", max_length=80, blank=True, default="")
    text = models.TextField("内容", max_length=LONG)
    outcome = models.TextField("成效", max_length=1000, blank=True, default="")
    attendance = models.PositiveIntegerField("参加人次", null=True, blank=True)
    state = models.CharField("状态", max_length=12, choices=EditionState.choices, default=EditionState.DRAFT)

    objects = ActivitySheetQuerySet.as_manager()

    class Meta:
        verbose_name = "活动公开稿"
        verbose_name_plural = verbose_name
        ordering = ["-id"]
        constraints = [
            *edition_rules("activity_sheet", "activity", ["draft", "in_review"], SHOWN),
            models.CheckConstraint(
                name="only_a_report_tells_how_many",
                condition=Q(stage="report", attendance__isnull=False)
                | Q(stage="announcement", attendance=None, outcome=""),
            ),
        ]
        triggers = [
            *edition_triggers("activity_sheet", "activity_id", *SHEET_TEXT),
            pgtrigger.Trigger(
                name="report_is_of_an_activity_that_was_summed_up",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF NEW.stage = 'report' AND NEW.state IN ('in_review', 'published') AND NOT EXISTS (
                    SELECT FROM programme_activity a WHERE a.id = NEW.activity_id
                    AND a.state IN ('summarised', 'filed')
                ) THEN
                  {refuse("report_is_of_an_activity_that_was_summed_up", "what took place is told after its summary")}
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.get_stage_display()}：{self.title}"
