"""Takes the facts of a year and computes every unit's points, here or by the workers."""

import datetime
import uuid

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from evaluation import facts, running
from evaluation.models import Purpose
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import User
from longsha_credit.directory.roles import Role
from longsha_credit.exchange.models import JobState
from longsha_credit.programme.models import Year


class Command(BaseCommand):
    help = "年度测算：给某年度取数，再按启用的指标给每个单位计分。分段做，中断后再运行接着做"

    def add_arguments(self, parser):
        parser.add_argument("year", type=int, help="年度，四位")
        parser.add_argument("--purpose", choices=Purpose.values, default=Purpose.TRIAL, help="用途，默认试算")
        parser.add_argument("--on", type=datetime.date.fromisoformat, help="取数日，默认今天")
        parser.add_argument("--parts", type=int, default=running.PARTS, help="计分分成几个任务，默认2")
        parser.add_argument("--by", help="以谁的名义，默认第一位区信用办管理员")
        parser.add_argument("--queue", action="store_true", help="只排队，由后台任务去做")

    def handle(self, *args, year, purpose, on, parts, by, queue, **options):
        found = Year.objects.filter(number=year).select_related("organisation").first()
        if found is None:
            raise CommandError(f"没有{year}年度的安排，请先在“年度安排”里建立。")
        try:
            snapshot, job = facts.begin(
                found,
                purpose,
                by=self._who(found, by),
                today=on or timezone.localdate(),
                key=uuid.uuid4().hex,
                parts=parts,
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        if queue:
            self.stdout.write(f"已排队：{job}。进度见“后台任务”。")
            return
        begun = timezone.now()
        for done in running.work_off(snapshot):
            self.stdout.write(f"{done}：{done.get_state_display()}。{''.join(done.lines)}{done.error}")
            if done.state != JobState.DONE:
                raise CommandError("没有做完，见上一行。")
        seconds = (timezone.now() - begun).total_seconds()
        self.stdout.write(f"{snapshot}：{snapshot.results.count()}个得分，用时{seconds:.1f}秒。")

    def _who(self, year, username):
        people = User.objects.filter(
            is_active=True, memberships__role=Role.OFFICE, memberships__ended_on=None
        )
        people = people.filter(memberships__organisation=year.organisation).order_by("id")
        person = people.filter(username=username).first() if username else people.first()
        if person is None:
            raise CommandError("没有这样的区信用办管理员，请用 --by 写明账号。")
        return person
