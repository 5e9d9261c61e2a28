"""What a unit was called before."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from longsha_credit.audit.triggers import append_only
from longsha_credit.directory.models.organisations import Organisation
from longsha_credit.directory.scope import ScopedQuerySet


class FormerNameQuerySet(ScopedQuerySet):
    def public(self):
        """Of units with a public page."""
        units = Organisation.objects.public() | Organisation.objects.public(ended=True)
        return self.filter(organisation__in=units)

    def newest_first(self):
        return self.order_by("-until", "-id")


class FormerName(models.Model):
    """原名：某单位到某日为止叫什么，凭哪份文件更名。旧的公开版本、文书仍写当时的名称。只增不改。"""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="former_names", verbose_name="单位"
    )
    name = models.CharField("原名", max_length=120)
    until = models.DateField("更名日期")
    basis = models.CharField("更名依据", max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = FormerNameQuerySet.as_manager()

    class Meta:
        verbose_name = "原名"
        ordering = ["-until", "-id"]
        constraints = [models.CheckConstraint(name="former_name_has_its_document", condition=~Q(basis=""))]
        triggers = append_only()

    def __str__(self):
        return self.name
