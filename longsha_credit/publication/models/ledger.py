"""What is public now, every version of it, and what was corrected or taken down."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.db.models.functions import TruncMonth
from django.urls import reverse

from longsha_credit.audit.triggers import append_only, at_commit, fixed, never_deleted, refuse
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.files.models import StoredFile
from longsha_credit.publication.models.fields import ServiceField
from longsha_credit.publication.models.index import WORDS_INDEXES, IndexField, SearchedQuerySet
from longsha_credit.publication.models.reviews import Review


class PublicationQuerySet(SearchedQuerySet):
    def public(self):
        return self.filter(withdrawn_at=None)

    def latest(self):
        return self.order_by("-published_at", "-id")

    def below(self, organisation):
        """What `organisation` and the units under it have made public."""
        return self.filter(organisation__path__startswith=organisation.path)

    def with_names(self):
        return self.select_related("organisation", "service_field")

    def newest_by_unit(self):
        """Per unit's path: when it last made something public."""
        return self.order_by().values(unit_path=F("organisation__path")).annotate(newest=Max("published_at"))


class Publication(models.Model):
    """公开：任何公开内容现在的样子。只由 publication.door 写入。"""

    kind = models.CharField("种类", max_length=30)
    kind_label = models.CharField("种类名称", max_length=20)
    object_id = models.BigIntegerField("对象编号")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="publications", verbose_name="单位"
    )
    service_field = models.ForeignKey(
        ServiceField, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="公共服务领域"
    )
    title = models.CharField("标题", max_length=200)
    text = models.TextField("正文")
    path = models.CharField("页面地址", max_length=200)
    reference = models.CharField("编号", max_length=60, default="")
    version = models.PositiveIntegerField("版本")
    first_published_at = models.DateTimeField("首次公开时间")
    published_at = models.DateTimeField("本版公开时间")
    withdrawn_at = models.DateTimeField("撤下时间", null=True)
    search = IndexField("检索词", null=True, editable=False)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = "公开内容"
        ordering = ["-published_at", "-id"]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"], name="publication_latest", condition=Q(withdrawn_at=None)
            ),
            models.Index(fields=["organisation", "-published_at"], name="publication_by_unit"),
            *WORDS_INDEXES,
            models.Index(
                fields=["id"], name="publication_not_indexed", condition=Q(search=None, withdrawn_at=None)
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="one_publication_per_object", fields=["kind", "object_id"]),
            models.CheckConstraint(
                name="published_not_before_first", condition=Q(published_at__gte=F("first_published_at"))
            ),
            models.CheckConstraint(
                name="what_is_down_is_not_searched", condition=Q(withdrawn_at=None) | Q(search=None)
            ),
        ]
        triggers = [
            fixed(
                "publication_keeps_its_first_day",
                "first_published_at",
                "kind",
                "object_id",
                "organisation_id",
            ),
            fixed("withdrawal_is_final", "withdrawn_at", unless="OLD.withdrawn_at IS NULL"),
            fixed(
                "public_text_changes_only_by_new_version",
                "title",
                "text",
                "path",
                "published_at",
                unless="NEW.version = OLD.version + 1",
            ),
            at_commit(
                "every_version_is_in_the_ledger",
                """NOT EXISTS (
                    SELECT FROM publication_ledgerentry
                    WHERE publication_id = NEW.id AND version = NEW.version AND action IN ('publish', 'amend')
                )""",
                "a public version stands in the ledger",
            ),
            at_commit(
                "withdrawal_is_in_the_log",
                """NEW.withdrawn_at IS NOT NULL AND NOT EXISTS (
                    SELECT FROM publication_correction WHERE publication_id = NEW.id AND action = 'withdraw'
                )""",
                "what is taken down stands in the log with its reason",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return self.title

    @property
    def is_public(self) -> bool:
        return self.withdrawn_at is None

    def get_absolute_url(self) -> str:
        return reverse("front") + self.path


class PublishableQuerySet(ScopedQuerySet):
    def public(self):
        """Only what stands published now; pages, search, feeds, exports and counts start here."""
        return self.filter(publication__isnull=False, publication__withdrawn_at=None)


class Publishable(models.Model):
    """A row that can go through the door; the link is set by the step that lets it pass."""

    publication = models.OneToOneField(
        Publication,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="公开",
    )

    class Meta:
        abstract = True


class Action(models.TextChoices):
    PUBLISH = "publish", "公开"
    AMEND = "amend", "变更"
    WITHDRAW = "withdraw", "撤下"
    REMOVE = "remove", "依法移除"
    OUTCOME = "outcome", "撤下后的结论"


class LedgerEntryQuerySet(models.QuerySet):
    def public(self, withdrawn=False):
        """Versions of what stands published now; `withdrawn`: also of what was taken down, for who keeps a copy."""
        return self.all() if withdrawn else self.filter(publication__withdrawn_at=None)

    def versions_of(self, publication):
        """Every version of one publication with its kept content, newest first."""
        return (
            self.filter(publication=publication, action__in=[Action.PUBLISH, Action.AMEND])
            .select_related("content", "review")
            .order_by("-version")
        )

    def current_of(self, publications):
        """The newest version of each of these publications with its kept content."""
        return (
            self.filter(publication__in=publications, action__in=[Action.PUBLISH, Action.AMEND])
            .select_related("content", "review")
            .order_by("publication_id", "-version")
            .distinct("publication_id")
        )


class LedgerEntry(models.Model):
    """公开账：永久保留种类、单位、版本、时间和校验值，不保留内容。"""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="ledger")
    kind = models.CharField("种类", max_length=30)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField("版本")
    action = models.CharField("动作", max_length=10, choices=Action.choices)
    at = models.DateTimeField("时间")
    content_hash = models.CharField("内容校验值", max_length=64)
    review = models.ForeignKey(
        Review, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="审查"
    )

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "公开账"
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], name="ledger_withdrawals", condition=Q(action="withdraw"))]
        constraints = [
            models.CheckConstraint(
                name="nothing_public_without_review",
                condition=Q(action__in=["publish", "amend"], review__isnull=False)
                | Q(action__in=["withdraw", "remove"], review=None),
            ),
            models.UniqueConstraint(
                name="one_ledger_entry_per_version",
                fields=["publication", "version"],
                condition=Q(action__in=["publish", "amend"]),
            ),
            models.CheckConstraint(
                name="ledger_entry_has_a_hash", condition=Q(content_hash__regex=r"^[0-9a-f]{64}$")
            ),
        ]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="review_must_have_passed",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NEW.review_id IS NOT NULL
                   AND (SELECT state FROM publication_review WHERE id = NEW.review_id) <> 'passed' THEN
                  {refuse("review_must_have_passed", "only what has passed review becomes public")}
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"第{self.version}版 {self.get_action_display()}"


class LedgerContent(models.Model):
    """公开内容：盐和规范化的 JSON。可依法移除，移除留下理由和批准人。"""

    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="content")
    salt = models.BinaryField("盐", null=True)
    text = models.TextField("规范化内容", null=True)
    removed_at = models.DateTimeField("移除时间", null=True)
    removed_reason = models.CharField("移除理由", max_length=500, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="批准人"
    )

    class Meta:
        verbose_name = "公开账内容"
        constraints = [
            models.CheckConstraint(
                name="content_is_whole_or_removed_with_reason",
                condition=Q(text__isnull=False, salt__isnull=False, removed_at=None)
                | (
                    Q(text=None, salt=None, removed_at__isnull=False, removed_by__isnull=False)
                    & ~Q(removed_reason="")
                ),
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="ledger_content_only_removed",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF OLD.text IS NULL OR NEW.text IS NOT NULL OR NEW.entry_id <> OLD.entry_id THEN
                  {refuse("ledger_content_only_removed", "content is removed once and never rewritten")}
                END IF;
                RETURN NEW;
                """,
            ),
            at_commit(
                "content_removal_is_in_the_log",
                """NEW.removed_at IS NOT NULL AND NOT EXISTS (
                    SELECT FROM publication_ledgerentry e JOIN publication_correction c USING (publication_id)
                    WHERE e.id = NEW.entry_id AND c.action IN ('withdraw', 'remove')
                )""",
                "content the law removes stands in the log with the reason",
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return str(self.entry)


class PublicFileQuerySet(models.QuerySet):
    def public(self):
        """Files whose publication stands and whose version has not been removed by law."""
        return self.filter(entry__publication__withdrawn_at=None, entry__content__removed_at=None)

    def of_current_versions(self, publications):
        """The files that go with the version now shown, for many publications at once."""
        return self.filter(
            entry__publication__in=publications, entry__version=F("entry__publication__version")
        ).select_related("file", "entry")


class PublicFile(models.Model):
    """公开附件：某一版附带的文件在公开期间的地址。"""

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    token = models.CharField("地址", max_length=32, unique=True)

    objects = PublicFileQuerySet.as_manager()

    class Meta:
        verbose_name = "公开附件"
        ordering = ["id"]
        triggers = append_only()

    def __str__(self):
        return self.file.name

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def size(self) -> int:
        return self.file.size

    @property
    def sha256(self) -> str:
        return self.file.sha256

    @property
    def url(self) -> str:
        return reverse("public_file", args=[self.token])


class CorrectionQuerySet(models.QuerySet):
    def public(self):
        """All of it: the log of corrections and withdrawals is public by nature."""
        return self.all()

    def with_names(self):
        """With the unit's name and `is_removed`: whether the law had the contents removed."""
        removed = LedgerContent.objects.filter(
            entry__publication=OuterRef("publication"), removed_at__isnull=False
        )
        return self.select_related("publication__organisation").annotate(is_removed=Exists(removed))

    def below(self, organisation):
        """What `organisation` and the units under it have corrected or taken down."""
        return self.filter(publication__organisation__path__startswith=organisation.path)

    def since(self, moment):
        return self.filter(at__gte=moment)

    def withdrawals(self):
        return self.filter(action=Action.WITHDRAW)

    def figures(self):
        """How many changes and how many withdrawals: one query."""
        return self.order_by().aggregate(
            amended=Count("pk", filter=Q(action=Action.AMEND)),
            withdrawn=Count("pk", filter=Q(action=Action.WITHDRAW)),
        )

    def counted_by_month(self):
        """Rows of (month, action, number), newest month first."""
        return (
            self.order_by()
            .values("action", month=TruncMonth("at"))
            .annotate(number=Count("pk"))
            .order_by("-month", "action")
        )


class Correction(models.Model):
    """更正与撤下记录：公开后改了什么、撤了什么、为什么、谁批准。"""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="corrections")
    action = models.CharField("动作", max_length=10, choices=Action.choices)
    reference = models.CharField("编号", max_length=60)
    version = models.PositiveIntegerField("版本")
    reason = models.CharField("理由", max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间", db_index=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = "更正与撤下"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="correction_four_eyes", condition=~Q(asked_by=F("approved_by"))),
            models.CheckConstraint(name="correction_has_a_reason", condition=~Q(reason="")),
        ]
        triggers = append_only()

    def __str__(self):
        return f"{self.get_action_display()} {self.reference}"
