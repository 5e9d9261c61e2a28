"""What residents tell the offices: complaints, suggestions and praise, their sealed words and the replies to them."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from commitments.models.obligations import Obligation
from longsha_credit.audit.triggers import fixed, never_deleted, refuse
from longsha_credit.deadlines.joining import Clocks
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import ScopedQuerySet

HANDLERS = frozenset({Role.CLERK, Role.LEAD, Role.REVIEWER, Role.OFFICE})
APPROVERS = frozenset({Role.LEAD, Role.REVIEWER, Role.OFFICE})
DISTRICT_HANDLERS = frozenset({Role.REVIEWER, Role.OFFICE})


class CaseKind(models.TextChoices):
    COMPLAINT = "complaint", "投诉"
    SUGGESTION = "suggestion", "建议"
    PRAISE = "praise", "表扬"


class CaseState(models.TextChoices):
    FILED = "filed", "待受理"
    ACCEPTED = "accepted", "办理中"
    PROPOSED = "proposed", "答复待审签"
    REPLIED = "replied", "已答复，待回访"
    REHANDLING = "rehandling", "区里重新办理"
    REPROPOSED = "reproposed", "重办答复待审签"
    CLOSED = "closed", "已办结"
    REFUSED = "refused", "不予受理"


OPEN_CASES = [
    CaseState.FILED,
    CaseState.ACCEPTED,
    CaseState.PROPOSED,
    CaseState.REPLIED,
    CaseState.REHANDLING,
    CaseState.REPROPOSED,
]


class CaseFinding(models.TextChoices):
    """核实的结果，由承办人认定、另一人复核。"""

    TRUE = "true", "属实"
    PARTLY = "partly", "部分属实"
    UNTRUE = "untrue", "不属实"


class Closing(models.TextChoices):
    """怎样办结的。"""

    SATISFIED = "satisfied", "居民满意"
    UNSATISFIED = "unsatisfied", "重新办理后仍不满意"
    UNANSWERED = "unanswered", "未回访"
    NOTED = "noted", "已转达"


class RefusalReason(models.TextChoices):
    NOT_OURS = "not_ours", "属于其他渠道"
    NO_FACTS = "no_facts", "没有具体事实，无法核实"
    REPEATED = "repeated", "同一件事正在办理或已经办结"
    OTHER_UNIT = "other_unit", "反映的不是这个单位的事"


class Channel(models.TextChoices):
    """不归这里办的事，各有各的门。"""

    EMERGENCY = "emergency", "110、119、120"
    LAWSUIT = "lawsuit", "诉讼、仲裁"
    RECONSIDERATION = "reconsideration", "行政复议"
    DISCIPLINE = "discipline", "纪检监察"
    PETITION = "petition", "信访"
    DISCLOSURE = "disclosure", "政府信息公开申请"
    HOTLINE = "hotline", "12345热线"


class CaseQuerySet(ScopedQuerySet):
    """Who sits in the unit complained of sees nothing of a case, whatever else that person is."""

    apart_lookup = "about"
    seen_by = HANDLERS | {Role.SUPERVISOR}

    def open(self):
        return self.filter(state__in=OPEN_CASES)

    def with_names(self):
        return self.select_related("about", "organisation", "obligation", "handler", "approved_by")

    def about_or_below(self, organisation):
        return self.filter(about__path__startswith=organisation.path)


def _person(label: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=label,
    )


@pghistory.track()
class Case(models.Model):
    """来件：居民对某单位或某件承诺的投诉、建议、表扬。归承办单位（上级），不归被反映的单位；`organisation` 是承办单位。"""

    kind = models.CharField("种类", max_length=10, choices=CaseKind.choices)
    about = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="反映的单位"
    )
    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, null=True, related_name="cases", verbose_name="反映的承诺"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="cases", verbose_name="承办单位"
    )
    number = models.CharField("来件编号", max_length=20, unique=True, editable=False)
    state = models.CharField("状态", max_length=10, choices=CaseState.choices, default=CaseState.FILED)
    finding = models.CharField(
        "核实结果", max_length=8, choices=CaseFinding.choices, blank=True, default="", editable=False
    )
    handler = _person("承办人")
    approved_by = _person("审签人")
    rehandler = _person("重办人")
    reapproved_by = _person("重办审签人")
    rounds = models.PositiveSmallIntegerField("答复次数", default=0, editable=False)
    refusal = models.CharField(
        "不予受理的原因", max_length=10, choices=RefusalReason.choices, blank=True, default=""
    )
    channel = models.CharField("应走的渠道", max_length=16, choices=Channel.choices, blank=True, default="")
    filed_on = models.DateField("收到日期")
    accepted_on = models.DateField("受理日期", null=True, editable=False)
    replied_on = models.DateField("答复日期", null=True, editable=False)
    closing = models.CharField(
        "办结方式", max_length=12, choices=Closing.choices, blank=True, default="", editable=False
    )
    closed_on = models.DateField("办结日期", null=True, editable=False)
    accepted_in_time = models.BooleanField("按期受理审查", null=True, editable=False)
    replied_in_time = models.BooleanField("按期答复", null=True, editable=False)
    saved_at = models.DateTimeField("保存时间", auto_now=True)
    clocks = Clocks()

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "来件"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organisation", "state"], name="case_by_handling_unit"),
            models.Index(fields=["about", "filed_on"], name="case_by_unit_and_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="case_is_never_handled_by_its_target", condition=~Q(about=F("organisation"))
            ),
            models.CheckConstraint(
                name="reply_is_approved_by_another",
                condition=Q(approved_by=None) | (Q(handler__isnull=False) & ~Q(approved_by=F("handler"))),
            ),
            models.CheckConstraint(
                name="case_is_handled_again_by_others",
                condition=(Q(rehandler=None) | (~Q(rehandler=F("handler")) & ~Q(rehandler=F("approved_by"))))
                & (
                    Q(reapproved_by=None)
                    | (
                        Q(rehandler__isnull=False)
                        & ~Q(reapproved_by=F("rehandler"))
                        & ~Q(reapproved_by=F("handler"))
                    )
                ),
            ),
            models.CheckConstraint(
                name="accepted_case_has_its_handler",
                condition=Q(state__in=["filed", "refused"], accepted_on=None)
                | Q(state="closed", closing="noted")
                | Q(
                    state__in=["accepted", "proposed", "replied", "rehandling", "reproposed", "closed"],
                    handler__isnull=False,
                    accepted_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="replied_case_was_approved",
                condition=Q(state__in=["filed", "refused", "accepted", "proposed"], rounds=0, replied_on=None)
                | Q(state="closed", closing="noted", rounds=0)
                | Q(
                    state__in=["replied", "rehandling", "reproposed", "closed"],
                    rounds__in=[1, 2],
                    approved_by__isnull=False,
                    replied_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="case_is_handled_again_only_once",
                condition=Q(rounds__lte=1, reapproved_by=None)
                | Q(rounds=2, reapproved_by__isnull=False, state__in=["replied", "closed"]),
            ),
            models.CheckConstraint(
                name="complaint_is_found_true_or_not",
                condition=Q(finding="", kind__in=["suggestion", "praise"])
                | Q(finding="", state__in=["filed", "refused", "accepted", "proposed"])
                | Q(kind="complaint", finding__in=CaseFinding.values, rounds__gte=1),
            ),
            models.CheckConstraint(
                name="refused_case_says_why",
                condition=Q(state="refused", refusal__in=RefusalReason.values)
                & (
                    Q(refusal="not_ours", channel__in=Channel.values)
                    | (~Q(refusal="not_ours") & Q(channel=""))
                )
                | (~Q(state="refused") & Q(refusal="", channel="")),
            ),
            models.CheckConstraint(
                name="closed_case_says_how",
                condition=Q(state="closed", closing__in=Closing.values, closed_on__isnull=False)
                | (~Q(state="closed") & Q(closing="", closed_on=None)),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="case_is_handled_above",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (
                  SELECT FROM directory_organisation above JOIN directory_organisation target
                    ON starts_with(target.path, above.path)
                  WHERE above.id = NEW.organisation_id AND target.id = NEW.about_id
                    AND above.level IN ('district', 'street')
                ) THEN
                  {refuse("case_is_handled_above", "a street or district above the target handles it")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed(
                "case_keeps_what_was_filed",
                *("kind", "about_id", "obligation_id", "organisation_id", "number", "filed_on"),
            ),
            fixed("ended_case_stays", "state", unless="OLD.state NOT IN ('closed', 'refused')"),
            *never_deleted(),
        ]

    def __str__(self):
        return f"来件 {self.number}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_CASES

    @property
    def tone(self) -> str:
        """How the state is drawn: a shape and a colour of the look."""
        if self.state == CaseState.CLOSED:
            return "broken" if self.closing == Closing.UNSATISFIED else "kept"
        if self.state == CaseState.REFUSED:
            return "na"
        return "pending" if self.state == CaseState.FILED else "active"


class CaseSecret(models.Model):
    """来件的密件：居民写的原文、姓名和联系方式只在这里，加密存放；查询码和口令只存校验值。"""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="secret", verbose_name="来件")
    words = models.TextField("原文（密文）")
    identity = models.TextField("姓名和联系方式（密文）", blank=True, default="")
    code_hash = models.CharField("查询码校验值", max_length=64, unique=True)
    phrase_hash = models.CharField("口令校验值", max_length=128)
    form_hash = models.CharField("这一次提交的校验值", max_length=64, unique=True)

    class Meta:
        verbose_name = "来件密件"
        constraints = [
            models.CheckConstraint(
                name="secret_is_sealed",
                condition=Q(words__startswith="1:") & (Q(identity="") | Q(identity__startswith="1:")),
            ),
            models.CheckConstraint(
                name="secret_code_is_hashed",
                condition=Q(code_hash__regex=r"^[0-9a-f]{64}$", form_hash__regex=r"^[0-9a-f]{64}$"),
            ),
        ]
        triggers = [
            fixed(
                "secret_never_changes",
                *("case_id", "words", "identity", "code_hash", "phrase_hash", "form_hash"),
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"来件密件 {self.case_id}"


class CaseReply(models.Model):
    """答复：承办人写给居民的话，另一个人审签以后居民凭查询码看到；加密存放，发出以后不再改。"""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="replies", verbose_name="来件")
    number = models.PositiveSmallIntegerField("第几次答复")
    finding = models.CharField("核实结果", max_length=8, choices=CaseFinding.choices, blank=True, default="")
    words = models.TextField("答复（密文）")
    sent_on = models.DateField("答复日期", null=True)

    class Meta:
        verbose_name = "答复"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="one_reply_each_time", fields=["case", "number"]),
            models.CheckConstraint(name="reply_is_sealed", condition=Q(words__startswith="1:")),
        ]
        triggers = [
            fixed(
                "sent_reply_stays",
                *("case_id", "number", "finding", "words", "sent_on"),
                unless="OLD.sent_on IS NULL AND OLD.case_id = NEW.case_id AND OLD.number = NEW.number",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"第{self.number}次答复"
