"""The catalogue of integrity records: what may be recorded at all, on what basis, who may read it and for how long."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from longsha_credit.audit.triggers import append_only
from longsha_credit.directory.roles import SEES_WORK, Role


class RecordKind(models.TextChoices):
    TRUST = "trust", "守信"
    BREACH = "breach", "失信"


class Dimension(models.TextChoices):
    LAWFUL = "lawful", "依法行政"
    OPEN = "open", "政务公开"
    DUTY = "duty", "履职尽责"
    WORD = "word", "守信践诺"


class Source(models.TextChoices):
    INTEGRITY = "integrity", "廉政记录"
    ANNUAL = "annual", "年度考核"
    EXCELLENCE = "excellence", "评优评先"
    HONOUR = "honour", "表彰奖励"
    JUDGMENT = "judgment", "司法判决"
    PENALTY = "penalty", "行政处罚"
    DISCIPLINE = "discipline", "纪律处分"
    COMPLAINT = "complaint", "核实的投诉举报"


TRUSTWORTHY = (Source.INTEGRITY, Source.ANNUAL, Source.EXCELLENCE, Source.HONOUR)


class SubjectKind(models.TextChoices):
    STREET = "street", "街道"
    COMMUNITY = "community", "社区"
    WINDOW = "window", "窗口"
    POST = "post", "岗位"
    OFFICIAL = "official", "公职人员"


# A record about one of these is about one person.
PERSONS = [SubjectKind.POST, SubjectKind.OFFICIAL]


class Disclosure(models.TextChoices):
    HANDLER = "handler", "承办人"
    OFFICE = "office", "信用办"
    INTERNAL = "internal", "机关内部"
    PUBLIC = "public", "社会公开"


class Severity(models.TextChoices):
    MINOR = "minor", "轻微"
    GENERAL = "general", "一般"
    SERIOUS = "serious", "严重"


class EffectRule(models.TextChoices):
    FIXED = "fixed", "就是这个期限"
    UP_TO = "up_to", "不超过这个期限"


class CatalogueQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The catalogue is the same for all who work with records."""
        return self if user.holds(*SEES_WORK, Role.OFFICIAL) else self.none()

    def public(self):
        """The items in use: rules, with nothing of any person in them."""
        return self.in_use()

    def newest(self):
        """The last version of each item, retired ones too."""
        return self.order_by("code", "-version").distinct("code")

    def in_use(self):
        """What may be filed now: the last version of each item that was not retired."""
        return self.filter(pk__in=self.model.objects.newest().values("pk"), is_retired=False).order_by("code")


class CatalogueItem(models.Model):
    """清单事项：什么可以记、依据哪一条、要什么证据、谁能看、记多久、能不能修复。改一项是新的一版，已有记录仍按旧版。"""

    code = models.CharField("事项编号", max_length=8)
    version = models.PositiveIntegerField("版本", default=1)
    title = models.CharField("事项", max_length=80)
    kind = models.CharField("守信或失信", max_length=8, choices=RecordKind.choices)
    dimension = models.CharField("方面", max_length=8, choices=Dimension.choices)
    source = models.CharField("来源", max_length=12, choices=Source.choices)
    subjects = ArrayField(
        models.CharField(max_length=10, choices=SubjectKind.choices), verbose_name="适用的主体"
    )
    basis = models.CharField("依据", max_length=300)
    evidence = models.CharField("需要的证据", max_length=300)
    disclosure = models.CharField("公开层级", max_length=10, choices=Disclosure.choices)
    severity = models.CharField("严重程度", max_length=8, choices=Severity.choices, blank=True)
    effect_rule = models.CharField("有效期", max_length=8, choices=EffectRule.choices)
    effect_months = models.PositiveSmallIntegerField("有效期月数", validators=[MinValueValidator(1)])
    effect_basis = models.CharField("有效期的依据", max_length=200)
    may_be_pending = models.BooleanField("决定可能还没有生效", default=False)
    repairable = models.BooleanField("可以修复", default=False)
    repair_min_months = models.PositiveSmallIntegerField("修复前最短月数", default=0)
    is_retired = models.BooleanField("已停用", default=False)
    change_reason = models.CharField("修改理由", max_length=300, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="修改人"
    )
    saved_at = models.DateTimeField("保存时间", auto_now_add=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = "清单事项"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                name="catalogue_item_has_one_row_per_version", fields=["code", "version"]
            ),
            models.CheckConstraint(
                name="catalogue_item_has_basis_and_evidence",
                condition=~Q(basis="") & ~Q(evidence="") & ~Q(effect_basis=""),
            ),
            models.CheckConstraint(
                name="catalogue_item_fits_its_kind",
                condition=Q(
                    kind="trust", source__in=TRUSTWORTHY, severity="", repairable=False, repair_min_months=0
                )
                | (Q(kind="breach", severity__in=Severity.values) & ~Q(source__in=TRUSTWORTHY)),
            ),
            models.CheckConstraint(
                name="records_on_persons_stay_internal",
                condition=~Q(subjects__overlap=PERSONS) | ~Q(disclosure=Disclosure.PUBLIC),
            ),
            models.CheckConstraint(
                name="repair_comes_before_the_effect_ends",
                condition=Q(effect_months__gte=1) & Q(repair_min_months__lte=F("effect_months")),
            ),
        ]
        triggers = append_only()

    def __str__(self):
        return f"{self.code} {self.title}"

    @property
    def subject_names(self) -> str:
        return "、".join(SubjectKind(kind).label for kind in self.subjects)

    @property
    def period(self) -> str:
        """How long a record of this item stands, as people say it."""
        return f"{'最长' if self.effect_rule == EffectRule.UP_TO else ''}{self.effect_months}个月"
