"""A contest or test: for whom, from when to when, drawn by which rule, ranked how; with its frozen paper."""

import datetime

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Now

from longsha_credit.audit.triggers import append_only, fixed, never_deleted, not_truncated, refuse
from longsha_credit.directory.models import Official, Organisation
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.programme.models.contest_questions import Category, Question, QuestionKind
from longsha_credit.publication.models import Publishable, PublishableQuerySet


class ContestAudience(models.TextChoices):
    RESIDENTS = "residents", "居民"
    OFFICIALS = "officials", "公职人员"
    ALL = "all", "居民和公职人员"


class Counts(models.TextChoices):
    """几次答题，算哪一次。"""

    BEST = "best", "取最好的一次"
    FIRST = "first", "取第一次"


class RankedBy(models.TextChoices):
    RATE = "rate", "参与率"
    AVERAGE = "average", "平均分"


class TieRule(models.TextChoices):
    OTHER = "other", "再比另一项：参与率相同的比平均分，平均分相同的比参与率"
    EQUAL = "equal", "名次并列"


class ContestState(models.TextChoices):
    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "审查中"
    PUBLISHED = "published", "已公开"
    FINISHED = "finished", "结果已公布"
    WITHDRAWING = "withdrawing", "申请撤下"
    WITHDRAWN = "withdrawn", "已撤下"
    DISCARDED = "discarded", "已作废"


class ContestQuerySet(PublishableQuerySet):
    def with_names(self):
        return self.select_related("organisation", "publication")

    def over(self, now: datetime.datetime):
        return self.filter(closes_at__lte=now)

    def going(self, now: datetime.datetime):
        """Not over: to come, or going on."""
        return self.filter(closes_at__gt=now)

    def begun_and_ended(self, now: datetime.datetime) -> tuple[int, int]:
        """How many have opened and how many have closed: these change at the very moment at which one does."""
        counts = self.order_by().aggregate(
            begun=Count("pk", filter=Q(opens_at__lte=now)), ended=Count("pk", filter=Q(closes_at__lte=now))
        )
        return counts["begun"], counts["ended"]

    def awaiting(self, official_id: int | None):
        """Going on for officials of a unit of this one's or above it, who has handed in nothing yet."""
        me = Official.objects.filter(
            pk=official_id, organisation__path__startswith=OuterRef("organisation__path")
        )
        theirs = ContestUnit.objects.filter(Exists(me), officials__isnull=False)
        done = self.model._base_manager.filter(
            entrants__official=official_id, entrants__attempts__submitted_at__isnull=False
        )
        rows = self.filter(state=ContestState.PUBLISHED, opens_at__lte=Now(), closes_at__gt=Now())
        rows = rows.exclude(audience=ContestAudience.RESIDENTS)
        return rows.filter(pk__in=theirs.values("contest")).exclude(pk__in=done.values("pk"))


# What a revision may change once the contest is public, and what holds as it was announced.
WORDS = ("title", "about", "opens_at", "closes_at")
RULES = (
    *("audience", "minutes", "attempts", "counts"),
    *("ranked_by", "tie", "min_sample", "pass_percent", "shows_answers"),
)
TEXT = ("title", "about", "audience", "opens_at", "closes_at", *RULES[1:])


@pghistory.track()
class Contest(Publishable):
    """竞赛：谁可以参加、从什么时候到什么时候、按什么规则抽题和排名。公开以后规则和卷子不再改，时间只能延长。"""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="举办单位"
    )
    code = models.CharField("编号", max_length=24, blank=True, default="", editable=False)
    version = models.PositiveIntegerField("版本", default=0, editable=False)
    title = models.CharField("名称", max_length=60)
    about = models.TextField("说明", max_length=1000)
    audience = models.CharField("谁可以参加", max_length=10, choices=ContestAudience.choices)
    opens_at = models.DateTimeField("开始时间")
    closes_at = models.DateTimeField("结束时间")
    minutes = models.PositiveSmallIntegerField("每次限时（分钟）")
    attempts = models.PositiveSmallIntegerField("每人可以答几次")
    counts = models.CharField("算哪一次", max_length=6, choices=Counts.choices)
    ranked_by = models.CharField("单位按什么排名", max_length=8, choices=RankedBy.choices)
    tie = models.CharField("相同时", max_length=6, choices=TieRule.choices)
    min_sample = models.PositiveSmallIntegerField("最少几人参加才排名")
    pass_percent = models.PositiveSmallIntegerField("得总分的百分之几发证书", null=True, blank=True)
    shows_answers = models.BooleanField("结果公布时一起公布答案和解析", default=True)
    paper = models.ForeignKey(
        "ContestPaper",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="卷子",
    )
    state = models.CharField("状态", max_length=12, choices=ContestState.choices, default=ContestState.DRAFT)
    stood_as = models.CharField("申请撤下前", max_length=12, blank=True, default="", editable=False)
    withdraw_reason = models.CharField("撤下理由", max_length=500, blank=True, default="")
    withdraw_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="撤下申请人",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="经办人"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = ContestQuerySet.as_manager()

    class Meta:
        verbose_name = "竞赛"
        ordering = ["-id"]
        indexes = [models.Index(fields=["organisation", "state"], name="contest_by_unit")]
        constraints = [
            models.UniqueConstraint(name="contest_code_is_unique", fields=["code"], condition=~Q(code="")),
            models.CheckConstraint(
                name="contest_ends_after_it_begins", condition=Q(closes_at__gt=F("opens_at"))
            ),
            models.CheckConstraint(
                name="contest_rules_make_sense",
                condition=Q(minutes__gte=1, minutes__lte=180, attempts__gte=1, attempts__lte=10)
                & (Q(pass_percent=None) | Q(pass_percent__gte=1, pass_percent__lte=100))
                & Q(audience__in=ContestAudience.values, counts__in=Counts.values)
                & Q(ranked_by__in=RankedBy.values, tie__in=TieRule.values),
            ),
            # fewer point at single people
            models.CheckConstraint(name="contest_ranks_no_handful", condition=Q(min_sample__gte=5)),
            models.CheckConstraint(
                name="contest_is_out_only_when_published",
                condition=Q(state__in=["draft", "in_review", "discarded"], publication=None)
                | (
                    Q(state__in=["published", "finished", "withdrawing", "withdrawn"], version__gte=1)
                    & Q(publication__isnull=False)
                    & ~Q(code="")
                ),
            ),
            models.CheckConstraint(
                name="contest_goes_out_with_its_paper",
                condition=Q(state__in=["draft", "discarded"]) | Q(paper__isnull=False),
            ),
            models.CheckConstraint(
                name="contest_withdrawal_has_a_reason",
                condition=~Q(state__in=["withdrawing", "withdrawn"])
                | (~Q(withdraw_reason="") & Q(withdraw_asked_by__isnull=False)),
            ),
        ]
        triggers = [
            fixed("contest_changes_only_as_draft", *RULES, "paper_id", unless="OLD.state = 'draft'"),
            fixed(
                "contest_words_change_only_by_new_version",
                *WORDS,
                unless="OLD.state = 'draft' OR (OLD.state = 'published' AND NEW.version = OLD.version + 1)",
            ),
            pgtrigger.Trigger(
                name="announced_time_is_never_cut",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                # what is over stays over; what has begun began then; the end only moves away, and no day is lost
                func=f"""
                IF OLD.state <> 'draft' AND (OLD.opens_at, OLD.closes_at) <> (NEW.opens_at, NEW.closes_at) AND (
                  OLD.closes_at <= clock_timestamp() OR NEW.closes_at < OLD.closes_at OR (
                    NEW.opens_at <> OLD.opens_at AND (
                      OLD.opens_at <= clock_timestamp() OR NEW.opens_at < OLD.opens_at
                      OR NEW.closes_at - NEW.opens_at < OLD.closes_at - OLD.opens_at
                    )
                  )
                ) THEN
                  {refuse("announced_time_is_never_cut", "people have as long as they were told, or longer")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed("contest_keeps_its_code", "code", unless="OLD.code = ''"),
            fixed("contest_keeps_its_publication", "publication_id", unless="OLD.publication_id IS NULL"),
            fixed("contest_keeps_its_unit", "organisation_id", "created_by_id", unless="OLD.state = 'draft'"),
            *never_deleted(),
        ]

    def __str__(self):
        return self.title

    @property
    def takes_residents(self) -> bool:
        return self.audience != ContestAudience.OFFICIALS

    @property
    def takes_officials(self) -> bool:
        return self.audience != ContestAudience.RESIDENTS

    def is_open(self, now: datetime.datetime) -> bool:
        """Whether one can begin to answer now."""
        return self.state == ContestState.PUBLISHED and self.opens_at <= now < self.closes_at

    def standing(self, now: datetime.datetime) -> tuple[str, str]:
        """(state, words) for the public."""
        if self.state == ContestState.FINISHED or self.stood_as == ContestState.FINISHED:
            return "na", "结果已公布"
        if now >= self.closes_at:
            return "pending", "已结束，正在统计"
        return ("active", "正在进行") if now >= self.opens_at else ("pending", "还没有开始")

    def last_moment(self, start: datetime.datetime) -> datetime.datetime:
        """When an attempt begun at `start` ends: after its minutes, and never after the contest."""
        return min(start + datetime.timedelta(minutes=self.minutes), self.closes_at)


def written_in_drafts(rule: str) -> pgtrigger.Trigger:
    """Rows that belong to a contest come, change and go only while it is a draft."""
    return pgtrigger.Trigger(
        name=rule,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        declare=[("its_state", "TEXT")],
        func=f"""
        SELECT state INTO its_state FROM programme_contest
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.contest_id ELSE OLD.contest_id END FOR SHARE;
        IF its_state <> 'draft' OR (TG_OP = 'UPDATE' AND NEW.contest_id <> OLD.contest_id) THEN
          {refuse(rule, "what was announced holds")}
        END IF;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
        """,
    )


class ContestUnitQuerySet(ScopedQuerySet):
    def public(self, contest):
        """Those for which residents take part in a public contest."""
        rows = self.filter(contest=contest, contest__publication__withdrawn_at=None, residents__isnull=False)
        return rows.select_related("organisation").order_by("organisation__path")


class ContestUnit(models.Model):
    """参加单位：一个单位，和算参与率用的居民人数、公职人员人数。"""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="units", verbose_name="竞赛")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="参加单位"
    )
    residents = models.PositiveIntegerField("居民人数", null=True, blank=True)
    officials = models.PositiveIntegerField("公职人员人数", null=True, blank=True)

    objects = ContestUnitQuerySet.as_manager()

    class Meta:
        verbose_name = "参加单位"
        ordering = ["contest", "organisation__path"]
        constraints = [
            models.UniqueConstraint(name="unit_takes_part_once", fields=["contest", "organisation"]),
            models.CheckConstraint(
                name="unit_says_how_many_people",
                condition=(Q(residents__isnull=False) | Q(officials__isnull=False))
                & (Q(residents=None) | Q(residents__gte=1))
                & (Q(officials=None) | Q(officials__gte=1)),
            ),
        ]
        triggers = [written_in_drafts("units_are_named_in_the_draft"), not_truncated()]

    def __str__(self):
        return str(self.organisation)


class ContestDraw(models.Model):
    """抽题规则的一行：哪种题型、哪个类别，抽几道，每道几分。"""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="draws", verbose_name="竞赛")
    kind = models.CharField("题型", max_length=8, choices=QuestionKind.choices)
    category = models.CharField("类别", max_length=8, choices=Category.choices, blank=True, default="")
    number = models.PositiveSmallIntegerField("抽几道")
    points = models.PositiveSmallIntegerField("每道几分")

    class Meta:
        verbose_name = "抽题规则"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="one_draw_per_kind_and_category", fields=["contest", "kind", "category"]
            ),
            models.CheckConstraint(
                name="draw_is_of_some_questions",
                condition=Q(number__gte=1, number__lte=100, points__gte=1, points__lte=100),
            ),
        ]
        triggers = [written_in_drafts("draws_are_made_in_the_draft"), not_truncated()]

    def __str__(self):
        about = self.get_category_display() or "不限类别"
        return f"{self.get_kind_display()}（{about}）{self.number}道，每道{self.points}分"


class ContestPaper(models.Model):
    """卷子：提交审查时按规则抽定的题，谁也不能再改；校验值随竞赛公开。"""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="papers", verbose_name="竞赛")
    drawn_at = models.DateTimeField("抽题时间", auto_now_add=True)
    salt = models.CharField("盐", max_length=32)
    sha256 = models.CharField("校验值", max_length=64)

    class Meta:
        verbose_name = "卷子"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="paper_has_its_checksum",
                condition=Q(sha256__regex="^[0-9a-f]{64}$", salt__regex="^[0-9a-f]{32}$"),
            )
        ]
        triggers = append_only()

    def __str__(self):
        return f"{self.contest}的卷子"


class PaperQuestion(models.Model):
    """卷子上的一道题和它的分数。"""

    paper = models.ForeignKey(
        ContestPaper, on_delete=models.PROTECT, related_name="questions", verbose_name="卷子"
    )
    position = models.PositiveSmallIntegerField("第几题")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+", verbose_name="题目")
    points = models.PositiveSmallIntegerField("分数")

    class Meta:
        verbose_name = "卷子上的题"
        ordering = ["paper", "position"]
        constraints = [
            models.UniqueConstraint(name="one_question_per_position", fields=["paper", "position"]),
            models.UniqueConstraint(name="no_question_twice_on_a_paper", fields=["paper", "question"]),
            models.CheckConstraint(
                name="paper_question_has_points", condition=Q(position__gte=1, points__gte=1)
            ),
        ]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="announced_paper_gains_no_question",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF EXISTS (SELECT FROM programme_contest WHERE paper_id = NEW.paper_id) OR NOT EXISTS (
                  SELECT FROM programme_question WHERE id = NEW.question_id AND state = 'ready'
                ) THEN
                  {refuse("announced_paper_gains_no_question", "a paper is drawn once, from questions in use")}
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"第{self.position}题"
