"""The tree of organisations: district, street, community, window, post."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, NullIf

from longsha_credit.audit.triggers import fixed, never_deleted, refuse
from longsha_credit.directory.roles import SEES_ACCOUNTS, SEES_WORK
from longsha_credit.directory.scope import ScopedQuerySet, within


class Level(models.TextChoices):
    DISTRICT = "district", "区"
    STREET = "street", "街道"
    COMMUNITY = "community", "社区"
    WINDOW = "window", "窗口"
    POST = "post", "岗位"


def _place():
    own = NullIf(F("division_code"), Value(""))
    above = NullIf(F("parent__division_code"), Value(""))
    return Coalesce(own, above, F("parent__parent__division_code"), Value(""))


class OrganisationQuerySet(ScopedQuerySet):
    path_lookup = "path"
    seen_by = SEES_WORK | SEES_ACCOUNTS

    def in_force(self):
        return self.filter(valid_to=None)

    def taking_part(self):
        return self.in_force().filter(taking_part=True)

    def public(self, ended=False):
        """Units with a public page: posts have none, because a post is one person.

        `ended`: those that ended instead and whose work another one goes on with; their pages say which.
        """
        if ended:
            return self.filter(valid_to__isnull=False, successor__isnull=False, taking_part=True).units()
        return self.taking_part().exclude(level=Level.POST)

    def below(self, organisation):
        """`organisation` and everything under it."""
        return self.filter(path__startswith=organisation.path)

    def where(self, user, roles):
        """Those at or below which `user` holds one of `roles`."""
        return self.filter(within(user, roles, "path"))

    def units(self):
        return self.exclude(level=Level.POST)

    def posts(self):
        return (
            self.in_force()
            .filter(level=Level.POST)
            .select_related("parent")
            .order_by("parent__path", "-is_lead_post", "id")
        )

    def with_place(self):
        """`place`: the own code or, without one, that of the nearest above."""
        return self.annotate(place=_place())

    def in_tree_order(self):
        """Each unit after the one it stands under: by its own code or, without one, behind the nearest above."""
        return self.order_by(_place(), "path")

    def posts_of(self, organisation):
        """The posts directly under one unit, the lead post first."""
        return self.in_force().filter(level=Level.POST, parent=organisation).order_by("-is_lead_post", "id")


# The parent's level decides; the path is the parent's path and the own id, so that a prefix is a subtree.
PATH_FOLLOWS_PARENT = f"""
IF NEW.parent_id IS NULL THEN
  IF NEW.level <> 'district' THEN
    {refuse("organisation_fits_parent", "only a district stands without a parent")}
  END IF;
  NEW.path := '/' || NEW.id || '/';
ELSE
  SELECT level, path INTO parent_row FROM directory_organisation WHERE id = NEW.parent_id;
  IF NOT ((NEW.level, parent_row.level) IN (
      ('street', 'district'), ('community', 'street'),
      ('window', 'district'), ('window', 'street'), ('window', 'community'),
      ('post', 'district'), ('post', 'street'), ('post', 'community'), ('post', 'window'))) THEN
    {refuse("organisation_fits_parent", "this level cannot stand under that one")}
  END IF;
  NEW.path := parent_row.path || NEW.id || '/';
END IF;
RETURN NEW;
"""


# A unit stays where it is. Only one that ended may go under its successor, and with it what stood under it: so scope,
# roles and figures follow by the path alone, and the clocks run on.
MOVES_ONLY_INTO_ITS_SUCCESSOR = f"""
IF OLD.level IS DISTINCT FROM NEW.level
  OR (OLD.parent_id IS DISTINCT FROM NEW.parent_id
    AND NOT coalesce(NEW.valid_to IS NOT NULL AND NEW.successor_id = NEW.parent_id, FALSE)
    AND NOT EXISTS (SELECT FROM directory_organisation p
      WHERE p.id = OLD.parent_id AND p.valid_to IS NOT NULL AND p.successor_id = NEW.parent_id))
  OR (OLD.path IS DISTINCT FROM NEW.path AND NEW.path IS DISTINCT FROM
    (SELECT p.path FROM directory_organisation p WHERE p.id = NEW.parent_id) || NEW.id || '/') THEN
  {refuse("organisation_never_moves", "only into the unit that goes on for one that ended")}
END IF;
RETURN NEW;
"""

SUBTREE_MOVES_WHOLE = f"""
IF (OLD.path, OLD.parent_id) IS DISTINCT FROM (NEW.path, NEW.parent_id) AND EXISTS (
  SELECT FROM directory_organisation c LEFT JOIN directory_organisation p ON p.id = c.parent_id
  WHERE NEW.id IN (c.id, c.parent_id) AND c.path <> coalesce(p.path, '/') || c.id || '/') THEN
  {refuse("subtree_moves_whole", "what stands under a unit moves with it")}
END IF;
RETURN NULL;
"""

OLD_NAME_IS_KEPT = f"""
IF OLD.name <> NEW.name AND NOT EXISTS (
  SELECT FROM directory_formername f WHERE f.organisation_id = NEW.id AND f.name = OLD.name) THEN
  {refuse("renamed_unit_keeps_its_former_name", "a name that changes is kept with its document")}
END IF;
RETURN NULL;
"""


def _after_update(rule: str, func: str) -> pgtrigger.Trigger:
    """A rule looked at when the transaction ends."""
    return pgtrigger.Trigger(
        name=rule,
        operation=pgtrigger.Update,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        func=func,
    )


@pghistory.track()
class Organisation(models.Model):
    """单位：区、街道（镇、乡）、社区、窗口、岗位。更名、合并时旧行保留旧名，由继任单位接续。"""

    level = models.CharField("层级", max_length=12, choices=Level.choices)
    name = models.CharField("名称", max_length=120)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级单位",
    )
    path = models.CharField("路径", max_length=200, editable=False, default="")
    division_code = models.CharField("统计用区划代码", max_length=12, blank=True, default="")
    uscc = models.CharField("统一社会信用代码", max_length=18, blank=True, default="")
    supervision_phone = models.CharField("监督电话", max_length=30, blank=True, default="")
    address = models.CharField("地址", max_length=200, blank=True, default="")
    office_hours = models.CharField("办公时间", max_length=60, blank=True, default="")
    is_lead_post = models.BooleanField("负责人岗", default=False)
    taking_part = models.BooleanField("参加创建", default=True)
    is_demo = models.BooleanField("演示数据", default=False)
    valid_from = models.DateField("启用日期")
    valid_to = models.DateField("停用日期", null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name="继任单位",
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        ordering = ["division_code", "id"]
        indexes = [
            models.Index(fields=["path"], name="organisation_by_path", opclasses=["text_pattern_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="division_code_is_12_digits",
                condition=Q(division_code="") | Q(division_code__regex=r"^[0-9]{12}$"),
            ),
            models.CheckConstraint(
                name="division_code_for_areas_only",
                condition=~Q(level__in=["window", "post"]) | Q(division_code=""),
            ),
            models.UniqueConstraint(
                name="one_current_unit_per_division_code",
                fields=["division_code"],
                condition=Q(valid_to=None) & ~Q(division_code=""),
            ),
            models.UniqueConstraint(
                name="one_lead_post_per_unit",
                fields=["parent"],
                condition=Q(is_lead_post=True, valid_to=None),
            ),
            models.CheckConstraint(
                name="lead_post_is_a_post", condition=Q(is_lead_post=False) | Q(level="post")
            ),
            models.CheckConstraint(
                name="organisation_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="successor_follows_an_end",
                condition=Q(successor=None) | (Q(valid_to__isnull=False) & ~Q(successor=F("id"))),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="organisation_fits_parent",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=PATH_FOLLOWS_PARENT,
                declare=[("parent_row", "RECORD")],
            ),
            pgtrigger.Trigger(
                name="organisation_never_moves",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=MOVES_ONLY_INTO_ITS_SUCCESSOR,
            ),
            _after_update("subtree_moves_whole", SUBTREE_MOVES_WHOLE),
            _after_update("renamed_unit_keeps_its_former_name", OLD_NAME_IS_KEPT),
            fixed("unit_ends_once", "valid_to", "successor_id", unless="OLD.valid_to IS NULL"),
            *never_deleted(),
        ]

    def __str__(self):
        return self.name

    def district(self):
        """The district this unit stands in: the root of its path."""
        return Organisation.objects.get(pk=int(self.path.split("/")[1]))

    @property
    def organisation(self):
        """The unit an entry about this unit belongs to: itself."""
        return self
