"""What the beat calls for every night."""

from celery import shared_task
from django.utils import timezone

from records import services


@shared_task
def run_nightly():
    return services.run_nightly(today=timezone.localdate())
