"""Sends the reminders that are due, as the beat does every two minutes."""

import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from longsha_credit.deadlines.sending import send_due


class Command(BaseCommand):
    help = "发出到了日子还没有发出的提醒；可重复运行，同一条只发一次"

    def add_arguments(self, parser):
        parser.add_argument("--on", metavar="日期", help="按这一天计算，写成 2026-11-30；不写就是今天")

    def handle(self, *args, on=None, **options):
        self.stdout.write(f"提醒已发出：{send_due(today=_day(on))} 条。")


def _day(text):
    if not text:
        return timezone.localdate()
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"日期要写成 2026-11-30 这样，现在是“{text}”。") from None
