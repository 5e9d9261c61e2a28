"""Writes the search index of everything public anew."""

from django.core.management.base import BaseCommand

from longsha_credit.publication import door


class Command(BaseCommand):
    help = "重写全部公开内容的检索词。单位更名、检索规则更新以后运行；可重复运行，期间照常检索和公开。"

    def handle(self, *args, **options):
        self.stdout.write(f"已重写 {door.reindex()} 条公开内容的检索词。")
