"""What the beat calls for: emptying what was read of files nobody is at any more."""

from celery import shared_task
from django.utils import timezone

from longsha_credit.exchange.imports import services


@shared_task(name="longsha_credit.exchange.empty_imports")
def empty_imports():
    """What was read of a file goes two weeks after its last work; the file stays with the unit."""
    return services.empty_old(now=timezone.now())
