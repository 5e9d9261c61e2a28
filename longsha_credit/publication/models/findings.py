"""What the scanner found in a stored file, and why a reviewer lets a finding become public all the same."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from longsha_credit.audit.triggers import append_only, refuse
from longsha_credit.files.models import StoredFile
from longsha_credit.publication.models.reviews import Review


class FileScan(models.Model):
    """文件检查：一个文件由某一版检查程序读一次；只记打码以后的样子和位置，从不记原号码。"""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="scans", verbose_name="文件")
    version = models.PositiveSmallIntegerField("检查程序的版本")
    hits = models.JSONField("查出的个人信息")
    unread = models.JSONField("没有检查的内容")
    at = models.DateTimeField("检查时间", auto_now_add=True)

    class Meta:
        verbose_name = "文件检查"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="a_file_is_scanned_once_by_each_version", fields=["file", "version"])
        ]
        triggers = append_only()

    def __str__(self):
        return f"{self.file} 第{self.version}版检查"


class Justification(models.Model):
    """说明：当时的审查人写明查出的一处为什么可以公开，或看不了的附件由他看过。只增不改。"""

    review = models.ForeignKey(
        Review, on_delete=models.PROTECT, related_name="justifications", verbose_name="审查"
    )
    key = models.CharField("第几处", max_length=10)
    reason = models.CharField("说明", max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="审查人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "公开说明"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="one_justification_per_finding", fields=["review", "key"]),
            models.CheckConstraint(name="justification_has_a_reason", condition=~Q(reason="")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="justified_while_open",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF NOT EXISTS (
                  SELECT FROM publication_review r, jsonb_array_elements(r.findings) f
                  WHERE r.id = NEW.review_id AND f->>'key' = NEW.key
                    AND r.state IN ('first', 'second', 'secrecy', 'single')
                ) THEN
                  {refuse("justified_while_open", "only what an open review found is justified")}
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="justified_by_another",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=f"""
                IF EXISTS (
                  SELECT FROM publication_review r
                  WHERE r.id = NEW.review_id AND (NEW.by_id IN (r.author_id, r.submitted_by_id) OR EXISTS (
                    SELECT FROM audit_entry e
                    WHERE e.object_kind = r.kind AND e.object_id = r.object_id::text
                      AND e.step = 'draft' AND e.actor_id = NEW.by_id
                  ))
                ) THEN
                  {refuse("justified_by_another", "whoever wrote or filed it does not justify it")}
                END IF;
                RETURN NEW;
                """,
            ),
            *append_only(),
        ]

    def __str__(self):
        return self.reason
