"""The library of integrity education: a material and its editions, public through the gate or for officials only."""

import pghistory
from django.db import models
from django.db.models import Q

from longsha_credit.audit.triggers import fixed, never_deleted
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet, within
from longsha_credit.programme.models.education import (
    SHOWN,
    Audience,
    Edition,
    EditionQuerySet,
    Theme,
    audiences_field,
    edition_rules,
    edition_triggers,
    person,
)

BODY = 20_000  # characters of a text to learn from
MATERIAL_TEXT = ("title", "theme", "audiences", "summary", "body", "source")
STANDING = [*SHOWN, "internal"]


class MaterialState(models.TextChoices):
    """公开的资料走公开审查；只给公职人员看的由另一个人对内发布。"""

    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "审查中"
    PUBLISHED = "published", "公开中"
    OFFERED = "offered", "待对内发布"
    INTERNAL = "internal", "内部学习"
    WITHDRAWING = "withdrawing", "申请撤下"
    REPLACED = "replaced", "已由新版代替"
    RETIRED = "retired", "已停用"
    ENDED = "ended", "已撤下"
    DISCARDED = "discarded", "已作废"


class MaterialQuerySet(ScopedQuerySet):
    def with_names(self):
        return self.select_related("organisation", "created_by")


@pghistory.track()
class Material(models.Model):
    """学习资料：一份资料一个编号，改动是新的一版。"""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位"
    )
    code = models.CharField("资料编号", max_length=24, unique=True, editable=False)
    created_by = person("经办人")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = "学习资料"
        verbose_name_plural = verbose_name
        ordering = ["-id"]
        triggers = [
            fixed("material_keeps_what_it_is", "organisation_id", "code", "created_by_id"),
            *never_deleted(),
        ]

    def __str__(self):
        return self.code


class MaterialEditionQuerySet(EditionQuerySet):
    def visible_to(self, user):
        """Editions of the user's own units; of those above, what is there to be read."""
        above = {
            f"/{'/'.join(parts[:number])}/"
            for path in user.paths_for(None)
            for parts in [path.strip("/").split("/")]
            for number in range(1, len(parts) + 1)
        }
        to_read = Q(state__in=STANDING, organisation__path__in=sorted(above))
        return self.filter(within(user, self.seen_by, self.path_lookup) | to_read)

    def standing(self):
        return self.filter(state__in=STANDING)

    def with_names(self):
        return self.select_related("organisation", "material__organisation", "publication", "created_by")


@pghistory.track()
class MaterialEdition(Edition):
    """资料的一版：标题、主题、对象、摘要、正文和附件。"""

    material = models.ForeignKey(
        Material, on_delete=models.PROTECT, related_name="editions", verbose_name="资料"
    )
    title = models.CharField("标题", max_length=80)
    theme = models.CharField("主题", max_length=12, choices=Theme.choices)
    audiences = audiences_field()
    summary = models.CharField("摘要", max_length=300)
    body = models.TextField("正文", max_length=BODY, blank=True, default="")
    source = models.CharField("来源", max_length=200)
    state = models.CharField(
        "状态", max_length=12, choices=MaterialState.choices, default=MaterialState.DRAFT
    )
    issued_by = person("对内发布人", null=True, editable=False)
    issued_on = models.DateField("对内发布日期", null=True, editable=False)

    objects = MaterialEditionQuerySet.as_manager()

    class Meta:
        verbose_name = "学习资料"
        verbose_name_plural = verbose_name
        ordering = ["-id"]
        constraints = [
            *edition_rules("material_edition", "material", ["draft", "in_review", "offered"], STANDING),
            models.CheckConstraint(
                name="material_is_for_somebody",
                condition=Q(audiences__len__gte=1) & Q(audiences__contained_by=Audience.values),
            ),
            models.CheckConstraint(
                name="internal_material_is_issued_by_another",
                condition=~Q(state__in=["internal", "retired"])
                | (
                    Q(issued_by__isnull=False, issued_on__isnull=False) & ~Q(issued_by=models.F("created_by"))
                ),
            ),
        ]
        triggers = edition_triggers("material_edition", "material_id", *MATERIAL_TEXT)

    def __str__(self):
        return self.title

    @property
    def audience_words(self) -> str:
        return "、".join(str(Audience(value).label) for value in self.audiences)

    @property
    def is_internal(self) -> bool:
        return self.state == MaterialState.INTERNAL
