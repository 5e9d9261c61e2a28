"""An uploaded file: whose it is, what it is by content, and its checksum."""

import secrets

from django.conf import settings
from django.db import models

from longsha_credit.audit.triggers import fixed, never_deleted
from longsha_credit.directory.models import Organisation
from longsha_credit.directory.scope import ScopedQuerySet


def storage_name(instance: "StoredFile", filename: str) -> str:
    """A name that tells nothing: the original one stands in the row only."""
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token}"


class StoredFile(models.Model):
    """文件：私有存放，只经核对权限的页面读取；公开副本随公开内容存亡。"""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="所属单位"
    )
    purpose = models.CharField("用途", max_length=40)
    file = models.FileField("文件", upload_to=storage_name)
    name = models.CharField("文件名", max_length=150)
    size = models.PositiveIntegerField("大小")
    content_type = models.CharField("类型", max_length=100)
    sha256 = models.CharField("校验值", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )
    made_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="copies",
        verbose_name="打码前的原件",
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "文件"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="file_is_not_empty", condition=models.Q(size__gt=0)),
            models.CheckConstraint(
                name="file_has_a_checksum", condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="file_is_not_made_from_itself",
                condition=models.Q(made_from=None) | ~models.Q(made_from=models.F("id")),
            ),
        ]
        triggers = [
            fixed(
                "file_never_changes",
                *("file", "name", "size", "content_type", "sha256", "organisation_id", "made_from_id"),
            ),
            *never_deleted(),
        ]

    def __str__(self):
        return self.name
