"""A scene of credit+: a service, what trust brings there, how one takes part and how one leaves."""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from disclosure.models.disclosed import (
    OUT,
    Disclosed,
    Revision,
    RevisionState,
    out_only_when_published,
    rules_of,
    rules_of_revision,
)
from disclosure.models.scene_questions import ANSWERED_RIGHT, Answers
from longsha_credit.audit.triggers import fixed, refuse
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.publication.models import PublishableQuerySet

LONG = 1000  # characters of what a resident has to read in full


class SceneKind(models.TextChoices):
    """试点方案二（七）的三种场景。"""

    STREET = "street", "信用+街道"
    COMMUNITY = "community", "信用+社区"
    SERVICE = "service", "信用+服务"


class Incentive(models.TextChoices):
    """守信带来的便利：只有好处。"""

    TOLERANT = "tolerant", "容缺受理"
    PRIORITY = "priority", "优先办理"
    DEPOSIT = "deposit", "免押金"
    CHEAPER = "cheaper", "减免费用"
    DOORSTEP = "doorstep", "上门或延时服务"
    FEWER = "fewer", "少交材料"
    OTHER = "other", "其他便利"


class Conclusion(models.TextChoices):
    """法制审核的结论；认为不合法的不能提交。"""

    LAWFUL = "lawful", "合法，可以实施"
    CHANGED = "changed", "已按审核意见修改，合法"


class SceneState(models.TextChoices):
    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "审查中"
    PUBLISHED = "published", "已公开"
    SUSPENDED = "suspended", "暂停"
    ENDED = "ended", "已结束"
    WITHDRAWING = "withdrawing", "申请撤下"
    WITHDRAWN = "withdrawn", "已撤下"
    DISCARDED = "discarded", "已作废"


class HaltReason(models.TextChoices):
    """为什么暂停、结束：居民看到的就是这几个字。"""

    VENUE = "venue", "场地或者设备维修"
    STAFF = "staff", "人手调整"
    POLICY = "policy", "政策调整"
    DEMAND = "demand", "参加的人少"
    DONE = "done", "期满，工作已经完成"
    REPLACED = "replaced", "由别的场景接着做"
    OTHER = "other", "其他原因"


UNSENT = ["draft", "discarded"]
STANDING = ["published", "suspended", "ended"]


class SceneText(Answers):
    """规则：一个场景里居民读到的每一个栏目，连同法制审核和守则七问。"""

    kind = models.CharField("场景类别", max_length=10, choices=SceneKind.choices)
    title = models.CharField("名称", max_length=60)
    needs = ArrayField(models.SlugField(max_length=30), verbose_name="能帮上哪些事")
    service = models.TextField("服务内容", max_length=LONG)
    incentive_kind = models.CharField("便利种类", max_length=10, choices=Incentive.choices)
    incentive = models.TextField("守信带来的便利", max_length=LONG)
    beneficiaries = models.CharField("服务对象", max_length=200)
    eligibility = models.TextField("谁可以参加", max_length=LONG)
    joining = models.TextField("怎样参加", max_length=LONG)
    place = models.CharField("在哪里办", max_length=200)
    phone = models.CharField("联系电话", max_length=40)
    consent = models.TextField("自愿参加的说明", max_length=300)
    leaving = models.TextField("退出的说明", max_length=300)
    data_used = models.TextField("用到的个人信息", max_length=300)
    data_kept = models.CharField("保存多久", max_length=200)
    basis = models.CharField("依据", max_length=300)
    basis_document = models.CharField("依据文号", max_length=60, blank=True, default="")
    legal_review_number = models.CharField("法制审核意见文号", max_length=60, blank=True, default="")
    legal_review_on = models.DateField("法制审核日期", null=True, blank=True)
    legal_conclusion = models.CharField(
        "法制审核结论", max_length=8, choices=Conclusion.choices, blank=True, default=""
    )
    begins_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True, blank=True)
    monthly_target = models.PositiveIntegerField("每月目标人次")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_says_all_a_resident_asks",
                condition=Q(needs__len__gte=1)
                & ~Q(title="")
                & ~Q(service="")
                & ~Q(incentive="")
                & ~Q(eligibility="")
                & ~Q(joining="")
                & ~Q(place="")
                & ~Q(phone="")
                & ~Q(consent="")
                & ~Q(leaving="")
                & ~Q(data_used="")
                & ~Q(data_kept="")
                & ~Q(basis=""),
            ),
            models.CheckConstraint(
                name="%(class)s_ends_after_it_begins",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("begins_on")),
            ),
            models.CheckConstraint(name="%(class)s_has_a_target", condition=Q(monthly_target__gte=1)),
            models.CheckConstraint(
                name="%(class)s_was_reviewed_for_law",
                condition=Q(state__in=UNSENT)
                | (
                    Q(legal_review_on__isnull=False, legal_conclusion__in=Conclusion.values)
                    & ~Q(legal_review_number="")
                ),
            ),
            models.CheckConstraint(
                name="%(class)s_only_does_good", condition=Q(state__in=UNSENT) | ANSWERED_RIGHT
            ),
        ]


# Every field a scene consists of: a revision proposes them all, the door hashes what of them is public.
TEXT = tuple(f.name for f in SceneText._meta.fields)
TEXT_COLUMNS = tuple(f.column for f in SceneText._meta.fields)


def needs_are_known(thing: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"{thing}_needs_are_of_the_fourteen",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        func=f"""
        IF EXISTS (SELECT unnest(NEW.needs) EXCEPT SELECT key FROM publication_servicefield) THEN
          {refuse(f"{thing}_needs_are_of_the_fourteen", "a need is one of the fields of the plan")}
        END IF;
        RETURN NEW;
        """,
    )


class SceneQuerySet(PublishableQuerySet):
    def with_names(self):
        return self.select_related("organisation", "publication")

    def below(self, organisation):
        """Scenes of `organisation` and the units under it."""
        return self.filter(organisation__path__startswith=organisation.path)

    def at(self, organisation):
        """What somebody there can use: scenes of the place, of what lies in it and of what it lies in."""
        above = [int(pk) for pk in organisation.path.strip("/").split("/")]
        return self.filter(Q(organisation__path__startswith=organisation.path) | Q(organisation_id__in=above))

    def over(self, today):
        """Ended by the unit, or past its last day."""
        return self.filter(Q(state="ended") | Q(state="withdrawing", stood_as="ended") | Q(ends_on__lt=today))

    def going(self, today):
        """Not over: to come, going on or suspended."""
        return self.exclude(Q(state="ended") | Q(state="withdrawing", stood_as="ended")).filter(
            Q(ends_on=None) | Q(ends_on__gte=today)
        )

    def for_need(self, key):
        return self.filter(needs__contains=[key])


@pghistory.track()
class Scene(Disclosed, SceneText):
    """信用+场景：某单位的一项服务，守信的人在这里得到什么便利；自愿参加，只有好处。"""

    state = models.CharField("状态", max_length=12, choices=SceneState.choices, default=SceneState.DRAFT)
    halted_on = models.DateField("暂停或结束日期", null=True, editable=False)
    halt_why = models.CharField(
        "暂停或结束的原因", max_length=10, choices=HaltReason.choices, blank=True, default="", editable=False
    )
    stood_as = models.CharField("申请撤下前", max_length=12, blank=True, default="", editable=False)

    objects = SceneQuerySet.as_manager()

    class Meta:
        verbose_name = "信用+场景"
        ordering = ["-id"]
        indexes = [models.Index(fields=["organisation", "state"], name="scene_by_unit")]
        constraints = [
            *(c for c in Disclosed.Meta.constraints if "is_out_only" not in c.name),
            out_only_when_published([*OUT, "suspended", "ended"]),
            *SceneText.Meta.constraints,
            models.CheckConstraint(
                name="halted_scene_says_since_when_and_why",
                condition=Q(
                    state__in=["suspended", "ended"],
                    halted_on__isnull=False,
                    halt_why__in=HaltReason.values,
                )
                | Q(state__in=["withdrawing", "withdrawn"])
                | Q(state__in=[*UNSENT, "in_review", "published"], halted_on=None, halt_why=""),
            ),
            models.CheckConstraint(
                name="withdrawal_of_a_scene_knows_where_it_stood",
                condition=~Q(state="withdrawing") | Q(stood_as__in=STANDING),
            ),
        ]
        triggers = [
            *rules_of("scene", TEXT_COLUMNS),
            fixed(
                "ended_scene_stays_ended",
                "state",
                unless="OLD.state <> 'ended' OR NEW.state = 'withdrawing'",
            ),
            needs_are_known("scene"),
        ]

    def __str__(self):
        return self.title

    @property
    def stands(self):
        """The state apart from a request to take it down."""
        return self.stood_as if self.state == SceneState.WITHDRAWING else self.state

    def standing(self, today):
        """(state, words) for the public."""
        if self.stands == SceneState.ENDED:
            return "na", "已结束"
        if self.ends_on and self.ends_on < today:
            return "na", "已期满"
        if self.stands == SceneState.SUSPENDED:
            return "near", "暂停"
        if self.begins_on > today:
            return "pending", "即将开始"
        return "active", "正在进行"

    @property
    def first_day(self):
        """From when its months count: begun and public."""
        return max(self.begins_on, timezone.localdate(self.publication.first_published_at))

    @property
    def last_day(self):
        """The last day it goes on, or None while nobody knows one."""
        ended = self.halted_on if self.stands == SceneState.ENDED else None
        return min(filter(None, [ended, self.ends_on]), default=None)


class SceneRevisionQuerySet(ScopedQuerySet):
    def with_names(self):
        return self.select_related("organisation", "of__organisation")


@pghistory.track()
class SceneRevision(Revision, SceneText):
    """场景修订：一个场景的新一版规则，写明理由；通过之前旧版照常有效。"""

    of = models.ForeignKey(Scene, on_delete=models.PROTECT, related_name="revisions", verbose_name="场景")

    objects = SceneRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "场景修订"
        ordering = ["-id"]
        constraints = [*Revision.Meta.constraints, *SceneText.Meta.constraints]
        triggers = [
            *rules_of_revision("scene_revision", TEXT_COLUMNS),
            needs_are_known("scene_revision"),
        ]

    def __str__(self):
        return f"修订：{self.of.title}"


OPEN_REVISIONS = [RevisionState.DRAFT, RevisionState.IN_REVIEW]
