"""What the beat calls for: reminders that are due, the day's mail, red slips at once, the groups' messages."""

from celery import shared_task
from django.utils import timezone

from longsha_credit.deadlines.chat import send_to_groups
from longsha_credit.deadlines.digests import send_digests
from longsha_credit.deadlines.sending import send_due


@shared_task
def send_reminders():
    return send_due(today=timezone.localdate())


@shared_task
def mail_digests():
    return send_digests()


@shared_task
def mail_red_slips():
    return send_digests(only_red=True)


@shared_task
def tell_groups():
    return send_to_groups(today=timezone.localdate())
