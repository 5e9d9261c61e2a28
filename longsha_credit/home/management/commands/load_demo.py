"""Fills an empty portal with the fictional district."""

from django.core.management.base import BaseCommand, CommandError

from longsha_credit.directory.models import Organisation
from longsha_credit.home import demo


class Command(BaseCommand):
    help = "向空的门户载入演示数据（虚构的示例区）"

    def handle(self, *args, **options):
        if Organisation.objects.exists():
            raise CommandError("门户里已有单位，演示数据只能载入空的门户。")
        numbers = demo.load()
        self.stdout.write(
            f"演示数据已载入：单位 {numbers['units']} 个，账号 {numbers['people']} 个，承诺 {numbers['promises']} 件。"
        )
