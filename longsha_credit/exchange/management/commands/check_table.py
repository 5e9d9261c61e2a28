"""Hold a file against a form of others, on the command line: every fault with its cell, nothing is brought in."""

import shutil
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from longsha_credit.exchange.checking import services
from longsha_credit.exchange.checking.registry import FORMS
from longsha_credit.exchange.tables.wrong import Unreadable


class Command(BaseCommand):
    help = "检查一个表格文件是否合于交换的模板，不导入。有不合的，以错误结束。"

    def add_arguments(self, parser):
        parser.add_argument("form", choices=sorted(FORMS), help="哪一种模板")
        parser.add_argument("file", type=Path)
        parser.add_argument("--out", type=Path, help="把标注好的表写到这个 xlsx 文件")

    def handle(self, form, file, out=None, **options):
        try:
            report = services.check(file, FORMS[form], file.name)
            if out:
                with services.marked(file, FORMS[form], file.name) as book, out.open("wb") as target:
                    shutil.copyfileobj(book, target)
        except (Unreadable, OSError) as problem:
            raise CommandError(str(problem)) from problem
        for address, cell in report.cells:
            fix = f"建议改成：{cell.fix}" if cell.fix else ""
            self.stdout.write(f"{address} {cell.label}：{cell.sentence}{fix}")
        for note in report.notes:
            self.stdout.write(note)
        said = f"共{report.rows}行，{report.whole}行合于模板，{report.faulty}行不合。"
        if report.faulty:
            raise CommandError(said)
        self.stdout.write(said)
