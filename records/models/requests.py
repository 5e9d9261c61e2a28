"""What the subject of a record asks for: an objection against it, or repair after it was put right."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from longsha_credit.audit.triggers import fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.files.models import StoredFile
from records.models.records import Record


class RequestState(models.TextChoices):
    FILED = "filed", "待受理"
    HANDLING = "handling", "办理中"
    PROPOSED = "proposed", "待批准"
    DECIDED = "decided", "已办结"
    RECALLED = "recalled", "已撤回"


OPEN_STATES = [RequestState.FILED, RequestState.HANDLING, RequestState.PROPOSED]


class Outcome(models.TextChoices):
    """异议的结果。"""

    UPHELD = "upheld", "维持"
    CORRECTED = "corrected", "更正"
    REVOKED = "revoked", "撤销"


class Decision(models.TextChoices):
    """修复申请的结果。"""

    GRANTED = "granted", "准予修复"
    REFUSED = "refused", "不予修复"


class RequestQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """Whoever may read the record reads what was asked about it."""
        return self.filter(Exists(Record.objects.visible_to(user).filter(pk=OuterRef("record"))))

    def with_names(self):
        return self.select_related(
            "record__item", "organisation", "filed_by", "handler", "decided_by", "record__organisation"
        )

    def open(self):
        return self.filter(state__in=OPEN_STATES)

    def decided(self):
        return self.filter(state=RequestState.DECIDED)


# Nobody who had a hand in the record handles or decides what is said against it.
NOT_ITS_OWN_JUDGE = """
IF EXISTS (
  SELECT FROM records_record WHERE id = NEW.record_id AND (
    NEW.handler_id IN (created_by_id, submitted_by_id, confirmed_by_id)
    OR NEW.decided_by_id IN (created_by_id, submitted_by_id, confirmed_by_id))
) THEN
  {refusal}
END IF;
RETURN NEW;
"""


def _independent(rule: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=rule,
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        func=NOT_ITS_OWN_JUDGE.format(refusal=refuse(rule, "its handlers had no hand in the record")),
    )


def _rules(word: str) -> list[models.BaseConstraint]:
    """What holds for both kinds; `word` begins the rules' names."""
    return [
        models.UniqueConstraint(
            name=f"one_open_{word}_per_record", fields=["record"], condition=Q(state__in=OPEN_STATES)
        ),
        models.CheckConstraint(
            name=f"{word}_decided_by_another",
            condition=Q(decided_by=None)
            | (Q(handler__isnull=False) & ~Q(decided_by=F("handler")) & ~Q(decided_by=F("filed_by"))),
        ),
        models.CheckConstraint(
            name=f"{word}_not_handled_by_its_applicant",
            condition=Q(handler=None) | ~Q(handler=F("filed_by")),
        ),
        models.CheckConstraint(
            name=f"{word}_decision_is_whole",
            condition=(
                Q(state="decided", decided_by__isnull=False, decided_on__isnull=False)
                & ~Q(outcome="")
                & ~Q(finding="")
            )
            | (Q(state="proposed", decided_by=None, decided_on=None) & ~Q(outcome="") & ~Q(finding=""))
            | Q(state__in=["filed", "handling", "recalled"], decided_by=None, decided_on=None),
        ),
    ]


class Request(models.Model):
    """异议和修复共有的栏目。"""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    number = models.CharField("文书编号", max_length=30, unique=True, editable=False)
    reason = models.TextField("理由", max_length=2000)
    state = models.CharField("状态", max_length=10, choices=RequestState.choices, default=RequestState.FILED)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="申请人"
    )
    filed_on = models.DateField("申请日期")
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="承办人"
    )
    finding = models.TextField("核查情况", max_length=2000, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="批准人"
    )
    decided_on = models.DateField("办结日期", null=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-id"]

    def __str__(self):
        return f"{self._meta.verbose_name}：{self.record}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


SAID = ("record_id", "organisation_id", "number", "reason", "filed_by_id", "filed_on")
DECIDED = ("state", "outcome", "finding", "handler_id", "decided_by_id", "decided_on")


@pghistory.track()
class Objection(Request):
    """异议：记录的主体认为记录有误。提出当时起处处标注“异议处理中”，由没有经手这条记录的人核查、另一个人批准。"""

    record = models.ForeignKey(
        Record, on_delete=models.PROTECT, related_name="objections", verbose_name="诚信记录"
    )
    wanted = models.CharField("请求", max_length=10, choices=Outcome.choices[1:])
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices, blank=True, default="")
    files = models.ManyToManyField(
        StoredFile, through="records.ObjectionFile", related_name="+", blank=True, verbose_name="证明材料"
    )

    class Meta(Request.Meta):
        verbose_name = "异议"
        constraints = _rules("objection")
        triggers = [
            _independent("objection_handled_independently"),
            fixed("objection_keeps_what_was_said", *SAID, "wanted"),
            fixed("decided_objection_stays", *DECIDED, unless="OLD.state <> 'decided'"),
            *never_deleted(),
        ]


@pghistory.track()
class Repair(Request):
    """信用修复：失信已经纠正、最短期限已满，主体申请提前终止；一人核查、另一人批准。不收费。"""

    record = models.ForeignKey(
        Record, on_delete=models.PROTECT, related_name="repairs", verbose_name="诚信记录"
    )
    outcome = models.CharField("结果", max_length=10, choices=Decision.choices, blank=True, default="")
    files = models.ManyToManyField(
        StoredFile, through="records.RepairFile", related_name="+", blank=True, verbose_name="履行完毕的证明"
    )
    letter = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="信用承诺书"
    )

    class Meta(Request.Meta):
        verbose_name = "信用修复"
        constraints = _rules("repair")
        triggers = [
            pgtrigger.Trigger(
                name="repair_after_its_minimum_period",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (
                  SELECT FROM records_record WHERE id = NEW.record_id AND repairable AND state = 'effective'
                  AND NEW.filed_on >= effective_from + make_interval(months => repair_min_months)
                ) THEN
                  {refuse("repair_after_its_minimum_period", "repairable, in effect, and its shortest period served")}
                END IF;
                RETURN NEW;
                """,
            ),
            _independent("repair_handled_independently"),
            fixed("repair_keeps_what_was_said", *SAID, "letter_id"),
            fixed("decided_repair_stays", *DECIDED, unless="OLD.state <> 'decided'"),
            *never_deleted(),
        ]
