"""The queue: Celery on Redis, configured from Django's settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "longsha_credit.settings")

app = Celery("longsha_credit")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
