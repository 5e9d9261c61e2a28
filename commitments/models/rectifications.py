"""The ledger of what offices did not keep: one item for each, from the clue to its follow-up."""

import pghistory
import pgtrigger
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from commitments.models.cases import Case
from commitments.models.obligations import Obligation
from commitments.models.rectification_words import (
    CLOSED,
    CLOSING,
    CLUE_COLUMNS,
    DATED,
    EARLY,
    LABEL_WITH_DIGITS,
    MATTER,
    OPEN_RECTIFICATIONS,
    PLAN,
    Cause,
    ClueSource,
    Confirmation,
    HolderKind,
    Problem,
    RectificationState,
    Settlement,
)
from commitments.models.sweeps import Sweep
from commitments.models.terms import Domain
from longsha_credit.audit.triggers import at_commit, fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import SEES_WORK
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.files.models import StoredFile
from longsha_credit.programme.models import Finding
from records.models import Record


def above(user, path: str = "organisation__path") -> Q:
    """Rows of units that stand below one where `user` works, and not of that one itself."""
    condition = Q(pk__in=[])
    for own in user.paths_for(SEES_WORK):
        condition |= Q(**{f"{path}__startswith": own}) & ~Q(**{path: own})
    return condition


class RectificationQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """Who works on the unit or above it; what came from a resident's case only its superiors until it is found true."""
        from_a_case = Q(case__isnull=False, state__in=EARLY)
        return super().visible_to(user).exclude(from_a_case & ~above(user))

    def public(self):
        """Items whose public text stands published now; pages, search and counts start here."""
        published = self.model._meta.get_field("sheets").related_model.objects.public()
        return self.filter(Exists(published.filter(rectification=OuterRef("pk"))))

    def open(self):
        return self.filter(state__in=OPEN_RECTIFICATIONS)

    def below(self, organisation):
        return self.filter(organisation__path__startswith=organisation.path)

    def past_due(self, today):
        """Past the day that was set, without a request to close."""
        return self.filter(state=RectificationState.RECTIFYING, due_on__lt=today)

    def with_names(self):
        return self.select_related("organisation__parent", "obligation", "post_now", "created_by")

    def with_slip(self, deadlines):
        """`slip`: the colour of the last slip that went out for the clock that runs, blue, yellow or red."""
        running = deadlines.filter(object_kind=self.model._meta.label_lower, object_id=OuterRef("pk"))
        return self.annotate(slip=Subquery(running.with_slip().order_by("due_on").values("slip")[:1]))


def _person(label: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=label,
    )


def _two_people(one: str, other: str) -> Q:
    return Q(**{f"{one}__isnull": True}) | Q(**{f"{other}__isnull": True}) | ~Q(**{one: F(other)})


@pghistory.track()
class Rectification(models.Model):
    """失信治理台账的一件：哪个单位欠着什么没有兑现，怎样整改，谁验收。`organisation` 是现在的责任单位。"""

    number = models.CharField("台账编号", max_length=24, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="rectifications", verbose_name="责任单位"
    )
    source = models.CharField("来源", max_length=12, choices=ClueSource.choices)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, related_name="rectifications", verbose_name="来件"
    )
    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, null=True, related_name="rectifications", verbose_name="承诺"
    )
    sweep = models.ForeignKey(
        Sweep, on_delete=models.PROTECT, null=True, related_name="rectifications", verbose_name="排查"
    )
    inspected = models.ForeignKey(
        Finding, on_delete=models.PROTECT, null=True, related_name="rectifications", verbose_name="检查问题"
    )
    registered_on = models.DateField("登记日期", editable=False)
    # 是什么事
    title = models.CharField("事项", max_length=80)
    details = models.TextField("欠着什么", max_length=2000, blank=True, default="")
    problem = models.CharField("问题类型", max_length=10, choices=Problem.choices)
    cause = models.CharField("诱因", max_length=16, choices=Cause.choices, blank=True, default="")
    domain = models.CharField("领域", max_length=12, choices=Domain.choices)
    duty_then = models.CharField("原责任人职务", max_length=60, blank=True, default="")
    duty_now = models.CharField("现责任人职务", max_length=60, blank=True, default="")
    post_now = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="现责任岗位",
    )
    holder_kind = models.CharField("权利人", max_length=8, choices=HolderKind.choices, blank=True, default="")
    holder_label = models.CharField("权利人代称", max_length=20, blank=True, default="")
    instrument = models.CharField("依据文书", max_length=200, blank=True, default="")
    amount = models.DecimalField(
        "涉及金额（元）",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    settled = models.DecimalField(
        "已清偿（元）",
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    formed_on = models.DateField("形成时间", null=True, blank=True)
    found_on = models.DateField("发现时间", null=True, blank=True)
    # 核实
    checker = _person("核实人")
    checked_by = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="认定部门",
    )
    finding = models.TextField("核实结论", max_length=2000, blank=True, default="", editable=False)
    checked_on = models.DateField("核实日期", null=True, editable=False)
    # 一案一策
    measures = models.TextField("整改措施", max_length=2000, blank=True, default="")
    lead_post = models.CharField("包案领导职务", max_length=60, blank=True, default="")
    partners = models.CharField("牵头和配合单位", max_length=200, blank=True, default="")
    due_on = models.DateField("整改期限", null=True, blank=True)
    planned_by = _person("方案报送人")
    plan_approved_by = _person("方案批准人")
    # 销号
    settlement = models.CharField(
        "销号依据", max_length=12, choices=Settlement.choices, blank=True, default=""
    )
    settlement_note = models.CharField("依据说明", max_length=500, blank=True, default="")
    done_text = models.TextField("做了什么", max_length=2000, blank=True, default="")
    confirmation = models.CharField(
        "权利人确认", max_length=8, choices=Confirmation.choices, blank=True, default=""
    )
    no_confirmation = models.CharField("没有权利人确认的原因", max_length=500, blank=True, default="")
    confirmation_file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="权利人确认材料",
    )
    files = models.ManyToManyField(StoredFile, related_name="+", blank=True, verbose_name="佐证材料")
    close_asked_by = _person("销号申请人")
    close_asked_on = models.DateField("申请销号日期", null=True, editable=False)
    own_accepted_by = _person("自验人")
    accepted_by = _person("验收人")
    recheck = models.CharField("区级复核情况", max_length=500, blank=True, default="", editable=False)
    closed_on = models.DateField("销号时间", null=True, editable=False)
    return_reason = models.CharField("退回理由", max_length=500, blank=True, default="", editable=False)
    flagged = models.JSONField("退回时指出的问题", default=list, editable=False)
    # 回访和回潮
    followed_by = _person("回访人")
    followed_on = models.DateField("回访时间", null=True, editable=False)
    follow_up = models.CharField("回访情况", max_length=500, blank=True, default="", editable=False)
    round = models.PositiveSmallIntegerField("第几轮", default=1, editable=False)
    # 拒不整改
    refusal_from = models.CharField("提请以前的状态", max_length=12, blank=True, default="", editable=False)
    refusal_asked_by = _person("提请人")
    refusal_reason = models.CharField(
        "拒不整改的理由", max_length=500, blank=True, default="", editable=False
    )
    refused_by = _person("认定人")
    refused_on = models.DateField("认定日期", null=True, editable=False)
    record = models.ForeignKey(
        Record,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="rectifications",
        verbose_name="生成的失信记录",
    )
    state = models.CharField(
        "状态", max_length=12, choices=RectificationState.choices, default=RectificationState.CLUE
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = RectificationQuerySet.as_manager()

    class Meta:
        verbose_name = "治理台账"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organisation", "state"], name="rectification_by_unit"),
            models.Index(fields=["due_on"], name="rectification_by_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_open_item_per_obligation",
                fields=["obligation"],
                condition=Q(state__in=OPEN_RECTIFICATIONS),
            ),
            models.UniqueConstraint(
                name="one_open_item_per_case",
                fields=["case", "organisation"],
                condition=Q(state__in=OPEN_RECTIFICATIONS),
            ),
            models.CheckConstraint(
                name="ledger_number_is_tz_district_year_serial",
                condition=Q(number__regex=r"^TZ-[0-9]{6}-[0-9]{4}-[0-9]{4,}$"),
            ),
            models.CheckConstraint(
                name="right_holder_is_never_identified",
                condition=~Q(holder_label__regex=LABEL_WITH_DIGITS),
            ),
            models.CheckConstraint(
                name="settled_is_part_of_the_amount",
                condition=Q(settled=None) | Q(settled__gte=0, amount__isnull=False, settled__lte=F("amount")),
            ),
            models.CheckConstraint(
                name="source_says_where_it_stands",
                condition=(Q(case=None) | Q(source="complaint"))
                & (Q(inspected=None) | Q(source="inspection"))
                & (Q(source="sweep", sweep__isnull=False) | (~Q(source="sweep") & Q(sweep=None)))
                & (~Q(source="overdue") | Q(obligation__isnull=False)),
            ),
            models.CheckConstraint(
                name="finding_is_whole_and_not_the_registrars",
                condition=Q(state__in=["clue", "checking"])
                | (
                    Q(checked_by__isnull=False, checked_on__isnull=False, checker__isnull=False)
                    & ~Q(finding="")
                    & ~Q(checker=F("created_by"))
                ),
            ),
            models.CheckConstraint(
                name="nobody_checks_his_own_unit",
                condition=Q(checked_by=None) | ~Q(checked_by=F("organisation")),
            ),
            models.CheckConstraint(
                name="work_follows_an_approved_plan",
                condition=~Q(state__in=DATED)
                | (
                    Q(due_on__isnull=False, planned_by__isnull=False, plan_approved_by__isnull=False)
                    & ~Q(measures="")
                ),
            ),
            models.CheckConstraint(
                name="plan_is_approved_by_another", condition=_two_people("planned_by", "plan_approved_by")
            ),
            models.CheckConstraint(
                name="closing_has_its_grounds",
                condition=~Q(state__in=["closing", "accepting", *CLOSED])
                | (
                    Q(settlement__in=Settlement.values, confirmation__in=Confirmation.values)
                    & Q(close_asked_by__isnull=False, close_asked_on__isnull=False)
                    & ~Q(done_text="")
                    & (Q(settlement="fulfilled") | ~Q(settlement_note=""))
                    & (
                        Q(confirmation="none") & ~Q(no_confirmation="")
                        | (~Q(confirmation="none") & Q(confirmation_file__isnull=False))
                    )
                ),
            ),
            models.CheckConstraint(
                name="nobody_accepts_his_own_work",
                condition=_two_people("close_asked_by", "own_accepted_by")
                & _two_people("close_asked_by", "accepted_by")
                & _two_people("own_accepted_by", "accepted_by"),
            ),
            models.CheckConstraint(
                name="closed_was_accepted",
                condition=(
                    Q(state__in=CLOSED, accepted_by__isnull=False, own_accepted_by__isnull=False)
                    & Q(closed_on__isnull=False)
                    & (~Q(confirmation="none") | ~Q(recheck=""))
                )
                | (~Q(state__in=CLOSED) & Q(accepted_by=None, closed_on=None)),
            ),
            models.CheckConstraint(
                name="follow_up_says_what_was_found",
                condition=Q(state="followed", followed_on__isnull=False, followed_by__isnull=False)
                & ~Q(follow_up="")
                & ~Q(followed_by=F("close_asked_by"))
                | (~Q(state="followed") & Q(followed_on=None, followed_by=None, follow_up="")),
            ),
            models.CheckConstraint(
                name="refusal_is_decided_by_two_with_a_reason",
                condition=(
                    Q(state="refused", refused_by__isnull=False, refused_on__isnull=False)
                    & Q(record__isnull=False, refusal_asked_by__isnull=False)
                    & ~Q(refused_by=F("refusal_asked_by"))
                    & ~Q(refusal_reason="")
                )
                | (
                    Q(state="refusing", refusal_asked_by__isnull=False, refused_by=None)
                    & ~Q(refusal_reason="")
                )
                | (~Q(state__in=["refusing", "refused"]) & Q(refused_by=None, refused_on=None)),
            ),
        ]
        triggers = [
            fixed("clue_keeps_where_it_came_from", *CLUE_COLUMNS),
            fixed("matter_is_settled_by_the_finding", *MATTER, unless="OLD.state IN ('clue', 'checking')"),
            fixed("plan_changes_only_before_its_approval", *PLAN, unless="OLD.state = 'found'"),
            fixed(
                "due_day_moves_by_plan_or_extension",
                "due_on",
                unless="OLD.state = 'found' OR (OLD.state = 'rectifying' AND NEW.state = 'rectifying' AND EXISTS ("
                "SELECT FROM commitments_postponement WHERE rectification_id = NEW.id AND state = 'approved' "
                "AND to_day = NEW.due_on)) OR (NEW.due_on IS NULL AND NEW.round = OLD.round + 1)",
            ),
            fixed(
                "closing_changes_only_while_put_right",
                *(*CLOSING, "confirmation_file_id"),
                unless="OLD.state = 'rectifying' OR NEW.round = OLD.round + 1",
            ),
            fixed(
                "relapse_reopens_what_was_closed",
                "round",
                unless="NEW.round = OLD.round + 1 AND OLD.state IN ('closed', 'followed') AND NEW.state = 'found'",
            ),
            pgtrigger.Trigger(
                name="only_open_sweeps_find_items",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NEW.sweep_id IS NOT NULL AND NOT EXISTS (
                    SELECT FROM commitments_sweep WHERE id = NEW.sweep_id AND state = 'due'
                    AND organisation_id = NEW.organisation_id
                ) THEN
                  {refuse("only_open_sweeps_find_items", "a sweep of the unit that is not reported yet")}
                END IF;
                RETURN NEW;
                """,
            ),
            at_commit(
                "refusal_comes_after_written_notice",
                """NEW.state IN ('refusing', 'refused') AND NOT EXISTS (
                    SELECT FROM commitments_rectificationslip WHERE rectification_id = NEW.id AND round = NEW.round
                    AND kind IN ('supervise', 'talk')
                )""",
                "a slip of supervision or a summons was issued before",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_RECTIFICATIONS

    @property
    def comes_from_a_case(self) -> bool:
        return self.case_id is not None
