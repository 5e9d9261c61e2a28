"""What everything an office publishes has in common: its number, its files, its way to the public and back."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from longsha_credit.audit.triggers import fixed, never_deleted
from longsha_credit.directory.models import Organisation
from longsha_credit.files.models import StoredFile
from longsha_credit.publication.models import Publishable


class DisclosedState(models.TextChoices):
    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "审查中"
    PUBLISHED = "published", "已公开"
    WITHDRAWING = "withdrawing", "申请撤下"
    WITHDRAWN = "withdrawn", "已撤下"
    DISCARDED = "discarded", "已作废"


class RevisionState(models.TextChoices):
    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "审查中"
    ADOPTED = "adopted", "已生效"
    DISCARDED = "discarded", "已作废"


class Written(models.Model):
    """A draft of a unit: whose it is, with which files, who wrote it and when it was saved."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="公开单位"
    )
    files = models.ManyToManyField(StoredFile, related_name="+", blank=True, verbose_name="附件")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="经办人"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    class Meta:
        abstract = True


OUT = ["published", "withdrawing", "withdrawn"]


def out_only_when_published(out: list[str]) -> models.CheckConstraint:
    """A row in one of these states has its number and its publication, one before them has none."""
    return models.CheckConstraint(
        name="%(class)s_is_out_only_when_published",
        condition=Q(state__in=["draft", "in_review", "discarded"], publication=None)
        | (Q(state__in=out, publication__isnull=False, version__gte=1) & ~Q(code="")),
    )


class Disclosed(Publishable, Written):
    """Something a unit publishes: from draft through the gate to its public page, and taken down by two people."""

    code = models.CharField("索引号", max_length=24, blank=True, default="", editable=False)
    version = models.PositiveIntegerField("版本", default=0, editable=False)
    state = models.CharField(
        "状态", max_length=12, choices=DisclosedState.choices, default=DisclosedState.DRAFT
    )
    withdraw_reason = models.CharField("撤下理由", max_length=500, blank=True, default="")
    withdraw_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="撤下申请人",
    )

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(name="%(class)s_code_is_unique", fields=["code"], condition=~Q(code="")),
            out_only_when_published(OUT),
            models.CheckConstraint(
                name="%(class)s_withdrawal_has_a_reason",
                condition=~Q(state__in=["withdrawing", "withdrawn"])
                | (~Q(withdraw_reason="") & Q(withdraw_asked_by__isnull=False)),
            ),
        ]


def rules_of(thing: str, columns: tuple[str, ...]) -> list:
    """Triggers of a published kind: its text changes only as a draft or by a new version, what it is stays."""
    return [
        fixed(
            f"{thing}_changes_only_by_new_version",
            *columns,
            unless="OLD.state = 'draft' OR (OLD.state = 'published' AND NEW.version = OLD.version + 1)",
        ),
        fixed(f"{thing}_keeps_its_code", "code", unless="OLD.code = ''"),
        fixed(f"{thing}_keeps_its_publication", "publication_id", unless="OLD.publication_id IS NULL"),
        fixed(f"{thing}_keeps_its_unit", "organisation_id", "created_by_id", unless="OLD.state = 'draft'"),
        *never_deleted(),
    ]


class Revision(Written):
    """The next version of something published, with its reason; the old one stands until it passes."""

    reason = models.CharField("修改理由", max_length=500)
    state = models.CharField(
        "状态", max_length=12, choices=RevisionState.choices, default=RevisionState.DRAFT
    )
    adopted_at = models.DateTimeField("生效时间", null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                name="one_open_%(class)s", fields=["of"], condition=Q(state__in=["draft", "in_review"])
            ),
            models.CheckConstraint(name="%(class)s_has_a_reason", condition=~Q(reason="")),
        ]


def rules_of_revision(thing: str, columns: tuple[str, ...]) -> list:
    """Triggers of a revision: it changes only as a draft, and once adopted it stays."""
    return [
        fixed(f"{thing}_changes_only_as_draft", *columns, "reason", unless="OLD.state = 'draft'"),
        fixed(f"adopted_{thing}_stays", "state", "of_id", unless="OLD.state <> 'adopted'"),
        *never_deleted(),
    ]
