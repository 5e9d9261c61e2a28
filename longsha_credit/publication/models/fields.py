"""The plan's fourteen fields of public service."""

from django.db import models


class ServiceFieldQuerySet(models.QuerySet):
    def public(self):
        """All fourteen: they stand in the published plan."""
        return self.all()


class ServiceField(models.Model):
    """公共服务领域：试点方案二（四）列明的十四个领域。"""

    key = models.SlugField("标识", max_length=30, unique=True)
    name = models.CharField("名称", max_length=20, unique=True)
    order = models.PositiveSmallIntegerField("次序")
    basis = models.CharField("依据", max_length=200)

    objects = ServiceFieldQuerySet.as_manager()

    class Meta:
        verbose_name = "公共服务领域"
        ordering = ["order"]

    def __str__(self):
        return self.name
