"""Loads the reference data that law and plan prescribe; running it again changes nothing."""

from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils import timezone

from commitments import clocks
from disclosure.clocks import follow_catalogue
from disclosure.models import Topic
from disclosure.services import load_topics
from evaluation.services import load_sets
from longsha_credit.deadlines.models import Rule
from longsha_credit.deadlines.services import load_rules
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.programme.education.hours import load_minimums
from longsha_credit.programme.models import Year
from longsha_credit.programme.services import load_plan
from longsha_credit.programme.tasking.services import load_list
from longsha_credit.publication import door
from longsha_credit.publication.models import ServiceField
from longsha_credit.publication.reference import BASIS, SERVICE_FIELDS
from records.models import CatalogueItem
from records.services import load_catalogue


class Command(BaseCommand):
    help = "载入参考数据（公共服务领域等），可重复运行"

    @transaction.atomic
    def handle(self, *args, **options):
        for order, (key, name) in enumerate(SERVICE_FIELDS, start=1):
            ServiceField.objects.update_or_create(
                key=key, defaults={"name": name, "order": order, "basis": BASIS}
            )
        rules, items = load_rules(), load_catalogue()
        self.stdout.write(
            f"参考数据已载入：公共服务领域 {len(SERVICE_FIELDS)} 个，期限规则 {rules} 条，诚信记录清单 {items} 项。"
        )
        self.stdout.write(f"公开目录已载入：{load_topics()} 个公开事项。")
        self._load_plan()
        load_minimums()
        clocks.start_missing(today=timezone.localdate())
        follow_catalogue(today=timezone.localdate())
        door.index_missing()
        self._count()

    def _count(self):
        """The database looks at no table of under fifty rows by itself, and takes what it has not seen for one row."""
        with connection.cursor() as cursor:
            for model in (ServiceField, Rule, CatalogueItem, Topic):
                cursor.execute(f"ANALYZE {model._meta.db_table}")

    def _load_plan(self):
        """The plan's own year, once it is clear whose it is: the portal has exactly one district."""
        districts = list(Organisation.objects.in_force().filter(level=Level.DISTRICT)[:2])
        if len(districts) == 1:
            plan = load_plan(districts[0])
            self.stdout.write(f"年度安排已载入：{plan}，任务清单{load_list(plan)}项。")
            newest = Year.objects.filter(organisation=districts[0]).order_by("-number").first() or plan
            self.stdout.write(f"创建指标已载入：{load_sets(newest)}套，拟订中，核对后启用。")
