"""The standard for demonstration units of one level: headings, indicators, and what rules a unit out."""

import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from longsha_credit.audit.triggers import at_commit, fixed, never_deleted, refuse
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import within
from longsha_credit.programme.models.standards import frozen_year_stays
from longsha_credit.programme.models.years import Year, YearQuerySet

HUNDREDTHS = 100  # points are kept in hundredths of a point, so that adding them up is exact
FULL = 100 * HUNDREDTHS


class SetState(models.TextChoices):
    DRAFT = "draft", "拟订中"
    IN_FORCE = "in_force", "启用"
    RETIRED = "retired", "停用"


class Way(models.TextChoices):
    """计分方式：系统测算、人工评审、系统测算后人工可以调低。"""

    AUTO = "auto", "系统测算"
    LOWERED = "lowered", "系统测算，人工可调低"
    HUMAN = "human", "人工评审"


class Rank(models.TextChoices):
    """加分看表彰或经验推广出自哪一级。"""

    NATION = "nation", "国家级"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    DISTRICT = "district", "区级"


def usual_bonus() -> dict[str, int]:
    """What a commendation of each rank adds, in hundredths (建议, domain §4.4)."""
    return {Rank.NATION.value: 300, Rank.PROVINCE.value: 200, Rank.CITY.value: 100, Rank.DISTRICT.value: 50}


class IndicatorSetQuerySet(YearQuerySet):
    def visible_to(self, user):
        """A year's standard binds every unit of its district, so that all who work there read it; its drafts do not."""
        drafting = within(user, SEES_WORK, "year__organisation__path")
        return self.filter(~Q(state=SetState.DRAFT) | drafting, year__in=Year.objects.visible_to(user))

    def public(self):
        """The standards in force: what units are measured by is no secret; retired ones stay readable."""
        return self.exclude(state=SetState.DRAFT)

    def with_names(self):
        return self.select_related("year__organisation", "copied_from__year", "edited_by")

    def in_force(self):
        return self.filter(state=SetState.IN_FORCE)

    def in_order(self):
        """The newest year first, its levels from the street down, the newest version first."""
        rank = models.Case(*(models.When(level=level, then=n) for n, level in enumerate(Level.values)))
        return self.order_by("-year__number", rank, "-version")


class OfSetQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(**{f"{self.model.SET}__in": IndicatorSet.objects.visible_to(user)})

    def public(self):
        return self.filter(**{f"{self.model.SET}__in": IndicatorSet.objects.public()})


def set_is_frozen(find_set: str) -> pgtrigger.Trigger:
    """Rows of a set change while it is a draft only; `find_set` is SQL giving the id of the set from ROW_NOW."""
    return pgtrigger.Trigger(
        name="set_in_use_keeps_its_words",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        declare=[("row_now", "RECORD"), ("state_now", "TEXT")],
        func=f"""
        IF TG_OP = 'DELETE' THEN row_now := OLD; ELSE row_now := NEW; END IF;
        SELECT state INTO state_now FROM evaluation_indicatorset WHERE id = ({find_set}) FOR SHARE;
        IF state_now <> 'draft' THEN
          {refuse("set_in_use_keeps_its_words", "a set in use is copied, never edited")}
        END IF;
        RETURN row_now;
        """,
    )


@pghistory.track()
class IndicatorSet(models.Model):
    """创建指标：某年度某一级示范单位凭什么评。启用以后不再改，只能复制出新的一版。"""

    year = models.ForeignKey(
        Year, on_delete=models.PROTECT, related_name="indicator_sets", verbose_name="年度"
    )
    level = models.CharField("层级", max_length=12, choices=Level.choices)
    version = models.PositiveSmallIntegerField("版本")
    title = models.CharField("名称", max_length=60)
    basis = models.CharField("依据", max_length=300)
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="沿用自"
    )
    # Who wrote in it last; another person puts it in force. None: as the reference data has it.
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="修改人"
    )
    # Lines in hundredths of a point of 100, and of a heading's share: data with their basis, not constants.
    candidate_line = models.PositiveIntegerField("示范候选线", default=90 * HUNDREDTHS)
    pass_line = models.PositiveIntegerField("达标线", default=80 * HUNDREDTHS)
    nurture_line = models.PositiveIntegerField("培育线", default=70 * HUNDREDTHS)
    heading_floor = models.PositiveIntegerField("各项任务最低得分率", default=60 * HUNDREDTHS)
    bonus_cap = models.PositiveIntegerField("加分上限", default=5 * HUNDREDTHS)
    bonus_points = models.JSONField("各级加分", default=usual_bonus)  # {Rank: hundredths}
    lines_basis = models.CharField("等级线的依据", max_length=200, default="建议值")
    state = models.CharField("状态", max_length=10, choices=SetState.choices, default=SetState.DRAFT)
    frozen_at = models.DateTimeField("启用时间", null=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = IndicatorSetQuerySet.as_manager()

    class Meta:
        verbose_name = "创建指标"
        ordering = ["-year__number", "level", "-version"]
        constraints = [
            models.UniqueConstraint(name="one_set_per_version", fields=["year", "level", "version"]),
            models.UniqueConstraint(
                name="one_set_in_force_per_level", fields=["year", "level"], condition=Q(state="in_force")
            ),
            models.CheckConstraint(
                name="set_is_of_a_demonstration_level",
                condition=Q(level__in=["street", "community", "window", "post"]),
            ),
            models.CheckConstraint(
                name="grade_lines_descend",
                condition=Q(candidate_line__gt=F("pass_line"), candidate_line__lte=FULL)
                & Q(pass_line__gt=F("nurture_line")),
            ),
            models.CheckConstraint(name="heading_floor_is_a_share", condition=Q(heading_floor__lte=FULL)),
            models.CheckConstraint(name="set_names_its_basis", condition=~Q(basis="") & ~Q(title="")),
            models.CheckConstraint(
                name="set_says_when_it_was_frozen",
                condition=Q(state="draft", frozen_at=None)
                | Q(state__in=["in_force", "retired"], frozen_at__isnull=False),
            ),
        ]
        triggers = [
            frozen_year_stays(pgtrigger.Insert | pgtrigger.Update),
            fixed("set_keeps_its_place", "year_id", "level", "version", "copied_from_id"),
            fixed(
                "set_in_use_keeps_its_words",
                *("title", "basis", "candidate_line", "pass_line", "nurture_line", "heading_floor"),
                *("bonus_cap", "bonus_points", "lines_basis", "edited_by_id", "frozen_at"),
                unless="OLD.state = 'draft'",
            ),
            fixed("set_in_use_is_no_draft_again", "state", unless="NEW.state <> 'draft'"),
            at_commit(
                "set_in_force_adds_up_to_a_hundred",
                f"""NEW.state = 'in_force' AND (
                    SELECT coalesce(sum(i.points), 0) FROM evaluation_indicator i
                    JOIN evaluation_heading h ON h.id = i.heading_id WHERE h.set_id = NEW.id
                ) <> {FULL}""",
                "the points of a set add up to 100",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.title}（{self.year.number}年第{self.version}版）"

    @property
    def organisation(self) -> Organisation:
        """The district that keeps the set: an entry about it belongs there."""
        return self.year.organisation

    @property
    def is_draft(self) -> bool:
        return self.state == SetState.DRAFT

    @property
    def is_in_force(self) -> bool:
        return self.state == SetState.IN_FORCE


@pghistory.track()
class Heading(models.Model):
    """一级指标：方案九项任务中的一项，在这一级单位叫什么、占多少分。"""

    SET = "set"

    set = models.ForeignKey(
        IndicatorSet, on_delete=models.PROTECT, related_name="headings", verbose_name="创建指标"
    )
    number = models.PositiveSmallIntegerField("任务序号")
    title = models.CharField("名称", max_length=30)
    same_as = models.UUIDField(
        default=uuid.uuid4, editable=False
    )  # the same in every copy, to compare versions

    objects = OfSetQuerySet.as_manager()

    class Meta:
        verbose_name = "一级指标"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="one_heading_per_task", fields=["set", "number"]),
            models.CheckConstraint(
                name="heading_is_of_the_nine_tasks", condition=Q(number__gte=1, number__lte=9)
            ),
        ]
        triggers = [fixed("heading_keeps_its_set", "set_id"), set_is_frozen("row_now.set_id")]

    def __str__(self):
        return self.title


@pghistory.track()
class Indicator(models.Model):
    """二级指标：一条标准值多少分、怎样算或凭什么评。"""

    SET = "heading__set"

    heading = models.ForeignKey(
        Heading, on_delete=models.PROTECT, related_name="indicators", verbose_name="一级指标"
    )
    number = models.PositiveSmallIntegerField("序号")
    title = models.CharField("指标", max_length=80)
    points = models.PositiveIntegerField("分值")  # hundredths
    way = models.CharField("计分方式", max_length=8, choices=Way.choices)
    # What is measured and how it becomes points, see `evaluation/scoring.py`; empty for what people judge.
    measures = models.JSONField("算法", default=list, blank=True)
    # What people may give, [[words, hundredths], …], the best first; empty: any points up to the indicator's.
    scale = models.JSONField("评分档次", default=list, blank=True)
    formula = models.CharField("计算方法", max_length=300)
    evidence = models.CharField("看什么材料", max_length=200, blank=True, default="")
    basis = models.CharField("依据", max_length=200, blank=True, default="")
    same_as = models.UUIDField(default=uuid.uuid4, editable=False)

    objects = OfSetQuerySet.as_manager()

    class Meta:
        verbose_name = "二级指标"
        ordering = ["heading__number", "number"]
        constraints = [
            models.UniqueConstraint(name="one_indicator_per_number", fields=["heading", "number"]),
            models.CheckConstraint(
                name="indicator_is_worth_something", condition=Q(points__gt=0, points__lte=FULL)
            ),
            models.CheckConstraint(
                name="indicator_is_measured_or_judged",
                condition=Q(way="human", measures=[]) | (Q(way__in=["auto", "lowered"]) & ~Q(measures=[])),
            ),
            models.CheckConstraint(name="only_people_use_a_scale", condition=Q(scale=[]) | Q(way="human")),
        ]
        triggers = [
            fixed("indicator_keeps_its_heading", "heading_id"),
            set_is_frozen("SELECT set_id FROM evaluation_heading WHERE id = row_now.heading_id"),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    @property
    def code(self) -> str:
        """3.1: the heading's number and the own."""
        return f"{self.heading.number}.{self.number}"


@pghistory.track()
class Circumstance(models.Model):
    """取消评选资格情形：有文书、经人认定的，评价期内不能评为示范。"""

    SET = "set"

    set = models.ForeignKey(
        IndicatorSet, on_delete=models.PROTECT, related_name="circumstances", verbose_name="创建指标"
    )
    number = models.PositiveSmallIntegerField("序号")
    text = models.CharField("情形", max_length=200)
    basis = models.CharField("依据", max_length=200)
    same_as = models.UUIDField(default=uuid.uuid4, editable=False)

    objects = OfSetQuerySet.as_manager()

    class Meta:
        verbose_name = "取消评选资格情形"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="one_circumstance_per_number", fields=["set", "number"]),
            models.CheckConstraint(name="circumstance_names_its_basis", condition=~Q(basis="")),
        ]
        triggers = [fixed("circumstance_keeps_its_set", "set_id"), set_is_frozen("row_now.set_id")]

    def __str__(self):
        return self.text
