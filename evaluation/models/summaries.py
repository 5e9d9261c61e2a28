"""The summary report of a unit's year: its sections, the figures as they stood, and a receipt for each time it was sent."""

import datetime

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from longsha_credit.audit.triggers import append_only, at_commit, fixed, never_deleted, refuse
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.programme.models.standards import frozen_year_stays
from longsha_credit.programme.models.years import Year


def person(label: str, **options) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=label, **options
    )


class SummaryState(models.TextChoices):
    DRAFT = "draft", "起草中"
    SUBMITTED = "submitted", "已报送"
    RETURNED = "returned", "退回"
    ACCEPTED = "accepted", "已接收"


class SectionKey(models.TextChoices):
    """街道总结的五个部分。"""

    ORGANISING = "organising", "组织推进"
    TASKS = "tasks", "九项任务完成情况"
    HIGHLIGHTS = "highlights", "特色亮点"
    PROBLEMS = "problems", "存在的问题"
    NEXT = "next", "下步打算"


class SummaryReportQuerySet(ScopedQuerySet):
    def with_names(self):
        return self.select_related("organisation__parent", "year", "submitted_by", "accepted_by")

    def submitted(self):
        """Those that were sent at least once."""
        return self.exclude(submitted_on=None)


@pghistory.track()
class SummaryReport(models.Model):
    """年度工作情况总结：一个街道（或者全区）一年做成了什么、还差什么。数字由系统带出，文字由人写。"""

    year = models.ForeignKey(
        Year, on_delete=models.PROTECT, related_name="summary_reports", verbose_name="年度"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    state = models.CharField("状态", max_length=10, choices=SummaryState.choices, default=SummaryState.DRAFT)
    # what evaluation/summary/figures.py drew from the live data, as it was on `drawn_on`
    figures = models.JSONField("数字")
    drawn_on = models.DateField("取数日")
    round = models.PositiveSmallIntegerField("第几次报送", default=0)
    submitted_by = person("报送人", null=True)
    submitted_on = models.DateField("报送日期", null=True)
    return_reason = models.CharField("退回理由", max_length=500, blank=True, default="")
    flagged = models.JSONField("要改的部分", default=list, blank=True)
    redo_by = models.DateField("补正期限", null=True)
    accepted_by = person("接收人", null=True)
    accepted_on = models.DateField("接收日期", null=True)
    created_by = person("起草人")
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = SummaryReportQuerySet.as_manager()

    class Meta:
        verbose_name = "年度总结"
        ordering = ["-year__number", "organisation__path"]
        constraints = [
            models.UniqueConstraint(name="one_summary_per_unit_and_year", fields=["year", "organisation"]),
            models.CheckConstraint(
                name="sent_summary_has_its_sender",
                condition=Q(state="draft", round=0, submitted_by=None, submitted_on=None)
                | (
                    Q(state__in=["submitted", "returned", "accepted"], round__gte=1)
                    & Q(submitted_by__isnull=False, submitted_on__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="returned_summary_says_why",
                condition=~Q(state="returned") | (~Q(return_reason="") & Q(redo_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="summary_is_accepted_by_another",
                condition=(
                    Q(state="accepted", accepted_by__isnull=False, accepted_on__isnull=False)
                    & ~Q(accepted_by=F("submitted_by"))
                )
                | (~Q(state="accepted") & Q(accepted_by=None, accepted_on=None)),
            ),
        ]
        triggers = [
            frozen_year_stays(pgtrigger.Insert | pgtrigger.Update),
            fixed("summary_keeps_its_place", "year_id", "organisation_id", "created_by_id"),
            fixed("sent_figures_stay", "figures", "drawn_on", unless="OLD.state IN ('draft', 'returned')"),
            fixed(
                "accepted_summary_stays",
                *("state", "round", "submitted_by_id", "submitted_on", "accepted_by_id", "accepted_on"),
                unless="OLD.state <> 'accepted'",
            ),
            at_commit(
                "sent_summary_has_a_receipt",
                """NEW.round > 0 AND NOT EXISTS (
                    SELECT FROM evaluation_summaryreceipt r WHERE r.report_id = NEW.id AND r.round = NEW.round)""",
                "who sends a report gets a receipt",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.organisation.name}{self.year.number}年工作情况总结"

    @property
    def is_open(self) -> bool:
        """Whether the unit may write in it."""
        return self.state in (SummaryState.DRAFT, SummaryState.RETURNED)


class OfSummaryQuerySet(ScopedQuerySet):
    path_lookup = "report__organisation__path"


@pghistory.track()
class SummarySection(models.Model):
    """总结的一部分：各部分分开保存，两个人同时写不会互相盖掉；以前的文字留在历史里。"""

    report = models.ForeignKey(
        SummaryReport, on_delete=models.PROTECT, related_name="sections", verbose_name="年度总结"
    )
    key = models.CharField("部分", max_length=10, choices=SectionKey.choices)
    text = models.TextField("正文", max_length=4000, blank=True, default="")
    saved_by = person("保存人")
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = OfSummaryQuerySet.as_manager()

    class Meta:
        verbose_name = "总结的部分"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="one_section_per_key", fields=["report", "key"]),
            models.CheckConstraint(name="section_is_of_the_outline", condition=Q(key__in=SectionKey.values)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="sent_text_stays",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                PERFORM 1 FROM evaluation_summaryreport r JOIN programme_year y ON y.id = r.year_id
                WHERE r.id = NEW.report_id AND r.state IN ('draft', 'returned') AND y.state <> 'frozen'
                FOR SHARE OF r, y;
                IF NOT FOUND THEN
                  {refuse("sent_text_stays", "what was sent is changed only after it came back")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed("section_keeps_its_place", "report_id", "key"),
            *never_deleted(),
        ]

    def __str__(self):
        return self.get_key_display()


class ReceiptQuerySet(OfSummaryQuerySet):
    def with_names(self):
        return self.select_related("report__organisation", "report__year", "by")


class SummaryReceipt(models.Model):
    """报送回执：第几次、几号、什么时间报的、内容的校验值，连同当时的文字和数字。只增不改。"""

    report = models.ForeignKey(
        SummaryReport, on_delete=models.PROTECT, related_name="receipts", verbose_name="年度总结"
    )
    round = models.PositiveSmallIntegerField("第几次报送")
    number = models.CharField("回执编号", max_length=40)
    texts = models.JSONField("正文")  # {section key: text}
    figures = models.JSONField("数字")
    content_hash = models.CharField("校验值", max_length=64)
    due_on = models.DateField("当时的期限")
    on = models.DateField("报送日期")
    by = person("报送人")
    at = models.DateTimeField("报送时间", auto_now_add=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = "报送回执"
        ordering = ["-round"]
        constraints = [
            models.UniqueConstraint(name="one_receipt_a_round", fields=["report", "round"]),
            models.UniqueConstraint(name="receipt_number_is_given_once", fields=["number"]),
            models.CheckConstraint(
                name="receipt_has_a_hash", condition=Q(content_hash__regex="^[0-9a-f]{64}$")
            ),
        ]
        triggers = append_only()

    def __str__(self):
        return f"报送回执 {self.number}"

    @property
    def was_in_time(self) -> bool:
        return self.on <= self.due_on


def summaries_in_time(year: Year, over: datetime.date) -> models.QuerySet:
    """For every street taking part whether its summary of a year came in time: one query.

    Rows of organisation_id, numerator (hundredths: 100 in time, 50 sent in time and put right in time after a return,
    else 0) and denominator 1. Streets whose day is still to come and who have sent nothing are left out; `over` is the
    last day that is over. 表一9.3；试点方案三（三）.
    """
    of_unit = SummaryReceipt.objects.filter(report__year=year, report__organisation=OuterRef("pk"))
    first = of_unit.filter(round=1)
    returned = SummaryReport.objects.filter(year=year, organisation=OuterRef("pk"), round=1, state="returned")
    streets = Organisation.objects.taking_part().filter(
        level=Level.STREET, path__startswith=year.organisation.path
    )
    rows = streets.annotate(
        sent=Exists(first),
        in_time=Exists(first.filter(on__lte=F("due_on"))),
        is_back=Exists(returned),
        again=Exists(of_unit.filter(round__gt=1)),
        again_late=Exists(of_unit.filter(round__gt=1, on__gt=F("due_on"))),
    )
    if year.report_on > over:
        rows = rows.filter(sent=True)
    numerator = Case(
        When(in_time=False, then=Value(0)),
        When(Q(is_back=True) | Q(again_late=True), then=Value(0)),
        When(again=True, then=Value(50)),
        default=Value(100),
    )
    rows = rows.annotate(organisation_id=F("pk"), numerator=numerator, denominator=Value(1))
    return rows.order_by().values("organisation_id", "numerator", "denominator")
