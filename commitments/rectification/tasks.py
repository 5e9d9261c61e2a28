"""What the beat calls for every night."""

from celery import shared_task
from django.utils import timezone

from commitments.rectification import services


@shared_task
def open_sweeps():
    """The sweeps of the quarter that ended last."""
    return services.open_sweeps(today=timezone.localdate())
