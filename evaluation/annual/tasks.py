"""What the beat calls for every night."""

from celery import shared_task
from django.utils import timezone

from evaluation.annual import services


@shared_task
def end_defences():
    """A right that was not used is no duty that is late."""
    return services.end_defences(today=timezone.localdate())
