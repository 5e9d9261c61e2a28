"""Official documents as they were issued, and with which word and head a unit numbers them."""

from collections.abc import Callable
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from longsha_credit.audit.triggers import append_only, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.roles import Role
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.exchange.models.templates import DocumentTemplate
from longsha_credit.files.models import StoredFile

# By kind of document, which of its things a user may read; official/kinds.py fills it.
READERS: dict[str, Callable[[Any], Any]] = {}


class WordQuerySet(ScopedQuerySet):
    seen_by = frozenset({Role.OFFICE, Role.LEAD})


class DocumentWord(models.Model):
    """发文代字：一个单位的一种文书用什么代字编号，红色的发文机关标志写什么（不写就不印）。"""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    kind = models.CharField("文书种类", max_length=40)
    word = models.CharField("发文代字", max_length=20)
    head = models.CharField("发文机关标志", max_length=40, blank=True, default="")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="设定人"
    )
    set_at = models.DateTimeField("设定时间", auto_now=True)

    objects = WordQuerySet.as_manager()

    class Meta:
        verbose_name = "发文代字"
        ordering = ["organisation", "kind"]
        constraints = [
            models.UniqueConstraint(name="one_word_per_kind_of_document", fields=["organisation", "kind"]),
            models.UniqueConstraint(name="word_of_documents_is_one_unit_s", fields=["word"]),
            models.CheckConstraint(
                name="word_of_documents_has_no_brackets", condition=Q(word__regex=r"^[^〔〕\s]+$")
            ),
        ]
        triggers = never_deleted()

    def __str__(self):
        return f"{self.organisation}：{self.word}"


class IssuedQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """Documents on what the user may read."""
        seen = Q(pk__in=[])
        for kind, things in READERS.items():
            seen |= Q(kind=kind, object_id__in=things(user).order_by().values("pk"))
        return self.filter(seen)

    def about(self, thing):
        """Those on one thing, newest first."""
        return self.filter(object_kind=thing._meta.label_lower, object_id=thing.pk)

    def with_names(self):
        return self.select_related("organisation", "file", "replaces", "successor", "template")


NO_GAP = f"""
IF NEW.serial < 1 OR (NEW.serial > 1 AND NOT EXISTS (SELECT FROM exchange_issueddocument
     WHERE kind = NEW.kind AND year = NEW.year AND organisation_id = NEW.organisation_id AND serial = NEW.serial - 1))
   OR NEW.year <> EXTRACT(YEAR FROM NEW.issued_on) THEN
  {refuse("document_numbers_have_no_gap", "the next number of this kind, year and unit")}
END IF;
RETURN NEW;
"""
SAME_THING = f"""
IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT FROM exchange_issueddocument d WHERE d.id = NEW.replaces_id
     AND d.kind = NEW.kind AND d.object_kind = NEW.object_kind AND d.object_id = NEW.object_id) THEN
  {refuse("document_replaces_one_of_its_own", "the same kind of document on the same thing")}
END IF;
RETURN NEW;
"""


class IssuedDocument(models.Model):
    """文书：出具的时候编了号、存下来的一份公文。原样保存，不改；事情变了就另出一份，写明代替哪一份。"""

    kind = models.CharField("文书种类", max_length=40)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="出具单位"
    )
    object_kind = models.CharField("对象类型", max_length=60)
    object_id = models.BigIntegerField("对象编号")
    object_label = models.CharField("事项（当时）", max_length=200)
    year = models.PositiveSmallIntegerField("年份")
    serial = models.PositiveIntegerField("序号")
    number = models.CharField("发文字号", max_length=50)
    title = models.CharField("标题", max_length=300)
    to = models.CharField("主送", max_length=300, blank=True, default="")
    values = models.JSONField("当时的内容")
    content_hash = models.CharField("内容校验值", max_length=64)
    file = models.OneToOneField(
        StoredFile, on_delete=models.PROTECT, related_name="issued_document", verbose_name="Word 文件"
    )
    template = models.ForeignKey(
        DocumentTemplate, on_delete=models.PROTECT, null=True, related_name="documents", verbose_name="模板"
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="successor", verbose_name="代替哪一份"
    )
    reason = models.CharField("另出一份的原因", max_length=200, blank=True, default="")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="出具人"
    )
    issued_by_name = models.CharField("出具人姓名（当时）", max_length=60)
    issued_on = models.DateField("出具日期")
    issued_at = models.DateTimeField("出具时间", auto_now_add=True)

    objects = IssuedQuerySet.as_manager()

    class Meta:
        verbose_name = "文书"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="document_by_thing"),
            models.Index(fields=["kind", "-id"], name="document_by_kind"),
        ]
        constraints = [
            models.UniqueConstraint(name="document_number_is_given_once", fields=["number"]),
            models.UniqueConstraint(
                name="document_serial_is_given_once", fields=["kind", "year", "organisation", "serial"]
            ),
            models.UniqueConstraint(
                name="one_first_document_per_thing",
                fields=["kind", "object_kind", "object_id"],
                condition=Q(replaces=None),
            ),
            models.CheckConstraint(
                name="replacing_document_says_why",
                condition=Q(replaces=None, reason="") | (Q(replaces__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="document_has_its_hash", condition=Q(content_hash__regex=r"^[0-9a-f]{64}$")
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="document_numbers_have_no_gap",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=NO_GAP,
            ),
            pgtrigger.Trigger(
                name="document_replaces_one_of_its_own",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=SAME_THING,
            ),
            *append_only(),
        ]

    def __str__(self):
        return self.number

    @property
    def is_replaced(self) -> bool:
        return hasattr(self, "successor")
