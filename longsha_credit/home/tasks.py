"""Small upkeep the beat calls for: proof of life, and sessions past their end."""

from celery import shared_task
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

SEEN = "worker_seen_at"


@shared_task
def heartbeat():
    """Beat reached a worker: the state page reads when that last happened."""
    cache.set(SEEN, timezone.now().isoformat(), timeout=3600)


@shared_task
def clear_sessions():
    call_command("clearsessions")
