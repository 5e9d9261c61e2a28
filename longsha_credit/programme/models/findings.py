"""What an inspection found amiss, the notice that asks to put it right, and each round until it is."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from longsha_credit.audit.triggers import append_only, at_commit, fixed, never_deleted, refuse
from longsha_credit.deadlines.models import Deadline
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.files.models import StoredFile
from longsha_credit.programme.models.inspections import Visit, VisitPoint, person, unit
from longsha_credit.programme.models.main_tasks import BY_KEY


class Term(models.TextChoices):
    """整改要多久：每一档的天数在期限规则里。"""

    QUICK = "quick", "立行立改"
    NORMAL = "normal", "限期整改"
    LONG = "long", "较长整改"


# The rule of the clock for each term; the days stand in deadlines/reference.py.
RULES = {term: f"inspection_fix_{term}" for term in Term.values}


class FindingState(models.TextChoices):
    DRAFT = "draft", "待发整改通知"
    OPEN = "open", "整改中"
    REPORTED = "reported", "待复查"
    CLOSED = "closed", "已整改"
    DROPPED = "dropped", "不发整改"


NOTICED = ["open", "reported", "closed"]


class FindingQuerySet(ScopedQuerySet):
    def with_names(self):
        return self.select_related(
            "organisation", "visit__inspection__organisation", "visit__inspection__year"
        )

    def with_clock(self):
        """The day its present clock runs out, more time included, as `clock_due`; empty where none runs."""
        running = Deadline.objects.filter(
            object_kind=self.model._meta.label_lower,
            object_id=OuterRef("pk"),
            rule_key__in=RULES.values(),
            met_on=None,
            cancelled_at=None,
        )
        return self.annotate(clock_due=Subquery(running.values("due_on")[:1]))


@pghistory.track()
class Finding(models.Model):
    """检查发现的问题：现场记为不符合的一项。发整改通知、单位报告、另一个人复查，合格才算整改。"""

    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, related_name="findings", verbose_name="现场检查"
    )
    point = models.OneToOneField(
        VisitPoint, on_delete=models.PROTECT, related_name="finding", verbose_name="检查项"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="findings", verbose_name="责任单位"
    )
    heading = models.CharField("任务", max_length=12, choices=BY_KEY)
    facts = models.CharField("问题", max_length=500)
    asked = models.CharField("整改要求", max_length=500, blank=True, default="")
    term = models.CharField("整改时间", max_length=8, choices=Term.choices, default=Term.NORMAL)
    files = models.ManyToManyField(StoredFile, blank=True, related_name="+", verbose_name="现场照片")
    state = models.CharField("状态", max_length=10, choices=FindingState.choices, default=FindingState.DRAFT)
    round = models.PositiveSmallIntegerField("第几轮", default=1, editable=False)
    due_on = models.DateField("整改期限", null=True, editable=False)
    report = models.TextField("整改情况", max_length=1000, blank=True, default="")
    report_files = models.ManyToManyField(StoredFile, blank=True, related_name="+", verbose_name="整改证明")
    reported_by = person("报告人", null=True, editable=False)
    reported_on = models.DateField("报告日期", null=True, editable=False)
    closed_on = models.DateField("整改完成日期", null=True, editable=False)
    drop_reason = models.CharField("不发整改的理由", max_length=500, blank=True, default="", editable=False)
    noted_by = person("发现人", editable=False)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "检查发现的问题"
        ordering = ["-id"]
        indexes = [models.Index(fields=["organisation", "state"], name="finding_by_unit")]
        constraints = [
            models.CheckConstraint(
                name="noticed_finding_says_what_by_when",
                condition=Q(state__in=["draft", "dropped"])
                | (Q(state__in=NOTICED, due_on__isnull=False) & ~Q(asked="")),
            ),
            models.CheckConstraint(
                name="finding_says_what_is_wrong",
                condition=~Q(facts="") & Q(heading__in=list(BY_KEY), term__in=Term.values),
            ),
            models.CheckConstraint(
                name="reported_finding_says_what_was_done",
                condition=~Q(state__in=["reported", "closed"])
                | (Q(reported_by__isnull=False, reported_on__isnull=False) & ~Q(report="")),
            ),
            models.CheckConstraint(
                name="closed_finding_has_its_day",
                condition=Q(state="closed", closed_on__isnull=False)
                | (~Q(state="closed") & Q(closed_on=None)),
            ),
            models.CheckConstraint(
                name="dropped_finding_says_why",
                condition=(Q(state="dropped") & ~Q(drop_reason=""))
                | (~Q(state="dropped") & Q(drop_reason="")),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="finding_comes_from_a_point_that_fails",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (SELECT FROM programme_visitpoint p JOIN programme_visit v ON v.id = p.visit_id
                               WHERE p.id = NEW.point_id AND p.visit_id = NEW.visit_id AND p.result = 'no'
                               AND v.organisation_id = NEW.organisation_id AND p.saved_by_id = NEW.noted_by_id
                               AND p.heading = NEW.heading) THEN
                  {refuse("finding_comes_from_a_point_that_fails", "a finding is a point that does not conform")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed(
                "finding_keeps_its_source",
                "visit_id",
                "point_id",
                "organisation_id",
                "heading",
                "noted_by_id",
            ),
            fixed("noticed_finding_keeps_its_facts", "facts", unless="OLD.state = 'draft'"),
            fixed(
                "reported_finding_waits_as_it_is",
                *("report", "reported_by_id", "reported_on", "due_on", "asked", "term"),
                unless="OLD.state <> 'reported' OR NEW.state = 'open'",
            ),
            fixed(
                "ended_finding_stays_ended",
                *("state", "report", "due_on", "closed_on", "round"),
                unless="OLD.state NOT IN ('closed', 'dropped')",
            ),
            at_commit(
                "finding_is_closed_by_a_recheck",
                """NEW.state = 'closed' AND NOT EXISTS (
                     SELECT FROM programme_findinground r
                     WHERE r.finding_id = NEW.id AND r.round = NEW.round AND r.passed)""",
                "only a re-check that passed closes a finding",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return self.facts if len(self.facts) <= 30 else f"{self.facts[:29]}…"


class RoundQuerySet(ScopedQuerySet):
    def with_names(self):
        return self.select_related("organisation", "finding__visit__inspection", "reported_by", "by")


class FindingRound(models.Model):
    """复查：一轮整改的期限、报告和复查结论；复查人不是发现人，也不是报告人。合格即销，不合格另起一轮。"""

    finding = models.ForeignKey(
        Finding, on_delete=models.PROTECT, related_name="rounds", verbose_name="检查发现的问题"
    )
    organisation = unit("责任单位")
    round = models.PositiveSmallIntegerField("第几轮")
    due_on = models.DateField("这一轮的期限")
    report = models.TextField("整改情况", max_length=1000)
    files = models.ManyToManyField(StoredFile, blank=True, related_name="+", verbose_name="整改证明")
    reported_by = person("报告人")
    reported_on = models.DateField("报告日期")
    noted_by = person("发现人")
    passed = models.BooleanField("合格")
    words = models.CharField("复查情况", max_length=500)
    by = person("复查人")
    on = models.DateField("复查日期")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "整改复查"
        ordering = ["-round"]
        constraints = [
            models.UniqueConstraint(name="one_recheck_a_round", fields=["finding", "round"]),
            models.CheckConstraint(
                name="recheck_is_by_another", condition=~Q(by=F("reported_by")) & ~Q(by=F("noted_by"))
            ),
            models.CheckConstraint(name="recheck_says_what_was_seen", condition=~Q(words="") & ~Q(report="")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="recheck_is_about_what_was_reported",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (SELECT FROM programme_finding f WHERE f.id = NEW.finding_id
                               AND f.organisation_id = NEW.organisation_id AND f.noted_by_id = NEW.noted_by_id
                               AND f.reported_by_id = NEW.reported_by_id AND f.reported_on = NEW.reported_on) THEN
                  {refuse("recheck_is_about_what_was_reported", "who found and who reported are as the finding has them")}
                END IF;
                RETURN NEW;
                """,
            ),
            *append_only(),
        ]

    def __str__(self):
        return f"{self.finding} 第{self.round}轮"

    @property
    def was_in_time(self) -> bool:
        return self.reported_on <= self.due_on


class NoticeQuerySet(ScopedQuerySet):
    def with_names(self):
        return self.select_related("organisation", "visit__inspection", "issued_for", "issued_by")


class InspectionNotice(models.Model):
    """整改通知书：一次检查发给一个单位，列明每个问题、要求和期限；一份一号，发出不改。"""

    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, related_name="notices", verbose_name="现场检查"
    )
    organisation = unit("责任单位")
    number = models.CharField("文号", max_length=24, unique=True)
    # one for each finding, as it was sent: [facts, what is asked, last day (ISO), round]
    lines = models.JSONField("问题和要求")
    findings = models.ManyToManyField(Finding, related_name="notices", verbose_name="问题")
    issued_on = models.DateField("发出日期")
    issued_by = person("发出人")
    issued_for = unit("发出单位")
    at = models.DateTimeField("发出时间", auto_now_add=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "督导整改通知书"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="no_unit_is_noticed_by_itself", condition=~Q(issued_for=F("organisation"))
            ),
            models.CheckConstraint(name="notice_lists_a_finding", condition=~Q(lines=[])),
        ]
        triggers = append_only()

    def __str__(self):
        return f"整改通知书 {self.number}"
