"""Small upkeep the beat calls for: proof of life, sessions past their end, files of nobody, rows of old imports."""

from celery import shared_task
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from commitments.handover.services import refresh_all
from longsha_credit.audit import marks
from longsha_credit.exchange.imports import services as imports
from longsha_credit.files.services import sweep_orphans

SEEN = "worker_seen_at"


@shared_task
def heartbeat():
    """Beat reached a worker: the state page reads when that last happened."""
    cache.set(SEEN, timezone.now().isoformat(), timeout=3600)


@shared_task
def sweep_files():
    """Bytes of uploads whose row was never saved, older than a day."""
    return sweep_orphans()


@shared_task
def clear_sessions():
    call_command("clearsessions")


@shared_task
def refresh_handovers():
    """What came up and what ended since yesterday in the handovers that go on."""
    return refresh_all(today=timezone.localdate())


@shared_task
def empty_imports():
    """What was read of a file brought in goes two weeks after its last work; the file stays with the unit."""
    return imports.empty_old(now=timezone.now())


@shared_task
def fold_marks():
    """One row for each table whose changes are noted, in the place of one for each change."""
    return marks.fold()
