"""import_divisions FILE：导入统计用区划名单（CSV 或 XLSX），可重复运行。"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.divisions import LEVELS, BadList, import_divisions
from longsha_credit.directory.models import Level


class Command(BaseCommand):
    help = "导入统计用区划名单（CSV 或 XLSX，两列：代码、名称）。有一行不对就整份不导入；可重复运行。"

    def add_arguments(self, parser):
        parser.add_argument("file", help="名单文件")
        parser.add_argument("--parent-name", default="", help="所属的区还没有时，给它的名称，例如 龙沙区")

    def handle(self, *, file, parent_name, **options):
        path = Path(file)
        try:
            data = path.read_bytes()
        except OSError as problem:
            raise CommandError(f"读不到文件 {file}，请核对路径和权限。") from problem
        try:
            result = import_divisions(data, path.name, parent_name=parent_name, today=timezone.localdate())
        except BadList as bad:
            heading = f"名单有 {len(bad.sentences)} 处不对，没有导入任何内容："
            raise CommandError("\n".join([heading, *bad.sentences])) from bad
        except Refused as refused:
            raise CommandError(f"没有导入任何内容：{refused}") from refused
        for level in LEVELS:
            label = Level(level).label
            self.stdout.write(f"{label}：{result.added[level]} 新增，{result.kept[level]} 已有")
        self.stdout.write(f"负责人岗：{result.posts} 新增")
        if result.apart:
            self.stdout.write(f"不参加创建（类似街道、社区的单位）：{'、'.join(result.apart)}")
        self.stdout.write(f"合计：{sum(result.added.values())} 新增，{sum(result.kept.values())} 已有")
