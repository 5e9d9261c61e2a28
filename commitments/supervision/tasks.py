"""What the beat calls for every night."""

from celery import shared_task
from django.utils import timezone

from commitments.supervision import services


@shared_task
def close_unanswered():
    return services.close_unanswered(today=timezone.localdate())
