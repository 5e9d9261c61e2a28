"""What another platform's file said of a commitment, kept as it came beside the draft that was made of it."""

import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from commitments.models.obligations import Obligation, Verdict
from longsha_credit.audit.triggers import append_only

VERDICT = ("verdict", "unmet", "consequence", "verified_on", "verifier", "verifier_code")


class ReceivedQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(obligation__in=Obligation.objects.visible_to(user))


class Received(models.Model):
    """来件：由国家模板的文件做成的草稿，原来的编码、作出日期和各栏。只增不改。"""

    obligation = models.OneToOneField(
        Obligation, on_delete=models.PROTECT, related_name="received", verbose_name="承诺"
    )
    code = models.CharField("原承诺编码", max_length=20, db_index=True)
    made_on = models.DateField("原作出日期")
    verdict = models.CharField("原履行状态", max_length=8, choices=Verdict.choices, blank=True, default="")
    cells = models.JSONField("原来各栏", default=dict)  # what stood in the row, by the template's field names

    objects = ReceivedQuerySet.as_manager()

    class Meta:
        verbose_name = "来件"
        constraints = [
            models.CheckConstraint(
                name="received_code_is_20_digits", condition=Q(code__regex=r"^[0-9]{20}$")
            ),
        ]
        triggers = append_only()

    def __str__(self):
        return self.code

    def verdict_values(self) -> dict[str, Any]:
        """What the file said of the verdict, by the template's field names."""
        said = {name: self.cells.get(name) for name in VERDICT}
        if said["verified_on"]:
            said["verified_on"] = datetime.date.fromisoformat(said["verified_on"])
        return said
