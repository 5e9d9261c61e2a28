"""What comes of a round in public: the notice of candidates, objections to it, awards and their yearly re-check."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from disclosure.models.disclosed import Disclosed, rules_of
from evaluation.models.demonstrations import DISTRICT, Application, Cycle
from longsha_credit.audit.triggers import append_only, fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.publication.models import PublishableQuerySet
from records.models import Record


class CandidateNoticeQuerySet(PublishableQuerySet):
    def with_names(self):
        return self.select_related("organisation", "cycle", "publication", "created_by")

    def running(self, today):
        """Those whose time for objections is not over."""
        return self.filter(state="published", until__gte=today)


@pghistory.track()
class CandidateNotice(Disclosed):
    """评定公示：拟评定的单位公示若干个工作日，谁都可以提异议；公示期满、异议办结才能评定。"""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="notices", verbose_name="轮次")
    title = models.CharField("标题", max_length=80)
    text = models.TextField("公示说明", max_length=2000)
    contact = models.CharField("受理异议的电话", max_length=60)
    until = models.DateField("公示截止", null=True, editable=False)

    objects = CandidateNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "评定公示"
        ordering = ["-id"]
        constraints = [
            *Disclosed.Meta.constraints,
            models.CheckConstraint(
                name="shown_notice_says_until_when",
                condition=Q(state__in=["draft", "in_review", "discarded"], until=None)
                | (Q(state__in=["published", "withdrawing", "withdrawn"]) & Q(until__isnull=False)),
            ),
        ]
        triggers = [
            *rules_of("candidate_notice", ("title", "text", "contact")),
            fixed("candidate_notice_keeps_its_days", "cycle_id", "until", unless="OLD.until IS NULL"),
        ]

    def __str__(self):
        return self.title

    def is_running(self, today) -> bool:
        return self.state == "published" and today <= self.until


class ObjectionState(models.TextChoices):
    FILED = "filed", "待受理"
    ACCEPTED = "accepted", "调查核实"
    PROPOSED = "proposed", "处理意见待审定"
    DECIDED = "decided", "已处理"


class ObjectionFinding(models.TextChoices):
    UPHELD = "upheld", "异议成立"
    PARTLY = "partly", "部分成立，不影响评定"
    REJECTED = "rejected", "异议不成立"


class NoticeObjectionQuerySet(ScopedQuerySet):
    apart_lookup = "application__organisation"
    seen_by = DISTRICT

    def public(self):
        return self.none()

    def with_names(self):
        return self.select_related(
            "organisation", "notice", "application__organisation", "application__cycle"
        )

    def open(self):
        return self.exclude(state=ObjectionState.DECIDED)


@pghistory.track(
    exclude=["words", "identity", "code_hash", "phrase_hash", "form_hash", "reply"],
)
class NoticeObjection(models.Model):
    """公示异议：居民、单位对一个拟评定的单位提出的不同意见；由没有参与评审的人核实，另一个人审定，期限照规则。"""

    number = models.CharField("编号", max_length=20, unique=True)
    notice = models.ForeignKey(
        CandidateNotice, on_delete=models.PROTECT, related_name="objections", verbose_name="公示"
    )
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="objections", verbose_name="对哪个单位"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="受理单位"
    )
    by_unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="提出单位"
    )
    filed_on = models.DateField("收到日期")
    words = models.TextField("内容（密文）")
    identity = models.TextField("姓名和联系方式（密文）", blank=True, default="")
    code_hash = models.CharField("查询码校验值", max_length=64, unique=True)
    phrase_hash = models.CharField("口令校验值", max_length=128)
    form_hash = models.CharField("这一次提交的校验值", max_length=64, unique=True)
    state = models.CharField(
        "状态", max_length=10, choices=ObjectionState.choices, default=ObjectionState.FILED
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="承办人"
    )
    finding = models.CharField(
        "处理结果", max_length=8, choices=ObjectionFinding.choices, blank=True, default=""
    )
    reply = models.TextField("答复（密文）", blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="审定人"
    )
    decided_on = models.DateField("审定日期", null=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = NoticeObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = "公示异议"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="notice_objection_is_sealed",
                condition=Q(words__startswith="1:")
                & (Q(identity="") | Q(identity__startswith="1:"))
                & (Q(reply="") | Q(reply__startswith="1:"))
                & Q(code_hash__regex=r"^[0-9a-f]{64}$", form_hash__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="notice_objection_is_decided_by_two",
                condition=~Q(state="decided")
                | (
                    Q(handler__isnull=False, decided_by__isnull=False, decided_on__isnull=False)
                    & Q(finding__in=ObjectionFinding.values)
                    & ~Q(reply="")
                    & ~Q(handler=F("decided_by"))
                ),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="objection_is_to_a_shown_candidate",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (SELECT FROM evaluation_application a JOIN evaluation_candidatenotice n ON n.id = a.notice_id
                    WHERE a.id = NEW.application_id AND n.id = NEW.notice_id AND n.state IN ('published', 'withdrawing')
                    AND NEW.filed_on <= n.until) THEN
                  {refuse("objection_is_to_a_shown_candidate", "a candidate of the notice, while it is shown")}
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="no_judge_handles_the_objection",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF EXISTS (SELECT FROM evaluation_application a WHERE a.id = NEW.application_id
                    AND (NEW.handler_id IN (a.created_by_id, a.submitted_by_id, a.street_by_id, a.district_by_id)
                      OR NEW.decided_by_id IN (a.created_by_id, a.submitted_by_id, a.street_by_id, a.district_by_id)))
                   OR EXISTS (SELECT FROM evaluation_seat s WHERE s.application_id = NEW.application_id
                    AND s.reviewer_id IN (NEW.handler_id, NEW.decided_by_id)) THEN
                  {refuse("no_judge_handles_the_objection", "who checked or scored the unit does not handle it")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed(
                "notice_objection_keeps_what_was_said",
                *("number", "notice_id", "application_id", "organisation_id", "by_unit_id", "filed_on", "words"),
                *("identity", "code_hash", "phrase_hash", "form_hash"),
            ),
            fixed(
                "decided_objection_stays",
                *("state", "handler_id", "finding", "reply", "decided_by_id", "decided_on"),
                unless="OLD.state <> 'decided'",
            ),
            *never_deleted(),
        ]  # fmt: skip

    def __str__(self):
        return f"公示异议 {self.number}"


class Form(models.TextChoices):
    """有批准文号的命名，没有的只是试点对标评价的结果。"""

    NAMED = "named", "命名"
    BENCHMARK = "benchmark", "试点对标评价"


class AwardQuerySet(PublishableQuerySet):
    path_lookup = "application__organisation__path"  # the unit reads its own, the district all

    def with_names(self):
        return self.select_related(
            "organisation", "publication", "created_by",
            "application__organisation__parent", "application__cycle__organisation", "application__notice",
        )  # fmt: skip

    def with_suspension(self):
        """With `suspended`: a breach of the unit's own is in effect now; asked each time, never stored."""
        adverse = Record.objects.breaches().in_effect()
        return self.annotate(
            suspended=Exists(
                adverse.filter(organisation=OuterRef("application__organisation"), official=None)
            )
        )

    def of_unit(self, unit):
        return self.filter(application__organisation=unit)

    def standing_on(self, today):
        """Awarded, not revoked and not over; a suspended one stands too."""
        return self.filter(state__in=["published", "withdrawing"], valid_until__gte=today)


@pghistory.track()
class Award(Disclosed):
    """评定：一个单位评上了，有证书编号和验证码；有批准文号的才命名、授牌。有效期内每年复核，可以撤销。"""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="awards", verbose_name="申报"
    )
    form = models.CharField("形式", max_length=10, choices=Form.choices)
    reason = models.TextField("评定理由", max_length=1000)
    plaque = models.CharField("牌匾文字", max_length=60, blank=True, default="")
    number = models.CharField("证书编号", max_length=30, blank=True, default="", editable=False)
    check_code = models.CharField("验证码", max_length=12, blank=True, default="", editable=False)
    awarded_on = models.DateField("评定日期", null=True, editable=False)
    valid_until = models.DateField("有效期至", null=True, editable=False)

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = "评定结果"
        ordering = ["-id"]
        constraints = [
            *Disclosed.Meta.constraints,
            models.UniqueConstraint(
                name="one_award_per_application", fields=["application"], condition=~Q(state="discarded")
            ),
            models.UniqueConstraint(
                name="award_number_is_unique", fields=["number"], condition=~Q(number="")
            ),
            models.CheckConstraint(
                name="award_has_number_code_and_days",
                condition=Q(
                    state__in=["draft", "in_review", "discarded"],
                    number="",
                    awarded_on=None,
                    valid_until=None,
                )
                | (
                    Q(awarded_on__isnull=False, valid_until__gt=F("awarded_on"))
                    & ~Q(number="")
                    & Q(check_code__regex=r"^[2-9A-HJ-NP-Z]{12}$")
                ),
            ),
            models.CheckConstraint(
                name="only_a_named_unit_has_a_plaque",
                condition=Q(form="named") & ~Q(plaque="") | Q(form="benchmark", plaque=""),
            ),
            models.CheckConstraint(name="award_says_why", condition=~Q(reason="")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_an_approved_cycle_names",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF NEW.form = 'named' AND NOT EXISTS (SELECT FROM evaluation_application a
                    JOIN evaluation_cycle c ON c.id = a.cycle_id WHERE a.id = NEW.application_id
                    AND c.approval_number <> '' AND c.approval_body <> '') THEN
                  {refuse("only_an_approved_cycle_names", "without an approval number there is no naming")}
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="no_award_before_publicity_is_over",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF NEW.state = 'published' AND (TG_OP = 'INSERT' OR OLD.state = 'in_review')
                   AND (NOT EXISTS (SELECT FROM evaluation_application a JOIN evaluation_candidatenotice n ON n.id = a.notice_id
                      WHERE a.id = NEW.application_id AND n.state = 'published'
                      AND (NEW.awarded_on IS NULL OR NEW.awarded_on > n.until))
                     OR EXISTS (SELECT FROM evaluation_noticeobjection o WHERE o.application_id = NEW.application_id
                      AND (o.state <> 'decided' OR o.finding = 'upheld'))) THEN
                  {refuse("no_award_before_publicity_is_over", "shown long enough, and every objection answered")}
                END IF;
                RETURN NEW;
                """,
            ),
            *rules_of("award", ("application_id", "form", "reason", "plaque")),
            fixed(
                "award_keeps_its_certificate",
                *("number", "check_code", "awarded_on", "valid_until"),
                unless="OLD.number = ''",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.application.organisation.name}：{self.application.cycle.title}"

    def is_over(self, today) -> bool:
        return self.valid_until is not None and self.valid_until < today


class UnderAwardQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(award__in=Award.objects.visible_to(user))

    def public(self):
        return self.none()


class Recheck(models.Model):
    """年度复核：评上以后每年看一次还够不够格；不够格的另行申请撤销，这里只记看到的和结论。"""

    award = models.ForeignKey(
        Award, on_delete=models.PROTECT, related_name="rechecks", verbose_name="评定结果"
    )
    number = models.PositiveSmallIntegerField("第几次复核")
    checked_on = models.DateField("复核日期")
    fit = models.BooleanField("仍然符合")
    text = models.TextField("复核情况", max_length=1000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="复核人"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = UnderAwardQuerySet.as_manager()

    class Meta:
        verbose_name = "年度复核"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="one_recheck_each_time", fields=["award", "number"]),
            models.CheckConstraint(name="recheck_says_what_was_found", condition=~Q(text="")),
        ]
        triggers = append_only()

    def __str__(self):
        return f"{self.award}（第{self.number}次复核）"
