"""A notice: what an office publishes under a topic, from a Word file or the editor to the public page."""

import pghistory
from django.db import models
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, When

from disclosure.models.disclosed import Disclosed, Revision, RevisionState, rules_of, rules_of_revision
from disclosure.models.topics import Topic
from longsha_credit.deadlines.joining import Clocks
from longsha_credit.directory.scope import ScopedQuerySet
from longsha_credit.files.models import StoredFile
from longsha_credit.publication import words as index_words
from longsha_credit.publication.models import PublishableQuerySet
from longsha_credit.publication.models.index import IndexQuery

LONGEST_BODY = 200_000


class NoticeKind(models.TextChoices):
    """公开内容的文种。"""

    INFORMATION = "information", "公开信息"
    PUBLICITY = "publicity", "公示"
    ANNOUNCEMENT = "announcement", "公告"
    CIRCULAR = "circular", "通报"
    POWER = "power", "权责清单条目"
    NORMATIVE = "normative", "规范性文件"
    CASE = "case", "典型案例"


class PowerKind(models.TextChoices):
    """权责事项的类别。"""

    LICENCE = "licence", "行政许可"
    PENALTY = "penalty", "行政处罚"
    COERCION = "coercion", "行政强制"
    INSPECTION = "inspection", "行政检查"
    CONFIRMATION = "confirmation", "行政确认"
    PAYMENT = "payment", "行政给付"
    REWARD = "reward", "行政奖励"
    ADJUDICATION = "adjudication", "行政裁决"
    SERVICE = "service", "公共服务"
    OTHER = "other", "其他权力"


# Kinds that may name a time in which objections are heard; a 公示 has to.
MAY_HEAR = [NoticeKind.PUBLICITY, NoticeKind.CIRCULAR]
HEARING = ("hearing_from", "hearing_until", "hearing_channel")


class NoticeText(models.Model):
    """正文和目录要素：一份公开内容的每一个可以改的栏目。"""

    kind = models.CharField("文种", max_length=12, choices=NoticeKind.choices)
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name="公开事项"
    )
    title = models.CharField("标题", max_length=100)
    document_number = models.CharField("文号", max_length=60, blank=True, default="")
    formed_on = models.DateField("形成或变更日期")
    summary = models.CharField("内容概述", max_length=200, blank=True, default="")
    body = models.TextField("正文", max_length=LONGEST_BODY)
    valid_from = models.DateField("施行日期", null=True, blank=True)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    supersedes = models.ForeignKey(
        "disclosure.Notice",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)s_successors",
        verbose_name="取代哪一份",
    )
    basis = models.CharField("依据", max_length=300, blank=True, default="")
    hearing_from = models.DateField("公示开始", null=True, blank=True)
    hearing_until = models.DateField("公示结束", null=True, blank=True)
    hearing_channel = models.CharField("异议方式", max_length=300, blank=True, default="")
    legal_review_number = models.CharField("合法性审查意见文号", max_length=60, blank=True, default="")
    legal_review_on = models.DateField("合法性审查日期", null=True, blank=True)
    power_kind = models.CharField(
        "权责类别", max_length=12, choices=PowerKind.choices, blank=True, default=""
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_publicity_hears_objections",
                condition=(
                    Q(kind__in=MAY_HEAR, hearing_from__isnull=False, hearing_until__gte=F("hearing_from"))
                    & ~Q(hearing_channel="")
                )
                | (~Q(kind="publicity") & Q(hearing_from=None, hearing_until=None, hearing_channel="")),
            ),
            models.CheckConstraint(
                name="%(class)s_normative_was_reviewed_for_law",
                condition=(
                    Q(kind="normative", legal_review_on__isnull=False)
                    & ~Q(legal_review_number="")
                    & ~Q(document_number="")
                )
                | (~Q(kind="normative") & Q(legal_review_on=None, legal_review_number="")),
            ),
            models.CheckConstraint(
                name="%(class)s_power_has_its_kind",
                condition=Q(kind="power", power_kind__in=PowerKind.values)
                | (~Q(kind="power") & Q(power_kind="")),
            ),
            models.CheckConstraint(
                name="%(class)s_is_valid_in_order",
                condition=Q(valid_until=None) | Q(valid_from=None) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(name="%(class)s_says_something", condition=~Q(body="") & ~Q(title="")),
        ]

    @property
    def hears(self) -> bool:
        """Whether a time for objections is named."""
        return self.hearing_from is not None


# Every field a notice consists of: a revision proposes them all, the door hashes them all.
TEXT = tuple(f.name for f in NoticeText._meta.fields)
TEXT_COLUMNS = tuple(f.column for f in NoticeText._meta.fields)


class NoticeQuerySet(PublishableQuerySet):
    def with_names(self):
        return self.select_related("organisation", "topic__service_field", "publication", "supersedes")

    def below(self, organisation):
        """What `organisation` and the units under it have published."""
        return self.filter(organisation__path__startswith=organisation.path)

    def with_standing(self):
        """Each row with `is_superseded`: whether a later notice that stands public takes its place."""
        later = self.model.objects.public().filter(supersedes=OuterRef("pk"))
        return self.annotate(is_superseded=Exists(later))

    def in_effect(self, today):
        """Public, not superseded by another and not past its validity."""
        later = self.model.objects.public().filter(supersedes=OuterRef("pk"))
        return self.public().filter(~Exists(later), Q(valid_until=None) | Q(valid_until__gte=today))

    def of_standing(self, name, today):
        """Public rows by how they stand: current, hearing, expired or replaced; asks for `with_standing`."""
        if name == "replaced":
            return self.filter(is_superseded=True)
        rows = self.filter(is_superseded=False)
        if name == "expired":
            return rows.filter(valid_until__lt=today)
        if name == "hearing":
            return rows.filter(hearing_from__lte=today, hearing_until__gte=today)
        return rows.exclude(valid_until__lt=today)

    def in_effect_first(self, today):
        """What stands first, then what is replaced or past its validity (`is_over`); asks for `with_standing`."""
        over = Q(is_superseded=True) | Q(valid_until__lt=today)
        is_over = Case(When(over, then=True), default=False, output_field=models.BooleanField())
        return self.annotate(is_over=is_over).order_by("is_over", "-publication__published_at", "-id")

    def matching(self, words):
        """Rows that have every word in what the search keeps of them: title, text, unit, number."""
        if not words:
            return self
        question = index_words.question(" ".join(words))
        return self.filter(publication__search=IndexQuery(question.every)) if question else self.none()

    def counted_by(self, column):
        """{value of the column: (how many, when the newest was first made public)}; one query."""
        counted = self.order_by().values_list(column).annotate(Count("pk"), Max("publication__published_at"))
        return {value: (number, newest) for value, number, newest in counted}

    def newest_first(self):
        return self.order_by("-publication__published_at", "-id")


@pghistory.track()
class Notice(Disclosed, NoticeText):
    """公开内容：某单位在某个公开事项下发布的一份信息、公示、公告、通报、文件或案例。"""

    source = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="Word 原件",
    )
    clocks = Clocks()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "公开内容"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organisation", "topic", "state"], name="notice_by_unit_and_topic"),
            models.Index(fields=["topic", "-id"], name="notice_by_topic"),
        ]
        constraints = [
            *Disclosed.Meta.constraints,
            *NoticeText.Meta.constraints,
            models.CheckConstraint(
                name="notice_does_not_supersede_itself",
                condition=Q(supersedes=None) | ~Q(supersedes=F("pk")),
            ),
        ]
        triggers = rules_of("notice", TEXT_COLUMNS)

    def __str__(self):
        return self.title

    def standing(self, today):
        """(state, words) for the public; asks for `is_superseded` of `with_standing`."""
        if getattr(self, "is_superseded", False):
            return "replaced", "已被新文件取代"
        if self.valid_until and self.valid_until < today:
            return "expired", "已失效"
        if self.hears and today < self.hearing_from:
            return "pending", "即将公示"
        if self.hears and today <= self.hearing_until:
            return "near", "公示期内，可以提异议"
        if self.hears:
            return "done", "公示期满"
        if self.valid_from and today < self.valid_from:
            return "pending", "尚未施行"
        return "active", "现行有效"


class NoticeRevisionQuerySet(ScopedQuerySet):
    def with_names(self):
        return self.select_related("organisation", "topic__service_field", "of__organisation", "supersedes")


@pghistory.track()
class NoticeRevision(Revision, NoticeText):
    """修订：一份公开内容的新一版，写明理由；通过之前旧版照常公开。"""

    of = models.ForeignKey(
        Notice, on_delete=models.PROTECT, related_name="revisions", verbose_name="公开内容"
    )

    objects = NoticeRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "公开内容修订"
        ordering = ["-id"]
        constraints = [
            *Revision.Meta.constraints,
            *NoticeText.Meta.constraints,
        ]
        triggers = rules_of_revision("notice_revision", TEXT_COLUMNS)

    def __str__(self):
        return f"修订：{self.of.title}"


OPEN_REVISIONS = [RevisionState.DRAFT, RevisionState.IN_REVIEW]
