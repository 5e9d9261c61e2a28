"""The parts of an obligation, each with its own day: as they stand, and as an amendment proposes them."""

import pghistory
import pgtrigger
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from commitments.models.obligations import Obligation
from commitments.models.terms import Amendment
from longsha_credit.audit.triggers import at_commit, refuse
from longsha_credit.directory.scope import ScopedQuerySet


class PartState(models.TextChoices):
    """What is reported of a part; one nobody reported on has none, and that is not zero."""

    DONE = "done", "全部完成"
    PARTLY = "partly", "部分完成"


def _amount(label: str, **options) -> models.DecimalField:
    return models.DecimalField(
        label, max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)], **options
    )  # fmt: skip


class PartTerms(models.Model):
    """一个部分的内容；同一件事里序号不变，变更以后还是同一部分。"""

    number = models.PositiveSmallIntegerField("序号")
    title = models.CharField("部分名称", max_length=60)
    due_on = models.DateField("完成期限")
    target = _amount("数量")
    unit = models.CharField("计量单位", max_length=10, blank=True, default="")
    weight = _amount("权重")

    class Meta:
        abstract = True
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_is_named_and_measured",
                condition=~Q(title="")
                & Q(number__gte=1)
                & (Q(target=None, unit="") | (Q(target__isnull=False, target__gt=0) & ~Q(unit="")))
                & (Q(weight=None) | Q(weight__gt=0)),
            ),
        ]

    def __str__(self):
        return f"第{self.number}部分：{self.title}"


PART_FIELDS = ("number", "title", "due_on", "target", "unit", "weight")


class PartQuerySet(ScopedQuerySet):
    path_lookup = "obligation__organisation__path"

    def standing(self):
        """Without those that a change took away."""
        return self.filter(is_dropped=False)


@pghistory.track()
class Part(PartTerms):
    """部分：一件事分几步做，每一步有自己的期限。随内容一起审查，只随草稿或变更改动。"""

    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, related_name="parts", verbose_name="承诺"
    )
    version = models.PositiveIntegerField("所在版本", default=0, editable=False)
    is_dropped = models.BooleanField("已由变更取消", default=False, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta(PartTerms.Meta):
        verbose_name = "部分"
        constraints = [
            *PartTerms.Meta.constraints,
            models.UniqueConstraint(name="part_number_is_unique", fields=["obligation", "number"]),
        ]
        triggers = [
            # A version seals its parts: each carries the version it was set in, and a version is set once.
            pgtrigger.Trigger(
                name="parts_change_only_with_the_terms",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                declare=[("promise", "commitments_obligation%ROWTYPE")],
                func=f"""
                SELECT * INTO promise FROM commitments_obligation
                WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.obligation_id ELSE OLD.obligation_id END;
                IF TG_OP = 'DELETE' THEN
                  IF promise.state = 'draft' THEN RETURN OLD; END IF;
                ELSIF TG_OP = 'UPDATE' AND (NEW.obligation_id, NEW.number) <> (OLD.obligation_id, OLD.number) THEN
                  {refuse("parts_change_only_with_the_terms", "a part keeps its place")}
                ELSIF promise.state = 'draft' AND NEW.version = 0 THEN
                  RETURN NEW;
                ELSIF promise.state = 'in_force' AND NEW.version = promise.version
                      AND (TG_OP = 'INSERT' OR OLD.version < NEW.version) THEN
                  RETURN NEW;
                END IF;
                {refuse("parts_change_only_with_the_terms", "parts change with a draft or with a new version")}
                """,
            ),
            at_commit(
                "obligation_has_the_parts_it_counts",
                """(SELECT part_count FROM commitments_obligation WHERE id = NEW.obligation_id)
                   <> (SELECT count(*) FROM commitments_part WHERE obligation_id = NEW.obligation_id AND NOT is_dropped)""",
                "the terms say how many parts there are",
            ),
        ]


@pghistory.track()
class ProposedPart(PartTerms):
    """拟变更的部分：变更通过以后成为现行的部分，旧的留在公开账里。"""

    amendment = models.ForeignKey(
        Amendment, on_delete=models.PROTECT, related_name="parts", verbose_name="承诺变更"
    )

    objects = ScopedQuerySet.as_manager()

    class Meta(PartTerms.Meta):
        verbose_name = "拟变更的部分"
        constraints = [
            *PartTerms.Meta.constraints,
            models.UniqueConstraint(name="proposed_part_number_is_unique", fields=["amendment", "number"]),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="proposed_parts_change_only_as_draft",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=f"""
                IF (SELECT state FROM commitments_amendment
                    WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.amendment_id ELSE OLD.amendment_id END) <> 'draft'
                   OR (TG_OP = 'UPDATE' AND NEW.amendment_id <> OLD.amendment_id) THEN
                  {refuse("proposed_parts_change_only_as_draft", "the change is no draft any more")}
                END IF;
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NEW;
                """,
            ),
        ]
