"""What the beat calls for: reminders that are due, and the day's mail."""

from celery import shared_task
from django.utils import timezone

from longsha_credit.deadlines.digests import send_digests
from longsha_credit.deadlines.sending import send_due


@shared_task
def send_reminders():
    return send_due(today=timezone.localdate())


@shared_task
def mail_digests():
    return send_digests()
