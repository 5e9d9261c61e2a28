"""Reminders through the real beat's task on a real Celery worker, with the real Redis emptied in between."""

import json
import subprocess
import sys

import pytest

from tests.browser.conftest import ROOT, running_portal

pytestmark = pytest.mark.prove

PLAN = """
import datetime
from django.utils import timezone
from longsha_credit.deadlines import services
from longsha_credit.deadlines.models import Reminder
from longsha_credit.directory.models import Official, Organisation
today = timezone.localdate()
before = today - datetime.timedelta(days=30)
unit = Organisation.objects.filter(level="street").first()
for n in range(300):
    thing = Official.objects.create(name=f"事{n}", staff_number=f"p{n}", organisation=unit)
    services.start(thing, "result_report", organisation=unit, title=f"第{n}件事", path="desk/", starts_on=before, today=before)
"""

# Tasks are queued, the queue is emptied under the worker's hands, and tasks are queued again, several at once.
QUEUE = """
import redis, time
from django.conf import settings
from longsha_credit.deadlines.tasks import send_reminders
for _ in range(5): send_reminders.delay()
redis.Redis.from_url(settings.REDIS_URL).flushall()
for _ in range(5): send_reminders.delay()
"""

COUNT = """
import json
from django.db.models import Count, Sum
from django.utils import timezone
from longsha_credit.deadlines.models import Notification, Reminder
due = Reminder.objects.filter(send_on__lte=timezone.localdate())
twice = Notification.objects.values("reminder", "user").annotate(n=Count("pk")).filter(n__gt=1).count()
print(json.dumps([due.count(), due.filter(sent_at=None).count(), due.aggregate(n=Sum("recipients"))["n"] or 0,
                  Notification.objects.count(), twice]))
"""


def run(script, env):
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", script],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return done.stdout


def test_a_worker_whose_queue_was_emptied_still_sends_every_reminder_once():
    with running_portal("--demo") as (_, env):
        run(PLAN, env)
        for _ in range(20):
            run(QUEUE, env)
            planned, waiting, recipients, told, twice = json.loads(run(COUNT, env))
            if not waiting:
                break
    assert planned >= 300
    assert (waiting, twice) == (0, 0)
    assert told == recipients > 0
