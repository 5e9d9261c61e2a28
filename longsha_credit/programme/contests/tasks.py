"""What the beat calls for: contests that are over call nobody any more."""

from celery import shared_task
from django.utils import timezone

from longsha_credit.programme.contests import clocks


@shared_task
def end_contest_calls():
    return clocks.end_those_over(now=timezone.now())
