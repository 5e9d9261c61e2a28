"""What of a contract is the office's own: who the other side is, how much it is about, what was paid and when.

Nothing here is ever public: no candidate, no index, no open data and no public page reads these tables.
"""

import pghistory
import pgtrigger
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from commitments.models.obligations import Obligation
from longsha_credit.audit.triggers import fixed, never_deleted, refuse
from longsha_credit.directory.scope import ScopedQuerySet


class ContractQuerySet(ScopedQuerySet):
    path_lookup = "obligation__organisation__path"


class PaymentQuerySet(ScopedQuerySet):
    path_lookup = "contract__obligation__organisation__path"

    def with_names(self):
        return self.select_related("contract__obligation__organisation")

    def standing(self):
        return self.filter(is_cancelled=False)

    def outstanding(self):
        """Not paid, or not in full."""
        return self.standing().filter(Q(paid_amount=None) | Q(paid_amount__lt=F("amount")))

    def overdue(self, today):
        return self.outstanding().filter(due_on__lt=today)


def _money(label: str, **options) -> models.DecimalField:
    return models.DecimalField(
        label, max_digits=14, decimal_places=2, validators=[MinValueValidator(0)], **options
    )


@pghistory.track()
class Contract(models.Model):
    """合同内部栏目：对方是谁、金额多少、哪天签的。只在本单位和上级的工作台里，不公开。"""

    obligation = models.OneToOneField(
        Obligation, on_delete=models.PROTECT, related_name="contract", verbose_name="合同契约"
    )
    counterparty = models.CharField("合同对方", max_length=200)
    number = models.CharField("合同编号", max_length=60, blank=True, default="")
    signed_on = models.DateField("签订日期")
    amount = _money("合同金额（元）", null=True, blank=True)
    with_small_business = models.BooleanField("对方是中小企业", default=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="保存人"
    )
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = "合同内部栏目"
        constraints = [
            models.CheckConstraint(
                name="contract_names_its_counterparty",
                condition=~Q(counterparty="") & (Q(amount=None) | Q(amount__gt=0)),
            ),
        ]
        triggers = [
            fixed("contract_keeps_its_obligation", "obligation_id"),
            pgtrigger.Trigger(
                name="contract_belongs_to_a_contract",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF (SELECT form FROM commitments_obligation WHERE id = NEW.obligation_id) <> 'contract' THEN
                  {refuse("contract_belongs_to_a_contract", "only a contract has a counterparty")}
                END IF;
                RETURN NEW;
                """,
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"合同内部栏目：{self.obligation.title}"


@pghistory.track()
class Payment(models.Model):
    """付款：合同里约定哪天前付多少，实际哪天付了多少。没有付清的一直欠着，换了人也欠着。"""

    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="payments", verbose_name="合同内部栏目"
    )
    number = models.PositiveSmallIntegerField("序号")
    delivered_on = models.DateField("交付日期", null=True, blank=True)
    due_on = models.DateField("付款期限")
    is_agreed = models.BooleanField("期限是合同约定的", default=True, editable=False)
    latest_on = models.DateField("法定最晚付款日", null=True, editable=False)
    amount = _money("应付金额（元）")
    paid_on = models.DateField("付款日期", null=True, blank=True)
    paid_amount = _money("已付金额（元）", null=True, blank=True)
    is_cancelled = models.BooleanField("已取消", default=False, editable=False)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = "付款"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="payment_number_is_unique", fields=["contract", "number"]),
            models.CheckConstraint(name="payment_is_of_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="payment_made_has_day_and_amount",
                condition=Q(paid_on=None, paid_amount=None)
                | Q(
                    paid_on__isnull=False,
                    paid_amount__isnull=False,
                    paid_amount__gt=0,
                    paid_amount__lte=F("amount"),
                ),
            ),
            models.CheckConstraint(
                name="payment_made_is_not_cancelled", condition=Q(is_cancelled=False) | Q(paid_on=None)
            ),
            models.CheckConstraint(
                name="payment_is_agreed_within_the_law",
                condition=Q(latest_on=None) | Q(due_on__lte=F("latest_on")),
            ),
        ]
        triggers = [fixed("payment_keeps_its_contract", "contract_id", "number"), *never_deleted()]

    def __str__(self):
        return f"第{self.number}笔付款：{self.contract.obligation.title}"

    @property
    def is_settled(self) -> bool:
        return self.paid_amount is not None and self.paid_amount >= self.amount

    @property
    def left(self):
        """What is still owed of it."""
        return self.amount - (self.paid_amount or 0)

    def is_overdue(self, today) -> bool:
        return not self.is_settled and self.due_on < today
