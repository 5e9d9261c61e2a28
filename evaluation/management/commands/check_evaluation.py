"""Checks a year's facts and points again: points from the stored facts, facts from today's rows. Writes nothing but the job."""

import uuid

from django.core.management.base import BaseCommand, CommandError

from evaluation import rechecking
from evaluation.models import Purpose, Snapshot, SnapshotState
from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.models import User
from longsha_credit.directory.roles import Role
from longsha_credit.exchange import jobs


class Command(BaseCommand):
    help = "核对考评：用取数时记下的数重算得分，再按现在的明细重数每项指标，列出不同；已封存的年度也能核对"

    def add_arguments(self, parser):
        parser.add_argument("year", type=int, help="年度，四位")
        parser.add_argument(
            "--snapshot", type=int, help="哪一次取数（编号），默认这一年最近一次年度考评的取数"
        )

    def handle(self, *args, year, snapshot, **options):
        taken = Snapshot.objects.filter(year__number=year, state=SnapshotState.TAKEN).select_related(
            "year__organisation"
        )
        chosen = taken.filter(pk=snapshot) if snapshot else taken.filter(purpose=Purpose.ANNUAL)
        found = chosen.order_by("-id").first()
        if found is None:
            raise CommandError(f"{year}年度没有这样的取数，或者取数没有完成、已经作废。")
        person = self._who(found)
        try:
            job = rechecking.begin(found, by=person, key=uuid.uuid4().hex)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        while jobs.advance(job.pk):
            pass
        job.refresh_from_db()
        if job.error:
            raise CommandError(job.error)
        self._tell(found, job, rechecking.shown(job, person))

    def _who(self, snapshot):
        office = User.objects.filter(
            is_active=True, memberships__role=Role.OFFICE, memberships__ended_on=None,
            memberships__organisation=snapshot.organisation,
        )  # fmt: skip
        person = office.order_by("id").first()
        if person is None:
            raise CommandError("没有区信用办管理员的账号，不能核对。")
        return person

    def _tell(self, snapshot, job, found):
        self.stdout.write(str(snapshot))
        for line in job.lines:
            self.stdout.write(line)
        for row in found["results"]:
            where = "、".join(row["where"]) or "合计、加分或等级"
            self.stdout.write(f"得分\t{row['unit']}\t存下{row['stored']}\t重放{row['fresh']}\t{where}")
        for row in found["facts"]:
            noted = f"以后留痕{row['entries']}条" if row["entries"] else "以后没有留痕"
            self.stdout.write(
                f"指标\t{row['unit']}\t{row['title']}\t取数时{row['stored']}\t现在{row['fresh']}\t{noted}"
            )
        if found["capped"]:
            self.stdout.write(f"还有{found['capped']}处没有列出。")
