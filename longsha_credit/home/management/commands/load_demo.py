"""Fills an empty portal with the fictional district, and multiplies it for measurements."""

from django.core.management.base import BaseCommand, CommandError

from longsha_credit.directory.models import Organisation
from longsha_credit.home import demo, demo_scale


class Command(BaseCommand):
    help = "向空的门户载入演示数据（虚构的示例区）；--scale 再成倍加上只用于测速的单位、记录和承诺"

    def add_arguments(self, parser):
        parser.add_argument(
            "--scale", type=int, default=0, help="再加多少个单位，最多 660000，每个单位 20 条记录"
        )

    def handle(self, *args, scale, **options):
        if not Organisation.objects.exists():
            numbers = demo.load()
            self.stdout.write(
                f"演示数据已载入：单位 {numbers['units']} 个，账号 {numbers['people']} 个，承诺 {numbers['promises']} 件。"
            )
        elif not scale or Organisation.objects.filter(is_demo=False).exists():
            raise CommandError("门户里已有单位，演示数据只能载入空的门户。")
        if scale:
            self._multiply(scale)

    def _multiply(self, scale):
        try:
            made = demo_scale.multiply(scale, say=self.stdout.write)
        except ValueError as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write("，".join(f"{table} {number:,} 行" for table, number in made.items()) + "。")
