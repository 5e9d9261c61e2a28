"""What the beat calls for by day and night."""

from celery import shared_task
from django.utils import timezone

from disclosure import clocks


@shared_task
def follow_catalogue():
    """What units owe by the catalogue, with their clocks: units and topics come and go."""
    return clocks.follow_catalogue(today=timezone.localdate())
