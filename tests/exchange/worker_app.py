"""The portal's own worker and beat on a test's database, with its kind of work, and faster by the clock."""

import datetime
import os

from django.conf import settings

from longsha_credit.celery import app

settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]

import django  # noqa: E402 - the database is named before anything opens it

django.setup()

from longsha_credit.deadlines import chat  # noqa: E402
from longsha_credit.exchange import jobs  # noqa: E402
from tests.exchange import working  # noqa: E402, F401 - registers the kind

jobs.SILENCE = chat.SILENCE = datetime.timedelta(seconds=3)
EACH_SECOND = ("send-reminders", "mail-digests", "mail-red-slips", "tell-groups", "silent-jobs")
app.conf.beat_schedule = {
    name: {"task": settings.CELERY_BEAT_SCHEDULE[name]["task"], "schedule": 1.0} for name in EACH_SECOND
}
