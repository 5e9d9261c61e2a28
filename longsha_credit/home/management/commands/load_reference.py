"""Loads the reference data that law and plan prescribe; running it again changes nothing."""

from django.core.management.base import BaseCommand
from django.db import transaction

from longsha_credit.publication.models import ServiceField
from longsha_credit.publication.reference import BASIS, SERVICE_FIELDS


class Command(BaseCommand):
    help = "载入参考数据（公共服务领域等），可重复运行"

    @transaction.atomic
    def handle(self, *args, **options):
        for order, (key, name) in enumerate(SERVICE_FIELDS, start=1):
            ServiceField.objects.update_or_create(
                key=key, defaults={"name": name, "order": order, "basis": BASIS}
            )
        self.stdout.write(f"参考数据已载入：公共服务领域 {len(SERVICE_FIELDS)} 个。")
