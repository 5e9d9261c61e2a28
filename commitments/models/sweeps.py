"""The quarterly sweep: each street and community looks for what is owed and says so, also where it found nothing."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from longsha_credit.audit.triggers import at_commit, fixed, never_deleted
from longsha_credit.deadlines.joining import Clocks
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet

SWEEP_RULE = "rectification_sweep"


class SweepState(models.TextChoices):
    DUE = "due", "待报送"
    REPORTED = "reported", "已报送"


class SweepQuerySet(ScopedQuerySet):
    def with_names(self):
        return self.select_related("organisation__parent", "submitted_by")

    def due(self):
        return self.filter(state=SweepState.DUE)


@pghistory.track()
class Sweep(models.Model):
    """季度排查：某单位某季度有没有欠着没兑现的事；查出几件登记几件，没有也要零报告。"""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="sweeps", verbose_name="单位"
    )
    year = models.PositiveSmallIntegerField("年度")
    quarter = models.PositiveSmallIntegerField("季度")
    zero = models.BooleanField("零报告", null=True, editable=False)
    text = models.TextField("怎样排查的", max_length=1000, blank=True, default="")
    state = models.CharField("状态", max_length=10, choices=SweepState.choices, default=SweepState.DUE)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="报送人",
    )
    submitted_on = models.DateField("报送日期", null=True, editable=False)
    # whose list of work it stands on: nobody's own, it is the unit's
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="建立人",
    )
    saved_at = models.DateTimeField("保存时间", auto_now=True)
    clocks = Clocks()

    objects = SweepQuerySet.as_manager()

    class Meta:
        verbose_name = "季度排查"
        ordering = ["-year", "-quarter", "organisation__path"]
        constraints = [
            models.UniqueConstraint(
                name="one_sweep_per_unit_and_quarter", fields=["organisation", "year", "quarter"]
            ),
            models.CheckConstraint(
                name="quarter_is_one_to_four", condition=Q(quarter__gte=1, quarter__lte=4, year__gte=2021)
            ),
            models.CheckConstraint(
                name="reported_sweep_says_who_and_how",
                condition=Q(state="due", zero=None, submitted_by=None, submitted_on=None)
                | (
                    Q(state="reported", zero__isnull=False, submitted_by__isnull=False)
                    & Q(submitted_on__isnull=False)
                    & ~Q(text="")
                ),
            ),
        ]
        triggers = [
            fixed("reported_sweep_stays", "zero", "text", "state", "submitted_by_id", "submitted_on",
                  unless="OLD.state = 'due'"),
            fixed("sweep_keeps_its_quarter", "organisation_id", "year", "quarter"),
            at_commit(
                "zero_report_found_nothing",
                """NEW.state = 'reported' AND NEW.zero = EXISTS (
                    SELECT FROM commitments_rectification WHERE sweep_id = NEW.id
                )""",
                "a zero report has no items, any other has at least one",
            ),
            *never_deleted(),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.organisation.name} {self.period}排查"

    @property
    def period(self) -> str:
        return f"{self.year}年第{'一二三四'[self.quarter - 1]}季度"
