"""What reaches the unit complained of, and what opens a resident's identity."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from commitments.models.cases import HANDLERS, Case
from longsha_credit.audit.triggers import fixed, never_deleted, refuse
from longsha_credit.deadlines.joining import Clocks
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import ScopedQuerySet


class SlipState(models.TextChoices):
    SENT = "sent", "待报送情况"
    ANSWERED = "answered", "已报送情况"
    RECALLED = "recalled", "已收回"


class SlipQuerySet(ScopedQuerySet):
    def with_names(self):
        return self.select_related("organisation", "sender", "sent_by", "answered_by")

    def open(self):
        return self.filter(state=SlipState.SENT)


@pghistory.track()
class TransferSlip(models.Model):
    """转办单：承办单位另写的一段话，请被反映的单位报送情况。看不出是谁、什么时候反映的；`organisation` 是收到它的单位。"""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="slips", verbose_name="来件")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="报送单位"
    )
    sender = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="转办单位"
    )
    number = models.CharField("转办单编号", max_length=20, unique=True, editable=False)
    state = models.CharField("状态", max_length=10, choices=SlipState.choices, default=SlipState.SENT)
    text = models.TextField("需要报送的情况", max_length=2000)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="转办人"
    )
    sent_on = models.DateField("转办日期")
    answer = models.TextField("报送的情况", max_length=2000, blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="报送人"
    )
    answered_on = models.DateField("报送日期", null=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)
    clocks = Clocks()

    objects = SlipQuerySet.as_manager()

    class Meta:
        verbose_name = "转办单"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="answered_slip_has_its_answer",
                condition=Q(state="answered", answered_by__isnull=False, answered_on__isnull=False)
                & ~Q(answer="")
                | Q(state__in=["sent", "recalled"], answer="", answered_by=None, answered_on=None),
            ),
            models.UniqueConstraint(
                name="one_open_slip_per_case", fields=["case"], condition=Q(state="sent")
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="slip_goes_to_whom_it_is_about",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (SELECT FROM commitments_case WHERE id = NEW.case_id
                               AND about_id = NEW.organisation_id AND organisation_id = NEW.sender_id) THEN
                  {refuse("slip_goes_to_whom_it_is_about", "from the handling unit to the unit it is about")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed(
                "slip_keeps_what_was_sent",
                *("case_id", "organisation_id", "sender_id", "number", "text", "sent_by_id", "sent_on"),
            ),
            fixed(
                "answered_slip_stays",
                *("state", "answer", "answered_by_id", "answered_on"),
                unless="OLD.state = 'sent'",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return self.number

    @property
    def tone(self) -> str:
        return {"sent": "pending", "answered": "kept"}.get(self.state, "na")


class OpeningState(models.TextChoices):
    ASKED = "asked", "待同意"
    GRANTED = "granted", "已同意，还没有看"
    REFUSED = "refused", "不同意"
    OPENED = "opened", "已看过"
    LAPSED = "lapsed", "来件办结，作废"


class OpeningQuerySet(ScopedQuerySet):
    apart_lookup = "case__about"
    seen_by = HANDLERS | {Role.SUPERVISOR}

    def with_names(self):
        return self.select_related("case__about", "organisation", "asked_by", "decided_by")


@pghistory.track()
class IdentityOpening(models.Model):
    """查看反映人身份的申请：一人写明理由，另一人同意，申请人看一次；每一步留痕。"""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="openings", verbose_name="来件")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="承办单位"
    )
    state = models.CharField("状态", max_length=10, choices=OpeningState.choices, default=OpeningState.ASKED)
    reason = models.CharField("理由", max_length=300)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="申请人"
    )
    asked_on = models.DateField("申请日期")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="决定人"
    )
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        verbose_name = "查看身份的申请"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="identity_opened_with_a_second_person",
                condition=Q(state__in=["asked", "lapsed"], decided_by=None)
                | (
                    Q(state__in=["granted", "refused", "opened", "lapsed"], decided_by__isnull=False)
                    & ~Q(decided_by=F("asked_by"))
                ),
            ),
            models.CheckConstraint(name="identity_opened_for_a_reason", condition=~Q(reason="")),
        ]
        triggers = [
            fixed(
                "opening_keeps_what_was_asked",
                "case_id",
                "organisation_id",
                "reason",
                "asked_by_id",
                "asked_on",
            ),
            fixed("opening_is_decided_once", "decided_by_id", unless="OLD.state = 'asked'"),
            fixed("identity_opened_only_once", "state", unless="OLD.state IN ('asked', 'granted')"),
            *never_deleted(),
        ]

    def __str__(self):
        return f"查看身份：{self.case}"


SLIP_ANSWERERS = frozenset({Role.CLERK, Role.LEAD})
