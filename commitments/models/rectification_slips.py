"""What is written to a unit about an item, the more time it asks for, and each relapse."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from commitments.models.rectifications import Rectification
from longsha_credit.audit.triggers import append_only, fixed, never_deleted
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet


class SlipKind(models.TextChoices):
    SUPERVISE = "supervise", "督办单"
    TALK = "talk", "约谈通知书"
    NOTICE = "notice", "整改通知书"
    CLOSE = "close", "销号确认单"


class Colour(models.TextChoices):
    BLUE = "blue", "蓝"
    YELLOW = "yellow", "黄"
    RED = "red", "红"


class PartQuerySet(ScopedQuerySet):
    def with_names(self):
        return self.select_related("organisation", "rectification__organisation")


def _item(name: str) -> models.ForeignKey:
    return models.ForeignKey(
        Rectification, on_delete=models.PROTECT, related_name=name, verbose_name="治理台账"
    )


def _unit() -> models.ForeignKey:
    return models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="责任单位"
    )


class RectificationSlip(models.Model):
    """发给责任单位的文书：督办单、约谈通知书、整改通知书、销号确认单；发出不改，可以打印和下载 Word。"""

    rectification = _item("slips")
    organisation = _unit()
    kind = models.CharField("文书", max_length=10, choices=SlipKind.choices)
    number = models.CharField("文号", max_length=24, unique=True)
    round = models.PositiveSmallIntegerField("第几轮")
    colour = models.CharField("等级", max_length=8, choices=Colour.choices, blank=True, default="")
    text = models.TextField("内容", max_length=1000)
    answer_by = models.DateField("回复期限", null=True)
    issued_on = models.DateField("发出日期")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="发出人"
    )
    issued_for = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="发出单位"
    )
    at = models.DateTimeField("发出时间", auto_now_add=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = "治理文书"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="slip_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="only_slips_of_supervision_have_a_colour",
                condition=Q(kind="supervise", colour__in=Colour.values)
                | (~Q(kind="supervise") & Q(colour="")),
            ),
            models.CheckConstraint(
                name="no_unit_writes_to_itself", condition=~Q(issued_for=F("organisation"))
            ),
        ]
        triggers = append_only()

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}"


class PostponementState(models.TextChoices):
    ASKED = "asked", "等待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "不同意"


@pghistory.track()
class Postponement(models.Model):
    """整改延期申请：到期以前提出，由另一个人批准，每一轮只延一次。"""

    rectification = _item("postponements")
    organisation = _unit()
    round = models.PositiveSmallIntegerField("第几轮")
    from_day = models.DateField("原期限")
    to_day = models.DateField("申请延到")
    reason = models.CharField("理由", max_length=500)
    asked_on = models.DateField("申请日期")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="申请人"
    )
    state = models.CharField(
        "状态", max_length=10, choices=PostponementState.choices, default=PostponementState.ASKED
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="决定人",
    )
    decided_on = models.DateField("决定日期", null=True, editable=False)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = "整改延期"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_postponement_a_round",
                fields=["rectification", "round"],
                condition=~Q(state="refused"),
            ),
            models.CheckConstraint(
                name="postponed_before_it_was_due",
                condition=Q(asked_on__lte=F("from_day"), to_day__gt=F("from_day")) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="postponement_is_decided_by_another",
                condition=Q(state="asked", decided_by=None, decided_on=None)
                # one that was dropped, because it was closed meanwhile, was decided by nobody
                | (
                    Q(state="refused", decided_on__isnull=False)
                    & (Q(decided_by=None) | ~Q(decided_by=F("created_by")))
                )
                | (
                    Q(state="approved", decided_by__isnull=False, decided_on__isnull=False)
                    & ~Q(decided_by=F("created_by"))
                ),
            ),
        ]
        triggers = [
            fixed("postponement_keeps_what_was_asked", "rectification_id", "organisation_id", "round",
                  "from_day", "to_day", "reason", "asked_on", "created_by_id"),
            fixed("postponement_is_decided_once", "state", "decided_by_id", "decided_on",
                  unless="OLD.state = 'asked'"),
            *never_deleted(),
        ]  # fmt: skip

    def __str__(self):
        return f"延期：{self.rectification.title}"


class Relapse(models.Model):
    """回潮：销号以后又犯，同一个编号重新打开；上一轮的期限、销号日期留在这里，按期销号率照旧算那一轮。"""

    rectification = _item("relapses")
    organisation = _unit()
    round = models.PositiveSmallIntegerField("哪一轮回潮")
    due_on = models.DateField("那一轮的期限")
    close_asked_on = models.DateField("那一轮申请销号")
    closed_on = models.DateField("那一轮销号")
    on = models.DateField("回潮日期")
    reason = models.CharField("回潮情况", max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="认定人"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = "回潮"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="one_relapse_a_round", fields=["rectification", "round"]),
            models.CheckConstraint(
                name="relapse_follows_its_closing",
                condition=Q(on__gte=F("closed_on"), closed_on__gte=F("close_asked_on")) & ~Q(reason=""),
            ),
        ]
        triggers = append_only()

    def __str__(self):
        return f"回潮：{self.rectification.title}"
