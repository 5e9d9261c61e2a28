"""A candidate's way through the gate: one chain of three people for every kind."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from longsha_credit.audit.triggers import fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet


class ReviewState(models.TextChoices):
    FIRST = "first", "待初审"
    SECOND = "second", "待审核"
    SECRECY = "secrecy", "待审发"
    SINGLE = "single", "待复核"
    PASSED = "passed", "已通过"
    RETURNED = "returned", "已退回"
    RECALLED = "recalled", "已撤回"


OPEN_STATES = [ReviewState.FIRST, ReviewState.SECOND, ReviewState.SECRECY, ReviewState.SINGLE]


class Chain(models.TextChoices):
    THREE = "three", "三级审查"
    ONE = "one", "一人复核"


class Answer(models.TextChoices):
    NO = "no", "不涉及"
    HANDLED = "handled", "涉及，已作处理"


def _person(label: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=label
    )


def _different(*names: str) -> Q:
    """No two of these people are the same; nobody yet is nobody in particular."""
    condition = Q()
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            condition &= (
                Q(**{f"{one}__isnull": True}) | Q(**{f"{other}__isnull": True}) | ~Q(**{one: F(other)})
            )
    return condition


class ReviewQuerySet(ScopedQuerySet):
    def open(self):
        return self.filter(state__in=OPEN_STATES)

    def with_people(self):
        return self.select_related(
            "organisation", "author", "submitted_by", "first_by", "second_by", "secrecy_by"
        )

    def of(self, obj: models.Model) -> "ReviewQuerySet":
        return self.filter(kind=obj._meta.label_lower, object_id=obj.pk).order_by("-id")


class Review(models.Model):
    """公开审查：初审、审核、审发由三个不同的人办理，绑定内容校验值，内容一改即作废。"""

    kind = models.CharField("对象类型", max_length=60)
    object_id = models.BigIntegerField("对象编号")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    title = models.CharField("标题", max_length=200)
    snapshot = models.JSONField("送审内容")
    content_hash = models.CharField("内容校验值", max_length=64)
    chain = models.CharField("审查方式", max_length=5, choices=Chain.choices)
    state = models.CharField("状态", max_length=10, choices=ReviewState.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="经办人"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="提交人"
    )
    submitted_at = models.DateTimeField("提交时间", auto_now_add=True)
    first_by = _person("初审人")
    first_at = models.DateTimeField("初审时间", null=True)
    second_by = _person("审核人")
    second_at = models.DateTimeField("审核时间", null=True)
    secrecy_by = _person("审发人")
    secrecy_at = models.DateTimeField("审发时间", null=True)
    state_secret = models.CharField("是否涉及国家秘密", max_length=8, choices=Answer.choices, blank=True)
    trade_secret = models.CharField("是否涉及商业秘密", max_length=8, choices=Answer.choices, blank=True)
    privacy = models.CharField("是否涉及个人隐私", max_length=8, choices=Answer.choices, blank=True)
    answer_note = models.CharField("处理说明和依据", max_length=500, blank=True)
    return_reason = models.CharField("退回理由", max_length=1000, blank=True)
    flagged = models.JSONField("退回时指出的栏目", default=list)
    # None: submitted before the scanner was there
    findings = models.JSONField("提交时查出的个人信息", null=True, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "公开审查"
        ordering = ["submitted_at", "id"]
        indexes = [models.Index(fields=["kind", "object_id", "-id"], name="review_by_object")]
        constraints = [
            models.UniqueConstraint(
                name="one_open_review_per_object",
                fields=["kind", "object_id"],
                condition=Q(state__in=["first", "second", "secrecy", "single"]),
            ),
            models.CheckConstraint(
                name="review_by_different_people",
                condition=_different("submitted_by", "first_by", "second_by", "secrecy_by")
                & _different("author", "first_by", "second_by", "secrecy_by"),
            ),
            models.CheckConstraint(
                name="passed_by_all_who_must",
                condition=~Q(state="passed")
                | Q(chain="one", first_by__isnull=False)
                | (
                    Q(first_by__isnull=False, second_by__isnull=False, secrecy_by__isnull=False)
                    & ~Q(state_secret="")
                    & ~Q(trade_secret="")
                    & ~Q(privacy="")
                ),
            ),
            models.CheckConstraint(
                name="what_was_handled_is_explained",
                condition=~(Q(state_secret="handled") | Q(trade_secret="handled") | Q(privacy="handled"))
                | ~Q(answer_note=""),
            ),
        ]
        triggers = [
            fixed(
                "review_keeps_what_it_saw",
                "snapshot",
                "content_hash",
                "kind",
                "object_id",
                "chain",
                "author_id",
                "submitted_by_id",
                "findings",
            ),
            fixed(
                "review_ends_once", "state", unless="OLD.state IN ('first', 'second', 'secrecy', 'single')"
            ),
            pgtrigger.Trigger(
                name="findings_are_justified_before_passing",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF NEW.state IN ('second', 'secrecy', 'passed') AND EXISTS (
                  SELECT FROM jsonb_array_elements(NEW.findings) f
                  WHERE NOT EXISTS (
                    SELECT FROM publication_justification j WHERE j.review_id = NEW.id AND j.key = f->>'key'
                  )
                ) THEN
                  {refuse("findings_are_justified_before_passing", "each finding is gone or justified")}
                END IF;
                RETURN NEW;
                """,
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return self.title
