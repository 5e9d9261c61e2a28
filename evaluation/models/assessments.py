"""What a unit says of itself in an application, indicator by indicator, and with what evidence."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from evaluation.models.demonstrations import Application
from evaluation.models.sets import Indicator
from longsha_credit.audit.models import Entry
from longsha_credit.audit.triggers import fixed, never_deleted, refuse
from longsha_credit.files.models import StoredFile
from longsha_credit.publication.models import Publication


class UnderApplicationQuerySet(models.QuerySet):
    """Rows under an application, read by who reads it."""

    UNDER = "application"

    def visible_to(self, user):
        return self.filter(**{f"{self.model.UNDER}__in": Application.objects.visible_to(user)})

    def public(self):
        return self.none()


def while_drafted(find: str) -> str:
    """SQL that is true while the application, whose id `find` gives, is filled in by its unit."""
    return f"EXISTS (SELECT FROM evaluation_application a WHERE a.id = ({find}) AND a.state = 'draft')"


class SelfItemQuerySet(UnderApplicationQuerySet):
    def with_names(self):
        return self.select_related(
            "indicator__heading", "application__organisation", "application__cycle__organisation"
        )


class SelfItem(models.Model):
    """逐条自评：一条指标自己认为得多少分、凭什么。沿用上年的只有文字和佐证，分数从不沿用，确认以前不能提交。"""

    UNDER = "application"

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="items", verbose_name="申报"
    )
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+", verbose_name="指标")
    points = models.PositiveIntegerField("自评分", null=True)  # hundredths; None: not filled in yet
    text = models.TextField("说明", max_length=1000, blank=True, default="")
    carried = models.BooleanField("沿用上年，待确认", default=False)
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    objects = SelfItemQuerySet.as_manager()

    class Meta:
        verbose_name = "逐条自评"
        ordering = ["indicator__heading__number", "indicator__number"]
        constraints = [
            models.UniqueConstraint(name="one_self_item_per_indicator", fields=["application", "indicator"]),
            models.CheckConstraint(
                name="scores_are_never_carried_over", condition=Q(carried=False) | Q(points=None)
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="self_item_fits_its_indicator",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (SELECT FROM evaluation_indicator i JOIN evaluation_heading h ON h.id = i.heading_id
                    JOIN evaluation_cycle c ON c.set_id = h.set_id
                    JOIN evaluation_application a ON a.cycle_id = c.id
                    WHERE a.id = NEW.application_id AND i.id = NEW.indicator_id
                    AND coalesce(NEW.points, 0) <= i.points) THEN
                  {refuse("self_item_fits_its_indicator", "an indicator of the round, within its points")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed("self_item_keeps_its_place", "application_id", "indicator_id"),
            fixed(
                "submitted_self_assessment_stays", "points", "text", "carried",
                unless=while_drafted("OLD.application_id"),
            ),
            *never_deleted(),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.application}：{self.indicator}"


class SelfEvidence(models.Model):
    """自评佐证：从本单位已有的留痕、公开内容、文件里选一件，不重复上传。"""

    UNDER = "item__application"

    item = models.ForeignKey(SelfItem, on_delete=models.PROTECT, related_name="evidence", verbose_name="自评")
    entry = models.ForeignKey(
        Entry, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="留痕"
    )
    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="公开内容"
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="文件"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="选的人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    objects = UnderApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "自评佐证"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="self_evidence_is_one_thing",
                condition=Q(entry__isnull=False, publication=None, file=None)
                | Q(entry=None, publication__isnull=False, file=None)
                | Q(entry=None, publication=None, file__isnull=False),
            ),
            models.UniqueConstraint(
                name="self_evidence_is_picked_once",
                fields=["item", "entry", "publication", "file"],
                nulls_distinct=False,
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="submitted_evidence_stays",
                operation=pgtrigger.Insert | pgtrigger.Delete,
                when=pgtrigger.Before,
                declare=[("row_now", "RECORD")],
                func=f"""
                IF TG_OP = 'DELETE' THEN row_now := OLD; ELSE row_now := NEW; END IF;
                IF NOT {while_drafted("SELECT application_id FROM evaluation_selfitem WHERE id = row_now.item_id")} THEN
                  {refuse("submitted_evidence_stays", "what was submitted keeps its evidence")}
                END IF;
                RETURN row_now;
                """,
            ),
            pgtrigger.Trigger(
                name="self_evidence_is_of_the_unit",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (
                    SELECT FROM evaluation_selfitem s JOIN evaluation_application a ON a.id = s.application_id
                    JOIN directory_organisation o ON o.id = a.organisation_id
                    WHERE s.id = NEW.item_id
                    AND (NEW.entry_id IS NULL OR EXISTS (SELECT FROM audit_entry e
                         WHERE e.id = NEW.entry_id AND e.organisation_path = o.path))
                    AND (NEW.publication_id IS NULL OR EXISTS (SELECT FROM publication_publication p
                         WHERE p.id = NEW.publication_id AND p.organisation_id = o.id))
                    AND (NEW.file_id IS NULL OR EXISTS (SELECT FROM files_storedfile f
                         WHERE f.id = NEW.file_id AND f.organisation_id = o.id))) THEN
                  {refuse("self_evidence_is_of_the_unit", "what another unit did proves nothing")}
                END IF;
                RETURN NEW;
                """,
            ),
            fixed(
                "self_evidence_keeps_what_it_is",
                *("item_id", "entry_id", "publication_id", "file_id", "by_id", "at"),
            ),
        ]

    def __str__(self):
        return str(self.entry or self.publication or self.file)
