"""Measures, on temporary tables beside the real ones, how far the portal is from the barest SQL."""

from django.core.management.base import BaseCommand, CommandError

from longsha_credit.home import bench_rollup
from longsha_credit.home.benches import BENCHES


class Command(BaseCommand):
    help = "测量速度：rate 算兑现率，reminders 发提醒，search 检索，tasks 下达任务，只用临时表；rollup 在现有的行上取数，import 导入一份表格，写了撤回。都不动真实数据"

    def add_arguments(self, parser):
        parser.add_argument("name", nargs="?", choices=sorted(BENCHES), help="测哪一项；不写就全测")
        parser.add_argument("--rows", type=int, default=1_000_000, help="多少行，默认一百万")
        parser.add_argument("--rounds", type=int, default=5, help="测几轮，取中位数，默认五轮")

        parser.add_argument(
            "--scales",
            type=int,
            nargs="+",
            help="只配 rollup、只在演示数据上：逐级加到这么多个单位，各测一次",
        )

    def handle(self, *args, name=None, rows, rounds, scales, **options):
        if rows < 1 or rounds < 1:
            raise CommandError("--rows 和 --rounds 要大于 0。")
        if scales:
            self._growing(name, scales, rounds)
            return
        for key in [name] if name else sorted(BENCHES):
            self.stdout.write(f"== {key}")
            BENCHES[key](rows=rows, rounds=rounds, say=self.stdout.write)

    def _growing(self, name, scales, rounds):
        if name != "rollup":
            raise CommandError("--scales 只配 rollup。")
        try:
            bench_rollup.growing(scales, rounds=rounds, say=self.stdout.write)
        except ValueError as problem:
            raise CommandError(str(problem)) from None
